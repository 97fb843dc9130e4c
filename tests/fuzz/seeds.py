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
CHANGES = 150


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


def seeds(name, tests):
    folder = os.path.join(tests, "transcripts", name.split("_")[0])
    for file in sorted(os.listdir(folder)):
        if file.endswith(".txt"):
            yield file[:-4], from_transcript(os.path.join(folder, file))


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
        return subprocess.run([target, "-n", str(CHANGES)] + files).returncode


if __name__ == "__main__":
    sys.exit(main())
