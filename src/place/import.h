// SPDX-License-Identifier: AGPL-3.0-or-later
// Bringing public data about places in. One framework for every kind of file, on the command line
// and in the browser:
//
//   recognise -> dry run (every row is read and judged, nothing is written) -> report -> load
//
// Rules that hold for every family (open-data chapter of docs/decisions/0007-import.md):
//   - All or nothing: a single row in error, and nothing is written. Old data stays readable.
//   - The same file with the same options again changes nothing.
//   - Rows carry the import they came with; the newest import that has not been undone wins;
//     undoing one deletes its rows, so what was there before comes back.
//   - Every import records source, licence, reference date, vintage, and the file's SHA-256.
//   - Empty is never 0. Unknown columns are told once and passed over.
//
// CONTRIBUTING.md walks the way to a new family.
#ifndef PLACE_IMPORT_H
#define PLACE_IMPORT_H

#include "base/base.h"
#include "base/csv.h"
#include "base/vec.h"
#include "place/heading.h"
#include "place/place.h"

enum { IMPORT_PROBLEMS_KEPT = 500, IMPORT_SAMPLE_ROWS = 5 };

// Something about a row or a column that stands in the way (or, as a notice, does not).
struct import_problem {
    int64_t row;  // as a spreadsheet counts; 0: the file as a whole
    str column;   // its heading; none: the row as a whole
    str sentence; // one, complete
};

struct import_opts {
    str family;          // "" : guess
    str kind;            // areas: ward, lsoa, msoa, oa, lad; "" : as the headings say
    int64_t vintage;     // 0: as the headings say
    str district;        // only rows of this district code; "" : all
    str period;          // "2021", "mid-2020", "2019-01"; "" : as the file or family says
    str title, unit;     // long tables: what is counted
    str columns;         // a mapping somebody chose: "code=Area code;value=Count"; "" : guess
    str source, licence; // in place of the family's own
    bool replace;        // crime: a force's month that is already loaded may be loaded again
    const char *command; // where two families fit, that of this command is meant; NULL: either
};

// An import of the very same bytes that has not been undone.
struct import_twin {
    import_id id; // 0: there is none
    int64_t finished_ms;
    bool unchanged; // read in the same way: loading it again changes nothing
};

// What a column was taken to be, for the preview.
struct import_column {
    str heading;
    str meaning; // "area code", "rank of income"; none: passed over
};

struct import_job {
    struct arena *a;      // lives as long as the report is wanted
    struct arena scratch; // emptied after each row by import_row_done()
    str text;             // the whole file, UTF-8 by the time a family sees it
    str file_name;
    str sha256; // hex
    int64_t bytes;
    struct import_opts opts;
    const struct import_family *family;
    struct db_tx *tx;   // set while loading; NULL in the dry run. Reading is allowed in both:
    struct db_tx *look; // a transaction to read from (the same as tx while loading)
    import_id id;       // set while loading

    bool checked; // the dry run is over: import_load() does not repeat it
    void *kept;   // a family's own, from the dry run to the load (in `a`)

    // what the dry run found
    struct import_twin twin;
    VEC(struct import_problem) problems;
    int64_t n_problems; // all of them; problems.n is capped
    VEC(struct import_problem) notices;
    VEC(struct import_column) columns;
    VEC(str) sample; // IMPORT_SAMPLE_ROWS rows × columns.n fields
    int64_t rows_read, rows_loaded;
    int64_t vintage; // of the areas in it; 0 when there is none
    str reference;   // "2019", "mid-2020", "January 2019": what day the figures are of
    str title;       // of the dataset, for the list of sources

    // progress: bytes read of how many, twice over (dry run and load)
    void (*progress)(void *ctx, int64_t done, int64_t total);
    void *progress_ctx;
    int64_t told; // bytes at the last progress
};

struct import_source {
    const char *publisher, *title, *url, *licence, *attribution;
};

struct import_family {
    const char *name;    // "iod2019"
    const char *command; // "indicators": doorstep import indicators --as iod2019
    const char *title;   // "English Indices of Deprivation 2019"
    const char *hint;    // where people find such a file
    struct import_source source;
    bool json; // not a table: `guess` gets no headings
    // How sure it is that the file is of this family, 0 … 100. `folded` are the headings through
    // heading_fold(); with json the first 4 KB are in job->text.
    int (*guess)(struct import_job *job, const str *folded, size_t n);
    // Reads the whole file, notes problems, and, when job->tx is set, writes.
    err (*run)(struct import_job *job);
    // Deletes what import `id` wrote into this family's tables.
    err (*undo)(struct db_tx *tx, import_id id);
    const char *counts; // what rows_loaded counts, in the plural: "areas"; NULL: "rows"
};

extern const struct import_family *const import_families[]; // ends with NULL
const struct import_family *import_family_find(str name);

// Makes a job for the bytes of a file: finds the encoding (UTF-8, else Windows-1252 with a notice),
// the SHA-256, and the family. `text` must live as long as the job. ERR_INVALID says why it is no
// file we know; of what is no text at all (import_bytes.h) it says what it is.
MUST_USE err import_open(struct arena *a, str text, str file_name, const struct import_opts *opts,
                         struct import_job **ret);
// The dry run. What is wrong with the file stands in the job; err is for failures of our own.
MUST_USE err import_check(struct import_job *job, struct db_tx *look);
// NULL when it may be loaded, else one sentence: the first problem and how many more there are.
err import_refusal(const struct import_job *job);

struct import_result {
    import_id id;
    bool unchanged; // the same file had been loaded with the same options
    int64_t rows;
};
// Dry run and load in one write transaction of its own. Refuses with import_refusal().
MUST_USE err import_load(struct db *db, struct import_job *job, int64_t now_ms,
                         struct import_result *ret);
// The second half of import_load(), for somebody who cannot wait: the writer does it in its own
// time. `also` runs in the same transaction after a good load and may be NULL; `done` is called in
// the writer's thread, when `failed` says whether anything was loaded. The job has been checked;
// it, its arena and this struct belong to the writer until then. Fails at once when too many writes
// wait.
struct import_later {
    struct import_job *job;
    int64_t now_ms;
    err (*also)(struct db_tx *tx, struct import_later *l);
    void (*done)(struct import_later *l);
    void *ctx;
    struct import_result result;
    err failed;
    struct db_job db_job;
};
MUST_USE err import_load_later(struct db *db, struct import_later *l);
// import_load() with an `also` in its transaction; waits, and does not call `done`.
MUST_USE err import_load_and(struct db *db, struct import_later *l);
// Inside a write of the caller's: takes an import back.
MUST_USE err import_take_back(struct db_tx *tx, import_id id);
// Takes an import back. ERR_NOT_FOUND when there is none of that number.
MUST_USE err import_undo(struct db *db, struct arena *a, import_id id);

// One line of the list of imports.
struct import_row {
    import_id id;
    str family, file_name, reference, publisher, title, licence, attribution, sha256;
    int64_t vintage, finished_ms, rows_read, rows_loaded;
    str notices;
};
MUST_USE err import_list(struct db_tx *tx, struct arena *a, struct import_row **ret, size_t *ret_n);

// ---- for families -----------------------------------------------------------------------------

void import_problem(struct import_job *job, int64_t row, str column, const char *fmt, ...)
    FORMAT(4, 5);
void import_notice(struct import_job *job, int64_t row, str column, const char *fmt, ...)
    FORMAT(4, 5);
// What a column is taken for, in the order of the file.
void import_column(struct import_job *job, str heading, const char *meaning);
// Call once at the end of each row: empties the scratch arena now and then, tells progress.
void import_row_done(struct import_job *job, int64_t bytes_done);

// A table with a heading row.
struct table {
    struct csv csv;
    str *heading; // as written, trimmed
    str *folded;  // through heading_fold()
    size_t n;
    str *field;  // of the row last read: csv.field
    int64_t row; // its number
};

// Reads the heading row. Notes a problem (and *ret_ok = false) when the file is empty, has no
// heading row or has a heading twice.
MUST_USE err table_open(struct import_job *job, struct table *ret, bool *ret_ok);
// The next row; a row with more or fewer fields than the heading is noted as a problem and passed
// over. Also keeps the first rows as the sample.
MUST_USE err table_next(struct import_job *job, struct table *t, bool *ret_more);
// The column of the first of these folded headings, or -1.
int table_find(const struct table *t, const char *const *folded, size_t n);
// The column of a folded heading, or -1.
int table_at(const struct table *t, const char *folded);
// What a folded heading of a table holds: those of heading_ons() and their cousins, such as
// "lsoa11_code", "ltla24_name", "lsoacode(2011)", "localauthoritydistrictcode(2019)".
MUST_USE bool table_heading(str folded, struct heading *ret);
// The code column of a kind of area ("lsoa", …) and its vintage (0: none in the heading), or -1.
int table_code_at(const struct table *t, str kind, int64_t *ret_vintage);

// A cell. Missing markers (empty, "-", "NA", "n/a", ":", "..") give *ret_missing; anything else
// that is not a number is a problem at this row and column, and gives false.
MUST_USE bool table_i64(struct import_job *job, const struct table *t, int col, int64_t *ret,
                        bool *ret_missing);
MUST_USE bool table_f64(struct import_job *job, const struct table *t, int col, double *ret,
                        bool *ret_missing);
bool is_missing(str cell);
// An area code such as E01028513: letter, 8 digits. Pseudo codes (…99999999) are missing. Anything
// else is a problem at this row and column, and gives false.
MUST_USE bool table_code(struct import_job *job, const struct table *t, int col, str *ret,
                         bool *ret_missing);

#endif
