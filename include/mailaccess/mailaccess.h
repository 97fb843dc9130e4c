/* mailaccess.h - everything, and the version. */
#ifndef MAILACCESS_MAILACCESS_H
#define MAILACCESS_MAILACCESS_H

#include "certificate.h"
#include "certificate_types.h"
#include "collect.h"
#include "collect_types.h"
#include "compose.h"
#include "compose_types.h"
#include "config.h"
#include "discover.h"
#include "discover_types.h"
#include "error.h"
#include "imap.h"
#include "imap_admin.h"
#include "imap_admin_types.h"
#include "imap_append.h"
#include "imap_append_types.h"
#include "imap_args.h"
#include "imap_command.h"
#include "imap_command_types.h"
#include "imap_compress.h"
#include "imap_keep.h"
#include "imap_keep_types.h"
#include "imap_message_types.h"
#include "imap_notify.h"
#include "imap_notify_types.h"
#include "imap_search.h"
#include "imap_search_types.h"
#include "imap_types.h"
#include "imap_urlauth.h"
#include "imap_urlauth_types.h"
#include "imap_view.h"
#include "imap_view_types.h"
#include "mime.h"
#include "mime_body.h"
#include "mime_body_types.h"
#include "mime_charset.h"
#include "mime_headers.h"
#include "mime_headers_types.h"
#include "mime_report.h"
#include "mime_report_types.h"
#include "mime_types.h"
#include "pop3.h"
#include "pop3_types.h"
#include "seen.h"
#include "seen_types.h"
#include "session.h"
#include "token.h"
#include "token_types.h"
#include "types.h"

#define MLA_VERSION_MAJOR 0
#define MLA_VERSION_MINOR 1
#define MLA_VERSION_PATCH 0

#ifdef __cplusplus
extern "C" {
#endif

/* The version of the library that is running: major * 1,000,000 + minor * 1,000 + patch. Any
 * thread. */
MLA_API uint32_t mla_version(void);
/* The same as text, "0.1.0"; the library's, for ever. */
MLA_API const char *mla_version_text(void);

/* The public records. Numbers are never used again. */
enum {
    MLA_STRUCT_STR = 1,
    MLA_STRUCT_RANGE = 2,
    MLA_STRUCT_ERROR = 3,
    MLA_STRUCT_ADDRESS = 4,
    MLA_STRUCT_ALLOCATOR = 5,
    MLA_STRUCT_CONNECT_ARGS = 6,
    MLA_STRUCT_CREDENTIALS = 7,
    MLA_STRUCT_PROXY = 8,
    MLA_STRUCT_CERTIFICATE = 9,
    MLA_STRUCT_CERTIFICATE_CHAIN = 10,
    MLA_STRUCT_IMAP_LOGIN_ARGS = 20,
    MLA_STRUCT_IMAP_SELECT_ARGS = 21,
    MLA_STRUCT_IMAP_MAILBOX_ARGS = 22,
    MLA_STRUCT_IMAP_RENAME_ARGS = 23,
    MLA_STRUCT_IMAP_LIST_ARGS = 24,
    MLA_STRUCT_IMAP_STATUS_ARGS = 25,
    MLA_STRUCT_IMAP_APPEND_ARGS = 26,
    MLA_STRUCT_IMAP_SECTION_ARGS = 27,
    MLA_STRUCT_IMAP_FETCH_ARGS = 28,
    MLA_STRUCT_IMAP_SEARCH_KEY = 29,
    MLA_STRUCT_IMAP_SEARCH_ARGS = 30,
    MLA_STRUCT_IMAP_STORE_ARGS = 31,
    MLA_STRUCT_IMAP_COPY_ARGS = 32,
    MLA_STRUCT_IMAP_CODE = 33,
    MLA_STRUCT_IMAP_TEXT = 34,
    MLA_STRUCT_IMAP_DONE = 35,
    MLA_STRUCT_IMAP_ENVELOPE = 36,
    MLA_STRUCT_IMAP_BODY = 37,
    MLA_STRUCT_IMAP_SECTION = 38,
    MLA_STRUCT_IMAP_FETCH = 39,
    MLA_STRUCT_IMAP_LIST = 40,
    MLA_STRUCT_IMAP_STATUS = 41,
    MLA_STRUCT_IMAP_SEARCH = 42,
    MLA_STRUCT_IMAP_WARNING = 43,
    MLA_STRUCT_POP3_DONE = 60,
    MLA_STRUCT_POP3_STAT = 61,
    MLA_STRUCT_POP3_ITEM = 62,
    MLA_STRUCT_POP3_GREETING = 63,
    MLA_STRUCT_POP3_WARNING = 64,
    MLA_STRUCT_POP3_CAPABILITIES = 65,
    MLA_STRUCT_POP3_LANGUAGE = 66,
    MLA_STRUCT_POP3_COMMAND_ARGS = 67,
    MLA_STRUCT_MIME_EVENT = 80,
    MLA_STRUCT_MIME_LIMITS = 81,
    MLA_STRUCT_HOP = 82,
    MLA_STRUCT_MAILING_LIST = 83,
    MLA_STRUCT_EXTERNAL_BODY = 84,
    MLA_STRUCT_DSN = 85,
    MLA_STRUCT_DSN_RECIPIENT = 86,
    MLA_STRUCT_MDN = 87,
    MLA_STRUCT_COMPOSE_SOURCE = 90,
    MLA_STRUCT_MIME_FILE = 91,
    MLA_STRUCT_IMAP_SEARCH_CHANGE = 150,
    MLA_STRUCT_IMAP_SORT_KEY = 151,
    MLA_STRUCT_IMAP_SORT_ARGS = 152,
    MLA_STRUCT_IMAP_THREAD_ARGS = 153,
    MLA_STRUCT_IMAP_THREAD_ITEM = 154,
    MLA_STRUCT_IMAP_THREAD = 155,
    MLA_STRUCT_IMAP_SOURCE = 156,
    MLA_STRUCT_IMAP_MULTISEARCH_ARGS = 157,
    MLA_STRUCT_IMAP_UIDBATCHES_ARGS = 158,
    MLA_STRUCT_IMAP_ARG = 180,
    MLA_STRUCT_IMAP_COMMAND_ARGS = 181,
    MLA_STRUCT_IMAP_VALUE = 182,
    MLA_STRUCT_IMAP_NOTIFY_ARGS = 183,
    MLA_STRUCT_IMAP_NOTIFY_GROUP = 184,
    MLA_STRUCT_IMAP_VIEW = 170,
    MLA_STRUCT_IMAP_MESSAGE = 171,
    MLA_STRUCT_IMAP_IDENTITY = 100,
    MLA_STRUCT_IMAP_NAMESPACE_ENTRY = 101,
    MLA_STRUCT_IMAP_NAMESPACES = 102,
    MLA_STRUCT_IMAP_ACL = 103,
    MLA_STRUCT_IMAP_MY_RIGHTS = 104,
    MLA_STRUCT_IMAP_LIST_RIGHTS = 105,
    MLA_STRUCT_IMAP_QUOTA_RESOURCE = 106,
    MLA_STRUCT_IMAP_QUOTA = 107,
    MLA_STRUCT_IMAP_QUOTA_ROOT = 108,
    MLA_STRUCT_IMAP_METADATA = 109,
    MLA_STRUCT_IMAP_LANGUAGES = 110,
    MLA_STRUCT_IMAP_COMPARATORS = 111,
    MLA_STRUCT_IMAP_JMAP_ACCESS = 112,
    MLA_STRUCT_IMAP_ID_ARGS = 113,
    MLA_STRUCT_IMAP_ACL_ARGS = 114,
    MLA_STRUCT_IMAP_QUOTA_LIMIT = 115,
    MLA_STRUCT_IMAP_QUOTA_ARGS = 116,
    MLA_STRUCT_IMAP_METADATA_ARGS = 117,
    MLA_STRUCT_IMAP_WORDS_ARGS = 118,
    MLA_STRUCT_IMAP_FETCH_MORE = 160,
    MLA_STRUCT_IMAP_ANNOTATION = 161,
    MLA_STRUCT_IMAP_BINARY_SIZE = 162,
    MLA_STRUCT_IMAP_ANNOTATION_ARGS = 163,
    MLA_STRUCT_IMAP_APPEND_PART = 164,
    MLA_STRUCT_IMAP_APPEND_MESSAGE = 165,
    MLA_STRUCT_IMAP_APPEND_MANY_ARGS = 166,
    MLA_STRUCT_IMAP_REPLACE_ARGS = 167,
    MLA_STRUCT_IMAP_URL = 168,
    MLA_STRUCT_IMAP_URLS = 169,
    MLA_STRUCT_IMAP_GENURLAUTH_ARGS = 172,
    MLA_STRUCT_IMAP_RESETKEY_ARGS = 173,
    MLA_STRUCT_IMAP_URLFETCH_ARGS = 174,
    MLA_STRUCT_SEEN_RECORD = 220,
    MLA_STRUCT_SEEN_STORE = 221,
    MLA_STRUCT_COLLECT_ARGS = 222,
    MLA_STRUCT_COLLECT_MESSAGE = 223,
    MLA_STRUCT_COLLECT_PLAN = 224,
    MLA_STRUCT_COLLECT_WARNING = 225,
    MLA_STRUCT_COLLECT_SUMMARY = 226,
    MLA_STRUCT_DISCOVER_ARGS = 240,
    MLA_STRUCT_DISCOVER_URL = 241,
    MLA_STRUCT_DISCOVER_LOOKUP = 242,
    MLA_STRUCT_DISCOVER_CANDIDATE = 243,
    MLA_STRUCT_TOKEN_INFO = 244,
    MLA_STRUCT_IMAP_KEEP_ARGS = 250,
    MLA_STRUCT_IMAP_KEEP_LINE = 251,
    MLA_STRUCT_IMAP_KEEP_NEWS = 252,
    MLA_STRUCT_IMAP_KEEP_FLAGS = 253,
    MLA_STRUCT_IMAP_KEEP_STATE = 254
};
/* sizeof one of the public records in the library that is running, for bindings to compare with
 * their own; 0 for an unknown id. Any thread. */
MLA_API uint32_t mla_struct_size(int32_t id);

#ifdef __cplusplus
}
#endif

#endif
