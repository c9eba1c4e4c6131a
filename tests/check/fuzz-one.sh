# SPDX-License-Identifier: AGPL-3.0-or-later
# One fuzzer for FUZZ_SECONDS: sh tests/check/fuzz-one.sh NAME [PROGRAM]. New inputs stay in
# CHECK_TMP; what breaks the parser is kept in artifacts/fuzz and belongs into tests/fuzz/crashes.
. tests/check/lib.sh

name=$1
program=${2:-build-fuzz/tests/fuzz/${name}_fuzz}
if [ ! -x "$program" ]; then
    say_not_ok "fuzz $name: there is no $program"
    exit 0
fi
mkdir -p "$CHECK_TMP/fuzz/$name" "$CHECK_OUT/fuzz"
log=$CHECK_OUT/fuzz/$name.log
set -- "$CHECK_TMP/fuzz/$name"
for kept in tests/fuzz/corpus/"$name" tests/fuzz/crashes/"$name"; do
    [ -d "$kept" ] && set -- "$@" "$kept"
done
if "$program" -max_total_time="$FUZZ_SECONDS" -timeout=10 -rss_limit_mb=2048 \
    -artifact_prefix="$CHECK_OUT/fuzz/$name-" -print_final_stats=1 "$@" >"$log" 2>&1; then
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    say_ok "fuzz $name: $runs inputs in $FUZZ_SECONDS s"
else
    tail -n 40 "$log"
    fault=$(grep -m 1 -E 'ERROR:|SUMMARY:|runtime error' "$log" || tail -n 1 "$log")
    say_not_ok "fuzz $name: $fault"
fi
