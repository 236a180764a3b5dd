#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
# Four updates a second: the reference time is that of the newest measurement, so it goes on by a quarter of a second each time.
set -euo pipefail
cd "$(dirname "$0")"
. ./chrony

unpack_chrony "${1:-4.3-2+deb12u3}" "${2:-bookworm}"
port=$(free_port)
server truth 127.0.0.1
start client "port 0" "server 127.0.0.1 port $port minpoll -2 maxpoll -2"
await 15 synchronised client || fail "not synchronised: $(ask client tracking)"
for _ in $(seq 100); do
    echo "$(ask client tracking),$(date +%s.%N)"
    sleep 0.1
done >"$work/replies"
awk -F , '
    $4 != last { updates++; if ($4 < last) back++; last = $4; age = $15 - $4; if (age > oldest) oldest = age }
    END { printf "%d updates seen; the reference time went back at %d of them; it was up to %.2f s old at once\n", updates, back, oldest
          exit !(back > 5 && oldest > 0.6) }' "$work/replies" || changed "the reference time is that of the measurement"
