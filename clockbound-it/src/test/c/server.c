/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
/* Answers protocol 1 as fast as the machine can: the two clocks of a reading, an interval of +-1 ms, nothing else. The
   measure of a server, and no daemon: it asks nobody what time it is.
   usage: server datagram|stream PATH */
#include <endian.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define HALF_WIDTH_NANOS 1000000u

static uint64_t nanos(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static volatile uint64_t monotonic; /* read for the growth of a bound that does not grow here */

/* Writes the answer and returns how long it is. */
static size_t answer(const unsigned char *request, ssize_t size, unsigned char *out) {
    monotonic = nanos(CLOCK_MONOTONIC);
    uint64_t now = nanos(CLOCK_REALTIME), earliest = now - HALF_WIDTH_NANOS, latest = now + HALF_WIDTH_NANOS, asked;
    int type = size >= 4 && request[0] == 1 ? request[1] : 0;
    memcpy(out, (unsigned char[]){1, 0, 1, 0}, 4);
    if (type == 1 && size == 4) {
        uint64_t ends[2] = {htobe64(earliest), htobe64(latest)};
        out[1] = 1, out[2] = 0;
        memcpy(out + 4, ends, sizeof ends);
        return 20;
    }
    if ((type == 2 || type == 3) && size == 12) {
        memcpy(&asked, request + 4, sizeof asked);
        asked = be64toh(asked);
        out[1] = (unsigned char)type, out[2] = 0;
        out[4] = type == 2 ? asked < earliest : asked > latest;
        return 5;
    }
    return 4;
}

static void serve_datagrams(int s) {
    for (;;) {
        unsigned char request[13], out[20];
        struct sockaddr_un client;
        socklen_t length = sizeof client;
        ssize_t size = recvfrom(s, request, sizeof request, 0, (void *)&client, &length);
        if (size >= 0) sendto(s, out, answer(request, size, out), 0, (void *)&client, length);
    }
}

static void *serve_connection(void *argument) {
    int s = (int)(intptr_t)argument;
    unsigned char request[12], out[20];
    ssize_t size;
    while ((size = recv(s, request, sizeof request, 0)) > 0) send(s, out, answer(request, size, out), MSG_NOSIGNAL);
    close(s);
    return NULL;
}

static void serve_stream(int s) {
    for (;;) {
        int client = accept(s, NULL, NULL);
        pthread_t thread;
        if (client >= 0 && !pthread_create(&thread, NULL, serve_connection, (void *)(intptr_t)client))
            pthread_detach(thread);
    }
}

int main(int argc, char **argv) {
    if (argc != 3) return 2;
    int stream = !strcmp(argv[1], "stream");
    struct sockaddr_un path = {.sun_family = AF_UNIX};
    strncpy(path.sun_path, argv[2], sizeof path.sun_path - 1);
    int s = socket(AF_UNIX, stream ? SOCK_STREAM : SOCK_DGRAM, 0);
    if (s < 0 || bind(s, (void *)&path, sizeof path) || (stream && listen(s, 16))) return perror(argv[2]), 1;
    if (stream) serve_stream(s);
    serve_datagrams(s);
}
