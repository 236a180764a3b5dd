/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
/* Reads segments of layout 2 by its rules until standard input ends, and judges every record: its numbers must follow from its
   as-of, as RelatedRecord makes them. Prints how many records it saw, how many readings found one unfinished, and how many
   records were mixed of two.
   usage: judge SEGMENT... */
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <time.h>

#define SECOND 1000000000LL
#define WORDS 10
#define MOST 64

static int is_related(const int64_t *words)
{
    int64_t as_of = words[2] * SECOND + words[3] + 100000000; /* it is written 100 ms too early */
    int64_t void_after = words[4] * SECOND + words[5];
    uint32_t drift = (uint32_t)words[8], status = (uint32_t)((uint64_t)words[8] >> 32);
    if (status == 0)
        return words[6] == 4000000000000000000LL;
    return status == 1 && void_after - as_of == 1000 * SECOND + 7 && words[6] == 200000 + as_of % 1000003
        && drift == 1000 + as_of % 997;
}

int main(int count, char **paths)
{
    static int64_t *segments[MOST], last[MOST];
    long long records = 0, unfinished = 0, mixed = 0;
    struct pollfd input = {0, POLLIN, 0};
    if (count < 2 || count > MOST)
        return 2;
    for (int i = 1; i < count; i++) {
        int fd = open(paths[i], O_RDONLY);
        segments[i] = mmap(NULL, WORDS * 8, PROT_READ, MAP_SHARED, fd, 0);
        if (segments[i] == MAP_FAILED)
            return perror(paths[i]), 1;
    }
    printf("judging\n");
    fflush(stdout);
    while (poll(&input, 1, 0) == 0) {
        for (int round = 0; round < 100; round++)
            for (int i = 1; i < count; i++) {
                uint16_t *generation = (uint16_t *)segments[i] + 7, before = __atomic_load_n(generation, __ATOMIC_ACQUIRE);
                int64_t copy[WORDS];
                if (before == 0 || before & 1) {
                    unfinished++;
                    continue;
                }
                for (int word = 2; word < WORDS; word++)
                    copy[word] = __atomic_load_n(segments[i] + word, __ATOMIC_RELAXED);
                __atomic_thread_fence(__ATOMIC_ACQUIRE);
                if (__atomic_load_n(generation, __ATOMIC_RELAXED) != before)
                    continue;
                int64_t as_of = copy[2] * SECOND + copy[3];
                records += as_of != last[i];
                last[i] = as_of;
                mixed += !is_related(copy);
            }
        nanosleep(&(struct timespec){0, 20000}, NULL);
    }
    printf("%lld %lld %lld\n", records, unfinished, mixed);
    return 0;
}
