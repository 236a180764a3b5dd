/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
/* A preloaded library that shows one program a wall clock that is CLOCKBOUND_SHIFT_NANOS ahead, or as far as the eight bytes of
   the file CLOCKBOUND_SHIFT_FILE say at each reading: who writes there steps it. The machine's clock stays as it is. The kernel's time stamps of packets cannot be shifted, so a program that asks for them is refused and reads the clock. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define NANOS 1000000000LL

static int (*real_clock_gettime)(clockid_t, struct timespec *);
static int (*real_setsockopt)(int, int, int, const void *, socklen_t);
static long long fixed_nanos;
static volatile long long *shift_nanos = &fixed_nanos;

__attribute__((constructor)) static void begin(void) {
    const char *shift = getenv("CLOCKBOUND_SHIFT_NANOS");
    const char *file = getenv("CLOCKBOUND_SHIFT_FILE");
    int opened = file ? open(file, O_RDONLY) : -1;
    fixed_nanos = shift ? atoll(shift) : 0;
    if (opened >= 0) {
        void *mapped = mmap(NULL, sizeof(long long), PROT_READ, MAP_SHARED, opened, 0);
        shift_nanos = mapped == MAP_FAILED ? &fixed_nanos : mapped;
        close(opened);
    }
    *(void **)&real_clock_gettime = dlsym(RTLD_NEXT, "clock_gettime");
    *(void **)&real_setsockopt = dlsym(RTLD_NEXT, "setsockopt");
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    if (!real_clock_gettime) {
        begin(); /* another library's constructor came first */
    }
    int result = real_clock_gettime(clock, now);
    if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
        long long nanos = now->tv_sec * NANOS + now->tv_nsec + *shift_nanos;
        now->tv_sec = nanos / NANOS;
        now->tv_nsec = nanos % NANOS;
    }
    return result;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    struct timespec exact;
    (void)zone;
    int result = clock_gettime(CLOCK_REALTIME, &exact);
    now->tv_sec = exact.tv_sec;
    now->tv_usec = exact.tv_nsec / 1000;
    return result;
}

time_t time(time_t *seconds) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (seconds) {
        *seconds = now.tv_sec;
    }
    return now.tv_sec;
}

int setsockopt(int socket, int level, int option, const void *value, socklen_t length) {
    if (level == SOL_SOCKET
        && (option == SO_TIMESTAMP || option == SO_TIMESTAMPNS || option == SO_TIMESTAMPING)) {
        errno = ENOPROTOOPT;
        return -1;
    }
    return real_setsockopt(socket, level, option, value, length);
}
