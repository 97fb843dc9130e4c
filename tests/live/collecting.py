"""What the tests of the POP3 collector share: the tool against a maildrop in memory, again and again, and what must be true after
each run: nothing is lost, nothing is there twice, nothing is there in part.
"""
import collections
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile

# fsync() is part of what is tested and costs nothing there.
if os.access("/dev/shm", os.W_OK | os.X_OK):
    tempfile.tempdir = "/dev/shm"

import live
import maildrop
from live import check

FORMATS = ("eml", "maildir")
LONG = bool(os.environ.get("MLA_LONG"))
SEED = int(os.environ.get("MLA_SEED", "1"))
# How much of a sample is worth its time in this build (tests/live/meson.build).
SHARE = float(os.environ.get("MLA_SHARE", "1"))
ENV = live.environment()
OPTIONS = ["--password-env=PW", "--security=none", "--allow-cleartext-password", "--quiet", "download"]
# A run whose line breaks: log in again later, the server broke off, the server broke the protocol.
BROKEN = (live.UNAVAILABLE, live.TEMPFAIL, live.PROTOCOL)


def some(n):
    """n of a sample, fewer where the build is slow."""
    return max(3, int(n * SHARE))


def formats(what):
    """Both; one of them where the build is slow, not the same for every test."""
    return FORMATS if SHARE >= 1 else [random.Random("%s %s" % (SEED, what)).choice(FORMATS)]


class Collector:
    """A folder, a server, and the tool between them."""

    def __init__(self, drop, fmt="eml", to=None, options=("--delete",), user=maildrop.USER):
        self.drop, self.fmt, self.options = drop, fmt, list(options)
        self.to = to or live.folder("to")
        self.listener = maildrop.listen()
        self.port = self.listener.getsockname()[1]
        self.url = "pop3://%s@127.0.0.1:%d" % (user, self.port)
        self.story = []

    def close(self, remove=True):
        self.listener.close()
        if remove:
            shutil.rmtree(self.to, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        self.close(kind is None)

    def argv(self, *more):
        return [live.TOOL, *OPTIONS, self.url, "--to=" + self.to, "--format=" + self.fmt, *self.options, *more]

    def start(self, *more, **popen):
        return subprocess.Popen(self.argv(*more), env=ENV, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                **popen)

    def run(self, *more, cut=None, kill=None, expect=None, popen=None):
        """One run against the drop; says how it ended, as live.Result does. `kill`: (octets, seconds)."""
        p = self.start(*more, **(popen or {}))
        end = os.pidfd_open(p.pid)
        try:
            self.session = maildrop.serve(self.listener, self.drop, cut, kill and (*kill, p.kill), end)
            out, err = p.communicate(timeout=60)
        finally:
            os.close(end)
            if p.poll() is None:
                p.kill()
                p.communicate()
        r = live.Result(p.args[1:], p.returncode, out, err, 0)
        self.story.append("%s: %s, %s left" % (cut or kill or "to the end", r.code, len(self.drop.mail)))
        for word in (b"Sanitizer", b"runtime error:"):
            check(word not in err, "sanitizer report:\n" + err.decode("utf-8", "replace")[-4000:])
        check(kill or r.code >= 0, "ended by a signal:", r)
        if expect is not None:
            codes = (expect,) if isinstance(expect, int) else expect
            check(r.code in codes, "wanted exit status %s:" % (codes,), r, self.story)
            if r.code:
                one_line(r)
        return r

    def folders(self):
        return [""] if self.fmt == "eml" else ["new", "cur"]

    def disk(self):
        """What a person would take for mail: a Counter of contents."""
        out = collections.Counter()
        for sub in self.folders():
            path = os.path.join(self.to, sub)
            for name in os.listdir(path) if os.path.isdir(path) else ():
                if self.fmt == "maildir" or name.endswith(".eml"):
                    with open(os.path.join(path, name), "rb") as f:
                        out[f.read()] += 1
        return out

    def rubbish(self):
        """Whatever lies there besides mail and the record of what was seen."""
        out = []
        for base, folders, names in os.walk(self.to):
            sub = os.path.relpath(base, self.to)
            if sub == ".":
                names = [n for n in names if n != ".mailaccess" and not (self.fmt == "eml" and n.endswith(".eml"))]
                folders = [n for n in folders if n not in ("tmp", "new", "cur")]
                out += folders
            elif sub in ("new", "cur"):
                names = []
            out += [os.path.join(sub, n) for n in names]
        return out

    def nothing_lost(self, want):
        """Between runs: a message is on disk or on the server, or on both; what is on disk is whole, and there once."""
        got = self.disk()
        for whole, n in got.items():
            check(want[whole] >= n, "on disk %d times instead of %d:" % (n, want[whole]), whole[:60], len(whole), self.story)
        left = collections.Counter(m.whole for m in self.drop.mail)
        for whole, n in want.items():
            check(got[whole] + left[whole] >= n, "lost:", whole[:60], len(whole), self.story)

    def finished(self, want):
        """At the end: on disk exactly once, none on the server, nothing else lies about."""
        got = self.disk()
        check(got == want, "on disk: missing", [w[:60] for w in want - got], "surplus", [w[:60] for w in got - want], self.story)
        check(not self.drop.mail, len(self.drop.mail), "left on the server", self.story)
        check(not self.rubbish(), "left behind:", self.rubbish(), self.story)


def one_line(r):
    lines = r.err.split(b"\n")
    check(len(lines) == 2 and not lines[1] and lines[0].startswith(b"mailaccess: "), "not one clean line:", r)
    check(not re.search(rb"[\x00-\x1f\x7f]", lines[0]), "a control character in an error:", r)


def wanted(mail):
    return collections.Counter(m.whole for m in mail)


def pair(drop, fmt, cut=None, kill=None, again=False):
    """A run that is broken off, then one to the end, and perhaps one more."""
    want = wanted(drop.mail)
    with Collector(drop, fmt) as c:
        first = c.run(*_patience(cut), cut=cut, kill=kill)
        c.nothing_lost(want)
        if first.code == 0:
            c.finished(want)
        elif not kill:
            check(first.code in BROKEN, "a broken line, but exit status", first)
            one_line(first)
        for _ in range(1 + again):
            c.run(expect=0)
            c.finished(want)


def pair_that_keeps(drop, fmt, cut):
    """As pair(), without --delete: then the first run ends well only when all is there."""
    want = wanted(drop.mail)
    with Collector(drop, fmt, options=()) as c:
        first = c.run(*_patience(cut), cut=cut, expect=(0, *BROKEN))
        c.nothing_lost(want)
        if first.code == 0:
            check(c.disk() == want, "a broken line and exit status 0:", first, c.story)
        for _ in range(2):
            c.run(expect=0)
            check(c.disk() == want and not c.rubbish(), c.disk() - want, want - c.disk(), c.rubbish(), c.story)
        c.nothing_lost(want)
        check(wanted(drop.mail) == want, "deleted without --delete", c.story)


def _patience(cut):
    return ["--timeout=1"] if cut and cut.how == "stall" else []


def points(drop, fmt, step=17):
    """Where the line of an undisturbed session can be cut: ("down" or "up", octets). Of what the server says every octet counts,
    within messages of more than 50,000 every `step`-th, but for their beginnings and ends."""
    with Collector(drop, fmt) as c:
        c.run(expect=0)
        s = c.session
    fine = bytearray(b"\1" * (s.sent + 1))
    for begin, end in s.marks.values():
        if end - begin > 50000:
            fine[begin + 200:end - 200] = bytes(1 if n % step == 0 else 0 for n in range(end - begin - 400))
    return [("down", n) for n in range(s.sent + 1) if fine[n]] + [("up", n) for n in range(s.heard + 1)]


def spread(work, jobs=None):
    """Does every item of work, a list of (function, arguments), in as many processes as there are processors: the short variants,
    which have others beside them, in one."""
    jobs = jobs or (os.cpu_count() or 1 if LONG else 1)
    random.Random(SEED).shuffle(work)  # the slow ones lie beside one another
    jobs = min(jobs, len(work))
    if jobs < 2:
        return _share(work)
    children = []
    for i in range(jobs):
        ends = os.pipe()
        sys.stdout.flush()
        pid = os.fork()
        if pid == 0:
            os.close(ends[0])
            try:
                _share(work[i::jobs])
                said = b""
            except live.Failure as e:
                said = str(e).encode() or b"failed"
            except BaseException as e:
                said = repr(e).encode()
            with os.fdopen(ends[1], "wb") as f:
                f.write(said)
            os._exit(0)
        os.close(ends[1])
        children.append((pid, os.fdopen(ends[0], "rb")))
    said = [f.read() for _, f in children]
    for pid, f in children:
        f.close()
        os.waitpid(pid, 0)
    check(not any(said), b"\n".join(s for s in said if s).decode("utf-8", "replace"))


def _share(work):
    for function, *args in work:
        function(*args)
