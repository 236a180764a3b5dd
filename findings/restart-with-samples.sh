#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
# An oscillator that is off by 100 ppm, a chronyd that has measured that (-x, no driftfile) and is started anew with its old
# samples (-r, dumpdir).
set -euo pipefail
cd "$(dirname "$0")"
. ./chrony

unpack_chrony "${1:-4.3-2+deb12u3}" "${2:-bookworm}"
port=$(free_port)
server truth 127.0.0.1
ask truth dfreq 100 >/dev/null
mkdir "$work/dump"
start client "port 0" "dumpdir $work/dump" "server 127.0.0.1 port $port minpoll -1 maxpoll -1"
sleep 12
echo "before the restart: frequency $(tracking client 8) ppm, skew $(tracking client 10) ppm"
stop client
flags=-r
start client "port 0" "dumpdir $work/dump" "server 127.0.0.1 port $port minpoll 2 maxpoll 2"
is_normal() {
    [ "$(tracking client 14)" = Normal ]
}
await 10 is_normal || fail "not synchronised"
for _ in $(seq 40); do
    echo "$(ask client tracking),$(ask truth tracking)"
    sleep 0.2
done >"$work/replies"
awk -F , '
    function size(x) { return x < 0 ? -x : x }
    NR == 1 { first = $8; printf "after it:           frequency %s ppm, skew %s ppm\n", $8, $10; wrong = size($8) < 1 && $10 < 10 }
    { least = size($19) - (size($5) + $12 + $11 / 2); if (least > 0) outside++; if (least > worst) worst = least }
    END { printf "claimed bound excludes true time in %d of %d replies, by %.0f us at most\n", outside, NR, worst * 1e6; exit !(wrong && outside > 5) }
    ' "$work/replies" || changed "the frequency is right after a restart, or the bound holds"
