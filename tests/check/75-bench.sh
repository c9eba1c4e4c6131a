# SPDX-License-Identifier: AGPL-3.0-or-later
# The measuring tools of ./bench, on servers and programs with a known fault or a known cost. What
# ./bench measures is no part of ./check: it needs a quiet machine.
# slow
. tests/check/lib.sh

need gcc bench-tools
export BENCH_TOOLS="$PWD/build-gcc/tests/bench"
node_tests tests/bench/bench.test.mjs
