# SPDX-License-Identifier: AGPL-3.0-or-later
# gcc builds everything as delivered, and a warning is an error.
# seconds: 900
. tests/check/lib.sh

case_of "$(gcc --version | head -n 1) builds without a warning" build gcc
