"""A download that is killed at any moment: the next run ends with each message on disk exactly once, octet for octet, none on the
server, and nothing half done left behind. MLA_LONG=1: at every system call; else at 200 moments of each kind, which MLA_SEED chooses.
"""
import os
import random
import sys
import tempfile
import threading
import time

import collecting
import live
import maildrop
import stepping
from collecting import FORMATS, LONG, SEED, Collector, formats, pair, points, some, spread, wanted
from live import check, equal
from maildrop import Drop

MAIL = maildrop.mails()


def killed_at_call(c, at):
    """One run that is killed at a stop (0: never). Gives its exit status, None when killed, and the number of stops."""
    ends = os.pipe()
    t = threading.Thread(target=maildrop.serve, args=(c.listener, c.drop), kwargs={"over": ends[0]})
    t.start()
    try:
        # A sanitizer's search for leaks traces, too, and there can be but one.
        env = dict(collecting.ENV, ASAN_OPTIONS=os.environ.get("ASAN_OPTIONS", "") + ":detect_leaks=0")
        with tempfile.TemporaryFile() as out:
            code, stops = stepping.run(c.argv(), env, at, out.fileno())
            out.seek(0)
            said = out.read()
    except stepping.Unavailable as e:
        raise live.Skip("*** %s ***" % e)
    finally:
        os.close(ends[1])
        t.join()
        os.close(ends[0])
    c.story.append("killed at stop %d: %s, %d left" % (at, code, len(c.drop.mail)))
    check(code is None or code == 0 and not said, code, said)
    return code, stops


def at_call(drop, fmt, at):
    want = wanted(drop.mail)
    with Collector(drop, fmt) as c:
        killed_at_call(c, at)
        c.nothing_lost(want)
        c.run(expect=0)
        c.finished(want)


def calls(drop, fmt):
    """The stops of an undisturbed run, and from which of them on it knows the folder."""
    with Collector(drop, fmt) as c:
        code, stops = killed_at_call(c, 0)
        equal(code, 0, "exit status")
        return stops


def test_at_system_calls():
    rng, work = random.Random("%d calls" % SEED), []
    began = time.monotonic()
    for fmt in formats("calls"):
        for habits in ({}, {"breaks": True}):
            stops = calls(Drop(MAIL, **habits), fmt)
            chosen = range(1, stops + 1) if LONG else rng.sample(range(1, stops + 1), min(stops, some(50)))
            work += [(at_call, Drop(MAIL, **habits), fmt, at) for at in chosen]
    spread(work)
    print("# killed at %d system calls of up to %d, %.1f s" % (len(work), stops // 2, time.monotonic() - began))


def test_at_moments():
    rng, work = random.Random("%d moments" % SEED), []
    began = time.monotonic()
    for fmt in formats("moments"):
        every = [at for where, at in points(Drop(MAIL), fmt) if where == "down"]
        for _ in range(5000 if LONG else some(100)):
            # Half of them are when all messages have come: then they are made durable and deleted.
            at = rng.choice(every) if rng.random() < 0.5 else every[-1 - rng.randrange(200)]
            work.append((pair, Drop(MAIL), fmt, None, (at, rng.expovariate(1000))))
    spread(work)
    print("# killed at %d moments, %.1f s" % (len(work), time.monotonic() - began))


def again_and_again(fmt, seed):
    """Killed several times in a row; what was half done by one run is cleaned up by the next."""
    rng = random.Random(seed)
    drop = Drop(MAIL)
    want = wanted(MAIL)
    with Collector(drop, fmt) as c:
        for _ in range(6):
            killed_at_call(c, rng.randrange(1, 1500))
            c.nothing_lost(want)
            if not drop.mail:
                break
        c.run(expect=0)
        c.finished(want)


def test_again_and_again():
    spread([(again_and_again, FORMATS[n % 2], SEED * 1000003 + n) for n in range(1000 if LONG else some(10))])


if __name__ == "__main__":
    sys.exit(live.main(globals()))
