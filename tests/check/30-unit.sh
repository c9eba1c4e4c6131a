# SPDX-License-Identifier: AGPL-3.0-or-later
# Unit tests with the address and undefined behaviour sanitizers: meson suite “unit”.
# seconds: 900
# narrows
. tests/check/lib.sh

need asan
meson_suite unit ''
