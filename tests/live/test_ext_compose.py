"""A message that the library builds, appended to a mailbox: servers and Python's own parser read what was asked for."""
import ctypes
import email
import email.policy
import sys

import live
from live import equal

lib = live.library()
server = live.Dovecot("--extensions")
SUBJECT = "Gr\u00fc\u00dfe, =?utf-8?Q?no?= \u65e5\u672c\u8a9e " * 6
PICTURE = bytes(range(256)) * 40


def good(rc):
    equal(lib.name_of(rc) if rc < 0 else 0, 0)


def composed(flags=0):
    """The octets of a message with everything in it, and their number as it was said beforehand."""
    c, part = ctypes.c_void_p(), ctypes.c_uint32()
    good(lib.C.mla_compose_new(None, b"multipart/mixed", flags, ctypes.byref(c)))
    good(lib.C.mla_compose_mailbox(c, 0, b"From", "J\u00fcrgen \"J.\"".encode(), b"\"two words\"@example.test"))
    good(lib.C.mla_compose_mailbox(c, 0, b"To", b"bob", b"bob@example.test"))
    good(lib.C.mla_compose_header(c, 0, b"Subject", SUBJECT.strip().encode()))
    good(lib.C.mla_compose_date(c, 0, b"Date", 1000000000, 120, 1))
    good(lib.C.mla_compose_id(c, 0, b"Message-ID", b"one@example.test"))
    good(lib.C.mla_compose_add(c, 0, b"text/plain", ctypes.byref(part)))
    text = "Zeile eins\nFrom here\n\u00fcber\n".encode()
    good(lib.C.mla_compose_text(c, part, text, len(text), 0))
    good(lib.C.mla_compose_add(c, 0, b"image/png", ctypes.byref(part)))
    picture = (ctypes.c_uint8 * len(PICTURE)).from_buffer_copy(PICTURE)
    good(lib.C.mla_compose_body(c, part, picture, len(PICTURE)))
    good(lib.C.mla_compose_disposition(c, part, b"attachment", "\u00fcbersicht \u65e5.png".encode()))
    size, out, n = ctypes.c_uint64(), ctypes.POINTER(ctypes.c_uint8)(), ctypes.c_size_t()
    good(lib.C.mla_compose_size(c, ctypes.byref(size)))
    octets = b""
    while lib.C.mla_compose_output(c, ctypes.byref(out), ctypes.byref(n), None) == 1:
        octets += ctypes.string_at(out, n.value)
    lib.C.mla_compose_free(c)
    return octets, size.value


def test_python_reads_what_was_built():
    octets, size = composed()
    equal(len(octets), size)
    m = email.message_from_bytes(octets, policy=email.policy.default)
    equal(m.defects, [])
    equal(m["Subject"], SUBJECT.strip())
    equal((m["From"].addresses[0].display_name, m["From"].addresses[0].username), ("J\u00fcrgen \"J.\"", "two words"))
    equal(m["Date"].datetime.isoformat(), "2001-09-09T03:46:40+02:00")
    text, picture = m.iter_parts()
    equal(text.get_content(), "Zeile eins\r\nFrom here\r\n\u00fcber\r\n")
    equal((picture.get_filename(), picture.get_content()), ("\u00fcbersicht \u65e5.png", PICTURE))


def test_a_server_reads_what_was_built():
    octets, size = composed(lib.COMPOSE_8BIT)
    with lib.imap(server, "bob", "imap") as imap:
        imap.run("create", mailbox="composed")
        uid = imap.append("composed", octets)
        imap.run("select", mailbox="composed")
        f = imap.run("fetch_msgs", ranges=[uid], items=lib.ITEM_SIZE | lib.ITEM_ENVELOPE | lib.ITEM_BODYSTRUCTURE).one("fetch")
        equal(f["size"], size)
        equal(f["envelope"]["message_id"], b"<one@example.test>")
        equal(f["envelope"]["from"][0]["mailbox"], b"two words")


if __name__ == "__main__":
    sys.exit(live.main(globals()))
