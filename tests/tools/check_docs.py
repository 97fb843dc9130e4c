#!/usr/bin/env python3
"""check_docs.py ROOT LIBRARY_DIR CC [examples|links] - every C example in README.md and docs/*.md compiles and links.

A fenced block marked `c` (or an indented one with an #include) that has a main() is a program: it is compiled and
linked with the library. Any other one is a fragment: it is compiled as the inside of a function in which the names of
PRELUDE exist. `<!-- c: DECLARATIONS -->` on the line before the fence declares more. A fragment that is no statement
(a function, a record) is compiled at file scope. Links between chapters are checked too."""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

from tap import Tap, read

INCLUDES = ("#include <errno.h>\n#include <poll.h>\n#include <stdint.h>\n#include <stdio.h>\n#include <stdlib.h>\n"
            "#include <string.h>\n#include <unistd.h>\n")
PRELUDE = ("int rc = 0; int fd = -1; uint64_t t = 0; uint64_t ticket = 0; mla_error err; mla_config *cfg = NULL;"
           " mla_session *ss = NULL; size_t n = 0; size_t used = 0; size_t len = 0; const uint8_t *data = NULL;"
           " const uint8_t *p = NULL; char *text = NULL;\n")
BY_HEADER = [  # names that exist once their header does
    ("imap.h", "mla_imap *s = NULL; const mla_imap_event *ev = NULL; const mla_imap_fetch *f = NULL;\n"),
    ("mime.h", "mla_message *m = NULL; const mla_part *part = NULL;\n"),
]
POP3 = "mla_pop3 *s = NULL; const mla_pop3_event *ev = NULL;\n"
FENCE = re.compile(r"^(?:<!-- c: (?P<decl>[^\n]*?) -->\n)?^```c\n(?P<code>.*?)^```$", re.M | re.S)
INDENTED = re.compile(r"(?:^(?: {4}.*|[ \t]*)\n)*^ {4}.*\n", re.M)
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)|(?<![\w/.])(docs/[\w/-]+\.md)")


def blocks(text):
    for m in FENCE.finditer(text):
        yield text.count("\n", 0, m.start("code")) + 1, m.group("code"), m.group("decl") or ""
    rest = re.sub(r"^```.*?^```$", lambda m: "\n" * m.group(0).count("\n"), text, flags=re.M | re.S)
    for m in INDENTED.finditer(rest):
        if "#include" in m.group(0):
            yield rest.count("\n", 0, m.start()) + 1, re.sub(r"^ {4}", "", m.group(0), flags=re.M), ""


def compile_c(cc, flags, text, out, link):
    source = out.with_suffix(".c")
    source.write_text(text, encoding="utf-8")
    argv = cc + ["-std=c11", "-D_GNU_SOURCE", "-Wall", "-Werror=implicit-function-declaration", "-Werror=int-conversion",
                 "-Werror=incompatible-pointer-types", "-Wno-unused"] + flags
    argv += [str(source)] + (["-o", str(out)] + link if link else ["-fsyntax-only"])
    run = subprocess.run(argv, capture_output=True, text=True)
    return [] if run.returncode == 0 else [x for x in run.stderr.splitlines() if "error:" in x][:3] or ["does not link"]


def try_block(cc, flags, link, code, decl, name, headers, work):
    if re.search(r"\bint main\s*\(", code):
        return compile_c(cc, flags, code, work / "program", link)
    names = PRELUDE + "".join(x for header, x in BY_HEADER if header in headers and not (name == "pop3.md" and header == "imap.h"))
    if name == "pop3.md" and "pop3.h" in headers:
        names += POP3
    includes = INCLUDES + "".join("#include <mailaccess/%s>\n" % h for h in sorted(headers))
    inner = includes + "int fragment(void);\nint fragment(void) {\n%s%s\n{\n%s}\nreturn rc;\n}\n" % (names, decl, code)
    wrong = compile_c(cc, flags, inner, work / "fragment", None)
    if wrong and not compile_c(cc, flags, includes + decl + "\n" + code, work / "file", None):
        return []
    return wrong


def dead_links(root, path, text):
    for m in LINK.finditer(text):
        target = m.group(1) or m.group(2)
        if "://" in target or target.startswith("mailto:"):
            continue
        base = path.parent if m.group(1) else root
        if not (base / target).exists() and not (root / target).exists():
            yield "%s:%d: no such file: %s" % (path.relative_to(root), text.count("\n", 0, m.start()) + 1, target)


def main():
    root = pathlib.Path(sys.argv[1]).resolve()
    library = os.path.abspath(sys.argv[2])
    cc = sys.argv[3].split()
    tap = Tap()
    docs = [root / "README.md"] + sorted((root / "docs").rglob("*.md"))
    headers = {p.name for p in (root / "include/mailaccess").glob("*.h")}
    flags = ["-I", str(root / "include")]
    link = ["-L", library, "-Wl,-rpath," + library, "-lmailaccess"]
    # a library that was built with sanitizers wants their runtime in the program
    link += os.environ.get("DOCS_LDFLAGS", "").split()
    found, links, count = [], [], 0
    with tempfile.TemporaryDirectory() as work:
        for path in docs:
            if not path.exists():
                continue
            text = read(path)
            links += dead_links(root, path, text)
            for line, code, decl in blocks(text):
                count += 1
                for why in try_block(cc, flags, link, code, decl, path.name, headers, pathlib.Path(work)):
                    found.append("%s:%d: %s" % (path.relative_to(root), line, why))
    if sys.argv[4:] != ["links"]:
        tap.check("C examples in the documentation compile (%d)" % count, found)
    if sys.argv[4:] != ["examples"]:
        tap.check("chapters that are named exist", links)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
