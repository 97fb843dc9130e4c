#!/usr/bin/env python3
"""test_abi.py ROOT LIBRARY_DIR CC - the public headers and the built library keep to docs/abi.md. With LIBRARY_DIR
"-" only the headers are looked at."""
import os
import pathlib
import re
import shutil
import subprocess
import sys

import headers
import make
from headers import blank, run_c

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tools"))
from tap import Tap, read  # noqa: E402

INTEGERS = {"int32_t", "uint32_t", "int64_t", "uint64_t", "uint8_t", "size_t", "char", "void"}
FROZEN = {"mla_str", "mla_range", "mla_error", "mla_address", "mla_imap_search_change", "mla_imap_thread_item",
          "mla_imap_keep_flags"}
MACROS = re.compile(r"MAILACCESS_\w+_H|MLA_API|MLA_VERSION_(MAJOR|MINOR|PATCH)")
STRICT = ["-Wall", "-Wextra", "-pedantic", "-Werror", "-fsyntax-only"]


def alone(root, header):
    """Each header by itself, in both languages, with whatever compilers are here."""
    source = "#include <mailaccess/%s>\nint here;\n" % header
    for compiler, language, standard in (("gcc", "c", "c99"), ("clang", "c", "c99"), ("g++", "c++", "c++11"),
                                         ("clang++", "c++", "c++11")):
        if not shutil.which(compiler):
            continue
        run = subprocess.run([compiler, "-x", language, "-std=" + standard, "-I", str(root / "include")] + STRICT + ["-"],
                             input=source, capture_output=True, text=True)
        if run.returncode != 0:
            yield "%s with %s -std=%s: %s" % (header, compiler, standard, run.stderr.strip().splitlines()[0])


def base_of(kind):
    return re.sub(r"\b(const|struct)\b|[*\s]", "", kind)


def bad_type(kind, abi, by_value_records):
    """Why a type may not cross the ABI, or None."""
    base = base_of(kind)
    records = {r["name"] for r in abi["records"]}
    known = INTEGERS | {h["name"] for h in abi["handles"]} | {c["name"] for c in abi["callbacks"]} | records
    # records of another header may be named through their tag
    if base not in known:
        return "%s is no type for the ABI" % kind
    if "*" not in kind and base in records and not by_value_records:
        return "%s goes by value" % kind
    if "*" not in kind and base in {h["name"] for h in abi["handles"]} | {"void"}:
        return "%s goes by value" % kind
    return None


def signatures(abi):
    for f in abi["functions"]:
        where = "%s:%d: %s: " % (f["header"], f["line"], f["name"])
        returns = f["returns"]
        if returns not in ("int", "void"):
            why = bad_type(returns, abi, False)
            if why:
                yield where + "returns: " + why
        for p in f["params"]:
            why = bad_type(p["type"], abi, False)
            if why:
                yield where + p["name"] + ": " + why
        outs = [p["name"].startswith("out_") for p in f["params"]]
        if outs != sorted(outs):
            yield where + "outputs come last"
        if not re.fullmatch(r"mla_[a-z0-9_]+", f["name"]):
            yield where + "is not named mla_*"


def records(abi):
    for r in abi["records"]:
        where = "%s:%d: %s: " % (r["header"], r["line"], r["name"])
        if r["name"] not in FROZEN:
            first = r["fields"][0]
            if (first["name"], first["type"]) != ("struct_size", "uint32_t"):
                yield where + "does not begin with uint32_t struct_size"
        at = 0
        for f in r["fields"]:
            if f["type"] != "callback":
                why = bad_type(f["type"], abi, True)
                if why:
                    yield where + f["name"] + ": " + why
            if base_of(f["type"]) not in FROZEN and "*" not in f["type"] and f["type"].startswith("mla_") \
                    and f["type"] not in {c["name"] for c in abi["callbacks"]}:
                yield where + f["name"] + " embeds a record that may grow"
            if f["offset"] != at:
                yield where + "padding in front of " + f["name"]
            at = f["offset"] + f["size"]
        if at != r["size"]:
            yield where + "padding at the end"


def constants(abi):
    for c in abi["constants"]:
        where = "%s:%d: %s: " % (c["header"], c["line"], c["name"])
        if not c["name"].startswith("MLA_"):
            yield where + "is not named MLA_*"
        if not -2 ** 31 < c["value"] < 2 ** 31:
            yield where + "does not fit 31 bits"


def macros(root):
    for path in sorted((root / "include/mailaccess").glob("*.h")):
        for m in re.finditer(r"^\s*#\s*define\s+(\w+)", read(path), re.M):
            if not MACROS.fullmatch(m.group(1)):
                yield "%s: macro %s" % (path.name, m.group(1))


def documented(root, abi):
    """A function has a comment above it (or stands in the group of one that has), and so has a record."""
    for path in sorted((root / "include/mailaccess").glob("*.h")):
        raw, text = read(path).split("\n"), blank(read(path), strings=False).split("\n")
        for f in [f for f in abi["functions"] if f["header"] == path.name]:
            at = f["line"] - 1
            while at > 0 and raw[at - 1].strip() and text[at - 1].strip() and not text[at - 1].lstrip().startswith("#"):
                at -= 1
            if at == 0 or not raw[at - 1].strip() or text[at - 1].strip():
                yield "%s:%d: %s has no comment" % (path.name, f["line"], f["name"])


def exported(library):
    run = subprocess.run(["nm", "-D", "--defined-only", str(library)], capture_output=True, text=True, check=True)
    out = {}
    for line in run.stdout.splitlines():
        _, kind, name = line.split()
        out[name.split("@")[0]] = kind
    return {n: k for n, k in out.items() if not re.fullmatch(r"MAILACCESS_\w+|__(asan|ubsan|odr_asan|start|stop)\w*(\.\w+)*|"
                                                             r"_init|_fini|__bss_start|_edata|_end", n)}


def exports(abi, library):
    declared, found = {f["name"] for f in abi["functions"]}, exported(library)
    for n in sorted(declared - set(found)):
        yield "declared and not exported: " + n
    for n in sorted(set(found) - declared):
        yield "exported and not declared: " + n
    for n, kind in sorted(found.items()):
        if kind != "T":
            yield "exported, and no function: %s (%s)" % (n, kind)


def soname(root, library):
    run = subprocess.run(["readelf", "-d", str(library)], capture_output=True, text=True, check=True)
    want = "libmailaccess.so." + headers.soversion(root)
    if "[%s]" % want not in run.stdout:
        yield "the library's soname is not " + want


def record_numbers(abi):
    """{constant: number} and {constant: record}: every record has a number of its own, named after it."""
    ids = {c["name"]: c["value"] for c in abi["constants"] if c["name"].startswith("MLA_STRUCT_")}
    return ids, {"MLA_STRUCT_" + r["name"][4:].upper(): r for r in abi["records"]}


def numbered(abi):
    ids, names = record_numbers(abi)
    for n in sorted(set(names) - set(ids)):
        yield "no %s in mailaccess.h (and lib/api/version.c)" % n
    for n in sorted(set(ids) - set(names)):
        yield "%s stands for no record" % n
    if len(set(ids.values())) != len(ids):
        yield "two records have one number"


def struct_sizes(root, abi, cc, link):
    """mla_struct_size() agrees with the headers."""
    ids, names = record_numbers(abi)
    lines = ['printf("%s %%u\\n", mla_struct_size(%d));' % (n, v) for n, v in ids.items()]
    lines.append('printf("none %u %u %u\\n", mla_struct_size(0), mla_struct_size(-1), mla_struct_size(2147483647));')
    source = "#include <stdio.h>\n#include <mailaccess/mailaccess.h>\nint main(void)\n{\n%s\nreturn 0;\n}\n" % "\n".join(lines)
    for line in run_c(cc, ["-I", str(root / "include")], source, link).splitlines():
        name, *sizes = line.split()
        if name == "none":
            if sizes != ["0", "0", "0"]:
                yield "an unknown record has a size: " + line
        elif name in names and int(sizes[0]) != names[name]["size"]:
            yield "%s: the library says %s, the header %d" % (name, sizes[0], names[name]["size"])


def errors(root, abi, cc, link):
    """Every MLA_E_* has its row in lib/base/fail.c, its name and text, and its line in docs/errors.md."""
    codes = {c["name"]: c["value"] for c in abi["constants"]
             if c["header"] == "types.h" and re.match(r"MLA_(OK$|E_)", c["name"]) and c["name"] != "MLA_E_FATAL"}
    rows = dict(re.findall(r'\bROW\((MLA_\w+), "([^"]*)"\)', read(root / "lib/base/fail.c")))
    table = {n: (int(v), t) for n, v, t in
             re.findall(r"^\| `(MLA_\w+)` \| (-?\d+) \| (.*) \|$", read(root / "docs/errors.md"), re.M)}
    for n in sorted(set(codes) - set(rows)):
        yield "no row in lib/base/fail.c: " + n
    for n in sorted(set(rows) - set(codes)):
        yield "a row in lib/base/fail.c for no code: " + n
    for n, v in sorted(codes.items(), key=lambda c: -c[1]):
        if v and table.get(n) != (v, rows.get(n)):
            yield "docs/errors.md: no line for %s, %d, %s" % (n, v, rows.get(n))
    for n in sorted(set(table) - set(codes)):
        yield "docs/errors.md: a line for no code: " + n
    if len(set(codes.values())) != len(codes):
        yield "two errors have one number"
    lines = ['printf("%s %%s %%d %%s\\n", mla_error_name(%d), mla_error_is_fatal(%d), mla_error_text(%d));' % (n, v, v, v)
             for n, v in codes.items()]
    source = "#include <stdio.h>\n#include <mailaccess/error.h>\nint main(void)\n{\n%s\nreturn 0;\n}\n" % "\n".join(lines)
    for line in run_c(cc, ["-I", str(root / "include")], source, link).splitlines():
        name, got, fatal, text = line.split(" ", 3)
        if name != got:
            yield "mla_error_name(%s) is %s" % (name, got)
        if (codes[name] <= -100) != (fatal == "1"):
            yield "mla_error_is_fatal(%s) is %s" % (name, fatal)
        if not text.strip() or text.rstrip().endswith("."):
            yield "mla_error_text(%s) is %r" % (name, text)


def versions(root, cc, link):
    project = re.search(r"version: '([\d.]+)'", read(root / "meson.build")).group(1)
    source = ('#include <stdio.h>\n#include <mailaccess/mailaccess.h>\nint main(void)\n{\nprintf("%s %u %d.%d.%d",'
              " mla_version_text(), mla_version(), MLA_VERSION_MAJOR, MLA_VERSION_MINOR, MLA_VERSION_PATCH);\n"
              "return 0;\n}\n")
    text, number, macro = run_c(cc, ["-I", str(root / "include")], source, link).split()
    major, minor, patch = (int(x) for x in project.split("."))
    if (text, macro, int(number)) != (project, project, major * 1000000 + minor * 1000 + patch):
        yield "meson.build says %s, the library %s and %s, the header %s" % (project, text, number, macro)


def main():
    root = pathlib.Path(sys.argv[1]).resolve()
    where = os.path.abspath(sys.argv[2])
    cc = sys.argv[3].split()
    library = pathlib.Path(where) / "libmailaccess.so"
    link = ["-L" + where, "-Wl,-rpath," + where, "-lmailaccess"] + os.environ.get("ABI_LDFLAGS", "").split()
    tap = Tap()
    for path in sorted((root / "include/mailaccess").glob("*.h")):
        tap.check("%s compiles alone as C99 and C++11" % path.name, list(alone(root, path.name)))
    abi = headers.read_all(root)
    pointer = headers.layout(root, abi, cc)
    tap.check("signatures", list(signatures(abi)))
    tap.check("records", list(records(abi)) if pointer == 8 else [])
    tap.check("constants", list(constants(abi)))
    tap.check("macros", list(macros(root)))
    tap.check("every function is documented", list(documented(root, abi)))
    tap.check("every record has its number", list(numbered(abi)))
    if sys.argv[2] == "-":
        return tap.done()
    if pointer == 8:
        tap.check("generated files are up to date", [n + ": run tests/abi/make.py" for n, _ in make.stale(root, cc)])
    else:
        tap.skip("generated files are up to date", "docs/abi.json is for 64 bits")
    tap.check("exported functions are the declared ones", list(exports(abi, library)))
    tap.check("soname", list(soname(root, library)))
    tap.check("mla_struct_size", list(struct_sizes(root, abi, cc, link)))
    tap.check("errors", list(errors(root, abi, cc, link)))
    tap.check("version", list(versions(root, cc, link)))
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
