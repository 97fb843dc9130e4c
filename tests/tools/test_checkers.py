#!/usr/bin/env python3
"""test_checkers.py ROOT CC - a checker that cannot fail is no test: each one meets a small tree with one fault at a
time, must name it, and must be content once the fault is gone."""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from tap import Tap

HERE = pathlib.Path(__file__).resolve().parent
def attacks(**other):
    """A table like that of docs/security.md; some rows are others."""
    ids = ["T%02d" % n for n in range(1, 45) if n != 19] + ["A%02d" % n for n in range(1, 23)]
    return "\n".join(other.get(i, "| %s | does | is told | `live/a*.py` |" % i) for i in ids) + "\n"


GOOD = {
    "lib/LAYERS": "base:\nnet: base\nimap: base\nconn: base net\napi: base imap net conn\n",
    "lib/base/a.h": '#include "mailaccess/types.h"\nint a(void);\n',
    "lib/base/mem.c": '#include "base/a.h"\n\nvoid *mem(void)\n{\n    return malloc(1); /* strcpy(a, b) in words */\n}\n',
    "lib/net/n.c": '#include <sys/socket.h>\n\n#include "base/a.h"\n\nstatic const char text[] = "atoi(x)";\n',
    "lib/imap/i.c": '#include "base/a.h"\n',
    "lib/conn/wait.c": '#include <poll.h>\n\n#include "net/n.h"\n',
    "lib/net/n.h": "int n(void);\n",
    "lib/api/p.c": '#include "mailaccess/imap.h"\n',
    "include/mailaccess/types.h": "#include <stdint.h>\n",
    "include/mailaccess/imap.h": "#define MLA_API\nMLA_API int mla_x(void);\n",
    "include/mailaccess/mailaccess.h": '#include "imap.h"\n\n#include "types.h"\ntypedef int mla_error;\n'
                                       "typedef int mla_config;\ntypedef int mla_session;\ntypedef int mla_imap;\n"
                                       "typedef int mla_imap_event;\ntypedef int mla_imap_fetch;\n",
    "examples/e.c": "#include <mailaccess/mailaccess.h>\n",
    "docs/a.md": "Text.\n\n```c\nrc = mla_x();\n```\n\n<!-- c: int q; -->\n```c\nq = 1;\n```\n\n```c\nint f(void)\n{\n"
                 "    return 1;\n}\n```\n\n```text\nnot C\n```\n",
    "docs/b.md": "See [the other](a.md) and docs/a.md.\n",
    "README.md": "    #include <mailaccess/mailaccess.h>\n\n    int main(void)\n    {\n        return mla_x();\n    }\n",
    ".clang-format": None,
    "docs/security.md": attacks(),
    "tests/live/a.py": " ".join(["T%02d" % n for n in range(1, 45)] + ["A%02d" % n for n in range(1, 23)]) + "\n",
}
# checker, what is wrong, file, its text (behind "+": added to what is there), what the checker must say
FAULTS = [
    ("layers", "a floor names a higher one", "lib/base/b.c", '#include "imap/i.h"\n', "base may not name imap/i.h"),
    ("layers", "a neighbour is named", "lib/imap/j.c", '#include "net/n.h"\n', "imap may not name net/n.h"),
    ("layers", "an include without a folder", "lib/base/b.c", '#include "a.h"\n', "does not say its folder"),
    ("layers", "an include of nothing", "lib/base/b.c", '#include "base/z.h"\n', "there is no lib/base/z.h"),
    ("layers", "a public function header below api", "lib/imap/j.c", '#include "mailaccess/imap.h"\n', "only api/ may include"),
    ("layers", "the same with angle brackets", "lib/imap/j.c", "#include <mailaccess/imap.h>\n", "only api/ may include"),
    ("layers", "TLS outside its file", "lib/net/t.c", "#include <mbedtls/ssl.h>\n", "<mbedtls/ssl.h> belongs in"),
    ("layers", "a socket outside net", "lib/conn/c.c", "#  include <sys/socket.h>\n", "<sys/socket.h> belongs in net/"),
    ("layers", "poll outside wait.c", "lib/net/p.c", "#include <poll.h>\n", "<poll.h> belongs in conn/wait.c"),
    ("layers", "malloc outside mem.c", "lib/net/p.c", "void *p(void) { return malloc(3); }\n", "malloc() belongs in"),
    ("layers", "free outside mem.c", "lib/net/p.c", "void p(void *q) { free (q); }\n", "free() belongs in"),
    ("layers", "a clock outside clock.c", "lib/net/p.c", "long p(void) { return time(0); }\n", "time() belongs in"),
    ("layers", "a folder without a floor", "lib/extra/x.c", "int x;\n", "lib/extra: not in lib/LAYERS"),
    ("layers", "a plan that goes upwards", "lib/LAYERS", "base: net\nnet:\nimap: base\nconn: base\napi: base\n", "no lower floor"),
    ("layers", "an example that looks inside", "examples/x.c", '#include "base/a.h"\n', "examples see the public headers alone"),
    ("layers", "an empty tree", "lib", None, "no C file"),
    ("banned", "strcpy", "lib/net/p.c", "void p(char *a) { strcpy(a, a); }\n", "strcpy() writes without a bound"),
    ("banned", "isalpha", "lib/net/p.c", "int p(int c) { return isalpha(c); }\n", "isalpha() depends on the locale"),
    ("banned", "assert", "lib/net/p.c", "void p(int c) { assert(c); }\n", "assert() jumps or ends"),
    ("banned", "a header", "lib/net/p.c", "#include <ctype.h>\n", "<ctype.h> is not used here"),
    ("banned", "a program", "lib/net/p.c", "int p(void) { return system(0); }\n", "system() starts a program"),
    ("banned", "n * sizeof", "lib/net/p.c", "void *p(int n) { return mem_alloc(m, n * sizeof(int)); }\n", "use mem_array"),
    ("banned", "sizeof * n", "lib/net/p.c", "void *p(int n) { return mem_zero(m, sizeof(int) * n); }\n", "use mem_array"),
    ("banned", "a marker", "lib/net/p.c", "/* TO" "DO */\n", "no issue named"),
    ("banned", "a marker in a test", "tests/t.py", "# FIX" "ME\n", "no issue named"),
    ("banned", "a missing piece", "lib/net/p.c", "/* not implemented */\n", "no issue named"),
    ("banned", "an empty tree", "lib", None, "no C file"),
    ("format", "a badly formatted file", "lib/net/p.c", "int p(void){return 1;}\n", "clang-format -i would change it"),
    ("format", "a long file", "lib/net/p.c", "\n".join("int p%d;" % i for i in range(802)) + "\n", "802 lines"),
    ("format", "blanks at a line end", "docs/c.md", "a \nb\n", "blanks at the end"),
    ("security", "a row that is missing", "docs/security.md", attacks(T05=""), "not each row once, in order: T05"),
    ("security", "a row without a test", "docs/security.md", attacks(T07="| T07 | does | is told | \u2013 |"), "T07: no test"),
    ("security", "a row that is there twice", "docs/security.md", attacks() + "| T05 | a | b | `live/a.py` |\n", "in order: T05"),
    ("security", "a test that is not there", "docs/security.md", attacks(A16="| A16 | a | b | `live/b.py` |"), "no tests/live/b.py"),
    ("security", "a test that does not name its row", "tests/live/ab.py", "T01\n", "tests/live/ab.py does not name T02"),
    ("security", "a row of three", "docs/security.md", attacks(A16="| A16 | a | `live/a.py` |"), "not a row of four"),
    ("docs", "a fragment that does not compile", "docs/c.md", "```c\nrc = no_such_name;\n```\n", "docs/c.md:2: "),
    ("docs", "a call of nothing", "docs/c.md", "```c\nrc = mla_nothing(1);\n```\n", "docs/c.md:2: "),
    ("docs", "a program that does not link", "docs/c.md", "```c\nint gone(void);\nint main(void) { return gone(); }\n```\n",
     "docs/c.md:2: "),
    ("docs", "an indented program", "README.md", "    #include <stdio.h>\n    int main(void) { return no; }\n", "README.md:1: "),
    ("docs", "a link to nothing", "docs/c.md", "[x](gone.md)\n", "no such file: gone.md"),
    ("docs", "a chapter that is not there", "README.md", "- docs/gone.md: text\n", "no such file: docs/gone.md"),
]
SUBJECTS = [
    ("base: add a thing", True),
    ("lib/base: don't let x.y be lost", True),
    ("Base: add a thing", False),
    ("add a thing", False),
    ("base: add a thing.", False),
    ("base: Add a thing", False),
    ("base: " + "a" * 60, False),
]


def make(tree, source, cc):
    for name, text in GOOD.items():
        path = tree / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if text is None:
            shutil.copy(source / name, path)
        else:
            path.write_text(text)
    (tree / "x.c").write_text("int mla_x(void);\nint mla_x(void) { return 0; }\n")
    subprocess.run(cc + ["-shared", "-fPIC", "-o", str(tree / "libmailaccess.so"), str(tree / "x.c")], check=True)


def run(checker, tree, cc):
    more = [str(tree), " ".join(cc)] if checker == "docs" else []
    got = subprocess.run([sys.executable, str(HERE / ("check_%s.py" % checker)), str(tree)] + more, capture_output=True,
                         text=True)
    return got.returncode, got.stdout + got.stderr


def meet(checker, file, text, say, source, cc, work):
    """What is wrong with this checker's answer to this fault."""
    tree = work / "tree"
    make(tree, source, cc)
    try:
        code, out = run(checker, tree, cc)
        if code != 0 or "not ok" in out:
            return ["content tree was refused: " + x for x in out.splitlines() if not x.startswith("ok")]
        path = tree / file
        if text is None:
            shutil.rmtree(path)
            path.mkdir()
            (path / "LAYERS").write_text("")
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        code, out = run(checker, tree, cc)
        if code == 0 or not re.search(r"^not ok", out, re.M) or say not in out:
            return ["expected %r, exit status was %d" % (say, code)] + out.splitlines()
        return []
    finally:
        shutil.rmtree(tree)


def commits(work):
    for subject, good in SUBJECTS:
        tree = work / "git"
        git = ["git", "-C", str(tree), "-c", "user.name=T", "-c", "user.email=t@example.test", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", "init", "-q", str(tree)], check=True)
        subprocess.run(git + ["commit", "-q", "--allow-empty", "--no-verify", "-m", subject], check=True)
        code, out = run("commits", tree, [])
        shutil.rmtree(tree)
        if (code == 0) != good or ("# SKIP" in out):
            yield "%r: exit status %d" % (subject, code)


def main():
    source = pathlib.Path(sys.argv[1]).resolve()
    cc = sys.argv[2].split()
    tap = Tap()
    with tempfile.TemporaryDirectory() as name:
        work = pathlib.Path(name)
        sys.path.insert(0, str(HERE))
        from check_format import clang_format
        for checker, what, file, text, say in FAULTS:
            title = "check_%s: %s" % (checker, what)
            if "clang-format" in say and not clang_format():
                tap.skip(title, "clang-format 14 is not installed")
            else:
                tap.check(title, meet(checker, file, text, say, source, cc, work))
        if shutil.which("git"):
            tap.check("check_commits: good and bad subjects", list(commits(work)))
        else:
            tap.skip("check_commits: good and bad subjects", "git is not installed")
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
