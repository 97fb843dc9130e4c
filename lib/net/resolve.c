/* resolve.c - see resolve.h */
#include "net/resolve.h"

#include "base/fail.h"
#include "base/mem.h"
#include "net/detached.h"
#include "net/fd.h"

#include <errno.h>
#include <netdb.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <netinet/in.h>

/* Shared by the session and the thread; whoever lets go last frees it. It is the C library's
 * memory, since the thread may outlive the session and its allocator. */
struct resolve_job {
    atomic_int refs;
    int fds[2];
    int rc;        /* of getaddrinfo() */
    int sys_code;  /* its errno, for EAI_SYSTEM */
    atomic_int ok; /* the thread has written the answer */
    struct addrinfo *list;
    char port[8];
    char host[];
};

static struct addrinfo hints_for(int flags)
{
    struct addrinfo hints;

    memset(&hints, 0, sizeof hints);
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = flags;
    return hints;
}

int resolve_numeric(const char *host, uint32_t port, struct resolve_address *out)
{
    struct addrinfo hints = hints_for(AI_NUMERICHOST | AI_NUMERICSERV);
    struct in_addr four;
    struct addrinfo *list;
    char text[8];

    /* getaddrinfo() also takes "127.1" and "0x7f.1" for addresses; those are not. */
    if (strchr(host, ':') == NULL && inet_pton(AF_INET, host, &four) != 1)
        return 0;
    snprintf(text, sizeof text, "%u", (unsigned)(port & 0xffff));
    if (getaddrinfo(host, text, &hints, &list) != 0)
        return 0;
    memcpy(&out->addr, list->ai_addr, list->ai_addrlen);
    out->len = list->ai_addrlen;
    freeaddrinfo(list);
    return 1;
}

void resolve_drop(struct resolve_job *job)
{
    if (job == NULL || atomic_fetch_sub(&job->refs, 1) != 1)
        return;
    if (job->list != NULL)
        freeaddrinfo(job->list);
    close(job->fds[0]);
    close(job->fds[1]);
    mem_free(mem_default(), job);
}

static void *resolve_run(void *arg)
{
    struct addrinfo hints = hints_for(AI_NUMERICSERV);
    struct resolve_job *job = arg;

    job->rc = getaddrinfo(job->host, job->port, &hints, &job->list);
    job->sys_code = errno;
    atomic_store(&job->ok, 1);
    /* The pipe is empty, so one octet always fits. */
    detached_tell(job->fds[1]);
    resolve_drop(job);
    return NULL;
}

int resolve_start(const char *host, uint32_t port, struct resolve_job **out, mla_error *err)
{
    size_t len = strlen(host);
    struct resolve_job *job = mem_zero(mem_default(), sizeof *job + len + 1);
    int rc;

    if (job == NULL)
        return fail(err, MLA_E_NOMEM, "out of memory");
    memcpy(job->host, host, len + 1);
    snprintf(job->port, sizeof job->port, "%u", (unsigned)(port & 0xffff));
    atomic_init(&job->refs, 2);
    atomic_init(&job->ok, 0);
    rc = fd_pipe(job->fds);
    if (rc != 0) {
        mem_free(mem_default(), job);
        return fail_sys(err, MLA_E_RESOLVE, rc, "cannot resolve %s", host);
    }
    rc = detached_start(resolve_run, job);
    if (rc != 0) {
        atomic_store(&job->refs, 1);
        resolve_drop(job);
        return fail_sys(err, MLA_E_RESOLVE, rc, "cannot resolve %s: no thread", host);
    }
    *out = job;
    return 0;
}

int resolve_fd(const struct resolve_job *job)
{
    return job->fds[0];
}

/* Takes the next address of that family, or of any other one. */
static const struct addrinfo *next_of(const struct addrinfo *from, int family, int same)
{
    while (from != NULL && (from->ai_family == family) != same)
        from = from->ai_next;
    return from;
}

static int interleave(const struct addrinfo *list, struct resolve_address *out)
{
    int family = list->ai_family;
    const struct addrinfo *turn[2] = {list, next_of(list, family, 0)};
    int count = 0;
    int which = 0;

    while (count < RESOLVE_MAX && (turn[0] != NULL || turn[1] != NULL)) {
        const struct addrinfo *a = turn[which];

        if (a != NULL) {
            if (a->ai_addrlen <= sizeof out->addr) {
                memcpy(&out[count].addr, a->ai_addr, a->ai_addrlen);
                out[count++].len = a->ai_addrlen;
            }
            turn[which] = next_of(a->ai_next, family, which == 0);
        }
        which = !which;
    }
    return count;
}

int resolve_result(struct resolve_job *job, struct resolve_address *out, mla_error *err)
{
    int count;

    if (!atomic_load(&job->ok))
        return 0;
    if (job->rc == EAI_SYSTEM)
        return fail_sys(err, MLA_E_RESOLVE, job->sys_code, "cannot resolve %s", job->host);
    if (job->rc == EAI_MEMORY)
        return fail(err, MLA_E_NOMEM, "out of memory");
    if (job->rc != 0)
        return fail(err, MLA_E_RESOLVE, "cannot resolve %s: %s", job->host, gai_strerror(job->rc));
    count = interleave(job->list, out);
    if (count == 0)
        return fail(err, MLA_E_RESOLVE, "cannot resolve %s: it has no address", job->host);
    return count;
}

void resolve_text(const struct resolve_address *a, char out[RESOLVE_TEXT])
{
    if (a->addr.ss_family != AF_INET && a->addr.ss_family != AF_INET6)
        snprintf(out, RESOLVE_TEXT, "socket");
    else if (getnameinfo((const struct sockaddr *)&a->addr, a->len, out, RESOLVE_TEXT, NULL, 0,
                         NI_NUMERICHOST) != 0)
        snprintf(out, RESOLVE_TEXT, "address");
}
