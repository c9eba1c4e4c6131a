#!/bin/sh
# SPDX-License-Identifier: AGPL-3.0-or-later
# The tools refuse what they must refuse and find what was planted.
#
#   tests/tools.sh [BUILD]     BUILD is a build folder that holds tools/tmplc and tools/srccheck
#
#   tests/refused/tmplc/*.tmpl       each says in its first line what it must be refused with:
#                                    {{! expect: LINE: words }}     by tmplc
#                                    {{! expect-cc: LINE: words }}  by the C compiler, at that
#                                                                   line of the template
#   tests/refused/tmplc/accepted/    a template with everything in it, and the page it makes
#   tests/refused/srccheck/CASE/     `plant` is run in a copy of clean/tree, a small project without
#                                    fault, and puts one into it; `expect` is a piece of what has
#                                    to be printed ("no faults" when it must not be found)
#
# One line per case; the last line is "N passed, N failed"; exit 1 when any failed.
set -u
cd "$(dirname "$0")/.." || exit 1
build=${1:-${BUILD:-build}}
tmplc=$build/tools/tmplc
srccheck=$build/tools/srccheck
cc=${CC:-cc}
passed=0
failed=0
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

ok() {
    passed=$((passed + 1))
    echo "ok $1"
}

not_ok() {
    failed=$((failed + 1))
    echo "not ok $1"
    sed 's/^/    /' "$tmp/said"
}

# result NAME: passed when the words of $want stand in what was said.
result() {
    if grep -qF -- "$want" "$tmp/said"; then
        ok "$1"
    else
        echo "wanted: $want" >>"$tmp/said"
        not_ok "$1"
    fi
}

compile() {
    $cc -std=gnu17 -D_GNU_SOURCE -Wall -Werror=implicit -Werror=incompatible-pointer-types \
        -Isrc -I"$tmp" "$@"
}

refused_by_tmplc() {
    rm -f "$tmp/out.c" "$tmp/out.h"
    want="$(basename "$1"):${2%% *}"
    if "$tmplc" "$1" "$tmp/out" >"$tmp/said" 2>&1; then
        echo 'it was accepted' >>"$tmp/said"
        not_ok "tmplc $name"
    elif [ -e "$tmp/out.c" ] || [ -e "$tmp/out.h" ]; then
        echo 'it was refused, yet something was written' >>"$tmp/said"
        not_ok "tmplc $name"
    elif grep -qF -- "$want ${2#* }" "$tmp/said" && [ "$(wc -l <"$tmp/said")" -eq 1 ]; then
        ok "tmplc $name"
    else
        echo "wanted: $want ${2#* }" >>"$tmp/said"
        not_ok "tmplc $name"
    fi
}

refused_by_compiler() {
    want="$1:$2"
    if ! "$tmplc" "$1" "$tmp/out" >"$tmp/said" 2>&1; then
        not_ok "tmplc $name"
    elif compile -c -o "$tmp/out.o" "$tmp/out.c" >"$tmp/said" 2>&1; then
        echo 'the compiler accepted it' >>"$tmp/said"
        not_ok "tmplc $name"
    else
        result "tmplc $name"
    fi
}

for file in tests/refused/tmplc/*.tmpl; do
    name=$(basename "$file" .tmpl)
    first=$(sed -n '1{s/ }}$//;p;}' "$file")
    case $first in
    '{{! expect: '*) refused_by_tmplc "$file" "${first#*expect: }" ;;
    '{{! expect-cc: '*) refused_by_compiler "$file" "${first#*expect-cc: }" ;;
    *)
        echo 'its first line expects nothing' >"$tmp/said"
        not_ok "tmplc $name"
        ;;
    esac
done

accepted=tests/refused/tmplc/accepted
if "$tmplc" "$accepted/every.tmpl" "$tmp/every" >"$tmp/said" 2>&1 &&
    compile -Wextra -Werror -o "$tmp/every" "$accepted/every.c" "$tmp/every.c" src/web/page.c \
        src/web/words.c src/web/plural.c src/base/*.c -lsodium -lm >"$tmp/said" 2>&1 &&
    "$tmp/every" >"$tmp/every.html" 2>"$tmp/said" &&
    diff "$accepted/every.html" "$tmp/every.html" >"$tmp/said" 2>&1; then
    ok 'tmplc everything at once'
else
    not_ok 'tmplc everything at once'
fi

for folder in tests/refused/srccheck/*/; do
    folder=${folder%/}
    name=$(basename "$folder")
    want=$(cat "$folder/expect")
    rm -rf "$tmp/tree"
    cp -R tests/refused/srccheck/clean/tree "$tmp/tree"
    plant=$PWD/$folder/plant
    (cd "$tmp/tree" && sh "$plant")
    "$srccheck" "$tmp/tree" >"$tmp/said" 2>&1
    status=$?
    case $want in
    *'no faults'* | note:*) right=0 ;;
    *) right=1 ;;
    esac
    if [ "$status" -ne "$right" ]; then
        echo "exit status $status" >>"$tmp/said"
        not_ok "srccheck $name"
    else
        result "srccheck $name"
    fi
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
