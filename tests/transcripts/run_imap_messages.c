/* run_imap_messages.c - IMAP for the runner: FETCH, STORE, APPEND.
 *
 *   fetch SET WORD ... · seq-fetch SET WORD ...
 *        a word is flags uid envelope size date body structure modseq emailid threadid savedate
 *        preview lazy gm-msgid gm-thrid gm-labels seen (sets \\Seen) or a section: [] [1.2]
 *        [HEADER] [1.TEXT] [1.MIME] [FIELDS:From,To] [NOT:Received] [binary:1] [size:1], each with
 *        <OFFSET.LENGTH> behind it if wanted; entries=A,B attributes=A,B (annotations)
 *        since=MODSEQ vanished partial=FIRST:LAST
 *   store SET add|remove|replace[,silent][,labels][,since=MODSEQ] [FLAG-BITS [KEYWORD ...]] ·
 *   seq-store ... · annotate SET ENTRY ATTRIBUTE VALUE|NIL ... · seq-annotate ...
 *   select-with NAME [examine] [condstore] [annotate] [qresync=UIDVALIDITY:MODSEQ] [known=SET]
 *        [seqs=SET] [uids=SET]
 *   append NAME FLAG-BITS DATA [KEYWORD] · append-date NAME SECONDS ZONE DATA
 *   append-stream NAME SIZE · append-many NAME WORD ... · replace UID NAME [steps] WORD ... ·
 *   seq-replace ... (the words: see messages_of()) */
#include "run_imap.h"

enum { MAX_SECTIONS = 8, MAX_PARTS = 16, MAX_FIELDS = 16 };

/* --- FETCH --- */

struct section_room {
    uint32_t parts[MAX_PARTS];
    mla_str fields[MAX_FIELDS];
};

static size_t fields_of(char *p, mla_str *out)
{
    size_t n = 0;

    while (*p != '\0' && n < MAX_FIELDS) {
        size_t len = strcspn(p, ",");

        out[n].ptr = p;
        out[n].len = len;
        n++;
        p += len + (p[len] == ',');
    }
    return n;
}

static void section_of(const char *word, mla_imap_section_args *out, struct section_room *room)
{
    static char text[MAX_SECTIONS][256];
    static unsigned turn;
    char *p = text[turn++ % MAX_SECTIONS];
    char *end;

    memset(out, 0, sizeof *out);
    out->struct_size = sizeof *out;
    snprintf(p, sizeof text[0], "%s", word + 1);
    end = strrchr(p, ']');
    if (end != NULL) {
        *end = '\0';
        if (end[1] == '<') {
            out->offset = strtoul(end + 2, &end, 10);
            out->length = *end == '.' ? (uint32_t)strtoul(end + 1, NULL, 10) : 0;
        }
    }
    if (strncmp(p, "binary:", 7) == 0) {
        out->is_decoded = 1;
        p += 7;
    }
    if (strncmp(p, "size:", 5) == 0) {
        out->is_size = 1;
        p += 5;
    }
    while (*p >= '0' && *p <= '9' && out->part_count < MAX_PARTS) {
        room->parts[out->part_count++] = (uint32_t)strtoul(p, &p, 10);
        p += *p == '.';
    }
    out->parts = room->parts;
    if (strcmp(p, "HEADER") == 0)
        out->what = MLA_IMAP_PART_HEADER;
    else if (strcmp(p, "TEXT") == 0)
        out->what = MLA_IMAP_PART_TEXT;
    else if (strcmp(p, "MIME") == 0)
        out->what = MLA_IMAP_PART_MIME;
    else if (strncmp(p, "FIELDS:", 7) == 0)
        out->what = MLA_IMAP_PART_FIELDS;
    else if (strncmp(p, "NOT:", 4) == 0)
        out->what = MLA_IMAP_PART_FIELDS_NOT;
    if (out->what >= MLA_IMAP_PART_FIELDS) {
        out->fields = room->fields;
        out->field_count = fields_of(strchr(p, ':') + 1, room->fields);
    }
}

static int fetch(mla_imap *s, int by_seq, const struct runner_word *words, size_t count,
                 uint64_t *out_ticket)
{
    static const struct {
        const char *name;
        uint32_t bit;
    } items[] = {{"flags", MLA_IMAP_ITEM_FLAGS},
                 {"uid", MLA_IMAP_ITEM_UID},
                 {"envelope", MLA_IMAP_ITEM_ENVELOPE},
                 {"size", MLA_IMAP_ITEM_SIZE},
                 {"date", MLA_IMAP_ITEM_INTERNALDATE},
                 {"body", MLA_IMAP_ITEM_BODY},
                 {"structure", MLA_IMAP_ITEM_BODYSTRUCTURE},
                 {"modseq", MLA_IMAP_ITEM_MODSEQ},
                 {"emailid", MLA_IMAP_ITEM_EMAILID},
                 {"threadid", MLA_IMAP_ITEM_THREADID},
                 {"savedate", MLA_IMAP_ITEM_SAVEDATE},
                 {"preview", MLA_IMAP_ITEM_PREVIEW},
                 {"lazy", MLA_IMAP_ITEM_PREVIEW_LAZY},
                 {"gm-msgid", MLA_IMAP_ITEM_GM_MESSAGE_ID},
                 {"gm-thrid", MLA_IMAP_ITEM_GM_THREAD_ID},
                 {"gm-labels", MLA_IMAP_ITEM_GM_LABELS}};
    mla_imap_section_args sections[MAX_SECTIONS];
    struct section_room room[MAX_SECTIONS];
    mla_str entries[MAX_FIELDS];
    mla_str attributes[MAX_FIELDS];
    mla_range ranges[MAX_RANGES];
    mla_imap_fetch_args a = {0};

    a.struct_size = sizeof a;
    a.ranges = ranges;
    a.saved = words[1].ptr[0] == '$';
    a.range_count = a.saved ? 0 : ranges_of(words[1].ptr, ranges);
    a.by_seq = (uint32_t)by_seq;
    a.sections = sections;
    for (size_t i = 2; i < count; i++) {
        if (words[i].ptr[0] == '[' && a.section_count < MAX_SECTIONS) {
            section_of(words[i].ptr, &sections[a.section_count], &room[a.section_count]);
            a.section_count++;
        } else if (is(&words[i], "seen")) {
            a.set_seen = 1;
        } else if (is(&words[i], "vanished")) {
            a.vanished = 1;
        } else if (strncmp(words[i].ptr, "since=", 6) == 0) {
            a.changed_since = strtoull(words[i].ptr + 6, NULL, 10);
        } else if (strncmp(words[i].ptr, "partial=", 8) == 0) {
            char *end;

            a.partial_first = strtoll(words[i].ptr + 8, &end, 10);
            a.partial_last = strtoll(end + (*end == ':'), NULL, 10);
        } else if (strncmp(words[i].ptr, "entries=", 8) == 0) {
            a.annotation_entries = entries;
            a.annotation_entry_count = fields_of(words[i].ptr + 8, entries);
        } else if (strncmp(words[i].ptr, "attributes=", 11) == 0) {
            a.annotation_attributes = attributes;
            a.annotation_attribute_count = fields_of(words[i].ptr + 11, attributes);
        }
        for (size_t k = 0; k < sizeof items / sizeof items[0]; k++)
            if (is(&words[i], items[k].name))
                a.items |= items[k].bit;
    }
    return mla_imap_fetch_msgs(s, &a, out_ticket);
}

/* --- STORE and APPEND --- */

static int store(mla_imap *s, int by_seq, const struct runner_word *words, size_t count,
                 uint64_t *out_ticket)
{
    mla_range ranges[MAX_RANGES];
    mla_str keywords[MAX_FIELDS];
    const char *since;
    mla_imap_store_args a = {0};

    a.struct_size = sizeof a;
    a.ranges = ranges;
    a.saved = words[1].ptr[0] == '$';
    a.range_count = a.saved ? 0 : ranges_of(words[1].ptr, ranges);
    a.by_seq = (uint32_t)by_seq;
    a.mode = strncmp(words[2].ptr, "add", 3) == 0       ? MLA_IMAP_STORE_ADD
             : strncmp(words[2].ptr, "remove", 6) == 0  ? MLA_IMAP_STORE_REMOVE
             : strncmp(words[2].ptr, "replace", 7) == 0 ? MLA_IMAP_STORE_REPLACE
                                                        : 99;
    a.silent = strstr(words[2].ptr, ",silent") != NULL;
    since = strstr(words[2].ptr, ",since=");
    a.has_unchanged_since = since != NULL;
    a.unchanged_since = since != NULL ? strtoull(since + 7, NULL, 10) : 0;
    if (strstr(words[2].ptr, ",labels") != NULL)
        a.what = MLA_IMAP_STORE_LABELS;
    a.flags = (uint32_t)number_at(words, count, 3);
    a.keywords = keywords;
    for (size_t i = 4; i < count && a.keyword_count < MAX_FIELDS; i++)
        keywords[a.keyword_count++] = str_of(&words[i]);
    return mla_imap_store(s, &a, out_ticket);
}

static int append(mla_imap *s, const struct runner_word *words, size_t count, uint64_t *out_ticket)
{
    mla_imap_append_args a = {0};
    mla_str keyword;

    a.struct_size = sizeof a;
    a.mailbox = words[1].ptr;
    if (is(&words[0], "append-stream")) {
        a.size = runner_number(&words[2]);
        return mla_imap_append(s, &a, out_ticket);
    }
    if (count < 4)
        return MLA_E_ARG;
    if (is(&words[0], "append-date")) {
        if (count < 5)
            return MLA_E_ARG;
        a.has_date = 1;
        a.internal_date = (int64_t)strtol(words[2].ptr, NULL, 10);
        a.internal_zone = (int32_t)strtol(words[3].ptr, NULL, 10);
        a.data = (const uint8_t *)words[4].ptr;
        a.size = words[4].len;
        return mla_imap_append(s, &a, out_ticket);
    }
    a.flags = (uint32_t)runner_number(&words[2]);
    a.data = (const uint8_t *)words[3].ptr;
    a.size = words[3].len;
    if (count > 4) {
        keyword = str_of(&words[4]);
        a.keywords = &keyword;
        a.keyword_count = 1;
    }
    return mla_imap_append(s, &a, out_ticket);
}

/* ENTRY ATTRIBUTE VALUE ...; the value NIL is none. */
static size_t annotations_of(const struct runner_word *words, size_t count,
                             mla_imap_annotation_args *out)
{
    size_t n = 0;

    for (size_t i = 0; i + 2 < count && n < MAX_FIELDS; i += 3, n++) {
        memset(&out[n], 0, sizeof out[n]);
        out[n].struct_size = sizeof out[n];
        out[n].entry = str_of(&words[i]);
        out[n].attribute = str_of(&words[i + 1]);
        if (!is(&words[i + 2], "NIL"))
            out[n].value = str_of(&words[i + 2]);
    }
    return n;
}

static int annotate(mla_imap *s, int by_seq, const struct runner_word *words, size_t count,
                    uint64_t *out_ticket)
{
    mla_imap_annotation_args list[MAX_FIELDS];
    mla_range ranges[MAX_RANGES];
    mla_imap_store_args a = {0};

    a.struct_size = sizeof a;
    a.what = MLA_IMAP_STORE_ANNOTATIONS;
    a.by_seq = (uint32_t)by_seq;
    a.ranges = ranges;
    a.range_count = ranges_of(words[1].ptr, ranges);
    a.annotations = list;
    a.annotation_count = annotations_of(words + 2, count - 2, list);
    return mla_imap_store(s, &a, out_ticket);
}

/* --- SELECT with parameters --- */

static int select_with(mla_imap *s, const struct runner_word *words, size_t count,
                       uint64_t *out_ticket)
{
    mla_range known[MAX_RANGES];
    mla_range seqs[MAX_RANGES];
    mla_range uids[MAX_RANGES];
    mla_imap_select_args a = {0};

    a.struct_size = sizeof a;
    a.mailbox = words[1].ptr;
    a.known_uids = known;
    a.match_seqs = seqs;
    a.match_uids = uids;
    for (size_t i = 2; i < count; i++) {
        char *p = words[i].ptr;

        if (is(&words[i], "examine"))
            a.read_only = 1;
        else if (is(&words[i], "condstore"))
            a.condstore = 1;
        else if (is(&words[i], "annotate"))
            a.annotate = 1;
        else if (strncmp(p, "qresync=", 8) == 0) {
            a.uidvalidity = (uint32_t)strtoul(p + 8, &p, 10);
            a.modseq = *p == ':' ? strtoull(p + 1, NULL, 10) : 0;
        } else if (strncmp(p, "known=", 6) == 0)
            a.known_uid_count = ranges_of(p + 6, known);
        else if (strncmp(p, "seqs=", 5) == 0)
            a.match_seq_count = ranges_of(p + 5, seqs);
        else if (strncmp(p, "uids=", 5) == 0)
            a.match_uid_count = ranges_of(p + 5, uids);
    }
    return mla_imap_select(s, &a, out_ticket);
}

/* WORD ...: flags=N keyword=K date=SECONDS:ZONE binary utf8 annotate=ENTRY:ATTRIBUTE:VALUE, and
 * data=OCTETS or text=OCTETS and url=URL; "/" begins the next message. */
struct append_room {
    mla_imap_append_message messages[MAX_FIELDS];
    mla_imap_append_part parts[MAX_FIELDS][MAX_FIELDS];
    mla_str keywords[MAX_FIELDS];
    mla_imap_annotation_args annotations[MAX_FIELDS];
};

static mla_str value_of(const struct runner_word *w)
{
    size_t n = strcspn(w->ptr, "=") + 1;
    mla_str s = {w->ptr + n, w->len - n};

    return s;
}

static void annotation_of(char *p, mla_imap_annotation_args *out)
{
    mla_str *const to[] = {&out->entry, &out->attribute, &out->value};

    memset(out, 0, sizeof *out);
    out->struct_size = sizeof *out;
    for (size_t i = 0; i < 3; i++) {
        to[i]->ptr = p;
        to[i]->len = strcspn(p, ":");
        p += to[i]->len + (p[to[i]->len] == ':');
    }
}

static size_t messages_of(const struct runner_word *words, size_t count, struct append_room *r)
{
    size_t n = 0;

    memset(r, 0, sizeof *r);
    for (size_t i = 0; i < count && n < MAX_FIELDS; i++) {
        mla_imap_append_message *m = &r->messages[n];
        char *p = words[i].ptr;
        mla_str v = value_of(&words[i]);

        m->struct_size = sizeof *m;
        m->parts = m->part_count != 0 ? r->parts[n] : NULL;
        if (is(&words[i], "/")) {
            n++;
        } else if (strncmp(p, "flags=", 6) == 0) {
            m->flags = (uint32_t)strtoul(v.ptr, NULL, 10);
        } else if (strncmp(p, "keyword=", 8) == 0) {
            r->keywords[n] = v;
            m->keywords = &r->keywords[n];
            m->keyword_count = 1;
        } else if (strncmp(p, "date=", 5) == 0) {
            m->has_date = 1;
            m->internal_date = strtoll(v.ptr, &p, 10);
            m->internal_zone = (int32_t)strtol(p + (*p == ':'), NULL, 10);
        } else if (strncmp(p, "annotate=", 9) == 0) {
            annotation_of(p + 9, &r->annotations[n]);
            m->annotations = &r->annotations[n];
            m->annotation_count = 1;
        } else if (strncmp(p, "data=", 5) == 0) {
            m->data = v;
        } else if (strncmp(p, "text=", 5) == 0 || strncmp(p, "url=", 4) == 0) {
            mla_imap_append_part *part = &r->parts[n][m->part_count++];

            part->struct_size = sizeof *part;
            part->kind = *p == 'u' ? MLA_IMAP_APPEND_URL : MLA_IMAP_APPEND_TEXT;
            part->data = v;
            m->parts = r->parts[n];
        }
        m->binary |= (uint32_t)is(&words[i], "binary");
        m->utf8 |= (uint32_t)is(&words[i], "utf8");
    }
    return n + 1;
}

static int append_many(mla_imap *s, const struct runner_word *words, size_t count,
                       uint64_t *out_ticket)
{
    static struct append_room room;
    mla_imap_append_many_args a = {0};

    a.struct_size = sizeof a;
    a.mailbox = words[1].ptr;
    a.messages = room.messages;
    a.message_count = messages_of(words + 2, count - 2, &room);
    return mla_imap_append_messages(s, &a, out_ticket);
}

static int replace(mla_imap *s, int by_seq, const struct runner_word *words, size_t count,
                   uint64_t *out_ticket)
{
    static struct append_room room;
    mla_imap_replace_args a = {0};

    a.struct_size = sizeof a;
    a.number = (uint32_t)runner_number(&words[1]);
    a.by_seq = (uint32_t)by_seq;
    a.mailbox = words[2].ptr;
    a.in_steps = (uint32_t)is(&words[3], "steps");
    a.message = room.messages;
    messages_of(words + 3, count - 3, &room);
    return mla_imap_replace(s, &a, out_ticket);
}

int run_imap_messages(mla_imap *s, const struct runner_word *words, size_t count, int *out_rc,
                      uint64_t *out_ticket)
{
    const int seq = strncmp(words[0].ptr, "seq-", 4) == 0;
    const char *name = words[0].ptr + (seq ? 4 : 0);

    if (count > 1 && strcmp(name, "fetch") == 0)
        *out_rc = fetch(s, seq, words, count, out_ticket);
    else if (count > 2 && strcmp(name, "store") == 0)
        *out_rc = store(s, seq, words, count, out_ticket);
    else if (count > 4 && strcmp(name, "annotate") == 0)
        *out_rc = annotate(s, seq, words, count, out_ticket);
    else if (count > 2 && is(&words[0], "select-with"))
        *out_rc = select_with(s, words, count, out_ticket);
    else if (count > 2 && is(&words[0], "append-many"))
        *out_rc = append_many(s, words, count, out_ticket);
    else if (count > 3 && strcmp(name, "replace") == 0)
        *out_rc = replace(s, seq, words, count, out_ticket);
    else if (count > 2 && strncmp(name, "append", 6) == 0)
        *out_rc = append(s, words, count, out_ticket);
    else
        return 0;
    return 1;
}

/* --- printing --- */

static void add_address(struct runner *r, struct text *t, const char *label, const mla_address *a,
                        size_t count)
{
    for (size_t i = 0; i < count; i++)
        add(t, " %s=%s<%.*s@%.*s>", label, runner_quote(r, a[i].name.ptr, a[i].name.len),
            (int)a[i].mailbox.len, a[i].mailbox.ptr != NULL ? a[i].mailbox.ptr : "",
            (int)a[i].host.len, a[i].host.ptr != NULL ? a[i].host.ptr : "");
}

static void add_pairs(struct runner *r, struct text *t, const mla_str *w, size_t count)
{
    for (size_t i = 0; i + 1 < count; i += 2)
        add(t, " %.*s=%s", (int)w[i].len, w[i].ptr, runner_quote(r, w[i + 1].ptr, w[i + 1].len));
}

static void add_body(struct runner *r, struct text *t, const mla_imap_body *b)
{
    static const char *const kinds[] = {"", " text", " message", " parts"};

    add(t, " (%.*s%s%.*s/%.*s%s", (int)b->section.len, b->section.ptr,
        b->section.len != 0 ? " " : "", (int)b->type.len, b->type.ptr, (int)b->subtype.len,
        b->subtype.ptr, kinds[b->kind]);
    add_pairs(r, t, b->params, b->param_count);
    if (b->encoding.ptr != NULL)
        add(t, " %.*s", (int)b->encoding.len, b->encoding.ptr);
    if (b->size != 0)
        add(t, " size=%llu", (unsigned long long)b->size);
    if (b->lines != 0)
        add(t, " lines=%llu", (unsigned long long)b->lines);
    if (b->description.ptr != NULL)
        add_str(r, t, "description=", b->description);
    if (b->disposition.ptr != NULL)
        add(t, " disposition=%.*s", (int)b->disposition.len, b->disposition.ptr);
    add_pairs(r, t, b->disposition_params, b->disposition_param_count);
    for (size_t i = 0; i < b->language_count; i++)
        add(t, " language=%.*s", (int)b->languages[i].len, b->languages[i].ptr);
    if (b->envelope != NULL)
        add_str(r, t, "subject=", b->envelope->subject);
}

/* A part and all inside it, in brackets. */
static void add_bodies(struct runner *r, struct text *t, const mla_imap_body *top)
{
    const mla_imap_body *b = top;

    add(t, " body=");
    while (b != NULL) {
        add_body(r, t, b);
        if (b->child != NULL) {
            b = b->child;
            continue;
        }
        while (b != top && b->next == NULL) {
            add(t, ")");
            b = b->parent;
        }
        add(t, ")");
        b = b != top ? b->next : NULL;
    }
}

static void add_fetch(struct runner *r, struct text *t, const mla_imap_fetch *f)
{
    add(t, " seq=%u uid=%u", f->seq, f->uid);
    if ((f->fields & MLA_IMAP_ITEM_FLAGS) != 0) {
        add(t, " flags=%u(", f->flags);
        for (uint32_t i = 0; i < f->word_count; i++)
            add(t, "%s%.*s", i > 0 ? " " : "", (int)f->words[i].len, f->words[i].ptr);
        add(t, ")");
    }
    if ((f->fields & MLA_IMAP_ITEM_SIZE) != 0)
        add(t, " size=%llu", (unsigned long long)f->size);
    if ((f->fields & MLA_IMAP_ITEM_MODSEQ) != 0)
        add(t, " modseq=%llu", (unsigned long long)f->modseq);
    if ((f->fields & MLA_IMAP_ITEM_INTERNALDATE) != 0)
        add(t, " date=%lld%+d", (long long)f->internal_date, f->internal_zone);
    if (f->envelope != NULL) {
        add_str(r, t, "subject=", f->envelope->subject);
        add_str(r, t, "message-id=", f->envelope->message_id);
        add_address(r, t, "from", f->envelope->from, f->envelope->from_count);
        add_address(r, t, "to", f->envelope->to, f->envelope->to_count);
    }
    if (f->body != NULL)
        add_bodies(r, t, f->body);
    for (const mla_imap_section *s = f->sections; s != NULL; s = s->next) {
        add(t, " [%.*s]", (int)s->name.len, s->name.ptr != NULL ? s->name.ptr : "");
        if (s->has_origin)
            add(t, "<%llu>", (unsigned long long)s->origin);
        if (s->is_nil)
            add(t, "=nil");
        else if (s->streamed)
            add(t, "=streamed:%llu", (unsigned long long)s->size);
        else
            add(t, "=%s", runner_quote(r, s->data.ptr, s->data.len));
    }
}

static void add_fetch_more(struct runner *r, struct text *t, const mla_imap_fetch *f)
{
    const mla_imap_fetch_more *m = f->more;

    if (m == NULL)
        return;
    if ((f->fields & MLA_IMAP_ITEM_EMAILID) != 0)
        add_str(r, t, "email=", m->email_id);
    if ((f->fields & MLA_IMAP_ITEM_THREADID) != 0)
        add_str(r, t, "thread=", m->thread_id);
    if ((f->fields & MLA_IMAP_ITEM_SAVEDATE) != 0 && m->has_save_date)
        add(t, " saved=%lld%+d", (long long)m->save_date, m->save_zone);
    else if ((f->fields & MLA_IMAP_ITEM_SAVEDATE) != 0)
        add(t, " saved=?");
    if ((f->fields & MLA_IMAP_ITEM_PREVIEW) != 0)
        add_str(r, t, "preview=", m->preview);
    if (m->gm_message_id != 0 || m->gm_thread_id != 0)
        add(t, " gmail=%llu,%llu", (unsigned long long)m->gm_message_id,
            (unsigned long long)m->gm_thread_id);
    for (uint32_t i = 0; i < m->label_count; i++)
        add_str(r, t, "label=", m->labels[i]);
    for (const mla_imap_annotation *a = m->annotations; a != NULL; a = a->next) {
        add_str(r, t, "entry=", a->entry);
        add_str(r, t, "", a->attribute);
        add_str(r, t, "", a->value);
    }
    for (const mla_imap_binary_size *b = m->binary_sizes; b != NULL; b = b->next)
        add(t, " size[%.*s]=%llu", (int)b->section.len, b->section.ptr,
            (unsigned long long)b->size);
}

void run_imap_add_fetch(struct runner *r, struct text *t, const mla_imap_fetch *f)
{
    add_fetch(r, t, f);
    add_fetch_more(r, t, f);
}
