# SPDX-License-Identifier: AGPL-3.0-or-later
# Our own rules: arrows between folders, banned calls, file heads, migrations, the tour.
. tests/check/lib.sh

need gcc tools/srccheck
case_of 'srccheck finds no fault' build-gcc/tools/srccheck .
