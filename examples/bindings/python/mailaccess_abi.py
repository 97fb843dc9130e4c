"""Made by tests/abi/make.py from the public headers: constants, records and prototypes for ctypes."""
from ctypes import (CFUNCTYPE, POINTER, Structure, c_char, c_char_p, c_int, c_int8, c_int16, c_int32, c_int64, c_size_t,
                    c_uint8, c_uint16, c_uint32, c_uint64, c_void_p)

__all__ = ["CONSTANTS", "RECORDS", "FUNCTIONS", "CALLBACKS", "declare"]

CONSTANTS = {
    "MLA_CERT_EXPIRED": 1,
    "MLA_CERT_NOT_YET": 2,
    "MLA_CERT_WRONG_HOST": 4,
    "MLA_CERT_UNKNOWN_ROOT": 8,
    "MLA_CERT_SELF_SIGNED": 16,
    "MLA_CERT_WEAK_KEY": 32,
    "MLA_CERT_WEAK_HASH": 64,
    "MLA_CERT_USAGE": 128,
    "MLA_CERT_WRONG_PIN": 256,
    "MLA_CERT_OTHER": 512,
    "MLA_CERT_CONSTRAINTS": 1024,
    "MLA_KEY_OTHER": 0,
    "MLA_KEY_RSA": 1,
    "MLA_KEY_EC": 2,
    "MLA_KEY_ED": 3,
    "MLA_COLLECT_KEEP": 0,
    "MLA_COLLECT_DELETE": 1,
    "MLA_COLLECT_DELETE_AGED": 2,
    "MLA_COLLECT_DELETE_BEYOND": 3,
    "MLA_COLLECT_LARGE_SKIP": 0,
    "MLA_COLLECT_LARGE_TOP": 1,
    "MLA_COLLECT_EV_PLAN": 1,
    "MLA_COLLECT_EV_BEGIN": 2,
    "MLA_COLLECT_EV_CHUNK": 3,
    "MLA_COLLECT_EV_END": 4,
    "MLA_COLLECT_EV_SKIPPED": 5,
    "MLA_COLLECT_EV_ALL": 6,
    "MLA_COLLECT_EV_DELETED": 7,
    "MLA_COLLECT_EV_RECONCILED": 8,
    "MLA_COLLECT_EV_WARNING": 9,
    "MLA_COLLECT_EV_DONE": 10,
    "MLA_COLLECT_BY_UIDL": 1,
    "MLA_COLLECT_BY_HEADER": 2,
    "MLA_COLLECT_BY_WHOLE": 3,
    "MLA_COLLECT_TOP": 1,
    "MLA_COLLECT_FULL": 2,
    "MLA_COLLECT_SHARED": 4,
    "MLA_COLLECT_AGAIN": 8,
    "MLA_COLLECT_SAME": 16,
    "MLA_COLLECT_LEAVING": 32,
    "MLA_COLLECT_SKIP_KNOWN": 1,
    "MLA_COLLECT_SKIP_TOO_LARGE": 2,
    "MLA_COLLECT_SKIP_PART": 3,
    "MLA_COLLECT_WARN_REUSED": 1,
    "MLA_COLLECT_WARN_SHARED": 2,
    "MLA_COLLECT_WARN_REFUSED": 3,
    "MLA_COLLECT_WARN_LINE": 4,
    "MLA_COLLECT_WARN_LISTING": 5,
    "MLA_COMPOSE_UTF8": 1,
    "MLA_COMPOSE_8BIT": 2,
    "MLA_COMPOSE_BINARY": 4,
    "MLA_COMPOSE_FLOWED": 1,
    "MLA_COMPOSE_DELSP": 2,
    "MLA_COMPOSE_NEEDS_DATA": 2,
    "MLA_PROXY_SOCKS5": 1,
    "MLA_PROXY_SOCKS4A": 2,
    "MLA_PROXY_HTTP": 3,
    "MLA_STRENGTH_ANY": 0,
    "MLA_STRENGTH_SHOWN": 1,
    "MLA_STRENGTH_HIDDEN": 2,
    "MLA_STRENGTH_MUTUAL": 3,
    "MLA_STRENGTH_BOUND": 4,
    "MLA_DEADLINE_CONNECT": 1,
    "MLA_DEADLINE_SILENCE": 2,
    "MLA_DEADLINE_ANSWER": 3,
    "MLA_DEADLINE_BULK_WINDOW": 4,
    "MLA_DEADLINE_IDLE": 5,
    "MLA_DEADLINE_COMMAND": 6,
    "MLA_DEADLINE_PROBE": 7,
    "MLA_DEADLINE_QUIET": 8,
    "MLA_LIMIT_RESPONSE": 1,
    "MLA_LIMIT_INLINE": 2,
    "MLA_LIMIT_DEPTH": 3,
    "MLA_LIMIT_QUEUE": 4,
    "MLA_LIMIT_CAPABILITIES": 5,
    "MLA_LIMIT_EVENT": 6,
    "MLA_TRACE_SENT": 1,
    "MLA_TRACE_RECEIVED": 2,
    "MLA_TRACE_NOTE": 3,
    "MLA_DISCOVER_IMAP": 1,
    "MLA_DISCOVER_POP3": 2,
    "MLA_DISCOVER_FROM_TABLE": 1,
    "MLA_DISCOVER_FROM_AUTOCONFIG": 2,
    "MLA_DISCOVER_FROM_SRV": 4,
    "MLA_DISCOVER_FROM_MX": 8,
    "MLA_DISCOVER_FROM_ISPDB": 16,
    "MLA_DISCOVER_FROM_GUESS": 32,
    "MLA_DISCOVER_EV_URL": 1,
    "MLA_DISCOVER_EV_LOOKUP": 2,
    "MLA_DISCOVER_EV_DONE": 3,
    "MLA_DISCOVER_USER_ADDRESS": 1,
    "MLA_DISCOVER_USER_LOCAL": 2,
    "MLA_DISCOVER_USER_OTHER": 3,
    "MLA_DISCOVER_USER_GUESS": 4,
    "MLA_DISCOVER_USER_ASK": 5,
    "MLA_DISCOVER_AUTH_PASSWORD": 1,
    "MLA_DISCOVER_AUTH_CHALLENGE": 2,
    "MLA_DISCOVER_AUTH_OAUTH2": 4,
    "MLA_DISCOVER_AUTH_CERTIFICATE": 8,
    "MLA_DISCOVER_AUTH_KERBEROS": 16,
    "MLA_DISCOVER_HINT_APP_PASSWORD": 1,
    "MLA_DISCOVER_HINT_SWITCH_ON": 2,
    "MLA_DISCOVER_HINT_BRIDGE": 4,
    "MLA_DISCOVER_HINT_PAID": 8,
    "MLA_DISCOVER_HINT_SEND_ID": 16,
    "MLA_DISCOVER_HINT_REGISTER": 32,
    "MLA_DISCOVER_OUTSIDE": 1,
    "MLA_DISCOVER_AUTHENTICATED": 2,
    "MLA_DISCOVER_CONFIRM": 4,
    "MLA_IMAP_STATE_START": 0,
    "MLA_IMAP_STATE_NOT_AUTHENTICATED": 1,
    "MLA_IMAP_STATE_AUTHENTICATED": 2,
    "MLA_IMAP_STATE_SELECTED": 3,
    "MLA_IMAP_STATE_LOGOUT": 4,
    "MLA_IMAP_RIGHT_LOOKUP": 1,
    "MLA_IMAP_RIGHT_READ": 2,
    "MLA_IMAP_RIGHT_SEEN": 4,
    "MLA_IMAP_RIGHT_WRITE": 8,
    "MLA_IMAP_RIGHT_INSERT": 16,
    "MLA_IMAP_RIGHT_POST": 32,
    "MLA_IMAP_RIGHT_CREATE": 64,
    "MLA_IMAP_RIGHT_DELETE_MAILBOX": 128,
    "MLA_IMAP_RIGHT_DELETE": 256,
    "MLA_IMAP_RIGHT_EXPUNGE": 512,
    "MLA_IMAP_RIGHT_ADMIN": 1024,
    "MLA_IMAP_RIGHT_ANNOTATE": 2048,
    "MLA_IMAP_RIGHT_OTHER": 4096,
    "MLA_IMAP_QUOTA_OTHER": 0,
    "MLA_IMAP_QUOTA_STORAGE": 1,
    "MLA_IMAP_QUOTA_MESSAGE": 2,
    "MLA_IMAP_QUOTA_MAILBOX": 3,
    "MLA_IMAP_QUOTA_ANNOTATION_STORAGE": 4,
    "MLA_IMAP_ACL_REPLACE": 0,
    "MLA_IMAP_ACL_ADD": 1,
    "MLA_IMAP_ACL_REMOVE": 2,
    "MLA_IMAP_DEPTH_0": 0,
    "MLA_IMAP_DEPTH_1": 1,
    "MLA_IMAP_DEPTH_INFINITY": 2,
    "MLA_IMAP_APPEND_TEXT": 0,
    "MLA_IMAP_APPEND_URL": 1,
    "MLA_IMAP_SELECT_SUBSCRIBED": 1,
    "MLA_IMAP_SELECT_REMOTE": 2,
    "MLA_IMAP_SELECT_RECURSIVEMATCH": 4,
    "MLA_IMAP_SELECT_SPECIAL_USE": 8,
    "MLA_IMAP_RETURN_SUBSCRIBED": 1,
    "MLA_IMAP_RETURN_CHILDREN": 2,
    "MLA_IMAP_RETURN_SPECIAL_USE": 4,
    "MLA_IMAP_RETURN_STATUS": 8,
    "MLA_IMAP_RETURN_MYRIGHTS": 16,
    "MLA_IMAP_RETURN_METADATA": 32,
    "MLA_IMAP_PART_ALL": 0,
    "MLA_IMAP_PART_HEADER": 1,
    "MLA_IMAP_PART_TEXT": 2,
    "MLA_IMAP_PART_MIME": 3,
    "MLA_IMAP_PART_FIELDS": 4,
    "MLA_IMAP_PART_FIELDS_NOT": 5,
    "MLA_IMAP_KEY_ALL": 0,
    "MLA_IMAP_KEY_AND": 1,
    "MLA_IMAP_KEY_OR": 2,
    "MLA_IMAP_KEY_NOT": 3,
    "MLA_IMAP_KEY_ANSWERED": 4,
    "MLA_IMAP_KEY_DELETED": 5,
    "MLA_IMAP_KEY_DRAFT": 6,
    "MLA_IMAP_KEY_FLAGGED": 7,
    "MLA_IMAP_KEY_SEEN": 8,
    "MLA_IMAP_KEY_UNANSWERED": 9,
    "MLA_IMAP_KEY_UNDELETED": 10,
    "MLA_IMAP_KEY_UNDRAFT": 11,
    "MLA_IMAP_KEY_UNFLAGGED": 12,
    "MLA_IMAP_KEY_UNSEEN": 13,
    "MLA_IMAP_KEY_KEYWORD": 14,
    "MLA_IMAP_KEY_UNKEYWORD": 15,
    "MLA_IMAP_KEY_NEW": 16,
    "MLA_IMAP_KEY_OLD": 17,
    "MLA_IMAP_KEY_RECENT": 18,
    "MLA_IMAP_KEY_BCC": 19,
    "MLA_IMAP_KEY_BODY": 20,
    "MLA_IMAP_KEY_CC": 21,
    "MLA_IMAP_KEY_FROM": 22,
    "MLA_IMAP_KEY_SUBJECT": 23,
    "MLA_IMAP_KEY_TEXT": 24,
    "MLA_IMAP_KEY_TO": 25,
    "MLA_IMAP_KEY_HEADER": 26,
    "MLA_IMAP_KEY_BEFORE": 27,
    "MLA_IMAP_KEY_ON": 28,
    "MLA_IMAP_KEY_SINCE": 29,
    "MLA_IMAP_KEY_SENTBEFORE": 30,
    "MLA_IMAP_KEY_SENTON": 31,
    "MLA_IMAP_KEY_SENTSINCE": 32,
    "MLA_IMAP_KEY_LARGER": 33,
    "MLA_IMAP_KEY_SMALLER": 34,
    "MLA_IMAP_KEY_UIDS": 35,
    "MLA_IMAP_KEY_SEQS": 36,
    "MLA_IMAP_KEY_OLDER": 37,
    "MLA_IMAP_KEY_YOUNGER": 38,
    "MLA_IMAP_KEY_MODSEQ": 39,
    "MLA_IMAP_KEY_SAVEDBEFORE": 40,
    "MLA_IMAP_KEY_SAVEDON": 41,
    "MLA_IMAP_KEY_SAVEDSINCE": 42,
    "MLA_IMAP_KEY_SAVEDATESUPPORTED": 43,
    "MLA_IMAP_KEY_EMAILID": 44,
    "MLA_IMAP_KEY_THREADID": 45,
    "MLA_IMAP_KEY_UIDAFTER": 46,
    "MLA_IMAP_KEY_UIDBEFORE": 47,
    "MLA_IMAP_KEY_FUZZY": 48,
    "MLA_IMAP_KEY_FILTER": 49,
    "MLA_IMAP_KEY_SAVED": 50,
    "MLA_IMAP_KEY_ANNOTATION": 51,
    "MLA_IMAP_KEY_X_GM_RAW": 52,
    "MLA_IMAP_KEY_X_GM_MSGID": 53,
    "MLA_IMAP_KEY_X_GM_THRID": 54,
    "MLA_IMAP_KEY_X_GM_LABELS": 55,
    "MLA_IMAP_KEY_SCOPE_ANY": 0,
    "MLA_IMAP_KEY_SCOPE_PRIVATE": 1,
    "MLA_IMAP_KEY_SCOPE_SHARED": 2,
    "MLA_IMAP_STORE_ADD": 0,
    "MLA_IMAP_STORE_REMOVE": 1,
    "MLA_IMAP_STORE_REPLACE": 2,
    "MLA_IMAP_STORE_FLAGS": 0,
    "MLA_IMAP_STORE_LABELS": 1,
    "MLA_IMAP_STORE_ANNOTATIONS": 2,
    "MLA_IMAP_VALUE_ATOM": 1,
    "MLA_IMAP_VALUE_NUMBER": 2,
    "MLA_IMAP_VALUE_STRING": 3,
    "MLA_IMAP_VALUE_NIL": 4,
    "MLA_IMAP_VALUE_LIST": 5,
    "MLA_IMAP_ARG_ATOM": 1,
    "MLA_IMAP_ARG_NUMBER": 2,
    "MLA_IMAP_ARG_STRING": 3,
    "MLA_IMAP_ARG_SECRET": 4,
    "MLA_IMAP_ARG_OCTETS": 5,
    "MLA_IMAP_ARG_MAILBOX": 6,
    "MLA_IMAP_ARG_RAW_NAME": 7,
    "MLA_IMAP_ARG_SET": 8,
    "MLA_IMAP_ARG_FLAG": 9,
    "MLA_IMAP_ARG_NIL": 10,
    "MLA_IMAP_ARG_OPEN": 11,
    "MLA_IMAP_ARG_CLOSE": 12,
    "MLA_KEEP_EV_ONLINE": 1,
    "MLA_KEEP_EV_OFFLINE": 2,
    "MLA_KEEP_EV_GONE": 3,
    "MLA_KEEP_EV_NEW": 4,
    "MLA_KEEP_EV_CHANGED": 5,
    "MLA_KEEP_EV_VOID": 6,
    "MLA_KEEP_EV_IMAP": 7,
    "MLA_KEEP_EV_CREDENTIALS": 8,
    "MLA_KEEP_EV_OVER": 9,
    "MLA_KEEP_BY_LISTING": 0,
    "MLA_KEEP_BY_QRESYNC": 1,
    "MLA_KEEP_BY_CONDSTORE": 2,
    "MLA_KEEP_BY_COMPARING": 3,
    "MLA_IMAP_NOTIFY_SELECTED": 1,
    "MLA_IMAP_NOTIFY_SELECTED_DELAYED": 2,
    "MLA_IMAP_NOTIFY_INBOXES": 3,
    "MLA_IMAP_NOTIFY_PERSONAL": 4,
    "MLA_IMAP_NOTIFY_SUBSCRIBED": 5,
    "MLA_IMAP_NOTIFY_SUBTREE": 6,
    "MLA_IMAP_NOTIFY_MAILBOXES": 7,
    "MLA_IMAP_NOTIFY_NEW": 1,
    "MLA_IMAP_NOTIFY_EXPUNGE": 2,
    "MLA_IMAP_NOTIFY_FLAGS": 4,
    "MLA_IMAP_NOTIFY_ANNOTATION": 8,
    "MLA_IMAP_NOTIFY_NAME": 16,
    "MLA_IMAP_NOTIFY_SUBSCRIPTION": 32,
    "MLA_IMAP_NOTIFY_METADATA": 64,
    "MLA_IMAP_NOTIFY_SERVER_METADATA": 128,
    "MLA_IMAP_SORT_ARRIVAL": 1,
    "MLA_IMAP_SORT_CC": 2,
    "MLA_IMAP_SORT_DATE": 3,
    "MLA_IMAP_SORT_FROM": 4,
    "MLA_IMAP_SORT_SIZE": 5,
    "MLA_IMAP_SORT_SUBJECT": 6,
    "MLA_IMAP_SORT_TO": 7,
    "MLA_IMAP_SORT_DISPLAYFROM": 8,
    "MLA_IMAP_SORT_DISPLAYTO": 9,
    "MLA_IMAP_SORT_RELEVANCY": 10,
    "MLA_IMAP_SORT_ANNOTATION": 11,
    "MLA_IMAP_THREAD_REFERENCES": 0,
    "MLA_IMAP_THREAD_ORDEREDSUBJECT": 1,
    "MLA_IMAP_THREAD_REFS": 2,
    "MLA_IMAP_SOURCE_SELECTED": 1,
    "MLA_IMAP_SOURCE_INBOXES": 2,
    "MLA_IMAP_SOURCE_PERSONAL": 3,
    "MLA_IMAP_SOURCE_SUBSCRIBED": 4,
    "MLA_IMAP_SOURCE_SUBTREE": 5,
    "MLA_IMAP_SOURCE_SUBTREE_ONE": 6,
    "MLA_IMAP_SOURCE_MAILBOX": 7,
    "MLA_IMAP_EV_DONE": 1,
    "MLA_IMAP_EV_GREETING": 2,
    "MLA_IMAP_EV_TEXT": 3,
    "MLA_IMAP_EV_CAPABILITY": 4,
    "MLA_IMAP_EV_FLAGS": 5,
    "MLA_IMAP_EV_EXISTS": 6,
    "MLA_IMAP_EV_RECENT": 7,
    "MLA_IMAP_EV_EXPUNGE": 8,
    "MLA_IMAP_EV_FETCH": 9,
    "MLA_IMAP_EV_SECTION_BEGIN": 10,
    "MLA_IMAP_EV_CHUNK": 11,
    "MLA_IMAP_EV_LIST": 12,
    "MLA_IMAP_EV_STATUS": 13,
    "MLA_IMAP_EV_SEARCH": 14,
    "MLA_IMAP_EV_VANISHED": 15,
    "MLA_IMAP_EV_ENABLED": 16,
    "MLA_IMAP_EV_OTHER": 17,
    "MLA_IMAP_EV_WARNING": 18,
    "MLA_IMAP_EV_SEND": 19,
    "MLA_IMAP_EV_IDENTITY": 30,
    "MLA_IMAP_EV_NAMESPACES": 31,
    "MLA_IMAP_EV_ACL": 32,
    "MLA_IMAP_EV_MYRIGHTS": 33,
    "MLA_IMAP_EV_LISTRIGHTS": 34,
    "MLA_IMAP_EV_QUOTA": 35,
    "MLA_IMAP_EV_QUOTAROOT": 36,
    "MLA_IMAP_EV_METADATA": 37,
    "MLA_IMAP_EV_LANGUAGES": 38,
    "MLA_IMAP_EV_COMPARATORS": 39,
    "MLA_IMAP_EV_JMAPACCESS": 40,
    "MLA_IMAP_EV_TOKEN": 71,
    "MLA_IMAP_EV_THREAD": 50,
    "MLA_IMAP_EV_UIDBATCHES": 51,
    "MLA_IMAP_EV_CERTIFICATE": 70,
    "MLA_IMAP_EV_URLAUTH": 60,
    "MLA_IMAP_EV_URLFETCH": 61,
    "MLA_IMAP_OK": 1,
    "MLA_IMAP_NO": 2,
    "MLA_IMAP_BAD": 3,
    "MLA_IMAP_BYE": 4,
    "MLA_IMAP_PREAUTH": 5,
    "MLA_IMAP_CODE_NONE": 0,
    "MLA_IMAP_CODE_OTHER": 1,
    "MLA_IMAP_CODE_ALERT": 2,
    "MLA_IMAP_CODE_ALREADYEXISTS": 3,
    "MLA_IMAP_CODE_APPENDUID": 4,
    "MLA_IMAP_CODE_AUTHENTICATIONFAILED": 5,
    "MLA_IMAP_CODE_AUTHORIZATIONFAILED": 6,
    "MLA_IMAP_CODE_BADCHARSET": 7,
    "MLA_IMAP_CODE_CANNOT": 8,
    "MLA_IMAP_CODE_CAPABILITY": 9,
    "MLA_IMAP_CODE_CLIENTBUG": 10,
    "MLA_IMAP_CODE_CLOSED": 11,
    "MLA_IMAP_CODE_CONTACTADMIN": 12,
    "MLA_IMAP_CODE_COPYUID": 13,
    "MLA_IMAP_CODE_CORRUPTION": 14,
    "MLA_IMAP_CODE_EXPIRED": 15,
    "MLA_IMAP_CODE_EXPUNGEISSUED": 16,
    "MLA_IMAP_CODE_HASCHILDREN": 17,
    "MLA_IMAP_CODE_HIGHESTMODSEQ": 18,
    "MLA_IMAP_CODE_INUSE": 19,
    "MLA_IMAP_CODE_LIMIT": 20,
    "MLA_IMAP_CODE_MODIFIED": 21,
    "MLA_IMAP_CODE_NOMODSEQ": 22,
    "MLA_IMAP_CODE_NONEXISTENT": 23,
    "MLA_IMAP_CODE_NOPERM": 24,
    "MLA_IMAP_CODE_NOTSAVED": 25,
    "MLA_IMAP_CODE_OVERQUOTA": 26,
    "MLA_IMAP_CODE_PARSE": 27,
    "MLA_IMAP_CODE_PERMANENTFLAGS": 28,
    "MLA_IMAP_CODE_PRIVACYREQUIRED": 29,
    "MLA_IMAP_CODE_READ_ONLY": 30,
    "MLA_IMAP_CODE_READ_WRITE": 31,
    "MLA_IMAP_CODE_REFERRAL": 32,
    "MLA_IMAP_CODE_SERVERBUG": 33,
    "MLA_IMAP_CODE_TOOBIG": 34,
    "MLA_IMAP_CODE_TRYCREATE": 35,
    "MLA_IMAP_CODE_UIDNEXT": 36,
    "MLA_IMAP_CODE_UIDNOTSTICKY": 37,
    "MLA_IMAP_CODE_UIDVALIDITY": 38,
    "MLA_IMAP_CODE_UNAVAILABLE": 39,
    "MLA_IMAP_CODE_UNKNOWN_CTE": 40,
    "MLA_IMAP_CODE_UNSEEN": 41,
    "MLA_IMAP_CODE_NEWNAME": 42,
    "MLA_IMAP_CODE_BADCOMPARATOR": 43,
    "MLA_IMAP_CODE_ANNOTATE_TOOBIG": 44,
    "MLA_IMAP_CODE_ANNOTATE_TOOMANY": 45,
    "MLA_IMAP_CODE_ANNOTATIONS": 46,
    "MLA_IMAP_CODE_METADATA_LONGENTRIES": 47,
    "MLA_IMAP_CODE_METADATA_MAXSIZE": 48,
    "MLA_IMAP_CODE_METADATA_TOOMANY": 49,
    "MLA_IMAP_CODE_METADATA_NOPRIVATE": 50,
    "MLA_IMAP_CODE_NOTIFICATIONOVERFLOW": 51,
    "MLA_IMAP_CODE_BADEVENT": 52,
    "MLA_IMAP_CODE_UNDEFINED_FILTER": 53,
    "MLA_IMAP_CODE_USEATTR": 54,
    "MLA_IMAP_CODE_URLMECH": 55,
    "MLA_IMAP_CODE_BADURL": 56,
    "MLA_IMAP_CODE_COMPRESSIONACTIVE": 57,
    "MLA_IMAP_CODE_NOUPDATE": 58,
    "MLA_IMAP_CODE_TEMPFAIL": 59,
    "MLA_IMAP_CODE_MAXCONVERTMESSAGES": 60,
    "MLA_IMAP_CODE_MAXCONVERTPARTS": 61,
    "MLA_IMAP_CODE_MAILBOXID": 62,
    "MLA_IMAP_CODE_INPROGRESS": 63,
    "MLA_IMAP_CODE_UIDREQUIRED": 64,
    "MLA_IMAP_CODE_JMAPACCESS": 65,
    "MLA_IMAP_CODE_MESSAGELIMIT": 66,
    "MLA_IMAP_CODE_TOOFEW": 67,
    "MLA_IMAP_CODE_TOOMANY": 68,
    "MLA_IMAP_CODE_THROTTLED": 69,
    "MLA_IMAP_CODE_WEBALERT": 70,
    "MLA_IMAP_CODE_HAS_NUMBER": 1,
    "MLA_IMAP_CODE_HAS_GOAL": 2,
    "MLA_IMAP_CODE_HAS_UID": 4,
    "MLA_IMAP_CODE_HAS_TEXT": 8,
    "MLA_IMAP_ITEM_FLAGS": 1,
    "MLA_IMAP_ITEM_UID": 2,
    "MLA_IMAP_ITEM_ENVELOPE": 4,
    "MLA_IMAP_ITEM_SIZE": 8,
    "MLA_IMAP_ITEM_INTERNALDATE": 16,
    "MLA_IMAP_ITEM_BODY": 32,
    "MLA_IMAP_ITEM_BODYSTRUCTURE": 64,
    "MLA_IMAP_ITEM_MODSEQ": 128,
    "MLA_IMAP_ITEM_SECTIONS": 256,
    "MLA_IMAP_ITEM_EMAILID": 512,
    "MLA_IMAP_ITEM_THREADID": 1024,
    "MLA_IMAP_ITEM_SAVEDATE": 2048,
    "MLA_IMAP_ITEM_PREVIEW": 4096,
    "MLA_IMAP_ITEM_PREVIEW_LAZY": 8192,
    "MLA_IMAP_ITEM_GM_MESSAGE_ID": 16384,
    "MLA_IMAP_ITEM_GM_THREAD_ID": 32768,
    "MLA_IMAP_ITEM_GM_LABELS": 65536,
    "MLA_IMAP_ITEM_ANNOTATIONS": 131072,
    "MLA_IMAP_ITEM_BINARY_SIZES": 262144,
    "MLA_IMAP_FLAG_SEEN": 1,
    "MLA_IMAP_FLAG_ANSWERED": 2,
    "MLA_IMAP_FLAG_FLAGGED": 4,
    "MLA_IMAP_FLAG_DELETED": 8,
    "MLA_IMAP_FLAG_DRAFT": 16,
    "MLA_IMAP_FLAG_RECENT": 32,
    "MLA_IMAP_FLAG_ANY": 64,
    "MLA_IMAP_FLAG_KEYWORDS": 128,
    "MLA_IMAP_BODY_BASIC": 0,
    "MLA_IMAP_BODY_TEXT": 1,
    "MLA_IMAP_BODY_MESSAGE": 2,
    "MLA_IMAP_BODY_MULTIPART": 3,
    "MLA_IMAP_SECTION_BODY": 0,
    "MLA_IMAP_SECTION_BINARY": 1,
    "MLA_IMAP_SECTION_RFC822": 2,
    "MLA_IMAP_MBOX_NOINFERIORS": 1,
    "MLA_IMAP_MBOX_NOSELECT": 2,
    "MLA_IMAP_MBOX_MARKED": 4,
    "MLA_IMAP_MBOX_UNMARKED": 8,
    "MLA_IMAP_MBOX_HASCHILDREN": 16,
    "MLA_IMAP_MBOX_HASNOCHILDREN": 32,
    "MLA_IMAP_MBOX_NONEXISTENT": 64,
    "MLA_IMAP_MBOX_SUBSCRIBED": 128,
    "MLA_IMAP_MBOX_REMOTE": 256,
    "MLA_IMAP_MBOX_ALL": 512,
    "MLA_IMAP_MBOX_ARCHIVE": 1024,
    "MLA_IMAP_MBOX_DRAFTS": 2048,
    "MLA_IMAP_MBOX_FLAGGED": 4096,
    "MLA_IMAP_MBOX_IMPORTANT": 8192,
    "MLA_IMAP_MBOX_JUNK": 16384,
    "MLA_IMAP_MBOX_SENT": 32768,
    "MLA_IMAP_MBOX_TRASH": 65536,
    "MLA_IMAP_CHILD_SUBSCRIBED": 1,
    "MLA_IMAP_CHILD_SPECIAL_USE": 2,
    "MLA_IMAP_CHILD_OTHER": 4,
    "MLA_IMAP_STATUS_MESSAGES": 1,
    "MLA_IMAP_STATUS_UIDNEXT": 2,
    "MLA_IMAP_STATUS_UIDVALIDITY": 4,
    "MLA_IMAP_STATUS_UNSEEN": 8,
    "MLA_IMAP_STATUS_RECENT": 16,
    "MLA_IMAP_STATUS_DELETED": 32,
    "MLA_IMAP_STATUS_SIZE": 64,
    "MLA_IMAP_STATUS_HIGHESTMODSEQ": 128,
    "MLA_IMAP_STATUS_DELETED_STORAGE": 256,
    "MLA_IMAP_STATUS_APPENDLIMIT": 512,
    "MLA_IMAP_STATUS_MAILBOXID": 1024,
    "MLA_IMAP_SEARCH_MIN": 1,
    "MLA_IMAP_SEARCH_MAX": 2,
    "MLA_IMAP_SEARCH_COUNT": 4,
    "MLA_IMAP_SEARCH_ALL": 8,
    "MLA_IMAP_SEARCH_MODSEQ": 16,
    "MLA_IMAP_SEARCH_PARTIAL": 32,
    "MLA_IMAP_SEARCH_RELEVANCY": 64,
    "MLA_IMAP_SEARCH_ADDTO": 128,
    "MLA_IMAP_SEARCH_REMOVEFROM": 256,
    "MLA_IMAP_SEARCH_SAVE": 512,
    "MLA_IMAP_SEARCH_CONTEXT": 1024,
    "MLA_IMAP_SEARCH_UPDATE": 2048,
    "MLA_IMAP_CHANGE_ADD": 1,
    "MLA_IMAP_CHANGE_REMOVE": 2,
    "MLA_IMAP_WARN_SYNTAX": 1,
    "MLA_IMAP_WARN_RANGE": 2,
    "MLA_IMAP_WARN_UNKNOWN_NUMBER": 3,
    "MLA_IMAP_WARN_UNKNOWN_TAG": 4,
    "MLA_IMAP_WARN_LITERAL": 5,
    "MLA_IMAP_WARN_UNASKED": 6,
    "MLA_IMAP_WARN_LIMIT": 7,
    "MLA_IMAP_URLFETCH_BINARY": 1,
    "MLA_IMAP_URLFETCH_STRUCTURE": 2,
    "MLA_IMAP_URLFETCH_BODY": 4,
    "MLA_STRUCT_STR": 1,
    "MLA_STRUCT_RANGE": 2,
    "MLA_STRUCT_ERROR": 3,
    "MLA_STRUCT_ADDRESS": 4,
    "MLA_STRUCT_ALLOCATOR": 5,
    "MLA_STRUCT_CONNECT_ARGS": 6,
    "MLA_STRUCT_CREDENTIALS": 7,
    "MLA_STRUCT_PROXY": 8,
    "MLA_STRUCT_CERTIFICATE": 9,
    "MLA_STRUCT_CERTIFICATE_CHAIN": 10,
    "MLA_STRUCT_IMAP_LOGIN_ARGS": 20,
    "MLA_STRUCT_IMAP_SELECT_ARGS": 21,
    "MLA_STRUCT_IMAP_MAILBOX_ARGS": 22,
    "MLA_STRUCT_IMAP_RENAME_ARGS": 23,
    "MLA_STRUCT_IMAP_LIST_ARGS": 24,
    "MLA_STRUCT_IMAP_STATUS_ARGS": 25,
    "MLA_STRUCT_IMAP_APPEND_ARGS": 26,
    "MLA_STRUCT_IMAP_SECTION_ARGS": 27,
    "MLA_STRUCT_IMAP_FETCH_ARGS": 28,
    "MLA_STRUCT_IMAP_SEARCH_KEY": 29,
    "MLA_STRUCT_IMAP_SEARCH_ARGS": 30,
    "MLA_STRUCT_IMAP_STORE_ARGS": 31,
    "MLA_STRUCT_IMAP_COPY_ARGS": 32,
    "MLA_STRUCT_IMAP_CODE": 33,
    "MLA_STRUCT_IMAP_TEXT": 34,
    "MLA_STRUCT_IMAP_DONE": 35,
    "MLA_STRUCT_IMAP_ENVELOPE": 36,
    "MLA_STRUCT_IMAP_BODY": 37,
    "MLA_STRUCT_IMAP_SECTION": 38,
    "MLA_STRUCT_IMAP_FETCH": 39,
    "MLA_STRUCT_IMAP_LIST": 40,
    "MLA_STRUCT_IMAP_STATUS": 41,
    "MLA_STRUCT_IMAP_SEARCH": 42,
    "MLA_STRUCT_IMAP_WARNING": 43,
    "MLA_STRUCT_POP3_DONE": 60,
    "MLA_STRUCT_POP3_STAT": 61,
    "MLA_STRUCT_POP3_ITEM": 62,
    "MLA_STRUCT_POP3_GREETING": 63,
    "MLA_STRUCT_POP3_WARNING": 64,
    "MLA_STRUCT_POP3_CAPABILITIES": 65,
    "MLA_STRUCT_POP3_LANGUAGE": 66,
    "MLA_STRUCT_POP3_COMMAND_ARGS": 67,
    "MLA_STRUCT_MIME_EVENT": 80,
    "MLA_STRUCT_MIME_LIMITS": 81,
    "MLA_STRUCT_HOP": 82,
    "MLA_STRUCT_MAILING_LIST": 83,
    "MLA_STRUCT_EXTERNAL_BODY": 84,
    "MLA_STRUCT_DSN": 85,
    "MLA_STRUCT_DSN_RECIPIENT": 86,
    "MLA_STRUCT_MDN": 87,
    "MLA_STRUCT_COMPOSE_SOURCE": 90,
    "MLA_STRUCT_MIME_FILE": 91,
    "MLA_STRUCT_IMAP_SEARCH_CHANGE": 150,
    "MLA_STRUCT_IMAP_SORT_KEY": 151,
    "MLA_STRUCT_IMAP_SORT_ARGS": 152,
    "MLA_STRUCT_IMAP_THREAD_ARGS": 153,
    "MLA_STRUCT_IMAP_THREAD_ITEM": 154,
    "MLA_STRUCT_IMAP_THREAD": 155,
    "MLA_STRUCT_IMAP_SOURCE": 156,
    "MLA_STRUCT_IMAP_MULTISEARCH_ARGS": 157,
    "MLA_STRUCT_IMAP_UIDBATCHES_ARGS": 158,
    "MLA_STRUCT_IMAP_ARG": 180,
    "MLA_STRUCT_IMAP_COMMAND_ARGS": 181,
    "MLA_STRUCT_IMAP_VALUE": 182,
    "MLA_STRUCT_IMAP_NOTIFY_ARGS": 183,
    "MLA_STRUCT_IMAP_NOTIFY_GROUP": 184,
    "MLA_STRUCT_IMAP_VIEW": 170,
    "MLA_STRUCT_IMAP_MESSAGE": 171,
    "MLA_STRUCT_IMAP_IDENTITY": 100,
    "MLA_STRUCT_IMAP_NAMESPACE_ENTRY": 101,
    "MLA_STRUCT_IMAP_NAMESPACES": 102,
    "MLA_STRUCT_IMAP_ACL": 103,
    "MLA_STRUCT_IMAP_MY_RIGHTS": 104,
    "MLA_STRUCT_IMAP_LIST_RIGHTS": 105,
    "MLA_STRUCT_IMAP_QUOTA_RESOURCE": 106,
    "MLA_STRUCT_IMAP_QUOTA": 107,
    "MLA_STRUCT_IMAP_QUOTA_ROOT": 108,
    "MLA_STRUCT_IMAP_METADATA": 109,
    "MLA_STRUCT_IMAP_LANGUAGES": 110,
    "MLA_STRUCT_IMAP_COMPARATORS": 111,
    "MLA_STRUCT_IMAP_JMAP_ACCESS": 112,
    "MLA_STRUCT_IMAP_ID_ARGS": 113,
    "MLA_STRUCT_IMAP_ACL_ARGS": 114,
    "MLA_STRUCT_IMAP_QUOTA_LIMIT": 115,
    "MLA_STRUCT_IMAP_QUOTA_ARGS": 116,
    "MLA_STRUCT_IMAP_METADATA_ARGS": 117,
    "MLA_STRUCT_IMAP_WORDS_ARGS": 118,
    "MLA_STRUCT_IMAP_FETCH_MORE": 160,
    "MLA_STRUCT_IMAP_ANNOTATION": 161,
    "MLA_STRUCT_IMAP_BINARY_SIZE": 162,
    "MLA_STRUCT_IMAP_ANNOTATION_ARGS": 163,
    "MLA_STRUCT_IMAP_APPEND_PART": 164,
    "MLA_STRUCT_IMAP_APPEND_MESSAGE": 165,
    "MLA_STRUCT_IMAP_APPEND_MANY_ARGS": 166,
    "MLA_STRUCT_IMAP_REPLACE_ARGS": 167,
    "MLA_STRUCT_IMAP_URL": 168,
    "MLA_STRUCT_IMAP_URLS": 169,
    "MLA_STRUCT_IMAP_GENURLAUTH_ARGS": 172,
    "MLA_STRUCT_IMAP_RESETKEY_ARGS": 173,
    "MLA_STRUCT_IMAP_URLFETCH_ARGS": 174,
    "MLA_STRUCT_SEEN_RECORD": 220,
    "MLA_STRUCT_SEEN_STORE": 221,
    "MLA_STRUCT_COLLECT_ARGS": 222,
    "MLA_STRUCT_COLLECT_MESSAGE": 223,
    "MLA_STRUCT_COLLECT_PLAN": 224,
    "MLA_STRUCT_COLLECT_WARNING": 225,
    "MLA_STRUCT_COLLECT_SUMMARY": 226,
    "MLA_STRUCT_DISCOVER_ARGS": 240,
    "MLA_STRUCT_DISCOVER_URL": 241,
    "MLA_STRUCT_DISCOVER_LOOKUP": 242,
    "MLA_STRUCT_DISCOVER_CANDIDATE": 243,
    "MLA_STRUCT_TOKEN_INFO": 244,
    "MLA_STRUCT_IMAP_KEEP_ARGS": 250,
    "MLA_STRUCT_IMAP_KEEP_LINE": 251,
    "MLA_STRUCT_IMAP_KEEP_NEWS": 252,
    "MLA_STRUCT_IMAP_KEEP_FLAGS": 253,
    "MLA_STRUCT_IMAP_KEEP_STATE": 254,
    "MLA_FILTER_PLAIN": 0,
    "MLA_FILTER_FLOWED": 1,
    "MLA_FILTER_HTML": 2,
    "MLA_FILTER_DELSP": 1,
    "MLA_FILTER_SHOW_HIDDEN": 2,
    "MLA_FILTER_NO_LINKS": 4,
    "MLA_READABLE_PREFER_HTML": 1,
    "MLA_READABLE_SHOW_HIDDEN": 2,
    "MLA_READABLE_NO_LINKS": 4,
    "MLA_PROTECTION_NONE": 0,
    "MLA_PROTECTION_PGP_SIGNED": 1,
    "MLA_PROTECTION_PGP_ENCRYPTED": 2,
    "MLA_PROTECTION_SMIME_SIGNED": 3,
    "MLA_PROTECTION_SMIME_OPAQUE": 4,
    "MLA_PROTECTION_SMIME_ENCRYPTED": 5,
    "MLA_PROTECTION_SMIME_COMPRESSED": 6,
    "MLA_PROTECTION_SMIME_CERTS": 7,
    "MLA_PROTECTION_SMIME": 8,
    "MLA_PROTECTION_SIGNED": 9,
    "MLA_PROTECTION_ENCRYPTED": 10,
    "MLA_PROTECTION_INLINE_SIGNED": 11,
    "MLA_PROTECTION_INLINE_PGP": 12,
    "MLA_PROTECTION_INLINE_KEY": 13,
    "MLA_FILE_UUENCODE": 1,
    "MLA_FILE_YENC": 2,
    "MLA_FILE_TNEF": 3,
    "MLA_FILE_TNEF_BODY": 4,
    "MLA_FILE_TNEF_MESSAGE": 5,
    "MLA_FILE_CUT": 1,
    "MLA_FILE_CHECKSUM": 2,
    "MLA_JOIN_GAP": 1,
    "MLA_JOIN_DUPLICATE": 2,
    "MLA_JOIN_OVERLAP": 4,
    "MLA_JOIN_CONFLICT": 8,
    "MLA_JOIN_DAMAGED": 16,
    "MLA_CHARSET_UNKNOWN": 1,
    "MLA_CHARSET_INVALID": 2,
    "MLA_CHARSET_GUESSED": 4,
    "MLA_CHARSET_UTF7": 8,
    "MLA_DATE_ZONE_KNOWN": 1,
    "MLA_DATE_ODD": 2,
    "MLA_DATE_WRONG_WEEKDAY": 4,
    "MLA_LIST_NO_POST": 1,
    "MLA_LIST_ONE_CLICK": 2,
    "MLA_DSN_UNKNOWN": 0,
    "MLA_DSN_FAILED": 1,
    "MLA_DSN_DELAYED": 2,
    "MLA_DSN_DELIVERED": 3,
    "MLA_DSN_RELAYED": 4,
    "MLA_DSN_EXPANDED": 5,
    "MLA_MDN_MODE_UNKNOWN": 0,
    "MLA_MDN_MANUAL": 1,
    "MLA_MDN_AUTOMATIC": 2,
    "MLA_MDN_UNKNOWN": 0,
    "MLA_MDN_DISPLAYED": 1,
    "MLA_MDN_DELETED": 2,
    "MLA_MDN_DISPATCHED": 3,
    "MLA_MDN_PROCESSED": 4,
    "MLA_MDN_DENIED": 5,
    "MLA_MDN_FAILED": 6,
    "MLA_MIME_EV_PART": 1,
    "MLA_MIME_EV_HEADER": 2,
    "MLA_MIME_EV_BODY_START": 3,
    "MLA_MIME_EV_BODY": 4,
    "MLA_MIME_EV_PART_END": 5,
    "MLA_MIME_EV_WARNING": 6,
    "MLA_PART_MULTIPART": 1,
    "MLA_PART_MESSAGE": 2,
    "MLA_PART_DECODED": 4,
    "MLA_PART_LIMIT": 8,
    "MLA_MIME_WARN_BOM": 1,
    "MLA_MIME_WARN_MBOX_FROM": 2,
    "MLA_MIME_WARN_MIXED_LINE_ENDS": 3,
    "MLA_MIME_WARN_BARE_CR": 4,
    "MLA_MIME_WARN_NUL": 5,
    "MLA_MIME_WARN_NO_HEADER_END": 6,
    "MLA_MIME_WARN_BAD_CONTINUATION": 7,
    "MLA_MIME_WARN_SPACE_BEFORE_COLON": 8,
    "MLA_MIME_WARN_RAW_8BIT": 9,
    "MLA_MIME_WARN_DUPLICATE_HEADER": 10,
    "MLA_MIME_WARN_DUPLICATE_TYPE": 11,
    "MLA_MIME_WARN_DUPLICATE_ENCODING": 12,
    "MLA_MIME_WARN_DUPLICATE_DISPOSITION": 13,
    "MLA_MIME_WARN_DUPLICATE_PARAMETER": 14,
    "MLA_MIME_WARN_BAD_PARAMETER": 15,
    "MLA_MIME_WARN_BAD_TYPE": 16,
    "MLA_MIME_WARN_BAD_ENCODING": 17,
    "MLA_MIME_WARN_NO_BOUNDARY": 18,
    "MLA_MIME_WARN_BAD_BOUNDARY": 19,
    "MLA_MIME_WARN_REPEATED_BOUNDARY": 20,
    "MLA_MIME_WARN_MISSING_FINAL_BOUNDARY": 21,
    "MLA_MIME_WARN_EMPTY_MULTIPART": 22,
    "MLA_MIME_WARN_ENCODED_COMPOSITE": 23,
    "MLA_MIME_WARN_TRUNCATED": 24,
    "MLA_MIME_WARN_LIMIT_DEPTH": 30,
    "MLA_MIME_WARN_LIMIT_PARTS": 31,
    "MLA_MIME_WARN_LIMIT_HEADERS": 32,
    "MLA_MIME_WARN_LIMIT_HEADER_BYTES": 33,
    "MLA_MIME_WARN_LIMIT_PARAMS": 34,
    "MLA_MIME_WARN_LIMIT_ADDRESSES": 35,
    "MLA_MIME_WARN_LIMIT_WORDS": 36,
    "MLA_MIME_WARN_LIMIT_IDS": 37,
    "MLA_MIME_WARN_BASE64_JUNK": 40,
    "MLA_MIME_WARN_BASE64_AFTER": 41,
    "MLA_MIME_WARN_BASE64_UNPADDED": 42,
    "MLA_MIME_WARN_BASE64_CUT": 43,
    "MLA_MIME_WARN_QP_BAD": 44,
    "MLA_MIME_WARN_QP_CUT": 45,
    "MLA_MIME_WARN_QP_LOWER": 46,
    "MLA_MIME_WARN_UNKNOWN_CHARSET": 47,
    "MLA_MIME_WARN_INVALID_TEXT": 48,
    "MLA_MIME_WARN_GUESSED_CHARSET": 49,
    "MLA_MIME_WARN_UTF7": 50,
    "MLA_MIME_WARN_BAD_WORD": 51,
    "MLA_MIME_WARN_BAD_ADDRESS": 52,
    "MLA_MIME_WARN_MANY_FROM": 53,
    "MLA_MIME_WARN_BAD_DATE": 54,
    "MLA_MIME_WARN_BAD_ID": 55,
    "MLA_MIME_WARN_FILENAME_CONFLICT": 56,
    "MLA_MIME_WARN_FILE_CUT": 57,
    "MLA_MIME_WARN_CHECKSUM": 58,
    "MLA_MIME_WARN_UNENDED_WORD": 64,
    "MLA_MIME_WARN_QUOTED_WORD": 65,
    "MLA_MIME_WARN_OBSOLETE_ADDRESS": 66,
    "MLA_MIME_WARN_ADDRESS_SEPARATOR": 67,
    "MLA_MIME_WARN_UNQUOTED_NAME": 68,
    "MLA_MIME_WARN_ADDRESS_BRACKET": 69,
    "MLA_MIME_WARN_ODD_DATE": 70,
    "MLA_MIME_WARN_WRONG_WEEKDAY": 71,
    "MLA_MIME_WARN_UNKNOWN_ZONE": 72,
    "MLA_MIME_WARN_ENCODED_PARAMETER": 73,
    "MLA_MIME_WARN_PARAMETER_PIECES": 74,
    "MLA_MIME_WARN_PARAMETER_CONFLICT": 75,
    "MLA_MIME_WARN_RAW_PARAMETER": 76,
    "MLA_MIME_WARN_COMMENT": 77,
    "MLA_MIME_WARN_BAD_RECEIVED": 78,
    "MLA_MIME_WARN_BAD_LIST_FIELD": 79,
    "MLA_MIME_WARN_BAD_REPORT": 80,
    "MLA_MIME_WARN_BAD_EXTERNAL_BODY": 81,
    "MLA_MIME_HARMLESS": 1,
    "MLA_MIME_AMBIGUOUS": 2,
    "MLA_POP3_STATE_START": 0,
    "MLA_POP3_STATE_AUTHORIZATION": 1,
    "MLA_POP3_STATE_TRANSACTION": 2,
    "MLA_POP3_STATE_UPDATE": 3,
    "MLA_POP3_EV_DONE": 1,
    "MLA_POP3_EV_STAT": 2,
    "MLA_POP3_EV_ITEM": 3,
    "MLA_POP3_EV_CHUNK": 4,
    "MLA_POP3_EV_GREETING": 5,
    "MLA_POP3_EV_WARNING": 6,
    "MLA_POP3_EV_MECHANISM": 7,
    "MLA_POP3_EV_LANGUAGE": 8,
    "MLA_POP3_EV_TOKEN": 11,
    "MLA_POP3_EV_CERTIFICATE": 70,
    "MLA_POP3_CMD_CONNECT": 1,
    "MLA_POP3_CMD_CAPA": 2,
    "MLA_POP3_CMD_AUTHENTICATE": 3,
    "MLA_POP3_CMD_STAT": 4,
    "MLA_POP3_CMD_LIST": 5,
    "MLA_POP3_CMD_UIDL": 6,
    "MLA_POP3_CMD_TOP": 7,
    "MLA_POP3_CMD_RETR": 8,
    "MLA_POP3_CMD_DELE": 9,
    "MLA_POP3_CMD_NOOP": 10,
    "MLA_POP3_CMD_RSET": 11,
    "MLA_POP3_CMD_QUIT": 12,
    "MLA_POP3_CMD_UTF8": 13,
    "MLA_POP3_CMD_LANG": 14,
    "MLA_POP3_CMD_OTHER": 15,
    "MLA_POP3_OK": 1,
    "MLA_POP3_ERR": 2,
    "MLA_POP3_CODE_NONE": 0,
    "MLA_POP3_CODE_OTHER": 1,
    "MLA_POP3_CODE_LOGIN_DELAY": 2,
    "MLA_POP3_CODE_IN_USE": 3,
    "MLA_POP3_CODE_SYS_TEMP": 4,
    "MLA_POP3_CODE_SYS_PERM": 5,
    "MLA_POP3_CODE_AUTH": 6,
    "MLA_POP3_CODE_UTF8": 7,
    "MLA_POP3_ITEM_NO_SIZE": 1,
    "MLA_POP3_ITEM_ODD_UIDL": 2,
    "MLA_POP3_WARNING_LINE": 1,
    "MLA_POP3_CAP_TOP": 1,
    "MLA_POP3_CAP_UIDL": 2,
    "MLA_POP3_CAP_USER": 4,
    "MLA_POP3_CAP_SASL": 8,
    "MLA_POP3_CAP_STLS": 16,
    "MLA_POP3_CAP_RESP_CODES": 32,
    "MLA_POP3_CAP_AUTH_RESP_CODE": 64,
    "MLA_POP3_CAP_PIPELINING": 128,
    "MLA_POP3_CAP_UTF8": 256,
    "MLA_POP3_CAP_UTF8_USER": 512,
    "MLA_POP3_CAP_LANG": 1024,
    "MLA_POP3_CAP_EXPIRE": 2048,
    "MLA_POP3_CAP_EXPIRE_NEVER": 4096,
    "MLA_POP3_CAP_EXPIRE_USER": 8192,
    "MLA_POP3_CAP_LOGIN_DELAY": 16384,
    "MLA_POP3_CAP_LOGIN_DELAY_USER": 32768,
    "MLA_POP3_CAPABILITIES_UNKNOWN": 0,
    "MLA_POP3_CAPABILITIES_NONE": 1,
    "MLA_POP3_CAPABILITIES_KNOWN": 2,
    "MLA_SEEN_PART": 1,
    "MLA_SEEN_SHARED": 2,
    "MLA_SECURITY_TLS": 0,
    "MLA_SECURITY_STARTTLS": 1,
    "MLA_SECURITY_NONE": 2,
    "MLA_WANT_READ": 1,
    "MLA_WANT_WRITE": 2,
    "MLA_WANT_NOW": 4,
    "MLA_WANT_TLS": 8,
    "MLA_WANT_COMPRESS": 16,
    "MLA_WANT_CLOSE": 32,
    "MLA_BINDING_END_POINT": 1,
    "MLA_BINDING_EXPORTER": 2,
    "MLA_BINDING_UNIQUE": 3,
    "MLA_ADDRESS_MAILBOX": 0,
    "MLA_ADDRESS_GROUP_BEGIN": 1,
    "MLA_ADDRESS_GROUP_END": 2,
    "MLA_DOMAIN_NONE": 0,
    "MLA_DOMAIN_CALL": 1,
    "MLA_DOMAIN_NET": 2,
    "MLA_DOMAIN_TLS": 3,
    "MLA_DOMAIN_SASL": 4,
    "MLA_DOMAIN_IMAP": 5,
    "MLA_DOMAIN_POP3": 6,
    "MLA_DOMAIN_MIME": 7,
    "MLA_OK": 0,
    "MLA_E_NO": -1,
    "MLA_E_BAD": -2,
    "MLA_E_AUTH": -3,
    "MLA_E_UNSUPPORTED": -4,
    "MLA_E_TIMEOUT": -5,
    "MLA_E_CANCELLED": -6,
    "MLA_E_POLICY": -7,
    "MLA_E_THROTTLED": -8,
    "MLA_E_ARG": -20,
    "MLA_E_STATE": -21,
    "MLA_E_BUSY": -22,
    "MLA_E_LIMIT": -23,
    "MLA_E_SYNTAX": -40,
    "MLA_E_CHARSET": -41,
    "MLA_E_NOT_FOUND": -42,
    "MLA_E_FATAL": -100,
    "MLA_E_NOMEM": -100,
    "MLA_E_RESOLVE": -101,
    "MLA_E_CONNECT": -102,
    "MLA_E_IO": -103,
    "MLA_E_CLOSED": -104,
    "MLA_E_TLS": -105,
    "MLA_E_CERT": -106,
    "MLA_E_TRUST": -107,
    "MLA_E_PROTOCOL": -108,
    "MLA_E_FLOOD": -109,
    "MLA_E_DEADLINE": -110,
    "MLA_E_UNKNOWN_OUTCOME": -111,
    "MLA_E_INSECURE": -112,
    "MLA_E_INTERNAL": -113,
    "MLA_REASON_NONE": 0,
    "MLA_REASON_PASSWORD_WRONG": 1,
    "MLA_REASON_APP_PASSWORD_NEEDED": 2,
    "MLA_REASON_BASIC_AUTH_DISABLED": 3,
    "MLA_REASON_WEB_LOGIN_NEEDED": 4,
    "MLA_REASON_PROTOCOL_DISABLED": 5,
    "MLA_REASON_PASSWORD_OR_PROTOCOL": 6,
    "MLA_REASON_EXPIRED": 7,
    "MLA_REASON_NO_PERMISSION": 8,
    "MLA_REASON_ACCOUNT_UNAVAILABLE": 9,
    "MLA_REASON_TOO_MANY_CONNECTIONS": 10,
    "MLA_REASON_THROTTLED": 11,
    "MLA_REASON_SERVER_UNAVAILABLE": 12,
    "MLA_REASON_IN_USE": 13,
    "MLA_REASON_QUOTA": 14,
    "MLA_REASON_ENCRYPTION_NEEDED": 15,
    "MLA_REASON_CLIENT_ID_NEEDED": 16,
    "MLA_REASON_LIMIT": 17,
    "MLA_REASON_NOT_FOUND": 18,
    "MLA_REASON_EXISTS": 19,
    "MLA_REASON_EXPUNGED": 20,
    "MLA_REASON_IMPOSSIBLE": 21,
    "MLA_REASON_CONTACT_ADMIN": 22,
    "MLA_REASON_CORRUPTION": 23,
    "MLA_REASON_SERVER_BUG": 24,
    "MLA_REASON_CLIENT_BUG": 25,
    "MLA_REASON_IDLE_TOO_LONG": 26,
    "MLA_REASON_TOKEN_REFUSED": 27,
}

mla_trace_fn = CFUNCTYPE(None, c_void_p, c_int32, POINTER(c_uint8), c_size_t)


class mla_certificate(Structure):
    pass


class mla_certificate_chain(Structure):
    pass


class mla_collect_args(Structure):
    pass


class mla_collect_message(Structure):
    pass


class mla_collect_plan(Structure):
    pass


class mla_collect_warning(Structure):
    pass


class mla_collect_summary(Structure):
    pass


class mla_compose_source(Structure):
    pass


class mla_allocator(Structure):
    pass


class mla_proxy(Structure):
    pass


class mla_discover_args(Structure):
    pass


class mla_discover_url(Structure):
    pass


class mla_discover_lookup(Structure):
    pass


class mla_discover_candidate(Structure):
    pass


class mla_imap_identity(Structure):
    pass


class mla_imap_namespace_entry(Structure):
    pass


class mla_imap_namespaces(Structure):
    pass


class mla_imap_acl(Structure):
    pass


class mla_imap_my_rights(Structure):
    pass


class mla_imap_list_rights(Structure):
    pass


class mla_imap_quota_resource(Structure):
    pass


class mla_imap_quota(Structure):
    pass


class mla_imap_quota_root(Structure):
    pass


class mla_imap_metadata(Structure):
    pass


class mla_imap_languages(Structure):
    pass


class mla_imap_comparators(Structure):
    pass


class mla_imap_jmap_access(Structure):
    pass


class mla_imap_id_args(Structure):
    pass


class mla_imap_acl_args(Structure):
    pass


class mla_imap_quota_limit(Structure):
    pass


class mla_imap_quota_args(Structure):
    pass


class mla_imap_metadata_args(Structure):
    pass


class mla_imap_words_args(Structure):
    pass


class mla_imap_append_part(Structure):
    pass


class mla_imap_append_message(Structure):
    pass


class mla_imap_append_many_args(Structure):
    pass


class mla_imap_replace_args(Structure):
    pass


class mla_imap_login_args(Structure):
    pass


class mla_imap_select_args(Structure):
    pass


class mla_imap_mailbox_args(Structure):
    pass


class mla_imap_rename_args(Structure):
    pass


class mla_imap_list_args(Structure):
    pass


class mla_imap_status_args(Structure):
    pass


class mla_imap_append_args(Structure):
    pass


class mla_imap_section_args(Structure):
    pass


class mla_imap_fetch_args(Structure):
    pass


class mla_imap_search_key(Structure):
    pass


class mla_imap_search_args(Structure):
    pass


class mla_imap_annotation_args(Structure):
    pass


class mla_imap_store_args(Structure):
    pass


class mla_imap_copy_args(Structure):
    pass


class mla_imap_value(Structure):
    pass


class mla_imap_arg(Structure):
    pass


class mla_imap_command_args(Structure):
    pass


class mla_imap_keep_flags(Structure):
    pass


class mla_imap_keep_state(Structure):
    pass


class mla_imap_keep_args(Structure):
    pass


class mla_imap_keep_line(Structure):
    pass


class mla_imap_keep_news(Structure):
    pass


class mla_imap_annotation(Structure):
    pass


class mla_imap_binary_size(Structure):
    pass


class mla_imap_fetch_more(Structure):
    pass


class mla_imap_notify_group(Structure):
    pass


class mla_imap_notify_args(Structure):
    pass


class mla_imap_sort_key(Structure):
    pass


class mla_imap_sort_args(Structure):
    pass


class mla_imap_thread_args(Structure):
    pass


class mla_imap_thread_item(Structure):
    pass


class mla_imap_thread(Structure):
    pass


class mla_imap_source(Structure):
    pass


class mla_imap_multisearch_args(Structure):
    pass


class mla_imap_uidbatches_args(Structure):
    pass


class mla_imap_code(Structure):
    pass


class mla_imap_text(Structure):
    pass


class mla_imap_done(Structure):
    pass


class mla_imap_envelope(Structure):
    pass


class mla_imap_body(Structure):
    pass


class mla_imap_section(Structure):
    pass


class mla_imap_fetch(Structure):
    pass


class mla_imap_list(Structure):
    pass


class mla_imap_status(Structure):
    pass


class mla_imap_search_change(Structure):
    pass


class mla_imap_search(Structure):
    pass


class mla_imap_warning(Structure):
    pass


class mla_imap_genurlauth_args(Structure):
    pass


class mla_imap_resetkey_args(Structure):
    pass


class mla_imap_urlfetch_args(Structure):
    pass


class mla_imap_url(Structure):
    pass


class mla_imap_urls(Structure):
    pass


class mla_imap_view(Structure):
    pass


class mla_imap_message(Structure):
    pass


class mla_mime_file(Structure):
    pass


class mla_hop(Structure):
    pass


class mla_mailing_list(Structure):
    pass


class mla_external_body(Structure):
    pass


class mla_dsn_recipient(Structure):
    pass


class mla_dsn(Structure):
    pass


class mla_mdn(Structure):
    pass


class mla_mime_event(Structure):
    pass


class mla_mime_limits(Structure):
    pass


class mla_pop3_done(Structure):
    pass


class mla_pop3_stat(Structure):
    pass


class mla_pop3_item(Structure):
    pass


class mla_pop3_greeting(Structure):
    pass


class mla_pop3_warning(Structure):
    pass


class mla_pop3_capabilities(Structure):
    pass


class mla_pop3_language(Structure):
    pass


class mla_pop3_command_args(Structure):
    pass


class mla_seen_record(Structure):
    pass


class mla_seen_store(Structure):
    pass


class mla_connect_args(Structure):
    pass


class mla_token_info(Structure):
    pass


class mla_str(Structure):
    pass


class mla_range(Structure):
    pass


class mla_error(Structure):
    pass


class mla_address(Structure):
    pass


class mla_credentials(Structure):
    pass


mla_certificate._fields_ = [
    ("struct_size", c_uint32),
    ("reasons", c_uint32),
    ("subject", c_char_p),
    ("issuer", c_char_p),
    ("serial", c_char_p),
    ("names", POINTER(mla_str)),
    ("name_count", c_uint32),
    ("names_left", c_uint32),
    ("not_before", c_int64),
    ("not_after", c_int64),
    ("sha256", c_uint8 * 32),
    ("key_sha256", c_uint8 * 32),
    ("key_kind", c_uint32),
    ("key_bits", c_uint32),
    ("hash", c_char_p),
    ("der", POINTER(c_uint8)),
    ("der_len", c_size_t),
    ("is_ca", c_uint32),
    ("reserved", c_uint32),
]


mla_certificate_chain._fields_ = [
    ("struct_size", c_uint32),
    ("reasons", c_uint32),
    ("host", c_char_p),
    ("port", c_uint32),
    ("count", c_uint32),
    ("certificates", POINTER(POINTER(mla_certificate))),
    ("sentences", POINTER(mla_str)),
    ("sentence_count", c_uint32),
    ("is_changed", c_uint32),
]


mla_collect_args._fields_ = [
    ("struct_size", c_uint32),
    ("policy", c_uint32),
    ("store", POINTER(mla_seen_store)),
    ("keep_days", c_uint32),
    ("keep_newest", c_uint32),
    ("max_size", c_uint64),
    ("large", c_uint32),
    ("top_lines", c_uint32),
    ("now_s", c_uint64),
    ("forget_days", c_uint32),
    ("reserved", c_uint32),
]


mla_str._fields_ = [
    ("ptr", POINTER(c_char)),
    ("len", c_size_t),
]


mla_collect_message._fields_ = [
    ("struct_size", c_uint32),
    ("number", c_uint32),
    ("size", c_uint64),
    ("octets", c_uint64),
    ("known_by", c_uint32),
    ("flags", c_uint32),
    ("uidl", mla_str),
    ("id", mla_str),
    ("note", mla_str),
    ("error", c_int32),
    ("reason", c_uint32),
    ("text", mla_str),
]


mla_collect_plan._fields_ = [
    ("struct_size", c_uint32),
    ("known_by", c_uint32),
    ("listed", c_uint32),
    ("known", c_uint32),
    ("fresh", c_uint32),
    ("unsure", c_uint32),
    ("octets", c_uint64),
]


mla_collect_warning._fields_ = [
    ("struct_size", c_uint32),
    ("code", c_uint32),
    ("number", c_uint32),
    ("reserved", c_uint32),
    ("text", mla_str),
]


mla_collect_summary._fields_ = [
    ("struct_size", c_uint32),
    ("error", c_int32),
    ("listed", c_uint32),
    ("fetched", c_uint32),
    ("stored", c_uint32),
    ("same", c_uint32),
    ("known", c_uint32),
    ("large", c_uint32),
    ("failed", c_uint32),
    ("deleted", c_uint32),
    ("doubtful", c_uint32),
    ("reserved", c_uint32),
    ("octets", c_uint64),
    ("text", mla_str),
]


mla_compose_source._fields_ = [
    ("struct_size", c_uint32),
    ("reserved", c_uint32),
    ("user", c_void_p),
    ("read", CFUNCTYPE(c_int, c_void_p, POINTER(c_uint8), c_size_t, POINTER(c_size_t))),
    ("rewind", CFUNCTYPE(c_int, c_void_p)),
]


mla_allocator._fields_ = [
    ("struct_size", c_uint32),
    ("reserved", c_uint32),
    ("alloc", CFUNCTYPE(c_void_p, c_void_p, c_size_t)),
    ("resize", CFUNCTYPE(c_void_p, c_void_p, c_void_p, c_size_t)),
    ("release", CFUNCTYPE(None, c_void_p, c_void_p)),
    ("user", c_void_p),
]


mla_proxy._fields_ = [
    ("struct_size", c_uint32),
    ("kind", c_uint32),
    ("host", c_char_p),
    ("port", c_uint32),
    ("reserved", c_uint32),
    ("user", c_char_p),
    ("password", c_char_p),
]


mla_discover_args._fields_ = [
    ("struct_size", c_uint32),
    ("protocols", c_uint32),
    ("address", c_char_p),
    ("skip", c_uint32),
    ("thorough", c_uint32),
    ("url_address", c_uint32),
    ("cleartext", c_uint32),
    ("name_server", c_char_p),
    ("name_server_port", c_uint32),
    ("deadline_ms", c_uint32),
]


mla_discover_url._fields_ = [
    ("struct_size", c_uint32),
    ("id", c_uint32),
    ("source", c_uint32),
    ("by_mx", c_uint32),
    ("url", c_char_p),
]


mla_discover_lookup._fields_ = [
    ("struct_size", c_uint32),
    ("error", c_int32),
    ("name", c_char_p),
    ("is_mx", c_uint32),
    ("count", c_uint32),
    ("not_offered", c_uint32),
    ("authenticated", c_uint32),
]


mla_discover_candidate._fields_ = [
    ("struct_size", c_uint32),
    ("protocol", c_uint32),
    ("host", c_char_p),
    ("port", c_uint32),
    ("security", c_uint32),
    ("user", c_char_p),
    ("user_kind", c_uint32),
    ("auth", c_uint32),
    ("sources", c_uint32),
    ("flags", c_uint32),
    ("hints", c_uint32),
    ("reserved", c_uint32),
    ("provider", c_char_p),
    ("help_url", c_char_p),
    ("oauth_issuer", c_char_p),
    ("oauth_scope", c_char_p),
    ("oauth_auth_url", c_char_p),
    ("oauth_token_url", c_char_p),
]


mla_imap_identity._fields_ = [
    ("struct_size", c_uint32),
    ("is_nil", c_uint32),
    ("fields", POINTER(mla_str)),
    ("field_count", c_size_t),
]


mla_imap_namespace_entry._fields_ = [
    ("struct_size", c_uint32),
    ("delimiter", c_uint32),
    ("prefix", mla_str),
    ("raw_prefix", mla_str),
    ("extensions", POINTER(mla_str)),
    ("extension_count", c_size_t),
    ("next", POINTER(mla_imap_namespace_entry)),
]


mla_imap_namespaces._fields_ = [
    ("struct_size", c_uint32),
    ("reserved", c_uint32),
    ("personal", POINTER(mla_imap_namespace_entry)),
    ("other", POINTER(mla_imap_namespace_entry)),
    ("shared", POINTER(mla_imap_namespace_entry)),
]


mla_imap_acl._fields_ = [
    ("struct_size", c_uint32),
    ("reserved", c_uint32),
    ("name", mla_str),
    ("raw_name", mla_str),
    ("entries", POINTER(mla_str)),
    ("entry_count", c_size_t),
]


mla_imap_my_rights._fields_ = [
    ("struct_size", c_uint32),
    ("rights", c_uint32),
    ("name", mla_str),
    ("raw_name", mla_str),
    ("letters", mla_str),
]


mla_imap_list_rights._fields_ = [
    ("struct_size", c_uint32),
    ("reserved", c_uint32),
    ("name", mla_str),
    ("raw_name", mla_str),
    ("identifier", mla_str),
    ("required", mla_str),
    ("options", POINTER(mla_str)),
    ("option_count", c_size_t),
]


mla_imap_quota_resource._fields_ = [
    ("struct_size", c_uint32),
    ("kind", c_uint32),
    ("name", mla_str),
    ("usage", c_uint64),
    ("limit", c_uint64),
    ("next", POINTER(mla_imap_quota_resource)),
]


mla_imap_quota._fields_ = [
    ("struct_size", c_uint32),
    ("reserved", c_uint32),
    ("root", mla_str),
    ("resources", POINTER(mla_imap_quota_resource)),
]


mla_imap_quota_root._fields_ = [
    ("struct_size", c_uint32),
    ("root_count", c_uint32),
    ("name", mla_str),
    ("raw_name", mla_str),
    ("roots", POINTER(mla_str)),
]


mla_imap_metadata._fields_ = [
    ("struct_size", c_uint32),
    ("is_news", c_uint32),
    ("name", mla_str),
    ("raw_name", mla_str),
    ("entries", POINTER(mla_str)),
    ("entry_count", c_size_t),
]


mla_imap_languages._fields_ = [
    ("struct_size", c_uint32),
    ("word_count", c_uint32),
    ("words", POINTER(mla_str)),
]


mla_imap_comparators._fields_ = [
    ("struct_size", c_uint32),
    ("word_count", c_uint32),
    ("active", mla_str),
    ("words", POINTER(mla_str)),
]


mla_imap_jmap_access._fields_ = [
    ("struct_size", c_uint32),
    ("reserved", c_uint32),
    ("url", mla_str),
]


mla_imap_id_args._fields_ = [
    ("struct_size", c_uint32),
    ("is_nil", c_uint32),
    ("fields", POINTER(mla_str)),
    ("field_count", c_size_t),
]


mla_imap_acl_args._fields_ = [
    ("struct_size", c_uint32),
    ("mode", c_uint32),
    ("mailbox", c_char_p),
    ("raw_mailbox", mla_str),
    ("identifier", c_char_p),
    ("rights", c_char_p),
]


mla_imap_quota_limit._fields_ = [
    ("struct_size", c_uint32),
    ("kind", c_uint32),
    ("name", c_char_p),
    ("limit", c_uint64),
]


mla_imap_quota_args._fields_ = [
    ("struct_size", c_uint32),
    ("reserved", c_uint32),
    ("root", mla_str),
    ("limits", POINTER(mla_imap_quota_limit)),
    ("limit_count", c_size_t),
]


mla_imap_metadata_args._fields_ = [
    ("struct_size", c_uint32),
    ("depth", c_uint32),
    ("mailbox", c_char_p),
    ("raw_mailbox", mla_str),
    ("max_size", c_uint64),
    ("entries", POINTER(mla_str)),
    ("entry_count", c_size_t),
]


mla_imap_words_args._fields_ = [
    ("struct_size", c_uint32),
    ("reserved", c_uint32),
    ("words", POINTER(mla_str)),
    ("word_count", c_size_t),
]


mla_imap_append_part._fields_ = [
    ("struct_size", c_uint32),
    ("kind", c_uint32),
    ("data", mla_str),
]


mla_imap_append_message._fields_ = [
    ("struct_size", c_uint32),
    ("flags", c_uint32),
    ("keywords", POINTER(mla_str)),
    ("keyword_count", c_size_t),
    ("internal_date", c_int64),
    ("internal_zone", c_int32),
    ("has_date", c_uint32),
    ("data", mla_str),
    ("parts", POINTER(mla_imap_append_part)),
    ("part_count", c_size_t),
    ("annotations", POINTER(mla_imap_annotation_args)),
    ("annotation_count", c_size_t),
    ("binary", c_uint32),
    ("utf8", c_uint32),
]


mla_imap_append_many_args._fields_ = [
    ("struct_size", c_uint32),
    ("borrow", c_uint32),
    ("mailbox", c_char_p),
    ("raw_mailbox", mla_str),
    ("messages", POINTER(mla_imap_append_message)),
    ("message_count", c_size_t),
]


mla_imap_replace_args._fields_ = [
    ("struct_size", c_uint32),
    ("borrow", c_uint32),
    ("mailbox", c_char_p),
    ("raw_mailbox", mla_str),
    ("message", POINTER(mla_imap_append_message)),
    ("number", c_uint32),
    ("by_seq", c_uint32),
    ("in_steps", c_uint32),
    ("reserved", c_uint32),
]


mla_imap_login_args._fields_ = [
    ("struct_size", c_uint32),
    ("reserved", c_uint32),
    ("user", c_char_p),
    ("password", c_char_p),
    ("password_len", c_size_t),
]


mla_imap_select_args._fields_ = [
    ("struct_size", c_uint32),
    ("read_only", c_uint32),
    ("mailbox", c_char_p),
    ("raw_mailbox", mla_str),
    ("condstore", c_uint32),
    ("annotate", c_uint32),
    ("modseq", c_uint64),
    ("uidvalidity", c_uint32),
    ("reserved", c_uint32),
    ("known_uids", POINTER(mla_range)),
    ("known_uid_count", c_size_t),
    ("match_seqs", POINTER(mla_range)),
    ("match_seq_count", c_size_t),
    ("match_uids", POINTER(mla_range)),
    ("match_uid_count", c_size_t),
]


mla_imap_mailbox_args._fields_ = [
    ("struct_size", c_uint32),
    ("reserved", c_uint32),
    ("mailbox", c_char_p),
    ("raw_mailbox", mla_str),
    ("special_use", c_uint32),
    ("reserved2", c_uint32),
]


mla_imap_rename_args._fields_ = [
    ("struct_size", c_uint32),
    ("reserved", c_uint32),
    ("mailbox", c_char_p),
    ("raw_mailbox", mla_str),
    ("new_mailbox", c_char_p),
    ("raw_new_mailbox", mla_str),
]


mla_imap_list_args._fields_ = [
    ("struct_size", c_uint32),
    ("reserved", c_uint32),
    ("reference", c_char_p),
    ("pattern", c_char_p),
    ("raw_pattern", mla_str),
    ("selections", c_uint32),
    ("returns", c_uint32),
    ("status_items", c_uint32),
    ("reserved2", c_uint32),
    ("metadata", POINTER(mla_str)),
    ("metadata_count", c_size_t),
    ("patterns", POINTER(mla_str)),
    ("pattern_count", c_size_t),
]


mla_imap_status_args._fields_ = [
    ("struct_size", c_uint32),
    ("items", c_uint32),
    ("mailbox", c_char_p),
    ("raw_mailbox", mla_str),
]


mla_imap_append_args._fields_ = [
    ("struct_size", c_uint32),
    ("flags", c_uint32),
    ("mailbox", c_char_p),
    ("raw_mailbox", mla_str),
    ("keywords", POINTER(mla_str)),
    ("keyword_count", c_size_t),
    ("internal_date", c_int64),
    ("internal_zone", c_int32),
    ("has_date", c_uint32),
    ("size", c_uint64),
    ("data", POINTER(c_uint8)),
    ("borrow", c_uint32),
    ("binary", c_uint32),
]


mla_imap_section_args._fields_ = [
    ("struct_size", c_uint32),
    ("what", c_uint32),
    ("parts", POINTER(c_uint32)),
    ("part_count", c_size_t),
    ("fields", POINTER(mla_str)),
    ("field_count", c_size_t),
    ("offset", c_uint64),
    ("length", c_uint32),
    ("is_decoded", c_uint32),
    ("is_size", c_uint32),
    ("reserved", c_uint32),
]


mla_imap_fetch_args._fields_ = [
    ("struct_size", c_uint32),
    ("items", c_uint32),
    ("ranges", POINTER(mla_range)),
    ("range_count", c_size_t),
    ("sections", POINTER(mla_imap_section_args)),
    ("section_count", c_size_t),
    ("by_seq", c_uint32),
    ("set_seen", c_uint32),
    ("saved", c_uint32),
    ("vanished", c_uint32),
    ("changed_since", c_uint64),
    ("partial_first", c_int64),
    ("partial_last", c_int64),
    ("annotation_entries", POINTER(mla_str)),
    ("annotation_entry_count", c_size_t),
    ("annotation_attributes", POINTER(mla_str)),
    ("annotation_attribute_count", c_size_t),
]


mla_imap_search_key._fields_ = [
    ("struct_size", c_uint32),
    ("kind", c_uint32),
    ("name", mla_str),
    ("text", mla_str),
    ("number", c_uint64),
    ("ranges", POINTER(mla_range)),
    ("range_count", c_size_t),
    ("year", c_uint32),
    ("month", c_uint32),
    ("day", c_uint32),
    ("scope", c_uint32),
]


mla_imap_search_args._fields_ = [
    ("struct_size", c_uint32),
    ("by_seq", c_uint32),
    ("keys", POINTER(mla_imap_search_key)),
    ("key_count", c_size_t),
    ("results", c_uint32),
    ("reserved", c_uint32),
    ("partial_first", c_int64),
    ("partial_last", c_int64),
]


mla_imap_annotation_args._fields_ = [
    ("struct_size", c_uint32),
    ("reserved", c_uint32),
    ("entry", mla_str),
    ("attribute", mla_str),
    ("value", mla_str),
]


mla_imap_store_args._fields_ = [
    ("struct_size", c_uint32),
    ("mode", c_uint32),
    ("ranges", POINTER(mla_range)),
    ("range_count", c_size_t),
    ("flags", c_uint32),
    ("by_seq", c_uint32),
    ("keywords", POINTER(mla_str)),
    ("keyword_count", c_size_t),
    ("silent", c_uint32),
    ("saved", c_uint32),
    ("what", c_uint32),
    ("has_unchanged_since", c_uint32),
    ("unchanged_since", c_uint64),
    ("annotations", POINTER(mla_imap_annotation_args)),
    ("annotation_count", c_size_t),
]


mla_imap_copy_args._fields_ = [
    ("struct_size", c_uint32),
    ("by_seq", c_uint32),
    ("ranges", POINTER(mla_range)),
    ("range_count", c_size_t),
    ("mailbox", c_char_p),
    ("raw_mailbox", mla_str),
    ("saved", c_uint32),
    ("reserved", c_uint32),
]


mla_imap_value._fields_ = [
    ("struct_size", c_uint32),
    ("kind", c_uint32),
    ("text", mla_str),
    ("number", c_uint64),
    ("next", POINTER(mla_imap_value)),
    ("child", POINTER(mla_imap_value)),
    ("parent", POINTER(mla_imap_value)),
    ("child_count", c_uint32),
    ("reserved", c_uint32),
]


mla_imap_arg._fields_ = [
    ("struct_size", c_uint32),
    ("kind", c_uint32),
    ("text", mla_str),
    ("number", c_uint64),
    ("ranges", POINTER(mla_range)),
    ("range_count", c_size_t),
]


mla_imap_command_args._fields_ = [
    ("struct_size", c_uint32),
    ("before_login", c_uint32),
    ("name", c_char_p),
    ("capability", c_char_p),
    ("args", POINTER(mla_imap_arg)),
    ("arg_count", c_size_t),
]


mla_imap_keep_flags._fields_ = [
    ("first", c_uint32),
    ("last", c_uint32),
    ("words", POINTER(mla_str)),
    ("word_count", c_size_t),
]


mla_imap_keep_state._fields_ = [
    ("struct_size", c_uint32),
    ("uidvalidity", c_uint32),
    ("modseq", c_uint64),
    ("uids", POINTER(mla_range)),
    ("uid_count", c_size_t),
    ("flags", POINTER(mla_imap_keep_flags)),
    ("flag_count", c_size_t),
]


mla_imap_keep_args._fields_ = [
    ("struct_size", c_uint32),
    ("security", c_uint32),
    ("host", c_char_p),
    ("port", c_uint32),
    ("read_only", c_uint32),
    ("mailbox", c_char_p),
    ("raw_mailbox", mla_str),
    ("credentials", POINTER(mla_credentials)),
    ("ask", c_uint32),
    ("no_watch", c_uint32),
    ("poll_ms", c_uint32),
    ("first_ms", c_uint32),
    ("max_ms", c_uint32),
    ("tries_max", c_uint32),
    ("seed", c_uint64),
    ("state", POINTER(mla_imap_keep_state)),
]


mla_imap_keep_line._fields_ = [
    ("struct_size", c_uint32),
    ("error", c_int32),
    ("reason", c_uint32),
    ("how", c_uint32),
    ("tries", c_uint32),
    ("exists", c_uint32),
    ("wait_ms", c_uint64),
    ("gone", c_uint64),
    ("fresh", c_uint64),
    ("changed", c_uint64),
    ("text", c_char_p),
    ("is_first", c_uint32),
    ("reserved", c_uint32),
]


mla_imap_keep_news._fields_ = [
    ("struct_size", c_uint32),
    ("is_missed", c_uint32),
    ("ranges", POINTER(mla_range)),
    ("range_count", c_size_t),
    ("messages", c_uint64),
]


mla_imap_annotation._fields_ = [
    ("struct_size", c_uint32),
    ("reserved", c_uint32),
    ("entry", mla_str),
    ("attribute", mla_str),
    ("value", mla_str),
    ("next", POINTER(mla_imap_annotation)),
]


mla_imap_binary_size._fields_ = [
    ("struct_size", c_uint32),
    ("reserved", c_uint32),
    ("section", mla_str),
    ("size", c_uint64),
    ("next", POINTER(mla_imap_binary_size)),
]


mla_imap_fetch_more._fields_ = [
    ("struct_size", c_uint32),
    ("label_count", c_uint32),
    ("email_id", mla_str),
    ("thread_id", mla_str),
    ("preview", mla_str),
    ("save_date", c_int64),
    ("save_zone", c_int32),
    ("has_save_date", c_uint32),
    ("gm_message_id", c_uint64),
    ("gm_thread_id", c_uint64),
    ("labels", POINTER(mla_str)),
    ("annotations", POINTER(mla_imap_annotation)),
    ("binary_sizes", POINTER(mla_imap_binary_size)),
]


mla_imap_notify_group._fields_ = [
    ("struct_size", c_uint32),
    ("filter", c_uint32),
    ("events", c_uint32),
    ("items", c_uint32),
    ("mailboxes", POINTER(c_char_p)),
    ("mailbox_count", c_size_t),
]


mla_imap_notify_args._fields_ = [
    ("struct_size", c_uint32),
    ("status", c_uint32),
    ("groups", POINTER(mla_imap_notify_group)),
    ("group_count", c_size_t),
]


mla_imap_sort_key._fields_ = [
    ("struct_size", c_uint32),
    ("by", c_uint32),
    ("reverse", c_uint32),
    ("scope", c_uint32),
    ("entry", mla_str),
]


mla_imap_sort_args._fields_ = [
    ("struct_size", c_uint32),
    ("reserved", c_uint32),
    ("search", POINTER(mla_imap_search_args)),
    ("order", POINTER(mla_imap_sort_key)),
    ("order_count", c_size_t),
]


mla_imap_thread_args._fields_ = [
    ("struct_size", c_uint32),
    ("algorithm", c_uint32),
    ("search", POINTER(mla_imap_search_args)),
]


mla_imap_thread_item._fields_ = [
    ("number", c_uint32),
    ("depth", c_uint32),
    ("parent", c_uint32),
    ("root", c_uint32),
]


mla_imap_thread._fields_ = [
    ("struct_size", c_uint32),
    ("is_uid", c_uint32),
    ("is_last", c_uint32),
    ("reserved", c_uint32),
    ("items", POINTER(mla_imap_thread_item)),
    ("item_count", c_size_t),
]


mla_imap_source._fields_ = [
    ("struct_size", c_uint32),
    ("kind", c_uint32),
    ("mailbox", c_char_p),
    ("raw_mailbox", mla_str),
]


mla_imap_multisearch_args._fields_ = [
    ("struct_size", c_uint32),
    ("reserved", c_uint32),
    ("search", POINTER(mla_imap_search_args)),
    ("sources", POINTER(mla_imap_source)),
    ("source_count", c_size_t),
]


mla_imap_uidbatches_args._fields_ = [
    ("struct_size", c_uint32),
    ("size", c_uint32),
    ("first", c_uint32),
    ("last", c_uint32),
]


mla_imap_code._fields_ = [
    ("struct_size", c_uint32),
    ("id", c_uint32),
    ("atom", mla_str),
    ("raw", mla_str),
    ("number", c_uint64),
    ("uidvalidity", c_uint32),
    ("word_count", c_uint32),
    ("words", POINTER(mla_str)),
    ("source", POINTER(mla_range)),
    ("source_count", c_size_t),
    ("destination", POINTER(mla_range)),
    ("destination_count", c_size_t),
    ("fields", c_uint32),
    ("uid", c_uint32),
    ("goal", c_uint64),
    ("text", mla_str),
]


mla_imap_text._fields_ = [
    ("struct_size", c_uint32),
    ("status", c_uint32),
    ("code", POINTER(mla_imap_code)),
    ("text", mla_str),
    ("is_tls", c_uint32),
    ("reserved", c_uint32),
    ("reason", c_uint32),
    ("wait_ms", c_uint32),
]


mla_imap_done._fields_ = [
    ("struct_size", c_uint32),
    ("error", c_int32),
    ("status", c_uint32),
    ("is_tls", c_uint32),
    ("code", POINTER(mla_imap_code)),
    ("text", mla_str),
    ("reason", c_uint32),
    ("wait_ms", c_uint32),
]


mla_imap_envelope._fields_ = [
    ("struct_size", c_uint32),
    ("reserved", c_uint32),
    ("date", mla_str),
    ("subject", mla_str),
    ("in_reply_to", mla_str),
    ("message_id", mla_str),
    ("from", POINTER(mla_address)),
    ("from_count", c_size_t),
    ("sender", POINTER(mla_address)),
    ("sender_count", c_size_t),
    ("reply_to", POINTER(mla_address)),
    ("reply_to_count", c_size_t),
    ("to", POINTER(mla_address)),
    ("to_count", c_size_t),
    ("cc", POINTER(mla_address)),
    ("cc_count", c_size_t),
    ("bcc", POINTER(mla_address)),
    ("bcc_count", c_size_t),
]


mla_imap_body._fields_ = [
    ("struct_size", c_uint32),
    ("kind", c_uint32),
    ("type", mla_str),
    ("subtype", mla_str),
    ("section", mla_str),
    ("params", POINTER(mla_str)),
    ("param_count", c_size_t),
    ("id", mla_str),
    ("description", mla_str),
    ("encoding", mla_str),
    ("size", c_uint64),
    ("lines", c_uint64),
    ("envelope", POINTER(mla_imap_envelope)),
    ("parent", POINTER(mla_imap_body)),
    ("child", POINTER(mla_imap_body)),
    ("next", POINTER(mla_imap_body)),
    ("child_count", c_uint32),
    ("extended", c_uint32),
    ("md5", mla_str),
    ("disposition", mla_str),
    ("disposition_params", POINTER(mla_str)),
    ("disposition_param_count", c_size_t),
    ("languages", POINTER(mla_str)),
    ("language_count", c_size_t),
    ("location", mla_str),
    ("extension", mla_str),
]


mla_imap_section._fields_ = [
    ("struct_size", c_uint32),
    ("kind", c_uint32),
    ("name", mla_str),
    ("is_nil", c_uint32),
    ("streamed", c_uint32),
    ("has_origin", c_uint32),
    ("seq", c_uint32),
    ("uid", c_uint32),
    ("reserved", c_uint32),
    ("origin", c_uint64),
    ("size", c_uint64),
    ("data", mla_str),
    ("next", POINTER(mla_imap_section)),
]


mla_imap_fetch._fields_ = [
    ("struct_size", c_uint32),
    ("fields", c_uint32),
    ("seq", c_uint32),
    ("uid", c_uint32),
    ("flags", c_uint32),
    ("word_count", c_uint32),
    ("words", POINTER(mla_str)),
    ("size", c_uint64),
    ("modseq", c_uint64),
    ("internal_date", c_int64),
    ("internal_zone", c_int32),
    ("section_count", c_uint32),
    ("envelope", POINTER(mla_imap_envelope)),
    ("body", POINTER(mla_imap_body)),
    ("sections", POINTER(mla_imap_section)),
    ("more", POINTER(mla_imap_fetch_more)),
]


mla_imap_list._fields_ = [
    ("struct_size", c_uint32),
    ("attributes", c_uint32),
    ("name", mla_str),
    ("raw_name", mla_str),
    ("delimiter", c_uint32),
    ("is_lsub", c_uint32),
    ("is_undecodable", c_uint32),
    ("word_count", c_uint32),
    ("words", POINTER(mla_str)),
    ("child_info", c_uint32),
    ("is_renamed", c_uint32),
    ("old_name", mla_str),
    ("raw_old_name", mla_str),
    ("is_surplus", c_uint32),
    ("reserved", c_uint32),
]


mla_imap_status._fields_ = [
    ("struct_size", c_uint32),
    ("fields", c_uint32),
    ("name", mla_str),
    ("raw_name", mla_str),
    ("messages", c_uint32),
    ("uidnext", c_uint32),
    ("uidvalidity", c_uint32),
    ("unseen", c_uint32),
    ("recent", c_uint32),
    ("deleted", c_uint32),
    ("size", c_uint64),
    ("highestmodseq", c_uint64),
    ("deleted_storage", c_uint64),
    ("append_limit", c_uint64),
    ("mailbox_id", mla_str),
]


mla_imap_search_change._fields_ = [
    ("what", c_uint32),
    ("position", c_uint32),
    ("first", c_uint32),
    ("last", c_uint32),
]


mla_imap_search._fields_ = [
    ("struct_size", c_uint32),
    ("fields", c_uint32),
    ("is_uid", c_uint32),
    ("is_last", c_uint32),
    ("is_earlier", c_uint32),
    ("min", c_uint32),
    ("max", c_uint32),
    ("count", c_uint32),
    ("ranges", POINTER(mla_range)),
    ("range_count", c_size_t),
    ("modseq", c_uint64),
    ("is_sorted", c_uint32),
    ("uidvalidity", c_uint32),
    ("mailbox", mla_str),
    ("raw_mailbox", mla_str),
    ("partial_first", c_int64),
    ("partial_last", c_int64),
    ("changes", POINTER(mla_imap_search_change)),
    ("change_count", c_size_t),
    ("scores", POINTER(c_uint32)),
    ("score_count", c_size_t),
]


mla_imap_warning._fields_ = [
    ("struct_size", c_uint32),
    ("id", c_uint32),
    ("raw", mla_str),
    ("offset", c_uint64),
]


mla_imap_genurlauth_args._fields_ = [
    ("struct_size", c_uint32),
    ("reserved", c_uint32),
    ("urls", POINTER(mla_str)),
    ("url_count", c_size_t),
    ("mechanism", c_char_p),
]


mla_imap_resetkey_args._fields_ = [
    ("struct_size", c_uint32),
    ("reserved", c_uint32),
    ("mailbox", c_char_p),
    ("raw_mailbox", mla_str),
    ("mechanisms", POINTER(mla_str)),
    ("mechanism_count", c_size_t),
]


mla_imap_urlfetch_args._fields_ = [
    ("struct_size", c_uint32),
    ("what", c_uint32),
    ("urls", POINTER(mla_str)),
    ("url_count", c_size_t),
]


mla_imap_url._fields_ = [
    ("struct_size", c_uint32),
    ("is_binary", c_uint32),
    ("url", mla_str),
    ("data", mla_str),
    ("structure", POINTER(mla_imap_body)),
    ("next", POINTER(mla_imap_url)),
]


mla_imap_urls._fields_ = [
    ("struct_size", c_uint32),
    ("reserved", c_uint32),
    ("urls", POINTER(mla_imap_url)),
]


mla_imap_view._fields_ = [
    ("struct_size", c_uint32),
    ("exists", c_uint32),
    ("name", mla_str),
    ("raw_name", mla_str),
    ("mailbox_id", mla_str),
    ("recent", c_uint32),
    ("uidnext", c_uint32),
    ("uidvalidity", c_uint32),
    ("is_read_only", c_uint32),
    ("uid_not_sticky", c_uint32),
    ("no_modseq", c_uint32),
    ("highestmodseq", c_uint64),
    ("modseq_seen", c_uint64),
    ("permanent_flags", c_uint32),
    ("is_uid_only", c_uint32),
    ("flags", POINTER(mla_str)),
    ("flag_count", c_size_t),
    ("permanent", POINTER(mla_str)),
    ("permanent_count", c_size_t),
    ("known_uids", c_uint32),
    ("known_flags", c_uint32),
    ("known_modseqs", c_uint32),
    ("forgets", c_uint32),
    ("memory", c_uint64),
]


mla_imap_message._fields_ = [
    ("struct_size", c_uint32),
    ("fields", c_uint32),
    ("number", c_uint32),
    ("uid", c_uint32),
    ("flags", c_uint32),
    ("word_count", c_uint32),
    ("words", POINTER(mla_str)),
    ("modseq", c_uint64),
]


mla_mime_file._fields_ = [
    ("struct_size", c_uint32),
    ("kind", c_int32),
    ("offset", c_uint64),
    ("length", c_uint64),
    ("size", c_uint64),
    ("name", mla_str),
    ("type", mla_str),
    ("content_id", mla_str),
    ("flags", c_uint32),
    ("reserved", c_uint32),
    ("part", c_uint32),
    ("part_count", c_uint32),
    ("part_offset", c_uint64),
    ("whole_size", c_uint64),
    ("verified", c_uint32),
    ("reserved_2", c_uint32),
]


mla_hop._fields_ = [
    ("struct_size", c_uint32),
    ("has_date", c_int32),
    ("seconds", c_int64),
    ("zone_minutes", c_int32),
    ("date_notes", c_uint32),
    ("from_host", mla_str),
    ("from_comment", mla_str),
    ("by_host", mla_str),
    ("by_comment", mla_str),
    ("via", mla_str),
    ("protocol", mla_str),
    ("protocol_comment", mla_str),
    ("id", mla_str),
    ("recipient", mla_str),
    ("comment", mla_str),
]


mla_mailing_list._fields_ = [
    ("struct_size", c_uint32),
    ("flags", c_uint32),
    ("id", mla_str),
    ("name", mla_str),
    ("help", POINTER(mla_str)),
    ("help_count", c_size_t),
    ("subscribe", POINTER(mla_str)),
    ("subscribe_count", c_size_t),
    ("unsubscribe", POINTER(mla_str)),
    ("unsubscribe_count", c_size_t),
    ("post", POINTER(mla_str)),
    ("post_count", c_size_t),
    ("owner", POINTER(mla_str)),
    ("owner_count", c_size_t),
    ("archive", POINTER(mla_str)),
    ("archive_count", c_size_t),
    ("archived_at", POINTER(mla_str)),
    ("archived_at_count", c_size_t),
]


mla_external_body._fields_ = [
    ("struct_size", c_uint32),
    ("has_expiration", c_int32),
    ("expiration", c_int64),
    ("size", c_uint64),
    ("access_type", mla_str),
    ("url", mla_str),
    ("name", mla_str),
    ("site", mla_str),
    ("directory", mla_str),
    ("mode", mla_str),
    ("server", mla_str),
    ("subject", mla_str),
    ("permission", mla_str),
    ("content_type", mla_str),
    ("content_id", mla_str),
    ("transfer_encoding", mla_str),
]


mla_dsn_recipient._fields_ = [
    ("struct_size", c_uint32),
    ("action", c_int32),
    ("status_class", c_uint32),
    ("status_subject", c_uint32),
    ("status_detail", c_uint32),
    ("has_last_attempt", c_int32),
    ("has_will_retry", c_int32),
    ("reserved", c_uint32),
    ("last_attempt", c_int64),
    ("will_retry", c_int64),
    ("original_type", mla_str),
    ("original_address", mla_str),
    ("final_type", mla_str),
    ("final_address", mla_str),
    ("action_text", mla_str),
    ("status_text", mla_str),
    ("remote_mta_type", mla_str),
    ("remote_mta", mla_str),
    ("diagnostic_type", mla_str),
    ("diagnostic", mla_str),
    ("final_log_id", mla_str),
]


mla_dsn._fields_ = [
    ("struct_size", c_uint32),
    ("recipient_count", c_uint32),
    ("has_arrival", c_int32),
    ("reserved", c_uint32),
    ("arrival", c_int64),
    ("envelope_id", mla_str),
    ("reporting_mta_type", mla_str),
    ("reporting_mta", mla_str),
    ("gateway_type", mla_str),
    ("gateway", mla_str),
    ("received_from_type", mla_str),
    ("received_from", mla_str),
]


mla_mdn._fields_ = [
    ("struct_size", c_uint32),
    ("action_mode", c_int32),
    ("sending_mode", c_int32),
    ("type", c_int32),
    ("modifiers", mla_str),
    ("disposition", mla_str),
    ("reporting_ua", mla_str),
    ("ua_product", mla_str),
    ("gateway_type", mla_str),
    ("gateway", mla_str),
    ("original_type", mla_str),
    ("original_address", mla_str),
    ("final_type", mla_str),
    ("final_address", mla_str),
    ("original_message_id", mla_str),
    ("errors", POINTER(mla_str)),
    ("error_count", c_size_t),
    ("failures", POINTER(mla_str)),
    ("failure_count", c_size_t),
    ("warnings", POINTER(mla_str)),
    ("warning_count", c_size_t),
]


mla_mime_event._fields_ = [
    ("struct_size", c_uint32),
    ("type", c_int32),
    ("depth", c_uint32),
    ("index", c_uint32),
    ("offset", c_uint64),
    ("body_offset", c_uint64),
    ("body_length", c_uint64),
    ("name", mla_str),
    ("data", mla_str),
    ("code", c_int32),
    ("flags", c_uint32),
]


mla_mime_limits._fields_ = [
    ("struct_size", c_uint32),
    ("max_depth", c_uint32),
    ("max_parts", c_uint32),
    ("max_headers", c_uint32),
    ("max_header_size", c_uint64),
    ("max_params", c_uint32),
    ("max_addresses", c_uint32),
    ("max_words", c_uint32),
    ("max_ids", c_uint32),
]


mla_pop3_done._fields_ = [
    ("struct_size", c_uint32),
    ("error", c_int32),
    ("command", c_uint32),
    ("number", c_uint32),
    ("status", c_uint32),
    ("is_tls", c_uint32),
    ("code", c_uint32),
    ("wait_s", c_uint32),
    ("code_raw", mla_str),
    ("text", mla_str),
    ("reason", c_uint32),
    ("wait_ms", c_uint32),
]


mla_pop3_stat._fields_ = [
    ("struct_size", c_uint32),
    ("count", c_uint32),
    ("size", c_uint64),
]


mla_pop3_item._fields_ = [
    ("struct_size", c_uint32),
    ("number", c_uint32),
    ("size", c_uint64),
    ("uidl", mla_str),
    ("flags", c_uint32),
    ("reserved", c_uint32),
]


mla_pop3_greeting._fields_ = [
    ("struct_size", c_uint32),
    ("is_tls", c_uint32),
    ("text", mla_str),
    ("stamp", mla_str),
]


mla_pop3_warning._fields_ = [
    ("struct_size", c_uint32),
    ("code", c_uint32),
    ("raw", mla_str),
]


mla_pop3_capabilities._fields_ = [
    ("struct_size", c_uint32),
    ("state", c_uint32),
    ("flags", c_uint32),
    ("asked_in", c_uint32),
    ("expire_days", c_uint32),
    ("login_delay_s", c_uint32),
    ("sasl", POINTER(mla_str)),
    ("sasl_count", c_size_t),
    ("implementation", mla_str),
]


mla_pop3_language._fields_ = [
    ("struct_size", c_uint32),
    ("is_selected", c_uint32),
    ("tag", mla_str),
    ("text", mla_str),
]


mla_pop3_command_args._fields_ = [
    ("struct_size", c_uint32),
    ("is_multiline", c_uint32),
    ("line", c_char_p),
    ("capability", c_char_p),
]


mla_seen_record._fields_ = [
    ("struct_size", c_uint32),
    ("flags", c_uint32),
    ("id", mla_str),
    ("first_s", c_uint64),
    ("gone_s", c_uint64),
    ("size", c_uint64),
    ("octets", c_uint64),
    ("header", mla_str),
    ("count", c_uint32),
    ("doubtful", c_uint32),
    ("note", mla_str),
]


mla_seen_store._fields_ = [
    ("struct_size", c_uint32),
    ("reserved", c_uint32),
    ("user", c_void_p),
    ("lookup", CFUNCTYPE(c_int, c_void_p, POINTER(c_uint8), c_size_t, POINTER(mla_seen_record))),
    ("add", CFUNCTYPE(c_int, c_void_p, POINTER(mla_seen_record))),
    ("remove", CFUNCTYPE(c_int, c_void_p, POINTER(c_uint8), c_size_t)),
    ("commit", CFUNCTYPE(c_int, c_void_p)),
    ("each", CFUNCTYPE(c_int, c_void_p, POINTER(c_uint64), POINTER(mla_seen_record))),
]


mla_connect_args._fields_ = [
    ("struct_size", c_uint32),
    ("security", c_uint32),
    ("host", c_char_p),
    ("port", c_uint32),
    ("reserved", c_uint32),
    ("address", c_char_p),
]


mla_token_info._fields_ = [
    ("struct_size", c_uint32),
    ("count", c_uint32),
    ("is_refused", c_uint32),
    ("reserved", c_uint32),
    ("mechanism", c_char_p),
    ("json", mla_str),
    ("status", mla_str),
    ("scope", mla_str),
    ("configuration", mla_str),
]


mla_range._fields_ = [
    ("first", c_uint32),
    ("last", c_uint32),
]


mla_error._fields_ = [
    ("code", c_int32),
    ("domain", c_int32),
    ("sys_code", c_int32),
    ("tls_code", c_int32),
    ("ticket", c_uint64),
    ("offset", c_uint64),
    ("message", c_char * 224),
]


mla_address._fields_ = [
    ("name", mla_str),
    ("mailbox", mla_str),
    ("host", mla_str),
    ("kind", c_uint32),
    ("reserved", c_uint32),
]


mla_credentials._fields_ = [
    ("struct_size", c_uint32),
    ("reserved", c_uint32),
    ("user", c_char_p),
    ("authzid", c_char_p),
    ("password", c_char_p),
    ("password_len", c_size_t),
    ("token", c_char_p),
    ("token_len", c_size_t),
    ("token_requests", c_uint32),
    ("reserved_2", c_uint32),
]

RECORDS = {
    "mla_certificate": mla_certificate,
    "mla_certificate_chain": mla_certificate_chain,
    "mla_collect_args": mla_collect_args,
    "mla_collect_message": mla_collect_message,
    "mla_collect_plan": mla_collect_plan,
    "mla_collect_warning": mla_collect_warning,
    "mla_collect_summary": mla_collect_summary,
    "mla_compose_source": mla_compose_source,
    "mla_allocator": mla_allocator,
    "mla_proxy": mla_proxy,
    "mla_discover_args": mla_discover_args,
    "mla_discover_url": mla_discover_url,
    "mla_discover_lookup": mla_discover_lookup,
    "mla_discover_candidate": mla_discover_candidate,
    "mla_imap_identity": mla_imap_identity,
    "mla_imap_namespace_entry": mla_imap_namespace_entry,
    "mla_imap_namespaces": mla_imap_namespaces,
    "mla_imap_acl": mla_imap_acl,
    "mla_imap_my_rights": mla_imap_my_rights,
    "mla_imap_list_rights": mla_imap_list_rights,
    "mla_imap_quota_resource": mla_imap_quota_resource,
    "mla_imap_quota": mla_imap_quota,
    "mla_imap_quota_root": mla_imap_quota_root,
    "mla_imap_metadata": mla_imap_metadata,
    "mla_imap_languages": mla_imap_languages,
    "mla_imap_comparators": mla_imap_comparators,
    "mla_imap_jmap_access": mla_imap_jmap_access,
    "mla_imap_id_args": mla_imap_id_args,
    "mla_imap_acl_args": mla_imap_acl_args,
    "mla_imap_quota_limit": mla_imap_quota_limit,
    "mla_imap_quota_args": mla_imap_quota_args,
    "mla_imap_metadata_args": mla_imap_metadata_args,
    "mla_imap_words_args": mla_imap_words_args,
    "mla_imap_append_part": mla_imap_append_part,
    "mla_imap_append_message": mla_imap_append_message,
    "mla_imap_append_many_args": mla_imap_append_many_args,
    "mla_imap_replace_args": mla_imap_replace_args,
    "mla_imap_login_args": mla_imap_login_args,
    "mla_imap_select_args": mla_imap_select_args,
    "mla_imap_mailbox_args": mla_imap_mailbox_args,
    "mla_imap_rename_args": mla_imap_rename_args,
    "mla_imap_list_args": mla_imap_list_args,
    "mla_imap_status_args": mla_imap_status_args,
    "mla_imap_append_args": mla_imap_append_args,
    "mla_imap_section_args": mla_imap_section_args,
    "mla_imap_fetch_args": mla_imap_fetch_args,
    "mla_imap_search_key": mla_imap_search_key,
    "mla_imap_search_args": mla_imap_search_args,
    "mla_imap_annotation_args": mla_imap_annotation_args,
    "mla_imap_store_args": mla_imap_store_args,
    "mla_imap_copy_args": mla_imap_copy_args,
    "mla_imap_value": mla_imap_value,
    "mla_imap_arg": mla_imap_arg,
    "mla_imap_command_args": mla_imap_command_args,
    "mla_imap_keep_flags": mla_imap_keep_flags,
    "mla_imap_keep_state": mla_imap_keep_state,
    "mla_imap_keep_args": mla_imap_keep_args,
    "mla_imap_keep_line": mla_imap_keep_line,
    "mla_imap_keep_news": mla_imap_keep_news,
    "mla_imap_annotation": mla_imap_annotation,
    "mla_imap_binary_size": mla_imap_binary_size,
    "mla_imap_fetch_more": mla_imap_fetch_more,
    "mla_imap_notify_group": mla_imap_notify_group,
    "mla_imap_notify_args": mla_imap_notify_args,
    "mla_imap_sort_key": mla_imap_sort_key,
    "mla_imap_sort_args": mla_imap_sort_args,
    "mla_imap_thread_args": mla_imap_thread_args,
    "mla_imap_thread_item": mla_imap_thread_item,
    "mla_imap_thread": mla_imap_thread,
    "mla_imap_source": mla_imap_source,
    "mla_imap_multisearch_args": mla_imap_multisearch_args,
    "mla_imap_uidbatches_args": mla_imap_uidbatches_args,
    "mla_imap_code": mla_imap_code,
    "mla_imap_text": mla_imap_text,
    "mla_imap_done": mla_imap_done,
    "mla_imap_envelope": mla_imap_envelope,
    "mla_imap_body": mla_imap_body,
    "mla_imap_section": mla_imap_section,
    "mla_imap_fetch": mla_imap_fetch,
    "mla_imap_list": mla_imap_list,
    "mla_imap_status": mla_imap_status,
    "mla_imap_search_change": mla_imap_search_change,
    "mla_imap_search": mla_imap_search,
    "mla_imap_warning": mla_imap_warning,
    "mla_imap_genurlauth_args": mla_imap_genurlauth_args,
    "mla_imap_resetkey_args": mla_imap_resetkey_args,
    "mla_imap_urlfetch_args": mla_imap_urlfetch_args,
    "mla_imap_url": mla_imap_url,
    "mla_imap_urls": mla_imap_urls,
    "mla_imap_view": mla_imap_view,
    "mla_imap_message": mla_imap_message,
    "mla_mime_file": mla_mime_file,
    "mla_hop": mla_hop,
    "mla_mailing_list": mla_mailing_list,
    "mla_external_body": mla_external_body,
    "mla_dsn_recipient": mla_dsn_recipient,
    "mla_dsn": mla_dsn,
    "mla_mdn": mla_mdn,
    "mla_mime_event": mla_mime_event,
    "mla_mime_limits": mla_mime_limits,
    "mla_pop3_done": mla_pop3_done,
    "mla_pop3_stat": mla_pop3_stat,
    "mla_pop3_item": mla_pop3_item,
    "mla_pop3_greeting": mla_pop3_greeting,
    "mla_pop3_warning": mla_pop3_warning,
    "mla_pop3_capabilities": mla_pop3_capabilities,
    "mla_pop3_language": mla_pop3_language,
    "mla_pop3_command_args": mla_pop3_command_args,
    "mla_seen_record": mla_seen_record,
    "mla_seen_store": mla_seen_store,
    "mla_connect_args": mla_connect_args,
    "mla_token_info": mla_token_info,
    "mla_str": mla_str,
    "mla_range": mla_range,
    "mla_error": mla_error,
    "mla_address": mla_address,
    "mla_credentials": mla_credentials,
}

CALLBACKS = {
    "mla_trace_fn": mla_trace_fn,
}

FUNCTIONS = {
    "mla_config_set_certificate_question": (c_int, [c_void_p, c_int32]),
    "mla_config_accept_certificate": (c_int, [c_void_p, c_char_p, POINTER(c_uint8), c_uint32]),
    "mla_imap_event_certificate": (POINTER(mla_certificate_chain), [c_void_p]),
    "mla_pop3_event_certificate": (POINTER(mla_certificate_chain), [c_void_p]),
    "mla_session_answer_certificate": (c_int, [c_void_p, c_int32, c_int32]),
    "mla_session_is_asking": (c_int, [c_void_p]),
    "mla_session_accepted_faults": (c_uint32, [c_void_p]),
    "mla_session_certificates": (c_int, [c_void_p, POINTER(POINTER(mla_certificate_chain))]),
    "mla_session_key_sha256": (c_int, [c_void_p, POINTER(c_uint8)]),
    "mla_collect_new": (c_int, [c_void_p, POINTER(mla_collect_args), POINTER(c_void_p)]),
    "mla_collect_free": (None, [c_void_p]),
    "mla_collect_next": (c_int, [c_void_p, POINTER(c_void_p)]),
    "mla_collect_step": (c_int, [c_void_p, c_int32, POINTER(c_void_p)]),
    "mla_collect_event_type": (c_int32, [c_void_p]),
    "mla_collect_event_plan": (POINTER(mla_collect_plan), [c_void_p]),
    "mla_collect_event_message": (POINTER(mla_collect_message), [c_void_p]),
    "mla_collect_event_warning": (POINTER(mla_collect_warning), [c_void_p]),
    "mla_collect_event_summary": (POINTER(mla_collect_summary), [c_void_p]),
    "mla_collect_event_chunk": (POINTER(c_uint8), [c_void_p, POINTER(c_size_t), POINTER(c_uint64)]),
    "mla_collect_stored": (c_int, [c_void_p, c_uint32, c_char_p]),
    "mla_collect_keep": (c_int, [c_void_p, c_uint32]),
    "mla_collect_close": (c_int, [c_void_p]),
    "mla_collect_commit": (c_int, [c_void_p]),
    "mla_collect_error": (None, [c_void_p, POINTER(mla_error)]),
    "mla_compose_new": (c_int, [c_void_p, c_char_p, c_uint32, POINTER(c_void_p)]),
    "mla_compose_free": (None, [c_void_p]),
    "mla_compose_add": (c_int, [c_void_p, c_uint32, c_char_p, POINTER(c_uint32)]),
    "mla_compose_header": (c_int, [c_void_p, c_uint32, c_char_p, c_char_p]),
    "mla_compose_mailbox": (c_int, [c_void_p, c_uint32, c_char_p, c_char_p, c_char_p]),
    "mla_compose_addresses": (c_int, [c_void_p, c_uint32, c_char_p, POINTER(mla_address), c_size_t]),
    "mla_compose_date": (c_int, [c_void_p, c_uint32, c_char_p, c_int64, c_int32, c_int32]),
    "mla_compose_id": (c_int, [c_void_p, c_uint32, c_char_p, c_char_p]),
    "mla_compose_new_id": (c_int, [c_void_p, c_char_p, POINTER(c_char_p)]),
    "mla_compose_param": (c_int, [c_void_p, c_uint32, c_char_p, c_char_p]),
    "mla_compose_disposition": (c_int, [c_void_p, c_uint32, c_char_p, c_char_p]),
    "mla_compose_text": (c_int, [c_void_p, c_uint32, c_char_p, c_size_t, c_uint32]),
    "mla_compose_body": (c_int, [c_void_p, c_uint32, POINTER(c_uint8), c_size_t]),
    "mla_compose_body_from": (c_int, [c_void_p, c_uint32, POINTER(mla_compose_source)]),
    "mla_compose_survey": (c_int, [c_void_p, c_uint32, POINTER(c_uint8), c_size_t]),
    "mla_compose_size": (c_int, [c_void_p, POINTER(c_uint64)]),
    "mla_compose_output": (c_int, [c_void_p, POINTER(POINTER(c_uint8)), POINTER(c_size_t), POINTER(c_uint32)]),
    "mla_compose_feed": (c_int, [c_void_p, POINTER(c_uint8), c_size_t]),
    "mla_compose_rewind": (c_int, [c_void_p]),
    "mla_config_new": (c_int, [POINTER(mla_allocator), POINTER(c_void_p)]),
    "mla_config_free": (None, [c_void_p]),
    "mla_config_add_ca_file": (c_int, [c_void_p, c_char_p, POINTER(mla_error)]),
    "mla_config_add_ca_path": (c_int, [c_void_p, c_char_p, POINTER(mla_error)]),
    "mla_config_add_ca_pem": (c_int, [c_void_p, c_char_p, c_size_t, POINTER(mla_error)]),
    "mla_config_add_pin_sha256": (c_int, [c_void_p, POINTER(c_uint8)]),
    "mla_config_set_insecure": (c_int, [c_void_p, c_int32]),
    "mla_config_set_tls_min": (c_int, [c_void_p, c_int32]),
    "mla_config_set_tls_resumption": (c_int, [c_void_p, c_int32]),
    "mla_config_set_client_certificate": (c_int, [c_void_p, c_char_p, c_size_t, c_char_p, c_size_t, c_char_p, POINTER(mla_error)]),
    "mla_config_set_proxy": (c_int, [c_void_p, POINTER(mla_proxy)]),
    "mla_config_set_cleartext_password": (c_int, [c_void_p, c_int32]),
    "mla_config_set_mechanisms": (c_int, [c_void_p, c_char_p]),
    "mla_config_set_strength": (c_int, [c_void_p, c_int32]),
    "mla_config_set_imap4rev2": (c_int, [c_void_p, c_int32]),
    "mla_config_set_compress": (c_int, [c_void_p, c_int32]),
    "mla_config_set_deadline": (c_int, [c_void_p, c_int32, c_uint32]),
    "mla_config_set_keepalive": (c_int, [c_void_p, c_uint32, c_uint32, c_uint32]),
    "mla_config_set_limit": (c_int, [c_void_p, c_int32, c_uint64]),
    "mla_config_set_trace": (c_int, [c_void_p, mla_trace_fn, c_void_p]),
    "mla_config_set_trace_file": (c_int, [c_void_p, c_char_p, c_uint64, POINTER(mla_error)]),
    "mla_discover_new": (c_int, [c_void_p, POINTER(mla_discover_args), POINTER(c_void_p), POINTER(mla_error)]),
    "mla_discover_free": (None, [c_void_p]),
    "mla_discover_fd": (c_int32, [c_void_p]),
    "mla_discover_wants": (c_uint32, [c_void_p]),
    "mla_discover_timeout_ms": (c_int32, [c_void_p]),
    "mla_discover_process": (c_int, [c_void_p]),
    "mla_discover_next": (c_int, [c_void_p, POINTER(c_void_p)]),
    "mla_discover_step": (c_int, [c_void_p, c_int32, POINTER(c_void_p)]),
    "mla_discover_interrupt": (c_int, [c_void_p]),
    "mla_discover_event_type": (c_int32, [c_void_p]),
    "mla_discover_event_url": (POINTER(mla_discover_url), [c_void_p]),
    "mla_discover_event_lookup": (POINTER(mla_discover_lookup), [c_void_p]),
    "mla_discover_give": (c_int, [c_void_p, c_uint32, POINTER(c_uint8), c_size_t, c_int32, POINTER(c_uint32)]),
    "mla_discover_candidate_count": (c_uint32, [c_void_p]),
    "mla_discover_candidate_at": (POINTER(mla_discover_candidate), [c_void_p, c_uint32]),
    "mla_discover_domain": (c_char_p, [c_void_p]),
    "mla_discover_error": (None, [c_void_p, POINTER(mla_error)]),
    "mla_error_name": (c_char_p, [c_int32]),
    "mla_error_text": (c_char_p, [c_int32]),
    "mla_error_is_fatal": (c_int, [c_int32]),
    "mla_reason_name": (c_char_p, [c_uint32]),
    "mla_reason_text": (c_char_p, [c_uint32]),
    "mla_free": (None, [c_void_p]),
    "mla_imap_new": (c_int, [c_void_p, POINTER(c_void_p), POINTER(mla_error)]),
    "mla_imap_open": (c_int, [c_void_p, POINTER(mla_connect_args), POINTER(mla_credentials), POINTER(mla_imap_select_args), POINTER(c_void_p), POINTER(c_uint64), POINTER(mla_error)]),
    "mla_imap_free": (None, [c_void_p]),
    "mla_imap_session": (c_void_p, [c_void_p]),
    "mla_imap_next": (c_int, [c_void_p, POINTER(c_void_p)]),
    "mla_imap_step": (c_int, [c_void_p, c_uint64, c_int32, POINTER(c_void_p)]),
    "mla_imap_finish": (c_int, [c_void_p, c_uint64, c_int32]),
    "mla_imap_last": (c_void_p, [c_void_p]),
    "mla_imap_event_type": (c_int32, [c_void_p]),
    "mla_imap_event_ticket": (c_uint64, [c_void_p]),
    "mla_imap_event_done": (POINTER(mla_imap_done), [c_void_p]),
    "mla_imap_event_text": (POINTER(mla_imap_text), [c_void_p]),
    "mla_imap_event_fetch": (POINTER(mla_imap_fetch), [c_void_p]),
    "mla_imap_event_section": (POINTER(mla_imap_section), [c_void_p]),
    "mla_imap_event_list": (POINTER(mla_imap_list), [c_void_p]),
    "mla_imap_event_status": (POINTER(mla_imap_status), [c_void_p]),
    "mla_imap_event_search": (POINTER(mla_imap_search), [c_void_p]),
    "mla_imap_event_warning": (POINTER(mla_imap_warning), [c_void_p]),
    "mla_imap_event_words": (POINTER(mla_str), [c_void_p, POINTER(c_size_t)]),
    "mla_imap_event_number": (c_uint32, [c_void_p]),
    "mla_imap_event_chunk": (POINTER(c_uint8), [c_void_p, POINTER(c_size_t), POINTER(c_uint64)]),
    "mla_imap_event_raw": (POINTER(c_uint8), [c_void_p, POINTER(c_size_t)]),
    "mla_imap_event_take": (c_int, [c_void_p, POINTER(c_void_p)]),
    "mla_imap_event_free": (None, [c_void_p]),
    "mla_imap_state": (c_int32, [c_void_p]),
    "mla_imap_has_capability": (c_int, [c_void_p, c_char_p]),
    "mla_imap_capability_count": (c_uint32, [c_void_p]),
    "mla_imap_capability_word": (c_char_p, [c_void_p, c_uint32]),
    "mla_imap_auth_name": (c_char_p, [c_void_p]),
    "mla_imap_selected": (c_char_p, [c_void_p]),
    "mla_imap_exists": (c_uint32, [c_void_p]),
    "mla_imap_uidvalidity": (c_uint32, [c_void_p]),
    "mla_imap_uidnext": (c_uint32, [c_void_p]),
    "mla_imap_is_read_only": (c_int, [c_void_p]),
    "mla_imap_permanent_flags": (c_uint32, [c_void_p]),
    "mla_imap_uid_not_sticky": (c_int, [c_void_p]),
    "mla_imap_authenticate": (c_int, [c_void_p, POINTER(mla_credentials), POINTER(c_uint64)]),
    "mla_imap_login": (c_int, [c_void_p, POINTER(mla_imap_login_args), POINTER(c_uint64)]),
    "mla_imap_capability": (c_int, [c_void_p, POINTER(c_uint64)]),
    "mla_imap_enable": (c_int, [c_void_p, POINTER(mla_str), c_size_t, POINTER(c_uint64)]),
    "mla_imap_noop": (c_int, [c_void_p, POINTER(c_uint64)]),
    "mla_imap_logout": (c_int, [c_void_p, POINTER(c_uint64)]),
    "mla_imap_select": (c_int, [c_void_p, POINTER(mla_imap_select_args), POINTER(c_uint64)]),
    "mla_imap_close": (c_int, [c_void_p, POINTER(c_uint64)]),
    "mla_imap_unselect": (c_int, [c_void_p, POINTER(c_uint64)]),
    "mla_imap_create": (c_int, [c_void_p, POINTER(mla_imap_mailbox_args), POINTER(c_uint64)]),
    "mla_imap_delete": (c_int, [c_void_p, POINTER(mla_imap_mailbox_args), POINTER(c_uint64)]),
    "mla_imap_subscribe": (c_int, [c_void_p, POINTER(mla_imap_mailbox_args), POINTER(c_uint64)]),
    "mla_imap_unsubscribe": (c_int, [c_void_p, POINTER(mla_imap_mailbox_args), POINTER(c_uint64)]),
    "mla_imap_rename": (c_int, [c_void_p, POINTER(mla_imap_rename_args), POINTER(c_uint64)]),
    "mla_imap_list_mailboxes": (c_int, [c_void_p, POINTER(mla_imap_list_args), POINTER(c_uint64)]),
    "mla_imap_lsub": (c_int, [c_void_p, POINTER(mla_imap_list_args), POINTER(c_uint64)]),
    "mla_imap_status_mailbox": (c_int, [c_void_p, POINTER(mla_imap_status_args), POINTER(c_uint64)]),
    "mla_imap_append": (c_int, [c_void_p, POINTER(mla_imap_append_args), POINTER(c_uint64)]),
    "mla_imap_append_data": (c_int, [c_void_p, c_uint64, POINTER(c_uint8), c_size_t, POINTER(c_size_t)]),
    "mla_imap_fetch_msgs": (c_int, [c_void_p, POINTER(mla_imap_fetch_args), POINTER(c_uint64)]),
    "mla_imap_search_msgs": (c_int, [c_void_p, POINTER(mla_imap_search_args), POINTER(c_uint64)]),
    "mla_imap_store": (c_int, [c_void_p, POINTER(mla_imap_store_args), POINTER(c_uint64)]),
    "mla_imap_copy": (c_int, [c_void_p, POINTER(mla_imap_copy_args), POINTER(c_uint64)]),
    "mla_imap_move": (c_int, [c_void_p, POINTER(mla_imap_copy_args), POINTER(c_uint64)]),
    "mla_imap_expunge": (c_int, [c_void_p, POINTER(c_uint64)]),
    "mla_imap_expunge_uids": (c_int, [c_void_p, POINTER(mla_range), c_size_t, POINTER(c_uint64)]),
    "mla_imap_idle": (c_int, [c_void_p, POINTER(c_uint64)]),
    "mla_imap_idle_done": (c_int, [c_void_p, c_uint64]),
    "mla_imap_event_identity": (POINTER(mla_imap_identity), [c_void_p]),
    "mla_imap_event_namespaces": (POINTER(mla_imap_namespaces), [c_void_p]),
    "mla_imap_event_acl": (POINTER(mla_imap_acl), [c_void_p]),
    "mla_imap_event_my_rights": (POINTER(mla_imap_my_rights), [c_void_p]),
    "mla_imap_event_list_rights": (POINTER(mla_imap_list_rights), [c_void_p]),
    "mla_imap_event_quota": (POINTER(mla_imap_quota), [c_void_p]),
    "mla_imap_event_quota_root": (POINTER(mla_imap_quota_root), [c_void_p]),
    "mla_imap_event_metadata": (POINTER(mla_imap_metadata), [c_void_p]),
    "mla_imap_event_languages": (POINTER(mla_imap_languages), [c_void_p]),
    "mla_imap_event_comparators": (POINTER(mla_imap_comparators), [c_void_p]),
    "mla_imap_event_jmap_access": (POINTER(mla_imap_jmap_access), [c_void_p]),
    "mla_imap_capability_value": (c_char_p, [c_void_p, c_char_p, c_uint32]),
    "mla_imap_append_limit": (c_int, [c_void_p, POINTER(c_uint64)]),
    "mla_imap_id": (c_int, [c_void_p, POINTER(mla_imap_id_args), POINTER(c_uint64)]),
    "mla_imap_namespace": (c_int, [c_void_p, POINTER(c_uint64)]),
    "mla_imap_unauthenticate": (c_int, [c_void_p, POINTER(c_uint64)]),
    "mla_imap_language": (c_int, [c_void_p, POINTER(mla_imap_words_args), POINTER(c_uint64)]),
    "mla_imap_comparator": (c_int, [c_void_p, POINTER(mla_imap_words_args), POINTER(c_uint64)]),
    "mla_imap_getjmapaccess": (c_int, [c_void_p, POINTER(c_uint64)]),
    "mla_imap_rights_of": (c_uint32, [c_char_p, c_size_t]),
    "mla_imap_setacl": (c_int, [c_void_p, POINTER(mla_imap_acl_args), POINTER(c_uint64)]),
    "mla_imap_deleteacl": (c_int, [c_void_p, POINTER(mla_imap_acl_args), POINTER(c_uint64)]),
    "mla_imap_getacl": (c_int, [c_void_p, POINTER(mla_imap_mailbox_args), POINTER(c_uint64)]),
    "mla_imap_listrights": (c_int, [c_void_p, POINTER(mla_imap_acl_args), POINTER(c_uint64)]),
    "mla_imap_myrights": (c_int, [c_void_p, POINTER(mla_imap_mailbox_args), POINTER(c_uint64)]),
    "mla_imap_getquota": (c_int, [c_void_p, POINTER(mla_imap_quota_args), POINTER(c_uint64)]),
    "mla_imap_getquotaroot": (c_int, [c_void_p, POINTER(mla_imap_mailbox_args), POINTER(c_uint64)]),
    "mla_imap_setquota": (c_int, [c_void_p, POINTER(mla_imap_quota_args), POINTER(c_uint64)]),
    "mla_imap_getmetadata": (c_int, [c_void_p, POINTER(mla_imap_metadata_args), POINTER(c_uint64)]),
    "mla_imap_setmetadata": (c_int, [c_void_p, POINTER(mla_imap_metadata_args), POINTER(c_uint64)]),
    "mla_imap_append_messages": (c_int, [c_void_p, POINTER(mla_imap_append_many_args), POINTER(c_uint64)]),
    "mla_imap_replace": (c_int, [c_void_p, POINTER(mla_imap_replace_args), POINTER(c_uint64)]),
    "mla_imap_command": (c_int, [c_void_p, POINTER(mla_imap_command_args), POINTER(c_uint64)]),
    "mla_imap_event_value": (POINTER(mla_imap_value), [c_void_p]),
    "mla_imap_compress": (c_int, [c_void_p, POINTER(c_uint64)]),
    "mla_imap_keep_new": (c_int, [c_void_p, POINTER(mla_imap_keep_args), POINTER(c_void_p), POINTER(mla_error)]),
    "mla_imap_keep_free": (None, [c_void_p]),
    "mla_imap_keep_next": (c_int, [c_void_p, POINTER(c_void_p)]),
    "mla_imap_keep_step": (c_int, [c_void_p, c_int32, POINTER(c_void_p)]),
    "mla_imap_keep_event_type": (c_int32, [c_void_p]),
    "mla_imap_keep_event_line": (POINTER(mla_imap_keep_line), [c_void_p]),
    "mla_imap_keep_event_news": (POINTER(mla_imap_keep_news), [c_void_p]),
    "mla_imap_keep_event_imap": (c_void_p, [c_void_p]),
    "mla_imap_keep_fd": (c_int32, [c_void_p]),
    "mla_imap_keep_wants": (c_uint32, [c_void_p]),
    "mla_imap_keep_timeout_ms": (c_int32, [c_void_p]),
    "mla_imap_keep_process": (c_int, [c_void_p]),
    "mla_imap_keep_interrupt": (c_int, [c_void_p]),
    "mla_imap_keep_hint": (c_int, [c_void_p]),
    "mla_imap_keep_set_credentials": (c_int, [c_void_p, POINTER(mla_credentials)]),
    "mla_imap_keep_close": (c_int, [c_void_p]),
    "mla_imap_keep_imap": (c_void_p, [c_void_p]),
    "mla_imap_keep_mailbox": (POINTER(mla_imap_view), [c_void_p]),
    "mla_imap_keep_message": (POINTER(mla_imap_message), [c_void_p, c_uint32]),
    "mla_imap_keep_message_uid": (POINTER(mla_imap_message), [c_void_p, c_uint32]),
    "mla_imap_keep_uids": (c_int, [c_void_p, c_uint32, POINTER(mla_range)]),
    "mla_imap_keep_read_state": (c_int, [c_void_p, c_uint32, POINTER(POINTER(mla_imap_keep_state))]),
    "mla_imap_notify": (c_int, [c_void_p, POINTER(mla_imap_notify_args), POINTER(c_uint64)]),
    "mla_imap_sort": (c_int, [c_void_p, POINTER(mla_imap_sort_args), POINTER(c_uint64)]),
    "mla_imap_thread_msgs": (c_int, [c_void_p, POINTER(mla_imap_thread_args), POINTER(c_uint64)]),
    "mla_imap_event_thread": (POINTER(mla_imap_thread), [c_void_p]),
    "mla_imap_multisearch": (c_int, [c_void_p, POINTER(mla_imap_multisearch_args), POINTER(c_uint64)]),
    "mla_imap_cancel_update": (c_int, [c_void_p, POINTER(c_uint64), c_size_t, POINTER(c_uint64)]),
    "mla_imap_is_updating": (c_int, [c_void_p, c_uint64]),
    "mla_imap_uidbatches": (c_int, [c_void_p, POINTER(mla_imap_uidbatches_args), POINTER(c_uint64)]),
    "mla_imap_expunge_saved": (c_int, [c_void_p, POINTER(c_uint64)]),
    "mla_imap_event_urls": (POINTER(mla_imap_urls), [c_void_p]),
    "mla_imap_genurlauth": (c_int, [c_void_p, POINTER(mla_imap_genurlauth_args), POINTER(c_uint64)]),
    "mla_imap_resetkey": (c_int, [c_void_p, POINTER(mla_imap_resetkey_args), POINTER(c_uint64)]),
    "mla_imap_urlfetch": (c_int, [c_void_p, POINTER(mla_imap_urlfetch_args), POINTER(c_uint64)]),
    "mla_imap_mailbox": (POINTER(mla_imap_view), [c_void_p]),
    "mla_imap_view_uid": (c_uint32, [c_void_p, c_uint32]),
    "mla_imap_view_number": (c_uint32, [c_void_p, c_uint32]),
    "mla_imap_view_message": (POINTER(mla_imap_message), [c_void_p, c_uint32]),
    "mla_imap_view_message_uid": (POINTER(mla_imap_message), [c_void_p, c_uint32]),
    "mla_imap_view_uids": (c_int, [c_void_p, c_uint32, POINTER(mla_range)]),
    "mla_imap_view_missing": (c_int, [c_void_p, c_uint32, c_uint32, POINTER(mla_range)]),
    "mla_version": (c_uint32, []),
    "mla_version_text": (c_char_p, []),
    "mla_struct_size": (c_uint32, [c_int32]),
    "mla_message_parse": (c_int, [c_void_p, POINTER(mla_mime_limits), POINTER(c_uint8), c_size_t, POINTER(c_void_p)]),
    "mla_message_free": (None, [c_void_p]),
    "mla_message_root": (c_void_p, [c_void_p]),
    "mla_message_part_count": (c_uint32, [c_void_p]),
    "mla_message_part_at": (c_void_p, [c_void_p, c_uint32]),
    "mla_message_part": (c_void_p, [c_void_p, c_char_p]),
    "mla_message_text": (c_void_p, [c_void_p]),
    "mla_message_html": (c_void_p, [c_void_p]),
    "mla_message_check": (c_int, [c_void_p]),
    "mla_message_warning_count": (c_uint32, [c_void_p]),
    "mla_message_warning": (c_int32, [c_void_p, c_uint32, POINTER(c_uint64)]),
    "mla_message_warning_part": (c_void_p, [c_void_p, c_uint32]),
    "mla_mime_warning_name": (c_char_p, [c_int32]),
    "mla_mime_warning_grade": (c_int32, [c_int32]),
    "mla_part_parent": (c_void_p, [c_void_p]),
    "mla_part_child_count": (c_uint32, [c_void_p]),
    "mla_part_child": (c_void_p, [c_void_p, c_uint32]),
    "mla_part_flags": (c_uint32, [c_void_p]),
    "mla_part_depth": (c_uint32, [c_void_p]),
    "mla_part_header_offset": (c_uint64, [c_void_p]),
    "mla_part_body_offset": (c_uint64, [c_void_p]),
    "mla_part_body_length": (c_uint64, [c_void_p]),
    "mla_part_header_octets": (POINTER(c_uint8), [c_void_p, POINTER(c_size_t)]),
    "mla_part_body_octets": (POINTER(c_uint8), [c_void_p, POINTER(c_size_t)]),
    "mla_part_content_type": (c_char_p, [c_void_p]),
    "mla_part_charset": (c_char_p, [c_void_p]),
    "mla_part_transfer_encoding": (c_char_p, [c_void_p]),
    "mla_part_is_attachment": (c_int, [c_void_p]),
    "mla_part_header_count": (c_uint32, [c_void_p]),
    "mla_part_header_at": (c_int, [c_void_p, c_uint32, POINTER(mla_str), POINTER(mla_str), POINTER(c_uint64)]),
    "mla_part_path": (c_int, [c_void_p, POINTER(c_char_p), POINTER(c_size_t)]),
    "mla_part_header": (c_int, [c_void_p, c_char_p, c_uint32, POINTER(c_char_p), POINTER(c_size_t)]),
    "mla_part_param": (c_int, [c_void_p, c_char_p, c_char_p, POINTER(c_char_p), POINTER(c_size_t)]),
    "mla_part_disposition": (c_int, [c_void_p, POINTER(c_char_p), POINTER(c_size_t)]),
    "mla_part_filename": (c_int, [c_void_p, POINTER(c_char_p), POINTER(c_size_t)]),
    "mla_part_safe_filename": (c_int, [c_void_p, POINTER(c_char_p), POINTER(c_size_t)]),
    "mla_part_content_id": (c_int, [c_void_p, POINTER(c_char_p), POINTER(c_size_t)]),
    "mla_part_addresses": (c_int, [c_void_p, c_char_p, POINTER(c_void_p)]),
    "mla_part_ids": (c_int, [c_void_p, c_char_p, POINTER(c_void_p)]),
    "mla_part_date": (c_int, [c_void_p, c_char_p, POINTER(c_int64), POINTER(c_int32), POINTER(c_int32)]),
    "mla_part_decode": (c_int, [c_void_p, POINTER(POINTER(c_uint8)), POINTER(c_size_t)]),
    "mla_part_decoded_size": (c_int, [c_void_p, POINTER(c_uint64)]),
    "mla_part_text": (c_int, [c_void_p, POINTER(c_char_p), POINTER(c_size_t)]),
    "mla_addresses_count": (c_uint32, [c_void_p]),
    "mla_addresses_at": (POINTER(mla_address), [c_void_p, c_uint32]),
    "mla_addresses_free": (None, [c_void_p]),
    "mla_strings_count": (c_uint32, [c_void_p]),
    "mla_strings_at": (c_char_p, [c_void_p, c_uint32, POINTER(c_size_t)]),
    "mla_strings_free": (None, [c_void_p]),
    "mla_parser_new": (c_int, [c_void_p, POINTER(mla_mime_limits), POINTER(c_void_p)]),
    "mla_parser_free": (None, [c_void_p]),
    "mla_parser_feed": (c_int, [c_void_p, POINTER(c_uint8), c_size_t, POINTER(c_size_t)]),
    "mla_parser_end": (c_int, [c_void_p]),
    "mla_parser_next": (c_int, [c_void_p, POINTER(POINTER(mla_mime_event))]),
    "mla_decoder_new": (c_int, [c_void_p, c_char_p, POINTER(c_void_p)]),
    "mla_decoder_free": (None, [c_void_p]),
    "mla_decoder_feed": (c_int, [c_void_p, POINTER(c_uint8), c_size_t]),
    "mla_decoder_end": (c_int, [c_void_p]),
    "mla_decoder_output": (c_int, [c_void_p, POINTER(POINTER(c_uint8)), POINTER(c_size_t)]),
    "mla_decoder_warnings": (c_uint64, [c_void_p]),
    "mla_mime_decode_header": (c_int, [c_void_p, c_char_p, c_size_t, POINTER(c_char_p), POINTER(c_size_t)]),
    "mla_mime_parse_addresses": (c_int, [c_void_p, c_char_p, c_size_t, POINTER(c_void_p)]),
    "mla_mime_parse_ids": (c_int, [c_void_p, c_char_p, c_size_t, POINTER(c_void_p)]),
    "mla_mime_parse_date": (c_int, [c_char_p, c_size_t, POINTER(c_int64), POINTER(c_int32), POINTER(c_int32)]),
    "mla_mime_safe_filename": (c_int, [c_void_p, c_char_p, c_size_t, POINTER(c_char_p), POINTER(c_size_t)]),
    "mla_part_readable": (c_int, [c_void_p, c_uint32, POINTER(c_char_p), POINTER(c_size_t)]),
    "mla_filter_new": (c_int, [c_void_p, c_int32, c_uint32, POINTER(c_void_p)]),
    "mla_filter_free": (None, [c_void_p]),
    "mla_filter_feed": (c_int, [c_void_p, c_char_p, c_size_t]),
    "mla_filter_end": (c_int, [c_void_p]),
    "mla_filter_output": (c_int, [c_void_p, POINTER(c_char_p), POINTER(c_size_t)]),
    "mla_part_related": (c_void_p, [c_void_p, c_char_p]),
    "mla_part_protection": (c_int, [c_void_p, POINTER(c_int32)]),
    "mla_mime_protection_name": (c_char_p, [c_int32]),
    "mla_part_signed": (c_int, [c_void_p, POINTER(POINTER(c_uint8)), POINTER(c_size_t), POINTER(c_void_p)]),
    "mla_part_files": (c_int, [c_void_p, POINTER(c_void_p)]),
    "mla_files_count": (c_uint32, [c_void_p]),
    "mla_files_at": (POINTER(mla_mime_file), [c_void_p, c_uint32]),
    "mla_files_data": (c_int, [c_void_p, c_uint32, POINTER(POINTER(c_uint8)), POINTER(c_size_t)]),
    "mla_files_inside": (c_int, [c_void_p, c_uint32, POINTER(c_void_p)]),
    "mla_files_join": (c_int, [c_void_p, POINTER(c_void_p), POINTER(c_uint32), c_size_t, POINTER(POINTER(c_uint8)), POINTER(c_size_t), POINTER(c_uint32), POINTER(c_uint64)]),
    "mla_files_free": (None, [c_void_p]),
    "mla_charset_new": (c_int, [c_void_p, c_char_p, POINTER(c_void_p)]),
    "mla_charset_free": (None, [c_void_p]),
    "mla_charset_feed": (c_int, [c_void_p, POINTER(c_uint8), c_size_t]),
    "mla_charset_end": (c_int, [c_void_p]),
    "mla_charset_output": (c_int, [c_void_p, POINTER(c_char_p), POINTER(c_size_t)]),
    "mla_charset_notes": (c_uint32, [c_void_p, POINTER(c_uint64)]),
    "mla_charset_canonical": (c_char_p, [c_char_p]),
    "mla_part_hops": (c_int, [c_void_p, POINTER(c_void_p)]),
    "mla_mime_parse_received": (c_int, [c_void_p, c_char_p, c_size_t, POINTER(c_void_p)]),
    "mla_hops_count": (c_uint32, [c_void_p]),
    "mla_hops_at": (POINTER(mla_hop), [c_void_p, c_uint32]),
    "mla_hops_free": (None, [c_void_p]),
    "mla_part_mailing_list": (c_int, [c_void_p, POINTER(POINTER(mla_mailing_list))]),
    "mla_mailing_list_free": (None, [POINTER(mla_mailing_list)]),
    "mla_mime_read_date": (c_int, [c_char_p, c_size_t, POINTER(c_int64), POINTER(c_int32), POINTER(c_uint32)]),
    "mla_part_param_names": (c_int, [c_void_p, c_char_p, POINTER(c_void_p)]),
    "mla_part_partial": (c_int, [c_void_p, POINTER(c_char_p), POINTER(c_uint32), POINTER(c_uint32)]),
    "mla_partial_join": (c_int, [c_void_p, POINTER(c_void_p), c_size_t, POINTER(POINTER(c_uint8)), POINTER(c_size_t)]),
    "mla_part_external_body": (c_int, [c_void_p, POINTER(POINTER(mla_external_body))]),
    "mla_external_body_free": (None, [POINTER(mla_external_body)]),
    "mla_part_dsn": (c_int, [c_void_p, POINTER(POINTER(mla_dsn))]),
    "mla_dsn_recipient_at": (POINTER(mla_dsn_recipient), [POINTER(mla_dsn), c_uint32]),
    "mla_dsn_free": (None, [POINTER(mla_dsn)]),
    "mla_part_mdn": (c_int, [c_void_p, POINTER(POINTER(mla_mdn))]),
    "mla_mdn_free": (None, [POINTER(mla_mdn)]),
    "mla_part_report_original": (c_void_p, [c_void_p]),
    "mla_pop3_new": (c_int, [c_void_p, POINTER(c_void_p), POINTER(mla_error)]),
    "mla_pop3_free": (None, [c_void_p]),
    "mla_pop3_session": (c_void_p, [c_void_p]),
    "mla_pop3_next": (c_int, [c_void_p, POINTER(c_void_p)]),
    "mla_pop3_step": (c_int, [c_void_p, c_uint64, c_int32, POINTER(c_void_p)]),
    "mla_pop3_finish": (c_int, [c_void_p, c_uint64, c_int32]),
    "mla_pop3_last": (c_void_p, [c_void_p]),
    "mla_pop3_event_type": (c_int32, [c_void_p]),
    "mla_pop3_event_ticket": (c_uint64, [c_void_p]),
    "mla_pop3_event_done": (POINTER(mla_pop3_done), [c_void_p]),
    "mla_pop3_event_stat": (POINTER(mla_pop3_stat), [c_void_p]),
    "mla_pop3_event_greeting": (POINTER(mla_pop3_greeting), [c_void_p]),
    "mla_pop3_event_warning": (POINTER(mla_pop3_warning), [c_void_p]),
    "mla_pop3_event_item_count": (c_uint32, [c_void_p]),
    "mla_pop3_event_item": (POINTER(mla_pop3_item), [c_void_p, c_uint32]),
    "mla_pop3_event_chunk": (POINTER(c_uint8), [c_void_p, POINTER(c_size_t), POINTER(c_uint64)]),
    "mla_pop3_event_mechanism": (c_char_p, [c_void_p]),
    "mla_pop3_event_language": (POINTER(mla_pop3_language), [c_void_p]),
    "mla_pop3_event_take": (c_int, [c_void_p, POINTER(c_void_p)]),
    "mla_pop3_event_free": (None, [c_void_p]),
    "mla_pop3_state": (c_int32, [c_void_p]),
    "mla_pop3_capability_count": (c_uint32, [c_void_p]),
    "mla_pop3_capability": (c_char_p, [c_void_p, c_uint32]),
    "mla_pop3_has_capability": (c_int, [c_void_p, c_char_p, c_char_p]),
    "mla_pop3_capabilities_of": (POINTER(mla_pop3_capabilities), [c_void_p]),
    "mla_pop3_is_utf8": (c_int, [c_void_p]),
    "mla_pop3_auth_name": (c_char_p, [c_void_p]),
    "mla_pop3_capa": (c_int, [c_void_p, POINTER(c_uint64)]),
    "mla_pop3_authenticate": (c_int, [c_void_p, POINTER(mla_credentials), POINTER(c_uint64)]),
    "mla_pop3_stat_maildrop": (c_int, [c_void_p, POINTER(c_uint64)]),
    "mla_pop3_list": (c_int, [c_void_p, c_uint32, POINTER(c_uint64)]),
    "mla_pop3_uidl": (c_int, [c_void_p, c_uint32, POINTER(c_uint64)]),
    "mla_pop3_retr": (c_int, [c_void_p, c_uint32, POINTER(c_uint64)]),
    "mla_pop3_top": (c_int, [c_void_p, c_uint32, c_uint32, POINTER(c_uint64)]),
    "mla_pop3_dele": (c_int, [c_void_p, c_uint32, POINTER(c_uint64)]),
    "mla_pop3_noop": (c_int, [c_void_p, POINTER(c_uint64)]),
    "mla_pop3_rset": (c_int, [c_void_p, POINTER(c_uint64)]),
    "mla_pop3_quit": (c_int, [c_void_p, POINTER(c_uint64)]),
    "mla_pop3_utf8": (c_int, [c_void_p, POINTER(c_uint64)]),
    "mla_pop3_lang": (c_int, [c_void_p, c_char_p, POINTER(c_uint64)]),
    "mla_pop3_command": (c_int, [c_void_p, POINTER(mla_pop3_command_args), POINTER(c_uint64)]),
    "mla_seen_file_open": (c_int, [c_void_p, c_char_p, POINTER(c_void_p), POINTER(mla_error)]),
    "mla_seen_file_close": (None, [c_void_p]),
    "mla_seen_file_store": (c_int, [c_void_p, c_char_p, POINTER(mla_seen_store)]),
    "mla_seen_file_has_note": (c_int, [c_void_p, c_char_p]),
    "mla_seen_file_count": (c_uint64, [c_void_p]),
    "mla_seen_file_damaged": (c_uint64, [c_void_p]),
    "mla_seen_file_error": (None, [c_void_p, POINTER(mla_error)]),
    "mla_seen_file_compact": (c_int, [c_void_p]),
    "mla_session_connect": (c_int, [c_void_p, POINTER(mla_connect_args), POINTER(c_uint64)]),
    "mla_session_adopt_fd": (c_int, [c_void_p, c_int32, POINTER(mla_connect_args), POINTER(c_uint64)]),
    "mla_session_attach": (c_int, [c_void_p, POINTER(mla_connect_args), POINTER(c_uint64)]),
    "mla_session_fd": (c_int32, [c_void_p]),
    "mla_session_wants": (c_uint32, [c_void_p]),
    "mla_session_timeout_ms": (c_int32, [c_void_p]),
    "mla_session_process": (c_int, [c_void_p]),
    "mla_session_wait": (c_int, [c_void_p, c_int32]),
    "mla_session_interrupt": (c_int, [c_void_p]),
    "mla_session_error": (None, [c_void_p, POINTER(mla_error)]),
    "mla_session_is_tls": (c_int, [c_void_p]),
    "mla_session_is_verified": (c_int, [c_void_p]),
    "mla_session_is_compressed": (c_int, [c_void_p]),
    "mla_session_tls_version": (c_char_p, [c_void_p]),
    "mla_session_tls_cipher": (c_char_p, [c_void_p]),
    "mla_session_tls_alpn": (c_char_p, [c_void_p]),
    "mla_session_is_resumed": (c_int, [c_void_p]),
    "mla_session_channel_binding": (c_int, [c_void_p, c_int32, POINTER(c_uint8), c_size_t, POINTER(c_size_t)]),
    "mla_session_feed": (c_int, [c_void_p, POINTER(c_uint8), c_size_t, POINTER(c_size_t)]),
    "mla_session_output": (c_int, [c_void_p, POINTER(POINTER(c_uint8)), POINTER(c_size_t)]),
    "mla_session_sent": (c_int, [c_void_p, c_size_t]),
    "mla_session_eof": (c_int, [c_void_p, c_int32]),
    "mla_session_tick": (c_int, [c_void_p, c_uint64]),
    "mla_session_tls_up": (c_int, [c_void_p, c_int32]),
    "mla_session_compress_up": (c_int, [c_void_p]),
    "mla_imap_event_token": (POINTER(mla_token_info), [c_void_p]),
    "mla_pop3_event_token": (POINTER(mla_token_info), [c_void_p]),
    "mla_session_give_token": (c_int, [c_void_p, c_uint64, c_char_p, c_size_t]),
    "mla_session_token_refused": (POINTER(mla_token_info), [c_void_p]),
}


def declare(library):
    """Gives the functions of a loaded library their types. A function that the library does not have is left out."""
    for name, (result, arguments) in FUNCTIONS.items():
        function = getattr(library, name, None)
        if function is not None:
            function.restype = result
            function.argtypes = arguments
