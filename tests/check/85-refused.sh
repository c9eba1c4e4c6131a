# SPDX-License-Identifier: AGPL-3.0-or-later
# Wrong files: each gives one clear sentence with its place, and the database stays byte for byte
# what it was.
. tests/check/lib.sh

need asan
export DOORSTEP_BIN="$PWD/build-asan/src/app/doorstep"
DOORSTEP_PG=$(postgres) # both engines in one run
export DOORSTEP_PG
node_tests tests/refused/*.test.mjs
