/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
/* Writes records into a segment, as fast as it can, until its standard input ends; all numbers of a record say the same. */
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>

int main(int argc, char **argv)
{
    int fd = argc == 2 ? open(argv[1], O_RDWR) : -1;
    unsigned char *p = mmap(NULL, 96, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (p == MAP_FAILED) {
        perror(argv[1]);
        return 1;
    }
    uint16_t *generation = (uint16_t *)(p + 14);
    uint64_t *words = (uint64_t *)p;
    uint64_t n = 0;
    struct pollfd input = {0, POLLIN, 0};
    printf("writing\n");
    fflush(stdout);
    while (n % 100000 || poll(&input, 1, 0) == 0) {
        uint16_t g = __atomic_load_n(generation, __ATOMIC_RELAXED) | 1;
        n++;
        __atomic_store_n(generation, g, __ATOMIC_RELAXED);
        __atomic_thread_fence(__ATOMIC_RELEASE);
        for (int i = 2; i < 12; i++)
            __atomic_store_n(words + i, n, __ATOMIC_RELAXED);
        __atomic_store_n(generation, g == 65535 ? 2 : g + 1, __ATOMIC_RELEASE);
    }
    return 0;
}
