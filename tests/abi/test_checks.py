#!/usr/bin/env python3
"""test_checks.py CC - the checks of the ABI meet a small tree with one fault at a time, and must name it."""
import pathlib
import subprocess
import sys
import tempfile

import headers
import make
import test_abi

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tools"))
from tap import Tap  # noqa: E402

TYPES = """#ifndef MAILACCESS_TYPES_H
#define MAILACCESS_TYPES_H
#include <stddef.h>
#include <stdint.h>
#define MLA_API
typedef struct mla_str {
    const char *ptr;
    size_t len;
} mla_str;
typedef struct mla_thing mla_thing;
enum { MLA_OK = 0, MLA_E_NO = -1, MLA_STRUCT_STR = 1, MLA_STRUCT_ARGS = 2 };
typedef struct mla_args {
    uint32_t struct_size;
    uint32_t reserved;
    mla_str name;
    const uint32_t *numbers;
    void (*call)(void *user, int32_t n);
} mla_args;
%(record)s
/* Says it. */
MLA_API int mla_say(mla_thing *t, const mla_args *args, uint64_t *out_n);
%(function)s
#endif
"""
NOTHING = {"record": "", "function": ""}
# what is wrong, where, the text, what must be said
FAULTS = [
    ("bool", "function", "/* . */\nMLA_API int mla_x(bool b);", "bool is no type"),
    ("long", "function", "/* . */\nMLA_API long mla_x(void);", "long is no type"),
    ("double", "function", "/* . */\nMLA_API int mla_x(double *out_d);", "double * is no type"),
    ("an enum type", "function", "/* . */\nMLA_API int mla_x(mla_kind k);", "mla_kind is no type"),
    ("int as an argument", "function", "/* . */\nMLA_API int mla_x(int n);", "int is no type"),
    ("a record by value", "function", "/* . */\nMLA_API int mla_x(mla_str s);", "goes by value"),
    ("a record returned by value", "function", "/* . */\nMLA_API mla_str mla_x(void);", "goes by value"),
    ("an output that is not last", "function", "/* . */\nMLA_API int mla_x(uint32_t *out_n, uint32_t m);", "outputs come last"),
    ("another name", "function", "/* . */\nMLA_API int other_x(void);", "is not named mla_*"),
    ("no comment", "function", "\nMLA_API int mla_x(void);", "has no comment"),
    ("variable arguments", "function", "/* . */\nMLA_API int mla_x(const char *f, ...);", "cannot read"),
    ("an inline function", "function", "static inline int mla_x(void) { return 0; }", "cannot read"),
    ("a union", "record", "typedef union mla_u { int32_t a; } mla_u;", "cannot read"),
    ("a bit-field", "record", "typedef struct mla_b { uint32_t struct_size; uint32_t a : 3; } mla_b;", "cannot read"),
    ("data", "function", "extern int32_t mla_data;", "cannot read"),
    ("no struct_size", "record", "typedef struct mla_b { uint32_t n; } mla_b;", "does not begin with uint32_t struct_size"),
    ("padding", "record", "typedef struct mla_b { uint32_t struct_size; uint64_t n; } mla_b;", "padding in front of n"),
    ("padding at the end", "record", "typedef struct mla_b { uint32_t struct_size, r; uint64_t n; uint32_t m; } mla_b;",
     "padding at the end"),
    ("a growing record inside", "record", "typedef struct mla_b { uint32_t struct_size, r; mla_args a; } mla_b;",
     "embeds a record that may grow"),
    ("a record without a number", "record", "typedef struct mla_b { uint32_t struct_size; } mla_b;", "no MLA_STRUCT_B"),
    ("a number without a record", "record", "enum { MLA_STRUCT_GONE = 9 };", "stands for no record"),
    ("one number twice", "record", "enum { MLA_STRUCT_B = 2 };\ntypedef struct mla_b { uint32_t struct_size; } mla_b;",
     "two records have one number"),
    ("a macro", "record", "#define MLA_MAX(a, b) ((a) > (b) ? (a) : (b))", "macro MLA_MAX"),
    ("another constant", "record", "enum { OTHER = 1 };", "is not named MLA_*"),
    ("a header that does not compile", "function", "/* . */\nMLA_API int mla_x(mla_unknown *u);", "with gcc"),
]


def found(root, cc):
    """Everything that the checks of headers say."""
    out = [x for p in (root / "include/mailaccess").glob("*.h") for x in test_abi.alone(root, p.name)]
    try:
        abi = headers.read_all(root)
    except headers.Unreadable as e:
        return out + [str(e)]
    try:
        headers.layout(root, abi, cc)
    except subprocess.CalledProcessError:
        for group in abi.values():  # what does not compile has no values
            for item in group:
                item.setdefault("value", 0)
        return out + list(test_abi.signatures(abi))
    for check in (test_abi.signatures, test_abi.records, test_abi.constants, test_abi.numbered):
        out += check(abi)
    return out + list(test_abi.macros(root)) + list(test_abi.documented(root, abi))


def library(root, cc, text):
    (root / "lib.c").write_text(text)
    path = root / "libmailaccess.so"
    subprocess.run(cc + ["-shared", "-fPIC", "-I", str(root / "include"), "-o", str(path), str(root / "lib.c")], check=True)
    return path


def main():
    cc = sys.argv[1].split()
    tap = Tap()
    with tempfile.TemporaryDirectory() as name:
        root = pathlib.Path(name)
        header = root / "include/mailaccess/types.h"
        header.parent.mkdir(parents=True)
        (root / "meson.build").write_text("soversion = '3'\n")
        header.write_text(TYPES % NOTHING)
        tap.check("a good header", found(root, cc))
        for what, where, text, say in FAULTS:
            header.write_text(TYPES % dict(NOTHING, **{where: text}))
            got = found(root, cc)
            tap.check("fault: " + what, [] if any(say in x for x in got) else ["wanted %r, got %r" % (say, got)])
        header.write_text(TYPES % NOTHING)
        abi = headers.read_all(root)
        good = "#include <mailaccess/types.h>\nint mla_say(mla_thing *t, const mla_args *a, uint64_t *n) { return !t + !a + !n; }\n"
        tap.check("exports that agree", list(test_abi.exports(abi, library(root, cc, good))))
        for what, text, say in (("a missing function", "int x;\n", "declared and not exported: mla_say"),
                                ("a function too many", good + "int more(void) { return 1; }\n", "exported and not declared: more"),
                                ("exported data", good + "int data = 1;\n", "exported, and no function: data")):
            got = list(test_abi.exports(abi, library(root, cc, text)))
            tap.check("fault: " + what, [] if say in " ".join(got) else ["wanted %r, got %r" % (say, got)])
        tap.check("fault: a wrong soname", [] if list(test_abi.soname(root, root / "libmailaccess.so")) else ["not noticed"])
        names = [n for n, _ in make.stale(root, cc)]
        tap.check("fault: nothing generated", [] if len(names) == 3 else ["only %s" % names])
        for n, text in make.targets(root, cc).items():
            (root / n).parent.mkdir(parents=True, exist_ok=True)
            (root / n).write_text(text)
        tap.check("generated and up to date", [n for n, _ in make.stale(root, cc)])
        header.write_text(TYPES % dict(NOTHING, function="/* . */\nMLA_API int mla_new(void);"))
        tap.check("fault: a function added", [] if len(list(make.stale(root, cc))) == 3 else ["not noticed"])
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
