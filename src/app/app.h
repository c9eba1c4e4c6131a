// SPDX-License-Identifier: AGPL-3.0-or-later
// The program: its command line and its server.
#ifndef APP_APP_H
#define APP_APP_H

#include "base/base.h"
#include "store/command.h"
#include "web/req.h"

extern const struct route app_routes[];
extern const struct route page_routes[]; // pages.c
extern const struct route team_routes[]; // team.c
extern const struct command app_commands[];

// Runs the program with its arguments; returns the exit status.
int app_main(int argc, char **argv, FILE *in, FILE *out, FILE *says);

// Runs the words of one command on a database that is open already; for commands handed to the
// running server. Returns the exit status.
int app_run_on(struct db *db, const char *where, int argc, char **argv, FILE *in, FILE *out,
               FILE *says);

// The command a line of words names, and how many words its name takes; NULL when none fits.
const struct command *command_find(int argc, char **argv, int *ret_words);
// Help for everything or for one command; the man page; shell completion. From the same tables.
void help_all(FILE *out);
void help_one(FILE *out, const struct command *c);
void help_man(FILE *out);
void help_completion(FILE *out);

err serve_run(struct cli *c);
err routes_run(struct cli *c);

#endif
