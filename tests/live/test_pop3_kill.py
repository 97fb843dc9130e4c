"""A download that is killed at any moment: the next run ends with each message on disk exactly once, octet for octet, none on the
server, and nothing half done left behind. And since a killed program's octets are still written by the system: what would survive a
power failure is reckoned from the calls by which the program makes it durable. MLA_LONG=1: at every system call; else at 200 moments of each kind, which MLA_SEED chooses.
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


def traced(c, function):
    """One run under ptrace: function(argv, env, descriptor for stderr), the server beside it. Gives what that gives."""
    ends = os.pipe()
    t = threading.Thread(target=maildrop.serve, args=(c.listener, c.drop), kwargs={"over": ends[0]})
    t.start()
    try:
        # A sanitizer's search for leaks traces, too, and there can be but one.
        env = dict(collecting.ENV, ASAN_OPTIONS=os.environ.get("ASAN_OPTIONS", "") + ":detect_leaks=0")
        with tempfile.TemporaryFile() as out:
            got = function(c.argv(), env, out.fileno())
            out.seek(0)
            said = out.read()
    except stepping.Unavailable as e:
        raise live.Skip("*** %s ***" % e)
    finally:
        os.close(ends[1])
        t.join()
        os.close(ends[0])
    check(not said, "on stderr:", said)
    return got


def killed_at_call(c, at):
    """One run that is killed at a stop (0: never). Gives its exit status, None when killed, and the number of stops."""
    code, stops = traced(c, lambda argv, env, out: stepping.run(argv, env, at, out))
    c.story.append("killed at stop %d: %s, %d left" % (at, code, len(c.drop.mail)))
    check(code in (None, 0), "exit status", code, c.story)
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


class Disk:
    """What a power failure would leave: octets that were synced, under names whose folder was synced after they were given."""

    def __init__(self, c):
        self.c, self.top = c, os.path.dirname(c.to)
        self.dirty, self.entries, self.socket = set(), {}, b""
        self.deles, self.said = 0, []

    def see(self, pid, name, args, result):
        path = "/proc/%d/fd/%d" % (pid, args[0])
        try:
            target, st = os.readlink(path), os.stat(path)
        except OSError:
            return
        if target.startswith("socket:"):
            if result is None:
                self.send(stepping.payload(pid, name, args))
        elif not target.startswith(self.top):
            pass
        elif name in ("write", "pwrite64", "writev"):
            self.dirty.add(st.st_ino)
        elif result == 0 and name == "syncfs":
            self.dirty.clear()
            for base, _, _ in os.walk(self.top):
                self.sync_folder(base)
        elif result == 0 and os.path.isdir(path):
            self.sync_folder(target)
        elif result == 0:
            self.dirty.discard(st.st_ino)

    def sync_folder(self, path):
        self.entries[path] = {e.name: e.inode() for e in os.scandir(path)}

    def has(self, base, name):
        """The inode that would be there under this name, the folders above it too."""
        inode = self.entries.get(base, {}).get(name)
        return inode if base == self.top or inode and self.has(*os.path.split(base)) else None

    def mail(self):
        bases = [os.path.join(self.c.to, sub).rstrip("/") for sub in self.c.folders()]
        return [n for b in bases for n in self.entries.get(b, ()) if (n.endswith(".eml") or self.c.fmt == "maildir")
                and self.has(b, n) and self.has(b, n) not in self.dirty]

    def send(self, octets):
        self.socket += octets
        lines = self.socket.split(b"\r\n")
        self.socket = lines.pop()
        self.deles += sum(1 for line in lines if line.upper().startswith(b"DELE "))
        if len(self.mail()) < self.deles:
            self.said.append("%d of %d messages are durable when DELE number %d is sent" % (len(self.mail()), 25, self.deles))
        record = self.has(self.c.to, ".mailaccess")
        if b"QUIT" in lines and self.deles and (not record or record in self.dirty):
            self.said.append("the record of what was seen is not durable when QUIT is sent")


def test_durable_before_it_is_deleted():
    """Power failures: DELE for a message, and QUIT, only when the message's octets, its name and the folders above are synced."""
    for fmt in FORMATS:
        for habits in ({}, {"capa": None}):
            with Collector(Drop(MAIL, **habits), fmt, os.path.join(live.folder("top"), "a", "b")) as c:
                disk = Disk(c)
                disk.top = os.path.dirname(disk.top)
                code = traced(c, lambda argv, env, out: stepping.watch(argv, env, out, disk.see))
                equal(code, 0, "exit status")
                equal(disk.deles, 25, "DELEs seen")
                check(not disk.said, fmt, disk.said[:3])
                c.finished(wanted(MAIL))


if __name__ == "__main__":
    sys.exit(live.main(globals()))
