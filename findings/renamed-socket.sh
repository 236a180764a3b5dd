#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
# A server of Unix datagrams binds its socket beside the name that clients know and renames it into place, so that there is no
# instant without a socket, or with the wrong mode. socat asks it.
set -euo pipefail
cd "$(dirname "$0")"
. ./chrony

use_suite "${2:-bookworm}"
unpack socat "${1:-1.7.4.4-2}"
socat=$work/root/usr/bin/socat
"$socat" -V | sed -n 2p
cat >"$work/server.py" <<'PY'
"""server.py BOUND NAME: answers what is sent to NAME, which is where the socket BOUND was renamed to."""
import os, socket, sys

server = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
server.bind(sys.argv[1])
os.rename(sys.argv[1], sys.argv[2])
while True:
    question, client = server.recvfrom(100)
    server.sendto(b"answer", client)
PY

ask_server() { # BOUND NAME: into $answer
    python3 "$work/server.py" "$work/$1" "$work/$2" >/dev/null &
    pids+=($!)
    await 5 test -S "$work/$2" || fail "no server"
    answer=$(printf question | timeout 10 "$socat" -t 1 - "UNIX-SENDTO:$work/$2,bind=$work/client" || true)
    rm -f "$work/client"
}

ask_server one one
bound=$answer
ask_server two.new two
renamed=$answer
echo "bound at its name: '$bound'; renamed to its name: '$renamed'"
[ "$bound,$renamed" = answer, ] || changed "socat takes both answers, or none"
