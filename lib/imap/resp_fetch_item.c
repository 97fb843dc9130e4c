/* resp_fetch_item.c - names of FETCH items. */
#include "imap/resp_fetch.h"

/* Lengths and first letters tell most names apart. */
static enum fetch_item item_of(const uint8_t *p, size_t n)
{
    switch (n) {
    case 3:
        return ilex_word_is(p, "UID", 3) ? FETCH_UID : FETCH_UNKNOWN;
    case 4:
        return ilex_word_is(p, "BODY", 4) ? FETCH_BODY : FETCH_UNKNOWN;
    case 5:
        return ilex_word_is(p, "FLAGS", 5) ? FETCH_FLAGS : FETCH_UNKNOWN;
    case 6:
        return ilex_word_is(p, "MODSEQ", 6)   ? FETCH_MODSEQ
               : ilex_word_is(p, "RFC822", 6) ? FETCH_RFC822
               : ilex_word_is(p, "BINARY", 6) ? FETCH_BINARY
                                              : FETCH_UNKNOWN;
    case 8:
        return ilex_word_is(p, "ENVELOPE", 8) ? FETCH_ENVELOPE : FETCH_UNKNOWN;
    case 11:
        return ilex_word_is(p, "RFC822.SIZE", 11)   ? FETCH_SIZE
               : ilex_word_is(p, "RFC822.TEXT", 11) ? FETCH_TEXT
                                                    : FETCH_UNKNOWN;
    case 12:
        return ilex_word_is(p, "INTERNALDATE", 12) ? FETCH_DATE : FETCH_UNKNOWN;
    case 13:
        return ilex_word_is(p, "BODYSTRUCTURE", 13)   ? FETCH_STRUCTURE
               : ilex_word_is(p, "RFC822.HEADER", 13) ? FETCH_HEADER
                                                      : FETCH_UNKNOWN;
    default:
        return FETCH_UNKNOWN;
    }
}

/* Those that strict_item() leaves, in their usual spelling and with the blank behind them;
 * FETCH_UNKNOWN when it is none of them. */
static enum fetch_item take_usual_item(struct ilex *l)
{
    enum fetch_item item = FETCH_UNKNOWN;
    size_t len = 0;

    if (ilex_stands(l, "ENVELOPE "))
        item = FETCH_ENVELOPE, len = 8;
    else if (ilex_stands(l, "BODYSTRUCTURE "))
        item = FETCH_STRUCTURE, len = 13;
    l->p += len;
    return item;
}

enum fetch_item fetch_take_item(struct ilex *l)
{
    const uint8_t *from = l->p;
    const uint8_t *p;
    enum fetch_item usual = take_usual_item(l);

    if (usual != FETCH_UNKNOWN)
        return usual;
    for (p = from; ilex_is(*p, ILEX_NAME);)
        p++;
    l->p = p;
    return item_of(from, (size_t)(p - from));
}

int fetch_skip_item(struct ilex *l)
{
    const uint8_t *from = l->p;
    mla_str ignored;

    while (ilex_is(*l->p, ILEX_ATOM) && *l->p != '[')
        l->p++;
    if (*l->p == '[' && imap_read_section_name(l, &ignored) == 0)
        while (ilex_is(*l->p, ILEX_ATOM))
            l->p++;
    if (l->p == from)
        return ilex_skip(l); /* a value without a name */
    ilex_spaces(l);
    return *l->p == ')' ? 0 : ilex_skip(l);
}
