#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
# A chronyd whose clock libfaketime shows 50 ms ahead, asks a server that has true time.
set -euo pipefail
cd "$(dirname "$0")"
. ./chrony

unpack_chrony "4.3-2+deb12u3" "bookworm"
unpack libfaketime 0.9.10-2.1
port=$(free_port)
server truth 127.0.0.1
preload=$work/root/usr/lib/$(uname -m)-linux-gnu/faketime/libfaketime.so.1
export FAKETIME=+0.05
start client "port 0" "server 127.0.0.1 port $port minpoll -2 maxpoll -2"
unset FAKETIME
await 15 synchronised client || fail "not synchronised: $(ask client tracking)"
sleep 2
ask client tracking
ask client tracking | awk -F , '{ printf "50 ms wrong; measured: %.3f ms, root delay %.3f ms\n", -$5 * 1000, $11 * 1000; exit !($5 < -0.02 && $5 > -0.03 && $11 > 0.045) }' ||
    changed "it measures what the clock shows"
