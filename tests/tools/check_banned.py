#!/usr/bin/env python3
"""check_banned.py ROOT - functions that lib/ does without, raw multiplications in allocations, unfinished work."""
import pathlib
import re
import subprocess
import sys

from tap import Tap, blank, c_files, line_of, read

# Why, and the words. A file that is itself the replacement may be named behind them.
BANNED = [
    ("writes without a bound", "sprintf vsprintf strcpy strcat stpcpy gets alloca"),
    ("reads numbers without a bound: base/num.h", "atoi atol atoll atof strtol strtoll strtoul strtoull strtoimax "
     "strtoumax strtod scanf sscanf fscanf vsscanf"),
    ("keeps state that threads share", "strtok strerror localtime gmtime asctime ctime gethostbyname getservbyname "
     "inet_ntoa rand srand random setlocale setenv putenv"),
    ("depends on the locale: base/ascii.h", "isalpha isalnum isdigit isxdigit isspace isupper islower iscntrl isprint "
     "ispunct isgraph isblank toupper tolower strcasecmp strncasecmp strcoll"),
    ("jumps or ends the process of somebody else", "setjmp longjmp sigsetjmp assert abort exit _exit quick_exit"),
    ("starts a program", "system popen fork vfork execl execlp execle execv execvp execve posix_spawn posix_spawnp"),
]
TOP = {"meson.build", "meson_options.txt", "README.md", "COPYING", "lib", "include", "examples", "tests", "docs", "pkgconfig"}
HEADERS = {"assert.h", "ctype.h", "setjmp.h", "locale.h", "alloca.h"}
MULTIPLY = re.compile(r"\b(?:mem_alloc|mem_zero|mem_resize|arena_alloc)\s*\(([^;]*)\)\s*[;,?)!=]")
PRODUCT = re.compile(r"\*\s*sizeof\b|sizeof\s*\([^()]*\)\s*\*|sizeof\s+\*?\s*[\w.>-]+\s*\*")
# Spelled so that this file does not find itself.
MARKERS = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b")
SOFT = re.compile(r"\b(not (?:yet )?implemented|unimplemented|place" r"holder|coming soon|for now it returns)\b", re.I)
ISSUE = re.compile(r"#\d+")


def banned_calls(root):
    for path in c_files(root / "lib"):
        text = blank(read(path))
        for why, words in BANNED:
            for m in re.finditer(r"(?<![\w.>])(%s)\s*\(" % "|".join(words.split()), text):
                yield "%s:%d: %s() %s" % (path.relative_to(root), line_of(text, m.start()), m.group(1), why)
        for m in re.finditer(r"#\s*include\s*<([^>]+)>", text):
            if m.group(1) in HEADERS:
                yield "%s:%d: <%s> is not used here" % (path.relative_to(root), line_of(text, m.start()), m.group(1))


def products(root):
    for path in c_files(root / "lib"):
        text = blank(read(path))
        for m in MULTIPLY.finditer(text):
            if PRODUCT.search(m.group(1)):
                yield "%s:%d: use mem_array or mem_resize_array" % (path.relative_to(root), line_of(text, m.start()))


def unfinished(root):
    for top, soft in (("lib", True), ("include", True), ("examples", True), ("docs", False), ("tests", False)):
        for path in sorted(p for p in (root / top).rglob("*") if p.is_file()):
            if path.suffix not in (".c", ".h", ".py", ".sh", ".md", ".build", ".txt", ".map", ".lua", ".js"):
                continue
            for number, line in enumerate(read(path).splitlines(), 1):
                found = MARKERS.search(line) or (soft and SOFT.search(line))
                if found and not ISSUE.search(line):
                    yield "%s:%d: %s, and no issue named" % (path.relative_to(root), number, found.group(0))


def strays(root):
    """The top level is what docs/architecture.md says, and nothing that a program left there."""
    if not (root / ".git").exists():
        return
    run = subprocess.run(["git", "-C", str(root), "ls-files"], capture_output=True, text=True)
    names = {line.split("/")[0] for line in run.stdout.splitlines()}
    for name in sorted(names - TOP):
        if not name.startswith((".", "build")):
            yield "%s: does not belong at the top" % name


def main():
    root = pathlib.Path(sys.argv[1]).resolve()
    tap = Tap()
    tap.check("lib/ calls no banned function", list(banned_calls(root)))
    tap.check("no multiplication in an allocation", list(products(root)))
    tap.check("no unfinished work without an issue", list(unfinished(root)))
    tap.check("nothing at the top level that does not belong there", list(strays(root)))
    tap.check("there was something to read", [] if c_files(root / "lib") else ["no C file below lib/"])
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
