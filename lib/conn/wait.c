/* wait.c - see wait.h */
#include "conn/wait.h"

#include "base/clock.h"
#include "mailaccess/types.h"
#include "net/fd.h"
#include "net/stream.h"

#include <errno.h>
#include <poll.h>
#include <stdatomic.h>
#include <unistd.h>

/* How often the flag is looked at when there is no descriptor left for the pipe. */
enum { SLICE_MS = 100 };

/* poll() does not count the time that the machine sleeps, and our clock does: so long at most does
 * it take after waking up until a deadline that has passed is noticed. */
enum { SLEEP_MS = 60000 };

struct wake {
    const struct mem *mem;
    atomic_int raised;
    atomic_int write_fd; /* -1 until the first wait */
    int read_fd;
};

int wake_new(const struct mem *mem, struct wake **out)
{
    struct wake *w = mem_zero(mem, sizeof *w);

    if (w == NULL)
        return MLA_E_NOMEM;
    w->mem = mem;
    atomic_init(&w->raised, 0);
    atomic_init(&w->write_fd, -1);
    w->read_fd = -1;
    *out = w;
    return 0;
}

void wake_free(struct wake *w)
{
    int fd;

    if (w == NULL)
        return;
    fd = atomic_load(&w->write_fd);
    if (fd >= 0) {
        close(fd);
        close(w->read_fd);
    }
    mem_free(w->mem, w);
}

void wake_raise(struct wake *w)
{
    int keep = errno; /* may run in a signal handler */
    int fd;

    /* The flag before the look at the descriptor, and the waiter the other way round: one of the
     * two sees what the other did. */
    atomic_store(&w->raised, 1);
    fd = atomic_load(&w->write_fd);
    if (fd >= 0)
        while (write(fd, "", 1) < 0 && errno == EINTR)
            ;
    errno = keep;
}

/* A full pipe wakes up as well as one octet does; an empty one is what we want here. */
static void wake_drain(struct wake *w)
{
    char sink[64];
    ssize_t n;

    do
        n = read(w->read_fd, sink, sizeof sink);
    while (n > 0 || (n < 0 && errno == EINTR));
}

static void wake_ready(struct wake *w)
{
    int fds[2];

    if (w->read_fd >= 0 || fd_pipe(fds) != 0)
        return;
    w->read_fd = fds[0];
    atomic_store(&w->write_fd, fds[1]);
}

static int millis_until(uint64_t until_ms, int have_wake)
{
    uint64_t now = clock_now_ms();
    uint64_t left = until_ms > now ? until_ms - now : 0;

    if (!have_wake && left > SLICE_MS)
        left = SLICE_MS;
    if (until_ms == CLOCK_NEVER && have_wake)
        return -1;
    return left > SLEEP_MS ? SLEEP_MS : (int)left;
}

static short poll_events(uint32_t wants)
{
    return (short)(((wants & STREAM_READABLE) != 0 ? POLLIN : 0) |
                   ((wants & STREAM_WRITABLE) != 0 ? POLLOUT : 0));
}

int wait_for(struct wake *w, int fd, uint32_t wants, uint64_t until_ms)
{
    struct pollfd p[2];
    int n;

    if ((wants & STREAM_NOW) == 0)
        wake_ready(w);
    for (;;) {
        if (atomic_exchange(&w->raised, 0) != 0)
            return MLA_E_CANCELLED;
        if ((wants & STREAM_NOW) != 0)
            return 1;
        p[0].fd = w->read_fd; /* poll() passes over -1 */
        p[0].events = POLLIN;
        p[1].events = poll_events(wants);
        p[1].fd = p[1].events != 0 ? fd : -1; /* a hang-up nobody asked about would not end */
        p[0].revents = p[1].revents = 0;
        n = poll(p, 2, millis_until(until_ms, w->read_fd >= 0));
        if (n < 0 && errno != EINTR && errno != EAGAIN)
            return MLA_E_IO;
        if (n > 0 && p[0].revents != 0)
            wake_drain(w); /* the flag decides at the top of the loop */
        else if (n > 0 && p[1].revents != 0)
            return (p[1].revents & POLLNVAL) != 0 ? MLA_E_IO : 1;
        else if (clock_now_ms() >= until_ms)
            return 0;
    }
}
