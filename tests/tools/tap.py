"""What the checkers share: TAP output, and C text without its comments and strings."""
import re
import sys


class Tap:
    """Counts checks; a check that found something prints what it found and fails."""

    def __init__(self):
        self.count = 0
        self.failed = 0

    def check(self, name, found):
        self.count += 1
        for line in found:
            print("# " + line)
        self.failed += bool(found)
        print("%s %d - %s" % ("not ok" if found else "ok", self.count, name))
        sys.stdout.flush()

    def skip(self, name, why):
        self.count += 1
        print("ok %d - %s # SKIP %s" % (self.count, name, why))

    def done(self):
        print("1..%d" % self.count)
        return 1 if self.failed else 0


TOKEN = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)


def blank(text, strings=True):
    """The C text with comments (and the inside of strings) turned into spaces; lines stay where they are."""

    def empty(m):
        t = m.group(0)
        if t[0] in "\"'":
            return t[0] + " " * (len(t) - 2) + t[-1] if strings else t
        return re.sub(r"[^\n]", " ", t)

    return TOKEN.sub(empty, text)


def line_of(text, at):
    return text.count("\n", 0, at) + 1


def c_files(folder, pattern="**/*.[ch]"):
    return sorted(p for p in folder.glob(pattern) if p.is_file())


def read(path):
    return path.read_text(encoding="utf-8", errors="replace")
