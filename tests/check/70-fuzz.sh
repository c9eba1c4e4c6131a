# SPDX-License-Identifier: AGPL-3.0-or-later
# libFuzzer on every parser that reads what strangers send: FUZZ_SECONDS each (20), from the kept
# inputs in tests/fuzz/corpus/NAME and the crashes of the past in tests/fuzz/crashes/NAME.
# seconds: 1800
# slow
. tests/check/lib.sh

# These may not go missing; any other tests/fuzz/NAME_fuzz.c joins them.
promised='http urlencoded multipart cookie csv geojson json'
FUZZ_SECONDS=${FUZZ_SECONDS:-20}

need fuzz
found=$(cd tests/fuzz && ls ./*_fuzz.c | sed 's,^\./,,; s,_fuzz\.c$,,')
printf '%s\n' $promised $found | sort -u >"$CHECK_TMP/fuzzers"
export FUZZ_SECONDS
xargs -P 2 -I NAME sh tests/check/fuzz-one.sh NAME <"$CHECK_TMP/fuzzers"
