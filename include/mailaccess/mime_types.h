/* mime_types.h - what the MIME parser says: events, warnings, limits. No functions. */
#ifndef MAILACCESS_MIME_TYPES_H
#define MAILACCESS_MIME_TYPES_H

#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a streaming parser reports. Values are only added: ignore those that you do not know. */
enum {
    MLA_MIME_EV_PART = 1,       /* a part begins, with its header */
    MLA_MIME_EV_HEADER = 2,     /* one header field */
    MLA_MIME_EV_BODY_START = 3, /* the header is over: name is the type, data the encoding */
    MLA_MIME_EV_BODY = 4,       /* octets of a part that holds no other parts */
    MLA_MIME_EV_PART_END = 5,   /* the part is over */
    MLA_MIME_EV_WARNING = 6     /* something is not as it should be: code, offset */
};

/* One event. Made by the library; it grows at its end only. Octets, not lines: a body comes in as
 * few pieces as the input did. */
typedef struct mla_mime_event {
    uint32_t struct_size;
    int32_t type;         /* MLA_MIME_EV_* */
    uint32_t depth;       /* of the part: 0 is the message itself */
    uint32_t index;       /* among its siblings, from 1 */
    uint64_t offset;      /* in the whole input: where the thing begins; PART_END: where it ends */
    uint64_t body_offset; /* BODY_START, PART_END: where the body begins */
    uint64_t body_length; /* PART_END: its octets, without the line end before the boundary */
    mla_str name;         /* HEADER: the field's name; BODY_START: "text/plain", lower case */
    mla_str data;         /* HEADER: the value, folded, as it stands; BODY: octets; BODY_START: the
                             transfer encoding, lower case, empty when there is none */
    int32_t code;         /* WARNING: MLA_MIME_WARN_* */
    uint32_t flags;       /* BODY_START, PART_END: MLA_PART_* */
} mla_mime_event;

/* What a part is. */
enum {
    MLA_PART_MULTIPART = 1, /* its children are the parts of a multipart */
    MLA_PART_MESSAGE = 2,   /* its one child is a message/rfc822 or message/global */
    MLA_PART_DECODED = 4,   /* offsets are in the decoded body of a part above (mime.h) */
    MLA_PART_LIMIT = 8      /* a limit was reached: there is more in it than was taken apart */
};

/* What can be wrong with a message; the list is closed within one version and only grows. Each is
 * reported once a part, at its first place. mla_mime_warning_grade() says which are ambiguous: two
 * programs may read such a message differently. */
enum {
    /* structure, found while parsing */
    MLA_MIME_WARN_BOM = 1,                 /* begins with a UTF-8 byte order mark */
    MLA_MIME_WARN_MBOX_FROM = 2,           /* begins with an mbox "From " line */
    MLA_MIME_WARN_MIXED_LINE_ENDS = 3,     /* both CRLF and bare LF end lines of the structure */
    MLA_MIME_WARN_BARE_CR = 4,             /* a CR without LF in a header */
    MLA_MIME_WARN_NUL = 5,                 /* a NUL octet */
    MLA_MIME_WARN_NO_HEADER_END = 6,       /* a line that is no header field ends the header */
    MLA_MIME_WARN_BAD_CONTINUATION = 7,    /* the header begins with a folded line */
    MLA_MIME_WARN_SPACE_BEFORE_COLON = 8,  /* white space between field name and colon */
    MLA_MIME_WARN_RAW_8BIT = 9,            /* a header with octets above 127 */
    MLA_MIME_WARN_DUPLICATE_HEADER = 10,   /* a field that may be there once comes again */
    MLA_MIME_WARN_DUPLICATE_TYPE = 11,     /* Content-Type again: the first counts */
    MLA_MIME_WARN_DUPLICATE_ENCODING = 12, /* Content-Transfer-Encoding again: the first counts */
    MLA_MIME_WARN_DUPLICATE_DISPOSITION = 13, /* Content-Disposition again: the first counts */
    MLA_MIME_WARN_DUPLICATE_PARAMETER = 14,   /* a parameter again: the first counts */
    MLA_MIME_WARN_BAD_PARAMETER = 15,         /* parameters that break the grammar */
    MLA_MIME_WARN_BAD_TYPE = 16,              /* Content-Type cannot be read: text/plain */
    MLA_MIME_WARN_BAD_ENCODING = 17,          /* an unknown transfer encoding: octets as they are */
    MLA_MIME_WARN_NO_BOUNDARY = 18,           /* a multipart that names no boundary: not entered */
    MLA_MIME_WARN_BAD_BOUNDARY = 19,          /* a boundary that RFC 2046 does not allow */
    MLA_MIME_WARN_REPEATED_BOUNDARY = 20,     /* the boundary of a multipart above it */
    MLA_MIME_WARN_MISSING_FINAL_BOUNDARY = 21,
    MLA_MIME_WARN_EMPTY_MULTIPART = 22,   /* a multipart without any part */
    MLA_MIME_WARN_ENCODED_COMPOSITE = 23, /* a multipart or message with a transfer encoding */
    MLA_MIME_WARN_TRUNCATED = 24,         /* the message ends inside a header */
    /* limits */
    MLA_MIME_WARN_LIMIT_DEPTH = 30,        /* too deep: not entered */
    MLA_MIME_WARN_LIMIT_PARTS = 31,        /* too many parts: the rest was not taken apart */
    MLA_MIME_WARN_LIMIT_HEADERS = 32,      /* too many fields: the rest was passed over */
    MLA_MIME_WARN_LIMIT_HEADER_BYTES = 33, /* a header too large: cut */
    MLA_MIME_WARN_LIMIT_PARAMS = 34,       /* too many parameters */
    MLA_MIME_WARN_LIMIT_ADDRESSES = 35,    /* too many addresses */
    MLA_MIME_WARN_LIMIT_WORDS = 36,        /* too many encoded words */
    MLA_MIME_WARN_LIMIT_IDS = 37,          /* too many message-ids */
    /* content, found while decoding */
    MLA_MIME_WARN_BASE64_JUNK = 40,       /* foreign characters in base64, passed over */
    MLA_MIME_WARN_BASE64_AFTER = 41,      /* text behind the padding, left out */
    MLA_MIME_WARN_BASE64_UNPADDED = 42,   /* padding missing */
    MLA_MIME_WARN_BASE64_CUT = 43,        /* ends inside a quantum */
    MLA_MIME_WARN_QP_BAD = 44,            /* "=" with nothing sensible behind, handed on */
    MLA_MIME_WARN_QP_CUT = 45,            /* ends inside "=XX" */
    MLA_MIME_WARN_QP_LOWER = 46,          /* lower-case hex digits */
    MLA_MIME_WARN_UNKNOWN_CHARSET = 47,   /* read as UTF-8 */
    MLA_MIME_WARN_INVALID_TEXT = 48,      /* not valid in its character set: U+FFFD */
    MLA_MIME_WARN_GUESSED_CHARSET = 49,   /* no character set named: UTF-8 or Windows-1252 */
    MLA_MIME_WARN_UTF7 = 50,              /* text in UTF-7 */
    MLA_MIME_WARN_BAD_WORD = 51,          /* an encoded word that breaks the rules */
    MLA_MIME_WARN_BAD_ADDRESS = 52,       /* an address that breaks the grammar */
    MLA_MIME_WARN_MANY_FROM = 53,         /* more than one author, or none */
    MLA_MIME_WARN_BAD_DATE = 54,          /* a date that cannot be read */
    MLA_MIME_WARN_BAD_ID = 55,            /* a message-id without angle brackets */
    MLA_MIME_WARN_FILENAME_CONFLICT = 56, /* two different file names for one part */
    MLA_MIME_WARN_FILE_CUT = 57, /* uuencode or yEnc without its end, or with lines that are none */
    MLA_MIME_WARN_CHECKSUM = 58, /* yEnc whose checksum or size is another one */
    /* values, found by mla_message_check(); mla_decoder_warnings() never has them */
    MLA_MIME_WARN_UNENDED_WORD = 64,      /* an encoded word without its "?=" */
    MLA_MIME_WARN_QUOTED_WORD = 65,       /* an encoded word inside a quoted string, decoded */
    MLA_MIME_WARN_OBSOLETE_ADDRESS = 66,  /* a route, or white space where RFC 5322 wants none */
    MLA_MIME_WARN_ADDRESS_SEPARATOR = 67, /* ";" or nothing where a comma belongs */
    MLA_MIME_WARN_UNQUOTED_NAME = 68,     /* a name with "," or "@" in it that is not quoted */
    MLA_MIME_WARN_ADDRESS_BRACKET = 69,   /* "<" or ">" is missing, or is another bracket */
    MLA_MIME_WARN_ODD_DATE = 70,          /* a date in no form of RFC 5322, read all the same */
    MLA_MIME_WARN_WRONG_WEEKDAY = 71,     /* the day of the week is another one */
    MLA_MIME_WARN_UNKNOWN_ZONE = 72,      /* a date without a time zone, or one that says nothing */
    MLA_MIME_WARN_ENCODED_PARAMETER = 73, /* an encoded word in a parameter, decoded */
    MLA_MIME_WARN_PARAMETER_PIECES = 74,  /* pieces of a parameter are missing or out of order */
    MLA_MIME_WARN_PARAMETER_CONFLICT = 75, /* "name" and "name*" say different things */
    MLA_MIME_WARN_RAW_PARAMETER = 76,      /* octets above 127 in a parameter */
    MLA_MIME_WARN_COMMENT = 77,            /* a comment in Content-Type or Content-Disposition */
    MLA_MIME_WARN_BAD_RECEIVED = 78,       /* a Received field that breaks the grammar */
    MLA_MIME_WARN_BAD_LIST_FIELD = 79,     /* a List-* field that breaks the grammar */
    MLA_MIME_WARN_BAD_REPORT = 80,         /* a report that lacks what it must have */
    MLA_MIME_WARN_BAD_EXTERNAL_BODY = 81   /* message/external-body without its parameters */
};

/* How bad a warning is. */
enum { MLA_MIME_HARMLESS = 1, MLA_MIME_AMBIGUOUS = 2 };

/* Limits on what one message may make us hold or do. Zero is the default, in brackets. Reaching one
 * is a warning; the rest stays available undivided. */
typedef struct mla_mime_limits {
    uint32_t struct_size;     /* sizeof(mla_mime_limits) in the caller's header */
    uint32_t max_depth;       /* levels of parts inside parts (64), at most 10,000 */
    uint32_t max_parts;       /* in one message (10,000) */
    uint32_t max_headers;     /* fields of one part (10,000) */
    uint64_t max_header_size; /* octets of one part's header (4 MiB) */
    uint32_t max_params;      /* parameters of one field, RFC 2231 pieces too (500) */
    uint32_t max_addresses;   /* of one field (50,000) */
    uint32_t max_words;       /* encoded words of one field (10,000) */
    uint32_t max_ids;         /* message-ids of one field (10,000) */
} mla_mime_limits;

#ifdef __cplusplus
}
#endif

#endif
