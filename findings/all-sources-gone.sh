#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
# The only server is deleted while chronyd runs.
set -euo pipefail
cd "$(dirname "$0")"
. ./chrony

unpack_chrony "${1:-4.3-2+deb12u3}" "${2:-bookworm}"
port=$(free_port)
server truth 127.0.0.1
start client "port 0" "server 127.0.0.1 port $port minpoll -2 maxpoll -2"
await 15 synchronised client || fail "not synchronised: $(ask client tracking)"
ask client delete 127.0.0.1
stop truth
sleep 15
echo "sources: '$(ask client sources)'"
echo "tracking: $(ask client tracking)"
grep "no selectable sources" "$work/client.log" || true
[ -z "$(ask client sources)" ] && [ "$(tracking client 14),$(tracking client 2)" = Normal,127.0.0.1 ] ||
    changed "a chronyd without sources no longer calls itself synchronised with the server that is gone"
