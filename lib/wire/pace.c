/* pace.c - see pace.h */
#include "wire/pace.h"

#include "base/fail.h"

#include <string.h>

void pace_init(struct pace *p, const struct pace_limits *limits)
{
    memset(p, 0, sizeof *p);
    p->limits = limits;
}

void pace_bulk_turn(struct pace *p, uint64_t now_ms, int on)
{
    if (on)
        p->bulk_octets = 0;
    else
        p->answer_ms += now_ms - p->bulk_ms; /* the time inside does not count for the answer */
    p->bulk = on;
    p->bulk_ms = now_ms;
}

void pace_got(struct pace *p, uint64_t now_ms, size_t n)
{
    p->last_ms = now_ms;
    if (!p->bulk)
        return;
    p->bulk_octets += n;
    if (p->bulk_octets >= p->limits->bulk_floor) {
        /* the floor is met: the next window begins, and the answer's clock goes on standing */
        p->answer_ms += now_ms - p->bulk_ms;
        p->bulk_ms = now_ms;
        p->bulk_octets = 0;
    }
}

void pace_pause(struct pace *p, uint64_t now_ms)
{
    uint64_t lost;

    if (now_ms <= p->last_ms)
        return;
    lost = now_ms - p->last_ms;
    p->answer_ms += lost;
    p->bulk_ms += lost;
    p->command_ms += lost;
    p->last_ms = now_ms;
}

static uint64_t earliest(uint64_t best, uint64_t begin, uint64_t limit)
{
    if (limit == 0 || begin > UINT64_MAX - limit)
        return best;
    return begin + limit < best ? begin + limit : best;
}

uint64_t pace_deadline(const struct pace *p)
{
    uint64_t at = UINT64_MAX;

    if (!p->due)
        return at;
    at = earliest(at, p->last_ms, p->limits->silence_ms);
    if (p->command != 0)
        at = earliest(at, p->command_ms, p->limits->command_ms);
    if (p->bulk)
        return earliest(at, p->bulk_ms, p->limits->bulk_ms);
    return earliest(at, p->answer_ms, p->limits->answer_ms);
}

int pace_check(const struct pace *p, uint64_t now_ms, mla_error *err)
{
    const struct pace_limits *l = p->limits;
    uint64_t at = pace_deadline(p);

    if (at == UINT64_MAX || now_ms < at)
        return 0;
    if (l->silence_ms != 0 && now_ms >= p->last_ms && now_ms - p->last_ms >= l->silence_ms)
        return fail(err, MLA_E_DEADLINE, "nothing received for %llu s",
                    (unsigned long long)((now_ms - p->last_ms) / 1000));
    if (p->command != 0 && l->command_ms != 0 && now_ms >= p->command_ms &&
        now_ms - p->command_ms >= l->command_ms)
        return fail(err, MLA_E_DEADLINE, "a command was not done after %llu s",
                    (unsigned long long)(l->command_ms / 1000));
    if (p->bulk)
        return fail(err, MLA_E_DEADLINE, "fewer than %llu octets received in %llu s",
                    (unsigned long long)l->bulk_floor, (unsigned long long)(l->bulk_ms / 1000));
    return fail(err, MLA_E_DEADLINE, "the answer was not complete after %llu s",
                (unsigned long long)(l->answer_ms / 1000));
}
