// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "store/command.h"

#include <stdarg.h>

static const char misuse_mark[] = "wrong use";

str cli_option(const struct cli *c, const char *name)
{
    for (int i = c->n_given - 1; i >= 0; i--) // the last one wins
        if (strcmp(c->given[i].option->name, name) == 0)
            return c->given[i].value;
    return STR_NONE;
}

bool cli_flag(const struct cli *c, const char *name)
{
    return !str_is_none(cli_option(c, name));
}

err cli_format(struct cli *c, const char *allowed, str *ret)
{
    str want = cli_option(c, "--format"), rest = str_c(allowed), one;
    *ret = str_is_none(want) ? STR("text") : want;
    while (str_next(&rest, '|', &one))
        if (str_eq(one, *ret))
            return NULL;
    return cli_misuse(c, "--format takes one of %s here.", allowed);
}

err cli_misuse(struct cli *c, const char *fmt, ...)
{
    char text[500];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    err cause = err_new(c->a, ERR_INVALID, "%s", text);
    return err_while(c->a, cause, "%s", misuse_mark);
}

bool err_is_misuse(err e)
{
    return e->cause && str_eq(e->sentence, str_c(misuse_mark));
}
