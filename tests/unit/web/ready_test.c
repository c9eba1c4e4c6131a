// SPDX-License-Identifier: AGPL-3.0-or-later
// Who gets a page and who gets plain text when a request is turned away.
#include "base/base.h"
#include "web/ready.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static void browsers_get_a_page(void **state)
{
    UNUSED(state);
    assert_true(html_accepted(STR("text/html,application/xhtml+xml,application/xml;q=0.9,*/*")));
    assert_true(html_accepted(STR("application/json, Text/HTML ;q=0.8")));
    assert_true(html_accepted(STR("text/*")));
    assert_true(html_accepted(STR("*/*")));
    assert_true(html_accepted(STR_NONE)); // it takes whatever comes
}

static void programs_get_text(void **state)
{
    UNUSED(state);
    assert_false(html_accepted(STR("application/json")));
    assert_false(html_accepted(STR("text/plain")));
    assert_false(html_accepted(STR("text/htmlx, image/*")));
    assert_false(html_accepted(STR("")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(browsers_get_a_page),
        cmocka_unit_test(programs_get_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
