"""A line that breaks at any octet while a maildrop is emptied: the next run ends with each message on disk exactly once, octet for
octet, and none on the server. MLA_LONG=1: at every octet (every 17th of the large message) and in every way; else a sample, which
MLA_SEED chooses.
"""
import random
import sys
import time

import live
import maildrop
from collecting import BROKEN, FORMATS, LONG, SEED, Collector, formats, one_line, pair, pair_that_keeps, points, some, spread, wanted
from live import check
from maildrop import Cut, Drop

MAIL = maildrop.mails()
# As servers were before RFC 2449 and pipelining.
OLD = {"capa": None}


def sweep(how, count, habits=None, jobs=None, thin=1, keep=False):
    """Cuts at a sample of `count` places in either format, or at all of them (at each `thin`-th). `keep`: without --delete."""
    habits = habits or {}
    rng = random.Random("%s %s %s" % (SEED, how, habits))
    began, work = time.monotonic(), []
    for fmt in formats("%s %s" % (how, habits)):
        every = points(Drop(MAIL, **habits), fmt)
        chosen = every[::thin] if LONG else rng.sample(every, some(count))
        for where, at in chosen:
            drop, cut = Drop(MAIL, **habits), Cut(where, at, how)
            work.append((pair_that_keeps, drop, fmt, cut) if keep else (pair, drop, fmt, cut, None, at % 10 == 0))
    spread(work, jobs)
    print("# %d cuts, %.1f s" % (len(work), time.monotonic() - began), flush=True)


def test_in_order():
    sweep("fin", 100)


def test_without_delete():
    """The tool ends well only when all is there."""
    sweep("fin", 50, keep=True, thin=3)


def test_reset():
    sweep("rst", 60)


def test_half_open():
    """The client hears nothing any more, but what it says arrives and is done."""
    sweep("half", 60)


def test_silence():
    """Nobody is told: --timeout ends it."""
    sweep("stall", 6, jobs=16, thin=101)


def test_one_by_one():
    """Without PIPELINING each command waits, so cuts fall where the two sides know the same."""
    sweep("fin", 40, OLD)
    sweep("half", 20, OLD)


def test_deletes_at_a_break():
    """Servers that break the rule of RFC 1939 section 6: a DELE counts although no QUIT came."""
    sweep("fin", 40, {"breaks": True})
    sweep("half", 20, {"breaks": True})
    sweep("fin", 20, {"breaks": True, **OLD})


def test_without_uidl():
    for habits in ({}, {"breaks": True}):
        sweep("fin", 25, {"uidl": False, "capa": (b"USER", b"TOP", b"PIPELINING"), **habits})


def series(fmt, seed, habits):
    """Several cuts in a row, in all ways and at any place, mail arriving in between."""
    rng = random.Random(seed)
    every = maildrop.mails(maildrop.messages() + [b"Subject: late %d\r\n\r\nlate %d\r\n" % (n, n) for n in range(12)])
    here, late = every[:25], every[25:]
    rng.shuffle(here)
    drop = Drop(here, **habits)
    want = wanted(here)
    with Collector(drop, fmt) as c:
        for _ in range(rng.randint(2, 6)):
            where = rng.choice(("down", "down", "up"))
            # The large message is most of what passes: as often the octets before and behind it are meant.
            at = int(rng.choice((600, 20000, 220000)) * rng.random()) if where == "down" else rng.randrange(500)
            r = c.run(cut=Cut(where, at, rng.choice(("fin", "rst", "half"))))
            check(r.code == 0 or r.code in BROKEN, r)
            if r.code:
                one_line(r)
            c.nothing_lost(want)
            for _ in range(rng.choice((0, 0, 1, 3))):
                if late:
                    drop.mail.append(late.pop())
                    want[drop.mail[-1].whole] += 1
        c.run(expect=0)
        c.finished(want)


def test_series():
    count = 2000 if LONG else some(12)
    work = []
    for n in range(count):
        rng = random.Random("%d series %d" % (SEED, n))
        habits = {"breaks": rng.random() < 0.3, **(OLD if rng.random() < 0.3 else {})}
        work.append((series, FORMATS[n % 2], n + SEED * 1000003, habits))
    spread(work)


if __name__ == "__main__":
    sys.exit(live.main(globals()))
