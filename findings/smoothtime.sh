#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
# A server with 'smoothtime' learns that it was 50 ms wrong. Does its client hear that the time it gets is not that of the source?
set -euo pipefail
cd "$(dirname "$0")"
. ./chrony

unpack_chrony "${1:-4.3-2+deb12u3}" "${2:-bookworm}"
port=$(free_port)
server truth 127.0.0.1
start smoother "port $port" "bindaddress 127.0.0.2" "allow 127.0.0.0/8" "smoothtime 400 0.001" "server 127.0.0.1 port $port minpoll -2 maxpoll -2"
start client "port 0" "server 127.0.0.2 port $port minpoll -2 maxpoll -2"
await 20 synchronised client || fail "not synchronised: $(ask client tracking)"
await 10 synchronised smoother || fail "not synchronised: $(ask smoother tracking)"
ask smoother smoothing
sleep 5
ask truth doffset -0.05 >/dev/null
sleep 12
echo "smoother: $(ask smoother tracking)"
ask smoother smoothing
echo "client:   $(ask client tracking)"
ask client tracking | awk -F , '
    { size = ($5 < 0 ? -$5 : $5); bound = size + $12 + $11 / 2
      printf "50 ms wrong; claimed to be wrong by %.3f ms at most\n", bound * 1000; exit !(bound < 0.04) }' || changed "the client hears of it"
