// SPDX-License-Identifier: AGPL-3.0-or-later
// srccheck: our own rules for the source, which no compiler knows.
//
//   srccheck ROOT      prints one line for each fault, FILE:LINE: sentence; exit 1 when any
//
// Each rule is one function; the tables near the end say which files it looks at. A rule that
// looks at the tree as a whole (arrows, migrations, README files, the tour) stands after those
// that look at one file. tests/refused/srccheck holds a planted fault for each.
//
// C is read without comments and without what stands in quotes (struct source, `code`), so that a
// word in a sentence is never taken for a call.
#include <ctype.h>
#include <dirent.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { COLUMNS_MAX = 100, LINES_NOTE = 500, LINES_MAX = 900, FUNCTION_MAX = 100, ROOMS_MAX = 60 };

enum kind { C = 1, H = 2, SQL = 4, TMPL = 8, SLASHES = 16, SHELL = 32 };

struct source {
    const char *path; // from the root
    enum kind kind;
    char *text; // ends in NUL
    char *code; // as long as text: C with comments and the insides of quotes blanked
    size_t n;
};

struct room {
    char name[32];
    bool slice;
    uint64_t sees; // bit per room
};

struct check {
    const char *root;
    size_t files, faults;
    struct room room[ROOMS_MAX];
    size_t n_room;
};

// --- small tools ---------------------------------------------------------------------------

__attribute__((format(printf, 4, 5))) static void fault(struct check *c, const char *path, int line,
                                                        const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    printf("%s:%d: ", path, line);
    vprintf(fmt, ap);
    putchar('\n');
    va_end(ap);
    c->faults++;
}

static char *need(void *p)
{
    if (!p) {
        fprintf(stderr, "srccheck: no memory\n");
        exit(2);
    }
    return p;
}

static void full_path(const struct check *c, const char *path, char *ret, size_t n)
{
    if ((size_t)snprintf(ret, n, "%s/%s", c->root, path) >= n) {
        fprintf(stderr, "srccheck: %s: the path is too long\n", path);
        exit(2);
    }
}

static bool exists(const struct check *c, const char *path)
{
    char full[4096];
    struct stat st;
    full_path(c, path, full, sizeof full);
    return stat(full, &st) == 0;
}

// The whole file with a NUL behind it, to be freed; NULL when there is none.
static char *read_file(const struct check *c, const char *path, size_t *ret_n)
{
    char full[4096];
    full_path(c, path, full, sizeof full);
    FILE *f = fopen(full, "rb");
    if (!f)
        return NULL;
    size_t n = 0, cap = 1 << 16, got;
    char *p = need(malloc(cap));
    while ((got = fread(p + n, 1, cap - n - 1, f)) > 0) {
        n += got;
        if (cap - n - 1 == 0)
            p = need(realloc(p, cap *= 2));
    }
    fclose(f);
    p[n] = 0;
    *ret_n = n;
    return p;
}

static bool starts(const char *s, const char *with)
{
    return strncmp(s, with, strlen(with)) == 0;
}

static bool ends(const char *s, const char *with)
{
    size_t n = strlen(s), k = strlen(with);
    return n >= k && strcmp(s + n - k, with) == 0;
}

static bool name_byte(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

static const char *line_end(const char *p)
{
    const char *e = strchr(p, '\n');
    return e ? e : p + strlen(p);
}

static const char *after_line(const char *p)
{
    const char *e = line_end(p);
    return *e ? e + 1 : e;
}

static int line_of(const struct source *s, const char *at)
{
    int line = 1;
    for (const char *p = s->text; p < s->text + (at - s->text); p++)
        line += *p == '\n';
    return line;
}

// The place in the text that belongs to a place in the code.
static const char *in_text(const struct source *s, const char *at_code)
{
    return s->text + (at_code - s->code);
}

// Blanks comments and the insides of quotes, keeping line ends and the quotes themselves.
static void strip(char *p)
{
    for (; *p; p++) {
        char quote = *p == '"' || *p == '\'' ? *p : 0;
        if (p[0] == '/' && p[1] == '/') {
            for (; *p && *p != '\n'; p++)
                *p = ' ';
            if (!*p)
                return;
        } else if (p[0] == '/' && p[1] == '*') {
            for (; *p && !(p[0] == '*' && p[1] == '/'); p++)
                *p = *p == '\n' ? '\n' : ' ';
            if (!*p)
                return;
            p[0] = p[1] = ' ';
            p++;
        } else if (quote) {
            for (p++; *p && *p != quote && *p != '\n'; p++) {
                if (*p == '\\' && p[1] && p[1] != '\n')
                    *p++ = ' ';
                *p = ' ';
            }
            if (!*p)
                return;
        }
    }
}

// --- rules for one file --------------------------------------------------------------------

static bool is_migration(const char *path)
{
    return starts(path, "db/migrations/");
}

static void rule_licence(struct check *c, const struct source *s)
{
    static const char line[] = "SPDX-License-Identifier: AGPL-3.0-or-later";
    if (is_migration(s->path)) // their first line names the slice
        return;
    const char *p = starts(s->text, "#!") ? after_line(s->text) : s->text;
    const char *found = strstr(p, line);
    if (!found || found > line_end(p))
        fault(c, s->path, 1, "the first line is not the licence: %s", line);
}

static void rule_tabs(struct check *c, const struct source *s)
{
    const char *tab = strchr(s->text, '\t');
    if (tab)
        fault(c, s->path, line_of(s, tab), "a tab: four spaces instead");
}

static void rule_columns(struct check *c, const struct source *s)
{
    int line = 1;
    for (const char *p = s->text; *p; p = after_line(p), line++) {
        int columns = 0;
        for (const char *q = p; q < line_end(p); q++)
            columns += ((unsigned char)*q & 0xC0) != 0x80;
        if (columns > COLUMNS_MAX)
            fault(c, s->path, line, "%d columns; %d is the most", columns, COLUMNS_MAX);
    }
}

static void rule_length(struct check *c, const struct source *s)
{
    int lines = 0;
    for (const char *p = s->text; *p; p = after_line(p))
        lines++;
    if (lines > LINES_MAX)
        fault(c, s->path, lines, "%d lines in one file; %d is the most", lines, LINES_MAX);
    else if (lines > LINES_NOTE)
        printf("note: %s has %d lines; above %d it wants to be two files\n", s->path, lines,
               LINES_NOTE);
}

// Functions open and close with a brace of their own in the first column.
static void rule_functions(struct check *c, const struct source *s)
{
    int line = 1, opened = 0;
    for (const char *p = s->code; *p; p = after_line(p), line++) {
        if (p[0] == '{')
            opened = line;
        if (p[0] != '}' || !opened)
            continue;
        if (line - opened - 1 > FUNCTION_MAX)
            fault(c, s->path, opened, "a function of %d lines; %d is the most", line - opened - 1,
                  FUNCTION_MAX);
        opened = 0;
    }
}

// The words are put together here so that this file does not find itself.
static void rule_leftovers(struct check *c, const struct source *s)
{
    static const char *const words[] = {"TO"
                                        "DO",
                                        "FIX"
                                        "ME",
                                        "XX"
                                        "X"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        for (const char *p = s->text; (p = strstr(p, words[i])); p += strlen(words[i]))
            if ((p == s->text || !name_byte(p[-1])) && !name_byte(p[strlen(words[i])]))
                fault(c, s->path, line_of(s, p), "%s: finish it, or make it an issue", words[i]);
}

static void rule_machine_paths(struct check *c, const struct source *s)
{
    static const char *const places[] = {"/"
                                         "work/",
                                         "/"
                                         "home/",
                                         "/"
                                         "tmp/"};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        if (i == 2 && starts(s->path, "tests/"))
            continue;
        for (const char *p = s->text; (p = strstr(p, places[i])); p++)
            if (p == s->text || !name_byte(p[-1]))
                fault(c, s->path, line_of(s, p), "a path of one machine: %s", places[i]);
    }
}

// A call of `name` in the code at or after p, or NULL.
static const char *find_call(const struct source *s, const char *name, const char *p)
{
    for (size_t n = strlen(name); (p = strstr(p, name)); p += n) {
        if (p > s->code && name_byte(p[-1]))
            continue;
        const char *q = p + n;
        while (*q == ' ' || *q == '\n')
            q++;
        if (*q == '(')
            return p;
    }
    return NULL;
}

static void rule_banned(struct check *c, const struct source *s)
{
    static const char *const banned[] = {"strcpy", "strcat", "sprintf", "vsprintf",
                                         "strtok", "gets",   "alloca",  "system",
                                         "popen",  "atoi",   "atof"};
    for (size_t i = 0; i < sizeof banned / sizeof *banned; i++)
        for (const char *p = s->code; (p = find_call(s, banned[i], p)); p++)
            fault(c, s->path, line_of(s, in_text(s, p)), "%s() is banned", banned[i]);
}

// Only the edges speak: library code returns errors and never logs.
static void rule_printing(struct check *c, const struct source *s)
{
    static const char *const printing[] = {"printf", "fprintf", "vprintf", "vfprintf", "puts",
                                           "fputs",  "putchar", "fputc",   "perror"};
    if (!starts(s->path, "src/") || starts(s->path, "src/app/") || ends(s->path, "_cli.c") ||
        strcmp(s->path, "src/base/log.c") == 0 || strcmp(s->path, "src/base/arena.c") == 0)
        return;
    for (size_t i = 0; i < sizeof printing / sizeof *printing; i++)
        for (const char *p = s->code; (p = find_call(s, printing[i], p)); p++)
            fault(
                c, s->path, line_of(s, in_text(s, p)),
                "%s(): library code does not print; return an error, or use base/log.h at an edge",
                printing[i]);
}

static bool begins_statement(const char *text)
{
    static const char *const verbs[] = {"SELECT", "INSERT", "UPDATE", "DELETE",  "CREATE",
                                        "PRAGMA", "ALTER",  "DROP",   "REPLACE", "VACUUM",
                                        "ATTACH", "WITH",   "MERGE",  "TRUNCATE"};
    while (*text == ' ')
        text++;
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        if (starts(text, verbs[i]) && text[strlen(verbs[i])] == ' ')
            return true;
    return false;
}

static void rule_sql(struct check *c, const struct source *s)
{
    if (!starts(s->path, "src/") || starts(s->path, "src/store/"))
        return;
    for (const char *p = s->code; (p = strchr(p, '"'));) {
        if (begins_statement(in_text(s, p) + 1))
            fault(c, s->path, line_of(s, in_text(s, p)),
                  "SQL in C: write it as a named statement in a .sql file");
        p = strchr(p + 1, '"'); // its end; nothing stands between them any more
        if (!p)
            return;
        p++;
    }
}

// What is safe HTML or a checked address is decided in one file.
static void rule_safe_types(struct check *c, const struct source *s)
{
    static const char *const makers[] = {"page_raw(", "(html){", "(url){"};
    if (!starts(s->path, "src/") || starts(s->path, "src/web/page."))
        return;
    for (size_t i = 0; i < sizeof makers / sizeof *makers; i++)
        for (const char *p = s->code; (p = strstr(p, makers[i])); p++)
            fault(c, s->path, line_of(s, in_text(s, p)),
                  "%s…: safe HTML and checked addresses are made in src/web/page.c and templates",
                  makers[i]);
}

// --- includes ------------------------------------------------------------------------------

static int room_of(const struct check *c, const char *name, size_t n)
{
    for (size_t i = 0; i < c->n_room; i++)
        if (strlen(c->room[i].name) == n && memcmp(c->room[i].name, name, n) == 0)
            return (int)i;
    return -1;
}

// The room that a path "src/ROOM/…" lies in, or -1.
static int room_of_path(const struct check *c, const char *path)
{
    if (!starts(path, "src/"))
        return -1;
    const char *slash = strchr(path + 4, '/');
    return slash ? room_of(c, path + 4, (size_t)(slash - path - 4)) : -1;
}

static void check_arrow(struct check *c, const struct source *s, int line, const char *header)
{
    int from = room_of_path(c, s->path);
    const char *slash = strchr(header, '/');
    if (from < 0)
        return; // said already
    if (!slash || starts(header, "..")) {
        fault(c, s->path, line, "\"%s\": headers are named from src/, as \"room/name.h\"", header);
        return;
    }
    int to = room_of(c, header, (size_t)(slash - header));
    const struct room *a = &c->room[from];
    if (to == from)
        return;
    if (to < 0 || !(a->sees >> to & 1)) {
        fault(c, s->path, line, "%s does not see %.*s (src/arrows.txt)", a->name,
              (int)(slash - header), header);
        return;
    }
    char door[80];
    snprintf(door, sizeof door, "%s/%s.h", c->room[to].name, c->room[to].name);
    if (a->slice && c->room[to].slice && strcmp(header, door) != 0)
        fault(c, s->path, line, "\"%s\": the slice %s shows other slices %s only", header,
              c->room[to].name, door);
}

// The name in quotes that begins behind p on this line; false when there is none.
static bool quoted_name(const char *p, char *ret, size_t n)
{
    const char *end = line_end(p), *open = memchr(p, '"', (size_t)(end - p));
    const char *close = open ? memchr(open + 1, '"', (size_t)(end - open - 1)) : NULL;
    if (!close || (size_t)(close - open) > n)
        return false;
    memcpy(ret, open + 1, (size_t)(close - open - 1));
    ret[close - open - 1] = 0;
    return true;
}

static void rule_includes(struct check *c, const struct source *s)
{
    const char *word = s->kind == TMPL ? "{{#include" : "#include";
    const char *text = s->kind == TMPL ? s->text : s->code;
    char header[256], first[256] = "";
    bool ours = starts(s->path, "src/");
    for (const char *p = text; (p = strstr(p, word)); p = after_line(p)) {
        const char *at = s->text + (p - text);
        bool quoted = quoted_name(at, header, sizeof header);
        if (!first[0])
            snprintf(first, sizeof first, "%s", quoted ? header : "a system header");
        if (!quoted)
            continue;
        ours = ours || starts(header, "base/");
        if (starts(s->path, "src/"))
            check_arrow(c, s, line_of(s, at), header);
    }
    if (s->kind == C && ours && strcmp(first, "base/base.h") != 0)
        fault(c, s->path, 1, "the first include is not \"base/base.h\"");
}

// --- which rule looks at what --------------------------------------------------------------

static const struct rule {
    void (*fn)(struct check *c, const struct source *s);
    unsigned kinds;
} rules[] = {
    {rule_licence, C | H | SQL | TMPL | SLASHES | SHELL},
    {rule_tabs, C | H | SQL | TMPL | SLASHES | SHELL},
    {rule_columns, C | H},
    {rule_length, C | H | SQL | TMPL | SLASHES | SHELL},
    {rule_functions, C | H},
    {rule_leftovers, C | H | SQL | TMPL | SLASHES | SHELL},
    {rule_machine_paths, C | H | SQL | TMPL | SLASHES | SHELL},
    {rule_banned, C | H},
    {rule_printing, C | H},
    {rule_sql, C | H},
    {rule_safe_types, C | H},
    {rule_includes, C | H | TMPL},
};

static const struct {
    const char *ending;
    enum kind kind;
} endings[] = {
    {".c", C},        {".h", H},          {".sql", SQL},  {".tmpl", TMPL}, {".mjs", SLASHES},
    {".js", SLASHES}, {".scss", SLASHES}, {".sh", SHELL}, {".awk", SHELL},
};

static unsigned kind_of(const char *path, const char *text)
{
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (ends(path, endings[i].ending))
            return endings[i].kind;
    return starts(text, "#!") ? SHELL : 0;
}

static void check_file(struct check *c, const char *path)
{
    const char *name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
    if (!kind_of(path, "") && strchr(name, '.'))
        return;
    struct source s = {.path = path};
    s.text = read_file(c, path, &s.n);
    unsigned kind = s.text ? kind_of(path, s.text) : 0;
    if (kind) {
        s.kind = (enum kind)kind;
        s.code = memcpy(need(malloc(s.n + 1)), s.text, s.n + 1);
        if (kind & (C | H))
            strip(s.code);
        if (strlen(s.text) != s.n)
            fault(c, path, 1, "a NUL byte: this is not a text");
        for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
            if (rules[i].kinds & kind)
                rules[i].fn(c, &s);
        free(s.code);
        c->files++;
    }
    free(s.text);
}

// What is built, fetched or wrong on purpose.
static bool passed_over(const char *path, const char *name)
{
    return name[0] == '.' || strcmp(name, "node_modules") == 0 || strcmp(path, "build") == 0 ||
           starts(path, "build-") || strcmp(path, "artifacts") == 0 || strcmp(path, "tmp") == 0 ||
           starts(path, "tests/refused/tmplc") || starts(path, "tests/refused/sqlgen") ||
           starts(path, "tests/refused/srccheck");
}

static void walk(struct check *c, const char *folder)
{
    char full[4096], path[4096];
    struct dirent **entry;
    full_path(c, folder, full, sizeof full);
    int n = scandir(full, &entry, NULL, alphasort);
    for (int i = 0; i < n; i++) {
        const char *name = entry[i]->d_name;
        struct stat st;
        int k = snprintf(path, sizeof path, "%s%s%s", folder, *folder ? "/" : "", name);
        if (k > 0 && (size_t)k < sizeof path && !passed_over(path, name)) {
            full_path(c, path, full, sizeof full);
            if (lstat(full, &st) == 0 && S_ISDIR(st.st_mode))
                walk(c, path);
            else if (S_ISREG(st.st_mode))
                check_file(c, path);
        }
        free(entry[i]);
    }
    if (n >= 0)
        free(entry);
}

// --- the tree as a whole -------------------------------------------------------------------

static void read_arrow(struct check *c, int line, char *words)
{
    static const char file[] = "src/arrows.txt";
    char *rest = words, *word = strsep(&rest, " ");
    bool slice = strcmp(word, "slice") == 0;
    if (slice)
        word = rest ? strsep(&rest, " ") : "";
    const char *sees = rest ? strsep(&rest, " ") : "";
    if (strcmp(sees, "sees") != 0 || strlen(word) >= sizeof c->room->name ||
        c->n_room == ROOMS_MAX) {
        fault(c, file, line, "not of the form: [slice] ROOM sees ROOM ROOM …");
        return;
    }
    struct room r = {.slice = slice};
    snprintf(r.name, sizeof r.name, "%s", word);
    while (rest && *rest) {
        word = strsep(&rest, " ");
        int to = room_of(c, word, strlen(word));
        if (to < 0)
            fault(c, file, line, "%s sees %s, which is not a room above it", r.name, word);
        else
            r.sees |= (uint64_t)1 << to;
    }
    if (room_of(c, r.name, strlen(r.name)) >= 0)
        fault(c, file, line, "%s stands here twice", r.name);
    c->room[c->n_room++] = r;
}

static void read_arrows(struct check *c)
{
    size_t n;
    int line = 0;
    char *text = read_file(c, "src/arrows.txt", &n), *rest = text, *one;
    if (!text)
        fault(c, "src/arrows.txt", 1, "it is missing");
    while (rest && (one = strsep(&rest, "\n"))) {
        line++;
        if (*one && *one != '#')
            read_arrow(c, line, one);
    }
    free(text);
}

// Every folder of src/ has its line, every slice its README.
static void check_rooms(struct check *c)
{
    char path[512];
    struct dirent **entry;
    full_path(c, "src", path, sizeof path);
    int n = scandir(path, &entry, NULL, alphasort);
    for (int i = 0; i < n; i++) {
        const char *name = entry[i]->d_name;
        struct stat st;
        snprintf(path, sizeof path, "%s/src/%s", c->root, name);
        if (name[0] != '.' && stat(path, &st) == 0 && S_ISDIR(st.st_mode)) {
            int room = room_of(c, name, strlen(name));
            snprintf(path, sizeof path, "src/%s/README.md", name);
            if (room < 0)
                fault(c, "src/arrows.txt", 1, "the folder src/%s has no line here", name);
            else if (c->room[room].slice && !exists(c, path))
                fault(c, path, 1, "it is missing: every slice says its words, tables and routes");
        }
        free(entry[i]);
    }
    if (n >= 0)
        free(entry);
}

static void check_migration(struct check *c, const char *name, int number)
{
    char path[512], slice[32] = "", folder[64];
    int found = 0;
    snprintf(path, sizeof path, "db/migrations/%s", name);
    bool good =
        strlen(name) > 9 && strspn(name, "0123456789") == 4 && name[4] == '_' && ends(name, ".sql");
    if (!good) {
        fault(c, path, 1, "a migration is called NNNN_slice.sql");
        return;
    }
    found = (int)strtol(name, NULL, 10);
    if (found != number)
        fault(c, path, 1, "migration %04d where %04d was due: no gaps, no doubles", found, number);
    size_t n;
    char *text = read_file(c, path, &n);
    bool named = text && sscanf(text, "-- slice: %31[a-z]\n", slice) == 1;
    snprintf(folder, sizeof folder, "src/%s", slice);
    if (!named || !exists(c, folder))
        fault(c, path, 1, "the first line does not name a slice: -- slice: NAME");
    free(text);
}

static void check_migrations(struct check *c)
{
    char path[4096];
    struct dirent **entry;
    full_path(c, "db/migrations", path, sizeof path);
    int n = scandir(path, &entry, NULL, alphasort), number = 0;
    for (int i = 0; i < n; i++) {
        if (entry[i]->d_name[0] != '.')
            check_migration(c, entry[i]->d_name, ++number);
        free(entry[i]);
    }
    if (n >= 0)
        free(entry);
}

// `path` when it looks like the path of a file: a slash, an ending, no spaces or wild cards.
static bool is_file_path(const char *path)
{
    const char *last = strrchr(path, '/');
    return last && path[0] != '/' && strchr(last, '.') && last[1] != '.' &&
           !strpbrk(path, " *<>{}$:…");
}

static void check_tour(struct check *c)
{
    size_t n;
    char *text = read_file(c, "TOUR.md", &n), *rest = text, *one;
    int line = 0;
    if (!text)
        fault(c, "TOUR.md", 1, "it is missing");
    while (rest && (one = strsep(&rest, "\n"))) {
        line++;
        for (int i = 0; one; i++) {
            const char *piece = strsep(&one, "`");
            if (i % 2 == 1 && is_file_path(piece) && !exists(c, piece))
                fault(c, "TOUR.md", line, "there is no %s", piece);
        }
    }
    free(text);
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: srccheck ROOT\n");
        return 2;
    }
    struct check c = {.root = argv[1]};
    read_arrows(&c);
    check_rooms(&c);
    walk(&c, "");
    check_migrations(&c);
    check_tour(&c);
    if (c.files == 0)
        fault(&c, argv[1], 1, "no source was found here");
    if (c.faults)
        printf("srccheck: %zu files, %zu faults\n", c.files, c.faults);
    else
        printf("srccheck: %zu files, no faults\n", c.files);
    return c.faults ? 1 : 0;
}
