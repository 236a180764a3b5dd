#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
# Two servers that have true time, behind paths whose way back takes 10 and 25 ms longer than the way there. chrony's
# documentation gives |System time| + root dispersion + root delay / 2 as the largest error of the clock.
set -euo pipefail
cd "$(dirname "$0")"
. ./chrony

unpack_chrony "${1:-4.3-2+deb12u3}" "${2:-bookworm}"
port=$(free_port)
# the servers are 7 ms ahead of this machine, so its clock is about where chronyd would have slewed it to
server truth 127.0.0.1
ask truth doffset -0.007 >/dev/null

cat >"$work/late.py" <<'PY'
"""late.py PORT: answers of the server at 127.0.0.1 come 10 ms late at 127.0.0.2, 25 ms late at 127.0.0.3."""
import selectors, socket, sys, time

port = int(sys.argv[1])
ready = selectors.DefaultSelector()
waiting = []
for address, late in ("127.0.0.2", 0.010), ("127.0.0.3", 0.025):
    front = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    front.bind((address, port))
    ready.register(front, selectors.EVENT_READ, (front, late, None))
while True:
    wait = min((due for due, *_ in waiting), default=time.monotonic() + 1) - time.monotonic()
    for key, _ in ready.select(max(0, wait)):
        front, late, client = key.data
        packet, sender = key.fileobj.recvfrom(2048)
        if client is None:
            back = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            back.connect(("127.0.0.1", port))
            back.send(packet)
            ready.register(back, selectors.EVENT_READ, (front, late, sender))
        else:
            waiting.append((time.monotonic() + late, front, packet, client))
            ready.unregister(key.fileobj)
            key.fileobj.close()
    for answer in [one for one in waiting if one[0] <= time.monotonic()]:
        waiting.remove(answer)
        answer[1].sendto(answer[2], answer[3])
PY
python3 "$work/late.py" "$port" &
pids+=($!)

start client "port 0" "server 127.0.0.2 port $port minpoll -2 maxpoll -2" "server 127.0.0.3 port $port minpoll -2 maxpoll -2"
await 15 synchronised client || fail "not synchronised: $(ask client tracking)"
sleep 5
for _ in $(seq 40); do
    ask client tracking
    sleep 0.25
done >"$work/replies"
ask client sources
echo "true error of the clock: 7.000 ms"
awk -F , '
    { size = ($5 < 0 ? -$5 : $5); bound = size + $12 + $11 / 2; sum += bound; if (bound < 0.007) outside++ }
    END { printf "bound, mean of %d replies: %.3f ms; true time outside: %d\n", NR, sum / NR * 1000, outside; exit !(outside > NR / 2) }
    ' "$work/replies" || changed "the bound of combined sources contains true time"
