/* mime_body_types.h - what is found in bodies: kinds of text, of security, of files. No functions.
 */
#ifndef MAILACCESS_MIME_BODY_TYPES_H
#define MAILACCESS_MIME_BODY_TYPES_H

#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a filter makes text of. */
enum {
    MLA_FILTER_PLAIN = 0,  /* text as it is, made safe to print */
    MLA_FILTER_FLOWED = 1, /* format=flowed (RFC 3676): a line a paragraph, ">" for quotes */
    MLA_FILTER_HTML = 2    /* HTML: blocks, lists, quotes, links */
};

/* How a filter works. Zero: as a person would want it. */
enum {
    MLA_FILTER_DELSP = 1,       /* FLOWED: delsp=yes */
    MLA_FILTER_SHOW_HIDDEN = 2, /* HTML: also what is not to be seen */
    MLA_FILTER_NO_LINKS = 4     /* HTML: not where links lead */
};

/* How mla_part_readable() chooses. */
enum {
    MLA_READABLE_PREFER_HTML = 1, /* of alternatives the HTML, even where there is plain text */
    MLA_READABLE_SHOW_HIDDEN = 2, /* as MLA_FILTER_SHOW_HIDDEN */
    MLA_READABLE_NO_LINKS = 4     /* as MLA_FILTER_NO_LINKS */
};

/* What protects a part. Recognised by type and form; nothing is verified or decrypted. Values are
 * only added. */
enum {
    MLA_PROTECTION_NONE = 0,
    MLA_PROTECTION_PGP_SIGNED = 1,       /* multipart/signed (RFC 3156) */
    MLA_PROTECTION_PGP_ENCRYPTED = 2,    /* multipart/encrypted (RFC 3156) */
    MLA_PROTECTION_SMIME_SIGNED = 3,     /* multipart/signed (RFC 8551) */
    MLA_PROTECTION_SMIME_OPAQUE = 4,     /* application/pkcs7-mime, signed-data */
    MLA_PROTECTION_SMIME_ENCRYPTED = 5,  /* ... enveloped-data or authEnveloped-data */
    MLA_PROTECTION_SMIME_COMPRESSED = 6, /* ... compressed-data */
    MLA_PROTECTION_SMIME_CERTS = 7,      /* ... certs-only */
    MLA_PROTECTION_SMIME = 8,            /* ... which does not say what it is */
    MLA_PROTECTION_SIGNED = 9,           /* multipart/signed by another protocol (RFC 1847) */
    MLA_PROTECTION_ENCRYPTED = 10,       /* multipart/encrypted by another protocol */
    MLA_PROTECTION_INLINE_SIGNED = 11,   /* text with "BEGIN PGP SIGNED MESSAGE" (RFC 9580) */
    MLA_PROTECTION_INLINE_PGP = 12,      /* text with "BEGIN PGP MESSAGE": encrypted or signed */
    MLA_PROTECTION_INLINE_KEY = 13       /* text with "BEGIN PGP PUBLIC KEY BLOCK" */
};

/* How a file lies in a part. Values are only added. */
enum {
    MLA_FILE_UUENCODE = 1,    /* between "begin" and "end" in a text */
    MLA_FILE_YENC = 2,        /* between "=ybegin" and "=yend" in a text */
    MLA_FILE_TNEF = 3,        /* an attachment in TNEF (winmail.dat) */
    MLA_FILE_TNEF_BODY = 4,   /* the text of the message in TNEF: plain text and HTML are given in
                                 UTF-8, RTF as it is */
    MLA_FILE_TNEF_MESSAGE = 5 /* a message in TNEF: its octets are TNEF again */
};

/* What is wrong with a file. */
enum {
    MLA_FILE_CUT = 1,     /* it has no end, or lines in it that are none; what there is is given */
    MLA_FILE_CHECKSUM = 2 /* its checksum or its size is another one */
};

/* What joining the parts of a file has met: mla_files_join(). */
enum {
    MLA_JOIN_GAP = 1,       /* octets are missing */
    MLA_JOIN_DUPLICATE = 2, /* a part is there more than once, with the same octets */
    MLA_JOIN_OVERLAP = 4,   /* parts overlap, with the same octets */
    MLA_JOIN_CONFLICT = 8,  /* parts have other octets for the same place */
    MLA_JOIN_DAMAGED = 16 /* a part is cut, or its checksum or that of the whole file is another */
};

/* One file inside a part. Made by the library; it grows at its end only. Texts are UTF-8 on one
 * line without control characters, empty where there is none. */
typedef struct mla_mime_file {
    uint32_t struct_size;
    int32_t kind;    /* MLA_FILE_* */
    uint64_t offset; /* UUENCODE, YENC: where it lies in the part's decoded body, its first ... */
    uint64_t length; /* ... and last line included */
    uint64_t size;   /* octets of the file */
    mla_str name;    /* may hold anything: mla_mime_safe_filename() */
    mla_str type;    /* "image/png", where it is known */
    mla_str content_id;   /* without angle brackets */
    uint32_t flags;       /* MLA_FILE_CUT ... */
    uint32_t reserved;    /* 0 */
    uint32_t part;        /* YENC: number of the part, from 1; 0: the file is whole */
    uint32_t part_count;  /* YENC: how many parts the file has; 0: not said */
    uint64_t part_offset; /* YENC: where the part's octets belong in the whole file */
    uint64_t whole_size;  /* YENC: octets of the whole file, as it says; 0: not said */
    uint32_t verified;    /* YENC: 1: it has a checksum, and that is right */
    uint32_t reserved_2;  /* 0 */
} mla_mime_file;

#ifdef __cplusplus
}
#endif

#endif
