"""Channel binding (A08): SCRAM's -PLUS mechanisms over real TLS, with a server that knows them and with somebody in between."""
import base64
import ctypes
import ctypes.util
import os
import re
import sys

import live
from live import check, equal, run
from scram import Scram, between

PLUS = ["SCRAM-SHA-256-PLUS", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-512-PLUS"]
BARE = ["SCRAM-SHA-256", "SCRAM-SHA-1", "SCRAM-SHA-512"]
END_POINT = "tls-server-end-point"
CERT = os.path.join(live.certs(), "right")
OTHER = os.path.join(live.certs(), "right-rsa")  # good for the same name; somebody else's key
ROOT = "--ca-file=" + os.path.join(live.certs(), "root.pem")


def serve(server, protocol, cert=CERT, silent=False):
    server.cert = cert
    return live.Script(server.talk(protocol, silent), cert=cert, implicit_tls=True)


def log_in(protocol, port, *options, expect=live.OK, trust=ROOT):
    r = run("--json", trust, *options, "capabilities", "%ss://alice@localhost:%d/" % (protocol, port), expect=expect)
    return r.json()[0]["auth"] if expect == live.OK else r


def bindings(server):
    """What the client offered to bind with, one attempt after the other."""
    return [f.split(",")[0] for f in server.firsts]


def test_each_hash_binds():
    """The strongest is taken; each hash can be named; a server that does not know our first binding gets the next one (A08)."""
    for protocol in ("imap", "pop3"):
        server = Scram(PLUS + BARE + ["PLAIN"], [END_POINT])
        with serve(server, protocol) as s:
            equal(log_in(protocol, s.port), "SCRAM-SHA-512-PLUS", protocol)
            equal(bindings(server)[-1], "p=" + END_POINT)
            for mechanism in PLUS:
                equal(log_in(protocol, s.port, "--auth=" + mechanism), mechanism, protocol)
        equal(server.tried.count("PLAIN"), 0, "the password was sent")
        check(all(f.startswith("p=") for f in bindings(server)), server.firsts)


def test_refused_by_no_alone():
    """Most servers do not say why: the next binding follows all the same."""
    for protocol in ("imap", "pop3"):
        server = Scram(PLUS + BARE, [END_POINT])
        with serve(server, protocol, silent=True) as s:
            equal(log_in(protocol, s.port), "SCRAM-SHA-512-PLUS", protocol)


def test_first_finished_message():
    """tls-unique, where this build's TLS library tells it (mbedTLS 2.28): both ends have the same octets, also of a session that
    was taken up again."""
    server = Scram(PLUS, ["tls-unique", END_POINT])
    with serve(server, "imap") as s:
        equal(log_in("imap", s.port), "SCRAM-SHA-512-PLUS")
    if bindings(server)[0] != "p=tls-unique":
        raise live.Skip("this build begins with " + bindings(server)[0])
    equal(bindings(server), ["p=tls-unique"])


def test_taken_out_of_the_offer():
    """A08: somebody in between takes the -PLUS names out. The server learns from "y" that we could have; it says so, the log-in ends with
    a sentence about it, and no password follows."""
    for protocol in ("imap", "pop3"):
        server = Scram(PLUS + BARE + ["PLAIN"], [END_POINT, "tls-unique"])
        with serve(server, protocol) as s:
            strip = lambda octets: re.sub(rb" (AUTH=)?SCRAM-SHA-\d+-PLUS", b"", octets)
            with live.Script(between(s.port, strip), cert=OTHER, implicit_tls=True) as m:
                r = log_in(protocol, m.port, expect=live.NOPERM)
        equal(bindings(server), ["y"], protocol)
        equal(server.tried, ["SCRAM-SHA-512"], protocol)
        check(b"somebody in between may have taken channel binding out" in r.err, r)
        equal(server.logged_in, [])


def test_servers_that_prove_nothing():
    """A04, A05, A06: a made-up signature, a thousand million rounds, one round: that is the end, and no password follows."""
    for what, words in (({"forges": True}, b"the server does not know the password"), ({"rounds": 1000000000}, b"an iteration count of"), ({"rounds": 1}, b"an iteration count of")):
        server = Scram(["SCRAM-SHA-256", "PLAIN"], **what)
        with serve(server, "imap") as s:
            r = log_in("imap", s.port, expect=None)
            check(r.code >= 64 and words in r.err, what, r)
            equal(server.tried, ["SCRAM-SHA-256"], what)


def test_passed_on():
    """A08: somebody in between passes everything on. The certificate is good, but it is another connection."""
    for protocol in ("imap", "pop3"):
        for takes in ([END_POINT], ["tls-unique", END_POINT]):
            server = Scram(PLUS + BARE + ["PLAIN"], takes)
            with serve(server, protocol) as s, live.Script(between(s.port), cert=OTHER, implicit_tls=True) as m:
                r = log_in(protocol, m.port, expect=live.NOPERM)
            check(b"another TLS connection than this one" in r.err, r)
            equal(server.logged_in, [])
            equal(set(server.tried), {"SCRAM-SHA-512-PLUS"}, "something else was tried")


def test_nothing_to_bind_with():
    """Without TLS we cannot bind ("n"); with it, and a server that offers nothing of the kind, we say that we could ("y")."""
    for protocol in ("imap", "pop3"):
        server = Scram(BARE + PLUS)
        with live.Script(server.talk(protocol)) as s:
            url = "%s://alice@127.0.0.1:%d/" % (protocol, s.port)
            equal(run("--json", "--security=none", "capabilities", url).json()[0]["auth"], "SCRAM-SHA-512")
        equal(bindings(server), ["n"], protocol)
        server = Scram(BARE)
        with serve(server, protocol) as s:
            equal(log_in(protocol, s.port), "SCRAM-SHA-512")
        equal(bindings(server), ["y"], protocol)


def test_no_binding_in_common():
    """A02: where the server takes none of ours, what does not bind may follow, under verified TLS and where it is strong enough alone; the
    server is told "n" then, not that it offered nothing."""
    for protocol in ("imap", "pop3"):
        server = Scram(PLUS + BARE + ["PLAIN"], ["tls-sender-receipt"])
        with serve(server, protocol) as s:
            equal(log_in(protocol, s.port), "SCRAM-SHA-512", protocol)
            equal(bindings(server)[-1], "n")
            check(len(bindings(server)) in (2, 3), "each binding once", server.firsts)
            server.firsts.clear()
            server.tried.clear()
            r = log_in(protocol, s.port, "--auth-min=bound", expect=live.NOPERM)
            check(all(f.startswith("p=") for f in bindings(server)), server.firsts)
            server.tried.clear()
            r = log_in(protocol, s.port, expect=live.NOPERM, trust="--insecure")
            equal(server.tried, ["SCRAM-SHA-512-PLUS"], r)


def test_strength_demanded():
    """A02: nothing weaker than demanded is sent, also where it is all there is."""
    for protocol in ("imap", "pop3"):
        for least, offers in (("mutual", ["PLAIN"]), ("bound", BARE), ("hidden", ["PLAIN"])):
            server = Scram(offers)
            with serve(server, protocol) as s:
                r = log_in(protocol, s.port, "--auth-min=" + least, expect=live.NOPERM)
                check(b"weaker than what is demanded" in r.err, r)
            equal(server.tried, [], protocol)
    run("--auth-min=much", "capabilities", "imaps://alice@localhost:1/", expect=live.USAGE)


def test_wrong_password_in_scrams_words():
    """A server that says "invalid-proof" means what others write a sentence for."""
    for protocol in ("imap", "pop3"):
        for silent in (False, True):
            with live.Script(Scram(["SCRAM-SHA-256"]).talk(protocol, silent)) as s:
                r = run("--security=none", "capabilities", "%s://alice@127.0.0.1:%d/" % (protocol, s.port), password="mistyped", expect=live.NOPERM)
            check(b"the user name or the password is wrong" in r.err, protocol, silent, r)


def test_many_rounds_A05():
    """More rounds than are computed at once: the log-in goes on by itself, and a server that does not wait for it is refused."""
    for protocol in ("imap", "pop3"):
        server = Scram(["SCRAM-SHA-256"], rounds=20000)
        with live.Script(server.talk(protocol)) as s:
            run("--security=none", "capabilities", "%s://alice@127.0.0.1:%d/" % (protocol, s.port))
        equal(server.logged_in, ["SCRAM-SHA-256"], protocol)
        for more in (b"+ bW9yZQ==\r\n", b"+OK in\r\n" if protocol == "pop3" else b"* BYE\r\n+ \r\n"):
            def impatient(peer):
                send = peer.send
                peer.send = lambda text: send(text.encode() + more if text.startswith("+ cj") else text)  # "r="
                server.talk(protocol)(peer)

            with live.Script(impatient) as s:
                run("--security=none", "capabilities", "%s://alice@127.0.0.1:%d/" % (protocol, s.port), expect=live.PROTOCOL)
            equal(server.logged_in, ["SCRAM-SHA-256"], protocol)


class GnuSasl:
    """GNU SASL as the server's side of one exchange after the other."""

    AUTHID, PASSWORD, UNIQUE, OK, MORE = 1, 3, 18, 0, 1  # of gsasl.h: Gsasl_property, Gsasl_rc

    def __init__(self):
        name = ctypes.util.find_library("gsasl") or "libgsasl.so.18"
        try:
            self.lib = ctypes.CDLL(name)
        except OSError:
            raise live.Skip("GNU SASL (libgsasl18) is not here")
        self.context, self.results = ctypes.c_void_p(), []
        equal(self.lib.gsasl_init(ctypes.byref(self.context)), self.OK)

    def talk(self, peer):
        peer.send(b"* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=SCRAM-SHA-1 AUTH=SCRAM-SHA-256 AUTH=SCRAM-SHA-1-PLUS AUTH=SCRAM-SHA-256-PLUS] hello\r\n")
        while True:
            tag, verb, *rest = peer.line().split(b" ")
            if verb.upper() == b"AUTHENTICATE":
                rc = self.exchange(peer, *rest)
                self.results.append((rest[0].decode(), rc))
                peer.send(tag + (b" OK done\r\n" if rc == self.OK else b" NO failed\r\n"))
                continue
            peer.send(b"* CAPABILITY IMAP4rev1\r\n" if verb.upper() == b"CAPABILITY" else b"")
            peer.send(tag + b" OK done\r\n")

    def exchange(self, peer, mechanism, said):
        session, out = ctypes.c_void_p(), ctypes.c_char_p()
        equal(self.lib.gsasl_server_start(self.context, mechanism, ctypes.byref(session)), self.OK)
        self.lib.gsasl_property_set(session, self.PASSWORD, live.PASSWORD.encode())
        self.bound = peer.conn.version() == "TLSv1.2"
        if self.bound:
            unique = peer.conn.get_channel_binding("tls-unique")
            self.lib.gsasl_property_set(session, self.UNIQUE, base64.b64encode(unique))
        while True:
            rc = self.lib.gsasl_step64(session, said, ctypes.byref(out))
            if rc not in (self.OK, self.MORE):
                break
            if out.value:
                peer.send(b"+ " + out.value + b"\r\n")
                said = peer.line()
            if rc == self.OK:
                break
        self.lib.gsasl_finish(session)
        return rc


def test_gnu_sasl():
    """SCRAM with somebody else's server, and -PLUS where both ends have tls-unique (TLS 1.2): both proofs are found good, and a wrong password
    is not."""
    server = GnuSasl()
    for mechanism in ("SCRAM-SHA-1", "SCRAM-SHA-256", "SCRAM-SHA-256-PLUS"):
        with live.Script(server.talk, cert=CERT, implicit_tls=True) as s:
            r = run("--json", ROOT, "--auth=" + mechanism, "capabilities", "imaps://alice@localhost:%d/" % s.port, expect=None)
        if mechanism.endswith("PLUS") and not server.bound:
            continue
        equal((r.code, r.json()[0]["auth"] if r.code == live.OK else r), (live.OK, mechanism))
        equal(server.results[-1], (mechanism, 0))
    with live.Script(server.talk, cert=CERT, implicit_tls=True) as s:
        run(ROOT, "--auth=SCRAM-SHA-256", "capabilities", "imaps://alice@localhost:%d/" % s.port, password="wrong", expect=live.NOPERM)
    check(server.results[-1][1] != 0, server.results)


sys.exit(live.main(globals()))
