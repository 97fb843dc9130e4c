#!/usr/bin/env python3
"""check_commits.py ROOT - subjects of all commits: `area: what changes`, at most 65 columns, no period.

The first word is lower case, unless it is a name that is written in capitals (IDLE, QRESYNC)."""
import pathlib
import re
import subprocess
import sys

from tap import Tap

SUBJECT = re.compile(r"[a-z0-9][a-z0-9_./,+-]*: (?:[a-z0-9_.<-]|[A-Z]{2}).*[^. ]$")
LONGEST = 65
# Landed before they were noticed; history is not rewritten for a subject.
LANDED = {"d7e6845741d5d73b35ad083ba315528919ce4747", "66e18fc0b514e49ef9c1bb40968b82ede9f670a7"}


def main():
    root = pathlib.Path(sys.argv[1]).resolve()
    tap = Tap()
    name = "subjects of commits"
    run = subprocess.run(["git", "-C", str(root), "log", "--no-merges", "--format=%H %s"], capture_output=True, text=True)
    if not (root / ".git").exists() or run.returncode != 0:
        tap.skip(name, "not a git tree")
        return tap.done()
    found = []
    for line in run.stdout.splitlines():
        commit, _, subject = line.partition(" ")
        if commit in LANDED:
            continue
        if len(subject) > LONGEST:
            found.append("%s: %d columns: %s" % (commit[:10], len(subject), subject))
        elif not SUBJECT.match(subject):
            found.append("%s: not `area: what changes`: %s" % (commit[:10], subject))
    tap.check(name, found)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
