# SPDX-License-Identifier: AGPL-3.0-or-later
# kill -9 under writes, imports and migrations, KILL_ROUNDS times each (20): what was
# acknowledged is there, once, and nothing is half done.
# seconds: 900
# slow
. tests/check/lib.sh

need gcc
export DOORSTEP_BIN="$PWD/build-gcc/src/app/doorstep"
DOORSTEP_PG=$(postgres) # both engines in one run
export DOORSTEP_PG
KILL_ROUNDS=${KILL_ROUNDS:-20}
export KILL_ROUNDS
node_tests tests/kill/*.test.mjs
