# SPDX-License-Identifier: AGPL-3.0-or-later
# Real files of a district, as their publishers made them, against an independent reading of the
# same files; and an invented district of another year. The real files are not part of the project:
# DOORSTEP_DATA names the folder that holds them, and without it those cases are skipped.
# seconds: 900
. tests/check/lib.sh

need gcc
export DOORSTEP_BIN="$PWD/build-gcc/src/app/doorstep"
DOORSTEP_PG=$(postgres) # both engines in one run
export DOORSTEP_PG
node_tests tests/acceptance/*.test.mjs
