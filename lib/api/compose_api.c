/* compose_api.c - messages built: see mailaccess/compose.h */
#include "mailaccess/compose.h"

#include "api/config_api.h"
#include "base/record.h"
#include "mime/write.h"

#include <string.h>

struct mla_compose {
    struct mem mem;
    struct write_message w;
    int busy; /* a call goes on that may call the functions of a source */
};

static const struct mem *mem_of(const mla_config *cfg)
{
    return cfg != NULL ? &cfg->mem : mem_default();
}

int mla_compose_new(const mla_config *cfg, const char *type, uint32_t flags, mla_compose **out_c)
{
    const uint32_t known = MLA_COMPOSE_UTF8 | MLA_COMPOSE_8BIT | MLA_COMPOSE_BINARY;
    mla_compose *c;
    int rc;

    if (out_c == NULL)
        return MLA_E_ARG;
    *out_c = NULL;
    if (type == NULL || (flags & ~known) != 0)
        return MLA_E_ARG;
    c = mem_zero(mem_of(cfg), sizeof *c);
    if (c == NULL)
        return MLA_E_NOMEM;
    c->mem = *mem_of(cfg);
    rc = write_init(&c->w, &c->mem, type, flags);
    if (rc != 0) {
        mla_compose_free(c);
        return rc;
    }
    *out_c = c;
    return 0;
}

void mla_compose_free(mla_compose *c)
{
    struct mem mem;

    if (c == NULL || c->busy)
        return;
    mem = c->mem;
    write_free(&c->w);
    mem_free(&mem, c);
}

int mla_compose_add(mla_compose *c, uint32_t parent, const char *type, uint32_t *out_part)
{
    if (c->busy)
        return MLA_E_STATE;
    return type != NULL && out_part != NULL ? write_add(&c->w, parent, type, out_part) : MLA_E_ARG;
}

/* ------------------------------------------------------------------ fields */

int mla_compose_header(mla_compose *c, uint32_t part, const char *name, const char *value)
{
    if (c->busy)
        return MLA_E_STATE;
    if (name == NULL || value == NULL)
        return MLA_E_ARG;
    return write_header(&c->w, part, name, value, strlen(value));
}

int mla_compose_mailbox(mla_compose *c, uint32_t part, const char *field, const char *name,
                        const char *address)
{
    mla_address a;
    struct buf tmp;
    int rc;

    if (c->busy)
        return MLA_E_STATE;
    if (field == NULL || address == NULL)
        return MLA_E_ARG;
    buf_init(&tmp, &c->mem, WRITE_TOKEN_MAX);
    rc = write_split_address(address, &tmp, &a);
    a.name = (mla_str){name, name != NULL ? strlen(name) : 0};
    if (rc == 0)
        rc = write_address_in(&c->w, part, field, &a);
    buf_free(&tmp);
    return rc;
}

int mla_compose_addresses(mla_compose *c, uint32_t part, const char *field, const mla_address *list,
                          size_t count)
{
    if (c->busy)
        return MLA_E_STATE;
    if (field == NULL || list == NULL || count == 0)
        return MLA_E_ARG;
    return write_addresses_in(&c->w, part, field, list, count);
}

int mla_compose_date(mla_compose *c, uint32_t part, const char *field, int64_t seconds,
                     int32_t zone_minutes, int32_t zone_known)
{
    if (c->busy)
        return MLA_E_STATE;
    if (field == NULL)
        return MLA_E_ARG;
    return write_date_in(&c->w, part, field, seconds, zone_minutes, zone_known != 0);
}

int mla_compose_id(mla_compose *c, uint32_t part, const char *field, const char *id)
{
    if (c->busy)
        return MLA_E_STATE;
    return field != NULL && id != NULL ? write_id_in(&c->w, part, field, id) : MLA_E_ARG;
}

int mla_compose_new_id(const mla_config *cfg, const char *host, char **out_id)
{
    struct buf b;
    char *text;
    int rc;

    if (host == NULL || out_id == NULL)
        return MLA_E_ARG;
    buf_init(&b, mem_of(cfg), 512);
    rc = write_new_id(&b, host);
    text = rc == 0 ? buf_take(&b, NULL) : NULL;
    buf_free(&b);
    if (rc != 0)
        return rc;
    if (text == NULL)
        return MLA_E_NOMEM;
    *out_id = text;
    return 0;
}

int mla_compose_param(mla_compose *c, uint32_t part, const char *name, const char *value)
{
    if (c->busy)
        return MLA_E_STATE;
    if (name == NULL || value == NULL)
        return MLA_E_ARG;
    return write_param_in(&c->w, part, name, value, strlen(value));
}

int mla_compose_disposition(mla_compose *c, uint32_t part, const char *disposition,
                            const char *filename)
{
    if (c->busy)
        return MLA_E_STATE;
    if (disposition == NULL)
        return MLA_E_ARG;
    return write_disposition_in(&c->w, part, disposition, filename,
                                filename != NULL ? strlen(filename) : 0);
}

/* ------------------------------------------------------------------ bodies */

int mla_compose_text(mla_compose *c, uint32_t part, const char *text, size_t len, uint32_t flags)
{
    if (c->busy)
        return MLA_E_STATE;
    if ((text == NULL && len != 0) || flags > (MLA_COMPOSE_FLOWED | MLA_COMPOSE_DELSP))
        return MLA_E_ARG;
    return write_text_in(&c->w, part, text != NULL ? text : "", len, flags);
}

int mla_compose_body(mla_compose *c, uint32_t part, const uint8_t *data, size_t len)
{
    char *copy;
    int rc;

    if (c->busy)
        return MLA_E_STATE;
    if (data == NULL && len != 0)
        return MLA_E_ARG;
    copy = mem_dup(&c->mem, data != NULL ? data : (const uint8_t *)"", len);
    if (copy == NULL)
        return MLA_E_NOMEM;
    rc = write_memory(&c->w, part, copy, len);
    if (rc != 0)
        mem_free(&c->mem, copy);
    return rc;
}

int mla_compose_body_from(mla_compose *c, uint32_t part, const mla_compose_source *source)
{
    mla_compose_source in;
    int rc;

    if (c->busy)
        return MLA_E_STATE;
    if (source == NULL)
        return MLA_E_ARG;
    rc = record_in(source, sizeof in, sizeof in, &in);
    if (rc != 0)
        return rc;
    if (in.read == NULL || in.rewind == NULL)
        return MLA_E_ARG;
    return write_calls(&c->w, part, &in);
}

int mla_compose_survey(mla_compose *c, uint32_t part, const uint8_t *data, size_t len)
{
    if (c->busy)
        return MLA_E_STATE;
    if (data == NULL && len != 0)
        return MLA_E_ARG;
    return write_pieces(&c->w, part, data, len);
}

/* ------------------------------------------------------------------ the octets */

int mla_compose_size(mla_compose *c, uint64_t *out_size)
{
    int rc;

    if (c->busy)
        return MLA_E_STATE;
    if (out_size == NULL)
        return MLA_E_ARG;
    c->busy = 1;
    rc = write_size(&c->w, out_size);
    c->busy = 0;
    return rc;
}

int mla_compose_output(mla_compose *c, const uint8_t **out_data, size_t *out_len,
                       uint32_t *out_part)
{
    int rc;

    if (c->busy)
        return MLA_E_STATE;
    if (out_data == NULL || out_len == NULL)
        return MLA_E_ARG;
    c->busy = 1;
    rc = write_output(&c->w, out_data, out_len, out_part);
    c->busy = 0;
    return rc;
}

int mla_compose_feed(mla_compose *c, const uint8_t *data, size_t len)
{
    if (c->busy)
        return MLA_E_STATE;
    return data != NULL || len == 0 ? write_feed(&c->w, data, len) : MLA_E_ARG;
}

int mla_compose_rewind(mla_compose *c)
{
    int rc;

    if (c->busy)
        return MLA_E_STATE;
    c->busy = 1;
    rc = write_rewind(&c->w);
    c->busy = 0;
    return rc;
}
