// SPDX-License-Identifier: AGPL-3.0-or-later
// tmplc: compiles a page template to C.
//
//   tmplc IN.tmpl OUT        writes OUT.h and OUT.c
//
// The template is HTML with holes; STYLE.md tells the language. The HTML is read by tmplc_html.h,
// which knows where each hole stands; this file knows the words in the holes (words[] near the
// end) and what is written for them. Branches of an {{if}} are each read from the same state and
// have to leave the same things open. The first fault ends the run; nothing is written then.
//
// A plain C program that knows nothing of the rest: it has to run before anything else is built.
#include "tmplc_html.h"

// --- what is written -----------------------------------------------------------------------

static void literal_byte(struct text *x, char c, char before)
{
    switch (c) {
    case '\n': put(x, "\\n"); break;
    case '\t': put(x, "\\t"); break;
    case '"': put(x, "\\\""); break;
    case '\\': put(x, "\\\\"); break;
    case '?': put(x, before == '?' ? "\\?" : "?"); break; // no trigraphs
    default:
        if ((unsigned char)c < ' ')
            put(x, "\\%03o", (unsigned)c);
        else
            add(x, &c, 1);
    }
}

// Writes the template's own bytes since the last hole as one call.
static void write_literal(struct tmplc *t)
{
    struct text *lit = &t->literal, *x = &t->body;
    if (lit->n == 0)
        return;
    put(x, "    page_raw(pg, \"");
    size_t from = x->n;
    for (size_t i = 0; i < lit->n; i++) {
        bool inside = ((unsigned char)lit->p[i] & 0xC0) == 0x80; // of a character
        if (i && !inside && (lit->p[i - 1] == '\n' || x->n - from >= LINE_WIDTH - 6)) {
            put(x, "\"\n             \"");
            from = x->n;
        }
        literal_byte(x, lit->p[i], i ? lit->p[i - 1] : 0);
    }
    put(x, "\", %zu);\n", lit->n);
    lit->n = 0;
}

// Before C of the author's: what went before it, and where it stands, for the compiler's errors.
static void write_line(struct tmplc *t)
{
    write_literal(t);
    put(&t->body, "#line %d \"%s\"\n", t->line, t->path);
}

// --- C in holes ----------------------------------------------------------------------------

// Past the string or character that begins at p; NULL when it does not end.
static const char *skip_quoted(const char *p, const char *end)
{
    char quote = *p++;
    for (; p < end && *p != '\n'; p++) {
        if (*p == '\\')
            p++;
        else if (*p == quote)
            return p + 1;
    }
    return NULL;
}

// The next byte c in s outside of strings and brackets, or NULL.
static const char *find_outside(struct slice s, char c)
{
    int depth = 0;
    const char *end = s.p + s.n;
    for (const char *p = s.p; p && p < end;) {
        if (depth == 0 && *p == c)
            return p;
        if (*p == '"' || *p == '\'') {
            p = skip_quoted(p, end);
            continue;
        }
        depth += strchr("([{", *p) != NULL;
        depth -= strchr(")]}", *p) != NULL;
        p++;
    }
    return NULL;
}

// Where the hole that begins at t->p ends. In a comment any bytes may stand, and holes as well, so
// that a piece of a template can be put aside whole.
static const char *comment_end(const struct tmplc *t)
{
    int depth = 0;
    for (const char *p = t->p + 2; p + 1 < t->end; p++) {
        bool opens = p[0] == '{' && p[1] == '{', closes = p[0] == '}' && p[1] == '}';
        if (closes && depth-- == 0)
            return p;
        depth += opens;
        p += opens || closes;
    }
    fault(t, t->line, "{{! without its }}");
}

static const char *hole_end(const struct tmplc *t)
{
    int depth = 0;
    for (const char *p = t->p + 2; p && p + 1 < t->end;) {
        if (p[0] == '}' && p[1] == '}' && depth == 0)
            return p;
        if (*p == '"' || *p == '\'') {
            p = skip_quoted(p, t->end);
        } else {
            depth += (*p == '{') - (*p == '}');
            p++;
        }
    }
    fault(t, t->line, "{{ without its }}");
}

// The string literal at the beginning of *rest, quotes and all; takes it and a comma off.
static struct slice take_string(const struct tmplc *t, struct slice *rest)
{
    *rest = trim(*rest);
    const char *end = rest->p + rest->n;
    const char *p = rest->n && rest->p[0] == '"' ? skip_quoted(rest->p, end) : NULL;
    if (!p)
        fault(t, t->line, "a sentence in double quotes is missing");
    struct slice s = {rest->p, (size_t)(p - rest->p)};
    *rest = trim((struct slice){p, (size_t)(end - p)});
    return s;
}

// "(struct page_arg[]){PAGE_ARG(a), PAGE_ARG(b)}" from ", a, b"; returns how many.
static size_t take_args(const struct tmplc *t, struct slice rest, struct text *x)
{
    size_t n = 0;
    while (rest.n) {
        if (rest.p[0] != ',')
            fault(t, t->line, "a comma is missing after the sentence");
        rest = (struct slice){rest.p + 1, rest.n - 1};
        const char *comma = find_outside(rest, ',');
        struct slice one = rest;
        if (comma)
            one.n = (size_t)(comma - rest.p);
        rest = (struct slice){rest.p + one.n, rest.n - one.n};
        one = trim(one);
        if (one.n == 0 || n == ARGS_MAX)
            fault(t, t->line, "a sentence takes at most %d values, none of them empty", ARGS_MAX);
        put(x, "%sPAGE_ARG(%.*s)", n++ ? ", " : "(struct page_arg[]){", SLICE(one));
    }
    put(x, n ? "}" : "NULL");
    return n;
}

// Every {k} of the sentence has its value.
static void check_sentence(const struct tmplc *t, struct slice s, size_t n_args, bool counts)
{
    for (const char *p = s.p; p + 2 < s.p + s.n; p++) {
        if (p[0] != '{' || p[2] != '}')
            continue;
        if (p[1] >= '0' && p[1] <= '9' && (p[1] == '0' || (size_t)(p[1] - '0') > n_args))
            fault(t, t->line, "the sentence has {%c} but %zu values follow it", p[1], n_args);
        if (p[1] == 'n' && !counts)
            fault(t, t->line, "{n} stands for the count of {{n_ …}} only");
    }
}

static void sentence_place(struct tmplc *t)
{
    check_value_place(t);
    if (t->now.at == QUOTED && t->now.address)
        fault(t, t->line, "a sentence in an address");
    if (t->now.at == TEXT || t->now.at == ONLY_TEXT)
        name_control(t);
    write_line(t);
}

static void say(struct tmplc *t, struct slice rest)
{
    sentence_place(t);
    struct slice s = take_string(t, &rest);
    struct text args = {0};
    size_t n = take_args(t, rest, &args);
    check_sentence(t, s, n, false);
    put(&t->body, "    page_say(pg, %.*s, %zu, %.*s);\n", SLICE(s), n, (int)args.n, args.p);
    free(args.p);
}

static void say_n(struct tmplc *t, struct slice rest)
{
    sentence_place(t);
    const char *quote = find_outside(rest, '"');
    if (!quote || quote == rest.p)
        fault(t, t->line, "{{n_ COUNT \"one\" \"many\"}} needs a count and two sentences");
    struct slice count = trim((struct slice){rest.p, (size_t)(quote - rest.p)});
    rest = (struct slice){quote, (size_t)(rest.p + rest.n - quote)};
    struct slice one = take_string(t, &rest), many = take_string(t, &rest);
    struct text args = {0};
    size_t n = take_args(t, rest, &args);
    check_sentence(t, one, n, true);
    check_sentence(t, many, n, true);
    put(&t->body, "    page_say_n(pg, (%.*s), %.*s, %.*s, %zu, %.*s);\n", SLICE(count), SLICE(one),
        SLICE(many), n, (int)args.n, args.p);
    free(args.p);
}

// --- blocks --------------------------------------------------------------------------------

static bool in_tag(enum where at)
{
    return at == GAP || at == TAG;
}

// The state after either of two branches.
static struct state join(const struct tmplc *t, int line, struct state a, struct state b)
{
    bool same_place = a.at == b.at || (in_tag(a.at) && in_tag(b.at));
    if (!same_place || a.form != b.form || a.label != b.label || a.svg != b.svg ||
        a.control != b.control || a.address_safe != b.address_safe ||
        a.n_beginning != b.n_beginning || memcmp(a.beginning, b.beginning, a.n_beginning) != 0)
        fault(t, t->line, "the branches of the block in line %d leave different things open", line);
    if (b.at == GAP)
        a.at = GAP;
    a.token &= b.token;
    a.named |= b.named;
    if (b.heading > a.heading)
        a.heading = b.heading;
    return a;
}

static struct block *open_block(struct tmplc *t, enum kind kind)
{
    if (t->n_block == BLOCKS_MAX)
        fault(t, t->line, "blocks more than %d deep", BLOCKS_MAX);
    struct block *b = &t->block[t->n_block++];
    *b = (struct block){.kind = kind, .line = t->line, .start = t->now};
    return b;
}

static void end_branch(struct tmplc *t, struct block *b)
{
    b->after = b->has_after ? join(t, b->line, b->after, t->now) : t->now;
    b->has_after = true;
}

// An address that ends in a branch has to be settled in it as well, or not begun.
static void settle_address(struct tmplc *t)
{
    struct state *s = &t->now;
    if (s->at == QUOTED && s->address && !s->address_safe &&
        beginning_settles(s->beginning, s->n_beginning)) {
        s->address_safe = true;
        s->n_beginning = 0;
    }
}

static void need_c(const struct tmplc *t, const char *word, struct slice rest)
{
    if (rest.n == 0)
        fault(t, t->line, "{{%s}} is missing what comes after it", word);
}

static void word_if(struct tmplc *t, struct slice rest)
{
    check_place(t);
    need_c(t, "if", rest);
    settle_address(t);
    open_block(t, IF);
    write_line(t);
    put(&t->body, "    if (%.*s) {\n", SLICE(rest));
}

static void word_for(struct tmplc *t, struct slice rest)
{
    check_place(t);
    need_c(t, "for", rest);
    settle_address(t);
    open_block(t, FOR);
    write_line(t);
    put(&t->body, "    for (%.*s) {\n", SLICE(rest));
}

static void word_else(struct tmplc *t, struct slice rest)
{
    check_place(t);
    struct block *b = t->n_block ? &t->block[t->n_block - 1] : NULL;
    if (!b || b->kind != IF || b->has_else)
        fault(t, t->line, "{{else}} without its {{if}}");
    settle_address(t);
    end_branch(t, b);
    t->now = b->start;
    write_line(t);
    if (rest.n == 0) {
        b->has_else = true;
        put(&t->body, "    } else {\n");
        return;
    }
    struct slice c = trim((struct slice){rest.p + 2, rest.n < 2 ? 0 : rest.n - 2});
    if (rest.n < 3 || strncmp(rest.p, "if", 2) != 0 || name_byte(rest.p[2]) || c.n == 0)
        fault(t, t->line, "after else comes nothing, or if and a condition");
    put(&t->body, "    } else if (%.*s) {\n", SLICE(c));
}

static void check_labels(const struct tmplc *t)
{
    for (size_t i = 0; i < t->n_field; i++) {
        const struct field *f = &t->field[i];
        bool found = false;
        for (size_t k = 0; k < t->n_label_for && f->id.n; k++)
            found |= same(f->id, t->label_for[k]);
        if (!found)
            fault(t, f->line,
                  "a field without a label: <label for=\"%.*s\">, a <label> around "
                  "it, or aria-label",
                  SLICE(f->id));
    }
}

static void end_define(struct tmplc *t)
{
    const struct state *s = &t->now;
    if (s->at != TEXT)
        fault(t, t->line, "the define in line %d ends inside a tag, comment, script or title",
              t->block[0].line);
    if (s->form || s->control || s->label || s->svg)
        fault(t, t->line, "the define in line %d ends inside a %s", t->block[0].line,
              s->form    ? "form"
              : s->label ? "label"
              : s->svg   ? "drawing"
                         : "link or button");
    check_labels(t);
}

static void word_end(struct tmplc *t, struct slice rest)
{
    if (t->n_block == 0)
        fault(t, t->line, "{{end}} ends nothing");
    if (rest.n)
        fault(t, t->line, "{{end}} takes nothing after it");
    struct block *b = &t->block[t->n_block - 1];
    if (b->kind == DEFINE) {
        end_define(t);
        write_literal(t);
        put(&t->body, "}\n");
        t->now = b->start;
        t->n_block--;
        return;
    }
    check_place(t);
    settle_address(t);
    end_branch(t, b);
    if (!b->has_else)
        b->after = join(t, b->line, b->after, b->start);
    t->now = b->after;
    t->n_block--;
    write_literal(t);
    put(&t->body, "    }\n");
}

// --- the other words -----------------------------------------------------------------------

static void word_define(struct tmplc *t, struct slice rest)
{
    if (t->n_block)
        fault(t, t->line, "{{define}} inside of the block in line %d", t->block[0].line);
    const char *open = memchr(rest.p, '(', rest.n);
    if (!open || open == rest.p || rest.p[rest.n - 1] != ')')
        fault(t, t->line, "{{define}} needs a name and its parameters: {{define name(int n)}}");
    struct slice name = {rest.p, (size_t)(open - rest.p)};
    struct slice params = trim((struct slice){open + 1, (size_t)(rest.p + rest.n - open - 2)});
    for (size_t i = 0; i < name.n; i++)
        if (!name_byte(name.p[i]) || name.p[i] == '-')
            fault(t, t->line, "%.*s cannot be the name of a define", SLICE(name));
    const char *comma = params.n ? ", " : "";
    put(&t->prototypes, "void %.*s(struct page *pg%s%.*s);\n", SLICE(name), comma, SLICE(params));
    put(&t->body, "\n#line %d \"%s\"\nvoid %.*s(struct page *pg%s%.*s)\n{\n    (void)pg;\n",
        t->line, t->path, SLICE(name), comma, SLICE(params));
    open_block(t, DEFINE);
    t->now = (struct state){.at = TEXT};
    t->n_field = t->n_label_for = 0;
}

static void word_include(struct tmplc *t, struct slice rest)
{
    if (t->n_block)
        fault(t, t->line, "{{#include}} stands at the top, outside of defines");
    bool good = rest.n > 2 && ((rest.p[0] == '"' && rest.p[rest.n - 1] == '"') ||
                               (rest.p[0] == '<' && rest.p[rest.n - 1] == '>'));
    if (!good)
        fault(t, t->line, "{{#include}} needs a file name in quotes");
    put(&t->includes, "#include %.*s\n", SLICE(rest));
}

static void word_do(struct tmplc *t, struct slice rest)
{
    check_place(t);
    need_c(t, "do", rest);
    write_line(t);
    put(&t->body, "    %.*s%s\n", SLICE(rest), rest.p[rest.n - 1] == ';' ? "" : ";");
}

static void only_in_text(const struct tmplc *t, const char *word)
{
    if (t->now.at != TEXT)
        fault(t, t->line, "{{%s}} stands in text only", word);
}

static void word_call(struct tmplc *t, struct slice rest)
{
    only_in_text(t, "call");
    const char *open = memchr(rest.p, '(', rest.n);
    if (!open || open == rest.p || rest.p[rest.n - 1] != ')')
        fault(t, t->line, "{{call}} needs a name and its values: {{call name(n)}}");
    struct slice args = trim((struct slice){open + 1, (size_t)(rest.p + rest.n - open - 2)});
    name_control(t); // what it prints is not known here
    write_line(t);
    put(&t->body, "    %.*s(pg%s%.*s);\n", (int)(open - rest.p), rest.p, args.n ? ", " : "",
        SLICE(args));
}

static void in_post_form(struct tmplc *t, const char *word, struct slice rest)
{
    only_in_text(t, word);
    if (rest.n)
        fault(t, t->line, "{{%s}} takes nothing after it", word);
    if (t->now.form != POST_FORM)
        fault(t, t->line, "{{%s}} outside of a POST form", word);
    t->now.token = true;
}

static void word_token(struct tmplc *t, struct slice rest)
{
    in_post_form(t, "token", rest);
    write_literal(t);
    put(&t->body, "    page_token(pg);\n");
}

static void word_no_token(struct tmplc *t, struct slice rest)
{
    in_post_form(t, "no-token", rest);
}

static void value(struct tmplc *t, struct slice c)
{
    static const char *const strangers[] = {"elseif", "elif",    "endif", "endfor", "foreach",
                                            "while",  "include", "range", "each",   NULL};
    size_t n = 0;
    while (n < c.n && name_byte(c.p[n]))
        n++;
    struct slice word = {c.p, n}, rest = trim((struct slice){c.p + n, c.n - n});
    bool two = n && rest.n && !is(word, "sizeof") &&
               (isalnum((unsigned char)rest.p[0]) || strchr("_\"'", rest.p[0]));
    if (c.n == 0)
        fault(t, t->line, "an empty hole");
    if (two || is_one_of(word, strangers) || strchr("#/@", c.p[0]))
        fault(t, t->line, "{{%.*s}} is neither a value nor a word of the templates", SLICE(c));
    const char *fn = printer(t);
    if (t->now.at == TEXT || t->now.at == ONLY_TEXT)
        name_control(t);
    write_line(t);
    put(&t->body, "    %s(pg, (%.*s));\n", fn, SLICE(c));
}

static const struct word {
    const char *name;
    void (*fn)(struct tmplc *t, struct slice rest);
    bool anywhere; // also outside of a define
} words[] = {
    {"#include", word_include, true},
    {"define", word_define, true},
    {"if", word_if, false},
    {"else", word_else, false},
    {"for", word_for, false},
    {"end", word_end, true},
    {"do", word_do, false},
    {"call", word_call, false},
    {"token", word_token, false},
    {"no-token", word_no_token, false},
    {"_", say, false},
    {"n_", say_n, false},
};

static void dispatch(struct tmplc *t, struct slice c)
{
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        size_t n = strlen(words[i].name);
        if (c.n < n || memcmp(c.p, words[i].name, n) != 0 || (c.n > n && !space(c.p[n])))
            continue;
        if (t->n_block == 0 && !words[i].anywhere)
            fault(t, t->line, "{{%s}} outside of {{define}} … {{end}}", words[i].name);
        words[i].fn(t, trim((struct slice){c.p + n, c.n - n}));
        return;
    }
    value(t, c);
}

static void hole(struct tmplc *t)
{
    bool comment = starts(t, "{{!");
    const char *end = comment ? comment_end(t) : hole_end(t);
    struct slice c = trim((struct slice){t->p + 2, (size_t)(end - t->p - 2)});
    for (; t->p < c.p; t->p++) // the line that counts is the one the words begin in
        t->line += *t->p == '\n';
    if (!comment)
        dispatch(t, c);
    for (; t->p < end; t->p++)
        t->line += *t->p == '\n';
    t->p += 2;
}

// --- files ---------------------------------------------------------------------------------

static void read_source(struct tmplc *t)
{
    FILE *f = fopen(t->path, "rb");
    char piece[4096];
    size_t n;
    if (!f) {
        fprintf(stderr, "tmplc: %s cannot be opened\n", t->path);
        exit(1);
    }
    while ((n = fread(piece, 1, sizeof piece, f)) > 0)
        add(&t->source, piece, n);
    fclose(f);
    if (t->source.n && memchr(t->source.p, 0, t->source.n))
        fault(t, t->line, "the file holds a NUL byte: it is not a text");
    t->p = t->source.p ? t->source.p : "";
    t->end = t->p + t->source.n;
}

static void write_file(const char *base, const char *ending, const struct text *x)
{
    char path[4096];
    snprintf(path, sizeof path, "%s%s", base, ending);
    FILE *f = fopen(path, "wb");
    bool good = f && fwrite(x->p, 1, x->n, f) == x->n;
    if (f && fclose(f) != 0)
        good = false;
    if (!good) {
        fprintf(stderr, "tmplc: %s cannot be written\n", path);
        exit(1);
    }
}

static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static void write_out(const struct tmplc *t, const char *base)
{
    const char *name = last_part(base), *from = last_part(t->path);
    char guard[256];
    size_t n = 0;
    for (; name[n] && n < sizeof guard - 1; n++)
        guard[n] = isalnum((unsigned char)name[n]) ? (char)toupper((unsigned char)name[n]) : '_';
    guard[n] = 0;
    struct text h = {0}, c = {0};
    put(&h, "// SPDX-License-Identifier: AGPL-3.0-or-later\n// Made by tmplc from %s.\n", from);
    put(&h, "#ifndef %s_H\n#define %s_H\n\n", guard, guard);
    put(&h, "#include \"base/base.h\"\n#include \"web/page.h\"\n%.*s\n", (int)t->includes.n,
        t->includes.p ? t->includes.p : "");
    put(&h, "%.*s\n#endif\n", (int)t->prototypes.n, t->prototypes.p ? t->prototypes.p : "");
    put(&c, "// SPDX-License-Identifier: AGPL-3.0-or-later\n// Made by tmplc from %s.\n", from);
    put(&c, "#include \"base/base.h\"\n#include \"%s.h\"\n", name);
    add(&c, t->body.p, t->body.n);
    write_file(base, ".h", &h);
    write_file(base, ".c", &c);
    free(h.p);
    free(c.p);
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: tmplc IN.tmpl OUT    writes OUT.h and OUT.c\n");
        return 2;
    }
    struct tmplc t = {.path = argv[1], .line = 1};
    read_source(&t);
    while (t.p < t.end) {
        if (starts(&t, "{{"))
            hole(&t);
        else
            byte(&t);
    }
    if (t.n_block)
        fault(&t, t.block[t.n_block - 1].line, "an {{end}} is missing: this block is still open");
    write_out(&t, argv[2]);
    free(t.source.p);
    free(t.includes.p);
    free(t.prototypes.p);
    free(t.body.p);
    free(t.literal.p);
    return 0;
}
