/* mime_mimetic.cc - mimetic, by its fastest way: iterators that are pointers.
 *
 * What it does and does not do: header fields are copied, name and value; a boundary is what it
 * says wherever it stands, also in the middle of a line; bodies are copied, and where they were is
 * not kept. The row "less" tells it to forget all bodies, so that only headers remain: then it
 * cannot say where a part is. It knows no encoded words: Subject stays as it is, From is parsed. */
#include "mime_bench.h"

#include <mimetic/mimetic.h>

namespace
{

using namespace mimetic;

void fields(const Header &h, mime_found *found)
{
    for (Header::const_iterator i = h.begin(); i != h.end(); ++i)
        found->text += i->name().length() + i->value().length();
    found->fields += h.size();
}

template <typename Codec> size_t undo(const std::string &body, Codec codec)
{
    std::string out;

    out.reserve(body.length() + 16);
    mimetic::decode(body.begin(), body.end(), codec, std::back_inserter(out));
    return out.length();
}

void leaf(const MimeEntity &part, mime_found *found)
{
    const std::string &body = part.body();
    const std::string &how = part.header().contentTransferEncoding().mechanism();

    if (how == "base64")
        found->octets += undo(body, Base64::Decoder());
    else if (how == "quoted-printable")
        found->octets += undo(body, QP::Decoder());
    else
        found->octets += std::string(body).length();
}

void walk(const MimeEntity &part, mime_found *found, bool decode)
{
    const MimeEntityList &children = part.body().parts();

    found->parts++;
    fields(part.header(), found);
    for (MimeEntityList::const_iterator i = children.begin(); i != children.end(); ++i)
        walk(**i, found, decode);
    if (decode && children.empty())
        leaf(part, found);
}

void run(const uint8_t *data, size_t len, mime_found *found, int mask, bool decode)
{
    const char *p = reinterpret_cast<const char *>(data);
    MimeEntity entity(p, p + len, mask);

    walk(entity, found, decode);
    if (decode) {
        const Header &h = static_cast<const MimeEntity &>(entity).header();

        found->words += h.subject().length();
        for (MailboxList::const_iterator i = h.from().begin(); i != h.from().end(); ++i)
            found->words += i->label().length() + i->mailbox().length() + i->domain().length();
    }
}

void structure(const uint8_t *data, size_t len, mime_found *found)
{
    run(data, len, found, imNone, false);
}

void decode(const uint8_t *data, size_t len, mime_found *found)
{
    run(data, len, found, imNone, true);
}

void less(const uint8_t *data, size_t len, mime_found *found)
{
    run(data, len, found, imBody | imPreamble | imEpilogue, false);
}

} // namespace

extern const struct mime_row mime_mimetic = {"mimetic", structure, decode};
extern const struct mime_row mime_mimetic_less = {"mimetic, no bodies", less, nullptr};
