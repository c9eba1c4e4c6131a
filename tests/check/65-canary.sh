# SPDX-License-Identifier: AGPL-3.0-or-later
# Script and SQL canaries in every field that is stored: no page runs one, no statement breaks on
# one, and all come back as they were written. Real Chromium, tests/canary/*.test.mjs.
# seconds: 900
# slow
. tests/check/lib.sh

need gcc
export DOORSTEP_BIN="$PWD/build-gcc/src/app/doorstep"
node_tests tests/canary/*.test.mjs
