#!/usr/bin/env python3
"""Makes a sample mailbox of varied mail.

    make.py OUTDIR

OUTDIR/Maildir         a Maildir++ tree (folder names in modified UTF-7), as Dovecot and others take it: the inbox and folders,
                       flags in the file names, the date of arrival as each file's time
OUTDIR/eml/FOLDER/N.eml   the same messages as plain files: what was put in, to compare with what comes out
OUTDIR/manifest.jsonl  one JSON object a message: folder, number, flags, internal_date, size, sha256

The output is the same, byte for byte, on every machine and every run: no clock, no random numbers, and bytes written by
hand where a library would tidy them up. All line ends are CRLF, and every message ends in one: POP3 cannot tell a message
whose last line is unfinished from one whose last line is whole, so nothing else could come back octet for octet.

Exit status: 0 done, 64 usage, 73 OUTDIR cannot be written or holds a mailbox already.
"""
import base64
import hashlib
import io
import json
import os
import re
import struct
import sys
import zipfile
import zlib

ME = "Alice Example <alice@example.test>"


# ---- bytes ---------------------------------------------------------------------------------------------------------------


def crlf(text):
    """Text with LF line ends as octets with CRLF ones. Octets pass through as they are, given as str in latin-1 escapes."""
    data = text if isinstance(text, bytes) else text.encode("utf-8")
    return data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def b64(data, width=76):
    text = base64.b64encode(data)
    return b"\r\n".join(text[i : i + width] for i in range(0, len(text), width)) + b"\r\n"


def qp(data):
    """Quoted-printable of text in some charset; `data` has LF line ends."""
    out = []
    for line in data.split(b"\n"):
        cur = b""
        for i, c in enumerate(line):
            last = i == len(line) - 1
            plain = 33 <= c <= 126 and c != 61 or c in (9, 32) and not last
            piece = bytes([c]) if plain else b"=%02X" % c
            if len(cur) + len(piece) > 75:
                out.append(cur + b"=")
                cur = b""
            cur += piece
        out.append(cur)
    return b"\r\n".join(out)


def ew_b(text, charset, codec=None):
    """An encoded word, base64."""
    return "=?%s?B?%s?=" % (charset, base64.b64encode(text.encode(codec or charset)).decode())


def ew_q(text, charset, codec=None):
    """An encoded word, the Q encoding."""
    out = ""
    for c in text.encode(codec or charset):
        if c == 32:
            out += "_"
        elif chr(c).isalnum() and c < 128:
            out += chr(c)
        else:
            out += "=%02X" % c
    return "=?%s?Q?%s?=" % (charset, out)


def rfc2231(text, charset="UTF-8", language=""):
    out = "".join(chr(c) if chr(c).isalnum() and c < 128 or c in b"-._" else "%%%02X" % c for c in text.encode(charset))
    return "%s'%s'%s" % (charset, language, out)


def noise(size, seed):
    """Octets that do not compress, always the same."""
    out = b"".join(hashlib.sha256(b"%s %d" % (seed.encode(), i)).digest() for i in range(size // 32 + 1))
    return out[:size]


def png(width, height, pixel):
    """A PNG picture; its deflate stream holds stored blocks only, so that no compressor has a say in the octets."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    raw = b"".join(b"\0" + b"".join(bytes(pixel(x, y)) for x in range(width)) for y in range(height))
    stored = b"\x78\x01\x01" + struct.pack("<HH", len(raw), len(raw) ^ 0xFFFF) + raw + struct.pack(">I", zlib.adler32(raw))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", stored) + chunk(b"IEND", b"")


def pdf(words):
    """A PDF file of one page with one line of text."""
    stream = b"BT /F1 24 Tf 72 720 Td (%s) Tj ET" % words.encode("ascii")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, places = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", []
    for n, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (n, body)
    table = b"".join(b"%010d 00000 n \n" % p for p in places)
    return out + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1, table, len(objects) + 1, len(out))


def zip_file(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as z:
        for name, data in files:
            info = zipfile.ZipInfo(name, (2025, 3, 14, 15, 9, 26))
            info.create_system = 3
            info.external_attr = 0o644 << 16
            z.writestr(info, data)
    return out.getvalue()


# ---- messages ------------------------------------------------------------------------------------------------------------


def head(*lines):
    """A header from lines with LF inside where they are folded; text that is not ASCII goes out as UTF-8 (raw 8 bit)."""
    return b"".join(crlf(line) + b"\r\n" for line in lines)


def part(headers, body):
    return head(*headers) + b"\r\n" + body


def multi(boundary, parts, preamble=b"", epilogue=b"", closed=True):
    mark = b"--" + boundary.encode()
    out = preamble + b"".join(mark + b"\r\n" + p + b"\r\n" for p in parts)
    return out + (mark + b"--\r\n" if closed else b"") + epilogue


def message(headers, body):
    return part(headers, body)


MAILBOXES = []


def mailbox(name):
    messages = []
    MAILBOXES.append((name, messages))

    def put(when, flags, raw):
        rest = raw.replace(b"\r\n", b"")
        if not raw.endswith(b"\r\n") or b"\r" in rest or b"\n" in rest or b"\0" in rest:
            raise AssertionError("%s %d: line ends" % (name, len(messages) + 1))
        messages.append((when, flags, raw))

    return put


def common(n, date, sender, subject, to=ME):
    return ["Date: " + date, "From: " + sender, "To: " + to, "Subject: " + subject, "Message-ID: <sample-%s@example.test>" % n]


TEXT = ["MIME-Version: 1.0", "Content-Type: text/plain; charset=us-ascii", "Content-Transfer-Encoding: 7bit"]
T0 = 1741392000  # 8 March 2025, 00:00:00 UTC: when the first message arrived; each other one comes a while later


def text_type(charset, encoding):
    return ["MIME-Version: 1.0", "Content-Type: text/plain; charset=" + charset, "Content-Transfer-Encoding: " + encoding]


def mixed(boundary, kind="mixed", more=""):
    return ["MIME-Version: 1.0", 'Content-Type: multipart/%s; boundary="%s"%s' % (kind, boundary, more)]


def languages(put):
    put(T0, "", message(
        common("1", "Sat, 8 Mar 2025 01:00:00 +0100", "Bob Builder <bob@example.test>", "Lunch on Friday?") + TEXT,
        crlf("Hello Alice,\n\nshall we have lunch on Friday? The place at the corner is open again.\n\nBob\n")))

    put(T0 + 3600, "S", message(
        common("2", "Sat, 8 Mar 2025 02:00:00 +0100", ew_q("Jürgen Größe", "UTF-8") + " <juergen@example.test>",
               ew_q("Grüße aus Köln, schöne Straße", "UTF-8")) + text_type("utf-8", "8bit"),
        crlf("Liebe Alice,\n\ndas hier ist Text in UTF-8, acht Bit, unverhüllt: äöüß – „so“ – 5 € – Ω ≈ 3.\n\nJürgen\n")))

    body = ("Chère Alice,\n\nl'été dernier à Besançon, nous avons mangé des crêpes. Ça te dirait d'y retourner ?\n"
            "Une ligne assez longue pour que le codage la coupe quelque part au milieu : garçon, forêt, noël, où, aigüe.\n"
            "1+1=2, et une espace à la fin \n\nAmitiés,\nZoë\n")
    put(T0 + 7200, "RS", message(
        common("3", "Sat, 8 Mar 2025 03:00:00 +0100", ew_q("Zoë Lefèvre", "ISO-8859-1") + " <zoe@example.test>",
               ew_q("L'été à Besançon", "ISO-8859-1")) + text_type('"ISO-8859-1"', "quoted-printable"),
        qp(body.encode("iso-8859-1"))))

    put(T0 + 10800, "FS", message(
        common("4", "Sat, 08 Mar 2025 12:00:00 +0900", ew_b("山田太郎", "ISO-2022-JP") + " <taro@example.test>",
               ew_b("会議の資料について", "ISO-2022-JP")) + text_type("ISO-2022-JP", "7bit"),
        crlf("アリス様\n\nお世話になっております。山田です。\n明日の会議の資料をお送りします。\n\n山田太郎\n".encode("iso-2022-jp"))))

    put(T0 + 14400, "S", message(
        common("5", "Sat, 8 Mar 2025 07:00:00 +0300", ew_b("Иван Петров", "KOI8-R") + " <ivan@example.test>",
               ew_b("Привет из Санкт-Петербурга", "KOI8-R")) + text_type("koi8-r", "base64"),
        b64("Привет, Алиса!\r\n\r\nПисьмо в кодировке KOI8-R. До встречи в мае.\r\n\r\nИван\r\n".encode("koi8-r"))))

    put(T0 + 18000, "", message(
        common("6", "Sat, 8 Mar 2025 13:00:00 +0800", ew_b("王小明", "GB18030") + " <wang@example.test>",
               ew_b("关于春天的旅行计划", "GB18030")) + text_type("GB18030", "base64"),
        b64("你好，爱丽丝：\r\n\r\n附上旅行计划。汉字扩展：㐀㐁，四字节编码也在这里：𠀀。\r\n\r\n小明\r\n".encode("gb18030"))))

    put(T0 + 21600, "S", message(
        common("7", "Sat, 8 Mar 2025 07:00:00 +0100", "Office <office@example.test>",
               ew_q("“Invoice” – 250 €", "windows-1252")) + text_type("Windows-1252", "quoted-printable"),
        qp("“Curly quotes”, an em dash — and the price: 250 €…\n™ and Š are here too.\n".encode("windows-1252"))))

    # A subject longer than one encoded word may be: three of them, cut between characters, folded; an emoji; Hebrew.
    subject = "\n ".join(ew_b(t, "UTF-8") for t in ("🎉 שלום לכולם, ", "ברכות ליום ההולדת ", "🎂 ומזל טוב"))
    put(T0 + 25200, "", message(
        common("8", "Sat, 8 Mar 2025 09:00:00 +0200", ew_b("רותי כהן", "UTF-8") + " <ruti@example.test>", subject) +
        text_type("UTF-8", "base64"),
        b64("שלום אליס,\r\n\r\nמזל טוב! 🎂🎉 (mixed: left to right, 123, וימין לשמאל)\r\n\r\nمرحبا أيضا\r\n".encode("utf-8"))))

    # Raw 8 bit in the header and no word about a charset anywhere: what old programs send.
    put(T0 + 28800, "S",
        head("Date: Sat, 8 Mar 2025 09:00:00 +0100", "From: caf@example.test", "To: " + ME) +
        b"Subject: Le caf\xe9 est pr\xeat\r\nMessage-ID: <sample-9@example.test>\r\n\r\nUn caf\xe9, s'il vous pla\xeet.\r\n")

    put(T0 + 32400, "", message(
        common("10", "Sat, 8 Mar 2025 19:00:00 +0900", ew_b("김철수", "EUC-KR") + " <chulsoo@example.test>",
               ew_b("안녕하세요", "EUC-KR")) + text_type("euc-kr", "8bit"),
        crlf("안녕하세요 앨리스,\n\n한국어 본문, 8비트.\n".encode("euc-kr"))))


def structures(put):
    html = ("<html><head><title>Newsletter</title></head><body>\n<h1>Spring catalogue</h1>\n"
            "<p>Everything is <b>20&nbsp;% off</b> &ndash; “today” only.</p>\n"
            '<script>alert("a mail reader does not run this")</script>\n</body></html>\n')
    plain = "Spring catalogue\n\nEverything is 20 % off – “today” only.\n"
    put(T0 + 90000, "S", message(
        common("11", "Sun, 9 Mar 2025 02:00:00 +0100", '"The \\"Shop\\"" <news@shop.example.test>', "Spring catalogue") +
        mixed("=_alt.1", "alternative"),
        multi("=_alt.1", [
            part(["Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: quoted-printable"], qp(plain.encode())),
            part(["Content-Type: text/html; charset=utf-8", "Content-Transfer-Encoding: quoted-printable"], qp(html.encode())),
        ], preamble=b"This is a message in MIME format.\r\n")))

    put(T0 + 93600, "FS", message(
        common("12", "Sun, 9 Mar 2025 03:00:00 +0100", "Accounts <accounts@example.test>", "Your invoice for February") +
        mixed("----=_Part_12"),
        multi("----=_Part_12", [
            part(["Content-Type: text/plain; charset=us-ascii"], crlf("The invoice is attached.\n")),
            part(["Content-Type: application/pdf",
                  "Content-Disposition: attachment;\n filename*=" + rfc2231("Rechnung März 2025 – 100 €.pdf", language="de"),
                  "Content-Transfer-Encoding: base64"], b64(pdf("Invoice 2025-02"))),
        ])))

    long_name = "Протокол собрания жильцов дома номер семнадцать, окончательная редакция.txt"
    encoded = rfc2231(long_name)
    # Cut between octets, so that a character may lie on both sides, but never within a %XX.
    cuts = re.findall(r"(?:%..|.){1,20}", encoded)
    pieces = ";\n ".join("filename*%d*=%s" % (i, c) for i, c in enumerate(cuts))
    put(T0 + 97200, "", message(
        common("13", "Sun, 9 Mar 2025 04:00:00 +0100", "Secretary <secretary@example.test>", "Minutes, three ways of naming a file") +
        mixed("b13"),
        multi("b13", [
            part(["Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: base64",
                  "Content-Disposition: attachment;\n " + pieces], b64("Протокол.\r\n".encode("utf-8"))),
            part(['Content-Type: text/plain; charset=us-ascii; name="%s"' % ew_b("Übersicht.txt", "UTF-8"),
                  'Content-Disposition: attachment; filename="%s"' % ew_b("Übersicht.txt", "UTF-8")],
                 crlf("An encoded word within quotes: not allowed, and everywhere.\n")),
            part(["Content-Type: application/octet-stream;\n name*0=\"part one of \"; name*1=\"a name.bin\"",
                  "Content-Transfer-Encoding: base64", "Content-Disposition: attachment"], b64(noise(100, "thirteen"))),
        ])))

    picture = png(16, 16, lambda x, y: (x * 16, y * 16, 128))
    related = multi("rel.14", [
        part(["Content-Type: text/html; charset=us-ascii"], crlf('<p>A picture: <img src="cid:pic.14@example.test" alt="colours"></p>\n')),
        part(["Content-Type: image/png; name=colours.png", "Content-Transfer-Encoding: base64", "Content-ID: <pic.14@example.test>",
              "Content-Disposition: inline; filename=colours.png"], b64(picture)),
    ])
    alternative = multi("alt.14", [
        part(["Content-Type: text/plain; charset=us-ascii"], crlf("A picture (see the HTML part).\n")),
        part(['Content-Type: multipart/related; type="text/html"; boundary=rel.14'], related),
    ])
    put(T0 + 100800, "S", message(
        common("14", "Sun, 9 Mar 2025 05:00:00 +0100", "Carol <carol@example.test>", "Mixed, alternative and related in one") +
        mixed("mix.14"),
        multi("mix.14", [
            part(["Content-Type: multipart/alternative; boundary=alt.14"], alternative),
            part(['Content-Type: text/csv; charset=utf-8; name="table.csv"', "Content-Transfer-Encoding: quoted-printable",
                  'Content-Disposition: attachment; filename="table.csv"'], qp("name;price\nÄpfel;1,20\nBirnen;1,50\n".encode())),
        ])))

    inner = message(
        ["Date: Fri, 7 Mar 2025 18:00:00 +0000", "From: Dave <dave@example.test>", "To: Carol <carol@example.test>",
         "Subject: " + ew_q("Original, with an attachment – naïve", "UTF-8"), "Message-ID: <inner-15@example.test>"] + mixed("in15"),
        multi("in15", [
            part(["Content-Type: text/plain"], crlf("The first message.\n")),
            part(["Content-Type: application/zip; name=notes.zip", "Content-Transfer-Encoding: base64",
                  "Content-Disposition: attachment; filename=notes.zip"], b64(zip_file([("notes.txt", b"notes\n"), ("more.txt", b"more\n")]))),
        ]))
    put(T0 + 104400, "S", message(
        common("15", "Sun, 9 Mar 2025 06:00:00 +0100", "Carol <carol@example.test>", "Fwd: Original, with an attachment") +
        ["In-Reply-To: <inner-15@example.test>", "References: <older@example.test>\n <inner-15@example.test>"] + mixed("out15"),
        multi("out15", [
            part(["Content-Type: text/plain; charset=us-ascii"], crlf("See below.\n")),
            part(["Content-Type: message/rfc822", "Content-Disposition: inline"], inner),
        ])))

    digest = [part([], message(common("16-%d" % i, "Sat, 8 Mar 2025 1%d:00:00 +0000" % i, "Member %d <m%d@example.test>" % (i, i),
                                      "Topic %d" % i, "list@example.test"), crlf("Message %d of the digest.\n" % i))) for i in (1, 2, 3)]
    put(T0 + 108000, "", message(
        common("16", "Sun, 9 Mar 2025 07:00:00 +0100", "Gardeners <list@example.test>", "Gardeners digest, volume 4") +
        ["List-Id: Gardeners <gardeners.example.test>", "List-Post: <mailto:list@example.test>",
         "List-Unsubscribe: <mailto:leave@example.test>,\n <https://lists.example.test/leave>", "Precedence: list"] +
        mixed("digest16", "digest"), multi("digest16", digest)))

    put(T0 + 111600, "S", message(
        common("17", "Sun, 9 Mar 2025 08:00:00 +0100", "Erin <erin@example.test>", "Text that flows") +
        ["MIME-Version: 1.0", "Content-Type: text/plain; charset=us-ascii; format=flowed; delsp=yes"],
        crlf(">> What was asked first,  \n>> on two lines.\n> And the answer to it.\n\nThis paragraph is one long line \n"
             " that was broken by the sender  \n at a good place.\n\n From here: a stuffed space.\n-- \nErin\n")))

    put(T0 + 115200, "", message(
        common("18", "Sun, 9 Mar 2025 09:00:00 +0100", "Mail Delivery System <mailer-daemon@mx.example.test>",
               "Undelivered Mail Returned to Sender") + ["Auto-Submitted: auto-replied"] +
        mixed("dsn/18", "report", ";\n report-type=delivery-status"),
        multi("dsn/18", [
            part(["Content-Type: text/plain; charset=us-ascii", "Content-Description: Notification"],
                 crlf("Your message to nobody@example.test could not be delivered.\n")),
            part(["Content-Type: message/delivery-status", "Content-Description: Delivery report"],
                 crlf("Reporting-MTA: dns; mx.example.test\nArrival-Date: Sun, 9 Mar 2025 08:59:58 +0100\n\n"
                      "Final-Recipient: rfc822; nobody@example.test\nAction: failed\nStatus: 5.1.1\nRemote-MTA: dns; in.example.test\n"
                      "Diagnostic-Code: smtp; 550 5.1.1 No such user here,\n    not now, not ever\n")),
            part(["Content-Type: text/rfc822-headers"],
                 crlf("From: Alice Example <alice@example.test>\nTo: nobody@example.test\nSubject: Anyone there?\n")),
        ])))

    put(T0 + 118800, "S", message(
        common("19", "Sun, 9 Mar 2025 10:00:00 +0100", "Frank <frank@example.test>", "Read: Lunch on Friday?") +
        mixed("mdn19", "report", "; report-type=disposition-notification"),
        multi("mdn19", [
            part(["Content-Type: text/plain"], crlf("Your message was displayed.\n")),
            part(["Content-Type: message/disposition-notification"],
                 crlf("Reporting-UA: reader.example.test; Reader 1.0\nFinal-Recipient: rfc822;frank@example.test\n"
                      "Original-Message-ID: <sample-1@example.test>\nDisposition: manual-action/MDN-sent-manually; displayed\n")),
        ])))

    put(T0 + 122400, "", message(
        common("20", "Sun, 9 Mar 2025 11:00:00 +0100", "Grace <grace@example.test>", "Invitation: planning") +
        mixed("cal20", "alternative"),
        multi("cal20", [
            part(["Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit"], crlf("Planning, Tuesday 10:00 – 11:00\n")),
            part(["Content-Type: text/calendar; charset=utf-8; method=REQUEST", "Content-Transfer-Encoding: 7bit"],
                 crlf("BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Example//Sample//EN\nMETHOD:REQUEST\nBEGIN:VEVENT\nUID:plan-20@example.test\n"
                      "DTSTAMP:20250309T100000Z\nDTSTART:20250311T090000Z\nDTEND:20250311T100000Z\nSUMMARY:Planning\nEND:VEVENT\nEND:VCALENDAR\n")),
        ])))

    put(T0 + 126000, "S", message(
        common("21", "Sun, 9 Mar 2025 12:00:00 +0100", "Heidi <heidi@example.test>", "Signed (the signature is only a sample)") +
        mixed("sig21", "signed", ";\n micalg=pgp-sha256; protocol=\"application/pgp-signature\""),
        multi("sig21", [
            part(["Content-Type: text/plain; charset=us-ascii"], crlf("These octets must stay exactly so.  \n- dashed line\n")),
            part(["Content-Type: application/pgp-signature; name=signature.asc"],
                 b"-----BEGIN PGP SIGNATURE-----\r\n\r\n" + b64(noise(96, "signature"), 64) + b"-----END PGP SIGNATURE-----\r\n"),
        ])))


def edges(put):
    references = "\n ".join("<thread-%02d.%s@example.test>" % (i, hashlib.sha256(b"%d" % i).hexdigest()[:24]) for i in range(40))
    people = ",\n\t".join('"Person Number %d" <person%d@example.test>' % (i, i) for i in range(1, 41))
    received = ["Received: from relay%d.example.test (relay%d.example.test [192.0.2.%d])\n\tby mx%d.example.test (Mail) with ESMTPS id 4Z%04d;\n"
                "\tMon, 10 Mar 2025 0%d:00:00 +0000 (UTC)" % (i, i, i, i, i * 77, 9 - i) for i in range(1, 9)]
    put(T0 + 180000, "S", message(
        received + common("22", "Mon, 10 Mar 2025 02:00:00 +0100 (CET)", "Ivan (the gardener) <ivan@example.test>",
                          "A subject that was folded\n at several places because it would not have fitted\n\ton one line otherwise", people) +
        ["Cc: Friends: ann@example.test, Ben <ben@example.test>;, undisclosed-recipients:;", "References: " + references,
         "X-Long: " + "x" * 900, "X-Empty:", "Comments: trailing spaces   "] + TEXT, crlf("Headers make up most of this one.\n")))

    put(T0 + 183600, "", message(
        common("23", "Mon, 10 Mar 2025 03:00:00 +0100", "Judy <judy@example.test>", "Dots and other lines to trip over") + TEXT,
        crlf(".\n..\n...\n.A line that begins with a dot.\nFrom nobody in particular, a line that begins with From.\n>From quoted\n"
             "+OK not a reply\n* 1 FETCH (not an answer)\n)\na001 OK done\n\n.\n\n.\n")))

    put(T0 + 187200, "S", message(common("24", "Mon, 10 Mar 2025 04:00:00 +0100", "Ken <ken@example.test>", "(nothing in here)"), b""))

    big = noise(1000000, "large")
    put(T0 + 190800, "", message(
        common("25", "Mon, 10 Mar 2025 05:00:00 +0100", "Laura <laura@example.test>", "The big one: a file of 1,000,000 octets") + mixed("big25"),
        multi("big25", [
            part(["Content-Type: text/plain"], crlf("Attached.\n")),
            part(["Content-Type: application/octet-stream; name=\"measurements.bin\"", "Content-Transfer-Encoding: base64",
                  "Content-Disposition: attachment; filename=\"measurements.bin\"; size=1000000"], b64(big)),
        ])))

    put(T0 + 194400, "S", message(
        common("26", "Mon, 10 Mar 2025 06:00:00 +0100", "Mallory <mallory@example.test>", "Long lines") + text_type("us-ascii", "7bit"),
        b"a" * 998 + b"\r\n" + b"b" * 999 + b"\r\n" + b"c " * 5000 + b"\r\n" + b"d" * 70000 + b"\r\n\r\n\r\n\r\n"))

    put(T0 + 198000, "", message(
        common("27", "Mon, 10 Mar 2025 07:00:00 +0100", "Mallory <mallory@example.test>", "Files with names to beware of") + mixed("evil27"),
        multi("evil27", [
            part(["Content-Type: text/plain"], crlf("Names that must not leave the folder they are saved in.\n")),
            part(["Content-Type: text/plain; name=\"../../../../etc/passwd\"", "Content-Disposition: attachment; filename=\"../../../../etc/passwd\""],
                 crlf("up and out\n")),
            part(["Content-Type: text/plain", "Content-Disposition: attachment; filename=\"/etc/cron.d/job\""], crlf("absolute\n")),
            part(["Content-Type: text/plain", "Content-Disposition: attachment; filename=\"..\\\\..\\\\autoexec.bat\""], crlf("backslashes\n")),
            part(["Content-Type: text/plain", "Content-Disposition: attachment; filename*=UTF-8''%1B%5B2Jclear%0Ascreen%2F.txt"], crlf("controls\n")),
            part(["Content-Type: text/plain", "Content-Disposition: attachment; filename=\".hidden\""], crlf("a dot first\n")),
            part(["Content-Type: text/plain", "Content-Disposition: attachment; filename=\"same.txt\""], crlf("the first\n")),
            part(["Content-Type: text/plain", "Content-Disposition: attachment; filename=\"same.txt\""], crlf("the second\n")),
            part(["Content-Type: text/plain", "Content-Disposition: attachment; filename=\"\""], crlf("no name\n")),
            part(["Content-Type: text/plain", "Content-Disposition: attachment; filename*=UTF-8''gpj.%E2%80%AEtxt.exe"], crlf("right to left\n")),
        ])))

    put(T0 + 201600, "S",
        head("Date: Mon, 10 Mar 2025 08:00:00 +0100", "From: Mallory <mallory@example.test>", "To: " + ME,
             "Subject: \x1b]0;title\x07 and \x1b[31mred\x1b[0m", "Message-ID: <sample-28@example.test>") +
        crlf("\nA terminal must not obey this: \x1b[2J\x1b[H\x1b]52;c;ZWNobw==\x07 \x08\x08\x0e\x9b31m done.\n".encode("latin-1")))

    put(T0 + 205200, "", message(
        common("29", "Mon, 10 Mar 2025 09:00:00 +0100", "Old Program <old@example.test>", "Never closed") + mixed("open29"),
        multi("open29", [
            part(["Content-Type: text/plain"], crlf("The last boundary is missing.\n")),
            part(["Content-Type: text/plain; name=x.txt", "Content-Disposition: attachment"], crlf("so this part ends with the message\n")),
        ], closed=False)))

    put(T0 + 208800, "", message(
        ["Date: Tue, 4 Mar 25 10:52:37 EST", "From: \"Smith, John (Sales)\" <\"john smith\"@example.test>", "Sender: secretary @ example.test",
         "To: alice@example.test (Alice), <@relay.example.test:bob@example.test>, (nobody) carol@[192.0.2.7]", "Subject: Old ways of writing",
         "Message-ID: <19990101.odd!id%here@example.test>", "In-Reply-To: Your message of Monday <sample-1@example.test>"],
        crlf("Addresses and dates as they were written long ago.\n")))


def folders():
    put = mailbox("Archive/2025")
    for when, name in ((1735732800, "January"), (1738411200, "February"), (1740830400, "March")):
        put(when, "S", message(
            common("archive-" + name, "1 %s 2025 12:00:00 +0000" % name[:3], "Reports <reports@example.test>", "Report for " + name) + TEXT,
            crlf("Nothing to report in %s.\n" % name)))

    put = mailbox("Projects/Ünïcode")
    put(T0 + 1000, "FS", message(
        common("unicode-1", "Sat, 8 Mar 2025 00:16:40 +0000", "Team <team@example.test>", ew_b("Ünïcode im Ordnernamen", "UTF-8")) +
        text_type("utf-8", "8bit"), crlf("Ein Ordner mit Umlauten.\n")))
    put(T0 + 2000, "", message(
        common("unicode-2", "Sat, 8 Mar 2025 00:33:20 +0000", "Team <team@example.test>", "Re: plan") + TEXT, crlf("Agreed.\n")))

    put = mailbox("日本語")
    put(T0 + 3000, "", message(
        common("ja-1", "Sat, 8 Mar 2025 09:50:00 +0900", ew_b("鈴木花子", "UTF-8") + " <hanako@example.test>", ew_b("写真を送ります", "UTF-8")) +
        text_type("Shift_JIS", "base64"), b64("写真は次のメールで送ります。\r\n".encode("shift_jis"))))

    put = mailbox("日本語/添付ファイル")
    put(T0 + 4000, "S", message(
        common("ja-2", "Sat, 8 Mar 2025 10:06:40 +0900", ew_b("鈴木花子", "UTF-8") + " <hanako@example.test>", ew_b("写真", "UTF-8")) + mixed("ja2"),
        multi("ja2", [
            part(["Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit"], crlf("写真です。\n")),
            part(["Content-Type: image/png", "Content-Transfer-Encoding: base64",
                  "Content-Disposition: attachment; filename*=" + rfc2231("写真.png")], b64(png(24, 24, lambda x, y: (255, y * 10, x * 10)))),
        ])))

    put = mailbox("R&D/Lab notes")
    put(T0 + 5000, "S", message(
        common("lab-1", "Sat, 8 Mar 2025 01:23:20 +0000", "Lab <lab@example.test>", "An ampersand in the folder's name") + TEXT, crlf("Noted.\n")))

    put = mailbox("Odd \"quoted\" name")
    put(T0 + 5500, "", message(
        common("odd-1", "Sat, 8 Mar 2025 01:31:40 +0000", "Lab <lab@example.test>", "Quotation marks in the folder's name") + TEXT, crlf("Noted.\n")))

    put = mailbox("Sent")
    put(T0 + 6000, "S", message(
        common("sent-1", "Sat, 8 Mar 2025 01:40:00 +0000", ME, "Re: Lunch on Friday?", "Bob Builder <bob@example.test>") +
        ["In-Reply-To: <sample-1@example.test>", "References: <sample-1@example.test>"] + TEXT, crlf("Yes, gladly.\n\nAlice\n")))

    put = mailbox("Drafts")
    put(T0 + 7000, "DS", message(["From: " + ME, "Subject: Not finished yet"] + TEXT, crlf("Dear\n")))

    put = mailbox("Trash")
    put(T0 + 8000, "ST", message(
        common("trash-1", "Sat, 8 Mar 2025 02:13:20 +0000", "Spam <spam@example.test>", ew_q("You have won £1,000,000", "ISO-8859-15")) + TEXT,
        crlf("Click nowhere.\n")))

    mailbox("Empty")


# ---- out -----------------------------------------------------------------------------------------------------------------


def utf7m(name):
    """A mailbox name in modified UTF-7 (RFC 3501, 5.1.3)."""
    out, run = "", ""

    def flush():
        return "&" + base64.b64encode(run.encode("utf-16-be")).decode().rstrip("=").replace("/", ",") + "-" if run else ""

    for c in name:
        if " " <= c <= "~":
            out += flush() + ("&-" if c == "&" else c)
            run = ""
        else:
            run += c
    return out + flush()


def maildir_folder(root, name):
    """The folder of a mailbox in a Maildir++ tree, with its cur, new and tmp; made where it is missing, parents too."""
    if name == "INBOX":
        path = root
    else:
        if "/" in name:
            maildir_folder(root, name.rpartition("/")[0])
        path = os.path.join(root, "." + utf7m(name).replace("/", "."))
    for sub in ("cur", "new", "tmp"):
        os.makedirs(os.path.join(path, sub), exist_ok=True)
    if name != "INBOX":
        write(os.path.join(path, "maildirfolder"), b"")
    return path


def write(path, data, when=T0):
    with open(path, "wb") as f:
        f.write(data)
    os.utime(path, (when, when))


FLAG_NAMES = {"D": "\\Draft", "F": "\\Flagged", "R": "\\Answered", "S": "\\Seen", "T": "\\Deleted"}


def main(argv):
    if len(argv) != 2 or argv[1].startswith("-"):
        print(__doc__, file=sys.stderr)
        return 64
    out = argv[1]
    for name in ("eml", "Maildir", "manifest.jsonl"):
        if os.path.lexists(os.path.join(out, name)):
            print("make.py: %s is there already" % os.path.join(out, name), file=sys.stderr)
            return 73
    inbox = mailbox("INBOX")
    languages(inbox)
    structures(inbox)
    edges(inbox)
    folders()
    root = os.path.join(out, "Maildir")
    manifest = []
    for name, messages in MAILBOXES:
        path = maildir_folder(root, name)
        plain = os.path.join(out, "eml", *name.split("/"))
        os.makedirs(plain, exist_ok=True)
        for n, (when, flags, raw) in enumerate(messages, 1):
            base = "%d.M%dP%d.sample,S=%d,W=%d" % (when, n, n, len(raw), len(raw))
            # Two that nobody has seen arrive: without flags, in new.
            fresh = name == "INBOX" and n in (1, 30)
            write(os.path.join(path, "new", base) if fresh else os.path.join(path, "cur", base + ":2," + flags), raw, when)
            write(os.path.join(plain, "%d.eml" % n), raw, when)
            manifest.append({"folder": name, "number": n, "flags": [FLAG_NAMES[f] for f in flags], "internal_date": when,
                             "size": len(raw), "sha256": hashlib.sha256(raw).hexdigest()})
    subscribed = "".join(utf7m(name).replace("/", "\t") + "\n" for name, _ in MAILBOXES if name not in ("Trash", "Empty"))
    write(os.path.join(root, "subscriptions"), b"V\t2\n\n" + subscribed.encode())
    write(os.path.join(out, "manifest.jsonl"), b"".join(json.dumps(m, ensure_ascii=False).encode() + b"\n" for m in manifest))
    print("%d messages in %d mailboxes, %d octets" % (len(manifest), len(MAILBOXES), sum(m["size"] for m in manifest)))
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv))
    except OSError as e:
        print("make.py: %s" % e, file=sys.stderr)
        sys.exit(73)
