# SPDX-License-Identifier: AGPL-3.0-or-later
# Flows over HTTP against the program with sanitizers: the same files on SQLite and PostgreSQL.
# seconds: 1200
# narrows
. tests/check/lib.sh

need asan
export DOORSTEP_BIN="$PWD/build-asan/src/app/doorstep"
unset DOORSTEP_TEST_PG
node_tests tests/flow/*.test.mjs | sed 's/^\(ok - \|not ok - \|skipped: \)/\1SQLite: /'
DOORSTEP_TEST_PG=$(postgres)
export DOORSTEP_TEST_PG
node_tests tests/flow/*.test.mjs | sed 's/^\(ok - \|not ok - \|skipped: \)/\1PostgreSQL: /'
