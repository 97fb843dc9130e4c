#!/usr/bin/env python3
"""check_security.py ROOT - docs/security.md names each attack once, and tests that name it in turn."""
import pathlib
import re
import sys

from tap import Tap

ROW = re.compile(r"^\| ([A-Z]\d\d) \| [^|]+ \| [^|]+ \| ([^|]+) \|$")
WANTED = ["T%02d" % n for n in range(1, 45) if n != 19] + ["A%02d" % n for n in range(1, 23)]


def check(root, line, row, tests):
    """What is wrong with the tests of one row."""
    paths = re.findall(r"`([^`]+)`", tests)
    if not paths:
        yield "%d: %s: no test" % (line, row)
    for path in paths:
        files = [f for f in (root / "tests").glob(path) if f.is_file()]
        if not files:
            yield "%d: %s: there is no tests/%s" % (line, row, path)
        for f in files:
            word = r"(?<![A-Za-z0-9])%s(?![A-Za-z0-9])" % row
            if not re.search(word, f.read_text(errors="replace")) and not re.search(word, f.name):
                yield "%d: tests/%s does not name %s" % (line, f.relative_to(root / "tests"), row)


def main():
    root = pathlib.Path(sys.argv[1]).resolve()
    tap = Tap()
    found, seen = [], []
    for n, line in enumerate((root / "docs/security.md").read_text().splitlines(), 1):
        m = ROW.match(line)
        if m:
            seen.append(m.group(1))
            found += check(root, n, m.group(1), m.group(2))
        elif re.match(r"\| [A-Z]\d", line):
            found.append("%d: not a row of four: %s" % (n, line))
    if seen != WANTED:
        odd = [i for i in WANTED if seen.count(i) != 1] + [i for i in seen if i not in WANTED]
        found.append("not each row once, in order: %s" % (" ".join(odd) or "the order"))
    tap.check("attacks and their tests", found)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
