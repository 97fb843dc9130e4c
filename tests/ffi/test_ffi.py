#!/usr/bin/env python3
"""test_ffi.py ROOT LIBRARY fake|dovecot [PROTOCOL...] - the Python binding against a server in a thread, or against
Dovecot. Whatever the library gives to another language goes through its plain C interface alone."""
import ctypes
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(sys.argv[1]).resolve()
os.environ["MLA_LIBRARY"] = sys.argv[2]
# the sanitizers' runtime, if there is one: for programs that load the library, not for servers
PRELOAD = {"LD_PRELOAD": os.environ.pop("LD_PRELOAD")} if "LD_PRELOAD" in os.environ else {}
sys.path[:0] = [str(ROOT / "examples/bindings/python"), str(ROOT / "tests/tools"), str(ROOT / "tests/ffi")]
import mailaccess  # noqa: E402
from fake_server import PASSWORD, USER, FakeServer  # noqa: E402
from tap import Tap  # noqa: E402

MESSAGES = [
    b"From: bob@example.test\r\nSubject: one\r\n\r\n.a line with a dot\r\n..two dots\r\n.\r\nend\r\n",
    b"From: bob@example.test\r\nSubject: empty\r\n\r\n",
    b"From: bob@example.test\r\nSubject: long\r\n\r\n" + b"0123456789abcdef" * 8 * 1500 + b"\r\n",
]
CLASSES = {"imap": mailaccess.Imap, "pop3": mailaccess.Pop3}


def connect(server, protocol, security, ca=None, password=PASSWORD):
    return CLASSES[protocol](host="localhost" if ca else "127.0.0.1", port=server.port, security=security, user=USER,
                             password=password, ca_file=ca, cleartext_password=security == "none", wait_ms=20000)


def mail_of(session, protocol):
    """(names, octets) of every message."""
    if protocol == "imap":
        session.select("INBOX")
        got = list(session.fetch("1:*", body=True))
        return [(m["uid"], m["size"], m["subject"], m["from"]) for m in got], [m["text"] for m in got]
    names, sizes = session.uidls(), session.sizes()
    return [(names[n], sizes[n]) for n in sizes], [session.retrieve(n) for n in sizes]


def want_names(protocol):
    if protocol == "pop3":
        return [("uid-%d" % n, len(m)) for n, m in enumerate(MESSAGES, 1)]
    return [(n + 10, len(m), s, ["bob@example.test"]) for n, (m, s) in enumerate(zip(MESSAGES, ("one", "empty", "long")), 1)]


def differs(what, got, want):
    return [] if got == want else ["%s: %.200r instead of %.200r" % (what, got, want)]


def read_all(protocol, security, certificate, ca):
    server = FakeServer(protocol, MESSAGES, certificate if security != "none" else None, security == "starttls")
    try:
        with connect(server, protocol, security, ca if security != "none" else None) as session:
            if protocol == "imap":
                yield from differs("mailboxes", session.mailboxes(), ["INBOX", "Entw\xfcrfe"])
            names, texts = mail_of(session, protocol)
        yield from differs("names", names, want_names(protocol))
        yield from differs("texts", texts, MESSAGES)
        yield from differs("the last word", server.log[-1], {"imap": "LOGOUT", "pop3": "QUIT"}[protocol])
    finally:
        server.close()


def error_of(what):
    try:
        what()
    except mailaccess.Error as e:
        return e.name, e.fatal
    return "none", False


def refused(protocol):
    server = FakeServer(protocol, MESSAGES, faults=["refuse"])
    try:
        yield from differs("error", error_of(lambda: connect(server, protocol, "none")), ("MLA_E_AUTH", False))
    finally:
        server.close()


def cut(protocol):
    """P17: half a message is an error, never a short message."""
    server = FakeServer(protocol, MESSAGES[2:], faults=["cut"])
    try:
        session = connect(server, protocol, "none")
        yield from differs("error", error_of(lambda: mail_of(session, protocol)), ("MLA_E_CLOSED", True))
        session.free()
    finally:
        server.close()


def untrusted(protocol, certificate):
    """T27: a certificate that no root vouches for, and not one command to that server."""
    server = FakeServer(protocol, MESSAGES, certificate)
    try:
        got = error_of(lambda: CLASSES[protocol](host="localhost", port=server.port, user=USER, password=PASSWORD))
        yield from differs("error", got, ("MLA_E_CERT", True))
        yield from differs("commands", server.log, [])
    finally:
        server.close()


def clear_password(protocol):
    """A01: without TLS no password unless the configuration says so."""
    server = FakeServer(protocol, MESSAGES)
    try:
        got = error_of(lambda: CLASSES[protocol](host="127.0.0.1", port=server.port, security="none", user=USER,
                                                 password=PASSWORD))
        yield from differs("error", got[0], "MLA_E_POLICY")
        for word in ("LOGIN", "AUTHENTICATE", "AUTH", "USER", "PASS"):
            if word in server.log:
                yield "sent " + word
    finally:
        server.close()


def nobody(protocol):
    server = FakeServer(protocol, MESSAGES)
    server.close()
    yield from differs("error", error_of(lambda: connect(server, protocol, "none")), ("MLA_E_CONNECT", True))


def demo(protocol, server, security, ca):
    """The program in examples/, as a user would call it."""
    argv = [sys.executable, str(ROOT / "examples/bindings/python/mailaccess_demo.py"), protocol, "localhost", str(server.port),
            security, USER] + ([str(ca)] if ca else [])
    got = subprocess.run(argv, capture_output=True, text=True, timeout=60,
                         env=dict(os.environ, MLA_PASSWORD=PASSWORD, **PRELOAD))
    if got.returncode != 0:
        return ["exit status %d: %s" % (got.returncode, (got.stderr.strip().splitlines() or [""])[-1])]
    return differs("messages", [x for x in got.stdout.splitlines() if x.startswith("messages:")], ["messages: %d" % len(MESSAGES)])


def demo_fake(protocol, certificate, ca):
    server = FakeServer(protocol, MESSAGES, certificate)
    try:
        yield from demo(protocol, server, "tls", ca)
    finally:
        server.close()


def discovered(certificate, ca):
    """From an address to its mail, by a file that names the server."""
    server = FakeServer("imap", MESSAGES, certificate)
    file = """<clientConfig><emailProvider><incomingServer type="imap"><hostname>localhost</hostname><port>%d</port>
        <socketType>SSL</socketType><username>%%EMAILLOCALPART%%</username></incomingServer></emailProvider></clientConfig>"""
    asked = []

    def fetch(url):
        asked.append(url)
        return (file % server.port).encode() if ".well-known" in url else b"<html>404</html>" if "//autoconfig.ex" in url else None

    try:
        others = sum(mailaccess.C["MLA_DISCOVER_FROM_" + x] for x in ("SRV", "MX", "GUESS"))
        found = mailaccess.discover(USER + "@example.test", fetch, skip=others)
        yield from differs("asked", asked[:2] + asked[3:], ["https://autoconfig.example.test/mail/config-v1.1.xml",
                                                            "https://example.test/.well-known/autoconfig/mail/config-v1.1.xml"])
        known = mailaccess.discover("alice@gmail.com", fetch)
        yield from differs("known", [(x["protocol"], x["host"], x["security"], x["confirm"]) for x in known],
                           [("imap", "imap.gmail.com", "tls", False), ("pop3", "pop.gmail.com", "tls", False)])
        yield from differs("asked", len(asked), 3)
        yield from differs("no address", error_of(lambda: mailaccess.discover("alice")), ("MLA_E_ARG", False))
        if not found:  # built without expat
            return
        best = found[0]
        with mailaccess.Imap(best["host"], best["port"], best["security"], best["user"], PASSWORD, ca_file=ca, wait_ms=20000) as s:
            yield from differs("texts", mail_of(s, "imap")[1], MESSAGES)
    finally:
        server.close()


class Store:
    """What was collected, in a dict: the interface of mla_seen_store from Python."""

    def __init__(self):
        self.records, self.commits, self.lent = {}, 0, []
        kind = mailaccess.abi.mla_seen_store
        types = {name: t for name, t, *_ in kind._fields_}
        self.functions = {n: types[n](getattr(self, n)) for n in ("lookup", "add", "remove", "commit", "each")}
        self.c = kind(struct_size=ctypes.sizeof(kind), **self.functions)

    def give(self, key, out):
        r = out.contents
        r.id, r.header, r.note = self.lend(key), self.lend(self.records[key]["header"]), self.lend(self.records[key]["note"])
        for name in NUMBERS:
            setattr(r, name, self.records[key][name])
        return 1

    def lend(self, octets):
        buffer = ctypes.create_string_buffer(octets, len(octets) or 1)
        self.lent.append(buffer)
        return mailaccess.abi.mla_str(ctypes.cast(buffer, ctypes.POINTER(ctypes.c_char)), len(octets))

    def lookup(self, user, key, size, out):
        key = ctypes.string_at(key, size)
        return self.give(key, out) if key in self.records else 0

    def add(self, user, record):
        r = record.contents
        self.records[ctypes.string_at(r.id.ptr, r.id.len)] = dict(
            {n: getattr(r, n) for n in NUMBERS}, header=ctypes.string_at(r.header.ptr, r.header.len) if r.header.len else b"",
            note=ctypes.string_at(r.note.ptr, r.note.len) if r.note.len else b"")
        return 0

    def remove(self, user, key, size):
        self.records.pop(ctypes.string_at(key, size), None)
        return 0

    def commit(self, user):
        self.commits += 1
        return 0

    def each(self, user, cursor, out):
        keys = sorted(self.records)
        at, cursor.contents.value = cursor.contents.value, cursor.contents.value + 1
        return self.give(keys[at], out) if at < len(keys) else 0


NUMBERS = ("flags", "first_s", "gone_s", "size", "octets", "count", "doubtful")


def collected(server, seen, delete, most=9):
    """What one session collects, up to so many messages."""
    got = []
    with connect(server, "pop3", "none") as session:
        for number, uidl, octets in session.collect(seen, "pop3:alice@test", delete):
            got.append((number, uidl, octets))
            if len(got) == most:
                session.free()
                break
    return got


def collects(work):
    """A file remembers; nothing comes twice; what was not asked past comes again; what is stored is deleted."""
    server = FakeServer("pop3", MESSAGES)
    every = [(n, "uid-%d" % n, m) for n, m in enumerate(MESSAGES, 1)]
    try:
        for seen in (str(work / "seen"), Store()):
            c = getattr(seen, "c", seen)
            server.messages = list(MESSAGES)
            yield from differs("first two", collected(server, c, False, 2), every[:2])
            yield from differs("the rest", collected(server, c, False), every[1:])
            yield from differs("nothing new", collected(server, c, False), [])
            yield from differs("still there", server.messages, MESSAGES)
            server.messages = MESSAGES + [b"Subject: new\r\n\r\n"]
            yield from differs("the new one", collected(server, c, True), [(4, "uid-4", b"Subject: new\r\n\r\n")])
            yield from differs("gone", server.messages, [])
        yield from differs("records", seen.records, {})
        if seen.commits == 0:
            yield "nothing was committed"
    finally:
        server.close()


class Port:
    def __init__(self, port):
        self.port = int(port)


def read_from(protocol, security, env):
    server = Port(env["MLA_%s%s_PORT" % (protocol.upper(), "S" if security == "tls" else "")])
    with connect(server, protocol, security, env["MLA_CA_FILE"]) as session:
        yield from differs("texts", mail_of(session, protocol)[1], MESSAGES)
    yield from demo(protocol, server, security, env["MLA_CA_FILE"])


def dovecot(tap, work):
    script = str(ROOT / "tests/servers/dovecot.sh")
    box = work / "mail"
    for sub in ("cur", "new", "tmp"):
        (box / sub).mkdir(parents=True)
    for n, m in enumerate(MESSAGES, 1):
        (box / "cur" / ("170000000%d.M%d.test:2,S" % (n, n))).write_bytes(m)
    started = subprocess.run([script, "start", str(work / "dovecot"), "--mail", "alice=" + str(box)]).returncode
    if started == 69:
        tap.skip("Dovecot", "Dovecot is not installed")
        return
    tap.check("Dovecot starts", ["exit status %d" % started] if started else [])
    if started:
        return
    try:
        env = dict(x.split("=", 1) for x in (work / "dovecot/env").read_text().splitlines())
        for protocol in PROTOCOLS:
            for security in ("tls", "starttls"):
                tap.check("Dovecot by %s, %s" % (protocol, security), found(read_from, protocol, security, env))
    finally:
        subprocess.run([script, "stop", str(work / "dovecot")])


PROTOCOLS = sys.argv[4:] or ["imap", "pop3"]


def found(what, *arguments):
    """What a check yields, and the exception that ended it."""
    out = []
    try:
        for line in what(*arguments):
            out.append(line)
    except Exception as e:  # whatever it is, the other checks shall run
        out.append("%s: %s" % (type(e).__name__, e))
    return out


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory() as name:
        work = pathlib.Path(name)
        if sys.argv[3] == "dovecot":
            dovecot(tap, work)
            return tap.done()
        if not shutil.which("openssl"):
            tap.skip("all", "openssl is not installed")
            return tap.done()
        subprocess.run([str(ROOT / "tests/certs/make.sh"), str(work / "certs")], check=True, stdout=subprocess.DEVNULL)
        right, ca = [str(work / "certs" / n) for n in ("right.pem", "right.key")], str(work / "certs/root.pem")
        for protocol in PROTOCOLS:
            for security in ("none", "tls", "starttls"):
                tap.check("%s, %s" % (protocol, security), found(read_all, protocol, security, right, ca))
            tap.check("%s: a refused log-in" % protocol, found(refused, protocol))
            tap.check("P17 %s: the connection breaks inside a message" % protocol, found(cut, protocol))
            tap.check("T27 %s: an unknown root" % protocol, found(untrusted, protocol, right))
            tap.check("A01 %s: no password in clear" % protocol, found(clear_password, protocol))
            tap.check("%s: nobody listens" % protocol, found(nobody, protocol))
            tap.check("%s: the demo" % protocol, found(demo_fake, protocol, right, ca))
        tap.check("an address's servers", found(discovered, right, ca))
        if "pop3" in PROTOCOLS:
            tap.check("pop3: collected", found(collects, work))
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
