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


def connect(server):
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    sock.connect(server)
    return sock


def converse(server, *pieces):
    """Sends each piece (hex) by itself, then no more, and prints all that comes (hex)."""
    sock = connect(server)
    received = b""
    try:
        for piece in pieces:
            sock.sendall(bytes.fromhex(piece))
        sock.shutdown(socket.SHUT_WR)
        while part := sock.recv(65536):
            received += part
    except (BrokenPipeError, ConnectionResetError):
        pass  # the server hung up on what it had not read
    print(received.hex())


def pipeline(server, count, expected):
    """Sends many requests before it reads the first answer; prints how many answers were right."""
    sock, size, right = connect(server), len(bytes.fromhex(expected)), 0
    sock.sendall(NOW * int(count))
    for _ in range(int(count)):
        right += sock.recv(size, socket.MSG_WAITALL).hex() == expected
    print(right)


def glut(server, count):
    """Asks on several connections until no more can be sent, never reads; stays until its standard input ends."""
    socks = [connect(server) for _ in range(int(count))]
    for sock in socks:
        sock.setblocking(False)
        try:
            while True:
                sock.send(NOW * 1000)
        except (BlockingIOError, ConnectionError):
            pass
    print("stuck", flush=True)
    sys.stdin.read()


def drip(server, count):
    """Sends less than a request on several connections; stays until its standard input ends."""
    socks = [connect(server) for _ in range(int(count))]
    for i, sock in enumerate(socks):
        sock.send(NOW[: i % 4])
    print("stuck", flush=True)
    sys.stdin.read()


def hit_and_run(server, count):
    """Connects, asks and is gone before the answer is read."""
    for i in range(int(count)):
        sock = connect(server)
        try:
            sock.send(NOW[: i % 5])
        except ConnectionError:
            pass
        sock.close()


def stream_innocent(server, count, expected):
    """Asks on one connection and waits for each answer; prints how many were right."""
    sock, size, right = connect(server), len(bytes.fromhex(expected)), 0
    print("ready", flush=True)
    sys.stdin.readline()
    for _ in range(int(count)):
        sock.send(NOW)
        right += sock.recv(size, socket.MSG_WAITALL).hex() == expected
        time.sleep(0.002)
    print(right)


def stream_noise(server, count, seed):
    """Sends random bytes on one connection after another; prints how many of these did not end with an error."""
    rng, wrong = random.Random(int(seed)), 0
    for _ in range(int(count)):
        sock, received = connect(server), b""
        try:
            # with a header that is none at the end, so that the server hangs up
            sock.sendall(rng.choice((b"", NOW)) + rng.randbytes(rng.randrange(600)) + b"\xff" * 24)
            while part := sock.recv(65536):
                received += part
        except (BrokenPipeError, ConnectionResetError):
            pass
        wrong += received[-4:].hex() != "01000000"
        sock.close()
    print(wrong)


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
