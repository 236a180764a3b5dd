#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
# chronyc makestep where chronyd may not set the clock (-x): the command fails. Is everything as before?
set -euo pipefail
cd "$(dirname "$0")"
. ./chrony

unpack_chrony "${1:-4.3-2+deb12u3}" "${2:-bookworm}"
port=$(free_port)
server truth 127.0.0.1
ask truth doffset -0.3 >/dev/null
start client "port 0" "server 127.0.0.1 port $port minpoll 3 maxpoll 3 iburst"
await 15 synchronised client || fail "not synchronised: $(ask client tracking)"
sleep 1
echo "before: $(ask client tracking)"
before=$(tracking client 4)
echo "makestep: $(ask client makestep)"
echo "after:  $(ask client tracking)"
ask client tracking | awk -F , -v before="$before" '
    { printf "server 300 ms ahead; claimed: %.3f ms off at most; reference time moved by %+.3f s without a measurement\n",
          ($5 < 0 ? -$5 : $5) * 1000 + ($12 + $11 / 2) * 1000, $4 - before
      exit !(($5 < 0 ? -$5 : $5) < 0.001 && before - $4 > 0.25) }' ||
    changed "the failed command no longer cancels the correction"
