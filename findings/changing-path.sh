#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
# One server with true time and the same oscillator, so the true frequency is 0. The way back becomes longer by 50 µs a second,
# and the way there shorter by as much. The round trip stays 3 ms, and its half covers how wrong the measurements become.
set -euo pipefail
cd "$(dirname "$0")"
. ./chrony

unpack_chrony "${1:-4.3-2+deb12u3}" "${2:-bookworm}"
port=$(free_port)
server truth 127.0.0.1

cat >"$work/late.py" <<'PY'
"""late.py PORT: passes packets at 127.0.0.2 on to 127.0.0.1, and the answers back; the ways change, their sum does not."""
import select, socket, sys, time

port = int(sys.argv[1])
front = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
front.bind(("127.0.0.2", port))
back = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
back.connect(("127.0.0.1", port))
begun = time.monotonic()


def changed():
    return min(3e-3, 50e-6 * (time.monotonic() - begun))


while True:
    for ready in select.select([front, back], [], [])[0]:
        if ready is front:
            packet, client = front.recvfrom(2048)
            time.sleep(3e-3 - changed())
            back.send(packet)
        else:
            packet = back.recv(2048)
            time.sleep(changed())
            front.sendto(packet, client)
PY
python3 "$work/late.py" "$port" &
pids+=($!)

start client "port 0" "server 127.0.0.2 port $port minpoll -2 maxpoll -2"
await 15 synchronised client || fail "not synchronised: $(ask client tracking)"
sleep 10
for _ in $(seq 40); do
    ask client tracking
    sleep 0.25
done >"$work/replies"
ask client tracking
awk -F , '
    { off = ($8 < 0 ? -$8 : $8) - $10; if (off > 0) outside++; if (off > most) { most = off; frequency = $8; skew = $10 } }
    END { printf "replies whose frequency is more wrong than the skew: %d of %d; at most %.1f ppm at a skew of %.1f\n", outside, NR, frequency, skew
        exit !(outside > NR / 2) }
    ' "$work/replies" || changed "the skew covers the error of the frequency"
