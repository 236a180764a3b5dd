/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
/* A preloaded library that shows one program a wall clock that is CLOCKBOUND_SHIFT_NANOS ahead, or as far as the eight bytes of
   the file CLOCKBOUND_SHIFT_FILE say at each reading: who writes there steps it. With CLOCKBOUND_RATE_PPB all its clocks run faster
   by that, since the monotonic clock was at CLOCKBOUND_RATE_FROM_NANOS. The machine's clock stays as it is. The kernel's time stamps of
   packets cannot be shifted, so a program that asks for them is refused and reads the clock. What sleeps, sleeps by the machine's clock. */
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
static long long rate_ppb;
static long long rate_from_nanos;

static long long nanos_of(const struct timespec *time) {
    return time->tv_sec * NANOS + time->tv_nsec;
}

__attribute__((constructor)) static void begin(void) {
    const char *shift = getenv("CLOCKBOUND_SHIFT_NANOS");
    const char *file = getenv("CLOCKBOUND_SHIFT_FILE");
    const char *rate = getenv("CLOCKBOUND_RATE_PPB");
    const char *from = getenv("CLOCKBOUND_RATE_FROM_NANOS");
    int opened = file ? open(file, O_RDONLY) : -1;
    fixed_nanos = shift ? atoll(shift) : 0;
    rate_ppb = rate ? atoll(rate) : 0;
    rate_from_nanos = from ? atoll(from) : 0;
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
    struct timespec before, after;
    int result;
    do { /* a program that loses the processor in between would see a clock of another moment */
        real_clock_gettime(CLOCK_MONOTONIC, &before);
        result = real_clock_gettime(clock, now);
        real_clock_gettime(CLOCK_MONOTONIC, &after);
    } while (rate_ppb && nanos_of(&after) - nanos_of(&before) > 20000);
    int is_wall = clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE;
    int is_monotonic = clock == CLOCK_MONOTONIC || clock == CLOCK_MONOTONIC_COARSE || clock == CLOCK_MONOTONIC_RAW
        || clock == CLOCK_BOOTTIME;
    if (result == 0 && (is_wall || is_monotonic)) {
        long long elapsed = nanos_of(clock == CLOCK_MONOTONIC ? now : &before) - rate_from_nanos;
        long long nanos = nanos_of(now) + (is_wall ? *shift_nanos : 0) + elapsed * rate_ppb / NANOS;
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
