# SPDX-License-Identifier: AGPL-3.0-or-later
# The generators and srccheck refuse what they must refuse, and find what was planted.
. tests/check/lib.sh

need gcc
BUILD=$PWD/build-gcc sh tests/tools.sh | counted
