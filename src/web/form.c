// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "web/form.h"
#include "base/utf8.h"

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool url_decode(struct arena *a, str s, bool plus, str *ret)
{
    char *p = arena_alloc(a, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == '%') {
            int h = i + 2 < s.n ? hex(s.p[i + 1]) : -1;
            int l = h >= 0 ? hex(s.p[i + 2]) : -1;
            if (l < 0)
                return false;
            c = (char)(h * 16 + l);
            i += 2;
        } else if (c == '+' && plus) {
            c = ' ';
        }
        p[n++] = c;
    }
    *ret = (str){p, n};
    return true;
}

static err add(struct arena *a, struct form *f, str name, str value, str file_name)
{
    if (f->n == FORM_VALUES_MAX)
        return err_new(a, ERR_INVALID, "The form has more than %d fields.", FORM_VALUES_MAX);
    if (str_is_none(file_name) &&
        (!utf8_ok(value) || (value.n && memchr(value.p, 0, value.n)) || !utf8_ok(name)))
        return err_new(a, ERR_INVALID, "The form holds text that is not UTF-8.");
    f->value[f->n++] = (struct form_value){name, value, file_name};
    return NULL;
}

static void form_start(struct arena *a, struct form *f)
{
    *f = (struct form){.value = arena_new_array(a, FORM_VALUES_MAX, struct form_value)};
}

err form_parse_urlencoded(struct arena *a, str body, struct form *ret)
{
    form_start(a, ret);
    str rest = body.n ? body : STR_NONE, pair;
    while (str_next(&rest, '&', &pair)) {
        if (pair.n == 0)
            continue;
        size_t eq = str_find_byte(pair, '=');
        str name, value;
        if (!url_decode(a, str_slice(pair, 0, eq), true, &name) ||
            !url_decode(a, str_slice(pair, eq + 1, pair.n), true, &value))
            return err_new(a, ERR_INVALID, "The form holds a broken %% escape.");
        TRY(add(a, ret, name, value, STR_NONE));
    }
    return NULL;
}

// The value of `key` in a header such as: form-data; name="file"; filename="a.csv"
static str header_param(str h, str key)
{
    for (size_t i = str_find_byte(h, ';'); i < h.n;) {
        str rest = str_trim(str_slice(h, i + 1, h.n));
        size_t eq = str_find_byte(rest, '=');
        str name = str_trim(str_slice(rest, 0, eq));
        str value = str_slice(rest, eq + 1, rest.n);
        bool quoted = value.n && value.p[0] == '"';
        if (quoted)
            value = str_slice(value, 1, value.n);
        size_t end = str_find_byte(value, quoted ? '"' : ';');
        if (quoted && end == value.n)
            return STR_NONE; // never closed
        if (str_eq_nocase(name, key))
            return str_slice(value, 0, end);
        size_t used = (size_t)(value.p - h.p) + end;
        i = used + str_find_byte(str_slice(h, used, h.n), ';');
    }
    return STR_NONE;
}

// Headers of one part: finds name and file name.
static void part_headers(str head, str *ret_name, str *ret_file)
{
    str rest = head, line;
    *ret_name = *ret_file = STR_NONE;
    while (str_next(&rest, '\n', &line)) {
        line = str_trim(line);
        size_t colon = str_find_byte(line, ':');
        if (!str_eq_nocase(str_slice(line, 0, colon), STR("Content-Disposition")))
            continue;
        str value = str_slice(line, colon + 1, line.n);
        *ret_name = header_param(value, STR("name"));
        *ret_file = header_param(value, STR("filename"));
    }
}

err form_parse_multipart(struct arena *a, str body, str content_type, struct form *ret)
{
    form_start(a, ret);
    str boundary = header_param(content_type, STR("boundary"));
    if (boundary.n == 0 || boundary.n > 70)
        return err_new(a, ERR_INVALID, "The form came without a boundary between its parts.");
    str mark = str_fmt(a, "--%" PRIstr, ARGstr(boundary));
    str inner = str_fmt(a, "\r\n--%" PRIstr, ARGstr(boundary));
    if (!str_starts(body, mark))
        return err_new(a, ERR_INVALID, "The form does not begin with its boundary.");
    size_t at = mark.n;
    for (;;) {
        if (str_starts(str_slice(body, at, body.n), STR("--")))
            return NULL; // the last boundary
        if (!str_starts(str_slice(body, at, body.n), STR("\r\n")))
            return err_new(a, ERR_INVALID, "The form is cut off or badly made.");
        size_t head = at + 2, head_end = str_find(body, STR("\r\n\r\n"), head);
        if (head_end == body.n || head_end - head > 4096)
            return err_new(a, ERR_INVALID, "A part of the form has no proper heading.");
        size_t from = head_end + 4, to = str_find(body, inner, from);
        if (to == body.n)
            return err_new(a, ERR_INVALID, "The form is cut off: its last boundary is missing.");
        str name, file;
        part_headers(str_slice(body, head, head_end), &name, &file);
        if (str_is_none(name))
            return err_new(a, ERR_INVALID, "A part of the form has no name.");
        if (!str_is_none(file) && !utf8_ok(file))
            file = utf8_repair(a, file);
        TRY(add(a, ret, name, str_slice(body, from, to), file));
        at = to + inner.n;
    }
}

str form_get(const struct form *f, const char *name)
{
    str v;
    return form_nth(f, name, 0, &v) ? v : STR("");
}

bool form_has(const struct form *f, const char *name)
{
    str v;
    return form_nth(f, name, 0, &v);
}

bool form_nth(const struct form *f, const char *name, size_t n, str *ret)
{
    str key = str_c(name);
    for (size_t i = 0; i < f->n; i++)
        if (str_eq(f->value[i].name, key) && n-- == 0) {
            *ret = f->value[i].value;
            return true;
        }
    return false;
}

const struct form_value *form_file(const struct form *f, const char *name)
{
    for (size_t i = 0; i < f->n; i++)
        if (str_eq(f->value[i].name, str_c(name)) && !str_is_none(f->value[i].file_name))
            return &f->value[i];
    return NULL;
}

int64_t form_i64(const struct form *f, const char *name, int64_t otherwise)
{
    int64_t v;
    return str_to_i64(form_get(f, name), &v) ? v : otherwise;
}

date form_date(const struct form *f, const char *name)
{
    date d;
    return date_parse(form_get(f, name), &d) ? d : DATE_NONE;
}

str form_problem(const struct form *f, const char *name)
{
    for (size_t i = 0; i < f->n_problems; i++)
        if (strcmp(f->problem[i].name, name) == 0)
            return f->problem[i].message;
    return STR_NONE;
}

void form_refuse(struct form *f, const char *name, str message)
{
    if (f->n_problems < FORM_PROBLEMS_MAX)
        f->problem[f->n_problems++] = (struct form_problem){name, message};
}

static bool among(str value, const char *choices)
{
    str rest = str_c(choices), c;
    while (str_next(&rest, '|', &c))
        if (str_eq(c, value))
            return true;
    return false;
}

static size_t max_of(const struct field *d)
{
    if (d->max)
        return d->max;
    return d->rule == FIELD_LONG ? 4000 : 200;
}

static void check_value(struct arena *a, struct form *f, const struct field *d, str v)
{
    int64_t n;
    date day;
    if (v.n == 0) {
        if (d->needed)
            form_refuse(f, d->name, str_fmt(a, "Enter %s", d->label));
        return;
    }
    if (d->rule != FIELD_FILE && v.n > max_of(d)) {
        form_refuse(f, d->name,
                    str_fmt(a, "This is too long: use at most %zu characters", max_of(d)));
        return;
    }
    switch (d->rule) {
    case FIELD_NUMBER:
        if (!str_to_i64(v, &n))
            form_refuse(f, d->name, STR("Enter a whole number, such as 12"));
        break;
    case FIELD_DATE:
        if (!date_parse(v, &day))
            form_refuse(f, d->name, STR("Enter a real date, such as 2026-03-27"));
        break;
    case FIELD_CHOICE:
        if (!among(v, d->choices))
            form_refuse(f, d->name, str_fmt(a, "Choose %s from the list", d->label));
        break;
    case FIELD_PASSWORD:
        if (utf8_count(v) < d->min)
            form_refuse(f, d->name, str_fmt(a, "Use at least %zu characters", d->min));
        break;
    case FIELD_TEXT:
    case FIELD_LONG:
    case FIELD_POSTCODE:
        if (text_has_control(v) || (d->rule != FIELD_LONG && memchr(v.p, '\n', v.n)))
            form_refuse(f, d->name, STR("This holds characters that cannot be read"));
        break;
    case FIELD_CHECK:
    case FIELD_FILE: break;
    }
}

void form_check(struct arena *a, struct form *f, const struct field *fields)
{
    size_t kept = 0;
    for (size_t i = 0; i < f->n; i++) { // keep what is declared; a second value only if it may be
        const struct field *d = fields;
        while (d && d->name && !str_eq(str_c(d->name), f->value[i].name))
            d++;
        if (!d || !d->name)
            continue;
        bool again = false;
        for (size_t k = 0; k < kept; k++)
            again = again || str_eq(f->value[k].name, f->value[i].name);
        if (again && !d->many)
            continue;
        struct form_value v = f->value[i];
        if (d->rule != FIELD_PASSWORD && d->rule != FIELD_FILE)
            v.value = str_trim(v.value);
        f->value[kept++] = v;
    }
    f->n = kept;
    for (const struct field *d = fields; d && d->name; d++) {
        str v;
        if (!form_nth(f, d->name, 0, &v)) {
            if (d->needed)
                form_refuse(f, d->name, str_fmt(a, "Enter %s", d->label));
            continue;
        }
        for (size_t k = 0; form_nth(f, d->name, k, &v); k++)
            check_value(a, f, d, v);
    }
}

str cookie_find(str header, str name)
{
    str found = STR_NONE, rest = header, pair;
    while (str_next(&rest, ';', &pair)) {
        pair = str_trim(pair);
        size_t eq = str_find_byte(pair, '=');
        if (eq == pair.n || !str_eq(str_slice(pair, 0, eq), name))
            continue;
        if (!str_is_none(found))
            return STR_NONE; // somebody planted a second one
        found = str_slice(pair, eq + 1, pair.n);
    }
    return found;
}
