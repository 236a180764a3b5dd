#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
# A chronyd is stopped for 12 s (SIGSTOP) and goes on. Nobody has touched the clock.
set -euo pipefail
cd "$(dirname "$0")"
. ./chrony

unpack_chrony "${1:-4.3-2+deb12u3}" "${2:-bookworm}"
port=$(free_port)
server truth 127.0.0.1
start client "port 0" "server 127.0.0.1 port $port minpoll 2 maxpoll 2 iburst"
await 15 synchronised client || fail "not synchronised: $(ask client tracking)"
sleep 2
ask client tracking
kill -STOP "$(cat "$work/client.pid")"
sleep 12
kill -CONT "$(cat "$work/client.pid")"
sleep 1
ask client tracking
grep -i "jump\|step\|clock" "$work/client.log" || true
[ "$(tracking client 14)" = "Not synchronised" ] || changed "it goes on where it was"
