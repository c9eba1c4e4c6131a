// SPDX-License-Identifier: AGPL-3.0-or-later
// The rule a language has for its plurals, as gettext writes it: a C expression over n. It is
// read once into a small tree with a ceiling on its size and depth, so that no catalogue can
// make the program run long or deep.
#include "base/base.h"
#include "web/words.h"

enum { NODES_MAX = 160, DEPTH_MAX = 24, FORMS_MAX = 8 };

enum op { NUMBER, N, NOT, MUL, DIV, MOD, ADD, SUB, LT, LE, GT, GE, EQ, NE, AND, OR, CHOOSE };

struct node {
    enum op op;
    uint8_t a, b, c; // operands, as places in the array
    uint64_t value;
};

struct plural {
    struct node node[NODES_MAX];
    size_t n;
    uint8_t root;
    unsigned forms;
};

// --- reading -------------------------------------------------------------------------------

struct reader {
    struct plural *p;
    str rest;
    int depth;
    bool bad; // the rule cannot be read; everything after that is idle
};

static uint8_t node_add(struct reader *r, struct node node)
{
    if (r->p->n == NODES_MAX)
        r->bad = true;
    if (r->bad)
        return 0;
    r->p->node[r->p->n] = node;
    return (uint8_t)r->p->n++;
}

// Takes the sign off the front when it stands there.
static bool takes(struct reader *r, const char *sign)
{
    str s = str_c(sign);
    r->rest = str_trim(r->rest);
    if (r->bad || !str_starts(r->rest, s))
        return false;
    r->rest = str_slice(r->rest, s.n, r->rest.n);
    return true;
}

static uint8_t read_choice(struct reader *r);

static uint8_t read_number(struct reader *r)
{
    size_t n = 0;
    while (n < r->rest.n && r->rest.p[n] >= '0' && r->rest.p[n] <= '9')
        n++;
    int64_t v = 0;
    if (!str_to_i64(str_slice(r->rest, 0, n), &v)) {
        r->bad = true;
        return 0;
    }
    r->rest = str_slice(r->rest, n, r->rest.n);
    return node_add(r, (struct node){.op = NUMBER, .value = (uint64_t)v});
}

static uint8_t read_operand(struct reader *r)
{
    if (++r->depth > DEPTH_MAX)
        r->bad = true;
    uint8_t x = 0;
    if (r->bad) {
        // idle
    } else if (takes(r, "!")) {
        uint8_t a = read_operand(r);
        x = node_add(r, (struct node){.op = NOT, .a = a});
    } else if (takes(r, "(")) {
        x = read_choice(r);
        if (!takes(r, ")"))
            r->bad = true;
    } else if (takes(r, "n")) {
        x = node_add(r, (struct node){.op = N});
    } else {
        x = read_number(r);
    }
    r->depth--;
    return x;
}

// Loosest first; two-byte signs before the one-byte signs they begin with.
static const struct {
    const char *sign;
    enum op op;
    int level;
} operators[] = {
    {"||", OR, 0}, {"&&", AND, 1}, {"==", EQ, 2}, {"!=", NE, 2}, {"<=", LE, 3},
    {">=", GE, 3}, {"<", LT, 3},   {">", GT, 3},  {"+", ADD, 4}, {"-", SUB, 4},
    {"*", MUL, 5}, {"/", DIV, 5},  {"%", MOD, 5},
};
enum { LEVELS = 6 };

static bool takes_operator(struct reader *r, int level, enum op *ret)
{
    for (size_t i = 0; i < countof(operators); i++)
        if (operators[i].level == level && takes(r, operators[i].sign)) {
            *ret = operators[i].op;
            return true;
        }
    return false;
}

static uint8_t read_level(struct reader *r, int level)
{
    if (level == LEVELS)
        return read_operand(r);
    uint8_t a = read_level(r, level + 1);
    enum op op;
    while (takes_operator(r, level, &op)) {
        uint8_t b = read_level(r, level + 1);
        a = node_add(r, (struct node){.op = op, .a = a, .b = b});
    }
    return a;
}

static uint8_t read_choice(struct reader *r)
{
    if (++r->depth > DEPTH_MAX)
        r->bad = true;
    uint8_t a = read_level(r, 0);
    if (takes(r, "?")) {
        uint8_t b = read_choice(r);
        if (!takes(r, ":"))
            r->bad = true;
        uint8_t c = read_choice(r);
        a = node_add(r, (struct node){.op = CHOOSE, .a = a, .b = b, .c = c});
    }
    r->depth--;
    return a;
}

// What stands behind "key=" up to the next semicolon.
static str part_of(str rule, str key)
{
    str part;
    while (str_next(&rule, ';', &part)) {
        part = str_trim(part);
        if (str_starts(part, key))
            return str_trim(str_slice(part, key.n, part.n));
    }
    return STR_NONE;
}

err plural_parse(struct arena *a, str rule, struct plural **ret)
{
    struct plural *p = arena_new(a, struct plural);
    int64_t forms = 0;
    bool counted = str_to_i64(part_of(rule, STR("nplurals=")), &forms);
    struct reader r = {.p = p, .rest = part_of(rule, STR("plural="))};
    p->root = read_choice(&r);
    if (!counted || forms < 1 || forms > FORMS_MAX || r.bad || str_trim(r.rest).n > 0)
        return err_new(a, ERR_INVALID, "The plural rule “%" PRIstr "” cannot be read.",
                       ARGstr(rule));
    p->forms = (unsigned)forms;
    *ret = p;
    return NULL;
}

// --- reckoning -----------------------------------------------------------------------------

static uint64_t reckon(const struct plural *p, uint8_t at, uint64_t n)
{
    const struct node *x = &p->node[at];
    if (x->op == NUMBER)
        return x->value;
    if (x->op == N)
        return n;
    uint64_t a = reckon(p, x->a, n);
    if (x->op == NOT)
        return !a;
    if (x->op == CHOOSE)
        return reckon(p, a ? x->b : x->c, n);
    uint64_t b = reckon(p, x->b, n);
    switch (x->op) {
    case MUL: return a * b;
    case DIV: return b ? a / b : 0;
    case MOD: return b ? a % b : 0;
    case ADD: return a + b;
    case SUB: return a - b;
    case LT: return a < b;
    case LE: return a <= b;
    case GT: return a > b;
    case GE: return a >= b;
    case EQ: return a == b;
    case NE: return a != b;
    case AND: return a && b;
    default: return a || b;
    }
}

unsigned plural_of(const struct plural *p, uint64_t n)
{
    uint64_t form = reckon(p, p->root, n);
    return form < p->forms ? (unsigned)form : 0;
}
