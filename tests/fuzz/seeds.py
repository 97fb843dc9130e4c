#!/usr/bin/env python3
"""Make seeds for a fuzz target out of what the tests have, and play them.

    seeds.py NAME TESTS TARGET     play seeds and changes of them
    seeds.py NAME TESTS -o DIR     only write the seeds, for libFuzzer
"""
import os
import re
import subprocess
import sys
import tempfile

ESCAPES = {"r": 13, "n": 10, "t": 9, "0": 0, "\\": 92, '"': 34}
CHANGES = {"imap_resp": 20, "bodystructure": 60, "roundtrip_mbname": 300}
CHANGES_ELSE = 150
RUNS = 8000  # in all, so that the time does not grow with the number of transcripts
STRING = rb'"(?:[^"\\]|\\.)*"'


def unescape(text):
    out = bytearray()
    i = 0
    raw = text.encode()
    while i < len(raw):
        if raw[i] != 92 or i + 1 == len(raw):
            out.append(raw[i])
            i += 1
        elif raw[i + 1 : i + 2] == b"x":
            out.append(int(raw[i + 2 : i + 4], 16))
            i += 4
        else:
            out.append(ESCAPES.get(chr(raw[i + 1]), raw[i + 1]))
            i += 2
    return bytes(out)


def from_transcript(path):
    """The server's side: an octet of options, then what it says, 0xFE where it waits."""
    security = 0
    out = bytearray()
    waits = False
    for line in open(path, encoding="utf-8").read().split("\n"):
        if line.startswith("OPTIONS:"):
            security = 2 if "security=none" in line else 1 if "security=starttls" in line else 0
        m = re.match(r"S(\*(\d+)|-)?: ?(.*)$", line)
        if m:
            if waits:
                out.append(0xFE)
            waits = False
            end = b"" if m.group(1) == "-" else b"\r\n"
            out += (unescape(m.group(3)) + end) * min(int(m.group(2) or 1), 50)
        elif line.startswith(("C:", "C-:", "DO:", "TLS:")):
            waits = True
    return bytes([security]) + bytes(out)


def c_string(text):
    """The octets of adjacent C string literals."""

    def octet(m):
        if m.group(1):
            return bytes([int(m.group(1), 8)])
        return bytes([ESCAPES.get(m.group(2).decode(), ord(m.group(2)))])

    escape = re.compile(rb"\\(?:([0-7]{1,3})|(.))", re.S)
    return b"".join(escape.sub(octet, part[1:-1]) for part in re.findall(STRING, text, re.S))


def imap_samples(tests):
    """What stands first in each OCTETS(in, expected) of the unit tests: one response."""
    folder = os.path.join(tests, "unit", "imap")
    for file in sorted(os.listdir(folder)):
        if file.endswith(".c"):
            text = open(os.path.join(folder, file), "rb").read()
            for m in re.finditer(rb"OCTETS\(\s*((?:" + STRING + rb"\s*)+),", text, re.S):
                yield c_string(m.group(1))


def imap_seeds(name, tests):
    lines = list(imap_samples(tests))
    if name == "imap_resp":  # options, cuts, a stream of responses
        for i in range(0, len(lines), 3):
            stream = b"\r\n".join(lines[i : i + 3]) + b"\r\n"
            yield "%04d" % i, bytes([i % 16, i % 7]) + stream
    elif name == "bodystructure":
        for i, line in enumerate(lines):
            for item in (b"BODYSTRUCTURE ", b"ENVELOPE "):
                if item in line:
                    yield "%04d" % i, line.split(item, 1)[1][:-1]
    else:
        names = [line.split(b'"/" ', 1)[1] for line in lines if b'"/" ' in line]
        names += ["\u53f0\u5317 & caf\xe9 \U0001f600".encode(), b"&U,BTFw-/&ZeVnLIqe-", b"&2D3eAA-"]
        for i, text in enumerate(names):
            yield "%04d" % i, text


def from_imap(path):
    """What is said behind the greeting, with the tags of fuzz_imap_server.c."""
    tags = {}
    out = bytearray([3])
    greeted = False
    for line in open(path, encoding="utf-8").read().split("\n"):
        m = re.match(r"S(\*(\d+)|-)?: ?(.*)$", line)
        if not m:
            continue
        if not greeted:
            greeted = True
            continue
        text = re.sub(r"\\\((\w+)\)", lambda t: tags.setdefault(t.group(1), "T%d" % (len(tags) + 1)), m.group(3))
        out += (unescape(text) + (b"" if m.group(1) == "-" else b"\r\n")) * min(int(m.group(2) or 1), 50)
    return bytes(out)


# The targets of mail take files as they are: messages, or these beginnings of names in seeds/.
FILES = {
    "mime": None,
    "encword": ["value"],
    "address": ["value"],
    "date": ["value"],
    "deflate": ["value"],
    "param": ["value", "meaning"],
    "report": ["meaning"],
    "partial": ["meaning"],
}


def file_seeds(name, tests):
    folder = os.path.join(tests, "mime" if name == "mime" else "fuzz/seeds")
    for file in sorted(os.listdir(folder)):
        if file.endswith(".eml") if name == "mime" else file.split("-")[0] in FILES.get(name, [name]):
            yield file, open(os.path.join(folder, file), "rb").read()


def seeds(name, tests):
    if name in ("imap_resp", "bodystructure", "roundtrip_mbname"):
        yield from imap_seeds(name, tests)
        return
    if not name.endswith("_server"):
        yield from file_seeds(name, tests)
        return
    folder = os.path.join(tests, "transcripts", name.split("_")[0])
    for file in sorted(os.listdir(folder)):
        if file.endswith(".txt"):
            read = from_imap if name.startswith("imap") else from_transcript
            yield file[:-4], read(os.path.join(folder, file))


def main():
    name, tests, target = sys.argv[1:4]
    with tempfile.TemporaryDirectory() as work:
        out = sys.argv[4] if target == "-o" else work
        os.makedirs(out, exist_ok=True)
        files = []
        for seed, data in seeds(name, tests):
            files.append(os.path.join(out, seed))
            with open(files[-1], "wb") as f:
                f.write(data)
        if target == "-o":
            return 0
        changes = min(CHANGES.get(name, CHANGES_ELSE), RUNS // len(files) + 1)
        return subprocess.run([target, "-n", str(changes)] + files).returncode


if __name__ == "__main__":
    sys.exit(main())
