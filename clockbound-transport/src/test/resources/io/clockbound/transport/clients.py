# SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
"""Clients of protocol 1, good and bad. usage: clients.py COMMAND SERVER [ARGUMENT...]"""
import os
import random
import socket
import sys
import tempfile
import time

NOW = bytes([1, 1, 0, 0])


class Client(socket.socket):
    """A socket that remembers the directory made for its name."""

    cleanup = None


def client(kind, name=""):
    sock = Client(socket.AF_UNIX, socket.SOCK_DGRAM)
    sock.settimeout(5)
    if kind == "path":
        directory = tempfile.mkdtemp(prefix="clockbound-client")
        sock.bind(directory + "/c")
        sock.cleanup = directory
    elif kind == "abstract":
        sock.bind(b"\0" + name.encode())
    elif kind == "autobind":
        sock.bind("")
    return sock


def close(sock):
    sock.close()
    if sock.cleanup:
        os.unlink(sock.cleanup + "/c")
        os.rmdir(sock.cleanup)


def ask(server, kind, name, *requests):
    """Sends each request (hex) and prints each answer (hex)."""
    sock = client(kind, name)
    sock.connect(server)
    for request in requests:
        sock.send(bytes.fromhex(request))
        print(sock.recv(100).hex())
    close(sock)


def ask_slowly(server, pause):
    """Asks five times, reading each answer a while after it came."""
    sock = client("autobind")
    for _ in range(5):
        sock.sendto(NOW, server)
        time.sleep(float(pause))
        print(len(sock.recv(100)))
    close(sock)


def die(server, count):
    """Asks under a new name each time and is gone before the answer is read."""
    for i in range(int(count)):
        sock = client("path" if i % 10 == 0 else "autobind")
        sock.sendto(NOW, server)
        close(sock)


def nameless(server, count):
    sock = client("none")
    for _ in range(int(count)):
        sock.sendto(NOW, server)


def stuck(server, connected, count):
    """Asks and never reads; stays until its standard input ends."""
    sock = client("autobind")
    if connected == "connected":
        sock.connect(server)
    for _ in range(int(count)):
        try:
            sock.sendto(NOW, server) if connected != "connected" else sock.send(NOW)
        except (ConnectionRefusedError, PermissionError):
            break
    print("stuck", flush=True)
    sys.stdin.read()


def innocent(server, connected, count, expected):
    """Asks and waits for each answer; prints how many were right and the longest wait in ms."""
    sock = client("autobind")
    if connected == "connected":
        sock.connect(server)
    right, longest, refused = 0, 0, 0
    print("ready", flush=True)
    sys.stdin.readline()
    for _ in range(int(count)):
        begin = time.monotonic()
        try:
            sock.sendto(NOW, server) if connected != "connected" else sock.send(NOW)
        except (ConnectionRefusedError, PermissionError):
            refused += 1
            sock.connect(server)
            sock.send(NOW)
        right += sock.recv(100).hex() == expected
        longest = max(longest, time.monotonic() - begin)
        time.sleep(0.002)
    print(right, int(longest * 1000), refused)


def noise(server, count, seed):
    """Sends random bytes, reading now and then, and counts the answers that are no answers."""
    rng = random.Random(int(seed))
    sock = client("autobind")
    sock.setblocking(True)
    sizes, wrong = (4, 5, 20), 0
    for i in range(int(count)):
        sock.sendto(rng.randbytes(rng.choice((0, 1, 3, 4, 4, 5, 11, 12, 12, 13, 64, 2000))), server)
        while True:
            try:
                wrong += len(sock.recv(100, socket.MSG_DONTWAIT)) not in sizes
            except BlockingIOError:
                break
    print(wrong)


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
