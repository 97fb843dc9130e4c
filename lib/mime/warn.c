/* warn.c - see warn.h */
#include "mime/warn.h"

#include <stddef.h>

struct row {
    int code;
    int grade;
    const char *name;
};

static const struct row rows[] = {
    {MLA_MIME_WARN_BOM, MLA_MIME_HARMLESS, "bom"},
    {MLA_MIME_WARN_MBOX_FROM, MLA_MIME_HARMLESS, "mbox-from"},
    {MLA_MIME_WARN_MIXED_LINE_ENDS, MLA_MIME_AMBIGUOUS, "mixed-line-ends"},
    {MLA_MIME_WARN_BARE_CR, MLA_MIME_AMBIGUOUS, "bare-cr"},
    {MLA_MIME_WARN_NUL, MLA_MIME_AMBIGUOUS, "nul"},
    {MLA_MIME_WARN_NO_HEADER_END, MLA_MIME_AMBIGUOUS, "no-header-end"},
    {MLA_MIME_WARN_BAD_CONTINUATION, MLA_MIME_AMBIGUOUS, "bad-continuation"},
    {MLA_MIME_WARN_SPACE_BEFORE_COLON, MLA_MIME_AMBIGUOUS, "space-before-colon"},
    {MLA_MIME_WARN_RAW_8BIT, MLA_MIME_HARMLESS, "raw-8bit"},
    {MLA_MIME_WARN_DUPLICATE_HEADER, MLA_MIME_AMBIGUOUS, "duplicate-header"},
    {MLA_MIME_WARN_DUPLICATE_TYPE, MLA_MIME_AMBIGUOUS, "duplicate-content-type"},
    {MLA_MIME_WARN_DUPLICATE_ENCODING, MLA_MIME_AMBIGUOUS, "duplicate-transfer-encoding"},
    {MLA_MIME_WARN_DUPLICATE_DISPOSITION, MLA_MIME_AMBIGUOUS, "duplicate-disposition"},
    {MLA_MIME_WARN_DUPLICATE_PARAMETER, MLA_MIME_AMBIGUOUS, "duplicate-parameter"},
    {MLA_MIME_WARN_BAD_PARAMETER, MLA_MIME_HARMLESS, "bad-parameter"},
    {MLA_MIME_WARN_BAD_TYPE, MLA_MIME_AMBIGUOUS, "bad-content-type"},
    {MLA_MIME_WARN_BAD_ENCODING, MLA_MIME_AMBIGUOUS, "bad-transfer-encoding"},
    {MLA_MIME_WARN_NO_BOUNDARY, MLA_MIME_AMBIGUOUS, "no-boundary"},
    {MLA_MIME_WARN_BAD_BOUNDARY, MLA_MIME_AMBIGUOUS, "bad-boundary"},
    {MLA_MIME_WARN_REPEATED_BOUNDARY, MLA_MIME_AMBIGUOUS, "repeated-boundary"},
    {MLA_MIME_WARN_MISSING_FINAL_BOUNDARY, MLA_MIME_HARMLESS, "missing-final-boundary"},
    {MLA_MIME_WARN_EMPTY_MULTIPART, MLA_MIME_AMBIGUOUS, "empty-multipart"},
    {MLA_MIME_WARN_ENCODED_COMPOSITE, MLA_MIME_AMBIGUOUS, "encoded-composite"},
    {MLA_MIME_WARN_TRUNCATED, MLA_MIME_HARMLESS, "truncated"},
    {MLA_MIME_WARN_LIMIT_DEPTH, MLA_MIME_AMBIGUOUS, "limit-depth"},
    {MLA_MIME_WARN_LIMIT_PARTS, MLA_MIME_AMBIGUOUS, "limit-parts"},
    {MLA_MIME_WARN_LIMIT_HEADERS, MLA_MIME_AMBIGUOUS, "limit-headers"},
    {MLA_MIME_WARN_LIMIT_HEADER_BYTES, MLA_MIME_AMBIGUOUS, "limit-header-bytes"},
    {MLA_MIME_WARN_LIMIT_PARAMS, MLA_MIME_AMBIGUOUS, "limit-params"},
    {MLA_MIME_WARN_LIMIT_ADDRESSES, MLA_MIME_AMBIGUOUS, "limit-addresses"},
    {MLA_MIME_WARN_LIMIT_WORDS, MLA_MIME_AMBIGUOUS, "limit-words"},
    {MLA_MIME_WARN_LIMIT_IDS, MLA_MIME_AMBIGUOUS, "limit-ids"},
    {MLA_MIME_WARN_BASE64_JUNK, MLA_MIME_AMBIGUOUS, "base64-junk"},
    {MLA_MIME_WARN_BASE64_AFTER, MLA_MIME_AMBIGUOUS, "base64-after-padding"},
    {MLA_MIME_WARN_BASE64_UNPADDED, MLA_MIME_HARMLESS, "base64-unpadded"},
    {MLA_MIME_WARN_BASE64_CUT, MLA_MIME_HARMLESS, "base64-cut"},
    {MLA_MIME_WARN_QP_BAD, MLA_MIME_AMBIGUOUS, "qp-bad"},
    {MLA_MIME_WARN_QP_CUT, MLA_MIME_HARMLESS, "qp-cut"},
    {MLA_MIME_WARN_QP_LOWER, MLA_MIME_HARMLESS, "qp-lower-case"},
    {MLA_MIME_WARN_UNKNOWN_CHARSET, MLA_MIME_AMBIGUOUS, "unknown-charset"},
    {MLA_MIME_WARN_INVALID_TEXT, MLA_MIME_HARMLESS, "invalid-text"},
    {MLA_MIME_WARN_GUESSED_CHARSET, MLA_MIME_HARMLESS, "guessed-charset"},
    {MLA_MIME_WARN_UTF7, MLA_MIME_AMBIGUOUS, "utf-7"},
    {MLA_MIME_WARN_BAD_WORD, MLA_MIME_HARMLESS, "bad-encoded-word"},
    {MLA_MIME_WARN_BAD_ADDRESS, MLA_MIME_AMBIGUOUS, "bad-address"},
    {MLA_MIME_WARN_MANY_FROM, MLA_MIME_AMBIGUOUS, "many-from"},
    {MLA_MIME_WARN_BAD_DATE, MLA_MIME_HARMLESS, "bad-date"},
    {MLA_MIME_WARN_BAD_ID, MLA_MIME_HARMLESS, "bad-message-id"},
    {MLA_MIME_WARN_FILENAME_CONFLICT, MLA_MIME_AMBIGUOUS, "filename-conflict"},
    {MLA_MIME_WARN_FILE_CUT, MLA_MIME_HARMLESS, "file-cut"},
    {MLA_MIME_WARN_CHECKSUM, MLA_MIME_HARMLESS, "checksum"},
    {MLA_MIME_WARN_UNENDED_WORD, MLA_MIME_HARMLESS, "unended-word"},
    {MLA_MIME_WARN_QUOTED_WORD, MLA_MIME_HARMLESS, "quoted-word"},
    {MLA_MIME_WARN_OBSOLETE_ADDRESS, MLA_MIME_HARMLESS, "obsolete-address"},
    {MLA_MIME_WARN_ADDRESS_SEPARATOR, MLA_MIME_AMBIGUOUS, "address-separator"},
    {MLA_MIME_WARN_UNQUOTED_NAME, MLA_MIME_AMBIGUOUS, "unquoted-name"},
    {MLA_MIME_WARN_ADDRESS_BRACKET, MLA_MIME_AMBIGUOUS, "address-bracket"},
    {MLA_MIME_WARN_ODD_DATE, MLA_MIME_HARMLESS, "odd-date"},
    {MLA_MIME_WARN_WRONG_WEEKDAY, MLA_MIME_HARMLESS, "wrong-weekday"},
    {MLA_MIME_WARN_UNKNOWN_ZONE, MLA_MIME_HARMLESS, "unknown-zone"},
    {MLA_MIME_WARN_ENCODED_PARAMETER, MLA_MIME_AMBIGUOUS, "encoded-parameter"},
    {MLA_MIME_WARN_PARAMETER_PIECES, MLA_MIME_AMBIGUOUS, "parameter-pieces"},
    {MLA_MIME_WARN_PARAMETER_CONFLICT, MLA_MIME_AMBIGUOUS, "parameter-conflict"},
    {MLA_MIME_WARN_RAW_PARAMETER, MLA_MIME_HARMLESS, "raw-parameter"},
    {MLA_MIME_WARN_COMMENT, MLA_MIME_AMBIGUOUS, "comment"},
    {MLA_MIME_WARN_BAD_RECEIVED, MLA_MIME_HARMLESS, "bad-received"},
    {MLA_MIME_WARN_BAD_LIST_FIELD, MLA_MIME_HARMLESS, "bad-list-field"},
    {MLA_MIME_WARN_BAD_REPORT, MLA_MIME_HARMLESS, "bad-report"},
    {MLA_MIME_WARN_BAD_EXTERNAL_BODY, MLA_MIME_HARMLESS, "bad-external-body"},
};

static const struct row *row_of(int code)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].code == code)
            return &rows[i];
    return NULL;
}

const char *warn_name(int code)
{
    const struct row *r = row_of(code);

    return r != NULL ? r->name : NULL;
}

int warn_grade(int code)
{
    const struct row *r = row_of(code);

    return r != NULL ? r->grade : MLA_MIME_AMBIGUOUS;
}

void warn_add(struct warn_set *w, int code, uint64_t at)
{
    uint64_t bit = UINT64_C(1) << code % 64;

    if (w == NULL || (w->mask[code / 64] & bit) != 0)
        return;
    w->mask[code / 64] |= bit;
    w->at[code] = at;
}

int warn_has(const struct warn_set *w, int code, uint64_t *out_at)
{
    if ((w->mask[code / 64] >> code % 64 & 1) == 0)
        return 0;
    if (out_at != NULL)
        *out_at = w->at[code];
    return 1;
}
