/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
/* Reads the time from a segment of layout 2 as fast as the machine can: a whole copy, two clocks, the interval. Each figure is the mean of a
   batch. Prints the median and the 99th percentile of the batches in nanoseconds a reading.
   usage: reader SEGMENT MILLIS BATCH_MILLIS */
#include <fcntl.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#define MOST_BATCHES 100000

struct record {
    uint32_t magic[2], size;
    uint16_t version;
    _Atomic uint16_t generation;
    int64_t as_of[2], void_after[2], bound;
    uint64_t marker;
    uint32_t drift;
    int32_t status;
    uint64_t flag;
};

struct interval {
    int64_t earliest, latest;
    int status;
};

static int64_t nanos(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static struct interval read_once(struct record *shared) {
    struct record copy;
    uint16_t before;
    do {
        before = atomic_load_explicit(&shared->generation, memory_order_acquire);
        memcpy(copy.as_of, shared->as_of, sizeof copy - offsetof(struct record, as_of));
        atomic_thread_fence(memory_order_acquire);
    } while (!before || before & 1 || atomic_load_explicit(&shared->generation, memory_order_relaxed) != before);
    int64_t wall = nanos(CLOCK_REALTIME), monotonic = nanos(CLOCK_MONOTONIC);
    int64_t age = monotonic - (copy.as_of[0] * 1000000000 + copy.as_of[1]);
    int status = copy.status;
    if (monotonic > copy.void_after[0] * 1000000000 + copy.void_after[1]) status = 0;
    else if (status == 1 && age > 5000000000) status = 2;
    int64_t half = copy.bound + (age > 0 ? (age * copy.drift + 999999999) / 1000000000 : 0);
    return (struct interval){wall - half, wall + half, status};
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

int main(int argc, char **argv) {
    static double batches[MOST_BATCHES];
    if (argc != 4) return 2;
    int f = open(argv[1], O_RDONLY);
    struct record *shared = f < 0 ? MAP_FAILED : mmap(NULL, sizeof *shared, PROT_READ, MAP_SHARED, f, 0);
    if (shared == MAP_FAILED) return perror(argv[1]), 1;
    int64_t end = nanos(CLOCK_MONOTONIC) + atoll(argv[2]) * 1000000, length = atoll(argv[3]) * 1000000;
    int count = 0, untrusted = 0;
    for (int64_t begin; (begin = nanos(CLOCK_MONOTONIC)) < end && count < MOST_BATCHES; count++) {
        int64_t readings = 0, took = 0;
        for (; took < length; took = nanos(CLOCK_MONOTONIC) - begin)
            for (int i = 0; i < 1000; i++, readings++) {
                struct interval now = read_once(shared);
                untrusted += now.status == 0 || now.earliest >= now.latest;
            }
        batches[count] = (double)took / (double)readings;
    }
    if (untrusted) return fprintf(stderr, "%d readings without trust\n", untrusted), 1;
    qsort(batches, (size_t)count, sizeof *batches, ascending);
    printf("%.2f %.2f\n", batches[count / 2], batches[count * 99 / 100]);
    return 0;
}
