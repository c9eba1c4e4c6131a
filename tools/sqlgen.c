// SPDX-License-Identifier: AGPL-3.0-or-later
// sqlgen: SQL files -> C.
//
//   sqlgen statements IN.sql OUT     named statements -> OUT.h, OUT.c
//   sqlgen migrations OUT FILE…      migrations, in order -> OUT.c
//
// A statement file is a list of
//
//   -- name: area_by_code            unique; gives struct q_area_by_code and its functions
//   -- takes: layer layer_id, code str
//   -- gives: id area_id, name str, parent str?
//   -- reads: public                 only public tables (checked when it is prepared)
//   SELECT … WHERE layer_id = :layer AND code = :code;
//
// Types: str i64 f64 bool blob date, any …_id of base/ids.h; a trailing ? allows NULL.
// SQLite gets ?1 …, PostgreSQL $1 …; otherwise the text is the same, so it must be the common
// subset of both.
//
// A migration uses the type words INTEGER TEXT REAL BLOB and ID (a key that counts up by itself);
// a table that ends in ") CLUSTERED;" is stored in the order of its primary key. "-- public" behind
// the opening bracket of a table marks it as holding nothing about people.
#include <ctype.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_FIELDS = 64, MAX_STATEMENTS = 400 };

struct field {
    char name[64], type[64];
    bool null;
};

struct statement {
    char name[96];
    int line;
    struct field in[MAX_FIELDS], out[MAX_FIELDS];
    int n_in, n_out;
    bool public;
    char *sqlite, *pg;
};

static const char *file = "?";
static int line_no;

__attribute__((noreturn, format(printf, 1, 2))) static void refuse(const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    fprintf(stderr, "%s:%d: ", file, line_no);
    vfprintf(stderr, fmt, ap);
    fputc('\n', stderr);
    va_end(ap);
    exit(1);
}

static char *read_file(const char *path)
{
    FILE *f = fopen(path, "rb");
    if (!f) {
        fprintf(stderr, "sqlgen: %s cannot be opened\n", path);
        exit(1);
    }
    fseek(f, 0, SEEK_END);
    long n = ftell(f);
    rewind(f);
    char *p = calloc(1, (size_t)n + 1);
    if (!p || fread(p, 1, (size_t)n, f) != (size_t)n)
        exit(1);
    fclose(f);
    return p;
}

static bool word_byte(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

static bool known_type(const char *t)
{
    static const char *const plain[] = {"str", "i64", "f64", "bool", "blob", "date"};
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        if (strcmp(t, plain[i]) == 0)
            return true;
    size_t n = strlen(t);
    return n > 3 && strcmp(t + n - 3, "_id") == 0;
}

static bool is_id(const char *t)
{
    size_t n = strlen(t);
    return n > 3 && strcmp(t + n - 3, "_id") == 0;
}

// "a str, b i64?" -> fields
static int parse_fields(char *s, struct field *f)
{
    int n = 0;
    for (char *p = s; *p;) {
        while (*p == ' ' || *p == ',')
            p++;
        if (!*p)
            break;
        if (n == MAX_FIELDS)
            refuse("more than %d fields", MAX_FIELDS);
        struct field *x = &f[n++];
        *x = (struct field){0};
        size_t k = 0;
        while (word_byte(*p) && k < sizeof x->name - 1)
            x->name[k++] = *p++;
        while (*p == ' ')
            p++;
        k = 0;
        while (word_byte(*p) && k < sizeof x->type - 1)
            x->type[k++] = *p++;
        if (*p == '?') {
            x->null = true;
            p++;
        }
        if (!x->name[0] || !known_type(x->type))
            refuse("a field must read `name type`, with a known type; found `%s %s`", x->name,
                   x->type);
        if (*p && *p != ',' && *p != ' ')
            refuse("unexpected `%c` after field `%s`", *p, x->name);
    }
    return n;
}

static int find_param(const struct statement *s, const char *name, size_t n)
{
    for (int i = 0; i < s->n_in; i++)
        if (strlen(s->in[i].name) == n && memcmp(s->in[i].name, name, n) == 0)
            return i + 1;
    return 0;
}

// Replaces :name by the engine's own mark; checks that each declared parameter is used.
static char *engine_text(const struct statement *s, const char *sql, char mark)
{
    size_t cap = strlen(sql) * 2 + 64, n = 0;
    char *out = calloc(1, cap);
    bool used[MAX_FIELDS + 1] = {false};
    for (const char *p = sql; *p;) {
        if (*p == '\'') { // a literal goes through untouched
            do
                out[n++] = *p++;
            while (*p && *p != '\'');
            if (*p)
                out[n++] = *p++;
        } else if (*p == ':' && p[1] == ':') {
            refuse("statement %s: `::` is PostgreSQL's alone; use CAST", s->name);
        } else if (*p == ':' && word_byte(p[1])) {
            size_t k = 1;
            while (word_byte(p[k]))
                k++;
            int at = find_param(s, p + 1, k - 1);
            if (!at)
                refuse("statement %s: parameter `%.*s` is not in its `takes`", s->name, (int)k, p);
            used[at] = true;
            n += (size_t)snprintf(out + n, cap - n, "%c%d", mark, at);
            p += k;
        } else {
            out[n++] = *p++;
        }
    }
    for (int i = 1; i <= s->n_in; i++)
        if (!used[i])
            refuse("statement %s: parameter `%s` is never used", s->name, s->in[i - 1].name);
    return out;
}

static void finish(struct statement *s, char *sql)
{
    line_no = s->line;
    size_t n = strlen(sql);
    while (n && (isspace((unsigned char)sql[n - 1]) || sql[n - 1] == ';'))
        sql[--n] = 0;
    if (!n)
        refuse("statement %s has no text", s->name);
    s->sqlite = engine_text(s, sql, '?');
    s->pg = engine_text(s, sql, '$');
}

static void add_line(char *sql, size_t cap, const char *line)
{
    if (strlen(sql) + strlen(line) + 2 > cap)
        refuse("the statement is too long");
    while (*line == ' ' || *line == '\t')
        line++;
    if (!*line)
        return;
    if (*sql)
        memcpy(sql + strlen(sql), " ", 2);
    memcpy(sql + strlen(sql), line, strlen(line) + 1);
}

static char *after(char *line, const char *prefix)
{
    size_t n = strlen(prefix);
    return strncmp(line, prefix, n) == 0 ? line + n : NULL;
}

static void start(struct statement *v, int *n, const char *name)
{
    if (*n == MAX_STATEMENTS)
        refuse("more than %d statements in one file", MAX_STATEMENTS);
    for (int i = 0; i < *n; i++)
        if (strcmp(v[i].name, name) == 0)
            refuse("statement %s is there twice", name);
    struct statement *s = &v[(*n)++];
    memset(s, 0, sizeof *s);
    s->line = line_no;
    if (strlen(name) >= sizeof s->name || !*name)
        refuse("a statement needs a name");
    for (const char *p = name; *p; p++)
        if (!word_byte(*p))
            refuse("`%s` is not a name", name);
    memcpy(s->name, name, strlen(name) + 1);
}

static int parse_statements(char *text, struct statement *v)
{
    static char sql[65536];
    int n = 0;
    line_no = 0;
    for (char *next, *line = text; line; line = next) {
        next = strchr(line, '\n');
        if (next)
            *next++ = 0;
        line_no++;
        char *x;
        if ((x = after(line, "-- name: "))) {
            int at = line_no;
            if (n)
                finish(&v[n - 1], sql);
            line_no = at;
            sql[0] = 0;
            start(v, &n, x);
        } else if ((x = after(line, "-- takes: "))) {
            if (!n)
                refuse("`takes` before the first name");
            v[n - 1].n_in = parse_fields(x, v[n - 1].in);
        } else if ((x = after(line, "-- gives: "))) {
            if (!n)
                refuse("`gives` before the first name");
            v[n - 1].n_out = parse_fields(x, v[n - 1].out);
        } else if ((x = after(line, "-- reads: "))) {
            if (!n || strcmp(x, "public") != 0)
                refuse("`reads` can only say public");
            v[n - 1].public = true;
        } else if (strncmp(line, "--", 2) == 0) {
            continue; // a comment for people
        } else if (n) {
            add_line(sql, sizeof sql, line);
        } else if (*line) {
            refuse("SQL before the first name");
        }
    }
    if (n)
        finish(&v[n - 1], sql);
    return n;
}

static const char *c_type(const struct field *f)
{
    if (strcmp(f->type, "i64") == 0)
        return f->null ? "opt_i64" : "int64_t";
    if (strcmp(f->type, "f64") == 0)
        return f->null ? "opt_f64" : "double";
    if (strcmp(f->type, "blob") == 0)
        return "str";
    return f->type;
}

static const char *kind_of(const struct field *f)
{
    if (strcmp(f->type, "i64") == 0)
        return f->null ? "SQL_OPT_I64" : "SQL_I64";
    if (strcmp(f->type, "f64") == 0)
        return f->null ? "SQL_OPT_F64" : "SQL_F64";
    if (is_id(f->type))
        return f->null ? "SQL_OPT_ID" : "SQL_I64";
    if (strcmp(f->type, "bool") == 0)
        return "SQL_BOOL";
    if (strcmp(f->type, "blob") == 0)
        return f->null ? "SQL_OPT_BLOB" : "SQL_BLOB";
    if (strcmp(f->type, "date") == 0)
        return f->null ? "SQL_OPT_DATE" : "SQL_DATE";
    return f->null ? "SQL_OPT_STR" : "SQL_STR";
}

static void put_struct(FILE *h, const struct field *f, int n, const char *name, const char *tail)
{
    fprintf(h, "struct q_%s%s {\n", name, tail);
    for (int i = 0; i < n; i++)
        fprintf(h, "    %s %s;\n", c_type(&f[i]), f[i].name);
    fprintf(h, "};\n");
}

static void put_header(FILE *h, const struct statement *s)
{
    const char *n = s->name;
    char in_param[200] = "";
    const char *in_arg = "NULL";
    if (s->n_in) {
        put_struct(h, s->in, s->n_in, n, "_in");
        snprintf(in_param, sizeof in_param, ", const struct q_%.95s_in *in", n);
        in_arg = "in";
    }
    fprintf(h, "extern const struct sql_stmt sql_%s;\n", n);
    if (!s->n_out) {
        fprintf(h,
                "MUST_USE static inline err q_%s(struct db_tx *tx%s)\n{\n"
                "    return db_run(tx, &sql_%s, %s, NULL);\n}\n"
                "MUST_USE static inline err q_%s_count(struct db_tx *tx%s, int64_t *ret_rows)\n{\n"
                "    return db_run(tx, &sql_%s, %s, ret_rows);\n}\n\n",
                n, in_param, n, in_arg, n, in_param, n, in_arg);
        return;
    }
    put_struct(h, s->out, s->n_out, n, "");
    fprintf(h,
            "// The first row, its text copied into `a`; *ret_found says whether there is one.\n"
            "MUST_USE static inline err q_%s_one(struct db_tx *tx, struct arena *a%s, "
            "struct q_%s *ret, bool *ret_found)\n{\n"
            "    return db_one(tx, a, &sql_%s, %s, ret, ret_found);\n}\n"
            "MUST_USE static inline err q_%s_open(struct db_tx *tx%s, struct db_rows *ret)\n{\n"
            "    return db_rows_open(tx, &sql_%s, %s, ret);\n}\n"
            "// Text in *ret lives until the next call.\n"
            "MUST_USE static inline err q_%s_next(struct db_rows *r, struct q_%s *ret, "
            "bool *ret_more)\n{\n"
            "    return db_rows_next(r, ret, ret_more);\n}\n"
            "// All rows, copied into `a`.\n"
            "MUST_USE static inline err q_%s_all(struct db_tx *tx, struct arena *a%s, "
            "struct q_%s **ret, size_t *ret_n)\n{\n"
            "    void *v = NULL;\n"
            "    err e = db_all(tx, a, &sql_%s, %s, sizeof(struct q_%s), &v, ret_n);\n"
            "    *ret = (struct q_%s *)v;\n"
            "    return e;\n}\n\n",
            n, in_param, n, n, in_arg, n, in_param, n, in_arg, n, n, n, in_param, n, n, in_arg, n,
            n);
}

static void put_c_string(FILE *c, const char *s)
{
    fputs("        \"", c);
    int col = 0;
    for (; *s; s++) {
        if (*s == '\n') {
            fputs("\\n\"\n        \"", c);
            col = 0;
            continue;
        }
        if (*s == '"' || *s == '\\')
            fputc('\\', c);
        fputc(*s, c);
        if (++col > 80 && *s == ' ') {
            fputs("\"\n        \"", c);
            col = 0;
        }
    }
    fputs("\"", c);
}

static void put_fields(FILE *c, const struct field *f, int n, const char *name, const char *tail)
{
    for (int i = 0; i < n; i++)
        fprintf(c, "        {\"%s\", %s, offsetof(struct q_%s%s, %s)},\n", f[i].name,
                kind_of(&f[i]), name, tail, f[i].name);
}

static void put_source(FILE *c, const struct statement *s)
{
    if (s->n_in) {
        fprintf(c, "static const struct sql_field in_%s[] = {\n", s->name);
        put_fields(c, s->in, s->n_in, s->name, "_in");
        fprintf(c, "};\n");
    }
    if (s->n_out) {
        fprintf(c, "static const struct sql_field out_%s[] = {\n", s->name);
        put_fields(c, s->out, s->n_out, s->name, "");
        fprintf(c, "};\n");
    }
    fprintf(c, "const struct sql_stmt sql_%s = {\n    .name = \"%s\",\n    .sqlite =\n", s->name,
            s->name);
    put_c_string(c, s->sqlite);
    fprintf(c, ",\n    .pg =\n");
    put_c_string(c, s->pg);
    fprintf(c, ",\n");
    if (s->n_in)
        fprintf(c, "    .in = in_%s, .n_in = %d,\n", s->name, s->n_in);
    if (s->n_out)
        fprintf(c, "    .out = out_%s, .n_out = %d,\n    .out_size = sizeof(struct q_%s),\n",
                s->name, s->n_out, s->name);
    fprintf(c, "    .public_only = %s,\n};\n\n", s->public ? "true" : "false");
}

static FILE *open_out(const char *base, const char *ext)
{
    char path[4096];
    snprintf(path, sizeof path, "%s%s", base, ext);
    FILE *f = fopen(path, "w");
    if (!f) {
        fprintf(stderr, "sqlgen: %s cannot be written\n", path);
        exit(1);
    }
    fputs("// Made by sqlgen; edit the .sql file.\n", f);
    return f;
}

static void statements(const char *in, const char *out)
{
    static struct statement v[MAX_STATEMENTS];
    file = in;
    int n = parse_statements(read_file(in), v);
    const char *base = strrchr(out, '/') ? strrchr(out, '/') + 1 : out;
    FILE *h = open_out(out, ".h"), *c = open_out(out, ".c");
    fprintf(h,
            "#ifndef GENERATED_%s_H\n#define GENERATED_%s_H\n#include \"base/base.h\"\n"
            "#include \"store/db.h\"\n\n",
            base, base);
    fprintf(c, "#include \"base/base.h\"\n#include \"%s.h\"\n#include <stddef.h>\n\n", base);
    for (int i = 0; i < n; i++) {
        put_header(h, &v[i]);
        put_source(c, &v[i]);
    }
    fprintf(h, "extern const struct sql_stmt *const %s_all[];\n#endif\n", base);
    fprintf(c, "const struct sql_stmt *const %s_all[] = {\n", base);
    for (int i = 0; i < n; i++)
        fprintf(c, "    &sql_%s,\n", v[i].name);
    fprintf(c, "    NULL,\n};\n");
    fclose(h);
    fclose(c);
}

struct word {
    const char *is, *sqlite, *pg;
};

static const struct word words[] = {
    {"INTEGER", "INTEGER", "bigint"},
    {"TEXT", "TEXT", "text COLLATE \"C\""},
    {"REAL", "REAL", "double precision"},
    {"BLOB", "BLOB", "bytea"},
    {"ID", "INTEGER PRIMARY KEY AUTOINCREMENT",
     "bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY"},
};

// One statement of a migration in the words of an engine.
static void put_translated(FILE *c, const char *s, size_t n, bool pg)
{
    char *out = calloc(1, n * 8 + 64);
    size_t k = 0;
    bool table = false, clustered = false;
    for (size_t i = 0; i < n;) {
        if (s[i] == '-' && i + 1 < n && s[i + 1] == '-') {
            while (i < n && s[i] != '\n')
                i++;
        } else if (s[i] == '\'') {
            do
                out[k++] = s[i++];
            while (i < n && s[i] != '\'');
            if (i < n)
                out[k++] = s[i++];
        } else if (word_byte(s[i])) {
            size_t w = i;
            while (w < n && word_byte(s[w]))
                w++;
            size_t len = w - i;
            const char *put = NULL;
            for (size_t j = 0; j < sizeof words / sizeof *words; j++)
                if (strlen(words[j].is) == len && memcmp(words[j].is, s + i, len) == 0)
                    put = pg ? words[j].pg : words[j].sqlite;
            if (len == 5 && memcmp(s + i, "TABLE", 5) == 0)
                table = true;
            if (len == 9 && memcmp(s + i, "CLUSTERED", 9) == 0) {
                clustered = true;
                put = "";
            }
            if (put) {
                memcpy(out + k, put, strlen(put));
                k += strlen(put);
            } else {
                memcpy(out + k, s + i, len);
                k += len;
            }
            i = w;
        } else {
            out[k++] = s[i++];
        }
    }
    while (k && isspace((unsigned char)out[k - 1]))
        out[--k] = 0;
    char *begin = out;
    while (isspace((unsigned char)*begin))
        begin++;
    if (!*begin)
        return;
    put_c_string(c, begin);
    if (!pg && table && strncmp(begin, "CREATE TABLE", 12) == 0)
        fputs(clustered ? " \" STRICT, WITHOUT ROWID\"" : " \" STRICT\"", c);
    fputs(" \";\\n\"\n", c);
}

static void put_migration(FILE *c, const char *text, bool pg)
{
    size_t from = 0;
    bool quoted = false, comment = false;
    for (size_t i = 0;; i++) {
        char x = text[i];
        if (comment)
            comment = x != '\n' && x;
        else if (x == '-' && text[i + 1] == '-' && !quoted)
            comment = true;
        else if (x == '\'')
            quoted = !quoted;
        if ((x == ';' && !quoted && !comment) || !x) {
            put_translated(c, text + from, i - from, pg);
            from = i + 1;
        }
        if (!x)
            break;
    }
}

// Names of the tables whose CREATE line ends in "-- public".
static void put_public_tables(FILE *c, const char *text)
{
    for (const char *p = text; (p = strstr(p, "CREATE TABLE ")) != NULL;) {
        p += 13;
        size_t n = 0;
        while (word_byte(p[n]))
            n++;
        const char *eol = strchr(p, '\n');
        const char *mark = strstr(p, "-- public");
        if (mark && (!eol || mark < eol))
            fprintf(c, "    \"%.*s\",\n", (int)n, p);
    }
}

static void put_tables(FILE *c, const char *text)
{
    for (const char *p = text; (p = strstr(p, "CREATE TABLE ")) != NULL;) {
        p += 13;
        size_t n = 0;
        while (word_byte(p[n]))
            n++;
        fprintf(c, "    \"%.*s\",\n", (int)n, p);
    }
}

static void migrations(const char *out, int n, char **path)
{
    FILE *c = open_out(out, ".c");
    fprintf(c, "#include \"base/base.h\"\n#include \"store/migrate.h\"\n\n"
               "const struct migration migrations[] = {\n");
    for (int i = 0; i < n; i++) {
        file = path[i];
        const char *name = strrchr(path[i], '/') ? strrchr(path[i], '/') + 1 : path[i];
        line_no = 1;
        if (atol(name) != i + 1) // numbers run without a gap
            refuse("this should be migration %04d", i + 1);
        char *text = read_file(path[i]);
        if (strncmp(text, "-- slice: ", 10) != 0)
            refuse("the first line must name the slice: `-- slice: place`");
        fprintf(c, "    {.number = %d, .name = \"%s\",\n     .sqlite =\n", i + 1, name);
        put_migration(c, text, false);
        fprintf(c, "    ,\n     .pg =\n");
        put_migration(c, text, true);
        fprintf(c, "    },\n");
    }
    fprintf(c, "};\nconst int n_migrations = %d;\n\nconst char *const public_tables[] = {\n", n);
    for (int i = 0; i < n; i++)
        put_public_tables(c, read_file(path[i]));
    fprintf(c, "    NULL,\n};\n\nconst char *const all_tables[] = {\n");
    for (int i = 0; i < n; i++)
        put_tables(c, read_file(path[i]));
    fprintf(c, "    NULL,\n};\n");
    fclose(c);
}

int main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "statements") == 0)
        statements(argv[2], argv[3]);
    else if (argc >= 4 && strcmp(argv[1], "migrations") == 0)
        migrations(argv[2], argc - 3, argv + 3);
    else {
        fprintf(stderr, "use: sqlgen statements IN.sql OUT | sqlgen migrations OUT FILE…\n");
        return 2;
    }
    return 0;
}
