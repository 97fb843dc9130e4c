"""A maildrop emptied into a folder that has no room, cannot be written, is in use, or whose record of what was seen is damaged: an
error that says so in one line, nothing lost, and the next run finishes.

The full disk is a tiny tmpfs in a mount namespace of this process: root's own, or one that comes with a user namespace.
"""
import ctypes
import os
import random
import resource
import subprocess
import sys
import threading
import time


def enter_namespace():
    """Starts this script again where it may mount; MLA_MOUNTS says how that went."""
    if "MLA_MOUNTS" in os.environ:
        return
    for options in ("-m", "-Urm") if os.geteuid() == 0 else ("-Urm",):
        try:
            works = subprocess.run(["unshare", options, "sh", "-c", 'mount -t tmpfs -o size=4k tmpfs "$0"', os.path.dirname(__file__)],
                                   stdin=subprocess.DEVNULL, capture_output=True).returncode == 0
        except OSError:
            works = False
        if works:
            os.execvpe("unshare", ["unshare", options, sys.executable, *sys.argv], dict(os.environ, MLA_MOUNTS=options))
    os.environ["MLA_MOUNTS"] = ""


enter_namespace()
MOUNTS = os.environ.pop("MLA_MOUNTS")

import live
import maildrop
from collecting import FORMATS, LONG, SEED, Collector, formats, some, spread, wanted
from live import check, equal
from maildrop import Cut, Drop

MAIL = maildrop.mails()
LOCAL = (live.CANTCREAT, live.IOERR)
_libc = ctypes.CDLL(None, use_errno=True)
RDONLY, REMOUNT = 1, 32


def mount(where, options, flags=0):
    if _libc.mount(b"tmpfs", where.encode(), b"tmpfs", ctypes.c_ulong(flags), options.encode()) != 0:
        raise OSError(ctypes.get_errno(), "mount")


class Small(Collector):
    """Its folder is on a file system of that size."""

    def __init__(self, drop, fmt, options):
        if not MOUNTS:
            raise live.Skip("*** no file system can be mounted here ***")
        self.where = live.folder("small")
        mount(self.where, options)
        super().__init__(drop, fmt, os.path.join(self.where, "to"))

    def close(self, remove=True):
        super().close(remove)
        _libc.umount2(self.where.encode(), 2)
        os.rmdir(self.where)


def full(habits, fmt, options):
    drop = Drop(MAIL, **habits)
    want = wanted(MAIL)
    with Small(drop, fmt, options) as c:
        for _ in range(2):  # a second run into a full disk makes it no worse
            first = c.run(expect=(0, *LOCAL))
            c.nothing_lost(want)
            if first.code == 0:
                return c.finished(want)
            check(b"No space left" in first.err, first)
        mount(c.where, "size=4m,nr_inodes=1000", REMOUNT)
        c.run(expect=0)
        c.finished(want)


def test_disk_full():
    """At any size: the octets of a message, its name, a folder, or the record find no room. The second server deletes at QUIT what
    was fetched (EXPIRE 0): a client whose disk is full must not say QUIT."""
    rng = random.Random("%d full" % SEED)
    sizes = ["size=%dk" % n for n in range(4, 360, 4)] + ["size=4m,nr_inodes=%d" % n for n in range(2, 40)]
    work = []
    for fmt in formats("full"):
        for habits in ({}, {"keeps": False}):
            work += [(full, habits, fmt, o) for o in (sizes if LONG else rng.sample(sizes, some(20)))]
    began = time.monotonic()
    spread(work)
    print("# %d full disks, %.1f s" % (len(work), time.monotonic() - began))


def test_file_too_large():
    """A limit on the size of files, which needs no rights, and which a signal tells of besides."""
    for fmt in formats("large"):
        want = wanted(MAIL)
        for size in (0, 10, 100, 1000, 10000, 100000):
            drop = Drop(MAIL)
            with Collector(drop, fmt) as c:
                r = c.run(popen={"preexec_fn": lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))},
                          expect=LOCAL)
                check(b"File too large" in r.err, r)
                c.nothing_lost(want)
                c.run(expect=0)
                c.finished(want)


def test_read_only():
    """A file system that became read-only, with some mail in it already, and before there was any."""
    for fmt in FORMATS:
        for before in (0, 10):
            drop = Drop(MAIL[:before])
            want = wanted(MAIL)
            with Small(drop, fmt, "size=4m") as c:
                if before:
                    c.run(expect=0)
                drop.mail += MAIL[before:]
                mount(c.where, "", REMOUNT | RDONLY)
                r = c.run(expect=LOCAL)
                check(b"Read-only" in r.err, r)
                equal(len(drop.mail), 25 - before, "left on the server")
                mount(c.where, "", REMOUNT)
                c.nothing_lost(want) if before else None
                c.run(expect=0)
                c.finished(want)


def bound_by_modes():
    """Between fork and exec: root becomes a user like others to whom modes of files apply; as nobody it could not reach a
    program below a closed folder."""
    for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH (linux/capability.h)
        if _libc.prctl(24, capability, 0, 0, 0):  # PR_CAPBSET_DROP
            raise OSError(ctypes.get_errno(), "prctl")


def test_no_permission():
    user = {"preexec_fn": bound_by_modes} if os.geteuid() == 0 else {}
    try:
        subprocess.run([live.TOOL, "--version"], stdin=subprocess.DEVNULL, capture_output=True, check=True, **user)
    except subprocess.SubprocessError:
        raise live.Skip("root may write everywhere") from None
    drop = Drop(MAIL)
    with Collector(drop) as c:
        for base in (c.to, os.path.dirname(c.to)):
            os.chmod(base, 0o755)
        os.chmod(c.to, 0o555)
        r = c.run(popen=user, expect=LOCAL)
        check(b"Permission denied" in r.err, r)
        equal(len(drop.mail), 25, "left on the server")


def test_in_use():
    """A second process is told so at once, and does not spoil what the first one does."""
    for fmt in FORMATS:
        drop = Drop(MAIL)
        want = wanted(MAIL)
        with Collector(drop, fmt) as c:
            held, go = threading.Event(), threading.Event()

            def hold(session, verb, arg):
                if (verb, arg) == (b"RETR", b"7"):
                    held.set()
                    go.wait(20)

            drop.answer = hold
            first = c.start()
            server = threading.Thread(target=maildrop.serve, args=(c.listener, drop))
            server.start()
            try:
                check(held.wait(20), "the first run does not begin")
                second = c.start()
                try:
                    _, err = second.communicate(timeout=10)
                finally:
                    second.kill()
                equal(second.returncode, live.TEMPFAIL, "exit status, %s" % err)
                check(err.count(b"\n") == 1 and b"another process" in err and not b"\t" in err, err)
            finally:
                go.set()
                out, err = first.communicate(timeout=30)
                server.join()
            equal(first.returncode, 0, "exit status of the first run, %s" % err)
            c.finished(want)


def damaged(fmt, number, change):
    """One run whose line breaks before anything is deleted, damage to the record, and one run to the end: it says what is wrong and
    goes on without a loss, or refuses and leaves everything as it is."""
    drop = Drop(MAIL)
    want = wanted(MAIL)
    with Collector(drop, fmt) as c:
        c.run(cut=Cut("up", WHERE[fmt]))
        check(len(drop.mail) == 25 and sum(c.disk().values()) == 25, "cut at the wrong place", len(drop.mail), c.disk())
        path = os.path.join(c.to, ".mailaccess")
        with open(path, "r+b") as f:
            before = f.read()
            after = change(before, random.Random(number))
            f.seek(0)
            f.truncate()
            f.write(after)
        r = c.run()
        c.story.append("damaged by %s, %d" % (change.__name__, number))
        c.nothing_lost(want)
        if r.code == 0:
            # A line without an end is what a crash leaves, and no damage.
            visible = set(after.split(b"\n")[:-1]) - set(before.split(b"\n"))
            check(r.err.count(b"\n") <= 1 and (r.err or not visible), "nothing is said about the damage:", r, visible, c.story)
            return c.finished(want)
        check(r.code in (live.CANTCREAT, live.IOERR, live.DATAERR), r)
        check(r.err.count(b"\n") == 1 and b".mailaccess" in r.err, r)
        with open(path, "rb") as f:
            check(f.read() == after, "it refused the record and changed it")
        equal(len(drop.mail), 25, "left on the server")


def flip(data, rng):
    at = rng.randrange(len(data))
    return data[:at] + bytes([data[at] ^ 1 << rng.randrange(8)]) + data[at + 1:]


def cut_off(data, rng):
    return data[:rng.randrange(len(data))]


def hole(data, rng):
    """A page that a crash left empty."""
    at, n = rng.randrange(len(data)), rng.choice((1, 16, 512, 4096))
    return data[:at] + bytes(len(data[at:at + n])) + data[at + n:]


def lines_twice(data, rng):
    lines = data.split(b"\n")
    at = rng.randrange(1, len(lines) - 1)
    return b"\n".join(lines[:at] + [lines[at]] + lines[at:])


def line_lost(data, rng):
    lines = data.split(b"\n")
    del lines[rng.randrange(1, len(lines) - 1)]
    return b"\n".join(lines)


def noise(data, rng):
    return data + rng.randbytes(rng.choice((1, 100, 5000)))


WHERE = {}


def test_damaged_record():
    for fmt in FORMATS:
        with Collector(Drop(MAIL), fmt) as c:
            c.run(expect=0)
            # In front of QUIT, and so before anything is deleted.
            WHERE[fmt] = c.session.heard - len("QUIT\r\n")
    work = []
    for n in range(3000 if LONG else some(30)):
        for change in (flip, cut_off, hole, lines_twice, line_lost, noise):
            work.append((damaged, FORMATS[n % 2], SEED * 1000003 + n, change))
    began = time.monotonic()
    spread(work)
    print("# %d damaged records, %.1f s" % (len(work), time.monotonic() - began))


def test_nothing_of_ours():
    """A file, a folder, a link in the place of the record: refused, and left as it is."""
    for make in (lambda p: open(p, "wb").write(b"my notes\n"), os.mkdir, lambda p: os.symlink("/etc/passwd", p), os.mkfifo):
        drop = Drop(MAIL)
        with Collector(drop) as c:
            path = os.path.join(c.to, ".mailaccess")
            make(path)
            before = os.lstat(path)
            c.run(expect=LOCAL)
            after = os.lstat(path)
            equal((after.st_ino, after.st_size, after.st_mtime_ns), (before.st_ino, before.st_size, before.st_mtime_ns), "the record")
            equal(len(drop.mail), 25, "left on the server")


if __name__ == "__main__":
    sys.exit(live.main(globals()))
