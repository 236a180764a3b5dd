#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
# A client of chronyd's Unix socket whose own socket has no name in the file system, as is usual where answers are not by name.
set -euo pipefail
cd "$(dirname "$0")"
. ./chrony

unpack_chrony "${1:-4.3-2+deb12u3}" "${2:-bookworm}"
start alone "port 0" "local stratum 1"
cat >"$work/ask.py" <<'PY'
"""ask.py SOCKET: sends 'doffset -0.05' from a socket whose name the kernel chooses (an abstract one)."""
import socket, struct, sys

client = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
client.bind("")
client.settimeout(2)
client.sendto(struct.pack(">BBBBHHIIII", 6, 1, 0, 0, 71, 0, 4711, 0, 0, 0xFB333333) + bytes(4), sys.argv[1])
try:
    print("answered: %d bytes" % len(client.recv(1024)))
except TimeoutError:
    print("no answer within 2 s")
PY
echo "before: correction $(tracking alone 5)"
answer=$(python3 "$work/ask.py" "$work/alone.sock")
echo "$answer"
echo "after:  correction $(tracking alone 5)"
[ "$answer" = "no answer within 2 s" ] && tracking alone 5 | awk '{ exit !($1 > 0.04 && $1 < 0.06) }' ||
    changed "it is answered, or not served"
