/* dns.c - see dns.h */
#define _DEFAULT_SOURCE /* struct __res_state, which is no part of POSIX */
#include "net/dns.h"

#include "base/fail.h"
#include "base/mem.h"
#include "net/detached.h"
#include "net/fd.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

int dns_server_parse(const char *text, uint8_t out_ip[4])
{
    return inet_pton(AF_INET, text, out_ip) == 1;
}

#if MLA_RES_NQUERY

#include <arpa/nameser.h>
#include <netdb.h>
#include <netinet/in.h>
#include <resolv.h>
#include <stdatomic.h>

/* A message of DNS over TCP is no longer than this. */
enum { ANSWER_MAX = 65535 };

struct slot {
    struct dns_job *job;
    char name[DNS_NAME_MAX + 1];
    int type;
    uint8_t *answer; /* the C library's memory, as the thread may outlive the session */
    size_t len;
    int authenticated;
    int error;      /* MLA_E_*, or 0 */
    int is_nothing; /* no such name, or no such records */
    atomic_int done;
};

/* Shared with the threads; whoever lets go last frees it. */
struct dns_job {
    atomic_int refs;
    int fds[2];
    int has_server;
    uint8_t ip[4];
    uint32_t port;
    size_t count;
    struct slot slots[DNS_QUESTIONS_MAX];
};

int dns_available(void)
{
    return 1;
}

void dns_drop(struct dns_job *job)
{
    if (job == NULL || atomic_fetch_sub(&job->refs, 1) != 1)
        return;
    for (size_t i = 0; i < job->count; i++)
        mem_free(mem_default(), job->slots[i].answer);
    close(job->fds[0]);
    close(job->fds[1]);
    mem_free(mem_default(), job);
}

/* The AD bit counts where the system's administrator says that the way to the name server is safe
 * (trust-ad in resolv.conf); a server that the caller names is none of the administrator's. */
static int is_trusted(const struct dns_job *job, const struct __res_state *state)
{
#ifdef RES_TRUSTAD
    return !job->has_server && (state->options & RES_TRUSTAD) != 0;
#else
    (void)job;
    (void)state;
    return 0;
#endif
}

static void set_server(const struct dns_job *job, struct __res_state *state)
{
    struct sockaddr_in *to = &state->nsaddr_list[0];

    if (!job->has_server)
        return;
    memset(to, 0, sizeof *to);
    to->sin_family = AF_INET;
    to->sin_port = htons((uint16_t)job->port);
    memcpy(&to->sin_addr, job->ip, sizeof job->ip);
    state->nscount = 1;
}

static void ask(struct slot *s)
{
    enum { AUTHENTIC = 0x20 };
    struct __res_state state;
    int n;

    memset(&state, 0, sizeof state);
    s->answer = mem_alloc(mem_default(), ANSWER_MAX);
    if (s->answer == NULL || res_ninit(&state) != 0) {
        s->error = MLA_E_NOMEM;
        return;
    }
    set_server(s->job, &state);
    n = res_nquery(&state, s->name, ns_c_in, s->type, s->answer, ANSWER_MAX);
    if (n >= 0) {
        s->len = n > ANSWER_MAX ? ANSWER_MAX : (size_t)n;
        s->authenticated = n > 3 && (s->answer[3] & AUTHENTIC) != 0 && is_trusted(s->job, &state);
    } else if (state.res_h_errno == HOST_NOT_FOUND || state.res_h_errno == NO_DATA) {
        s->is_nothing = 1;
    } else {
        s->error = MLA_E_RESOLVE;
    }
    res_nclose(&state);
}

static void finish(struct slot *s)
{
    atomic_store(&s->done, 1);
    /* One octet a question: the pipe has room for them all. */
    detached_tell(s->job->fds[1]);
}

static void *run(void *arg)
{
    struct slot *s = arg;

    ask(s);
    finish(s);
    dns_drop(s->job);
    return NULL;
}

int dns_start(const struct dns_question *questions, size_t count, const uint8_t *ip, uint32_t port,
              struct dns_job **out, mla_error *err)
{
    struct dns_job *job;
    int rc;

    *out = NULL;
    if (count > DNS_QUESTIONS_MAX)
        return fail(err, MLA_E_LIMIT, "too many questions at a time");
    job = mem_zero(mem_default(), sizeof *job);
    if (job == NULL)
        return fail(err, MLA_E_NOMEM, "out of memory");
    rc = fd_pipe(job->fds);
    if (rc != 0) {
        mem_free(mem_default(), job);
        return fail_sys(err, MLA_E_RESOLVE, rc, "cannot ask DNS");
    }
    atomic_init(&job->refs, 1);
    job->has_server = ip != NULL;
    if (ip != NULL)
        memcpy(job->ip, ip, sizeof job->ip);
    job->port = port;
    job->count = count;
    for (size_t i = 0; i < count; i++) {
        struct slot *s = &job->slots[i];
        size_t len = strlen(questions[i].name);

        s->job = job;
        s->type = questions[i].type;
        s->error = len > DNS_NAME_MAX ? MLA_E_RESOLVE : 0;
        atomic_init(&s->done, 0);
        if (s->error == 0) {
            memcpy(s->name, questions[i].name, len + 1);
            atomic_fetch_add(&job->refs, 1);
            if (detached_start(run, s) == 0)
                continue;
            atomic_fetch_sub(&job->refs, 1);
            s->error = MLA_E_RESOLVE;
        }
        finish(s);
    }
    *out = job;
    return 0;
}

int dns_fd(const struct dns_job *job)
{
    return job->fds[0];
}

void dns_look(struct dns_job *job)
{
    char sink[DNS_QUESTIONS_MAX];

    while (read(job->fds[0], sink, sizeof sink) < 0 && errno == EINTR)
        ;
}

int dns_result(struct dns_job *job, size_t i, struct dns_answer *out, mla_error *err)
{
    struct slot *s = &job->slots[i];
    int rc;

    if (i >= job->count || !atomic_load(&s->done))
        return 0;
    memset(out, 0, sizeof *out);
    if (s->error == MLA_E_NOMEM)
        return fail(err, s->error, "out of memory");
    if (s->error != 0)
        return fail(err, s->error, "DNS does not answer about %.100s", s->name);
    if (s->is_nothing)
        return 1;
    rc = dns_answer_read(s->answer, s->len, s->name, s->type, out, err);
    out->authenticated = s->authenticated;
    return rc == 0 ? 1 : rc;
}

#else

int dns_available(void)
{
    return 0;
}

int dns_start(const struct dns_question *questions, size_t count, const uint8_t *ip, uint32_t port,
              struct dns_job **out, mla_error *err)
{
    (void)questions;
    (void)count;
    (void)ip;
    (void)port;
    *out = NULL;
    return fail(err, MLA_E_UNSUPPORTED, "this build cannot ask DNS for SRV and MX records");
}

int dns_fd(const struct dns_job *job)
{
    (void)job;
    return -1;
}

void dns_look(struct dns_job *job)
{
    (void)job;
}

int dns_result(struct dns_job *job, size_t i, struct dns_answer *out, mla_error *err)
{
    (void)job;
    (void)i;
    (void)out;
    (void)err;
    return 0;
}

void dns_drop(struct dns_job *job)
{
    (void)job;
}

#endif
