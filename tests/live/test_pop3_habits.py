"""Servers with habits that make clients lose mail or fetch it twice: what QUIT and DELE answer, which UIDLs they give, and to whom.
Whatever they do, each message ends up on disk, octet for octet. MLA_LONG=1: thousands of random servers; else a sample, which
MLA_SEED chooses.
"""
import random
import sys

import live
import maildrop
from collecting import BROKEN, FORMATS, LONG, SEED, Collector, formats, some, spread, wanted
from live import check, equal
from maildrop import Cut, Drop, Mail

MAIL = maildrop.mails()
OLD = {"capa": None}
NO_UIDL = {"uidl": False, "capa": (b"USER", b"TOP", b"PIPELINING")}


def note(n):
    """A small message unlike all others."""
    return b"From: bob@example.org\r\nSubject: note %d\r\nMessage-ID: <note.%d@example.org>\r\n\r\nThis is note %d.\r\n.\r\n" % (n, n, n)


def both(function):
    """A test in both formats."""
    def test():
        for fmt in formats(function.__name__):
            function(fmt)
    test.__doc__ = function.__doc__
    return test


def about(session, command, verb, arg):
    """The message that this command is about."""
    return session.mail[int(arg) - 1] if verb == command else None


# ---- QUIT decides --------------------------------------------------------------------------------------------------------


@both
def test_answer_to_quit_is_lost(fmt):
    """The server has deleted, or has not: the next run tells which."""
    for where in ("up", "down"):
        drop = Drop(MAIL)
        want = wanted(MAIL)
        with Collector(drop, fmt) as c:
            with Collector(Drop(MAIL), fmt) as whole:
                whole.run(expect=0)
                s = whole.session
            # In front of the end of QUIT's line, or within its answer.
            at = s.heard - 1 if where == "up" else s.marks[b"QUIT"][0] + 2
            r = c.run(cut=Cut(where, at), expect=live.TEMPFAIL)
            check(b"delete" in r.err, "it does not say what is uncertain:", r)
            equal(len(drop.mail), 25 if where == "up" else 0, "left on the server")
            equal(c.disk(), want, "on disk")
            r = c.run("--json", expect=0)
            equal(r.json(), [], "reported once more")
            c.finished(want)
            c.run(expect=0)
            c.finished(want)


@both
def test_quit_is_refused(fmt):
    """-ERR: some deleted messages not removed (RFC 1939 section 6): none, some, or even all of them."""
    for stay in (range(25), (3, 10, 12, 24), ()):
        drop = Drop(MAIL)
        want = wanted(MAIL)

        def answer(session, verb, arg):
            if verb != b"QUIT":
                return None
            session.quit = True
            drop.mail = [MAIL[n] for n in stay]
            return b"-ERR some deleted messages not removed\r\n"

        with Collector(drop, fmt) as c:
            drop.answer = answer
            r = c.run(expect=(live.DATAERR, live.TEMPFAIL))
            check(b"not removed" in r.err, "the server's words are missing:", r)
            c.nothing_lost(want)
            equal(c.disk(), want, "on disk")
            drop.answer = None
            equal(c.run("--json", expect=0).json(), [], "reported once more")
            c.finished(want)


@both
def test_dele_is_refused(fmt):
    """One message cannot be deleted, today or ever: that is said, the others go, and it does not come again."""
    drop = Drop(MAIL, answer=lambda s, verb, arg: b"-ERR [SYS/TEMP] locked\r\n" if about(s, b"DELE", verb, arg) == MAIL[6] else None)
    want = wanted(MAIL)
    with Collector(drop, fmt) as c:
        for _ in range(3):
            r = c.run(expect=live.DATAERR)
            check(b"locked" in r.err, r)
            equal(drop.mail, [MAIL[6]], "left on the server")
            equal(c.disk(), want, "on disk")
        drop.answer = None
        c.run(expect=0)
        c.finished(want)


@both
def test_retr_is_refused(fmt):
    """One message cannot be read (P19): the others come and go, it stays, and comes when it can be read."""
    drop = Drop(MAIL, answer=lambda s, verb, arg: b"-ERR cannot read it\r\n" if about(s, b"RETR", verb, arg) == MAIL[6] else None)
    with Collector(drop, fmt) as c:
        for _ in range(2):
            r = c.run(expect=live.DATAERR)
            check(b"cannot read it" in r.err, r)
            equal(drop.mail, [MAIL[6]], "left on the server")
            equal(c.disk(), wanted(MAIL[:6] + MAIL[7:]), "on disk")
        drop.answer = None
        c.run(expect=0)
        c.finished(wanted(MAIL))


@both
def test_ends_behind_three_messages(fmt):
    """A server that ends each session behind the third message (P29, P30): each run brings that many."""
    def answer(session, verb, arg):
        if verb == b"RETR" and len(session.retr) == 3:
            raise ConnectionAbortedError

    drop = Drop(MAIL, answer=answer, **OLD)
    want = wanted(MAIL)
    with Collector(drop, fmt) as c:
        for n in range(3, 25, 3):
            c.run(expect=BROKEN)
            c.nothing_lost(want)
            equal(sum(c.disk().values()), n, "messages on disk")
        c.run(expect=0)
        c.finished(want)


# ---- UIDLs ---------------------------------------------------------------------------------------------------------------


def counted(first, count=10, uidl=lambda n: b"%d" % n):
    """Mail with UIDLs that begin at 1, whatever the messages are."""
    return [Mail(note(first + n), uidl(n + 1)) for n in range(count)]


@both
def test_uidls_begin_anew(fmt):
    """A server that counts from 1 again once the drop is empty."""
    want = wanted([])
    with Collector(Drop([]), fmt) as c:
        for day in range(5):
            c.drop.mail = counted(10 * day, 10 - day)
            want += wanted(c.drop.mail)
            c.run(expect=0)
            c.finished(want)


@both
def test_uidls_begin_anew_behind_a_lost_answer(fmt):
    """As before, but nobody heard that QUIT had deleted: the new mail has the old names."""
    for habits in ({}, OLD):
        drop = Drop(counted(0), **habits)
        want = wanted(drop.mail)
        with Collector(drop, fmt) as c:
            with Collector(Drop(drop.mail, **habits), fmt) as whole:
                whole.run(expect=0)
                at = whole.session.marks[b"QUIT"][0] + 1
            c.run(cut=Cut("down", at), expect=live.TEMPFAIL)
            equal(drop.mail, [], "left on the server")
            drop.mail = counted(100, 7)
            want += wanted(drop.mail)
            c.nothing_lost(want)
            c.run(expect=0)
            c.finished(want)


@both
def test_uidls_begin_anew_after_others(fmt):
    """Kept mail was deleted by somebody else, and new mail has its names."""
    drop = Drop(counted(0))
    want = wanted(drop.mail)
    with Collector(drop, fmt, options=()) as c:
        c.run(expect=0)
        drop.mail = []
        c.run(expect=0)
        drop.mail = counted(100, 7)
        want += wanted(drop.mail)
        c.run("--delete", expect=0)
        c.finished(want)


@both
def test_equal_uidls(fmt):
    """Several messages have one UIDL (P12); the line breaks, more of them come, and the order changes."""
    for count in (1, 3):
        mail = [Mail(note(n), b"uidl%d" % (n % count)) for n in range(12)]
        drop = Drop(mail[:8])
        want = wanted(drop.mail)
        with Collector(drop, fmt) as c:
            c.run(cut=Cut("down", 900), expect=live.TEMPFAIL)
            c.nothing_lost(want)
            drop.mail = drop.mail[::-1] + mail[8:]
            want = wanted(mail)
            c.nothing_lost(want)
            c.run(expect=0)
            c.finished(want)


@both
def test_equal_uidls_of_equal_messages(fmt):
    """UIDLs that are digests of messages: two equal messages are two messages."""
    drop = Drop([Mail(note(n // 2), b"digest%d" % (n // 2)) for n in range(8)])
    want = wanted(drop.mail)
    with Collector(drop, fmt) as c:
        c.run(expect=0)
        c.finished(want)


@both
def test_lists_in_another_order(fmt):
    """LIST and UIDL are joined by number (P13), and numbers are not names: the order of the drop changes between sessions."""
    rng = random.Random(SEED)
    orders = [lambda what, left: left[::-1], lambda what, left: left[::-1] if what == "UIDL" else left,
              lambda what, left: rng.sample(left, len(left))]
    for order in orders:
        drop = Drop(MAIL, order=order)
        want = wanted(MAIL)
        with Collector(drop, fmt) as c:
            for at in (1500, 20000, 212000):
                c.run(cut=Cut("down", at))
                c.nothing_lost(want)
                rng.shuffle(drop.mail)
            c.run(expect=0)
            c.finished(want)


@both
def test_long_uidls(fmt):
    """Longer than the 70 octets of RFC 1939 section 7, and equal up to there and beyond."""
    for length in (71, 128, 200, 255, 256, 400):
        drop = Drop([Mail(note(n), b"u" * (length - 2) + b"%02d" % n) for n in range(12)])
        want = wanted(drop.mail)
        with Collector(drop, fmt) as c:
            c.run(cut=Cut("up", c_quit(drop)))
            c.nothing_lost(want)
            equal(c.disk(), want, "on disk, %d octets" % length)
            c.run(expect=0)
            c.finished(want)


def c_quit(drop):
    """How much the server hears in front of QUIT."""
    with Collector(Drop(drop.mail)) as c:
        c.run(expect=0)
        return c.session.heard - len("QUIT\r\n")


@both
def test_strange_uidls(fmt):
    """Octets that UIDLs may have, and such that they may not: blanks, controls, 8-bit, none at all; names that differ only there."""
    uidls = [b"../../up", b"/etc/passwd", b"a b", b"a  b", b"a\tb", b"\xff\xfe", b"A", b"a", b"%41", b"~2", b"a~2", b".", b"..", b"-", b"con",
             b"a:2,S", b"x.eml", b".mailaccess"]
    drop = Drop([Mail(note(n), u) for n, u in enumerate(uidls)])
    want = wanted(drop.mail)
    with Collector(drop, fmt) as c:
        c.run(cut=Cut("up", c_quit(drop)))
        c.nothing_lost(want)
        c.run(expect=0)
        c.finished(want)


@both
def test_some_without_uidl(fmt):
    """The listing leaves some out, and has some that are not there."""
    drop = Drop(MAIL)
    want = wanted(MAIL)

    def answer(session, verb, arg):
        if verb == b"UIDL" and not arg:
            return b"+OK\r\n" + b"".join(b"%d %s\r\n" % (n, m.uidl) for n, m in enumerate(session.mail, 1) if n % 3) + b"900 x\r\n.\r\n"

    drop.answer = answer
    with Collector(drop, fmt) as c:
        for at in (1200, 20000):
            c.run(cut=Cut("down", at))
            c.nothing_lost(want)
        r = c.run()
        c.nothing_lost(want)
        if r.code == 0:
            c.finished(want)
        drop.answer = None
        c.run()
        c.nothing_lost(want)
        equal(drop.mail, [], "left on the server")


@both
def test_without_uidl(fmt):
    """Old servers: a digest of header and size is the name, or of what came where there is no TOP either. Two messages have the same
    header, two are the same."""
    for habits in (NO_UIDL, {"uidl": False, **OLD}, {"uidl": False, "top": False, **OLD}, {"uidl": False, "top": False, "capa": (b"USER", b"PIPELINING")}):
        for wheres in ([], [1500], [212000], [1500, 212000, 215500]):
            drop = Drop(MAIL, **habits)
            want = wanted(MAIL)
            with Collector(drop, fmt) as c:
                for at in wheres:
                    c.run(cut=Cut("down", at))
                    c.nothing_lost(want)
                c.run(expect=0)
                c.finished(want)


@both
def test_uidl_refused_today(fmt):
    """UIDL is answered one day and refused the next: nothing is lost."""
    drop = Drop(MAIL)
    want = wanted(MAIL)
    with Collector(drop, fmt) as c:
        for day in range(6):
            drop.answer = (lambda s, verb, arg: b"-ERR not now\r\n" if verb == b"UIDL" else None) if day % 2 else None
            c.run(cut=Cut("down", (1500, 30000, 212000)[day % 3]))
            check(not want - c.disk() - wanted(drop.mail), "lost", c.story)
        drop.answer = None
        c.run(expect=0)
        check(not want - c.disk(), "lost", c.story)
        equal(drop.mail, [], "left on the server")


# ---- any of it, at random --------------------------------------------------------------------------------------------------


class World:
    """A server of random habits, mail that comes at any time, a line that breaks, and a client that runs again and again."""

    UIDLS = ("unique", "unique", "digest", "anew", "long", "shared", "none")

    def __init__(self, seed):
        self.rng = rng = random.Random(seed)
        self.fmt, self.kind = rng.choice(FORMATS), rng.choice(self.UIDLS)
        habits = dict(OLD) if rng.random() < 0.3 else {}
        habits["breaks"] = rng.random() < 0.3
        if self.kind == "none":
            habits.update(uidl=False, top=rng.random() < 0.5)
            habits.setdefault("capa", (b"USER", b"PIPELINING") + ((b"TOP",) if habits["top"] else ()))
        if rng.random() < 0.4:
            habits["order"] = lambda what, left: rng.sample(left, len(left))
        self.refuses = rng.choice((0, 0, 0, 0.1))
        self.drop = Drop([], answer=self.answer, **habits)
        self.want, self.number, self.next = wanted([]), 0, 0
        self.name = "%s %s %s %s" % (seed, self.fmt, self.kind, habits)

    def uidl(self, n, raw):
        if self.kind == "anew":
            if not self.drop.mail:
                self.next = 0
            self.next += 1
            return b"%d" % self.next
        if self.kind == "shared":
            return b"s%d" % self.rng.randrange(4)
        return b"u" * (180 if self.kind == "long" else 0) + b"%d" % n

    def mail_comes(self, count):
        for _ in range(count):
            self.number += 1
            raw = note(self.number) + b"." * self.rng.choice((0, 10, 3000)) + b"\r\n"
            m = Mail(raw, self.uidl(self.number, raw))
            self.drop.mail.append(m)
            self.want[m.whole] += 1

    def answer(self, session, verb, arg):
        if verb in (b"RETR", b"DELE") and self.rng.random() < self.refuses:
            return b"-ERR not today\r\n"
        if verb == b"QUIT" and self.rng.random() < self.refuses:
            session.update()
            gone = [m for m in session.mail if m not in self.drop.mail]
            self.drop.mail = [m for m in gone if self.rng.random() < 0.5] + self.drop.mail
            return b"-ERR not all of it\r\n"
        return None

    def run(self, c):
        rng = self.rng
        cut = None
        if rng.random() < 0.8:
            where = rng.choice(("down", "up"))
            cut = Cut(where, int((4000 if where == "down" else 500) * rng.random()), rng.choice(("fin", "rst", "half")))
        kill = (int(4000 * rng.random()), rng.expovariate(1000)) if cut is None and rng.random() < 0.5 else None
        r = c.run(cut=cut, kill=kill)
        check(kill or r.code in (0, live.DATAERR, *BROKEN), r, c.story)
        c.nothing_lost(self.want)

    def live(self):
        with Collector(self.drop, self.fmt) as c:
            c.story.append(self.name)
            self.mail_comes(self.rng.randint(0, 8))
            for _ in range(self.rng.randint(2, 8)):
                self.run(c)
                self.mail_comes(self.rng.choice((0, 0, 1, 4)))
                if self.rng.random() < 0.3:
                    self.rng.shuffle(self.drop.mail)
            self.refuses = 0
            for _ in range(3):
                if c.run().code == 0:
                    break
            c.run(expect=0)
            c.finished(self.want)


def world(seed):
    World(seed).live()


def test_worlds():
    spread([(world, "%d.%d" % (SEED, n)) for n in range(20000 if LONG else some(60))])


if __name__ == "__main__":
    sys.exit(live.main(globals()))
