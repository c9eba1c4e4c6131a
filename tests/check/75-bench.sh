# SPDX-License-Identifier: AGPL-3.0-or-later
# The measuring tools of ./bench are measured: servers and programs with a known fault or a known
# cost, and what the tools have to say about them. No figure of ours is taken here.
# seconds: 300
. tests/check/lib.sh

need gcc bench-tools
export BENCH_TOOLS="$PWD/build-gcc/tests/bench"
node_tests tests/bench/bench.test.mjs
