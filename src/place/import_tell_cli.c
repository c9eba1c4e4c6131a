// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "place/import_tell_cli.h"
#include "base/date.h"
#include "base/file.h"

enum { PROBLEMS_SHOWN = 20, NOTICES_SHOWN = 20, REPORT_MAX_BYTES = 64 << 20 };

const char *tell_number(struct arena *a, int64_t n)
{
    str s = str_fmt(a, "%lld", (long long)n);
    str out = STR("");
    for (size_t i = 0; i < s.n; i += (s.n - i - 1) % 3 + 1) {
        size_t end = i + (s.n - i - 1) % 3 + 1;
        out = str_fmt(a, "%" PRIstr "%s%" PRIstr, ARGstr(out), i ? "," : "",
                      ARGstr(str_slice(s, i, end)));
    }
    return str_z(a, out);
}

void tell_progress(void *ctx, int64_t done, int64_t total)
{
    struct tell_meter *m = ctx;
    int percent = total > 0 ? (int)(100 * done / total) : 0;
    if (percent == m->percent || percent > 100)
        return;
    m->percent = percent;
    fprintf(m->c->says, "\r%" PRIstr ": %d %%", ARGstr(m->file_name), percent);
    fflush(m->c->says);
}

void tell_progress_end(const struct tell_meter *m)
{
    if (m->percent >= 0)
        fprintf(m->c->says, "\r\033[K");
}

static void put_place(FILE *out, const struct import_problem *p)
{
    if (p->row > 0 && p->column.n)
        fprintf(out, "row %lld, column %" PRIstr ": ", (long long)p->row, ARGstr(p->column));
    else if (p->row > 0)
        fprintf(out, "row %lld: ", (long long)p->row);
    else if (p->column.n)
        fprintf(out, "column %" PRIstr ": ", ARGstr(p->column));
}

void tell_columns(struct cli *c, const struct import_job *job)
{
    for (size_t i = 0; i < job->columns.n; i++)
        if (!str_is_none(job->columns.v[i].meaning))
            fprintf(c->out, "  %" PRIstr ": %" PRIstr "\n", ARGstr(job->columns.v[i].heading),
                    ARGstr(job->columns.v[i].meaning));
}

void tell_passed_over(struct cli *c, const struct import_job *job)
{
    int n = 0;
    for (size_t i = 0; i < job->columns.n; i++)
        if (str_is_none(job->columns.v[i].meaning))
            fprintf(c->out, "%s%" PRIstr,
                    n++ ? ", " : "Columns passed over: ", ARGstr(job->columns.v[i].heading));
    if (n)
        fprintf(c->out, "\n");
}

void tell_notices(struct cli *c, const struct import_job *job)
{
    for (size_t i = 0; i < job->notices.n && i < NOTICES_SHOWN; i++) {
        fprintf(c->out, "Note: ");
        put_place(c->out, &job->notices.v[i]);
        fprintf(c->out, "%" PRIstr "\n", ARGstr(job->notices.v[i].sentence));
    }
    if (job->notices.n > NOTICES_SHOWN)
        fprintf(c->out, "Note: and %zu more like these.\n", job->notices.n - NOTICES_SHOWN);
}

// Before a load only what the load does not say itself.
void tell_twin(struct cli *c, const struct import_job *job, bool dry)
{
    const struct import_twin *t = &job->twin;
    if (t->id.v == 0 || (t->unchanged && !dry))
        return;
    fprintf(c->out, "%" PRIstr " is loaded already, as import %lld of %" PRIstr "%s\n",
            ARGstr(job->file_name), (long long)t->id.v,
            ARGstr(date_words(c->a, date_of_ms(t->finished_ms))),
            t->unchanged ? ". Loading it again would change nothing."
                         : ", but was read in another way: this makes one more import of it.");
}

// One problem is told by the error itself; several are listed first.
void tell_problems(struct cli *c, const struct import_job *job)
{
    if (job->n_problems < 2)
        return;
    for (size_t i = 0; i < job->problems.n && i < PROBLEMS_SHOWN; i++) {
        fprintf(c->says, "%" PRIstr ": ", ARGstr(job->file_name));
        put_place(c->says, &job->problems.v[i]);
        fprintf(c->says, "%" PRIstr "\n", ARGstr(job->problems.v[i].sentence));
    }
    if (job->n_problems > PROBLEMS_SHOWN)
        fprintf(c->says, "and %lld more.\n", (long long)job->n_problems - PROBLEMS_SHOWN);
}

static void put_report_row(struct buf *b, const struct import_job *job, const char *weight,
                           const struct import_problem *p)
{
    csv_put(b, job->file_name, true);
    csv_put(b, str_c(weight), false);
    csv_put(b, p->row > 0 ? str_fmt(job->a, "%lld", (long long)p->row) : STR(""), false);
    csv_put(b, str_is_none(p->column) ? STR("") : p->column, false);
    csv_put(b, p->sentence, false);
    csv_end(b);
}

err tell_report(struct cli *c, const struct import_job *job, str path)
{
    static const char *const headings[] = {"file", "weight", "row", "column", "sentence"};
    struct buf b;
    buf_init(&b, c->a, REPORT_MAX_BYTES);
    for (size_t i = 0; i < countof(headings); i++)
        csv_put(&b, str_c(headings[i]), i == 0);
    csv_end(&b);
    for (size_t i = 0; i < job->problems.n; i++)
        put_report_row(&b, job, "problem", &job->problems.v[i]);
    if (job->n_problems > (int64_t)job->problems.n) {
        struct import_problem more = {
            0, STR_NONE,
            str_fmt(c->a, "and %lld more problems",
                    (long long)job->n_problems - (long long)job->problems.n)};
        put_report_row(&b, job, "problem", &more);
    }
    for (size_t i = 0; i < job->notices.n; i++)
        put_report_row(&b, job, "notice", &job->notices.v[i]);
    return file_write(c->a, str_z(c->a, path), buf_text(&b));
}

// "Boundaries: LSOA 2021" -> "LSOA 2021"; without a title of its own the family's.
str tell_what(const struct import_job *job)
{
    str family = str_c(job->family->title);
    size_t colon = str_find(job->title, STR(": "), 0);
    str what = job->title.n == 0      ? family
               : colon < job->title.n ? str_slice(job->title, colon + 2, job->title.n)
                                      : job->title;
    if (job->reference.n == 0 || str_find(what, job->reference, 0) < what.n)
        return what;
    return str_fmt(job->a, "%" PRIstr ", %" PRIstr, ARGstr(what), ARGstr(job->reference));
}

// "1,162 links", "1 area".
str tell_count(const struct import_job *job, int64_t n)
{
    str what = str_c(job->family->counts ? job->family->counts : "rows");
    if (n == 1)
        what.n--;
    return str_fmt(job->a, "%s %" PRIstr, tell_number(job->a, n), ARGstr(what));
}
