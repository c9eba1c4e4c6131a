# SPDX-License-Identifier: AGPL-3.0-or-later
# shellcheck shell=sh
# What the parts of ./check share. A part begins with `. tests/check/lib.sh`; the lines it may
# speak in are explained at the top of ./check.
set -eu

say_ok() { printf 'ok - %s\n' "$*"; }
say_not_ok() { printf 'not ok - %s\n' "$*"; }
say_skipped() { printf 'skipped: %s (%s)\n' "$1" "$2"; } # WHAT WHY

# Runs a command; one case, named WHAT.
case_of() # WHAT COMMAND…
{
    what=$1
    shift
    if "$@"; then
        say_ok "$what"
    else
        say_not_ok "$what"
    fi
}

# Sets up one of the four trees we test with, in the folder build-NAME:
#   gcc, clang   as delivered, warnings are errors        asan, fuzz   with sanitizers
# When the options below change, the tree is made anew; when a file came or went where meson looks
# by name, it looks again.
tree() # NAME
{
    cc=gcc options='-Dwerror=true'
    sanitized='-Dbuildtype=debugoptimized -Db_sanitize=address,undefined'
    case $1 in
    gcc) ;;
    clang) cc=clang ;;
    asan) options=$sanitized ;;
    # The objects are told to report coverage; only the fuzzers link libFuzzer's own main.
    fuzz)
        cc=clang
        options="$sanitized -Db_lundef=false -Dc_args=-fsanitize=fuzzer-no-link"
        ;;
    *) echo "no such tree: $1" >&2 && return 1 ;;
    esac
    if [ ! -f "build-$1/build.ninja" ] || [ "$(cat "build-$1/.options" 2>&1)" != "$options" ]; then
        rm -rf "build-$1"
        # shellcheck disable=SC2086  # one word an option
        CC=$cc meson setup "build-$1" -Db_colorout=never $options >&2 || return 1
        echo "$options" >"build-$1/.options"
    elif ! found_by_name | cmp -s - "build-$1/.found"; then
        meson setup --reconfigure "build-$1" >&2 || return 1
    fi
    found_by_name >"build-$1/.found"
}

found_by_name() { find tests/unit tests/fuzz assets -type f | sort; }

# Builds a tree, from the first time on only what changed; goes on after an error, so that one
# run tells all of them. The generators run while we build, and leave their memory to the end.
build() # NAME [NINJA TARGET…]
{
    tree "$1" || return 1
    name=$1
    shift
    ASAN_OPTIONS=detect_leaks=0 ninja -C "build-$name" -k 0 "$@" >&2
}

# The same for a part that only needs it done.
need() # NAME [NINJA TARGET…]
{
    build "$@" && return 0
    say_not_ok "build-$1 cannot be built, so this could not be tested"
    exit 1
}

# The URL of the cluster of this run, started by the first part that asks; ./check stops it.
postgres() { tests/pg.sh start "$CHECK_TMP/pg"; }

# The parts' narrowing: true when no slice was named, or when the path lies in a named one.
in_slices() # PATH
{
    [ -n "$CHECK_SLICES" ] || return 0
    for slice in $CHECK_SLICES; do
        case $1 in */"$slice"/* | */"$slice"[._]*) return 0 ;; esac
    done
    return 1
}

# All C of the project (of the named slices), one path a line; what stands in tests/refused looks
# as it has to.
c_files()
{
    find src tools tests -path tests/refused -prune -o -name '*.[ch]' -print | sort |
        while read -r file; do
            in_slices "$file" && echo "$file" || :
        done
}

# Of the files listed in LIST, prints those that clang-format would change.
unformatted() # LIST
{
    xargs -r -n 32 clang-format --dry-run -Werror <"$1" 2>&1 |
        sed -n 's/^\([^:]*\):[0-9]*:[0-9]*: error:.*/\1/p' | sort -u
}

# Of the headers listed in LIST, prints those that do not compile alone.
not_alone() # COMPILER LIST
{
    flags='-std=gnu17 -D_GNU_SOURCE -Wall -Wextra -Wconversion -Wno-sign-conversion -Wshadow
        -Wformat=2 -Wvla -Wstrict-prototypes -Wmissing-prototypes -Wno-unused-parameter -Werror'
    packages=$(pkg-config --cflags libpq libsodium jansson sqlite3 libmicrohttpd)
    # A header that is the main file would be told off for its own `#pragma once`.
    # shellcheck disable=SC2016
    xargs -r -I HEADER sh -c 'printf "#include \"%s\"\n" "$PWD/$0" |
        "$@" -fsyntax-only -x c - >&2 || echo "$0"' \
        HEADER "$1" $flags $packages -Isrc -Ibuild-gcc/src <"$2"
}

# Runs a meson suite of the tree with sanitizers and tells its cases, each name after PREFIX.
meson_suite() # SUITE PREFIX
{
    export CMOCKA_MESSAGE_OUTPUT=TAP
    export ASAN_OPTIONS=strict_string_checks=1:detect_stack_use_after_return=1
    export UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
    meson test -C build-asan --no-rebuild --list --suite "$1" |
        sed -n 's,^.* / ,,p' | while read -r name; do
        in_slices "src/$name/" && echo "$name" || :
    done >"$CHECK_TMP/suite"
    if [ ! -s "$CHECK_TMP/suite" ]; then
        [ -n "$CHECK_SLICES" ] || say_not_ok "meson knows no test in suite $1"
        return 0
    fi
    # The status says less than the log, case by case.
    # shellcheck disable=SC2046
    meson test -C build-asan --no-rebuild --suite "$1" $(cat "$CHECK_TMP/suite") >&2 || :
    node tests/check/cases.mjs "$2" <build-asan/meson-logs/testlog.json
}

# Passes on a test script's lines; its words for good and bad may end in “:” or nothing.
counted() { sed -E 's/^(not ok|ok)( -|:|) +/\1 - /'; }

# Runs node:test files (those of the named slices), every leaf one case.
node_tests() # FILE…
{
    for file in "$@"; do
        if [ ! -f "$file" ]; then
            say_not_ok "$file is missing"
        elif in_slices "$file"; then
            node --test --test-reporter=./tests/check/reporter.mjs "$file" || :
        fi
    done
}
