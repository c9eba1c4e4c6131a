# SPDX-License-Identifier: AGPL-3.0-or-later
# The two doors themselves: their words, and the second ./run that has nothing left to do.
# seconds: 900
. tests/check/lib.sh

status_of() # COMMAND…
{
    "$@" >"$CHECK_TMP/said" 2>&1 && echo 0 || echo $?
}

case_of './run --help explains itself' [ "$(status_of ./run --help)" = 0 ]
case_of './run refuses an unknown option' [ "$(status_of ./run --prot 1)" = 2 ]
case_of './run refuses a port that is no number' [ "$(status_of ./run --port x1)" = 2 ]
case_of './check refuses an unknown word' [ "$(status_of ./check nowhere)" = 2 ]

./run --build
case_of 'the last line of ./run --build is the path of the program' \
    [ -x "$(cd / && "$OLDPWD/run" --build | tail -n 1)" ]
node_tests tests/check/doors.test.mjs
