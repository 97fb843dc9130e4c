/* enc_section.h - a section that FETCH asks for (RFC 9051 section 9, section): checked and copied
 * when the command is queued, written when it is sent, recognised when it comes. */
#ifndef MLA_IMAP_ENC_SECTION_H
#define MLA_IMAP_ENC_SECTION_H

#include "imap/cmd.h"

struct imap_section_spec {
    uint32_t what;
    const uint32_t *parts;
    size_t part_count;
    const mla_str *fields;
    size_t field_count;
    uint64_t offset;
    uint32_t length;
    int is_decoded;
    int is_size;
};

/* Copies into the command's arena what the caller asks for. 0, MLA_E_ARG, MLA_E_UNSUPPORTED (a kind
 * of a newer header), MLA_E_LIMIT, MLA_E_NOMEM. */
int imap_section_copy(struct imap_cmd *c, struct imap_section_spec *out,
                      const mla_imap_section_args *in);
/* Writes it as an item of FETCH. set_seen: reading it marks the message. */
void imap_enc_section(struct imap_enc *e, const struct imap_section_spec *s, int set_seen);
/* 1 when what came is this section, as far as servers say. */
int imap_section_is(const struct imap_section_spec *s, const mla_imap_section *got);
/* 1 when the answers to the two could look the same. */
int imap_section_alike(const struct imap_section_spec *a, const struct imap_section_spec *b);

#endif
