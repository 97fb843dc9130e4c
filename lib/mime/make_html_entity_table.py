#!/usr/bin/env python3
"""make_html_entity_table.py [--check] - writes html_entity_table.c: the named characters of HTML, as Python's own list has them
(html.entities.html5, which is that of the HTML standard, section 13.5).

With --check nothing is written, and the exit status is 1 when the file would change."""
import html.entities
import pathlib
import sys

HEAD = """/* html_entity_table.c - the named characters of HTML; made by make_html_entity_table.py.
 *
 * Each entry: "+" where the name counts without ";", too, else "-"; the name; 0; the text; 0.
 * Sorted by name. */
#include "mime/html_entity.h"

/* clang-format off */
"""


def entries():
    known = html.entities.html5
    for name in sorted(n[:-1] for n in known if n.endswith(";")):
        mark = "+" if name in known else "-"
        yield name, mark, known[name + ";"].encode()


def literal(name, mark, text):
    octets = "".join("\\%03o" % c for c in text)
    return '"%s%s\\000%s\\000"' % (mark, name, octets)


def rows(items, width, indent):
    line = ""
    for item in items:
        if line and len(line) + 1 + len(item) > width:
            yield indent + line
            line = ""
        line += (" " if line else "") + item
    if line:
        yield indent + line


def main():
    texts, offsets, at = [], [], 0
    for name, mark, text in entries():
        texts.append(literal(name, mark, text))
        offsets.append("%d," % at)
        at += len(name) + len(text) + 3
    assert at < 65536
    out = HEAD
    out += "const char html_entity_text[] =\n%s;\n\n" % "\n".join(rows(texts, 96, "    "))
    out += "const uint16_t html_entity_at[HTML_ENTITIES] = {\n%s\n};\n" % "\n".join(rows(offsets, 96, "    "))
    path = pathlib.Path(__file__).with_name("html_entity_table.c")
    if sys.argv[1:] == ["--check"]:
        same = path.read_text(encoding="ascii") == out
        print("1..1\n%sok 1 - %s is as it is made" % ("" if same else "not ", path.name))
        return 0 if same else 1
    path.write_text(out, encoding="ascii")
    return 0


if __name__ == "__main__":
    sys.exit(main())
