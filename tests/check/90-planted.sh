# SPDX-License-Identifier: AGPL-3.0-or-later
# The checkers are checked: each gets a planted fault and has to find it. (The generators' and
# srccheck's stand in tests/refused and run with part tools; the browser's run with part browser.)
# seconds: 900
# slow
. tests/check/lib.sh

dir=$CHECK_TMP/planted
mkdir -p "$dir"

finds() # WHAT WORDS FILE
{
    if grep -qF -- "$2" "$3"; then
        say_ok "$1 is found"
    else
        say_not_ok "$1 is not found"
        sed 's/^/    /' "$3"
    fi
}

# ./check itself, with parts that fail in every way they can.
mkdir -p "$dir/parts"
part() { cat >"$dir/parts/$1"; } # NAME <TEXT
part 10-good.sh <<'END'
echo 'ok - one'
echo 'ok - two'
echo 'skipped: three (no data)'
echo '  ok - not at the start of a line'
END
part 20-bad.sh <<'END'
echo 'ok - four'; echo 'not ok - five'
END
part 30-silent.sh <<'END'
echo 'nothing to see here'
END
part 40-dies.sh <<'END'
echo 'ok - six'; exit 3
END
part 50-slow.sh <<'END'
# seconds: 1
echo 'ok - seven'; sleep 20
END
CHECK_PARTS=$dir/parts CHECK_OUT=$dir/out ./check >"$dir/said" 2>&1 && status=0 || status=$?
case_of './check fails when a part fails' [ $status = 1 ]
case_of './check counts every case' [ "$(tail -n 1 "$dir/said")" = '5 passed, 4 failed, 1 skipped' ]
finds 'a part that fails' 'bad: not ok - five' "$dir/said"
finds 'a part that says nothing' 'silent: said nothing' "$dir/said"
finds 'a part that dies' 'dies: ended with status 3' "$dir/said"
finds 'a part that hangs' 'slow: not done after 1 seconds' "$dir/said"
finds 'a skipped case' 'good: skipped: three (no data)' "$dir/said"
CHECK_PARTS=$dir/parts CHECK_OUT=$dir/out ./check good >"$dir/said" 2>&1 && status=0 || status=$?
case_of './check runs one part alone' \
    [ "$status $(tail -n 1 "$dir/said")" = '0 2 passed, 0 failed, 1 skipped' ]

# Format and headers.
printf 'int  planted( void ){return 1;}\n' >"$dir/layout.c"
cp .clang-format "$dir/"
echo "$dir/layout.c" >"$dir/list"
unformatted "$dir/list" >"$dir/said"
finds 'a file that is not formatted' layout.c "$dir/said"
printf '#include "base/base.h"\nstruct planted { struct never_declared inside; };\n' >"$dir/alone.h"
for cc in gcc clang; do
    echo "${dir#"$PWD"/}/alone.h" >"$dir/list"
    (PWD='' && not_alone $cc "$dir/list") >"$dir/said" 2>/dev/null
    finds "a header that does not compile alone ($cc)" alone.h "$dir/said"
done

# Compiles FILE the way a tree of ours compiles its own; the report goes to said.
compiled_as() # TREE FILE [MORE…]
{
    node tests/check/command.mjs "$1/compile_commands.json" >"$dir/flags"
    folder=$1 source=$2
    shift 2
    # shellcheck disable=SC2046
    (cd "$folder" && $(cat "$dir/flags") "$@" "$source" -o "$dir/program" -lcmocka) \
        >"$dir/said" 2>&1
}

cat >"$dir/warning.c" <<'END'
int main(int n, char **words)
{
    short narrowed = n * 2;
    (void)words;
    return narrowed;
}
END
for cc in gcc clang; do
    tree $cc
    compiled_as build-$cc "$dir/warning.c" || :
    finds "a narrowing conversion ($cc)" 'onversion]' "$dir/said"
done

# A unit test that fails, one that is skipped, one that reads freed memory, one that overflows.
cat >"$dir/unit.c" <<'END'
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>
static void holds(void **s)
{
    (void)s;
}
static void fails(void **s)
{
    (void)s;
    assert_int_equal(1, 2);
}
static void skips(void **s)
{
    (void)s;
    printf("skipped: skips (no data)\n");
    skip();
}
static void reads_freed(void **s)
{
    (void)s;
    volatile char *p = malloc(3);
    free((void *)p);
    assert_true(p[1] > -1000);
}
static void overflows(void **s)
{
    (void)s;
    volatile int big = 2147483647;
    volatile int over = big + 1;
    assert_true(over != 0);
}
int main(int n, char **words)
{
    const struct CMUnitTest first[] = { cmocka_unit_test(holds), cmocka_unit_test(fails),
        cmocka_unit_test(skips) };
    const struct CMUnitTest second[] = { cmocka_unit_test(reads_freed) };
    const struct CMUnitTest third[] = { cmocka_unit_test(overflows) };
    (void)words;
    return n == 1   ? cmocka_run_group_tests(first, NULL, NULL)
           : n == 2 ? cmocka_run_group_tests(second, NULL, NULL)
                    : cmocka_run_group_tests(third, NULL, NULL);
}
END
tree asan
compiled_as build-asan "$dir/unit.c" -Wno-error -Wno-use-after-free || cat "$dir/said"
export CMOCKA_MESSAGE_OUTPUT=TAP UBSAN_OPTIONS=halt_on_error=1
for words in '' 'a' 'a b'; do
    # shellcheck disable=SC2086
    "$dir/program" $words >"$dir/stdout" 2>"$dir/stderr" && status=0 || status=$?
    node tests/check/as-meson.mjs "unit$words" $status "$dir/stdout" "$dir/stderr"
done | node tests/check/cases.mjs '' >"$dir/said"
finds 'a unit test that holds' 'ok - unit: holds' "$dir/said"
finds 'a unit test that fails' 'not ok - unit: fails' "$dir/said"
finds 'a unit test that is skipped' 'skipped: unit: skips (no data)' "$dir/said"
finds 'a unit test that dies' 'not ok - unita: 1 of 1 cases never ran' "$dir/said"
finds 'a read of freed memory, by the address sanitizer' 'heap-use-after-free' "$dir/said"
finds 'an overflow, by the undefined behaviour sanitizer' 'signed integer overflow' "$dir/said"

# node:test files that fail in every way they can.
cat >"$dir/flow.test.mjs" <<'END'
import { after, describe, it, test } from "node:test";
test("holds", () => {});
test("fails", () => { throw new Error("planted"); });
test("parent", async (t) => { await t.test("child", () => { throw new Error("planted"); }); });
describe("suite", () => { it("inside", () => {}); after(() => { throw new Error("hook"); }); });
test("skips", { skip: "no data" }, () => {});
describe("empty", () => {});
END
echo 'this is no program' >"$dir/broken.test.mjs"
echo 'import "node:fs";' >"$dir/nothing.test.mjs"
node_tests "$dir/flow.test.mjs" "$dir/broken.test.mjs" "$dir/nothing.test.mjs" \
    "$dir/absent.test.mjs" >"$dir/said"
finds 'a flow that fails' 'not ok - fails' "$dir/said"
finds 'a step of a flow that fails' 'not ok - parent › child' "$dir/said"
finds 'a hook that fails' 'not ok - suite' "$dir/said"
finds 'a flow that is skipped' 'skipped: skips (no data)' "$dir/said"
finds 'a suite without a test' 'not ok - empty: holds no test' "$dir/said"
finds 'a test file that does not parse' 'not ok - broken.test.mjs' "$dir/said"
finds 'a test file without a test' 'not ok - nothing.test.mjs: holds no test' "$dir/said"
finds 'a test file that is gone' 'absent.test.mjs is missing' "$dir/said"
case_of 'and what holds is counted once' [ "$(grep -c '^ok - ' "$dir/said")" = 2 ]

# A parser that trips over three bytes.
cat >"$dir/fuzz.c" <<'END'
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    if (n > 2 && p[0] == 'b' && p[1] == 'a' && p[2] == 'd')
        abort();
    return 0;
}
END
clang -g -fsanitize=fuzzer,address,undefined "$dir/fuzz.c" -o "$dir/fuzz"
FUZZ_SECONDS=20 CHECK_OUT=$dir/out sh tests/check/fuzz-one.sh planted "$dir/fuzz" >"$dir/said"
finds 'a parser that trips' 'not ok - fuzz planted' "$dir/said"
