/* measure.c - runs a command and writes to descriptor 3 what it cost: user seconds, system seconds,
 * wall seconds, peak resident KiB, exit status.
 *
 * A program of its own because the peak that wait4() reports includes what the parent held between
 * fork and exec: this one holds next to nothing. */
#define _GNU_SOURCE /* wait4 */

#include <stdio.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double seconds(struct timeval t)
{
    return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

int main(int argc, char **argv)
{
    struct timespec a, b;
    struct rusage u;
    int status = 0;
    pid_t pid;

    if (argc < 2)
        return 64;
    clock_gettime(CLOCK_MONOTONIC, &a);
    pid = fork();
    if (pid == 0) {
        execvp(argv[1], argv + 1);
        _exit(127);
    }
    if (pid < 0 || wait4(pid, &status, 0, &u) != pid)
        return 1;
    clock_gettime(CLOCK_MONOTONIC, &b);
    dprintf(3, "%.6f %.6f %.6f %ld %d\n", seconds(u.ru_utime), seconds(u.ru_stime),
            (double)(b.tv_sec - a.tv_sec) + (double)(b.tv_nsec - a.tv_nsec) / 1e9, u.ru_maxrss,
            WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
    return 0;
}
