/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
/* Clients that ask a server for the time, each again as soon as it has the answer, or so long after it. Prints the median
   and the 99th percentile of the round trips in nanoseconds, requests per second, and the nanoseconds of a processor that a
   request took the server's processes, and these and this one.
   usage: load datagram|stream SERVER OWN CLIENTS WARM_UP_MS MILLIS PAUSE_US PID...
   OWN begins the paths of the clients' sockets */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define MOST_CLIENTS 16
#define BUCKET_NANOS 20
#define BUCKETS 1000000 /* up to 20 ms */

static struct sockaddr_un server;
static const char *own;
static int stream, pause_us;
static int64_t begin, end;
static uint32_t trips[MOST_CLIENTS][BUCKETS];

static int64_t nanos(clockid_t clock) {
    struct timespec t = {0};
    clock_gettime(clock, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static int64_t now(void) { return nanos(CLOCK_MONOTONIC); }

/* Waits until a time, and returns what the server's processes have had of processors until then. */
static int64_t served_until(int64_t time, char **pids) {
    struct timespec t = {.tv_sec = time / 1000000000, .tv_nsec = time % 1000000000};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL)) continue;
    int64_t sum = 0;
    for (clockid_t clock; *pids; pids++)
        if (!clock_getcpuclockid(atoi(*pids), &clock)) sum += nanos(clock);
    return sum;
}

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static int open_client(long number, struct sockaddr_un *name) {
    struct timeval patience = {.tv_sec = 5};
    int s = socket(AF_UNIX, stream ? SOCK_STREAM : SOCK_DGRAM, 0);
    *name = (struct sockaddr_un){.sun_family = AF_UNIX};
    snprintf(name->sun_path, sizeof name->sun_path, "%s%ld", own, number);
    if (s < 0 || (!stream && bind(s, (void *)name, sizeof *name))) fail(name->sun_path);
    setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (stream && connect(s, (void *)&server, sizeof server)) fail(server.sun_path);
    return s;
}

static void *ask(void *argument) {
    long number = (long)(intptr_t)argument;
    struct sockaddr_un name;
    int s = open_client(number, &name);
    socklen_t length = stream ? 0 : sizeof server;
    while (now() < end) {
        unsigned char request[4] = {1, 1, 0, 0}, answer[32];
        int64_t asked = now();
        if (sendto(s, request, sizeof request, 0, stream ? NULL : (void *)&server, length) != 4) fail("send");
        if (recv(s, answer, sizeof answer, 0) != 20 || answer[1] != 1) fail("wrong answer");
        int64_t trip = (now() - asked) / BUCKET_NANOS;
        if (asked >= begin) trips[number][trip < BUCKETS ? trip : BUCKETS - 1]++;
        if (pause_us) usleep((useconds_t)pause_us);
    }
    close(s);
    if (!stream) unlink(name.sun_path);
    return NULL;
}

static double percentile(const uint64_t *buckets, uint64_t total, double part) {
    uint64_t seen = 0;
    int i = 0;
    while (i < BUCKETS - 1 && (seen += buckets[i]) < (uint64_t)((double)total * part)) i++;
    return (i + 0.5) * BUCKET_NANOS;
}

int main(int argc, char **argv) {
    static uint64_t all[BUCKETS];
    if (argc < 9) return 2;
    stream = !strcmp(argv[1], "stream"), own = argv[3], pause_us = atoi(argv[7]);
    server.sun_family = AF_UNIX;
    strncpy(server.sun_path, argv[2], sizeof server.sun_path - 1);
    int clients = atoi(argv[4]);
    begin = now() + atoll(argv[5]) * 1000000, end = begin + atoll(argv[6]) * 1000000;
    pthread_t threads[MOST_CLIENTS];
    for (long i = 0; i < clients && i < MOST_CLIENTS; i++) pthread_create(&threads[i], NULL, ask, (void *)(intptr_t)i);
    int64_t server = -served_until(begin, argv + 8), client = -nanos(CLOCK_PROCESS_CPUTIME_ID);
    server += served_until(end, argv + 8), client += nanos(CLOCK_PROCESS_CPUTIME_ID);
    for (int i = 0; i < clients && i < MOST_CLIENTS; i++) pthread_join(threads[i], NULL);
    uint64_t total = 0;
    for (int c = 0; c < MOST_CLIENTS; c++)
        for (int i = 0; i < BUCKETS; i++) all[i] += trips[c][i], total += trips[c][i];
    printf("%.0f %.0f %.0f %.0f %.0f\n", percentile(all, total, 0.5), percentile(all, total, 0.99),
           (double)total * 1e9 / (double)(end - begin), (double)server / (double)total,
           (double)(server + client) / (double)total);
    return 0;
}
