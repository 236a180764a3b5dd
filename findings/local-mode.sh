#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
# 'local' makes a chronyd a server although it follows nobody. What does it say of its own error?
set -euo pipefail
cd "$(dirname "$0")"
. ./chrony

unpack_chrony "${1:-4.3-2+deb12u3}" "${2:-bookworm}"
start alone "port 0" "local stratum 10"
sleep 2
ask alone tracking
[ "$(ask alone tracking | cut -d , -f 1,10-12,14)" = 7F7F0101,0.000,0.000000000,0.000000000,Normal ] || changed "it claims an error"
echo "synchronised, with a root delay, root dispersion and skew of nothing"
