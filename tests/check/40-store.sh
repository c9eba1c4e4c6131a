# SPDX-License-Identifier: AGPL-3.0-or-later
# The tests that touch the store, meson suite “store”, with sanitizers: the same programs on
# SQLite, and, with DOORSTEP_TEST_PG set, on PostgreSQL.
# seconds: 900
# narrows
. tests/check/lib.sh

need asan
unset DOORSTEP_TEST_PG
meson_suite store 'SQLite: '
DOORSTEP_TEST_PG=$(postgres)
export DOORSTEP_TEST_PG
meson_suite store 'PostgreSQL: '
