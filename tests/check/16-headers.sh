# SPDX-License-Identifier: AGPL-3.0-or-later
# Every header compiles alone, with both compilers: who includes it needs to know nothing else.
# narrows
. tests/check/lib.sh

build gcc || : # some headers include generated ones; whether it builds is another part's question
c_files | grep '^src/.*\.h$' >"$CHECK_TMP/headers"
for cc in gcc clang; do
    not_alone $cc "$CHECK_TMP/headers" >"$CHECK_TMP/not-alone"
    while read -r header; do
        say_not_ok "$header does not compile alone ($cc)"
    done <"$CHECK_TMP/not-alone"
    [ -s "$CHECK_TMP/not-alone" ] ||
        say_ok "$(wc -l <"$CHECK_TMP/headers") headers compile alone ($cc)"
done
