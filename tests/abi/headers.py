"""Reads include/mailaccess/*.h: functions, records, constants, handles and callbacks.

The public headers keep to a small part of C (docs/abi.md), so a small reader is enough; what it cannot read it
refuses, and that is a finding too. Values, sizes and offsets come from a compiled program, not from here."""
import json
import pathlib
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tools"))
from tap import blank  # noqa: E402

WORD = re.compile(r"\s+")


class Unreadable(Exception):
    pass


def tidy(text):
    text = WORD.sub(" ", text).strip()
    return re.sub(r" ?\* ?", "*", text).replace("*", " *", 1).replace("* const", "*const")


def split_declarator(text):
    """(type, name, array) of `const char *name[3]`."""
    m = re.fullmatch(r"(?P<type>.*?[\s*])(?P<name>[A-Za-z_]\w*)\s*(?P<array>\[\s*\w+\s*\])?", text.strip(), re.S)
    if not m:
        raise Unreadable("cannot read the declaration: " + tidy(text))
    return tidy(m.group("type")), m.group("name"), (m.group("array") or "").strip("[] ")


def split_params(text):
    text = text.strip()
    if text in ("", "void"):
        return []
    out = []
    for piece in text.split(","):
        kind, name, array = split_declarator(piece)
        out.append({"type": kind + " *" if array else kind, "name": name})
    return out


def function_pointer(text):
    m = re.fullmatch(r"(?P<ret>.*?)\(\s*\*\s*(?P<name>\w+)\s*\)\s*\((?P<params>.*)\)", text.strip(), re.S)
    if not m:
        return None
    return {"name": m.group("name"), "returns": tidy(m.group("ret")), "params": split_params(m.group("params"))}


def fields(text):
    out = []
    for piece in text.split(";"):
        if not piece.strip():
            continue
        callback = function_pointer(piece)
        if callback:
            out.append({"name": callback["name"], "type": "callback", "returns": callback["returns"],
                        "params": callback["params"]})
            continue
        first, *more = piece.split(",")
        kind, name, array = split_declarator(first)
        for n in [name] + [m.strip() for m in more]:
            if not re.fullmatch(r"\w+", n):
                raise Unreadable("cannot read the field: " + tidy(piece))
            out.append({"name": n, "type": kind, "count": int(array)} if array else {"name": n, "type": kind})
    return out


DECL = re.compile(r"""
    \s*(?:
      typedef\s+struct\s+(?P<record>\w+)\s*\{(?P<fields>[^{}]*)\}\s*(?P<alias>\w+)\s*;
    | struct\s+\w+\s*;
    | typedef\s+struct\s+(?P<handle>\w+)\s+(?P<handle_alias>\w+)\s*;
    | typedef\s+(?P<callback>[^;{}]*\(\s*\*\s*\w+\s*\)[^;{}]*);
    | enum\s*\{(?P<enum>[^{}]*)\}\s*;
    | MLA_API\s+(?P<function>[^;{}()]*)\((?P<params>[^;{}]*)\)\s*;
    )""", re.X)


def read_header(path):
    """A list of (kind, what) in the order of the file."""
    raw = path.read_text(encoding="utf-8")
    text = blank(raw, strings=False)
    text = re.sub(r"#\s*ifdef __cplusplus.*?#\s*endif", lambda m: re.sub(r"[^\n]", " ", m.group(0)), text, flags=re.S)
    text = re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*$", lambda m: re.sub(r"[^\n]", " ", m.group(0)), text, flags=re.M)
    out, at = [], 0
    while text[at:].strip():
        m = DECL.match(text, at)
        line = text.count("\n", 0, at + len(text[at:]) - len(text[at:].lstrip())) + 1
        if not m:
            raise Unreadable("%s:%d: cannot read: %s" % (path.name, line, tidy(text[at:at + 200])[:80]))
        if m.group("record"):
            if m.group("record") != m.group("alias"):
                raise Unreadable("%s:%d: two names for %s" % (path.name, line, m.group("record")))
            out.append(("record", {"name": m.group("record"), "fields": fields(m.group("fields")), "line": line}))
        elif m.group("handle"):
            out.append(("handle", {"name": m.group("handle_alias"), "line": line}))
        elif m.group("callback"):
            out.append(("callback", dict(function_pointer(m.group("callback")), line=line)))
        elif m.group("enum"):
            for piece in m.group("enum").split(","):
                if piece.strip():
                    out.append(("constant", {"name": piece.split("=")[0].strip(), "line": line}))
        elif m.group("function"):
            returns, name, _ = split_declarator(m.group("function"))
            out.append(("function", {"name": name, "returns": returns, "params": split_params(m.group("params")),
                                     "line": line}))
        at = m.end()
    return out


def read_all(root):
    """{"functions": [...], "records": [...], ...}, each with its header."""
    out = {"functions": [], "records": [], "handles": [], "callbacks": [], "constants": []}
    for path in sorted((pathlib.Path(root) / "include/mailaccess").glob("*.h")):
        for kind, what in read_header(path):
            what["header"] = path.name
            out[kind + "s"].append(what)
    return out


def run_c(cc, flags, source, link=()):
    """Compiles and runs a program; its output."""
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work)
        (work / "p.c").write_text(source, encoding="utf-8")
        argv = cc + ["-std=c11"] + list(flags) + ["-o", str(work / "p"), str(work / "p.c")] + list(link)
        subprocess.run(argv, check=True)
        return subprocess.run([str(work / "p")], check=True, capture_output=True, text=True).stdout


def layout(root, abi, cc):
    """Adds values of constants, and sizes and offsets of records."""
    lines = []
    for c in abi["constants"]:
        lines.append('printf("c %s %%lld\\n", (long long)%s);' % (c["name"], c["name"]))
    for r in abi["records"]:
        lines.append('printf("r %s %%zu %%zu\\n", sizeof(%s), _Alignof(%s));' % (r["name"], r["name"], r["name"]))
        for f in r["fields"]:
            lines.append('printf("f %s.%s %%zu %%zu\\n", offsetof(%s, %s), sizeof(((%s *)0)->%s));'
                         % (r["name"], f["name"], r["name"], f["name"], r["name"], f["name"]))
    lines.append('printf("p pointer %zu\\n", sizeof(void *));')
    names = sorted(p.name for p in (pathlib.Path(root) / "include/mailaccess").glob("*.h"))
    heads = "".join("#include <mailaccess/%s>\n" % n for n in names)
    source = "#include <stdio.h>\n" + heads + "int main(void)\n{\n" + "\n".join(lines) + "\nreturn 0;\n}\n"
    got = {}
    for line in run_c(cc, ["-I", str(pathlib.Path(root) / "include")], source).splitlines():
        kind, name, *numbers = line.split()
        got[kind, name] = [int(n) for n in numbers]
    for c in abi["constants"]:
        c["value"] = got["c", c["name"]][0]
    for r in abi["records"]:
        r["size"], r["align"] = got["r", r["name"]]
        for f in r["fields"]:
            f["offset"], f["size"] = got["f", "%s.%s" % (r["name"], f["name"])]
    return got["p", "pointer"][0]


def soversion(root):
    return re.search(r"^soversion = '(\d+)'", (pathlib.Path(root) / "meson.build").read_text(), re.M).group(1)


def public(root, cc):
    """What docs/abi.json says."""
    abi = read_all(root)
    pointer = layout(root, abi, cc)
    for group in abi.values():
        for item in group:
            del item["line"]
    return dict({"soversion": int(soversion(root)), "pointer_size": pointer}, **abi)


def to_json(what):
    """JSON with one declaration a line, so that a change shows as one line in a diff."""
    out = ["{"]
    keys = list(what)
    for key in keys:
        comma = "," if key != keys[-1] else ""
        if isinstance(what[key], list):
            out.append(' "%s": [' % key)
            out += ["  " + json.dumps(x) + ("," if x is not what[key][-1] else "") for x in what[key]]
            out.append(" ]" + comma)
        else:
            out.append(' "%s": %s%s' % (key, json.dumps(what[key]), comma))
    return "\n".join(out + ["}"]) + "\n"


def version_map(root):
    """The text of lib/libmailaccess.map."""
    names = sorted(f["name"] for f in read_all(root)["functions"])
    return ("/* Made by tests/abi/make.py from the public headers. */\nMAILACCESS_%s {\nglobal:\n" % soversion(root)
            + "".join("    %s;\n" % n for n in names) + "local:\n    *;\n};\n")
