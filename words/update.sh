#!/bin/sh
# SPDX-License-Identifier: AGPL-3.0-or-later
# Collects the programme's sentences for the translators.
#
#   words/update.sh BUILD           writes words/doorstep.pot and brings every words/*.po up to it
#   words/update.sh --check BUILD   only says whether doorstep.pot is up to date (exit 1 when not)
#
# BUILD is a build folder: the sentences of the templates are read from the C that tmplc made of
# them there, those of the C files from src/. Needs gettext.
set -eu
cd "$(dirname "$0")/.."

check=no
if [ "${1:-}" = --check ]; then
    check=yes
    shift
fi
if [ $# -ne 1 ] || [ ! -d "$1" ]; then
    echo 'usage: words/update.sh [--check] BUILD' >&2
    exit 2
fi
new=$(mktemp -d)
trap 'rm -rf "$new"' EXIT

{
    find "$1" -name '*.c' -exec grep -l '^// Made by tmplc from' {} +
    find src -name '*.c'
} | LC_ALL=C sort >"$new/files"

xgettext --files-from="$new/files" --output="$new/doorstep.pot" --language=C --from-code=UTF-8 \
    --keyword --keyword=page_say:2 --keyword=page_say_n:3,4 --keyword=N_ --keyword=page_words:2 \
    --no-wrap \
    --add-comments=translators: --package-name=Doorstep --sort-output
# Dates and line numbers would make every build a change; what file a sentence is from is enough.
[ -s "$new/doorstep.pot" ] || { echo 'no sentences were found' >&2; exit 1; }
sed -E -e '1s/.*/# SPDX-License-Identifier: AGPL-3.0-or-later/' \
    -e '/^"POT-Creation-Date/d' -e '/^#: /s,[^ ]*src/,src/,g' -e '/^#: /s/:[0-9]+//g' \
    -e '/^#, fuzzy$/d' -e '/^#$/d' -e 's/CHARSET/UTF-8/' "$new/doorstep.pot" | awk '
    /^#: / { # each file once
        split("", had); out = "#:"
        for (i = 2; i <= NF; i++) if (!($i in had)) { had[$i] = 1; out = out " " $i }
        print out; next
    }
    /^# (SOME DESCRIPTIVE TITLE|Copyright|This file|FIRST AUTHOR)/ { next }
    { print }' >"$new/clean.pot"

if [ $check = yes ]; then
    cmp -s "$new/clean.pot" words/doorstep.pot && exit 0
    echo 'words/doorstep.pot is out of date: run words/update.sh BUILD' >&2
    exit 1
fi
cp "$new/clean.pot" words/doorstep.pot
for po in words/*.po; do
    [ -f "$po" ] || continue
    msgmerge --quiet --update --backup=none --no-fuzzy-matching "$po" words/doorstep.pot
done
