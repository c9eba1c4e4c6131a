// SPDX-License-Identifier: AGPL-3.0-or-later
// A command of the command line, as data: from the tables of all slices come the parser, the help,
// the shell completion and the man page.
#ifndef STORE_COMMAND_H
#define STORE_COMMAND_H

#include "base/base.h"
#include "base/date.h"
#include "base/random.h"
#include "store/db.h"

#include <stdio.h>

enum { COMMAND_ARGS_MAX = 4096, COMMAND_OPTIONS_MAX = 24 };

struct cmd_option {
    const char *name;  // "--kind"
    const char *value; // what it takes: "ward|lsoa|msoa|oa"; NULL for a flag
    const char *help;
};

enum cmd_db {
    CMD_NO_DB,  // needs no database
    CMD_READS,  // opens it for looking only; works beside a running server
    CMD_WRITES, // opens it for writing; through the running server when there is one
    CMD_MAKES,  // as CMD_WRITES, and makes it when it is not there
};

struct cli;

struct command {
    const char *name;                 // "import areas"
    const char *args;                 // "FILE", "CODE…"; NULL for none
    const struct cmd_option *options; // ends with a NULL name; may be NULL
    const char *help;                 // first line: one sentence; further lines explain
    enum cmd_db db;
    err (*run)(struct cli *c);
};

struct cli {
    struct arena *a;
    const struct command *command;
    str arg[COMMAND_ARGS_MAX];
    int n_args;
    struct {
        const struct cmd_option *option;
        str value;
    } given[COMMAND_OPTIONS_MAX];
    int n_given;
    const char *where; // of the database
    struct db *db;
    struct clock clock;
    struct random_source random;
    FILE *in, *out, *says; // what is typed in; what was asked for; remarks and progress
    bool says_to_person;   // progress may be shown
};

// The value of an option; none when it was not given ("" for a flag that was).
str cli_option(const struct cli *c, const char *name);
bool cli_flag(const struct cli *c, const char *name);
// --format: "text" unless another was given; refuses what is not in `allowed` ("text|json").
MUST_USE err cli_format(struct cli *c, const char *allowed, str *ret);
// Wrong use: exit status 2.
err cli_misuse(struct cli *c, const char *fmt, ...) FORMAT(2, 3);
bool err_is_misuse(err e);

#endif
