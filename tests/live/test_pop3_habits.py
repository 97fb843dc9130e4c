"""Servers with habits that make clients lose mail or fetch it twice: what QUIT and DELE answer, which UIDLs they give, and to whom.
Whatever they do, each message ends up on disk, octet for octet.
"""
import random
import sys

import live
import maildrop
from collecting import BROKEN, SEED, Collector, formats, wanted
from live import check, equal
from maildrop import Cut, Drop, Mail

MAIL = maildrop.mails()
OLD = {"capa": None}


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
def test_uidl_refused_today(fmt):
    """UIDL is answered one day and refused the next: nothing is taken for new that is not, and nothing is lost."""
    drop = Drop(MAIL)
    want = wanted(MAIL)
    with Collector(drop, fmt) as c:
        for day in range(6):
            drop.answer = (lambda s, verb, arg: b"-ERR not now\r\n" if verb == b"UIDL" else None) if day % 2 else None
            c.run(cut=Cut("down", (1500, 30000, 212000)[day % 3]))
            left = wanted(drop.mail)
            check(not want - c.disk() - left, "lost", c.story)
        c.run(expect=live.DATAERR)
        c.nothing_lost(want)
        drop.answer = None
        c.run(expect=0)
        c.finished(want)


if __name__ == "__main__":
    sys.exit(live.main(globals()))
