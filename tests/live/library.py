"""The C library itself, driven from Python: any function, any record, any event, by the declarations made from the headers.

    s = live.Dovecot("--extensions")
    lib = live.library()
    with lib.imap(s, user="alice", select="INBOX") as imap:
        got = imap.run("fetch_msgs", ranges="1:*", items=lib.ITEM_UID | lib.ITEM_FLAGS)
        print([m["uid"] for m in got.of("fetch")])

Nothing here knows an extension: a new record, function or kind of event is there as soon as tests/abi/make.py has run.
"""
import ctypes
import json
import os
import re

import live
import mailaccess_abi as abi  # live.library() has put its folder into the path

C = ctypes.CDLL(os.environ["MLA_LIBRARY"])
abi.declare(C)
with open(os.path.join(live.SOURCE, "docs", "abi.json"), encoding="utf-8") as _f:
    _said = json.load(_f)
FUNCTIONS = {f["name"]: f for f in _said["functions"]}
RECORDS = {r["name"]: {f["name"]: f for f in r["fields"]} for r in _said["records"]}
# Constants without their family: lib.ITEM_UID, lib.E_NO, lib.STORE_ADD.
for _name, _value in abi.CONSTANTS.items():
    globals()[_name] = _value
    globals()[re.sub(r"^MLA_(IMAP_)?", "", _name)] = _value
KINDS = {v: n[len("MLA_IMAP_EV_"):].lower() for n, v in abi.CONSTANTS.items() if n.startswith("MLA_IMAP_EV_")}
SECURITY = {"imap": abi.CONSTANTS["MLA_SECURITY_STARTTLS"], "imaps": abi.CONSTANTS["MLA_SECURITY_TLS"],
            "none": abi.CONSTANTS["MLA_SECURITY_NONE"]}


def name_of(code):
    """"MLA_E_NO" for -1."""
    return C.mla_error_name(code).decode() if code else "0"


def base(kind):
    """The C type behind the stars and the words that say nothing here, and the number of stars."""
    return re.sub(r"\b(const|struct)\b|[* ]", "", kind), kind.count("*")


def count_of(field, fields):
    """The name of the field that says how many `field` points to: range_count for ranges, len for data, ..."""
    singular = [field, re.sub(r"s$", "", field), re.sub(r"es$", "", field), re.sub(r"ies$", "y", field)]
    kind, stars = base(fields[field]["type"])
    tails = ["%s_count"] if kind not in ("char", "uint8_t", "void") or stars > 1 else ["%s_len", "%s_size"]
    for tail in tails:
        for name in singular:
            if tail % name in fields:
                return tail % name
    if tails[0] == "%s_len":
        return next((n for n in ("len", "size") if n in fields), None)
    return None


# ---- from Python to records ----------------------------------------------------------------------------------------------


def octets(value):
    return value.encode() if isinstance(value, str) else bytes(value)


def ranges(value):
    """"1:3,7,9:*" as pairs; pairs and numbers stay what they are."""
    if isinstance(value, str):
        value = [[0 if n == "*" else int(n) for n in part.split(":")] for part in value.split(",")]
    return [(r, r) if isinstance(r, int) else (r[0], r[-1]) for r in value]


def text(value):
    """A mla_str; None is NIL."""
    if value is None:
        return abi.mla_str()
    data = octets(value)
    return abi.mla_str(ctypes.cast(ctypes.create_string_buffer(data, len(data) + 1), ctypes.POINTER(ctypes.c_char)), len(data))


def one(kind, value):
    """A value of C type `kind` (without stars) from what Python has."""
    if kind == "mla_str":
        return text(value)
    if kind == "mla_range":
        return abi.mla_range(*value)
    if kind in RECORDS:
        return record(kind, value)
    return value


def array(kind, value):
    if kind == "mla_range":
        value = ranges(value)
    items = [one(kind, v) for v in value]
    numbers = {"uint32_t": ctypes.c_uint32, "uint64_t": ctypes.c_uint64, "int32_t": ctypes.c_int32, "int64_t": ctypes.c_int64}
    return ((getattr(abi, kind) if kind in RECORDS else numbers[kind]) * len(items))(*items)


def record(name, values):
    """A record from a dict; struct_size and the counts of arrays are filled in."""
    if isinstance(values, ctypes.Structure):
        return values
    fields, out = RECORDS[name], getattr(abi, name)()
    if "struct_size" in fields:
        out.struct_size = ctypes.sizeof(out)
    for key, value in values.items():
        if key not in fields:
            raise TypeError("%s has no field %s; it has %s" % (name, key, " ".join(fields)))
        if value is None:
            continue
        (kind, stars), count = base(fields[key]["type"]), count_of(key, fields)
        if stars == 0:
            setattr(out, key, one(kind, value))
        elif kind == "char" and stars == 1:
            setattr(out, key, octets(value))
        elif kind == "char":
            setattr(out, key, (ctypes.c_char_p * len(value))(*map(octets, value)))
        elif kind in ("uint8_t", "void"):
            value = octets(value)
            buffer = (ctypes.c_uint8 * max(1, len(value)))(*value)
            setattr(out, key, ctypes.cast(buffer, type(getattr(out, key))) if kind == "uint8_t" else ctypes.addressof(buffer))
            out.kept = getattr(out, "kept", []) + [buffer]
        elif count:
            setattr(out, key, array(kind, value))
        else:
            setattr(out, key, ctypes.pointer(one(kind, value)))
        if count and stars and count not in values:
            if kind == "mla_range":
                value = ranges(value)
            setattr(out, count, len(octets(value) if kind in ("char", "uint8_t", "void") and stars == 1 else value))
    return out


# ---- from records to Python ----------------------------------------------------------------------------------------------


def plain(value):
    """A mla_str is bytes or None, a mla_range a pair, another record a dict."""
    if isinstance(value, abi.mla_str):
        return ctypes.string_at(value.ptr, value.len) if value.ptr else None
    if isinstance(value, abi.mla_range):
        return value.first, value.last
    if isinstance(value, ctypes.Structure):
        return read(value)
    return value


def pointed(value, field, fields, whole):
    """What the pointer `field` leads to."""
    if not value:
        count = count_of(field, fields)
        return [] if count and base(fields[field]["type"])[0] not in ("char", "uint8_t", "void") else None
    kind, stars = base(fields[field]["type"])
    count = count_of(field, fields)
    if kind == "char" and stars == 1:
        return ctypes.string_at(value, getattr(whole, count)) if count and not isinstance(value, bytes) else value
    if kind in ("uint8_t", "void"):
        return ctypes.string_at(value, getattr(whole, count)) if count else value
    if "next" in RECORDS.get(kind, {}) and (count or kind != "mla_imap_body"):  # a body without a count is the topmost one
        out = []
        while value:
            out.append(read(value.contents))
            value = value.contents.next
        return out
    if count:
        return [plain(value[i]) for i in range(getattr(whole, count))]
    return plain(value.contents) if kind in RECORDS else value


def read(whole):
    """A record as a dict. What a list hangs together by (next, parent) is left out."""
    fields, out = RECORDS[type(whole).__name__], {}
    for field, said in fields.items():
        if field in ("struct_size", "next", "parent") or field.startswith("reserved"):
            continue
        value = getattr(whole, field)
        out[field] = pointed(value, field, fields, whole) if "*" in said["type"] else plain(value)
    return out


# Functions that tell what an event holds: one parameter, the event, or also where to write a length or count.
ACCESSORS = [f for f in _said["functions"] if f["params"] and f["params"][0]["type"] == "const mla_imap_event *"
             and f["name"].startswith("mla_imap_") and f["name"] not in ("mla_imap_event_type", "mla_imap_event_ticket")
             and all(p["name"].startswith("out_") for p in f["params"][1:]) and hasattr(C, f["name"])]


class Event(dict):
    """One event: "event" (its kind's name), "ticket", and what each mla_imap_event_X() gives, as "X". `handle` is the event
    itself, for functions that are called by hand; it lives as long as this object."""

    def __init__(self, handle):
        super().__init__()
        self.handle = handle
        kind = C.mla_imap_event_type(handle)
        self["event"], self["ticket"] = KINDS.get(kind, kind), C.mla_imap_event_ticket(handle)
        for f in ACCESSORS:
            value = self._ask(f)
            if value not in (None, 0):
                self[re.sub(r"^mla_imap_(event_)?", "", f["name"])] = value

    def _ask(self, f):
        outs = [kind._type_() for kind in getattr(C, f["name"]).argtypes[1:]]
        value = getattr(C, f["name"])(self.handle, *map(ctypes.byref, outs))
        kind, stars = base(f["returns"])
        if stars == 0 or not value:
            return value or None
        if kind == "char":
            return value
        if not outs:
            return read(value.contents) if kind in RECORDS else value
        if kind == "uint8_t":
            return ctypes.string_at(value, outs[0].value)
        return [plain(value[i]) for i in range(outs[0].value)]

    def __del__(self):
        C.mla_imap_event_free(self.handle)


class Answer(list):
    """The events of a command in order. `error`: 0 or MLA_E_*; `done`: the record of its DONE event, if it was sent at all."""

    error, done, ticket = 0, None, 0

    def of(self, kind):
        """What events hold: of("fetch") are the dicts of all fetch records; of("exists") the numbers."""
        if any(kind in e for e in self):
            return [e[kind] for e in self if kind in e]
        return [e.get("number") or e for e in self if e["event"] == kind]

    def one(self, kind):
        got = self.of(kind)
        live.check(len(got) == 1, "wanted one", kind, "event, got", self)
        return got[0]

    @property
    def code(self):
        """The response code of the tagged answer, a dict, or None."""
        return self.done["code"] if self.done else None


class Imap:
    """A session. As a context manager it logs out at the end."""

    def __init__(self, host, port, security=SECURITY["imaps"], ca=None, wait_ms=30000, config=None):
        self.handle, self.wait_ms, self.traffic = None, wait_ms, []
        settings = ctypes.c_void_p()
        self._check(C.mla_config_new(None, ctypes.byref(settings)))
        try:
            if ca:
                self._check(C.mla_config_add_ca_file(settings, os.fsencode(ca), None))
            if security == SECURITY["none"]:
                self._check(C.mla_config_set_cleartext_password(settings, 1))
            self._trace = abi.mla_trace_fn(lambda _, what, data, n: self.traffic.append((what, ctypes.string_at(data, n))))
            self._check(C.mla_config_set_trace(settings, self._trace, None))
            if config:
                config(settings)
            handle, error = ctypes.c_void_p(), abi.mla_error()
            rc = C.mla_imap_new(settings, ctypes.byref(handle), ctypes.byref(error))
            live.check(rc == 0, "mla_imap_new:", name_of(rc), error.message)
            self.handle = handle
        finally:
            C.mla_config_free(settings)
        self.session = C.mla_imap_session(self.handle)
        ticket = ctypes.c_uint64()
        where = record("mla_connect_args", {"host": host, "port": port, "security": security})
        self._check(C.mla_session_connect(self.session, ctypes.byref(where), ctypes.byref(ticket)))
        self.greeting = self.collect(ticket.value)
        self._must(self.greeting, 0, "connect")

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        try:
            if exception[0] is None and self.handle:
                self.run("logout")
        finally:
            self.free()

    def free(self):
        """Closes at once."""
        if self.handle:
            C.mla_imap_free(self.handle)
            self.handle = None

    def error(self):
        """What mla_session_error() says."""
        e = abi.mla_error()
        C.mla_session_error(self.session, ctypes.byref(e))
        return e.message.decode("utf-8", "replace")

    def _check(self, rc):
        live.check(rc >= 0, name_of(rc), self.error() if self.handle else "")

    def call(self, name, *args):
        """mla_imap_NAME(session, args...)."""
        return getattr(C, "mla_imap_" + name)(self.handle, *args)

    def ask(self, name, *args, **fields):
        """Queues a command: (its ticket, 0) or (0, MLA_E_*). `fields` fill its argument record, and parameters by name."""
        f = FUNCTIONS["mla_imap_" + name]
        given, kept, out = list(args), [], ctypes.c_uint64()
        params, used = f["params"][1:], set()
        for p, kind in zip(params, getattr(C, f["name"]).argtypes[1:]):
            (c, stars), value = base(p["type"]), None
            if p["name"] == "out_ticket":
                value = ctypes.byref(out)
            elif given:
                value = given.pop(0)
            elif p["name"] in fields:
                value, used = fields[p["name"]], used | {p["name"]}
            elif c in RECORDS and stars == 1 and "struct_size" in RECORDS[c]:
                value, used = {k: v for k, v in fields.items() if k in RECORDS[c]}, used | set(RECORDS[c])
            elif re.search(r"(^|_)(count|len)$", p["name"]):
                value = len(kept[-1])
            if c in RECORDS and stars and isinstance(value, (list, tuple, str)) and not isinstance(value, ctypes.Array):
                value = array(c, value)
            elif c in RECORDS and stars and isinstance(value, (dict, ctypes.Structure)):
                value = ctypes.pointer(record(c, value))
            elif c == "char" and stars == 2 and value is not None:
                value = (ctypes.c_char_p * len(value))(*map(octets, value))
            elif isinstance(value, str):
                value = octets(value)
            if c == "uint8_t" and stars and isinstance(value, bytes):
                value = (ctypes.c_uint8 * max(1, len(value)))(*value)
            kept.append(value)
        live.check(not set(fields) - used, "mla_imap_%s takes no" % name, *sorted(set(fields) - used))
        rc = getattr(C, f["name"])(self.handle, *kept)
        return (out.value, 0) if rc == 0 else (0, rc)

    def collect(self, ticket):
        """All events up to the end of `ticket`, those of others among them."""
        got = Answer()
        got.ticket = ticket
        while True:
            event = self.step(ticket)
            if isinstance(event, int):
                got.error = event
                return got
            got.append(event)
            if event["event"] == "done" and event["ticket"] == ticket:
                got.done = event["done"]

    def step(self, ticket, wait_ms=None):
        """The next event of any kind, or how mla_imap_step() ended: 0, MLA_E_*."""
        borrowed, taken = ctypes.c_void_p(), ctypes.c_void_p()
        rc = self.call("step", ticket, self.wait_ms if wait_ms is None else wait_ms, ctypes.byref(borrowed))
        if rc <= 0:
            return rc
        self._check(self.call("event_take", ctypes.byref(taken)))
        return Event(taken)

    def _must(self, got, expect, name):
        if expect is not None and got.error != expect:
            said = (got.done or {}).get("text") or self.error()
            raise live.Failure("%s: %s, wanted %s: %r" % (name, name_of(got.error), name_of(expect), said))

    def run(self, name, *args, expect=0, **fields):
        """A command to its end: an Answer. Fails where it does not end with `expect` (None: with anything)."""
        ticket, rc = self.ask(name, *args, **fields)
        if rc:
            got = Answer()
            got.error = rc
        else:
            got = self.collect(ticket)
        self._must(got, expect, name)
        return got

    def has(self, capability):
        return bool(self.call("has_capability", capability.encode()))

    def need(self, capability):
        """Skips the test where the server does not announce it."""
        if not self.has(capability):
            raise live.Skip("the server has no " + capability)

    def append(self, mailbox, raw, **fields):
        """A message; its UID where the server says it, else None."""
        code = self.run("append", mailbox=mailbox, data=raw, size=len(raw), **fields).code
        return code["destination"][0][0] if code and code["destination"] else None

    def sent(self, since=0):
        """The lines that were sent (secrets are shown as <secret N>), from the since-th piece of self.traffic on."""
        return b"".join(d for what, d in self.traffic[since:] if what == abi.CONSTANTS["MLA_TRACE_SENT"]).split(b"\r\n")[:-1]


def imap(server, user=None, scheme="imaps", select=None, password=live.PASSWORD, **more):
    """A session with a live.Server, logged in (user False: not). scheme: imaps, imap (STARTTLS) or none (clear text)."""
    port = server.port["imaps" if scheme == "imaps" else "imap"]
    s = Imap("localhost" if server.host == "127.0.0.1" else server.host, port, SECURITY[scheme], server.ca, **more)
    try:
        if user is not False:
            s.run("authenticate", credentials={"user": user or server.user, "password": password})
        if select:
            s.run("select", mailbox=select)
    except BaseException:
        s.free()
        raise
    return s
