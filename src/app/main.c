// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "app/app.h"

#include <signal.h>
#include <sodium.h>
#include <sys/stat.h>

int main(int argc, char **argv)
{
    umask(0077); // what we make is for its owner alone
    signal(SIGPIPE, SIG_IGN);
    if (sodium_init() < 0) {
        fprintf(stderr, "doorstep: the cryptographic library does not start.\n");
        return 1;
    }
    return app_main(argc, argv, stdin, stdout, stderr);
}
