#!/usr/bin/env python3
"""Whoever sits between the tool and its server: what they may say before TLS, and what they get for it (docs/security.md)."""
import os
import stat

import live
from live import check, equal, run

CERT = os.path.join(live.certs(), "right")
TRUST = "--ca-file=" + os.path.join(live.certs(), "root.pem")
SECRETS = (live.PASSWORD.encode(), b"c2VjcmV0", b"NlY3JldA", b"zZWNyZX", b"AUTHENTICATE", b"LOGIN", b"USER", b"PASS")
GREETING = {"imap": "* OK [CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN SASL-IR] hi\r\n", "pop3": "+OK hi <1.2@x>\r\n"}
BEGIN = {"imap": b"STARTTLS", "pop3": b"STLS"}


def url(scheme, s, path=""):
    return "%s://alice@127.0.0.1:%d%s" % (scheme, s.port, path)


def told_nothing(s, what):
    for word in SECRETS:
        check(word not in s.heard.upper() and word not in s.heard, what, word, s.heard)


def answer(peer, scheme, text):
    """Says `text` (with the tag in front, IMAP) to the command that begins TLS."""
    peer.send(GREETING[scheme])
    line = peer.line()
    check(BEGIN[scheme] in line.upper(), line)
    peer.send((line.split(b" ")[0] + b" " if scheme == "imap" else b"") + text)


def test_pop3_begins_no_log_in_without_tls():
    """T01, T02, T03, T04: -ERR to whatever is asked; neither yes nor no; a challenge."""
    for text in (b"-ERR no such command\r\n", b"BAD\r\n", b"+ \r\n"):
        with live.Script(lambda peer: (answer(peer, "pop3", text), peer.read())) as s:
            run("status", url("pop3", s), expect=None)
            equal(s.connections, 1, "connections")
            told_nothing(s, text)


def test_no_attempt_becomes_weaker():
    """T11, T18: closed in each handshake, or gone on with in clear; there is one connection and nothing in it."""
    def closes(peer, scheme):
        answer(peer, scheme, b"OK\r\n" if scheme == "imap" else b"+OK\r\n")
        peer.conn.recv(5)

    def goes_on(peer, scheme):
        closes(peer, scheme)
        peer.send(b"* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN]\r\n+OK\r\n" * 20)
        peer.read()

    for scheme in ("imap", "pop3"):
        for how in (closes, goes_on):
            with live.Script(lambda peer, how=how, scheme=scheme: how(peer, scheme)) as s:
                r = run("status", url(scheme, s), expect=None)
                check(r.code >= 64, r)
                equal(s.connections, 1, "connections")
                told_nothing(s, scheme)


def test_nothing_is_uploaded_in_clear():
    """T05, T06: greeted as somebody who is logged in, before TLS: no draft for them."""
    path = os.path.join(live.folder("policy"), "draft.eml")
    with open(path, "w") as f:
        f.write("Subject: for nobody's eyes\r\n\r\nthe draft\r\n")

    def talk(peer):
        peer.send("* PREAUTH [CAPABILITY IMAP4rev1 STARTTLS LITERAL+] welcome\r\n")
        while True:
            peer.send(peer.line().split(b" ")[0] + b" OK done\r\n")

    with live.Script(talk) as s:
        run("append", url("imap", s, "/Drafts"), path, expect=live.NOPERM)
        equal(s.heard, b"", "heard")


def test_words_from_before_tls_are_not_shown():
    """T16: as a refusal, a farewell or an ALERT."""
    evil = "call +1 555 0100 and tell your password"
    for scheme, talk in (("imap", lambda p: p.send("* BYE [ALERT] %s\r\n" % evil)), ("pop3", lambda p: p.send("-ERR %s\r\n" % evil)),
                         ("imap", lambda p: (p.send("* OK %s\r\n* NO [ALERT] %s\r\n" % (evil, evil)), p.line(), p.send("* BYE %s\r\n" % evil))),
                         ("pop3", lambda p: answer(p, "pop3", b"-ERR " + evil.encode() + b"\r\n"))):
        with live.Script(talk) as s:
            r = run("status", url(scheme, s), expect=None)
            check(r.code >= 64 and b"555 0100" not in r.out + r.err, scheme, r.out, r.err)
            told_nothing(s, scheme)


def test_nobody_is_sent_elsewhere():
    """A13, A19: a REFERRAL under TLS, to another port: nobody comes there."""
    with live.Script(lambda peer: peer.read()) as elsewhere:
        def imap(peer):
            peer.send("* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR] hi\r\n")
            while True:
                peer.send(peer.line().split(b" ")[0] + b" NO [REFERRAL imap://alice@127.0.0.1:%d/] there\r\n" % elsewhere.port)

        def pop3(peer):
            peer.send("+OK hi\r\n")
            while True:
                peer.line()
                peer.send("-ERR [REFERRAL pop://alice@127.0.0.1:%d] there\r\n" % elsewhere.port)

        for scheme, talk in (("imaps", imap), ("pop3s", pop3)):
            with live.Script(talk, cert=CERT, implicit_tls=True) as s:
                check(run(TRUST, "status", url(scheme, s), expect=None).code >= 64, scheme)
                equal(s.connections, 1, "connections")
        equal(elsewhere.connections, 0, "connections elsewhere")


def test_tls_is_the_default():
    """T42: from the first octet; there is no word for "if possible"."""
    for scheme in ("imaps", "pop3s"):
        with live.Script(lambda peer: peer.read()) as s:
            run("status", url(scheme, s), expect=None)
            equal(s.heard[:1], b"\x16", "a ClientHello is the first that " + scheme + " says")
    for word in ("opportunistic", "auto", "try", "starttls-if-possible", ""):
        run("--security=" + word, "status", "imap://alice@127.0.0.1:1/", expect=live.USAGE)


def test_trace_is_private():
    """A16: the file is its owner's alone, no link is followed, and what the server repeats is not in it."""
    where = live.folder("trace")
    path, link, victim = (os.path.join(where, n) for n in ("trace", "link", "victim"))
    for name in (path, victim):
        with open(name, "w") as f:
            f.write("before\n")
        os.chmod(name, 0o644)
    os.symlink(victim, link)

    def talk(peer):
        peer.send("* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] \x1b[31mhi\r\n")
        while True:
            line = peer.line()
            tag = line.split(b" ")[0]
            if b"AUTHENTICATE" in line:
                peer.send("+ \r\n")
                line = peer.line()
            peer.send(tag + b" NO alice/secret, SECRET, " + line + b"\r\n")

    with live.Script(talk, cert=CERT, implicit_tls=True) as s:
        r = run(TRUST, "--trace=" + path, "status", url("imaps", s), expect=live.NOPERM)
        check(b"secret" not in r.err.lower() and b"alice/******" in r.err, r.err)
        equal(stat.S_IMODE(os.stat(path).st_mode), 0o600, "mode")
        with open(path, "rb") as f:
            text = f.read()
        check(b"alice/<secret 6>, <secret 6>, <secret" in text and b"before" not in text and b"\x1b" not in text, text)
        check(b"secret" not in text.lower().replace(b"<secret ", b"<") and b"AGFsaWNl" not in text, text)
        run(TRUST, "--trace=" + link, "status", url("imaps", s), expect=73)
    with open(victim) as f:
        equal(f.read(), "before\n", "the link's target")


if __name__ == "__main__":
    live.main(globals())
