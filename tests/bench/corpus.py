#!/usr/bin/env python3
"""corpus.py NAME FOLDER - makes a Maildir from a seed: the same octets on every machine.

small   20,000 messages of 2 to 20 KB      n2000  2,000 messages of 2 to 20 KB
n1000   1,000 messages of 2 to 20 KB        real1000  1,000 messages, half of them below 14 KB, some of megabytes
big     200 messages of 1 to 10 MB         m300   one message of 300 MB
g1      one message of 1 GiB                    m1     one message of 1 MB"""
import math
import pathlib
import random
import sys

KINDS = {"small": (20000, 2000, 20000), "n2000": (2000, 2000, 20000), "n1000": (1000, 2000, 20000), "big": (200, 10 ** 6, 10 ** 7),
         "m300": (1, 300 * 10 ** 6, 300 * 10 ** 6), "m1": (1, 10 ** 6, 10 ** 6),
         "g1": (1, 2 ** 30, 2 ** 30), "real1000": (1000, 1500, 5 * 10 ** 6)}
SEED = 20240229
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
WORDS = "letter paper stamp envelope post box road house number garden window door table chair lamp".split()


def text_block(rnd, size):
    """Lines of words, now and then one that begins with a dot."""
    out, have = [], 0
    while have < size:
        line = " ".join(rnd.choice(WORDS) for _ in range(rnd.randint(4, 13)))
        if rnd.random() < 0.01:
            line = "." + line
        out.append(line)
        have += len(line) + 2
    return "\r\n".join(out).encode() + b"\r\n"


def data_block(rnd, lines):
    return "".join("".join(rnd.choices(LETTERS, k=76)) + "\r\n" for _ in range(lines)).encode()


def header(rnd, n):
    return ("Return-Path: <sender%d@example.test>\r\nReceived: from a.example.test by b.example.test; "
            "Thu, 29 Feb 2024 12:00:00 +0000\r\nDate: Thu, 29 Feb 2024 12:00:%02d +0000\r\nFrom: Sender <sender%d@example.test>\r\n"
            "To: alice@example.test\r\nSubject: %s number %d\r\nMessage-ID: <%d.%d@example.test>\r\nMIME-Version: 1.0\r\n"
            "Content-Type: text/plain; charset=utf-8\r\n\r\n"
            % (n, n % 60, n, rnd.choice(WORDS), n, n, rnd.randint(0, 10 ** 9))).encode()


def write_message(path, rnd, n, size, blocks):
    left = size
    with open(path, "wb") as f:
        left -= f.write(header(rnd, n))
        while left > 0:
            block = rnd.choice(blocks)
            at = rnd.randrange(max(1, len(block) - left)) if len(block) > left else 0
            at = block.rfind(b"\n", 0, at + 1) + 1
            piece = block[at:at + left]
            if len(piece) == left:  # the last piece ends in a line end
                body = piece[:-2].rstrip(b"\r\n")
                piece = body + b"x" * (left - 2 - len(body)) + b"\r\n"
            left -= f.write(piece)


def size_of(rnd, name, least, most):
    """Sizes of mail are spread as their logarithms are: many are short, and few make up most of the octets."""
    if name != "real1000":
        return rnd.randint(least, most)
    return min(most, max(least, int(rnd.lognormvariate(math.log(14000), 1.3))))


def make(name, folder):
    """The number of messages and of octets in FOLDER."""
    count, least, most = KINDS[name]
    stamp = folder / "corpus"
    if stamp.exists():
        return [int(x) for x in stamp.read_text().split()]
    for sub in ("cur", "new", "tmp"):
        (folder / sub).mkdir(parents=True, exist_ok=True)
    rnd = random.Random(SEED)
    blocks = [text_block(rnd, 40000) for _ in range(20)]
    if least > 100000:
        blocks += [data_block(rnd, 12000) for _ in range(8)]
    octets = 0
    for n in range(1, count + 1):
        path = folder / "cur" / ("%d.%06d.bench,S=0:2,S" % (1700000000 + n, n))
        write_message(path, rnd, n, size_of(rnd, name, least, most), blocks)
        size = path.stat().st_size
        octets += size
        path.rename(str(path).replace("S=0", "S=%d" % size))
    stamp.write_text("%d %d\n" % (count, octets))
    return [count, octets]


if __name__ == "__main__":
    print(*make(sys.argv[1], pathlib.Path(sys.argv[2])))
