// SPDX-License-Identifier: AGPL-3.0-or-later
// Identifiers of organisations: what a sound one of each scheme looks like. The shapes are those of
// the registers behind org-id.guide and of the 360Giving data quality checks; a value that misses
// its shape is flagged, never put right by us.
#include "base/base.h"
#include "partner/partner.h"
#include "web/words.h"

#include <ctype.h>

// A shape: '9' a digit, 'A' a capital letter, '*' either, anything else itself. Several are parted
// by spaces.
struct shape_of {
    const char *scheme, *shapes;
};

const struct org_scheme org_schemes[] = {
    {"GB-CHC", N_("Charity Commission for England and Wales"), N_("6 or 7 digits")},
    {"GB-COH", N_("Companies House"), N_("8 characters, such as 09506232 or IP28755R")},
    {"GB-LAE", N_("Local authorities of England"), N_("3 or 4 capital letters")},
    {"GB-EDU", N_("School register (URN)"), N_("6 digits")},
    {"GB-UKPRN", N_("Register of learning providers (UKPRN)"), N_("8 digits that begin with 1")},
    {"GB-NHS", N_("NHS organisation codes"), N_("3 to 6 capital letters and digits")},
    {"GB-SC", N_("Scottish Charity Register"), N_("SC and 6 digits")},
    {"GB-NIC", N_("Charity Commission for Northern Ireland"), N_("6 digits")},
    {"GB-LAS", N_("Local authorities of Scotland"), N_("3 or 4 capital letters")},
    {"GB-PLA", N_("Principal areas of Wales"), N_("3 or 4 capital letters")},
    {"GB-LANI", N_("Districts of Northern Ireland"), N_("3 or 4 capital letters")},
    {"GB-GOR", N_("Government organisations"), N_("1 to 3 capital letters, then digits")},
    {"GB-SHPE", N_("Social housing providers of England"), N_("4 to 6 capital letters and digits")},
    {"GB-REV", N_("HM Revenue and Customs: charities"),
     N_("1 or 2 capital letters and 4 or 5 digits")},
    {"GB-MPR", N_("Mutuals register"), N_("3 to 6 digits, with or without letters around them")},
};
const size_t org_schemes_n = countof(org_schemes);

static const struct shape_of shapes[] = {
    {"GB-CHC", "999999 9999999"},
    {"GB-COH", "99999999 AA999999 AA99999A A9999999"},
    {"GB-LAE", "AAA AAAA"},
    {"GB-EDU", "999999"},
    {"GB-UKPRN", "19999999"},
    {"GB-NHS", "*** **** ***** ******"},
    {"GB-SC", "SC999999"},
    {"GB-NIC", "999999"},
    {"GB-LAS", "AAA AAAA"},
    {"GB-PLA", "AAA AAAA"},
    {"GB-LANI", "AAA AAAA"},
    {"GB-GOR", "A9 A99 A999 A9999 AA9 AA99 AA999 AA9999 AAA99 AAA999 AAA9999"},
    {"GB-SHPE", "**** ***** ******"},
    {"GB-REV", "A9999 A99999 AA9999 AA99999"},
    {"GB-MPR", "999 9999 99999 999999 9999A 99999A AA999 AA9999 AA99999 AA999999 AA9999A AA99999A"},
};

static bool fits_one(str value, str shape)
{
    if (value.n != shape.n)
        return false;
    for (size_t i = 0; i < value.n; i++) {
        unsigned char c = (unsigned char)value.p[i];
        bool digit = c >= '0' && c <= '9', capital = c >= 'A' && c <= 'Z';
        bool ok = shape.p[i] == '9'   ? digit
                  : shape.p[i] == 'A' ? capital
                  : shape.p[i] == '*' ? digit || capital
                                      : shape.p[i] == (char)c;
        if (!ok)
            return false;
    }
    return true;
}

static bool fits(str value, const char *of)
{
    str rest = str_c(of), one;
    while (str_next(&rest, ' ', &one))
        if (fits_one(value, one))
            return true;
    return false;
}

static bool all_digits(str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    return s.n > 0;
}

static str with_zeros(struct arena *a, str digits, int width)
{
    return str_fmt(a, "%0*d%" PRIstr, width - (int)digits.n, 0, ARGstr(digits));
}

// What it may have been before a spreadsheet or a hurried hand had it; none when we cannot tell.
static str suggest(struct arena *a, str scheme, str value, const char *of)
{
    str up = str_upper(a, value);
    if (fits(up, of) && !str_eq(up, value))
        return up;
    bool company = str_eq(scheme, STR("GB-COH"));
    if (company && all_digits(up) && up.n >= 5 && up.n < 8)
        return with_zeros(a, up, 8);
    if (str_eq(scheme, STR("GB-SC")) && all_digits(up) && up.n >= 4 && up.n <= 6)
        return str_fmt(a, "SC%" PRIstr, ARGstr(up.n == 6 ? up : with_zeros(a, up, 6)));
    if (str_eq(scheme, STR("GB-NIC")) && str_starts(up, STR("NIC")) && up.n == 9)
        return fits(str_slice(up, 3, 9), of) ? str_slice(up, 3, 9) : STR_NONE;
    return STR_NONE;
}

static str without_spaces(struct arena *a, str s)
{
    char *p = arena_alloc(a, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        if ((unsigned char)s.p[i] == 0xC2 && i + 1 < s.n && (unsigned char)s.p[i + 1] == 0xA0)
            i++; // a no-break space
        else if (!isspace((unsigned char)s.p[i]))
            p[n++] = s.p[i];
    }
    return (str){p, n};
}

static const struct org_scheme *scheme_of(str id)
{
    for (size_t i = 0; i < org_schemes_n; i++)
        if (str_eq(str_c(org_schemes[i].id), id))
            return &org_schemes[i];
    return NULL;
}

static const char *shapes_of(str scheme)
{
    for (size_t i = 0; i < countof(shapes); i++)
        if (str_eq(str_c(shapes[i].scheme), scheme))
            return shapes[i].shapes;
    return "";
}

static bool says_none(str value)
{
    static const char *const words[] = {"", "NA", "N/A", "NONE", "UNKNOWN", "-", "TBC"};
    for (size_t i = 0; i < countof(words); i++)
        if (str_eq_nocase(value, str_c(words[i])))
            return true;
    return false;
}

struct org_id org_id_judge(struct arena *a, str scheme, str value)
{
    struct org_id x = {.scheme = without_spaces(a, scheme),
                       .value = without_spaces(a, value),
                       .why = STR_NONE,
                       .suggestion = STR_NONE};
    x.spaces = x.scheme.n != scheme.n || x.value.n != value.n;
    const struct org_scheme *s = scheme_of(x.scheme);
    const char *of = shapes_of(x.scheme);
    if (!s) {
        x.why = str_fmt(a, "We do not know the scheme “%" PRIstr "”.", ARGstr(x.scheme));
    } else if (says_none(x.value)) {
        x.why = STR("This says that there is no number.");
    } else if (fits(x.value, of)) {
        x.sound = true;
    } else {
        x.why = str_fmt(a, "A number in the register “%s” has %s.", s->title, s->rule);
        x.suggestion = suggest(a, x.scheme, x.value, of);
    }
    return x;
}

struct org_id org_id_read(struct arena *a, str text)
{
    str all = without_spaces(a, text);
    // The scheme ends at the second hyphen: GB-COH-the-windmill has the value "the-windmill".
    size_t first = str_find_byte(all, '-');
    size_t second = first < all.n ? str_find(all, STR("-"), first + 1) : all.n;
    struct org_id x = org_id_judge(a, str_slice(all, 0, second), str_slice(all, second + 1, all.n));
    x.spaces = all.n != text.n;
    return x;
}

str org_id_text(struct arena *a, str scheme, str value)
{
    return str_fmt(a, "%" PRIstr "-%" PRIstr, ARGstr(scheme), ARGstr(value));
}
