#!/usr/bin/env python3
"""check_format.py ROOT - clang-format 14 (Debian 12's; the version decides the result) finds nothing to change,
and no file of lib/, include/ or examples/ has grown past 800 lines."""
import pathlib
import re
import shutil
import subprocess
import sys

from tap import Tap, c_files, read

LONGEST = 800


def clang_format():
    for name in ("clang-format-14", "clang-format"):
        path = shutil.which(name)
        if path:
            version = subprocess.run([path, "--version"], capture_output=True, text=True).stdout
            if re.search(r"version 14\.", version):
                return path
    return None


def main():
    root = pathlib.Path(sys.argv[1]).resolve()
    tap = Tap()
    files = [p for top in ("lib", "include", "examples", "tests") for p in c_files(root / top)]
    tool = clang_format()
    if tool:
        found = []
        run = subprocess.run([tool, "--dry-run", "-Werror", "--style=file"] + [str(p) for p in files], cwd=root,
                             capture_output=True, text=True)
        for path in files:
            lines = re.findall(r"^%s:(\d+):" % re.escape(str(path)), run.stderr, re.M)
            if lines:
                found.append("%s:%s: clang-format -i would change it" % (path.relative_to(root), lines[0]))
        if run.returncode != 0 and not found:
            found = run.stderr.splitlines()[:5] or ["clang-format failed"]
        tap.check("C files are formatted", found)
    else:
        tap.skip("C files are formatted", "clang-format 14 is not installed")
    sizes = [(p.relative_to(root), read(p).count("\n")) for p in files if "_table" not in p.name]
    tap.check("no file above %d lines" % LONGEST,
              ["%s: %d lines" % (p, n) for p, n in sizes if n > LONGEST and p.parts[0] != "tests"])
    blanks = ["%s:%d: blanks at the end of the line" % (p.relative_to(root), i) for top in ("docs", "tests", "lib", "examples")
              for p in sorted((root / top).rglob("*")) if p.suffix in (".md", ".py", ".sh", ".build", ".h", ".c")
              for i, line in enumerate(read(p).split("\n"), 1) if line != line.rstrip()]
    tap.check("no blanks at line ends", blanks)
    tap.check("there was something to read", [] if files else ["no C file found"])
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
