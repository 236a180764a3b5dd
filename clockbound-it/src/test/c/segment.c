/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
/* The C interface of ClockBound 2.0.3. Prints every reading as the programs in Rust do: wall clock before, wall clock after,
   status, earliest, latest, what else there is to say. */
#include <clockbound.h>
#include <stdio.h>
#include <stdlib.h>

#define SECOND 1000000000LL

static const char *const STATUS[] = {"UNKNOWN", "SYNCHRONIZED", "FREE_RUNNING", "DISRUPTED"};

static long long nanos(struct timespec time)
{
    return time.tv_sec * SECOND + time.tv_nsec;
}

static long long wall_nanos(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return nanos(now);
}

static void print_error(long long asked, const clockbound_err *error)
{
    printf("%lld %lld ERROR 0 0 kind %d, errno %d, %s\n", asked, wall_nanos(), error->kind, error->sys_errno,
           error->detail ? error->detail : "no detail");
}

static void read_once(clockbound_ctx *clock)
{
    clockbound_now_result now;
    long long asked = wall_nanos();
    const clockbound_err *error = clockbound_now(clock, &now);
    long long answered = wall_nanos();
    if (error)
        print_error(asked, error);
    else
        printf("%lld %lld %s %lld %lld\n", asked, answered, STATUS[now.clock_status & 3], nanos(now.earliest),
               nanos(now.latest));
}

int main(int count, char **words)
{
    if (count != 3)
        return 2;
    long long period = atoll(words[2]) * 1000;
    struct timespec next;
    clock_gettime(CLOCK_MONOTONIC, &next);
    clockbound_ctx *clock = NULL;
    for (;;) {
        clockbound_err error = {0};
        if (!clock)
            clock = clockbound_open(words[1], &error);
        if (clock)
            read_once(clock);
        else
            print_error(wall_nanos(), &error);
        if (fflush(stdout))
            return 1;
        long long at = nanos(next) + period;
        next = (struct timespec){at / SECOND, at % SECOND};
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, NULL);
    }
}
