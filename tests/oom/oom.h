/* oom.h - whole sessions in which the n-th allocation fails, for every n: once, and from n on.
 *
 * A run is good when it did everything and saw what the run without failures saw, or when some call
 * said MLA_E_NOMEM. Whatever happened, everything must be given back. */
#ifndef OOM_H
#define OOM_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mailaccess/mailaccess.h>

struct oom {
    mla_allocator allocator;
    size_t calls;
    size_t fail_at; /* counted from 1; 0: never */
    int from_then_on;
    size_t held;
    int said_nomem;
    int strange;     /* a call returned what it may not return here, or 0 */
    const char *who; /* that call */
    uint64_t digest; /* of everything that was seen */
    /* the server's side */
    char in[8192]; /* what the client sent */
    size_t in_len;
};

static void *oom_alloc(void *user, size_t size)
{
    struct oom *o = user;
    void *p;

    o->calls++;
    if (o->fail_at != 0 && (o->from_then_on ? o->calls >= o->fail_at : o->calls == o->fail_at))
        return NULL;
    p = malloc(size);
    o->held += p != NULL;
    return p;
}

static void *oom_resize(void *user, void *ptr, size_t size)
{
    struct oom *o = user;
    void *p;

    o->calls++;
    if (o->fail_at != 0 && (o->from_then_on ? o->calls >= o->fail_at : o->calls == o->fail_at))
        return NULL;
    p = realloc(ptr, size);
    o->held += p != NULL && ptr == NULL;
    return p;
}

static void oom_release(void *user, void *ptr)
{
    struct oom *o = user;

    o->held -= ptr != NULL;
    free(ptr);
}

static inline void oom_saw(struct oom *o, const void *ptr, size_t len)
{
    const uint8_t *p = ptr;

    for (size_t i = 0; i < len; i++) /* FNV-1a */
        o->digest = (o->digest ^ p[i]) * 0x100000001b3ULL;
}

static inline void oom_saw_number(struct oom *o, uint64_t n)
{
    oom_saw(o, &n, sizeof n);
}

/* Notes a result; 1 when the run goes on. */
static inline int oom_good(struct oom *o, const char *who, int rc)
{
    if (rc == MLA_E_NOMEM) {
        o->said_nomem = 1;
    } else if (rc < 0 && !o->said_nomem && o->strange == 0) {
        o->strange = rc;
        o->who = who;
    }
    return rc >= 0;
}

typedef void oom_run(struct oom *o);

static inline void oom_once(struct oom *o, oom_run *run, size_t fail_at, int from_then_on)
{
    memset(o, 0, sizeof *o);
    o->allocator.struct_size = sizeof o->allocator;
    o->allocator.alloc = oom_alloc;
    o->allocator.resize = oom_resize;
    o->allocator.release = oom_release;
    o->allocator.user = o;
    o->fail_at = fail_at;
    o->from_then_on = from_then_on;
    o->digest = 0xcbf29ce484222325ULL;
    run(o);
}

/* Sweeps and prints one line of TAP for each way; the number of failures. */
static inline int oom_sweep(const char *name, oom_run *run, int first_number)
{
    static struct oom clean, o;
    int bad = 0;

    oom_once(&clean, run, 0, 0);
    if (clean.said_nomem || clean.strange != 0 || clean.held != 0 || clean.calls < 3) {
        printf("# without failures: %s returned %d (%s), %zu blocks held, %zu calls\n",
               clean.who != NULL ? clean.who : "-", clean.strange, mla_error_name(clean.strange),
               clean.held, clean.calls);
        bad = 1;
    }
    printf("%s %d - %s: nothing fails\n", bad ? "not ok" : "ok", first_number, name);
    for (int way = 0; way < 2; way++) {
        size_t n = 1;
        int wrong = bad;

        for (; !wrong; n++) {
            oom_once(&o, run, n, way);
            if (o.held != 0 || o.strange != 0 || (!o.said_nomem && o.digest != clean.digest)) {
                printf("# n = %zu: %zu blocks held, %s returned %d (%s), %s\n", n, o.held,
                       o.who != NULL ? o.who : "-", o.strange, mla_error_name(o.strange),
                       o.said_nomem ? "MLA_E_NOMEM was said" : "nothing was said");
                wrong = 1;
            }
            if (o.calls < n)
                break;
        }
        printf("%s %d - %s: the n-th allocation fails%s (%zu of them)\n", wrong ? "not ok" : "ok",
               first_number + 1 + way, name, way ? ", and all after it" : "", n - 1);
        bad |= wrong;
    }
    fflush(stdout);
    return bad;
}

/* --- the octets between client and server, over mla_session_attach() --- */

/* Hands octets to the session; events are read in between by drain. */
static inline int oom_feed(struct oom *o, mla_session *ss, const char *text, size_t len,
                           int (*drain)(struct oom *o, void *s), void *s)
{
    while (len > 0) {
        size_t used = 0;

        if (!oom_good(o, "feed", mla_session_feed(ss, (const uint8_t *)text, len, &used)) ||
            !drain(o, s))
            return 0;
        if (used == 0) {
            oom_good(o, "feed without progress", MLA_E_INTERNAL);
            return 0;
        }
        text += used;
        len -= used;
    }
    return 1;
}

/* Moves what the client wants to send to o->in; 1 when something came, 0 not, -1 the end. */
static inline int oom_receive(struct oom *o, mla_session *ss)
{
    const uint8_t *p;
    size_t n;
    int rc;
    int came = 0;

    while ((rc = mla_session_output(ss, &p, &n)) == 1) {
        if (n > sizeof o->in - o->in_len)
            n = sizeof o->in - o->in_len;
        memcpy(o->in + o->in_len, p, n);
        o->in_len += n;
        came = 1;
        if (!oom_good(o, "sent", mla_session_sent(ss, n)))
            return -1;
    }
    return oom_good(o, "output", rc) ? came : -1;
}

/* The length of the client's first line with its end, 0 when it is not whole. */
static inline size_t oom_line(const struct oom *o)
{
    const char *q = memchr(o->in, '\n', o->in_len);

    return q != NULL ? (size_t)(q + 1 - o->in) : 0;
}

static inline void oom_eat(struct oom *o, size_t n)
{
    memmove(o->in, o->in + n, o->in_len - n);
    o->in_len -= n;
}

#endif
