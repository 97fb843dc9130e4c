/* write.h - a message being built: parts with their fields and bodies, then octets out of it.
 *
 * Nothing of a body is copied but what came through write_text(); the rest is read when the octets
 * are wanted, once to see what it holds (where that is not known yet) and once to send it. */
#ifndef MLA_MIME_WRITE_H
#define MLA_MIME_WRITE_H

#include "mailaccess/compose_types.h"
#include "mime/write_body.h"
#include "mime/write_field.h"

enum {
    WRITE_PARTS_MAX = 10000,
    WRITE_DEPTH_MAX = 60,
    WRITE_FIELDS_MAX = 1000,
    WRITE_PIECE = 4096,
    WRITE_BOUNDARY = 32
};

/* What a field may hold, by its name. */
enum write_kind {
    WRITE_KIND_TEXT,
    WRITE_KIND_ADDRESSES,
    WRITE_KIND_DATE,
    WRITE_KIND_IDS,
    WRITE_KIND_OWN
};

struct write_part_field {
    struct fold fold;
    enum write_kind kind;
    size_t name_len;
    struct write_addresses addresses;
    struct write_part_field *next;
};

enum write_source_kind { WRITE_EMPTY, WRITE_MEMORY, WRITE_CALLS, WRITE_PIECES };

struct write_part {
    char *type; /* lower case */
    uint32_t parent;
    uint32_t first_child; /* 0: none; the root is nobody's child */
    uint32_t last_child;
    uint32_t next;
    uint32_t depth;
    int is_multipart;
    int is_message; /* message/rfc822 or message/global */
    int has_charset;
    int flowed;
    struct fold content_type;
    struct fold disposition;
    int has_disposition;
    struct write_part_field *fields;
    struct write_part_field **fields_end;
    uint32_t field_count;
    enum write_source_kind source;
    char *data; /* MEMORY */
    size_t len;
    mla_compose_source calls;
    struct write_survey survey;
    int surveyed;
    enum write_encoding encoding;
    struct buf head; /* made when the message is complete */
    char boundary[WRITE_BOUNDARY];
};

/* Where the octets are that go out next. */
enum write_state { WRITE_HEAD, WRITE_BODY, WRITE_CLOSE, WRITE_DONE };

struct write_message {
    struct mem mem;
    uint32_t flags; /* MLA_COMPOSE_* */
    struct write_part *parts;
    uint32_t count;
    uint32_t cap;
    int sealed; /* complete: nothing more may be added */
    int failed; /* sticky error of the output */
    enum write_state state;
    uint32_t at; /* the part that goes out */
    struct write_encoder encoder;
    struct write_survey again; /* of the octets that go out: the same as before? */
    const uint8_t *in;         /* octets of the body that are at hand */
    size_t left;
    int input_over;
    uint64_t written; /* of the body, encoded */
    struct buf out;
};

int write_init(struct write_message *w, const struct mem *mem, const char *type, uint32_t flags);
void write_free(struct write_message *w);
/* All: 0, MLA_E_STATE (complete, or not with this part), MLA_E_ARG, MLA_E_CHARSET, MLA_E_LIMIT,
 * MLA_E_NOMEM. */
int write_add(struct write_message *w, uint32_t parent, const char *type, uint32_t *out_part);
int write_header(struct write_message *w, uint32_t part, const char *name, const char *value,
                 size_t n);
int write_address_in(struct write_message *w, uint32_t part, const char *name,
                     const mla_address *a);
int write_addresses_in(struct write_message *w, uint32_t part, const char *name,
                       const mla_address *list, size_t count);
int write_date_in(struct write_message *w, uint32_t part, const char *name, int64_t seconds,
                  int32_t zone_minutes, int zone_known);
int write_id_in(struct write_message *w, uint32_t part, const char *name, const char *id);
int write_param_in(struct write_message *w, uint32_t part, const char *name, const char *value,
                   size_t n);
int write_disposition_in(struct write_message *w, uint32_t part, const char *word,
                         const char *filename, size_t n);
/* Takes data over. */
int write_memory(struct write_message *w, uint32_t part, char *data, size_t n);
int write_calls(struct write_message *w, uint32_t part, const mla_compose_source *calls);
int write_pieces(struct write_message *w, uint32_t part, const void *data, size_t n);
int write_text_in(struct write_message *w, uint32_t part, const char *text, size_t n,
                  uint32_t flags);

/* Completes the message: encodings chosen, boundaries made. */
int write_seal(struct write_message *w);
/* MLA_E_NOT_FOUND where a body's length is not known. */
int write_size(struct write_message *w, uint64_t *out_size);
/* 1 and octets, good until the next call; 0 at the end; MLA_COMPOSE_NEEDS_DATA and the part. */
int write_output(struct write_message *w, const uint8_t **out_data, size_t *out_len,
                 uint32_t *out_part);
/* n 0: the body is over. */
int write_feed(struct write_message *w, const void *data, size_t n);
int write_rewind(struct write_message *w);

#endif
