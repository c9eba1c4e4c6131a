// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "place/import_bytes.h"
#include "base/utf8.h"

enum {
    HEAD_BYTES = 4096,
    NAMES_BYTES = 64 * 1024, // of a ZIP archive's end, where the names of its files stand
    TEXT_PER_CONTROL = 16,   // text has fewer control characters than one in this many
    JSON_MAX_BYTES = 512 << 20
};

#define AS_CSV "Open it and save the sheet you want as CSV."

// ---- what is no text ----------------------------------------------------------------------------

struct kind_of_file {
    const char *begins; // with these `n` bytes
    size_t n;
    const char *is, *then; // "… is A ZIP ARCHIVE, not a text file. UNPACK IT."
};

#define BEGINS(bytes) ("" bytes), sizeof(bytes) - 1

static const struct kind_of_file kinds[] = {
    {BEGINS("PK\x03\x04"), "a ZIP archive", "Unpack it and choose the CSV or GeoJSON inside."},
    {BEGINS("PK\x05\x06"), "an empty ZIP archive", "Download it again."},
    {BEGINS("\x1f\x8b"), "a compressed file (gzip)", "Unpack it and choose the file inside."},
    {BEGINS("7z\xbc\xaf\x27\x1c"), "a 7-Zip archive", "Unpack it and choose the CSV inside."},
    {BEGINS("Rar!\x1a\x07"), "a RAR archive", "Unpack it and choose the CSV inside."},
    {BEGINS("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "an older Excel workbook (.xls)", AS_CSV},
    {BEGINS("%PDF-"), "a PDF document", "Look where it was published for the same figures as CSV."},
    {BEGINS("\x89PNG\r\n\x1a\n"), "a picture (PNG)", "Choose a CSV or GeoJSON file."},
    {BEGINS("\xff\xd8\xff"), "a picture (JPEG)", "Choose a CSV or GeoJSON file."},
    {BEGINS("GIF8"), "a picture (GIF)", "Choose a CSV or GeoJSON file."},
    {BEGINS("SQLite format 3\0"), "a database (GeoPackage or SQLite)",
     "Save its borders as GeoJSON, or its table as CSV."},
    {BEGINS("\0\0\x27\x0a\0\0\0\0"), "a shapefile", "Save it as GeoJSON."},
    {BEGINS("PAR1"), "a Parquet file", "Save it as CSV."},
};

// Workbooks are ZIP archives too; their parts, or their names, tell.
static const struct kind_of_file excel = {NULL, 0, "an Excel workbook (.xlsx)", AS_CSV};
static const struct kind_of_file open_document = {NULL, 0, "a spreadsheet (.ods)", AS_CSV};

static bool holds(str bytes, str what)
{
    return str_find(bytes, what, 0) < bytes.n;
}

static const struct kind_of_file *kind_of_zip(str bytes, str file_name)
{
    str end = str_slice(bytes, bytes.n > NAMES_BYTES ? bytes.n - NAMES_BYTES : 0, bytes.n);
    size_t tail = file_name.n > 5 ? file_name.n - 5 : 0;
    str dot = str_slice(file_name, tail, file_name.n);
    if (holds(end, STR("xl/workbook")) || str_eq_nocase(dot, STR(".xlsx")) ||
        str_eq_nocase(dot, STR(".xlsm")))
        return &excel;
    if (holds(str_slice(bytes, 0, HEAD_BYTES), STR("opendocument.spreadsheet")) ||
        str_eq_nocase(str_slice(dot, dot.n > 4 ? dot.n - 4 : 0, dot.n), STR(".ods")))
        return &open_document;
    return &kinds[0];
}

static const struct kind_of_file *kind_of(str bytes, str file_name)
{
    for (size_t i = 0; i < countof(kinds); i++)
        if (str_starts(bytes, (str){kinds[i].begins, kinds[i].n}))
            return i == 0 ? kind_of_zip(bytes, file_name) : &kinds[i];
    return NULL;
}

static err refuse_known(struct import_job *job, str bytes)
{
    const struct kind_of_file *k = kind_of(bytes, job->file_name);
    if (!k)
        return NULL;
    return err_new(job->a, ERR_INVALID, "%" PRIstr " is %s, not a text file. %s",
                   ARGstr(job->file_name), k->is, k->then);
}

// A stray one is told with its row and column by whoever reads the table; many are no text.
static err refuse_controls(struct import_job *job, str bytes)
{
    str head = str_slice(bytes, 0, HEAD_BYTES);
    size_t n = 0;
    for (size_t i = 0; i < head.n; i++) {
        unsigned char c = (unsigned char)head.p[i];
        n += c == 0x7f || (c < ' ' && !strchr("\t\n\v\f\r", c ? c : 1));
    }
    if (n * TEXT_PER_CONTROL < head.n || n == 0)
        return NULL;
    return err_new(job->a, ERR_INVALID,
                   "%" PRIstr " is not a text file. A table has to be CSV, a map GeoJSON or "
                   "TopoJSON.",
                   ARGstr(job->file_name));
}

// ---- too long -----------------------------------------------------------------------------------

bool bytes_look_like_json(str text)
{
    str t = str_trim(str_slice(text, 0, HEAD_BYTES));
    if (str_starts(t, STR("\xef\xbb\xbf")))
        t = str_trim(str_slice(t, 3, t.n));
    return t.n && (t.p[0] == '{' || t.p[0] == '[');
}

static err too_large(struct import_job *job)
{
    return err_new(job->a, ERR_INVALID,
                   "%" PRIstr " has more than %d MB; as JSON that is too much.",
                   ARGstr(job->file_name), JSON_MAX_BYTES >> 20);
}

static int64_t lines_in(str text)
{
    int64_t n = 0;
    for (size_t at = 0; (at += str_find_byte(str_slice(text, at, text.n), '\n')) < text.n; at++)
        n++;
    return n;
}

// Asked before the whole file is read: gigabytes without a line end are no table. It jumps from
// one line end to the last one within the longest line.
static err fit_lines(struct import_job *job, str text)
{
    if (bytes_look_like_json(text))
        return text.n > JSON_MAX_BYTES ? too_large(job) : NULL;
    for (size_t at = 0; text.p && text.n - at > CSV_LINE_MAX;) {
        const char *end = memrchr(text.p + at, '\n', CSV_LINE_MAX);
        if (!end)
            end = memrchr(text.p + at, '\r', CSV_LINE_MAX);
        if (!end)
            return err_new(job->a, ERR_INVALID,
                           "%" PRIstr ": row %lld is longer than %d MB. This is no table, or its "
                           "line ends are lost.",
                           ARGstr(job->file_name), (long long)lines_in(str_slice(text, 0, at)) + 1,
                           CSV_LINE_MAX >> 20);
        at = (size_t)(end - text.p) + 1;
    }
    return NULL;
}

// ---- encodings ----------------------------------------------------------------------------------

static err refuse_utf16(struct import_job *job, str text)
{
    if (!str_starts(text, STR("\xff\xfe")) && !str_starts(text, STR("\xfe\xff")))
        return NULL;
    return err_new(job->a, ERR_INVALID, "%" PRIstr " is in UTF-16. Save it again as “CSV UTF-8”.",
                   ARGstr(job->file_name));
}

err bytes_to_text(struct import_job *job, str bytes)
{
    TRY(refuse_known(job, bytes));
    TRY(fit_lines(job, bytes));
    TRY(refuse_utf16(job, bytes));
    TRY(refuse_controls(job, bytes));
    size_t bad = utf8_bad_at(bytes);
    job->text = bytes;
    if (bad == bytes.n)
        return NULL;
    job->text = utf8_from_1252(job->a, bytes);
    import_notice(job, 0, STR_NONE,
                  "The file is not UTF-8 (byte %zu); it was read as Windows-1252.", bad + 1);
    return NULL;
}
