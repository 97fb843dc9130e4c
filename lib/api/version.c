/* version.c - see mailaccess/mailaccess.h */
#include "mailaccess/mailaccess.h"

#define TEXT_OF(x) #x
#define TEXT(x)    TEXT_OF(x)

uint32_t mla_version(void)
{
    return MLA_VERSION_MAJOR * 1000000U + MLA_VERSION_MINOR * 1000U + MLA_VERSION_PATCH;
}

const char *mla_version_text(void)
{
    return TEXT(MLA_VERSION_MAJOR) "." TEXT(MLA_VERSION_MINOR) "." TEXT(MLA_VERSION_PATCH);
}

static const uint32_t sizes[] = {
    [MLA_STRUCT_STR] = sizeof(mla_str),
    [MLA_STRUCT_RANGE] = sizeof(mla_range),
    [MLA_STRUCT_ERROR] = sizeof(mla_error),
    [MLA_STRUCT_ADDRESS] = sizeof(mla_address),
    [MLA_STRUCT_ALLOCATOR] = sizeof(mla_allocator),
    [MLA_STRUCT_CONNECT_ARGS] = sizeof(mla_connect_args),
    [MLA_STRUCT_CREDENTIALS] = sizeof(mla_credentials),
    [MLA_STRUCT_PROXY] = sizeof(mla_proxy),
    [MLA_STRUCT_IMAP_LOGIN_ARGS] = sizeof(mla_imap_login_args),
    [MLA_STRUCT_IMAP_SELECT_ARGS] = sizeof(mla_imap_select_args),
    [MLA_STRUCT_IMAP_MAILBOX_ARGS] = sizeof(mla_imap_mailbox_args),
    [MLA_STRUCT_IMAP_RENAME_ARGS] = sizeof(mla_imap_rename_args),
    [MLA_STRUCT_IMAP_LIST_ARGS] = sizeof(mla_imap_list_args),
    [MLA_STRUCT_IMAP_STATUS_ARGS] = sizeof(mla_imap_status_args),
    [MLA_STRUCT_IMAP_APPEND_ARGS] = sizeof(mla_imap_append_args),
    [MLA_STRUCT_IMAP_SECTION_ARGS] = sizeof(mla_imap_section_args),
    [MLA_STRUCT_IMAP_FETCH_ARGS] = sizeof(mla_imap_fetch_args),
    [MLA_STRUCT_IMAP_SEARCH_KEY] = sizeof(mla_imap_search_key),
    [MLA_STRUCT_IMAP_SEARCH_ARGS] = sizeof(mla_imap_search_args),
    [MLA_STRUCT_IMAP_STORE_ARGS] = sizeof(mla_imap_store_args),
    [MLA_STRUCT_IMAP_COPY_ARGS] = sizeof(mla_imap_copy_args),
    [MLA_STRUCT_IMAP_ARG] = sizeof(mla_imap_arg),
    [MLA_STRUCT_IMAP_COMMAND_ARGS] = sizeof(mla_imap_command_args),
    [MLA_STRUCT_IMAP_VALUE] = sizeof(mla_imap_value),
    [MLA_STRUCT_IMAP_NOTIFY_ARGS] = sizeof(mla_imap_notify_args),
    [MLA_STRUCT_IMAP_NOTIFY_GROUP] = sizeof(mla_imap_notify_group),
    [MLA_STRUCT_IMAP_CODE] = sizeof(mla_imap_code),
    [MLA_STRUCT_IMAP_TEXT] = sizeof(mla_imap_text),
    [MLA_STRUCT_IMAP_DONE] = sizeof(mla_imap_done),
    [MLA_STRUCT_IMAP_ENVELOPE] = sizeof(mla_imap_envelope),
    [MLA_STRUCT_IMAP_BODY] = sizeof(mla_imap_body),
    [MLA_STRUCT_IMAP_SECTION] = sizeof(mla_imap_section),
    [MLA_STRUCT_IMAP_FETCH] = sizeof(mla_imap_fetch),
    [MLA_STRUCT_IMAP_LIST] = sizeof(mla_imap_list),
    [MLA_STRUCT_IMAP_STATUS] = sizeof(mla_imap_status),
    [MLA_STRUCT_IMAP_SEARCH] = sizeof(mla_imap_search),
    [MLA_STRUCT_IMAP_WARNING] = sizeof(mla_imap_warning),
    [MLA_STRUCT_POP3_DONE] = sizeof(mla_pop3_done),
    [MLA_STRUCT_POP3_STAT] = sizeof(mla_pop3_stat),
    [MLA_STRUCT_POP3_ITEM] = sizeof(mla_pop3_item),
    [MLA_STRUCT_POP3_GREETING] = sizeof(mla_pop3_greeting),
    [MLA_STRUCT_POP3_WARNING] = sizeof(mla_pop3_warning),
    [MLA_STRUCT_POP3_CAPABILITIES] = sizeof(mla_pop3_capabilities),
    [MLA_STRUCT_POP3_LANGUAGE] = sizeof(mla_pop3_language),
    [MLA_STRUCT_POP3_COMMAND_ARGS] = sizeof(mla_pop3_command_args),
    [MLA_STRUCT_MIME_EVENT] = sizeof(mla_mime_event),
    [MLA_STRUCT_MIME_LIMITS] = sizeof(mla_mime_limits),
    [MLA_STRUCT_COMPOSE_SOURCE] = sizeof(mla_compose_source),
    [MLA_STRUCT_IMAP_SEARCH_CHANGE] = sizeof(mla_imap_search_change),
    [MLA_STRUCT_IMAP_SORT_KEY] = sizeof(mla_imap_sort_key),
    [MLA_STRUCT_IMAP_SORT_ARGS] = sizeof(mla_imap_sort_args),
    [MLA_STRUCT_IMAP_THREAD_ARGS] = sizeof(mla_imap_thread_args),
    [MLA_STRUCT_IMAP_THREAD_ITEM] = sizeof(mla_imap_thread_item),
    [MLA_STRUCT_IMAP_THREAD] = sizeof(mla_imap_thread),
    [MLA_STRUCT_IMAP_SOURCE] = sizeof(mla_imap_source),
    [MLA_STRUCT_IMAP_MULTISEARCH_ARGS] = sizeof(mla_imap_multisearch_args),
    [MLA_STRUCT_IMAP_UIDBATCHES_ARGS] = sizeof(mla_imap_uidbatches_args),
    [MLA_STRUCT_IMAP_VIEW] = sizeof(mla_imap_view),
    [MLA_STRUCT_IMAP_MESSAGE] = sizeof(mla_imap_message),
    [MLA_STRUCT_IMAP_IDENTITY] = sizeof(mla_imap_identity),
    [MLA_STRUCT_IMAP_NAMESPACE_ENTRY] = sizeof(mla_imap_namespace_entry),
    [MLA_STRUCT_IMAP_NAMESPACES] = sizeof(mla_imap_namespaces),
    [MLA_STRUCT_IMAP_ACL] = sizeof(mla_imap_acl),
    [MLA_STRUCT_IMAP_MY_RIGHTS] = sizeof(mla_imap_my_rights),
    [MLA_STRUCT_IMAP_LIST_RIGHTS] = sizeof(mla_imap_list_rights),
    [MLA_STRUCT_IMAP_QUOTA_RESOURCE] = sizeof(mla_imap_quota_resource),
    [MLA_STRUCT_IMAP_QUOTA] = sizeof(mla_imap_quota),
    [MLA_STRUCT_IMAP_QUOTA_ROOT] = sizeof(mla_imap_quota_root),
    [MLA_STRUCT_IMAP_METADATA] = sizeof(mla_imap_metadata),
    [MLA_STRUCT_IMAP_LANGUAGES] = sizeof(mla_imap_languages),
    [MLA_STRUCT_IMAP_COMPARATORS] = sizeof(mla_imap_comparators),
    [MLA_STRUCT_IMAP_JMAP_ACCESS] = sizeof(mla_imap_jmap_access),
    [MLA_STRUCT_IMAP_ID_ARGS] = sizeof(mla_imap_id_args),
    [MLA_STRUCT_IMAP_ACL_ARGS] = sizeof(mla_imap_acl_args),
    [MLA_STRUCT_IMAP_QUOTA_LIMIT] = sizeof(mla_imap_quota_limit),
    [MLA_STRUCT_IMAP_QUOTA_ARGS] = sizeof(mla_imap_quota_args),
    [MLA_STRUCT_IMAP_METADATA_ARGS] = sizeof(mla_imap_metadata_args),
    [MLA_STRUCT_IMAP_WORDS_ARGS] = sizeof(mla_imap_words_args),
    [MLA_STRUCT_IMAP_FETCH_MORE] = sizeof(mla_imap_fetch_more),
    [MLA_STRUCT_IMAP_ANNOTATION] = sizeof(mla_imap_annotation),
    [MLA_STRUCT_IMAP_BINARY_SIZE] = sizeof(mla_imap_binary_size),
    [MLA_STRUCT_IMAP_ANNOTATION_ARGS] = sizeof(mla_imap_annotation_args),
    [MLA_STRUCT_IMAP_APPEND_PART] = sizeof(mla_imap_append_part),
    [MLA_STRUCT_IMAP_APPEND_MESSAGE] = sizeof(mla_imap_append_message),
    [MLA_STRUCT_IMAP_APPEND_MANY_ARGS] = sizeof(mla_imap_append_many_args),
    [MLA_STRUCT_IMAP_REPLACE_ARGS] = sizeof(mla_imap_replace_args),
    [MLA_STRUCT_IMAP_URL] = sizeof(mla_imap_url),
    [MLA_STRUCT_IMAP_URLS] = sizeof(mla_imap_urls),
    [MLA_STRUCT_IMAP_GENURLAUTH_ARGS] = sizeof(mla_imap_genurlauth_args),
    [MLA_STRUCT_IMAP_RESETKEY_ARGS] = sizeof(mla_imap_resetkey_args),
    [MLA_STRUCT_IMAP_URLFETCH_ARGS] = sizeof(mla_imap_urlfetch_args),
    [MLA_STRUCT_SEEN_RECORD] = sizeof(mla_seen_record),
    [MLA_STRUCT_SEEN_STORE] = sizeof(mla_seen_store),
};

uint32_t mla_struct_size(int32_t id)
{
    return id > 0 && (size_t)id < sizeof sizes / sizeof sizes[0] ? sizes[id] : 0;
}
