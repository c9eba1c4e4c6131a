// SPDX-License-Identifier: AGPL-3.0-or-later
// How the command line tells what an import found: on `out` what was taken and noted, on `says`
// progress and what stands in the way.
#ifndef PLACE_IMPORT_TELL_CLI_H
#define PLACE_IMPORT_TELL_CLI_H

#include "base/base.h"
#include "place/import.h"
#include "store/command.h"

// "1,234".
const char *tell_number(struct arena *a, int64_t n);
// "1,162 links", "1 area": in the family's own word.
str tell_count(const struct import_job *job, int64_t n);
// "LSOA 2021", "Population by single year of age, mid-2020".
str tell_what(const struct import_job *job);

// One line that counts up on a terminal; job->progress with the meter as its context.
struct tell_meter {
    struct cli *c;
    str file_name;
    int percent; // -1 at first
};
void tell_progress(void *ctx, int64_t done, int64_t total);
void tell_progress_end(const struct tell_meter *m);

void tell_columns(struct cli *c, const struct import_job *job);
void tell_passed_over(struct cli *c, const struct import_job *job);
void tell_notices(struct cli *c, const struct import_job *job);
// That the file is loaded already, or was in another way; nothing before a load that says so
// itself.
void tell_twin(struct cli *c, const struct import_job *job, bool dry);
// The first twenty; nothing when there is only one, for the refusal tells that.
void tell_problems(struct cli *c, const struct import_job *job);
// Problems and notices as a table: file, weight (problem or notice), row, column, sentence.
MUST_USE err tell_report(struct cli *c, const struct import_job *job, str path);

#endif
