"""parse and extract: messages on disk, and attachments under names that stay where they belong."""
import base64
import email
import hashlib
import json
import os
import re
import sys

import live
from live import check, equal, run

HERE = os.path.join(live.sample(), "eml", "INBOX")
make = None


if live.TOOL and run("parse", os.path.join(HERE, "1.eml"), auth=False, expect=None).code == live.USAGE:
    print("1..0 # SKIP this version of the tool does not parse")
    sys.exit(0)


def eml(number):
    return os.path.join(HERE, "%d.eml" % number)


def parse(*paths, **how):
    return run("--json", "parse", "--digest", *paths, auth=False, **how).json()


def digest(data):
    return hashlib.sha256(data).hexdigest()


def parts_of(number):
    return {p["path"]: p for p in parse(eml(number))[0]["parts"]}


def test_every_sample_parses():
    paths = [eml(m["number"]) for m in live.manifest("INBOX")]
    got = parse(*paths)
    equal([g["file"] for g in got], paths)
    for g, m in zip(got, live.manifest("INBOX")):
        equal(g["size"], m["size"])
        check(g["parts"], g)


def test_header_fields():
    g = parse(eml(3))[0]
    equal(g["subject"], "L'été à Besançon")
    equal(g["from"], [{"name": "Zoë Lefèvre", "address": "zoe@example.test"}])
    equal(g["date"], "2025-03-08T03:00:00+01:00")
    equal(g["date_epoch"], 1741399200)
    check(g["message_id"].strip("<>") == "sample-3@example.test", g)
    g = parse(eml(15))[0]
    equal([x.strip("<>") for x in g["references"]], ["older@example.test", "inner-15@example.test"])
    equal([x.strip("<>") for x in g["in_reply_to"]], ["inner-15@example.test"])
    check("bcc" not in g and "sender" not in g, "absent fields are absent keys", g)
    equal(len(parse(eml(22))[0]["to"]), 40)
    equal(len(parse(eml(22))[0]["references"]), 40)


def test_parts():
    p = parts_of(14)
    equal([(k, v["content_type"]) for k, v in p.items()],
          [("TEXT", "multipart/mixed"), ("1", "multipart/alternative"), ("1.1", "text/plain"), ("1.2", "multipart/related"),
           ("1.2.1", "text/html"), ("1.2.2", "image/png"), ("2", "text/csv")])
    equal(p["1.2.2"]["filename"], "colours.png")
    equal(p["1.2.2"]["content_id"].strip("<>"), "pic.14@example.test")
    p = parts_of(15)
    equal([(k, v["content_type"]) for k, v in p.items()],
          [("TEXT", "multipart/mixed"), ("1", "text/plain"), ("2", "message/rfc822"), ("2.TEXT", "multipart/mixed"), ("2.1", "text/plain"),
           ("2.2", "application/zip")])
    p = parts_of(16)
    equal([k for k, v in p.items() if v["content_type"] == "message/rfc822"], ["1", "2", "3"], "a digest's parts are messages")
    p = parts_of(1)
    equal(list(p), ["1"])


def test_names():
    equal(parts_of(12)["2"]["filename"], "Rechnung März 2025 – 100 €.pdf")
    p = parts_of(13)
    equal(p["1"]["filename"], "Протокол собрания жильцов дома номер семнадцать, окончательная редакция.txt")
    equal(p["2"]["filename"], "Übersicht.txt")
    equal(p["3"]["filename"], "part one of a name.bin")


def test_text_digests():
    """The decoded text of each charset, as UTF-8."""
    want = {2: "Liebe Alice,\n\ndas hier ist Text in UTF-8, acht Bit, unverhüllt: äöüß – „so“ – 5 € – Ω ≈ 3.\n\nJürgen",
            4: "アリス様\n\nお世話になっております。山田です。\n明日の会議の資料をお送りします。\n\n山田太郎",
            5: "Привет, Алиса!\n\nПисьмо в кодировке KOI8-R. До встречи в мае.\n\nИван",
            6: "你好，爱丽丝：\n\n附上旅行计划。汉字扩展：㐀㐁，四字节编码也在这里：𠀀。\n\n小明",
            7: "“Curly quotes”, an em dash — and the price: 250 €…\n™ and Š are here too.",
            10: "안녕하세요 앨리스,\n\n한국어 본문, 8비트."}
    for number, text in want.items():
        equal(parts_of(number)["1"].get("text_sha256"), digest(text.encode()), "message %d" % number)


def test_offsets():
    for number in (2, 12, 14, 21):
        with open(eml(number), "rb") as f:
            raw = f.read()
        for path, p in parts_of(number).items():
            check(0 <= p["header_offset"] <= p["body_offset"] <= p["body_offset"] + p["body_length"] <= len(raw), number, p)
    with open(eml(21), "rb") as f:
        raw = f.read()
    p = parts_of(21)["1"]
    equal(raw[p["body_offset"] : p["body_offset"] + p["body_length"]], b"These octets must stay exactly so.  \r\n- dashed line\r\n")


def test_digest_of_attachment():
    with open(eml(25), "rb") as f:
        message = email.message_from_binary_file(f)
    want = message.get_payload(1).get_payload(decode=True)
    p = parts_of(25)["2"]
    equal((p["size"], p["sha256"]), (1000000, digest(want)))


def test_warnings():
    check(parse(eml(29))[0].get("warnings"), "a missing boundary is worth a warning")
    check(parse(eml(9))[0].get("warnings"), "raw 8 bit is worth a warning")
    check(not parse(eml(12))[0].get("warnings"), parse(eml(12))[0].get("warnings"))


def test_standard_input():
    with open(eml(3), "rb") as f:
        raw = f.read()
    got = run("--json", "parse", "-", auth=False, stdin=raw).json()
    equal(got[0]["subject"], "L'été à Besançon")
    got = run("--json", "parse", "-", auth=False, stdin=b"").json()
    equal(len(got), 1)


def test_missing_file():
    run("parse", "/nonexistent/x.eml", auth=False, expect=live.NOINPUT)
    r = run("--json", "parse", eml(1), "/nonexistent/x.eml", eml(2), auth=False, expect=live.NOINPUT)
    equal(len(r.json()), 2, "the others are parsed")


def test_text_is_safe():
    for number in range(1, 31):
        out = run("parse", eml(number), auth=False).out
        check(not [c for c in out if c < 32 and c not in (9, 10) or c == 127], "message", number)


def test_extract_one():
    with open(eml(14), "rb") as f:
        message = email.message_from_binary_file(f)
    want = message.get_payload(0).get_payload(1).get_payload(1).get_payload(decode=True)
    to = os.path.join(live.folder("extract"), "picture.png")
    run("extract", eml(14), "1.2.2", "--to=" + to, auth=False)
    with open(to, "rb") as f:
        equal(f.read(), want)
    equal(run("extract", eml(14), "1.2.2", auth=False).out, want, "to standard output")
    run("extract", eml(14), "9.9", auth=False, expect=live.DATAERR)
    run("extract", "/nonexistent/x.eml", "1", auth=False, expect=live.NOINPUT)


def inside(outer, to):
    """The files below `outer`: all must be in `to`."""
    got = {}
    for base, folders, names in os.walk(outer):
        for name in names:
            path = os.path.join(base, name)
            check(os.path.dirname(path) == to, "outside of the folder:", path)
            check(not os.path.islink(path), path)
            with open(path, "rb") as f:
                got[name] = f.read()
    return got


def test_extract_hostile_names():
    outer = live.folder("extract")
    to = os.path.join(outer, "a", "b", "c", "d", "e")
    os.makedirs(to)
    rows = run("--json", "extract", eml(27), "--all", "--to=" + to, auth=False).json()
    got = inside(outer, to)
    equal(len(rows), len(got), "rows and files")
    for name in got:
        check(not name.startswith(".") and not re.search("[\x00-\x1f\x7f/\\\\\u202a-\u202e]", name), "an unsafe name:", repr(name))
    bodies = {v.strip() for v in got.values()}
    for body in (b"up and out", b"absolute", b"backslashes", b"controls", b"a dot first", b"the first", b"the second", b"no name", b"right to left"):
        check(body in bodies, body, "is missing:", sorted(got))
    before = dict(got)
    run("--json", "extract", eml(27), "--all", "--to=" + to, auth=False)
    again = inside(outer, to)
    for name, data in before.items():
        equal(again[name], data, "written over: " + name)


def test_extract_through_a_link():
    """A link that lies in the way is not written through."""
    outer = live.folder("extract")
    to, victim = os.path.join(outer, "to"), os.path.join(outer, "victim")
    os.mkdir(to)
    with open(victim, "w") as f:
        f.write("mine")
    os.symlink(victim, os.path.join(to, "table.csv"))
    run("extract", eml(14), "--all", "--to=" + to, auth=False, expect=None)
    with open(victim) as f:
        equal(f.read(), "mine")


def test_extract_many_files():
    to = live.folder("extract")
    rows = run("--json", "extract", eml(12), eml(13), eml(15), "--all", "--to=" + to, auth=False).json()
    names = {r.get("filename") for r in rows}
    check("Rechnung März 2025 – 100 €.pdf" in names and "Übersicht.txt" in names, names)
    # A message within a message is one file: what is in it is got by extracting from that.
    check([r for r in rows if r["file"].endswith(".eml") and r["part"] == "2"], rows)
    for r in rows:
        path = r["file"] if os.path.exists(r["file"]) else os.path.join(to, r["file"])
        if os.path.exists(path) and os.path.dirname(path) == to:
            equal(os.path.getsize(path), r["size"], r)


def test_extract_from_a_server():
    server = live.Dovecot()
    to = live.folder("extract")
    rows = run("--json", *server.tls(), "extract", server.url("imaps", "INBOX"), "12", "25", "--all", "--to=" + to).json()
    check({"Rechnung März 2025 – 100 €.pdf", "measurements.bin"} <= {r["filename"] for r in rows}, rows)
    sizes = sorted(os.path.getsize(os.path.join(to, n)) for n in os.listdir(to) if not n.startswith("."))
    check(1000000 in sizes, sizes)
    check(not os.path.islink(to) and len(sizes) == len(rows), sizes, rows)
    to = live.folder("extract")
    uidl = [r["uidl"] for r in run("--json", *server.tls(), "list", server.url("pop3s")).json()][24]
    run("--json", *server.tls(), "extract", server.url("pop3s"), uidl, "--all", "--to=" + to)
    check(1000000 in [os.path.getsize(os.path.join(to, n)) for n in os.listdir(to)], os.listdir(to))
    server.stop()


def test_output_to_where_it_cannot_go():
    run("extract", eml(12), "2", "--to=/proc/nowhere/x", auth=False, expect=live.CANTCREAT)
    r = run("extract", eml(12), "--all", "--to=/proc/nowhere", auth=False, expect=None)
    check(r.code in (live.CANTCREAT, live.IOERR), r)


sys.exit(live.main(globals()))
