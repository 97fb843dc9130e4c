"""The ctypes declarations in examples/bindings/python/mailaccess_abi.py, from what headers.public() says."""
import re

PLAIN = {
    "void": "None", "char": "c_char", "int": "c_int", "size_t": "c_size_t", "uint8_t": "c_uint8", "int8_t": "c_int8",
    "uint16_t": "c_uint16", "int16_t": "c_int16", "uint32_t": "c_uint32", "int32_t": "c_int32", "uint64_t": "c_uint64",
    "int64_t": "c_int64",
}
HEAD = '''"""Made by tests/abi/make.py from the public headers: constants, records and prototypes for ctypes."""
from ctypes import (CFUNCTYPE, POINTER, Structure, c_char, c_char_p, c_int, c_int8, c_int16, c_int32, c_int64, c_size_t,
                    c_uint8, c_uint16, c_uint32, c_uint64, c_void_p)

__all__ = ["CONSTANTS", "RECORDS", "FUNCTIONS", "CALLBACKS", "declare"]
'''
TAIL = '''

def declare(library):
    """Gives the functions of a loaded library their types. A function that the library does not have is left out."""
    for name, (result, arguments) in FUNCTIONS.items():
        function = getattr(library, name, None)
        if function is not None:
            function.restype = result
            function.argtypes = arguments
'''


def name_of(kind, records, callbacks):
    """The ctypes name of a C type."""
    base = re.sub(r"\b(const|struct)\b", "", kind).replace(" ", "")
    stars = base.count("*")
    base = base.replace("*", "")
    if base in callbacks:
        return base
    if stars == 0:
        return PLAIN.get(base) or base
    if base == "char":
        inner, stars = "c_char_p", stars - 1
    elif base in records:
        inner = base
    elif base in PLAIN and base != "void":
        inner = PLAIN[base]
    else:  # void, and handles whose inside nobody sees
        inner, stars = "c_void_p", stars - 1
    return "POINTER(" * stars + inner + ")" * stars


def returned(kind, records, callbacks):
    # text that is "yours" comes through an out-parameter; a returned char * is always borrowed, so bytes are right
    return name_of(kind, records, callbacks)


def signature(f, records, callbacks):
    return returned(f["returns"], records, callbacks), [name_of(p["type"], records, callbacks) for p in f["params"]]


def inner_first(records):
    """Records in such an order that one which holds another by value comes behind it."""
    by_name = {r["name"]: r for r in records}
    out = []

    def add(r):
        for f in r["fields"]:
            if f["type"] in by_name and by_name[f["type"]] not in out:
                add(by_name[f["type"]])
        if r not in out:
            out.append(r)

    for r in records:
        add(r)
    return out


def text(abi):
    records = {r["name"] for r in abi["records"]}
    callbacks = {c["name"] for c in abi["callbacks"]}
    out = [HEAD]
    out.append("CONSTANTS = {")
    out += ['    "%s": %d,' % (c["name"], c["value"]) for c in abi["constants"]]
    out.append("}\n")
    for c in abi["callbacks"]:
        result, arguments = signature(c, records, callbacks)
        out.append("%s = CFUNCTYPE(%s)" % (c["name"], ", ".join([result] + arguments)))
    for r in abi["records"]:
        out.append("\n\nclass %s(Structure):\n    pass" % r["name"])
    for r in inner_first(abi["records"]):
        out.append("\n\n%s._fields_ = [" % r["name"])
        for f in r["fields"]:
            if f["type"] == "callback":
                result, arguments = signature(f, records, callbacks)
                kind = "CFUNCTYPE(%s)" % ", ".join([result] + arguments)
            else:
                kind = name_of(f["type"], records, callbacks)
                if r["name"] == "mla_str" and f["name"] == "ptr":
                    kind = "POINTER(c_char)"  # no final NUL: c_char_p would look for one
            out.append('    ("%s", %s),' % (f["name"], kind + " * %d" % f["count"] if "count" in f else kind))
        out.append("]")
    out.append("\nRECORDS = {")
    out += ['    "%s": %s,' % (r["name"], r["name"]) for r in abi["records"]]
    out.append("}\n\nCALLBACKS = {")
    out += ['    "%s": %s,' % (c["name"], c["name"]) for c in abi["callbacks"]]
    out.append("}\n\nFUNCTIONS = {")
    for f in abi["functions"]:
        result, arguments = signature(f, records, callbacks)
        out.append('    "%s": (%s, [%s]),' % (f["name"], result, ", ".join(arguments)))
    out.append("}")
    return "\n".join(out) + "\n" + TAIL
