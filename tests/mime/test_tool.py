#!/usr/bin/env python3
"""test_tool.py MAILACCESS CORPUS_DIR - parse and extract of the tool over our own messages: what they print against
the files themselves, against Python's own parser where a message leaves no choice, and file names that mean harm."""
import email
import email.policy
import hashlib
import json
import os
import pathlib
import stat
import subprocess
import sys
import tempfile

TOOL, CORPUS = sys.argv[1], pathlib.Path(sys.argv[2])
# Messages that leave no choice: every reader must find the same. (Python keeps white space at the end of
# quoted-printable lines, which RFC 2045 section 6.7 has deleted, and enters every message/*: those are not here.)
PLAIN = ["plain", "mixed", "nested", "forwarded", "html-only", "attachment-only", "signed", "digest", "after-last-boundary", "boundary-at-end", "crlf-in-body-end", "lf-only",
         "boundary-prefix", "dashes", "message-root"]
count = failed = 0


def check(what, ok, why=""):
    global count, failed
    count += 1
    failed += not ok
    print("%s %d - %s%s" % ("ok" if ok else "not ok", count, what, "" if ok else " # %s" % (why,)), flush=True)


def tool(*args, data=None):
    return subprocess.run([TOOL, *map(str, args)], input=data, capture_output=True)


def parse(path):
    run = tool("parse", "--json", "--digest", path)
    return json.loads(run.stdout.decode("utf-8")) if run.returncode == 0 else None


def text_form(text):
    return text.replace("\r\n", "\n").rstrip("\n").encode("utf-8")


def walk(msg):
    """Parts in document order as the tool lists them: the body of an attached message is a part of its own."""
    yield msg
    if msg.is_multipart():
        for part in msg.get_payload():
            yield from walk(part)


def expected(part):
    """(type, sha256 of the decoded octets or None, sha256 of the text or None)"""
    if part.is_multipart() or part.get_content_maintype() in ("multipart", "message"):
        return part.get_content_type(), None, None
    octets = part.get_payload(decode=True)
    text = None
    if part.get_content_maintype() == "text":
        charset = part.get_content_charset() or "utf-8"
        text = hashlib.sha256(text_form(octets.decode(charset, "replace"))).hexdigest()
    return part.get_content_type(), hashlib.sha256(octets).hexdigest(), text


def differential(name):
    data = (CORPUS / (name + ".eml")).read_bytes()
    msg = email.message_from_bytes(data)
    got = parse(CORPUS / (name + ".eml"))
    want = [expected(p) for p in walk(msg)]
    have = [(p["content_type"], p["sha256"], p.get("text_sha256")) for p in got["parts"]]
    if [w[0] for w in want] != [h[0] for h in have]:
        return "types %s, not %s" % ([h[0] for h in have], [w[0] for w in want])
    for w, h, part in zip(want, have, got["parts"]):
        if w[1] is not None and w[1] != h[1]:
            return "octets of part %s" % part["path"]
        if w[2] is not None and w[2] != h[2]:
            return "text of part %s" % part["path"]
    values = email.message_from_bytes(data, policy=email.policy.default)
    if got.get("subject") != values.get("Subject"):
        return "subject"
    if [a["address"] for a in got.get("from", [])] != [a.addr_spec for a in (values["From"].addresses if values["From"] else ())]:
        return "from"
    if values["Date"] is not None and got.get("date_epoch") != int(values["Date"].datetime.timestamp()):
        return "date"
    return None


def offsets(path):
    data, got = path.read_bytes(), parse(path)
    if got is None or got["size"] != len(data):
        return "no answer, or another size"
    for part in got["parts"]:
        end = part["body_offset"] + part["body_length"]
        if not 0 <= part["header_offset"] <= part["body_offset"] <= end:
            return "offsets of %s" % part["path"]
        if part.get("decoded"):
            continue
        body = data[part["body_offset"]:end]
        if end > len(data):
            return "part %s ends behind the message" % part["path"]
        encoding = part.get("transfer_encoding")
        if encoding in (None, "7bit", "8bit", "binary") and hashlib.sha256(body).hexdigest() != part["sha256"]:
            return "octets of %s" % part["path"]
    if [w for w in got["warnings"] if set(w) != {"code", "offset"}]:
        return "warnings"
    return None


def test_parse():
    for path in sorted(CORPUS.glob("*.eml")):
        why = offsets(path)
        check("parse %s" % path.stem, why is None, why)
    for name in PLAIN:
        why = differential(name)
        check("%s is what Python reads" % name, why is None, why)
    run = tool("parse", "--json", "-", data=(CORPUS / "plain.eml").read_bytes())
    check("parse -", run.returncode == 0 and json.loads(run.stdout)["file"] == "-")
    run = tool("parse", "--json", CORPUS / "plain.eml", CORPUS / "missing.eml", CORPUS / "mixed.eml")
    check("a missing file is 66 and does not cost the others", run.returncode == 66 and run.stdout.count(b"\n") == 2,
          run.returncode)
    run = tool("parse", CORPUS / "mailsploit.eml")
    check("O02: nothing that a terminal obeys", run.returncode == 0 and not set(run.stdout) & (set(range(32)) - {10} | {127}))
    run = tool("parse")
    check("no file is a wrong command line", run.returncode == 64)


def test_extract_one():
    path = CORPUS / "mixed.eml"
    run = tool("extract", path, "2")
    check("one part to standard output", run.returncode == 0 and run.stdout == bytes(range(200)))
    run = tool("extract", path, "3")
    check("a part that is not there is 65", run.returncode == 65 and run.stdout == b"" and b"no part 3" in run.stderr)
    with tempfile.TemporaryDirectory() as work:
        to = pathlib.Path(work) / "out.bin"
        run = tool("extract", path, "2", "--to=%s" % to)
        check("one part to a file of mode 0600", run.returncode == 0 and to.read_bytes() == bytes(range(200)) and
              stat.S_IMODE(to.stat().st_mode) == 0o600, run.stderr)
        to.write_bytes(b"mine")
        run = tool("extract", path, "2", "--to=%s" % to)
        check("O07: never over another file", run.returncode == 73 and to.read_bytes() == b"mine", run.returncode)
        to.unlink()
        target = pathlib.Path(work) / "target"
        to.symlink_to(target)
        run = tool("extract", path, "2", "--to=%s" % to)
        check("O08: no link is followed", run.returncode == 73 and not target.exists(), run.returncode)
        check("O10: nothing is left behind", sorted(os.listdir(work)) == ["out.bin"], os.listdir(work))


def test_extract_all():
    with tempfile.TemporaryDirectory() as work:
        inner = pathlib.Path(work) / "in" / "here"
        inner.mkdir(parents=True)
        outside = pathlib.Path(work) / "outside"
        (inner / "report.pdf").symlink_to(outside)
        before = sorted(os.listdir(work)), sorted(os.listdir(inner.parent))
        run = tool("--json", "extract", "--all", "--to=%s" % inner, CORPUS / "filename-attacks.eml", CORPUS / "mixed.eml",
                   CORPUS / "mixed.eml", CORPUS / "forwarded.eml")
        lines = [json.loads(x) for x in run.stdout.splitlines()]
        files = sorted(x["file"] for x in lines)
        check("every attachment is saved", run.returncode == 0 and len(lines) == 16, (run.returncode, len(lines), run.stderr))
        check("O05: and nowhere else", (sorted(os.listdir(work)), sorted(os.listdir(inner.parent))) == before)
        check("O05: under the names that were said", sorted(set(os.listdir(inner)) - {"report.pdf"}) == files, os.listdir(inner))
        check("O07: each under a name of its own", len(set(files)) == len(files))
        check("O08: a link in the way is not followed", not outside.exists() and (inner / "report.pdf").is_symlink())
        bad = [f for f in files if f[0] in ".-" or set(f) & set('/\\:*?"<>|\u202e\t') or len(f.encode()) > 220]
        check("O04: no name climbs, hides or misleads", not bad, bad)
        check("O08: mode 0600", all(stat.S_IMODE((inner / f).stat().st_mode) == 0o600 for f in files))
        sizes = {x["file"]: x["size"] for x in lines}
        check("sizes are those of the files", all((inner / f).stat().st_size == n for f, n in sizes.items()))
        check("a message is saved as it is", (inner / "original.eml").read_bytes().startswith(b"From: Carl"))
    run = tool("extract", "--all", CORPUS / "mixed.eml")
    check("--all wants --to", run.returncode == 64)


def test_files_inside():
    found = {x["path"]: x.get("files", []) for x in parse(CORPUS / "tnef.eml")["parts"]}
    names = [(f["kind"], f.get("filename"), f["size"]) for f in found["2"]]
    check("parse lists what TNEF carries", names == [("tnef", "Jahresbericht f\u00fcr alle.pdf", 9),
                                                    ("tnef-message", "Forwarded", 70), ("tnef-body", None, 22)], names)
    check("extract takes one file out of a part", tool("extract", CORPUS / "uuencode.eml", "1/2").stdout == b"hello\n")
    check("65: a file that is not there", tool("extract", CORPUS / "uuencode.eml", "1/3").returncode == 65)
    with tempfile.TemporaryDirectory() as work:
        run = tool("--json", "extract", "--all", "--to=%s" % work, CORPUS / "uuencode.eml", CORPUS / "tnef.eml", CORPUS / "yenc.eml")
        got = {f: (pathlib.Path(work) / f).read_bytes() for f in os.listdir(work) if f != "winmail.dat"}
        want = {"first.bin": bytes(range(100)), "_.._second.txt": b"hello\n", "Jahresbericht f\u00fcr alle.pdf": b"%PDF-1.4\n",
                "inner.txt": b"inside\n", "a file.bin": bytes(range(100)), "wrong.bin": b"wrong"}
        check("files in uuencode, yEnc and TNEF are saved", run.returncode == 0 and got == want, (run.stderr, sorted(got)))


test_parse()
test_files_inside()
test_extract_one()
test_extract_all()
print("1..%d" % count)
sys.exit(failed != 0)
