# SPDX-License-Identifier: AGPL-3.0-or-later
# A real Chromium walks every page at three widths, with and without JavaScript; screenshots in
# artifacts/browser.
# seconds: 1500
# slow
. tests/check/lib.sh

need gcc
export DOORSTEP_BIN="$PWD/build-gcc/src/app/doorstep"
node_tests tests/browser/*.test.mjs
