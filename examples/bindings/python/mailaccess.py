"""libmailaccess from Python, with nothing but ctypes.

    import mailaccess
    with mailaccess.Imap("mail.example.org", user="alice", password=secret) as imap:
        imap.select("INBOX")
        for message in imap.fetch("1:*"):
            print(message["uid"], message["size"], message["subject"])

The library is looked for in MLA_LIBRARY, else where the system keeps its libraries. Every event is taken (copied out of
the session) before anything is read from it: a garbage collector cannot know that "the next call" ends a borrowed one.
"""
import ctypes
import ctypes.util
import os
from ctypes import byref, c_size_t, c_uint64, c_void_p, sizeof

import mailaccess_abi as abi

globals().update(abi.CONSTANTS)
C = abi.CONSTANTS
SECURITY = {"tls": C["MLA_SECURITY_TLS"], "starttls": C["MLA_SECURITY_STARTTLS"], "none": C["MLA_SECURITY_NONE"]}


class Error(Exception):
    """code is one of MLA_E_*; text is one line for people; fatal says that the session is over."""

    def __init__(self, code, text):
        super().__init__(text)
        self.code = code
        self.name = lib.mla_error_name(code).decode()
        self.fatal = bool(lib.mla_error_is_fatal(code))


def _load():
    path = os.environ.get("MLA_LIBRARY") or ctypes.util.find_library("mailaccess") or "libmailaccess.so.0"
    library = ctypes.CDLL(path)
    abi.declare(library)
    # A record that is larger here than in the library that runs would be read past its end.
    for name, record in abi.RECORDS.items():
        number = C.get("MLA_STRUCT_" + name[4:].upper())
        if number is not None and library.mla_struct_size(number) < sizeof(record):
            raise ImportError("%s: %s is older than these declarations" % (path, name))
    return library


lib = _load()


def _text(s):
    """What a mla_str says, None where the server said nothing."""
    return ctypes.string_at(s.ptr, s.len).decode("utf-8", "replace") if s.ptr else None


def _octets(pointer, size):
    return ctypes.string_at(pointer, size)


class _Session:
    """What IMAP and POP3 have in common. prefix names their functions: mla_imap_new, mla_pop3_new."""
    prefix = ""

    def __init__(self, host, port=0, security="tls", user=None, password=None, token=None, ca_file=None,
                 cleartext_password=False, wait_ms=-1):
        self.handle = None
        self.wait_ms = wait_ms
        config = c_void_p()
        self._check(lib.mla_config_new(None, byref(config)))
        try:
            if ca_file:
                error = abi.mla_error()
                self._check(lib.mla_config_add_ca_file(config, os.fsencode(ca_file), byref(error)), error)
            if cleartext_password:
                self._check(lib.mla_config_set_cleartext_password(config, 1))
            handle, error = c_void_p(), abi.mla_error()
            self._check(self._call("new", config, byref(handle), byref(error)), error)
            self.handle = handle
        finally:
            lib.mla_config_free(config)
        try:
            self._connect(host, port, security)
            if user is not None:
                self._log_in(user, password, token)
        except BaseException:
            self.free()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        try:
            if exception[0] is None and self.handle:
                self.leave()
        finally:
            self.free()

    def free(self):
        """Closes at once. Nothing more can be asked."""
        if self.handle:
            self._call("free", self.handle)
            self.handle = None

    def _call(self, name, *arguments):
        return getattr(lib, self.prefix + name)(*arguments)

    def _check(self, code, error=None):
        if code >= 0:
            return code
        if error is None and self.handle:
            error = abi.mla_error()
            lib.mla_session_error(self._call("session", self.handle), byref(error))
        text = error.message.decode("utf-8", "replace") if error is not None and error.code == code else ""
        raise Error(code, text or lib.mla_error_text(code).decode())

    def _connect(self, host, port, security):
        where = abi.mla_connect_args(struct_size=sizeof(abi.mla_connect_args), security=SECURITY[security],
                                     host=host.encode(), port=port)
        ticket = c_uint64()
        self._check(lib.mla_session_connect(self._call("session", self.handle), byref(where), byref(ticket)))
        self._finish(ticket)

    def _log_in(self, user, password, token):
        who = abi.mla_credentials(struct_size=sizeof(abi.mla_credentials), user=user.encode())
        if password is not None:
            who.password, who.password_len = password.encode(), len(password.encode())
        if token is not None:
            who.token, who.token_len = token.encode(), len(token.encode())
        self._run("authenticate", byref(who))

    def _ticket(self, name, *arguments):
        ticket = c_uint64()
        self._check(self._call(name, self.handle, *arguments, byref(ticket)))
        return ticket

    def _finish(self, ticket):
        self._check(self._call("finish", self.handle, ticket, self.wait_ms))

    def _run(self, name, *arguments):
        """A command whose events do not matter, to its end."""
        for _ in self._events(self._ticket(name, *arguments)):
            pass

    def _events(self, ticket):
        """The events up to the end of a command, each taken, each freed when the next one is asked for."""
        borrowed, said = c_void_p(), None
        while True:
            rc = self._call("step", self.handle, ticket, self.wait_ms, byref(borrowed))
            if rc <= 0:
                break
            event = c_void_p()
            self._check(self._call("event_take", self.handle, byref(event)))
            try:
                done = self._call("event_done", event)
                if done and self._call("event_ticket", event) == ticket.value:
                    said = _text(done.contents.text)
                yield event
            finally:
                self._call("event_free", event)
        if rc < 0 and said and not lib.mla_error_is_fatal(rc):
            raise Error(rc, said)
        self._check(rc)


class Imap(_Session):
    prefix = "mla_imap_"

    def leave(self):
        self._run("logout")

    def mailboxes(self, pattern="*"):
        """Names of mailboxes."""
        what = abi.mla_imap_list_args(struct_size=sizeof(abi.mla_imap_list_args), pattern=pattern.encode())
        out = []
        for event in self._events(self._ticket("list_mailboxes", byref(what))):
            entry = self._call("event_list", event)
            if entry:
                out.append(_text(entry.contents.name))
        return out

    def select(self, mailbox, read_only=True):
        """Opens a mailbox; the number of messages in it."""
        what = abi.mla_imap_select_args(struct_size=sizeof(abi.mla_imap_select_args), read_only=read_only,
                                        mailbox=mailbox.encode())
        self._run("select", byref(what))
        return self._call("exists", self.handle)

    def fetch(self, uids="1:*", body=False):
        """A dict a message: uid, size, subject, from, and with body also text, the octets of the message."""
        ranges = [[0 if n == "*" else int(n) for n in r.split(":")] for r in uids.split(",")]
        array = (abi.mla_range * len(ranges))(*((r[0], r[-1]) for r in ranges))
        whole = abi.mla_imap_section_args(struct_size=sizeof(abi.mla_imap_section_args))
        what = abi.mla_imap_fetch_args(
            struct_size=sizeof(abi.mla_imap_fetch_args), ranges=array, range_count=len(ranges),
            items=C["MLA_IMAP_ITEM_UID"] | C["MLA_IMAP_ITEM_SIZE"] | C["MLA_IMAP_ITEM_ENVELOPE"])
        if body:
            what.sections, what.section_count = ctypes.pointer(whole), 1
        streamed = b""
        for event in self._events(self._ticket("fetch_msgs", byref(what))):
            size = c_size_t()
            chunk = self._call("event_chunk", event, byref(size), None)
            if chunk:
                streamed += _octets(chunk, size.value)
            answer = self._call("event_fetch", event)
            if not answer:
                continue
            f = answer.contents
            message = {"uid": f.uid, "size": f.size, "subject": None, "from": []}
            if f.envelope:
                e = f.envelope.contents
                message["subject"] = _text(e.subject)
                senders = getattr(e, "from")
                for i in range(e.from_count):
                    message["from"].append("%s@%s" % (_text(senders[i].mailbox), _text(senders[i].host)))
            if f.sections:
                section = f.sections.contents
                message["text"] = streamed if section.streamed else _octets(section.data.ptr, section.data.len)
                streamed = b""
            yield message


class Pop3(_Session):
    prefix = "mla_pop3_"
    collector = None  # it has to end before the session does

    def leave(self):
        if lib.mla_pop3_state(self.handle) != C["MLA_POP3_STATE_UPDATE"]:
            self._run("quit")

    def _listing(self, command, field):
        out = {}
        for event in self._events(self._ticket(command, 0)):
            for i in range(self._call("event_item_count", event)):
                item = self._call("event_item", event, i).contents
                out[item.number] = field(item)
        return out

    def sizes(self):
        """{number: octets}"""
        return self._listing("list", lambda item: item.size)

    def uidls(self):
        """{number: unique identifier}"""
        return self._listing("uidl", lambda item: _text(item.uidl))

    def retrieve(self, number):
        """The octets of a message."""
        out = b""
        for event in self._events(self._ticket("retr", number)):
            size = c_size_t()
            chunk = self._call("event_chunk", event, byref(size), None)
            if chunk:
                out += _octets(chunk, size.value)
        return out

    def delete(self, number):
        """Marks a message; leave() deletes it."""
        self._run("dele", number)

    def collect(self, seen, source, delete=False):
        """Yields (number, UIDL, octets) of each message that was not collected before. Asking for the next one, or the end,
        says that the message is stored: it is recorded, and with delete=True deleted on the server. Leave the loop early,
        or raise, and what was not asked past comes again in the next session. seen is the path of the file that remembers, or a
        mla_seen_store of your own."""
        if isinstance(seen, abi.mla_seen_store):
            yield from self._collect(seen, delete)
            return
        file, error, store = c_void_p(), abi.mla_error(), abi.mla_seen_store()
        self._check(lib.mla_seen_file_open(None, os.fsencode(seen), byref(file), byref(error)), error)
        try:
            self._check(lib.mla_seen_file_store(file, source.encode(), byref(store)))
            yield from self._collect(store, delete)
        finally:
            lib.mla_seen_file_close(file)

    def _collect(self, store, delete):
        policy = C["MLA_COLLECT_DELETE"] if delete else C["MLA_COLLECT_KEEP"]
        arguments = abi.mla_collect_args(struct_size=sizeof(abi.mla_collect_args), store=ctypes.pointer(store), policy=policy)
        collector = c_void_p()
        self._check(lib.mla_collect_new(self.handle, byref(arguments), byref(collector)))
        self.collector = collector
        try:
            yield from self._collected(collector)
        finally:
            self._end_collecting()

    def _end_collecting(self):
        lib.mla_collect_free(self.collector)
        self.collector = None

    def free(self):
        self._end_collecting()
        super().free()

    def _collected(self, collector):
        event, size, parts = c_void_p(), c_size_t(), []
        while True:
            rc = lib.mla_collect_step(collector, self.wait_ms, byref(event))
            if rc <= 0:
                break
            kind = lib.mla_collect_event_type(event)
            if kind == C["MLA_COLLECT_EV_BEGIN"]:
                parts = []
            elif kind == C["MLA_COLLECT_EV_CHUNK"]:
                chunk = lib.mla_collect_event_chunk(event, byref(size), None)
                parts.append(_octets(chunk, size.value))
            elif kind == C["MLA_COLLECT_EV_END"]:
                message = lib.mla_collect_event_message(event).contents
                if message.error == 0 and not message.flags & C["MLA_COLLECT_SAME"]:
                    number = message.number
                    yield number, _text(message.uidl), b"".join(parts)
                    if self.collector is None:
                        return
                    self._check(lib.mla_collect_stored(collector, number, None))
            elif kind == C["MLA_COLLECT_EV_ALL"]:
                self._check(lib.mla_collect_close(collector))
        if rc < 0:
            error = abi.mla_error()
            lib.mla_collect_error(collector, byref(error))
            self._check(rc, error)


def _give(handle, number, octets):
    """An autoconfig file that is no good is as good as none."""
    data = (ctypes.c_uint8 * max(1, len(octets)))(*octets)
    rc = lib.mla_discover_give(handle, number, data, len(octets), 1, None)
    if rc < 0 and rc not in (C["MLA_E_SYNTAX"], C["MLA_E_LIMIT"], C["MLA_E_UNSUPPORTED"]):
        raise Error(rc, lib.mla_error_text(rc).decode())


def discover(address, fetch=None, wait_ms=-1, **options):
    """The servers of a mail address, the best first, as dicts: protocol ("imap" or "pop3"), host, port, security and user are
    what Imap and Pop3 want; user is None where it must be asked for. Where confirm is true ask the user whether host is right
    before a password goes there. auth, sources and hints are bits (MLA_DISCOVER_...).

    fetch(url) returns the octets of a file, or None where there is none; it must verify the server's certificate.
    options are fields of mla_discover_args."""
    args = abi.mla_discover_args(struct_size=sizeof(abi.mla_discover_args), address=address.encode(), **options)
    handle, error, event = c_void_p(), abi.mla_error(), c_void_p()
    rc = lib.mla_discover_new(None, byref(args), byref(handle), byref(error))
    if rc < 0:
        raise Error(rc, error.message.decode("utf-8", "replace"))
    try:
        while (rc := lib.mla_discover_step(handle, wait_ms, byref(event))) == 1:
            url = lib.mla_discover_event_url(event)
            octets = fetch(url.contents.url.decode()) if url and fetch else None
            if octets is not None:
                _give(handle, url.contents.id, octets)
        if rc < 0:
            raise Error(rc, lib.mla_error_text(rc).decode())
        count = lib.mla_discover_candidate_count(handle)
        return [_candidate(lib.mla_discover_candidate_at(handle, i).contents) for i in range(count)]
    finally:
        lib.mla_discover_free(handle)


def _candidate(c):
    said = {name: getattr(c, name) for name, _ in c._fields_ if name not in ("struct_size", "reserved")}
    out = {name: value.decode("utf-8", "replace") if isinstance(value, bytes) else value for name, value in said.items()}
    out["protocol"] = "imap" if c.protocol == C["MLA_DISCOVER_IMAP"] else "pop3"
    out["security"] = next(word for word, number in SECURITY.items() if number == c.security)
    out["confirm"] = bool(c.flags & C["MLA_DISCOVER_CONFIRM"])
    return out
