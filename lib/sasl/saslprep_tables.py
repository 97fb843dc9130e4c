#!/usr/bin/env python3
"""saslprep_tables.py - writes saslprep_sets.c and saslprep_map.c, the tables of saslprep.c, from the Unicode 3.2 that Python carries
(unicodedata.ucd_3_2_0, stringprep), which is the version that RFC 3454 is about. Run it in this folder; nothing of it is needed at
build time. With --sum it prints what tests/unit/sasl/test_saslprep.c expects of all characters."""
import stringprep
import subprocess
import sys
import textwrap
import unicodedata

ucd = unicodedata.ucd_3_2_0
HANGUL = range(0xAC00, 0xD7A4)
PROHIBITED = [stringprep.in_table_c12, stringprep.in_table_c21_c22, stringprep.in_table_c3, stringprep.in_table_c4,
              stringprep.in_table_c5, stringprep.in_table_c6, stringprep.in_table_c7, stringprep.in_table_c8,
              stringprep.in_table_c9]


def ranges(belongs):
    out = []
    for c in range(0x110000):
        if not belongs(chr(c)):
            continue
        if out and out[-1][1] + 1 == c:
            out[-1][1] = c
        else:
            out.append([c, c])
    return out


def table(kind, name, rows):
    body = ", ".join("{%s}" % ", ".join(r if isinstance(r, str) else "0x%x" % r for r in row) for row in rows)
    return "const struct %s %s[] = {%s};\nconst size_t %s_count = sizeof %s / sizeof %s[0];\n" % (
        kind, name, body, name, name, name)


def classes():
    out = []
    for c in range(0x110000):
        k = ucd.combining(chr(c))
        if k == 0:
            continue
        if out and out[-1][1] + 1 == c and out[-1][2] == k:
            out[-1][1] = c
        else:
            out.append([c, c, k])
    return out


def full():
    """Every character that has a decomposition, with all of it."""
    out = {}
    for c in range(0x110000):
        if 0xD800 <= c < 0xE000 or c in HANGUL:
            continue
        d = ucd.normalize("NFKD", chr(c))
        if d != chr(c):
            out[c] = d
    return out


def units(text):
    raw = text.encode("utf-16-be")
    return [raw[i] << 8 | raw[i + 1] for i in range(0, len(raw), 2)]


def runs():
    """Neighbours whose decompositions are of one length, and the pool that they lie in, one behind the other."""
    out = []
    for c, text in sorted(full().items()):
        u = units(text)
        if out and out[-1][0] + out[-1][1] == c and out[-1][2] == len(u):
            out[-1][1] += 1
            out[-1][3] += u
        else:
            out.append([c, 1, len(u), u])
    pool = []
    text = ""  # the pool as a string, in which a run may be found
    for r in sorted(out, key=lambda r: -len(r[3])):
        s = "".join(map(chr, r[3]))
        at = text.find(s)
        if at < 0:
            at = len(text)
            text += s
            pool += r[3]
        r[3] = at
    return [[r[0], str(r[1]), str(r[2]), str(r[3])] for r in out], pool


def pairs():
    out = []
    for c in full():
        d = ucd.decomposition(chr(c))
        if not d or d.startswith("<"):
            continue
        p = [int(x, 16) for x in d.split()]
        if len(p) == 2 and ucd.normalize("NFC", chr(p[0]) + chr(p[1])) == chr(c):
            out.append(p + [c])
    return sorted(out)


def prepare(text, query):
    """SASLprep (RFC 4013 section 2) as Python has its parts; None: not allowed."""
    text = "".join(" " if stringprep.in_table_c12(c) else c for c in text if not stringprep.in_table_b1(c))
    if not query and any(stringprep.in_table_a1(c) for c in text):
        return None
    text = ucd.normalize("NFKC", text)
    if any(f(c) for c in text for f in PROHIBITED):
        return None
    if any(map(stringprep.in_table_d1, text)):
        if any(map(stringprep.in_table_d2, text)):
            return None
        if not (stringprep.in_table_d1(text[0]) and stringprep.in_table_d1(text[-1])):
            return None
    return text


def is_tried(c):
    """All where something happens, a few elsewhere."""
    return (c < 0x3400 or 0xF800 <= c < 0x10000 or 0x1D000 <= c < 0x1D800 or 0x2F7F0 <= c < 0x2FA20 or c % 97 == 0) and \
        not 0xD800 <= c < 0xE000


def checksum():
    """FNV-1a over what becomes of each character, alone, and between a letter and two marks. Not of unknown ones among others:
    Python orders some of them by what they have become since."""
    h = 14695981039346656037
    for c in range(0x110000):
        if not is_tried(c):
            continue
        for text, query in ((chr(c), 0), ("a" + chr(c) + "\u0323\u0307", 0), (chr(c), 1)):
            got = prepare(text, query)
            for octet in b"\xff" if got is None else got.encode() + b"\xfe":
                h = (h ^ octet) * 1099511628211 % (1 << 64)
    return h


def write(name, what, text):
    head = "/* %s - %s. Written by saslprep_tables.py from Unicode 3.2: do not change it\n * by hand. */\n" % (name, what)
    with open(name, "w", encoding="ascii") as f:
        f.write(head + '#include "sasl/saslprep_tables.h"\n\n' + text)
    subprocess.run(["clang-format", "-i", name], check=True)


def main():
    if sys.argv[1:] == ["--sum"]:
        print("0x%016x" % checksum())
        return
    rows, pool = runs()
    write("saslprep_map.c", "compatibility decompositions",
          table("prep_run", "prep_runs", rows) +
          "/* clang-format off */\nconst uint16_t prep_pool[] = {\n%s\n};\n" % "\n".join(
              textwrap.wrap(", ".join("0x%x" % u for u in pool), 100)))
    write("saslprep_sets.c", "the tables of RFC 3454, combining classes, compositions",
          table("prep_range", "prep_unassigned", ranges(stringprep.in_table_a1)) +
          table("prep_range", "prep_dropped", ranges(stringprep.in_table_b1)) +
          table("prep_range", "prep_blanks", ranges(stringprep.in_table_c12)) +
          table("prep_range", "prep_prohibited", ranges(lambda c: any(f(c) for f in PROHIBITED))) +
          table("prep_range", "prep_right", ranges(stringprep.in_table_d1)) +
          table("prep_range", "prep_left", ranges(stringprep.in_table_d2)) +
          table("prep_class", "prep_classes", classes()) + table("prep_pair", "prep_pairs", pairs()))


if __name__ == "__main__":
    main()
