#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
# Two good servers, of which the one that chronyd follows dies. After eight unanswered polls its reach is 0.
# minsamples makes what is seen last for 40 polls; without it chance decides, between 8 and 64.
set -euo pipefail
cd "$(dirname "$0")"
. ./chrony

unpack_chrony "${1:-4.3-2+deb12u3}" "${2:-bookworm}"
port=$(free_port)
server one 127.0.0.1
server two 127.0.0.2
start client "port 0" "server 127.0.0.1 port $port minpoll -1 maxpoll -1 minsamples 40" \
    "server 127.0.0.2 port $port minpoll -1 maxpoll -1 minsamples 40"
await 15 synchronised client || fail "not synchronised: $(ask client tracking)"
sleep 20
selected=$(tracking client 2)
case $selected in
127.0.0.1) stop one ;;
127.0.0.2) stop two ;;
*) fail "it follows $selected" ;;
esac
is_dead() {
    ask client sources | awk -F , -v source="$selected" '$3 == source { reach = $6 } END { exit reach }'
}
await 15 is_dead || fail "it is not dead: $(ask client sources)"
echo "$selected has died, its reach is 0:"
ask client sources
reference=$(tracking client 4)
sleep 6
echo "6 s and 12 polls later:"
ask client sources
ask client tracking
[ "$(tracking client 4)" = "$reference" ] && [ "$(tracking client 2)" = "$selected" ] || changed "the living source was taken"
