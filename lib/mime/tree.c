/* tree.c - see tree.h */
#include "mime/tree.h"

#include "base/ascii.h"
#include "mailaccess/types.h"
#include "mime/decode.h"
#include "mime/limits.h"
#include "mime/parser.h"

#include <string.h>

enum {
    SUB_TREES_DEEP = 4, /* each level may be as large as the one above it */
    FEW = 16,           /* parts that are mostly open at a time */
    FIRST_PARTS = 4,
    FIRST_FIELDS = 32,
    FIRST_WARNINGS = 4
};

struct builder {
    struct mime_tree *t;
    struct mime_parser parser;
    uint32_t *stack; /* numbers of the open parts, by depth */
    size_t stack_cap;
    size_t stack_len;
    uint32_t few[FEW]; /* stack, as long as there is room */
    uint32_t depth;    /* of the tree's root in the whole message */
};

/* Room for one more element, of first when there is none yet. */
static int more(const struct mem *mem, void **array, size_t *cap, size_t size, size_t first)
{
    size_t wanted = *cap == 0 ? first : *cap * 2;
    void *p = mem_resize_array(mem, *array, wanted, size);

    if (p == NULL)
        return MLA_E_NOMEM;
    *array = p;
    *cap = wanted;
    return 0;
}

static int more_parts(struct mime_tree *t)
{
    void *array = t->parts;
    int rc = more(&t->mem, &array, &t->part_cap, sizeof *t->parts, FIRST_PARTS);

    t->parts = array;
    return rc;
}

static int more_fields(struct mime_tree *t)
{
    void *array = t->fields;
    int rc = more(&t->mem, &array, &t->field_cap, sizeof *t->fields, FIRST_FIELDS);

    t->fields = array;
    return rc;
}

static int more_stack(struct builder *b)
{
    void *array = b->stack == b->few ? NULL : b->stack;
    int rc = more(&b->t->mem, &array, &b->stack_cap, sizeof *b->stack, FEW);

    if (rc != 0)
        return rc;
    if (b->stack == b->few)
        memcpy(array, b->few, sizeof b->few);
    b->stack = array;
    return 0;
}

/* Words that nearly every part uses are not copied. */
static const char *intern(struct mime_tree *t, const char *text, size_t n)
{
    static const char *const common[] = {
        "text/plain",      "text/html",      "multipart/alternative",
        "multipart/mixed", "message/rfc822", "utf-8",
        "us-ascii",        "iso-8859-1",     "quoted-printable",
        "base64",          "7bit",           "8bit"};

    for (size_t i = 0; i < sizeof common / sizeof common[0]; i++)
        if (strlen(common[i]) == n && memcmp(common[i], text, n) == 0)
            return common[i];
    return arena_dup(&t->arena, text, n);
}

int tree_add_warning(struct mime_tree *t, int code, uint32_t part, uint64_t at)
{
    void *array = t->warnings;

    if (t->warning_count == t->warning_cap &&
        more(&t->mem, &array, &t->warning_cap, sizeof *t->warnings, FIRST_WARNINGS) != 0)
        return MLA_E_NOMEM;
    t->warnings = array;
    if (code < 64)
        t->parts[part].warned |= UINT64_C(1) << code;
    t->warnings[t->warning_count++] = (struct tree_warning){code, part, at};
    return 0;
}

static int add_part(struct builder *b, const mla_mime_event *ev)
{
    struct mime_tree *t = b->t;
    struct mla_part *part;

    if ((t->part_count == t->part_cap && more_parts(t) != 0) ||
        (b->stack_len == b->stack_cap && more_stack(b) != 0))
        return MLA_E_NOMEM;
    part = &t->parts[t->part_count];
    memset(part, 0, sizeof *part);
    part->tree = t;
    part->number = (uint32_t)t->part_count++;
    part->header_offset = (size_t)ev->offset;
    part->index = ev->index;
    part->depth = b->depth + ev->depth;
    part->first_field = t->field_count;
    part->parent = b->stack_len != 0 ? b->stack[b->stack_len - 1] : UINT32_MAX;
    if (b->stack_len != 0)
        t->parts[part->parent].child_count++;
    b->stack[b->stack_len++] = part->number;
    return 0;
}

static int add_field(struct builder *b, const mla_mime_event *ev)
{
    struct mime_tree *t = b->t;
    struct mla_part *part = &t->parts[t->part_count - 1];

    if (t->field_count == t->field_cap && more_fields(t) != 0)
        return MLA_E_NOMEM;
    /* The value lies behind the name: in one buffer both have the same distance everywhere. */
    t->fields[t->field_count++] = (struct tree_field){
        (size_t)ev->offset, ev->name.len,
        (size_t)ev->offset + (size_t)(ev->data.ptr - ev->name.ptr), ev->data.len};
    part->field_count++;
    return 0;
}

static int start_body(struct builder *b, const mla_mime_event *ev)
{
    struct mime_tree *t = b->t;
    struct mla_part *part = &t->parts[t->part_count - 1];
    const char *charset = b->parser.head.charset;

    part->body_offset = (size_t)ev->offset;
    part->flags = ev->flags;
    part->type = intern(t, ev->name.ptr, ev->name.len);
    if (ev->data.len != 0)
        part->encoding = intern(t, ev->data.ptr, ev->data.len);
    if (*charset != '\0')
        part->charset = intern(t, charset, strlen(charset));
    if (part->type == NULL || (ev->data.len != 0 && part->encoding == NULL) ||
        (*charset != '\0' && part->charset == NULL))
        return MLA_E_NOMEM;
    return 0;
}

static int take(struct builder *b, const mla_mime_event *ev)
{
    struct mime_tree *t = b->t;
    struct mla_part *part;

    switch (ev->type) {
    case MLA_MIME_EV_PART:
        return add_part(b, ev);
    case MLA_MIME_EV_HEADER:
        return add_field(b, ev);
    case MLA_MIME_EV_BODY_START:
        return start_body(b, ev);
    case MLA_MIME_EV_PART_END:
        part = &t->parts[b->stack[--b->stack_len]];
        part->body_length = (size_t)ev->body_length;
        part->flags |= ev->flags;
        return 0;
    case MLA_MIME_EV_WARNING:
        /* of a part that is open, or of the last one at its depth */
        return tree_add_warning(t, ev->code, b->stack[ev->depth], ev->offset);
    default:
        return 0;
    }
}

/* Who is whose child, in one array. */
static int link_children(struct mime_tree *t)
{
    size_t at = 0;

    if (t->part_count == 1)
        return 0;
    t->children = mem_array(&t->mem, t->part_count, sizeof *t->children);
    if (t->children == NULL)
        return MLA_E_NOMEM;
    for (size_t i = 0; i < t->part_count; i++) {
        t->parts[i].first_child = at;
        at += t->parts[i].child_count;
    }
    for (size_t i = 1; i < t->part_count; i++) {
        const struct mla_part *part = &t->parts[i];

        t->children[t->parts[part->parent].first_child + part->index - 1] = part->number;
    }
    return 0;
}

static int run(struct builder *b)
{
    const mla_mime_event *ev;
    int rc = mime_parser_feed(&b->parser, b->t->data, b->t->len);

    if (rc == 0)
        rc = mime_parser_end(&b->parser);
    while (rc == 0 && (rc = mime_parser_next(&b->parser, &ev)) == 1)
        rc = take(b, ev);
    return rc != 0 ? rc : link_children(b->t);
}

static struct mime_tree *tree_new(const struct mem *mem, const mla_mime_limits *limits,
                                  const void *data, size_t len)
{
    struct mime_tree *t = mem_zero(mem, sizeof *t);

    if (t == NULL)
        return NULL;
    t->mem = *mem;
    t->limits = *limits;
    t->data = data;
    t->len = len;
    arena_init(&t->arena, &t->mem, SIZE_MAX);
    return t;
}

static void free_one(struct mime_tree *t)
{
    mem_free(&t->mem, t->parts);
    mem_free(&t->mem, t->fields);
    mem_free(&t->mem, t->warnings);
    mem_free(&t->mem, t->children);
    mem_free(&t->mem, t->owned);
    arena_free(&t->arena);
    mem_free(&t->mem, t);
}

void tree_free(struct mime_tree *t)
{
    while (t != NULL) {
        struct mime_tree *next = t->next;

        free_one(t);
        t = next;
    }
}

/* Parses into t; depth and parts count what other trees of the message hold. */
static int build(struct mime_tree *t, uint32_t depth, uint32_t parts)
{
    mla_mime_limits limits = t->limits;
    struct builder b;
    int rc;

    limits.max_depth = limits.max_depth > depth ? limits.max_depth - depth : 1;
    limits.max_parts = limits.max_parts > parts ? limits.max_parts - parts : 1;
    b.t = t;
    b.stack = b.few;
    b.stack_cap = FEW;
    b.stack_len = 0;
    b.depth = depth;
    rc = mime_parser_init(&b.parser, &t->mem, &limits);
    if (rc == 0)
        rc = run(&b);
    mime_parser_free(&b.parser);
    if (b.stack != b.few)
        mem_free(&t->mem, b.stack);
    return rc;
}

/* An encoded message/rfc822 that is worth a tree of its own. */
static int is_encoded_message(const struct mla_part *part)
{
    return part->child_count == 0 && part->sub == NULL && part->encoding != NULL &&
           (part->flags & (MLA_PART_MESSAGE | MLA_PART_LIMIT)) == 0 &&
           (strcmp(part->type, "message/rfc822") == 0 ||
            strcmp(part->type, "message/global") == 0) &&
           (strcmp(part->encoding, "base64") == 0 ||
            strcmp(part->encoding, "quoted-printable") == 0);
}

static uint32_t trees_above(const struct mime_tree *t)
{
    uint32_t n = 0;

    for (; t->above != NULL; t = t->above->tree)
        n++;
    return n;
}

/* Decodes one message/rfc822 and puts its tree behind t in the list. */
static int open_part(struct mime_tree *t, struct mla_part *part, uint32_t *parts)
{
    struct slice body = tree_body(part);
    struct mime_tree *sub;
    uint8_t *data;
    size_t len;
    int rc = decode_whole(&t->mem, part->encoding, body.p, slice_left(&body), &data, &len, NULL);

    if (rc != 0)
        return rc;
    sub = tree_new(&t->mem, &t->limits, data, len);
    if (sub == NULL) {
        mem_free(&t->mem, data);
        return MLA_E_NOMEM;
    }
    sub->owned = data;
    sub->above = part;
    sub->next = t->next;
    t->next = sub;
    rc = build(sub, part->depth + 1, *parts);
    if (rc != 0)
        return rc;
    for (size_t i = 0; i < sub->part_count; i++)
        sub->parts[i].flags |= MLA_PART_DECODED;
    part->sub = sub;
    part->child_count = 1;
    part->flags |= MLA_PART_MESSAGE;
    *parts += (uint32_t)sub->part_count;
    return 0;
}

/* decisions: a message/rfc822 with a transfer encoding is entered too. The list of trees grows
 * while it is walked, so what was decoded is looked through in its turn. */
static int open_encoded(struct mime_tree *first)
{
    uint32_t parts = (uint32_t)first->part_count;

    for (struct mime_tree *t = first; t != NULL; t = t->next) {
        if (trees_above(t) >= SUB_TREES_DEEP)
            continue;
        for (size_t i = 0; i < t->part_count; i++) {
            struct mla_part *part = &t->parts[i];
            int rc;

            if (!is_encoded_message(part))
                continue;
            if (part->depth >= t->limits.max_depth || parts >= t->limits.max_parts) {
                part->flags |= MLA_PART_LIMIT;
                continue;
            }
            rc = open_part(t, part, &parts);
            if (rc != 0)
                return rc;
        }
    }
    return 0;
}

int tree_parse(const struct mem *mem, const mla_mime_limits *limits, const void *data, size_t len,
               struct mime_tree **out_tree)
{
    struct mime_tree *t;
    mla_mime_limits filled;
    int rc;

    *out_tree = NULL;
    mime_limits_fill(limits, &filled);
    t = tree_new(mem, &filled, data, len);
    if (t == NULL)
        return MLA_E_NOMEM;
    rc = build(t, 0, 0);
    if (rc == 0)
        rc = open_encoded(t);
    if (rc != 0) {
        tree_free(t);
        return rc;
    }
    *out_tree = t;
    return 0;
}

const struct mla_part *tree_root(const struct mime_tree *t)
{
    return &t->parts[0];
}

const struct mla_part *tree_child(const struct mla_part *part, uint32_t i)
{
    const struct mime_tree *t = part->tree;

    if (i >= part->child_count)
        return NULL;
    if (part->sub != NULL)
        return tree_root(part->sub);
    return &t->parts[t->children[part->first_child + i]];
}

const struct mla_part *tree_parent(const struct mla_part *part)
{
    return part->number == 0 ? part->tree->above : &part->tree->parts[part->parent];
}

const struct tree_field *tree_next_field(const struct mla_part *part, const char *name, size_t *i)
{
    const struct mime_tree *t = part->tree;
    size_t n = strlen(name);

    while (*i < part->field_count) {
        const struct tree_field *f = &t->fields[part->first_field + (*i)++];

        if (f->name_len == n && ascii_equal(t->data + f->name, n, name, n))
            return f;
    }
    return NULL;
}

const struct tree_field *tree_field(const struct mla_part *part, const char *name, uint32_t nth)
{
    const struct tree_field *f;
    size_t i = 0;

    do
        f = tree_next_field(part, name, &i);
    while (f != NULL && nth-- != 0);
    return f;
}

struct slice tree_value(const struct mla_part *part, const struct tree_field *f)
{
    return slice_of(part->tree->data + f->value, f->value_len);
}

struct slice tree_body(const struct mla_part *part)
{
    return slice_of(part->tree->data + part->body_offset, part->body_length);
}
