# SPDX-License-Identifier: AGPL-3.0-or-later
# clang-format 14 decides how C is laid out; the doors hold to POSIX sh.
# narrows
. tests/check/lib.sh

c_files >"$CHECK_TMP/c-files"
unformatted "$CHECK_TMP/c-files" >"$CHECK_TMP/unformatted"
while read -r file; do
    say_not_ok "$file: run clang-format -i on it"
done <"$CHECK_TMP/unformatted"
[ -s "$CHECK_TMP/unformatted" ] || say_ok "$(wc -l <"$CHECK_TMP/c-files") C files are formatted"

for script in run check bench tests/*.sh tests/check/*.sh words/*.sh; do
    [ -f "$script" ] || continue
    dash -n "$script" || say_not_ok "$script: not POSIX sh"
done
say_ok 'shell scripts are read'
