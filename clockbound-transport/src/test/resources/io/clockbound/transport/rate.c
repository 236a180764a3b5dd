/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
/* Asks COUNT times as fast as it can, by datagrams under a path of its own; prints requests per second.
   usage: rate datagram|stream SERVER OWN COUNT */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

static struct sockaddr_un address(const char *path) {
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    strncpy(a.sun_path, path, sizeof a.sun_path - 1);
    return a;
}

int main(int argc, char **argv) {
    if (argc != 5) return 2;
    int stream = !strcmp(argv[1], "stream");
    struct sockaddr_un server = address(argv[2]), own = address(argv[3]);
    long count = atol(argv[4]);
    int s = socket(AF_UNIX, stream ? SOCK_STREAM : SOCK_DGRAM, 0);
    if (s < 0 || (!stream && bind(s, (void *)&own, sizeof own)) || connect(s, (void *)&server, sizeof server))
        return perror("open"), 1;
    struct timespec begin, end;
    clock_gettime(CLOCK_MONOTONIC, &begin);
    for (long i = 0; i < count; i++) {
        unsigned char request[4] = {1, 1, 0, 0}, answer[100];
        if (send(s, request, sizeof request, 0) != 4) return perror("send"), 1;
        if (recv(s, answer, sizeof answer, 0) != 20 || answer[1] != 1) return fputs("wrong answer\n", stderr), 1;
    }
    clock_gettime(CLOCK_MONOTONIC, &end);
    unlink(argv[3]);
    printf("%.0f\n", (double)count / ((double)(end.tv_sec - begin.tv_sec) + (double)(end.tv_nsec - begin.tv_nsec) / 1e9));
    return 0;
}
