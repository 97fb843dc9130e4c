/* dns_packet.h - messages of DNS, put together octet by octet for tests. */
#ifndef DNS_PACKET_H
#define DNS_PACKET_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct packet {
    uint8_t p[4096];
    size_t n;
};

static inline void put8(struct packet *m, unsigned v)
{
    m->p[m->n++] = (uint8_t)v;
}

static inline void put16(struct packet *m, unsigned v)
{
    put8(m, v >> 8);
    put8(m, v & 0xff);
}

/* "a.b": two labels and the root; "": the root. */
static inline void put_name(struct packet *m, const char *name)
{
    while (*name != '\0') {
        size_t len = strcspn(name, ".");

        put8(m, (unsigned)len);
        memcpy(m->p + m->n, name, len);
        m->n += len;
        name += len;
        name += *name == '.';
    }
    put8(m, 0);
}

/* Header and question of an answer with so many records. */
static inline void put_head(struct packet *m, const char *name, unsigned type, unsigned count)
{
    m->n = 0;
    put16(m, 0x1234);
    put16(m, 0x8180);
    put16(m, 1);
    put16(m, count);
    put16(m, 0);
    put16(m, 0);
    put_name(m, name);
    put16(m, type);
    put16(m, 1);
}

/* The beginning of a record whose owner is a pointer to octet at; returns where its length is. */
static inline size_t put_record(struct packet *m, unsigned at, unsigned type)
{
    put16(m, 0xc000 | at);
    put16(m, type);
    put16(m, 1);
    put16(m, 0);
    put16(m, 300);
    put16(m, 0);
    return m->n - 2;
}

static inline void end_record(struct packet *m, size_t length_at)
{
    size_t len = m->n - length_at - 2;

    m->p[length_at] = (uint8_t)(len >> 8);
    m->p[length_at + 1] = (uint8_t)len;
}

static inline void put_srv(struct packet *m, unsigned priority, unsigned weight, unsigned port,
                           const char *target)
{
    size_t at = put_record(m, 12, 33);

    put16(m, priority);
    put16(m, weight);
    put16(m, port);
    put_name(m, target);
    end_record(m, at);
}

static inline void put_mx(struct packet *m, unsigned preference, const char *host)
{
    size_t at = put_record(m, 12, 15);

    put16(m, preference);
    put_name(m, host);
    end_record(m, at);
}

#endif
