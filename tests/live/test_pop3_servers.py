"""Maildrops of Dovecot, Cyrus, GNU Mailutils and Courier emptied over lines that break: each message ends up on disk exactly once, as
that server gives it, and none is left there. MLA_LONG=1: against Dovecot at every octet (every 17th of the large message), against the
others at some hundred; else a few, which MLA_SEED chooses.
"""
import collections
import os
import random
import re
import socket
import sys
import time

import live
import maildrop
import relay
from collecting import BROKEN, FORMATS, LONG, SEED, Collector, some, spread, wanted
from live import check, equal, run
from maildrop import Cut, Drop, Mail

# What every one of them takes by IMAP's APPEND and gives back unchanged; the rest of the 25 is for Dovecot, which has it from files.
RAWS = maildrop.messages()
PLAIN = [raw for raw in RAWS if raw.startswith(b"From:") and raw.endswith(b"\r\n") and not re.search(rb"[^\r]\n|\r[^\n]|\nFrom |[\0\x80-\xff]", raw)]
SECONDS = {"n": 0}


class Relayed(Collector):
    """The tool and a real server with a line between them that can break. The drop is what that server should hold."""

    def __init__(self, server, scheme, user, *how, **more):
        super().__init__(Drop([]), *how, **more)
        self.server, self.scheme, self.user = server, scheme, user
        self.url = "%s://%s@127.0.0.1:%d" % (scheme, user.replace("@", "%40"), self.port)

    def argv(self, *more):
        security = ["--security=none", "--allow-cleartext-password"] if self.scheme == "pop3" else self.server.tls()
        return [live.TOOL, "--password-env=PW", *security, "--quiet", "download", self.url, "--to=" + self.to, "--format=" + self.fmt,
                *self.options, *more]

    def run(self, *more, cut=None, expect=None):
        p = self.start(*more)
        end = os.pidfd_open(p.pid)
        try:
            self.counts = relay.relay(self.listener, (self.server.host, self.server.port[self.scheme]), cut, end)
            out, err = p.communicate(timeout=60)
        finally:
            os.close(end)
            if p.poll() is None:
                p.kill()
                p.communicate()
        r = live.Result(p.args[1:], p.returncode, out, err, 0)
        self.story.append("%s: %s %s" % (cut or "to the end", r.code, err))
        check(b"Sanitizer" not in err and b"runtime error:" not in err and r.code >= 0, r)
        if expect is not None:
            check(r.code == expect, "wanted exit status %s:" % expect, r, self.story)
        return r

    def disk(self):
        """Mailutils keeps an mbox, and what it must remember in header lines of its own: they are no part of the message."""
        got = super().disk()
        if self.server.env["MLA_SERVER"] != "mailutils":
            return got
        return collections.Counter(re.sub(rb"(?m)^(X-UIDL|X-IMAPbase|X-UID|Status): .*\r\n", b"", whole) for whole in got.elements())

    def to_the_end(self):
        """A server may keep the maildrop locked for a moment after a line broke."""
        deadline = time.monotonic() + 30
        while True:
            r = self.run()
            if r.code != live.TEMPFAIL and r.code != live.NOPERM or time.monotonic() > deadline:
                break
            time.sleep(0.1)
        check(r.code == 0, r, self.story)

    def left(self):
        """How many messages the server holds."""
        r = run(*self.server.tls(), "--json", "status", self.server.url("pop3s", user=self.user.replace("@", "%40")))
        return r.json()[0]["messages"]


def broken(server, scheme, user, fmt, cuts, want):
    """Runs whose line breaks, one after another, and one to the end. `want`: what comes over a whole line."""
    with Relayed(server, scheme, user, fmt) as c:
        for cut in cuts:
            r = c.run(cut=cut)
            got = c.disk()
            check(not got - want, "on disk and not whole, or too often:", [w[:60] for w in got - want], c.story)
            # A command cut within its line, the log-in too, may be answered all the same, with an error, before the line is seen to
            # be broken.
            check(r.code in (0, live.NOPERM, *BROKEN), "a broken line, but exit status", r)
            check(not r.code or re.fullmatch(rb"(mailaccess: [^\x00-\x1f\x7f]+\n){1,2}", r.err), "not a clean line or two:", r)
        c.to_the_end()
        c.finished(want)
        if len(cuts) > 1 or cuts[0].at % 10 == 0:
            c.run(expect=0)
            c.finished(want)
            equal(c.left(), 0, "left on the server")


# ---- Dovecot ---------------------------------------------------------------------------------------------------------------


_dovecot = {}


def dovecot():
    if not _dovecot:
        s = live.Dovecot(empty=True)
        _dovecot["server"] = s
        _dovecot["owner"] = os.stat(s.maildir)
    return _dovecot["server"]


def maildir(server, user):
    return os.path.join(os.path.dirname(os.path.dirname(server.maildir)), user, "Maildir")


def fill_maildir(server, user):
    """25 new files, as deliveries would leave them; nothing else is there then."""
    base, owner = maildir(server, user), _dovecot["owner"]
    for sub in ("new", "cur"):
        for name in os.listdir(os.path.join(base, sub)):
            os.unlink(os.path.join(base, sub, name))
    SECONDS["n"] += 1
    for n, raw in enumerate(RAWS):
        name = "%d.%d_%d_%d.test" % (time.time(), os.getpid(), SECONDS["n"], n)
        tmp = os.path.join(base, "tmp", name)
        with open(tmp, "wb") as f:
            f.write(raw)
        if os.geteuid() == 0:
            os.chown(tmp, owner.st_uid, owner.st_gid)
        os.rename(tmp, os.path.join(base, "new", name))


def whole_line(server, scheme, user):
    """What Dovecot makes of the 25, and the octets of an undisturbed session."""
    fill_maildir(server, user)
    with Relayed(server, scheme, user, "eml") as c:
        c.run(expect=0)
        equal(sum(c.disk().values()), 25, "messages")
        # It ends lines with CR LF, also one that is not there, and leaves the rest alone.
        equal(c.disk(), wanted([Mail(re.sub(rb"(?<!\r)\n", b"\r\n", raw or b"\n"), b"") for raw in RAWS]), "as Dovecot gives it")
        equal(c.left(), 0, "left on the server")
        return c.disk(), c.counts


def cuts_of_dovecot(scheme, count, step):
    server, began = dovecot(), time.monotonic()
    want, counts = whole_line(server, scheme, "alice")
    rng = random.Random("%s dovecot %s" % (SEED, scheme))
    ends = [("up", n) for n in range(counts["up"] + 1)] + [("down", n) for n in range(2500)] + \
        [("down", counts["down"] - n) for n in range(3000)]
    middle = [("down", n) for n in range(2500, counts["down"] - 3000, step)]
    chosen = ends + middle if LONG else rng.sample(ends, some(count)) + rng.sample(middle, some(count))
    rng.shuffle(chosen)
    halves = [(user, chosen[i::2]) for i, user in enumerate(("alice", "bob"))]
    spread([(some_cuts, server, scheme, user, part, want) for user, part in halves])
    print("# %d cuts, %.1f s" % (len(chosen), time.monotonic() - began), flush=True)


def some_cuts(server, scheme, user, chosen, want):
    for n, (where, at) in enumerate(chosen):
        fill_maildir(server, user)
        broken(server, scheme, user, FORMATS[n % 2], [Cut(where, at, ("fin", "rst", "half")[n % 3])], want)


def test_dovecot():
    cuts_of_dovecot("pop3", 15, 17 if LONG else 1)


def test_dovecot_tls():
    cuts_of_dovecot("pop3s", 8, 101 if LONG else 1)


# ---- the others --------------------------------------------------------------------------------------------------------------


def fill_by_imap(server, user):
    """Into the inbox, which is empty; selecting it would have Mailutils write the mbox as it was then."""
    m = server.imap(user)
    m.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for raw in PLAIN:
        check(m.append("INBOX", "", None, raw)[0] == "OK", server.env["MLA_SERVER"], "takes no", raw[:60])
    m.logout()


def cuts_of(name):
    server, began = live.other(name), time.monotonic()
    rng = random.Random("%s %s" % (SEED, name))
    fill_by_imap(server, server.user)
    with Relayed(server, "pop3", server.user, "eml") as c:
        c.run(expect=0)
        # Mailutils gives an empty body an empty line.
        empty = b"\r\n" if name == "mailutils" else b""
        want = wanted([Mail(raw + (empty if raw.find(b"\r\n\r\n") + 4 == len(raw) else b""), b"") for raw in PLAIN])
        equal(c.disk(), want, "as it was put there")
        equal(c.left(), 0, "left on the server")
        counts = c.counts
    count = 300 if LONG else some(6)
    for n in range(0, count, 3):
        fill_by_imap(server, server.user)
        cuts = []
        for how in ("fin", "rst", "half"):
            where = rng.choice(("down", "down", "up"))
            cuts.append(Cut(where, rng.randrange(counts[where] + 1), how))
        broken(server, "pop3", server.user, FORMATS[n % 2], cuts, want)
    print("# %d cuts, %.1f s" % (count, time.monotonic() - began), flush=True)


def test_cyrus():
    cuts_of("cyrus")


def test_mailutils():
    cuts_of("mailutils")


def test_courier():
    cuts_of("courier")


if __name__ == "__main__":
    sys.exit(live.main(globals()))
