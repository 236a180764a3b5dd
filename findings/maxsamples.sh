#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
# maxsamples 1: no past that could hold the newest measurement back.
set -euo pipefail
cd "$(dirname "$0")"
. ./chrony

unpack_chrony "${1:-4.3-2+deb12u3}" "${2:-bookworm}"
port=$(free_port)
server truth 127.0.0.1
start client "port 0" "server 127.0.0.1 port $port minpoll -2 maxpoll -2 maxsamples 1"
await 15 synchronised client || fail "not synchronised: $(ask client tracking)"
sleep 10
ask client tracking
ask client tracking | awk -F , '{ printf "after 40 updates on loopback: skew %.0f ppm, root dispersion %.1f ms\n", $10, $12 * 1000; exit !($10 >= 1e6) }' ||
    changed "the skew falls"
