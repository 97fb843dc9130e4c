"""For keepers (imap_keep.h): one from Python that applies what it is told to a list of its own, and a server without a mail store,
whose one mailbox the test changes, and whose line breaks where the test wants it.

    box = keeping.Box()
    with keeping.Server(box, "QRESYNC IDLE") as server, keeping.Keeper(server.port) as k:
        k.until_online()
        box.new(3)
        k.same(box)             # what the events have told, and the keeper's view, are what is in the box
"""
import ctypes
import os
import re
import select
import socket
import struct
import threading
import time

import live
from live import check, equal

lib = live.library() if "MLA_LIBRARY" in os.environ else None  # the server alone needs none
CONSTANTS = lib.abi.CONSTANTS if lib else {}
EV = {CONSTANTS[n]: n[len("MLA_KEEP_EV_"):].lower() for n in CONSTANTS if n.startswith("MLA_KEEP_EV_")}
HOW = {CONSTANTS[n]: n[len("MLA_KEEP_BY_"):].lower() for n in CONSTANTS if n.startswith("MLA_KEEP_BY_")}


def plain(flags):
    """\\Recent is each session's own; keywords are the same in any case of their letters."""
    return frozenset(f.lower() for f in flags if f.lower() != "\\recent")


class Keeper:
    """What events tell goes into `mirror`, {UID: flags}, and `log`, [(kind, record)]."""

    def __init__(self, port, host="127.0.0.1", mailbox="INBOX", user="alice", password=live.PASSWORD, security=2, ca=None, config=None,
                 mirror=None, **args):
        settings, error = ctypes.c_void_p(), lib.abi.mla_error()
        check(lib.C.mla_config_new(None, ctypes.byref(settings)) == 0, "mla_config_new")
        if ca:
            check(lib.C.mla_config_add_ca_file(settings, ca.encode(), None) == 0, "the CA")
        if security == 2:
            lib.C.mla_config_set_cleartext_password(settings, 1)
        if config:
            config(settings)
        fields = {"host": host, "port": port, "security": security, "mailbox": mailbox, "first_ms": 2, "max_ms": 4, "seed": 7}
        if user:
            fields["credentials"] = {"user": user, "password": password}
        fields.update(args)
        self.args = lib.record("mla_imap_keep_args", fields)
        self.handle = ctypes.c_void_p()
        rc = lib.C.mla_imap_keep_new(settings, ctypes.byref(self.args), ctypes.byref(self.handle), ctypes.byref(error))
        lib.C.mla_config_free(settings)
        check(rc == 0, "mla_imap_keep_new:", lib.name_of(rc), error.message)
        self.mirror, self.log, self.events = dict(mirror or {}), [], []

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        lib.C.mla_imap_keep_free(self.handle)
        self.handle = None

    def saved(self, with_flags=1):
        """What an application would store now, as a dict that Keeper(state=...) takes; None: not now."""
        out = ctypes.POINTER(lib.abi.mla_imap_keep_state)()
        rc = lib.C.mla_imap_keep_read_state(self.handle, with_flags, ctypes.byref(out))
        check(rc >= 0, "mla_imap_keep_read_state:", lib.name_of(rc))
        equal(bool(out), rc == 1, "out_state")
        return {k: v for k, v in lib.read(out.contents).items() if not k.endswith("_count")} if rc else None

    def message(self, uid):
        m = lib.C.mla_imap_keep_message_uid(self.handle, uid)
        return lib.read(m.contents) if m else None

    def flags(self, uid):
        m = self.message(uid)
        return plain(w.decode() for w in m["words"]) if m and m["fields"] & lib.ITEM_FLAGS else None

    def _apply(self, kind, news):
        for first, last in news["ranges"]:
            if kind == "gone":
                for uid in range(first, last + 1):
                    check(uid in self.mirror, "told to be gone and was not there:", uid, self.log[-5:])
                    del self.mirror[uid]
                continue
            for uid in range(first, last + 1):
                check((uid in self.mirror) == (kind == "changed"), kind, uid, self.log[-5:])
                self.mirror[uid] = self.flags(uid)

    def step(self, wait_ms=10000):
        """One event: (kind, record); (None, error) when there is none."""
        ev = ctypes.c_void_p()
        rc = lib.C.mla_imap_keep_step(self.handle, wait_ms, ctypes.byref(ev))
        if rc != 1:
            return None, rc
        kind = EV[lib.C.mla_imap_keep_event_type(ev)]
        if kind == "imap":
            inner = lib.C.mla_imap_keep_event_imap(ev)
            what = lib.KINDS.get(lib.C.mla_imap_event_type(inner)), lib.C.mla_imap_event_ticket(inner)
            done = lib.C.mla_imap_event_done(inner)
            self.events.append(what + ((done.contents.error,) if done else ()))
            return kind, self.events[-1]
        line, news = lib.C.mla_imap_keep_event_line(ev), lib.C.mla_imap_keep_event_news(ev)
        got = lib.read((line or news).contents)
        self.log.append((kind, got))
        if kind in ("gone", "new", "changed"):
            self._apply(kind, got)
        elif kind == "void":
            self.mirror.clear()
        return kind, got

    def until(self, *kinds, seconds=20):
        """Steps to the first event of one of the kinds: its record."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            kind, got = self.step(200)
            if kind in kinds:
                return got
            check(kind or got == lib.E_TIMEOUT, "wanted", kinds, "got", lib.name_of(got) if isinstance(got, int) else got, self.log[-3:])
        raise live.Failure("no %s in %d s: %s" % (" or ".join(kinds), seconds, self.log[-5:]))

    def until_online(self):
        return self.until("online")

    def hint(self):
        equal(lib.C.mla_imap_keep_hint(self.handle), 0)

    def view(self):
        out, run, at = {}, lib.abi.mla_range(), 0
        while lib.C.mla_imap_keep_uids(self.handle, at, ctypes.byref(run)) == 1:
            out.update((uid, self.flags(uid)) for uid in range(run.first, run.last + 1))
            at = run.last + 1
        v = lib.C.mla_imap_keep_mailbox(self.handle)
        equal(v.contents.exists if v else 0, len(out), "exists of the view")
        for number, uid in enumerate(sorted(out), 1):
            equal(lib.C.mla_imap_keep_message(self.handle, number).contents.uid, uid, "the UID of %d" % number)
        return out

    def is_same(self, want):
        return self.mirror == want and self.view() == want

    def same(self, want, seconds=20):
        """Steps until what is known is `want`: a Box or {UID: flags}."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            now = want.content() if isinstance(want, Box) else want
            if self.is_same(now):
                return
            self.step(50)
        missing = {u: f for u, f in now.items() if self.mirror.get(u) != f}
        wrong = {u: f for u, f in self.mirror.items() if now.get(u) != f}
        raise live.Failure("not the same: there %s, told %s; log %s" % (missing, wrong, self.log[-8:]))


class Box:
    """A mailbox in memory. Every change is a mod-sequence (RFC 7162)."""

    def __init__(self, messages=0):
        self.lock = threading.RLock()
        self.uidvalidity, self.uidnext, self.modseq = 1000, 1, 5
        self.mail = {}  # UID: [flags, modseq]
        self.gone = []  # (UID, modseq)
        self.exists_as_name = True
        self.new(messages)

    def content(self):
        with self.lock:
            return {uid: plain(m[0]) for uid, m in self.mail.items()}

    def new(self, count=1, flags=()):
        with self.lock:
            for _ in range(count):
                self.modseq += 1
                self.mail[self.uidnext] = [frozenset(flags), self.modseq]
                self.uidnext += 1

    def flag(self, uid, *flags):
        with self.lock:
            self.modseq += 1
            self.mail[uid] = [frozenset(flags), self.modseq]

    def expunge(self, *uids):
        with self.lock:
            self.modseq += bool(uids)
            for uid in uids:
                del self.mail[uid]
                self.gone.append((uid, self.modseq))

    def anew(self, messages):
        """Somebody deletes it and makes another of that name."""
        with self.lock:
            self.uidvalidity += 1
            self.uidnext, self.mail, self.gone = 1, {}, []
            self.new(messages)

    def random(self, rng):
        with self.lock:
            have = sorted(self.mail)
            what = rng.random()
            if what < 0.4 or not have:
                self.new(rng.choice([1, 1, 3]), rng.sample(["\\Seen", "\\Flagged", "$Work", "two"], rng.randint(0, 2)))
            elif what < 0.7:
                self.flag(rng.choice(have), *rng.sample(["\\Seen", "\\Answered", "\\Flagged", "$Work", "two"], rng.randint(0, 3)))
            else:
                self.expunge(*rng.sample(have, min(len(have), rng.choice([1, 1, 2]))))


class Server:
    """Serves a Box, one connection a thread. `cuts`: for each connection to come, behind how many octets its line breaks (None:
    never), and how: "close", "rst" or "stall". Other habits are attributes."""

    def __init__(self, box, capabilities):
        self.box, self.capabilities = box, capabilities
        self.cuts, self.lines, self.counts = [], [], []
        self.refuse_login = self.bye_after_login = self.refuse_select = self.ignore_qresync = None
        self.auth = "AUTH=PLAIN"
        self.no_known_uids = False  # it knows QRESYNC with two numbers only
        self.amnesia = False  # it has forgotten which messages went when (RFC 7162 section 3.2.5.1)
        self.dribble = False  # each octet comes alone
        self.swallow = None  # a regular expression: such a command has no answer
        self.sessions = []
        self.over = False
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self._accept, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *exception):
        self.over = True
        self.kick()
        self.listener.close()

    def _accept(self):
        while not self.over:
            try:
                if select.select([self.listener], [], [], 0.05)[0]:
                    s = _Session(self, self.listener.accept()[0], self.cuts.pop(0) if self.cuts else (None, None))
                    self.sessions.append(s)
                    threading.Thread(target=s.run, daemon=True).start()
            except (OSError, ValueError):
                return

    @property
    def connections(self):
        return len(self.sessions)

    def kick(self):
        """Breaks the lines that stand."""
        for s in self.sessions:
            s.stop = True
            try:
                s.sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


class _Broken(Exception):
    pass


class _Session:
    def __init__(self, server, sock, cut):
        self.server, self.sock, self.box, (self.left, self.how) = server, sock, server.box, cut
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sent, self.stop, self.buffer, self.out = 0, False, b"", b""
        self.qresync = self.condstore = False
        self.seen = None  # [[UID, flags]] as the client knows them: the mailbox is open

    # ---- octets

    def say(self, line):
        self.out += line.encode() + b"\r\n"

    def flush(self):
        data, self.out = self.out, b""
        if self.left is not None and self.sent + len(data) >= self.left:
            data = data[:self.left - self.sent]
            self.sock.sendall(data)
            self.sent += len(data)
            if self.how == "stall":
                while not self.stop and self.sock.recv(4096):
                    pass
            elif self.how == "rst":
                self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            raise _Broken
        for piece in [data[i:i + 1] for i in range(len(data))] if self.server.dribble else [data]:
            self.sock.sendall(piece)
        self.sent += len(data)

    def line(self, wait=None):
        """The next line, or None after `wait` seconds."""
        while b"\r\n" not in self.buffer:
            if wait is not None and not select.select([self.sock], [], [], wait)[0]:
                return None
            data = self.sock.recv(65536)
            if not data:
                raise _Broken
            self.buffer += data
        line, self.buffer = self.buffer.split(b"\r\n", 1)
        self.server.lines.append(line.decode())
        return line.decode()

    # ---- the conversation

    def run(self):
        try:
            self.say("* OK [CAPABILITY IMAP4rev1 SASL-IR %s] ready" % self.server.auth)
            self.flush()
            while True:
                tag, rest = self.line().split(" ", 1)
                if self.server.swallow and re.match(self.server.swallow, rest):
                    continue
                if self.command(tag, rest):
                    self.flush()
                    break
                self.flush()
        except (_Broken, OSError):
            pass
        finally:
            self.server.counts.append(self.sent)
            self.sock.close()

    def command(self, tag, rest):
        word = rest.split(" ")[0].upper()
        if word == "UID":
            word = "UID " + rest.split(" ")[1].upper()
        f = getattr(self, "do_" + word.lower().replace(" ", "_"), None)
        if f is None:
            self.say(tag + " BAD what?")
            return False
        return f(tag, rest)

    def do_capability(self, tag, _):
        self.say("* CAPABILITY IMAP4rev1 " + self.server.capabilities)
        self.say(tag + " OK")

    def do_authenticate(self, tag, _):
        if self.server.refuse_login:
            self.say("%s NO %s" % (tag, self.server.refuse_login))
            return False
        self.say("%s OK [CAPABILITY IMAP4rev1 %s] in" % (tag, self.server.capabilities))
        if self.server.bye_after_login:
            self.say("* BYE " + self.server.bye_after_login)
            return True
        return False

    def do_enable(self, tag, rest):
        self.qresync = "QRESYNC" in rest and "QRESYNC" in self.server.capabilities
        self.condstore |= self.qresync
        self.say("* ENABLED" + (" QRESYNC" if self.qresync else ""))
        self.say(tag + " OK")

    def do_select(self, tag, rest):
        box = self.box
        if self.server.no_known_uids and re.search(r"QRESYNC \(\d+ \d+ ", rest):
            self.say("%s BAD too many words" % tag)
            return False
        if self.server.refuse_select:
            self.say("%s NO %s" % (tag, self.server.refuse_select))
            return False
        with box.lock:
            params = re.search(r"QRESYNC \((\d+) (\d+)(?: ([\d,:]+))?\)", rest)
            self.condstore |= "CONDSTORE" in rest
            self.seen = [[uid, m[0], m[1]] for uid, m in sorted(box.mail.items())]
            self.say("* %d EXISTS" % len(self.seen))
            self.say("* OK [UIDVALIDITY %d] ok" % box.uidvalidity)
            self.say("* OK [UIDNEXT %d] ok" % box.uidnext)
            if "CONDSTORE" in self.server.capabilities or "QRESYNC" in self.server.capabilities:
                self.say("* OK [HIGHESTMODSEQ %d] ok" % box.modseq)
            if params and int(params[1]) == box.uidvalidity and not self.server.ignore_qresync:
                since = int(params[2])
                known = [tuple(map(int, r.split(":"))) for r in params[3].split(",")] if params[3] else [(1, box.uidnext - 1)]
                asked = lambda uid: any(r[0] <= uid <= r[-1] for r in known)
                if self.server.amnesia:
                    gone = [uid for uid in range(1, box.uidnext) if uid not in box.mail]
                else:
                    gone = [uid for uid, modseq in box.gone if modseq > since]
                gone = ",".join(str(uid) for uid in gone if asked(uid))
                if gone:
                    self.say("* VANISHED (EARLIER) " + gone)
                for number, (uid, flags, modseq) in enumerate(self.seen, 1):
                    if modseq > since and asked(uid):
                        self.fetched(number, uid, flags, modseq)
            self.say(tag + " OK [READ-WRITE] open")
        return False

    do_examine = do_select

    def do_list(self, tag, rest):
        if self.box.exists_as_name:
            self.say('* LIST () "/" %s' % rest.split(" ")[-1])
        self.say(tag + " OK")

    def fetched(self, number, uid, flags, modseq, with_uid=True):
        self.say("* %d FETCH (%sFLAGS (%s)%s)" % (number, "UID %d " % uid if with_uid else "", " ".join(sorted(flags)),
                                                  " MODSEQ (%d)" % modseq if self.condstore else ""))

    def news(self, with_expunge=True):
        """What has changed since the client was told last."""
        if self.seen is None:
            return
        with self.box.lock:
            mail = self.box.mail
            if with_expunge:
                gone = [uid for uid, _, _ in self.seen if uid not in mail]
                if gone and self.qresync:
                    self.say("* VANISHED " + ",".join(map(str, gone)))
                for uid in [] if self.qresync else gone:
                    at = [s[0] for s in self.seen].index(uid)
                    self.say("* %d EXPUNGE" % (at + 1))
                    del self.seen[at]
                self.seen = [s for s in self.seen if s[0] in mail]
            for number, s in enumerate(self.seen, 1):
                if s[0] in mail and mail[s[0]][1] > s[2]:
                    s[1], s[2] = mail[s[0]]
                    self.fetched(number, *s, with_uid=self.qresync)
            fresh = [uid for uid in sorted(mail) if not self.seen or uid > self.seen[-1][0]]
            if fresh:
                self.seen += [[uid, mail[uid][0], mail[uid][1]] for uid in fresh]
                self.say("* %d EXISTS" % len(self.seen))

    def do_uid_fetch(self, tag, rest):
        self.news()
        first = int(re.match(r"UID FETCH (\d+)", rest)[1])
        since = re.search(r"CHANGEDSINCE (\d+)", rest)
        top = self.seen[-1][0] if self.seen else 0
        for number, (uid, flags, modseq) in enumerate(self.seen, 1):
            if uid >= min(first, top) and (since is None or modseq > int(since[1])):
                self.fetched(number, uid, flags, modseq)
        self.say(tag + " OK")

    def do_uid_search(self, tag, _):
        self.news()
        self.say("* SEARCH " + " ".join(str(s[0]) for s in self.seen))
        self.say(tag + " OK")

    def do_noop(self, tag, _):
        self.news()
        self.say(tag + " OK")

    def do_append(self, tag, rest):
        n = int(re.search(r"\{(\d+)", rest)[1])
        if "+}" not in rest:
            self.say("+ go")
            self.flush()
        while len(self.buffer) < n + 2:
            data = self.sock.recv(65536)
            if not data:
                raise _Broken
            self.buffer += data
        self.buffer = self.buffer[n + 2:]
        self.box.new()
        raise _Broken  # it was stored, and nobody is told

    def do_idle(self, tag, _):
        if "IDLE" not in self.server.capabilities:
            self.say(tag + " BAD what?")
            return False
        self.say("+ idling")
        while True:
            self.news()
            self.flush()
            if self.stop:
                raise _Broken
            line = self.line(0.005)
            if line is not None:
                check(line == "DONE", "in IDLE:", line)
                self.say(tag + " OK")
                return False

    def do_logout(self, tag, _):
        self.say("* BYE bye")
        self.say(tag + " OK")
        return True
