# SPDX-License-Identifier: AGPL-3.0-or-later
# Flows over HTTP against the program with sanitizers: the same files on SQLite and PostgreSQL.
# seconds: 1200
# narrows
. tests/check/lib.sh

need asan
export DOORSTEP_BIN="$PWD/build-asan/src/app/doorstep"
url=$(postgres)

# The flows on one engine, their cases named after it.
flows() # ENGINE
{
    node_tests tests/flow/*.test.mjs | sed "s/^\(ok - \|not ok - \|skipped: \)/\1$1: /"
}

# Both engines at once; what they say is told one after the other.
(unset DOORSTEP_TEST_PG && flows SQLite) >"$CHECK_TMP/flow-sqlite" &
sqlite=$!
(export DOORSTEP_TEST_PG="$url" && flows PostgreSQL) >"$CHECK_TMP/flow-pg" || :
wait "$sqlite" || :
for said in "$CHECK_TMP/flow-sqlite" "$CHECK_TMP/flow-pg"; do
    grep -q '^\(ok\|not ok\) - ' "$said" || [ -n "$CHECK_SLICES" ] || say_not_ok "no flow ran: ${said##*/}"
    cat "$said"
done
