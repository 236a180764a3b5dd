#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
# A driver of a reference clock writes into the segment of shared memory (SHM, as gpsd does) how good its samples are: the field
# "precision", log2 of seconds. This one is 5 ms wrong and says so: -7 (7.8 ms).
set -euo pipefail
cd "$(dirname "$0")"
. ./chrony

unpack_chrony "${1:-4.3-2+deb12u3}" "${2:-bookworm}"
cat >"$work/driver.py" <<'PY'
"""driver.py UNIT READY: writes samples of a clock that is 5 ms ahead into a segment, and removes that when it is ended."""
import ctypes, signal, sys, time

libc = ctypes.CDLL(None, use_errno=True)
libc.shmat.restype = ctypes.c_void_p
unit = int(sys.argv[1])
segment = libc.shmget(0x4E545030 + unit, 96, 0o1000 | 0o2000 | 0o600)
if segment < 0:
    sys.exit("segment %d is in use" % unit)


class Sample(ctypes.Structure):
    _fields_ = [("mode", ctypes.c_int), ("count", ctypes.c_int), ("clock_sec", ctypes.c_long), ("clock_usec", ctypes.c_int),
        ("receive_sec", ctypes.c_long), ("receive_usec", ctypes.c_int), ("leap", ctypes.c_int), ("precision", ctypes.c_int),
        ("nsamples", ctypes.c_int), ("valid", ctypes.c_int), ("clock_nsec", ctypes.c_uint), ("receive_nsec", ctypes.c_uint)]


try:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    sample = Sample.from_address(libc.shmat(segment, None, 0))
    open(sys.argv[2], "x").close()
    while True:
        received = time.time_ns()
        shown = received + 5_000_000
        sample.valid = 0
        sample.clock_sec, sample.clock_nsec = divmod(shown, 10**9)
        sample.receive_sec, sample.receive_nsec = divmod(received, 10**9)
        sample.clock_usec, sample.receive_usec = sample.clock_nsec // 1000, sample.receive_nsec // 1000
        sample.precision = -7
        sample.valid = 1
        time.sleep(0.05)
finally:
    libc.shmctl(segment, 0, None)
PY
python3 "$work/driver.py" 77 "$work/ready" &
pids+=($!)
# chronyd would make the segment itself, and nobody would remove it
await 10 test -e "$work/ready" || fail "no segment of shared memory"
start client "port 0" "refclock SHM 77:perm=0600 refid WRNG poll -1 dpoll -3 filter 3"
await 20 synchronised client || fail "not synchronised: $(ask client tracking)"
sleep 5
ask client tracking
ask client tracking | awk -F , '
    { bound = $12 + $11 / 2
      printf "the estimate is 5 ms wrong and said to be good to %.6f ms: root delay %s s, root dispersion %s s\n", bound * 1000, $11, $12
      exit !($5 > 0.0049 && $5 < 0.0051 && bound < 0.0001) }' || changed "the driver's precision counts"
