// SPDX-License-Identifier: AGPL-3.0-or-later
// The HTML reader of tmplc: where in the page are we, and what is open there?
//
// It reads a template byte by byte, just far enough to know for every hole which function of
// web/page.h has to print it, and to see what would shut people out: a field without a label, a
// picture without its text, an empty link, a skipped heading, a POST form without its token. What
// it does not like ends the run with the file, the line and one sentence: fault().
//
// In order of reading: struct state (what is known at a point of the text), struct tmplc (the
// run), small tools, what is told about a tag, the reader itself (byte()), and which places take a
// hole (check_place(), printer()).
//
// Included once, by tmplc.c; nothing here is for anybody else.
#ifndef TOOLS_TMPLC_HTML_H
#define TOOLS_TMPLC_HTML_H

#include <ctype.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct slice {
    const char *p;
    size_t n;
};

struct text { // grows
    char *p;
    size_t n, cap;
};

enum where {
    OUTSIDE, // of every define
    TEXT,
    ONLY_TEXT, // <title>, <textarea>: text in which no tag can stand
    RAW,       // <script>, <style>
    COMMENT,
    DECLARATION, // <!doctype …>, <?xml …>
    GAP,         // in a tag, and white space has to come before an attribute
    TAG,         // in a tag, an attribute may begin
    QUOTED,      // in the value of an attribute: "…"
    SINGLE,      // '…'
    BARE,        // neither
    CLOSING,     // in </name …>
};

enum form { NO_FORM, READING_FORM, POST_FORM };

// What is known at a point of the text. Copied when branches begin, joined when they end.
struct state {
    enum where at;
    bool address;        // in QUOTED: the value is an address
    bool address_safe;   // its beginning is settled: what follows cannot change where it leads
    char beginning[128]; // until then: what it begins with, WHOLE_URL standing for a url
    size_t n_beginning;
    enum form form;
    int form_line;
    bool token;   // the form has its {{token}} or {{no-token}}
    int label;    // open <label>s
    int svg;      // open <svg>s
    char control; // 'a' or 'b': in a link or a button
    int control_line, control_svg;
    bool named;  // … and something was found in it that can be read out
    int heading; // level of the last one, 0 before the first
};

struct attr {
    struct slice name, value; // the value as the template has it, holes and all
};

struct field { // waits for its label until the define ends
    struct slice id;
    int line;
};

enum kind { DEFINE, IF, FOR };

struct block {
    enum kind kind;
    int line;
    struct state start, after;
    bool has_after, has_else;
};

enum { WHOLE_URL = 1 }; // a byte that no template holds

enum { BLOCKS_MAX = 64, ATTRS_MAX = 64, FIELDS_MAX = 512, ARGS_MAX = 9, LINE_WIDTH = 84 };

struct tmplc {
    const char *path;
    const char *p, *end; // what is left to read
    int line;
    struct text source, includes, prototypes, body, literal;
    struct state now;
    struct block block[BLOCKS_MAX];
    size_t n_block;
    struct slice tag; // the tag being read
    int tag_line;
    struct attr attr[ATTRS_MAX];
    size_t n_attr;
    bool closes_itself;
    struct field field[FIELDS_MAX]; // of this define
    size_t n_field;
    struct slice label_for[FIELDS_MAX];
    size_t n_label_for;
};

// --- small tools ---------------------------------------------------------------------------

__attribute__((noreturn, format(printf, 3, 4))) static void fault(const struct tmplc *t, int line,
                                                                  const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    fprintf(stderr, "%s:%d: ", t->path, line);
    vfprintf(stderr, fmt, ap);
    fputc('\n', stderr);
    va_end(ap);
    exit(1);
}

static void add(struct text *x, const char *p, size_t n)
{
    if (n > x->cap - x->n) {
        x->cap = (x->n + n) * 2;
        x->p = realloc(x->p, x->cap);
        if (!x->p)
            abort();
    }
    if (n)
        memcpy(x->p + x->n, p, n);
    x->n += n;
}

__attribute__((format(printf, 2, 3))) static void put(struct text *x, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    char *line = NULL;
    int n = vasprintf(&line, fmt, ap);
    va_end(ap);
    if (n < 0)
        abort();
    add(x, line, (size_t)n);
    free(line);
}

#define SLICE(s) (int)(s).n, (s).p

static bool is(struct slice s, const char *word)
{
    return s.n == strlen(word) && strncasecmp(s.p, word, s.n) == 0;
}

static bool same(struct slice a, struct slice b)
{
    return a.n == b.n && memcmp(a.p, b.p, a.n) == 0;
}

static bool space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static bool name_byte(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '-';
}

static struct slice trim(struct slice s)
{
    while (s.n && space(s.p[0]))
        s.p++, s.n--;
    while (s.n && space(s.p[s.n - 1]))
        s.n--;
    return s;
}

static bool starts(const struct tmplc *t, const char *word)
{
    size_t n = strlen(word);
    return (size_t)(t->end - t->p) >= n && strncasecmp(t->p, word, n) == 0;
}

// Takes n bytes of the template as they are.
static void take(struct tmplc *t, size_t n)
{
    for (size_t i = 0; i < n; i++)
        t->line += t->p[i] == '\n';
    add(&t->literal, t->p, n);
    t->p += n;
}

// Takes the bytes of a name (of a tag or an attribute).
static struct slice take_name(struct tmplc *t)
{
    const char *from = t->p;
    while (t->p < t->end && !starts(t, "{{") && !space(*t->p) && !strchr("=>/\"'<", *t->p))
        take(t, 1);
    return (struct slice){from, (size_t)(t->p - from)};
}

// --- reading HTML: what is told about a tag ------------------------------------------------

static const struct attr *attr_of(const struct tmplc *t, const char *name)
{
    for (size_t i = 0; i < t->n_attr; i++)
        if (is(t->attr[i].name, name))
            return &t->attr[i];
    return NULL;
}

static bool attr_says(const struct tmplc *t, const char *name)
{
    const struct attr *a = attr_of(t, name);
    return a && trim(a->value).n > 0;
}

static bool attr_is(const struct tmplc *t, const char *name, const char *value)
{
    const struct attr *a = attr_of(t, name);
    return a && is(a->value, value);
}

static bool is_one_of(struct slice s, const char *const *list)
{
    for (; *list; list++)
        if (is(s, *list))
            return true;
    return false;
}

static bool is_address(struct slice name)
{
    static const char *const list[] = {"href",       "src",    "action", "formaction",
                                       "xlink:href", "poster", "cite",   NULL};
    return is_one_of(name, list);
}

// Attributes that are no single address and no plain text: nothing may be put into them.
static bool takes_no_value(struct slice name)
{
    static const char *const list[] = {"srcdoc", "srcset", "imagesrcset", "ping", "data", NULL};
    return is_one_of(name, list);
}

// Something in a link or button that a screen reader can say. Text inside a drawing counts only
// when the link itself is part of the drawing.
static void name_control(struct tmplc *t)
{
    if (t->now.control && t->now.svg <= t->now.control_svg)
        t->now.named = true;
}

static void open_control(struct tmplc *t, char control)
{
    if (t->now.control)
        fault(t, t->tag_line, "a link or button stands inside another one (line %d)",
              t->now.control_line);
    t->now.control = control;
    t->now.control_line = t->tag_line;
    t->now.control_svg = t->now.svg;
    t->now.named = attr_says(t, "aria-label") || attr_says(t, "aria-labelledby") ||
                   (control == 'a' && !attr_of(t, "href"));
}

static void close_control(struct tmplc *t, char control)
{
    if (t->now.control != control)
        fault(t, t->line, "</%s> closes nothing", control == 'a' ? "a" : "button");
    if (!t->now.named)
        fault(t, t->now.control_line, "an empty %s: give it text, an image with alt, or aria-label",
              control == 'a' ? "link" : "button");
    t->now.control = 0;
}

static void open_form(struct tmplc *t)
{
    if (t->now.form)
        fault(t, t->tag_line, "a form stands inside another one (line %d)", t->now.form_line);
    bool reads =
        !attr_of(t, "method") || attr_is(t, "method", "get") || attr_is(t, "method", "dialog");
    t->now.form = reads ? READING_FORM : POST_FORM;
    t->now.form_line = t->tag_line;
    t->now.token = false;
}

static void close_form(struct tmplc *t)
{
    if (!t->now.form)
        fault(t, t->line, "</form> closes nothing");
    if (t->now.form == POST_FORM && !t->now.token)
        fault(t, t->now.form_line,
              "a POST form without {{token}} (or {{no-token}} when it only reads)");
    t->now.form = NO_FORM;
}

static void heading(struct tmplc *t)
{
    int level = t->tag.p[1] - '0';
    if (t->now.heading && level > t->now.heading + 1)
        fault(t, t->tag_line, "heading h%d skips a level after h%d", level, t->now.heading);
    t->now.heading = level;
}

static void field(struct tmplc *t)
{
    static const char *const free_of_label[] = {"hidden", "submit", "button",
                                                "image",  "reset",  NULL};
    const struct attr *type = attr_of(t, "type"), *id = attr_of(t, "id");
    if (is(t->tag, "input") && type && is_one_of(type->value, free_of_label))
        return;
    if (t->now.label || attr_says(t, "aria-label") || attr_says(t, "aria-labelledby"))
        return;
    if (t->n_field == FIELDS_MAX)
        fault(t, t->tag_line, "more than %d fields in one define", FIELDS_MAX);
    t->field[t->n_field++] = (struct field){id ? id->value : (struct slice){"", 0}, t->tag_line};
}

static void open_label(struct tmplc *t)
{
    t->now.label++;
    const struct attr *id = attr_of(t, "for");
    if (!id)
        return;
    if (t->n_label_for == FIELDS_MAX)
        fault(t, t->tag_line, "more than %d labels in one define", FIELDS_MAX);
    t->label_for[t->n_label_for++] = id->value;
}

static void image(struct tmplc *t)
{
    if (!attr_of(t, "alt"))
        fault(t, t->tag_line, "an image without alt (alt=\"\" when it only decorates)");
    if (attr_says(t, "alt"))
        name_control(t);
}

static void check_target(struct tmplc *t)
{
    const struct attr *rel = attr_of(t, "rel");
    if (attr_is(t, "target", "_blank") &&
        !(rel && memmem(rel->value.p, rel->value.n, "noopener", strlen("noopener"))))
        fault(t, t->tag_line, "target=\"_blank\" without rel=\"noopener\"");
}

// The start tag has been read up to its '>': what it opens, and what it owes to its readers.
static void tag_ends(struct tmplc *t)
{
    static const char *const paired[] = {"a",     "button", "form",     "label",  "script",
                                         "style", "title",  "textarea", "select", NULL};
    struct slice tag = t->tag;
    t->now.at = TEXT;
    if (t->closes_itself && is_one_of(tag, paired))
        fault(t, t->tag_line, "<%.*s/> does not close itself: write </%.*s>", SLICE(tag),
              SLICE(tag));
    check_target(t);
    if (attr_says(t, "aria-label"))
        name_control(t);
    if (is(tag, "a"))
        open_control(t, 'a');
    else if (is(tag, "button"))
        open_control(t, 'b');
    else if (is(tag, "form"))
        open_form(t);
    else if (is(tag, "label"))
        open_label(t);
    else if (is(tag, "svg"))
        t->now.svg += !t->closes_itself;
    else if (is(tag, "img") || (is(tag, "input") && attr_is(t, "type", "image")))
        image(t);
    else if (is(tag, "input") || is(tag, "select") || is(tag, "textarea"))
        field(t);
    else if (tag.n == 2 && (tag.p[0] | 32) == 'h' && tag.p[1] >= '1' && tag.p[1] <= '6')
        heading(t);
    if (is(tag, "script") && !attr_says(t, "src"))
        fault(t, t->tag_line, "a script in the page: scripts live in files (src=\"…\")");
    if (is(tag, "textarea") || is(tag, "title"))
        t->now.at = ONLY_TEXT;
    if (is(tag, "script") || is(tag, "style"))
        t->now.at = RAW;
}

static void close_tag(struct tmplc *t, struct slice tag)
{
    t->now.at = CLOSING;
    if (is(tag, "a"))
        close_control(t, 'a');
    else if (is(tag, "button"))
        close_control(t, 'b');
    else if (is(tag, "form"))
        close_form(t);
    else if (is(tag, "label") && --t->now.label < 0)
        fault(t, t->line, "</label> closes nothing");
    else if (is(tag, "svg") && --t->now.svg < 0)
        fault(t, t->line, "</svg> closes nothing");
}

// --- reading HTML: byte by byte ------------------------------------------------------------

static void text_byte(struct tmplc *t)
{
    char next = t->p + 1 < t->end ? t->p[1] : 0;
    if (*t->p != '<') {
        if (!space(*t->p))
            name_control(t);
        take(t, 1);
    } else if (isalpha((unsigned char)next)) {
        t->tag_line = t->line;
        t->n_attr = 0;
        t->closes_itself = false;
        take(t, 1);
        t->tag = take_name(t);
        t->now.at = GAP;
    } else if (next == '/') {
        take(t, 2);
        close_tag(t, take_name(t));
    } else if (starts(t, "<!--")) {
        take(t, 4);
        t->now.at = COMMENT;
    } else if (next == '!' || next == '?') {
        take(t, 1);
        t->now.at = DECLARATION;
    } else {
        fault(t, t->line, "a bare < in text: write &lt;");
    }
}

// In <title>, <textarea>, <script>, <style>: only their own end tag ends them.
static void enclosed_byte(struct tmplc *t)
{
    char close[24];
    snprintf(close, sizeof close, "</%.*s", SLICE(t->tag));
    if (starts(t, close)) {
        take(t, strlen(close));
        t->now.at = CLOSING;
        return;
    }
    if (t->now.at == RAW && is(t->tag, "script") && !space(*t->p))
        fault(t, t->line, "a script in the page: scripts live in files (src=\"…\")");
    if (t->now.at == ONLY_TEXT && !space(*t->p))
        name_control(t);
    take(t, 1);
}

static void attr_begins(struct tmplc *t)
{
    if (t->now.at == GAP)
        fault(t, t->line, "white space is missing before an attribute");
    if (t->n_attr == ATTRS_MAX)
        fault(t, t->line, "more than %d attributes in one tag", ATTRS_MAX);
    struct slice name = take_name(t);
    if (name.n == 0)
        fault(t, t->line, "'%c' cannot begin an attribute", *t->p);
    if (name.n > 2 && strncasecmp(name.p, "on", 2) == 0)
        fault(t, t->line, "the attribute %.*s: scripts live in files", SLICE(name));
    if (is(name, "style"))
        fault(t, t->line, "the attribute style: looks live in style sheets, use a class");
    struct attr *a = &t->attr[t->n_attr++];
    *a = (struct attr){.name = name, .value = {"", 0}};
    t->now.at = GAP;
    if (t->p == t->end || *t->p != '=')
        return;
    take(t, 1);
    t->now.at = starts(t, "\"") ? QUOTED : starts(t, "'") ? SINGLE : BARE;
    if (t->now.at == BARE && (t->p == t->end || space(*t->p) || *t->p == '>'))
        fault(t, t->line, "no value after %.*s=", SLICE(name));
    if (t->now.at != BARE)
        take(t, 1);
    a->value.p = t->p;
    t->now.address = is_address(name);
    t->now.address_safe = false;
    t->now.n_beginning = 0;
}

static void attr_ends(struct tmplc *t, enum where then)
{
    struct attr *a = &t->attr[t->n_attr - 1];
    a->value.n = (size_t)(t->p - a->value.p);
    struct slice v = trim(a->value);
    if (t->now.address && v.n >= 11 && strncasecmp(v.p, "javascript:", 11) == 0)
        fault(t, t->line, "a javascript: address: scripts live in files");
    t->now.address = t->now.address_safe = false;
    t->now.n_beginning = 0;
    t->now.at = then;
}

static void tag_byte(struct tmplc *t)
{
    if (*t->p == '>') {
        take(t, 1);
        tag_ends(t);
    } else if (space(*t->p)) {
        take(t, 1);
        t->now.at = TAG;
    } else if (starts(t, "/>")) {
        take(t, 1);
        t->closes_itself = true;
    } else {
        attr_begins(t);
    }
}

static void value_byte(struct tmplc *t)
{
    struct state *s = &t->now;
    bool over = s->at == QUOTED   ? *t->p == '"'
                : s->at == SINGLE ? *t->p == '\''
                                  : *t->p == '>' || space(*t->p);
    if (over) {
        bool bare = s->at == BARE;
        attr_ends(t, GAP);
        if (!bare)
            take(t, 1);
        return;
    }
    if (s->address && !s->address_safe && s->n_beginning < sizeof s->beginning)
        s->beginning[s->n_beginning++] = *t->p;
    take(t, 1);
}

static void comment_byte(struct tmplc *t)
{
    bool over = starts(t, "-->");
    take(t, over ? 3 : 1);
    if (over)
        t->now.at = TEXT;
}

static void until_bracket(struct tmplc *t)
{
    take(t, 1);
    if (t->p[-1] == '>')
        t->now.at = TEXT;
}

// Reads one byte of the template, or a few that belong together.
static void byte(struct tmplc *t)
{
    switch (t->now.at) {
    case OUTSIDE:
        if (!space(*t->p))
            fault(t, t->line, "text outside of {{define}} … {{end}}");
        take(t, 1);
        t->literal.n = 0;
        break;
    case TEXT: text_byte(t); break;
    case ONLY_TEXT:
    case RAW: enclosed_byte(t); break;
    case COMMENT: comment_byte(t); break;
    case DECLARATION:
    case CLOSING: until_bracket(t); break;
    case GAP:
    case TAG: tag_byte(t); break;
    case QUOTED:
    case SINGLE:
    case BARE: value_byte(t); break;
    }
}

// --- where a hole may stand ----------------------------------------------------------------

// Faults when nothing at all may stand here.
static void check_place(const struct tmplc *t)
{
    const char *why = NULL;
    switch (t->now.at) {
    case OUTSIDE: why = "a hole outside of {{define}} … {{end}}"; break;
    case RAW: why = "a hole in a script or style sheet"; break;
    case COMMENT: why = "a hole in an HTML comment: write {{! … }} instead"; break;
    case DECLARATION: why = "a hole in a declaration"; break;
    case CLOSING: why = "a hole in an end tag"; break;
    case SINGLE: why = "a hole in single quotes: use double quotes"; break;
    case BARE: why = "a hole in an attribute without quotes: use double quotes"; break;
    default: break;
    }
    if (why)
        fault(t, t->line, "%s", why);
}

static void check_value_place(const struct tmplc *t)
{
    check_place(t);
    if (t->now.at == GAP && t->n_attr == 0)
        fault(t, t->line, "a hole in the name of a tag");
    if (t->now.at == GAP || t->now.at == TAG)
        fault(t, t->line, "a hole in the name of an attribute, or in place of one");
    if (t->now.at == QUOTED && takes_no_value(t->attr[t->n_attr - 1].name))
        fault(t, t->line, "a hole in the attribute %.*s, which takes none",
              SLICE(t->attr[t->n_attr - 1].name));
}

// Does what an address begins with settle where it leads, whatever is put in behind it?
static bool beginning_settles(const char *p, size_t n)
{
    if (n == 0)
        return false;
    if (p[0] == WHOLE_URL) // which may end in the name of a host
        return n > 1 && strchr("/?#", p[1]);
    if (p[0] == '?' || p[0] == '#')
        return true;
    if (p[0] == '/')
        return n > 1 && p[1] != '/' && p[1] != '\\' && !space(p[1]);
    if (n > 8 && strncasecmp(p, "https://", 8) == 0)
        return p[8] != '/' && memchr(p + 8, '/', n - 8);
    return n >= 7 && strncasecmp(p, "mailto:", 7) == 0;
}

// Which function prints a value here.
static const char *printer(struct tmplc *t)
{
    struct state *s = &t->now;
    check_value_place(t);
    if (s->at == TEXT)
        return "page_text";
    if (s->at == ONLY_TEXT || !s->address)
        return "page_attr";
    if (s->address_safe)
        return "page_url_part";
    bool whole = s->n_beginning == 0;
    if (!whole && !beginning_settles(s->beginning, s->n_beginning))
        fault(t, t->line,
              "a hole in an address whose beginning does not settle where it leads: begin with "
              "/path, ?, #, https://host/ or mailto:, or print a whole url");
    s->address_safe = !whole;
    s->beginning[0] = WHOLE_URL;
    s->n_beginning = whole;
    return whole ? "page_url" : "page_url_part";
}

#endif
