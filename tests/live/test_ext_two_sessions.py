"""The unsolicited world: two sessions on one mailbox. One changes it as it likes, all the time; the other fetches, searches, stores,
idles, and keeps its view (imap_view.h) by what the server tells in between. Every second or so the first one pauses, and the view
must be what a session that has just come finds.

At random from a seed (MLA_SEED), for MLA_SECONDS a test (2). MLA_KEEP=FOLDER keeps the conversation of a test that fails.
"""
import os
import random
import re
import sys
import threading
import time

import live
from live import check, equal

lib = live.library()
SECONDS = float(os.environ.get("MLA_SECONDS", "2"))
SEED = int(os.environ.get("MLA_SEED", "1"))
MESSAGE = b"From: a@example.test\r\nDate: Mon, 3 Mar 2025 10:00:00 +0000\r\nSubject: %d\r\n\r\n%s\r\n"
KEYWORDS = ["$Forwarded", "one", "two", "Three"]
FLAGS = ["\\Seen", "\\Answered", "\\Flagged", "\\Draft"]
_dovecot = None


def server(name):
    global _dovecot
    if name != "dovecot":
        return live.other(name)
    if _dovecot is None:
        _dovecot = live.Dovecot("--extensions", empty=True)
    return _dovecot


class Changer(threading.Thread):
    """The second session, in a thread: new mail, flags, expunges, copies. `pause` is held while it must be quiet."""

    def __init__(self, s, mailbox, rng, keywords):
        super().__init__(daemon=True)
        self.pause, self.over, self.error, self.done, self.rng, self.mailbox = threading.Lock(), False, None, 0, rng, mailbox
        self.names = FLAGS + (KEYWORDS if keywords else [])
        self.m = s.imap()
        self.m.create(mailbox)
        self.m.select(mailbox)
        self.number = 0
        for _ in range(40):
            self.new()

    def new(self):
        self.number += 1
        flags = " ".join(self.rng.sample(self.names, self.rng.randint(0, 3)))
        body = b"x" * self.rng.choice([0, 10, 200, 3000])
        self.m.append(self.mailbox, "(%s)" % flags, None, MESSAGE % (self.number, body))

    def uids(self):
        return [int(u) for u in self.m.uid("SEARCH", "ALL")[1][0].split()]

    def some(self):
        have = self.uids()
        count = self.rng.choice([1, 1, 2, 5, len(have) // 3])
        return ",".join(map(str, sorted(self.rng.sample(have, min(len(have), max(1, count)))))) if have else None

    def step(self):
        what, have = self.rng.random(), len(self.uids())
        some = self.some()
        if have > 300 or (what < 0.25 and have > 10 and some):
            if have > 300:
                some = ",".join(map(str, sorted(self.rng.sample(self.uids(), 200))))
            self.m.uid("STORE", some, "+FLAGS.SILENT", "(\\Deleted)")
            self.m.expunge()
        elif what < 0.5 or not some:
            for _ in range(self.rng.choice([1, 1, 1, 4])):
                self.new()
        elif what < 0.6:
            self.m.uid("COPY", some, self.mailbox)
        else:
            sign = self.rng.choice(["+FLAGS", "-FLAGS", "FLAGS", "+FLAGS.SILENT"])
            self.m.uid("STORE", some, sign, "(%s)" % " ".join(self.rng.sample(self.names, self.rng.randint(1, 3))))

    def run(self):
        try:
            while not self.over:
                with self.pause:
                    self.step()
                self.done += 1
                time.sleep(self.rng.choice([0, 0, 0.002, 0.02]))
        except Exception as e:  # told by check_all()
            self.error = e


def fresh(s, mailbox, modseq):
    """What a session that has just come finds: [(UID, flags, mod-sequence)] by message number."""
    m = s.imap()
    try:
        if modseq:
            m._simple_command("ENABLE", "CONDSTORE")
        m.select(mailbox, readonly=True)
        out = {}
        data = m.fetch("1:*", "(UID FLAGS MODSEQ)" if modseq else "(UID FLAGS)")[1]
        for line in data:
            line = line.decode() if line else ""
            if "UID" not in line:
                continue
            flags = re.search(r"FLAGS \(([^)]*)\)", line)[1].split()
            seq = re.search(r"MODSEQ \((\d+)\)", line)
            out[int(line.split()[0])] = (int(re.search(r"UID (\d+)", line)[1]), plain(flags), int(seq[1]) if seq else 0)
        equal(sorted(out), list(range(1, len(out) + 1)), "the fresh session's numbers")
        return [out[n] for n in range(1, len(out) + 1)]
    finally:
        m.logout()


def plain(flags):
    """\\Recent is each session's own; keywords are the same in any case of their letters."""
    return sorted(f.lower() for f in flags if f.lower() != "\\recent")


class Watcher:
    """The first session: the library's."""

    def __init__(self, s, mailbox, rng, mode, keywords, config=None, alone=False):
        self.alone, self.s, self.mailbox, self.rng, self.log = alone, s, mailbox, rng, []
        self.names = FLAGS + (KEYWORDS if keywords else [])
        self.modseq = mode in ("condstore", "qresync", "notify", "notify-delayed")
        self.numbers = mode != "notify"  # without the delay a number may mean another message when it arrives
        self.imap = lib.imap(s, config=config)
        if mode in ("qresync", "condstore"):
            self.imap.run("enable", [mode.upper()])
        self.imap.run("select", mailbox=mailbox)
        self.items = lib.ITEM_UID | lib.ITEM_FLAGS | (lib.ITEM_MODSEQ if self.modseq else 0)
        if mode.startswith("notify"):
            self.imap.run("notify", groups=[{"filter": lib.NOTIFY_SELECTED if mode == "notify" else lib.NOTIFY_SELECTED_DELAYED, "events": lib.NOTIFY_NEW | lib.NOTIFY_EXPUNGE | lib.NOTIFY_FLAGS,
                                             "items": self.items}])

    def view(self):
        return lib.read(lib.C.mla_imap_mailbox(self.imap.handle).contents)

    def message(self, number):
        m = self.imap.call("view_message", number)
        return lib.read(m.contents) if m else None

    def missing(self, items):
        out, run, start = [], lib.abi.mla_range(), 0
        while self.imap.call("view_missing", items, start, lib.ctypes.byref(run)) == 1:
            out.append((run.first, run.last))
            start = run.last + 1
            if start > 0xFFFFFFFF:
                break
        return out

    def known(self):
        out, run, start = [], lib.abi.mla_range(), 0
        while self.imap.call("view_uids", start, lib.ctypes.byref(run)) == 1:
            out.extend(range(run.first, run.last + 1))
            start = run.last + 1
        return out

    def some(self):
        have = self.known()
        return sorted(self.rng.sample(have, min(len(have), self.rng.choice([1, 2, 10])))) if have else None

    def ask(self, name, *args, **fields):
        ticket, rc = self.imap.ask(name, *args, **fields)
        check(rc == 0, name, lib.name_of(rc), self.imap.error())
        self.log.append((name, ticket))
        return ticket

    def fetch_missing(self, runs):
        if not self.numbers:
            return self.ask("fetch_msgs", ranges="1:*", items=self.items)
        return self.ask("fetch_msgs", ranges=runs, by_seq=1, items=self.items)

    def queue(self):
        """One command, chosen at random: its ticket."""
        what, some = self.rng.random(), self.some()
        if what < 0.3 and self.missing(self.items):
            runs = self.missing(self.items)
            return self.fetch_missing(self.rng.sample(runs, min(len(runs), 5)))
        if what < 0.4:
            return self.ask("fetch_msgs", ranges="1:*", by_seq=self.numbers and self.rng.randint(0, 1), items=lib.ITEM_UID | lib.ITEM_ENVELOPE,
                            sections=[{"what": lib.PART_HEADER}])
        if what < 0.5 and some:
            return self.ask("fetch_msgs", ranges=some, items=self.items | lib.ITEM_BODYSTRUCTURE, sections=[{}], set_seen=self.rng.randint(0, 1))
        if what < 0.65 and some:
            mode = self.rng.choice([lib.STORE_ADD, lib.STORE_REMOVE, lib.STORE_REPLACE])
            words = [k for k in self.rng.sample(self.names, self.rng.randint(1, 2)) if not k.startswith("\\")]
            return self.ask("store", ranges=some, mode=mode, flags=self.rng.choice([1, 2, 4, 5]), keywords=words, silent=self.rng.random() < 0.2)
        if what < 0.7 and some:
            self.ask("store", ranges=some[:1], mode=lib.STORE_ADD, flags=lib.FLAG_DELETED)
            return self.ask("expunge")
        if what < 0.8:
            return self.ask("search_msgs", keys=[{"kind": lib.KEY_SEEN}], by_seq=self.numbers and self.rng.randint(0, 1))
        return self.ask("noop")

    def end(self, ticket):
        """Steps to the end of a command. That the server says NO or BAD (a number that is gone) is no fault here."""
        got = self.imap.collect(ticket)
        check(got.error > -100, "the session died:", lib.name_of(got.error), self.imap.error())
        for e in got:
            if e["event"] == "warning" and not (self.alone and e["warning"]["raw"].startswith(b"FLAGS (")):
                raise live.Failure("a warning: %r" % e["warning"])
        return got

    def idle(self):
        ticket = self.ask("idle")
        end = time.monotonic() + self.rng.choice([0.02, 0.1, 0.3])
        while time.monotonic() < end:
            got = self.imap.step(ticket, 20)
            check(not isinstance(got, int) or got == lib.E_TIMEOUT, "IDLE ended:", got)
        check(self.imap.call("idle_done", ticket) == 0, "idle_done")
        self.end(ticket)

    def turn(self):
        """One command, several behind each other, or IDLE."""
        if self.imap.has("IDLE") and self.rng.random() < 0.1:
            self.idle()
            return
        for ticket in [self.queue() for _ in range(self.rng.choice([1, 1, 2, 5]))]:
            self.end(ticket)

    def told(self):
        """What the server says now, as fresh() gives it; what the view had before must have been that."""
        before = [self.message(number) for number in range(1, self.view()["exists"] + 1)]
        got = {m["seq"]: (m["uid"], plain(w.decode() for w in m["words"]), 0)
               for m in self.end(self.ask("fetch_msgs", ranges="1:*", by_seq=1, items=self.items)).of("fetch")}
        equal(sorted(got), list(range(1, len(before) + 1)), "the messages that were told")
        for m in before:
            uid, flags, _ = got[m["number"]]
            check(not m["fields"] & lib.ITEM_UID or m["uid"] == uid, "UID of", m["number"], m["uid"], uid)
            check(not m["fields"] & lib.ITEM_FLAGS or plain(w.decode() for w in m["words"]) == flags, "flags of", m, flags)
        return [got[number] for number in sorted(got)]

    def compare(self, want, whole):
        """What the view has, against what the fresh session found; `whole`: the view has all of it."""
        v = self.view()
        equal(v["exists"], len(want), "exists")
        count = {lib.ITEM_UID: 0, lib.ITEM_FLAGS: 0, lib.ITEM_MODSEQ: 0}
        for number, (uid, flags, modseq) in enumerate(want, 1):
            m = self.message(number)
            check(m, "no message", number)
            for bit in count:
                count[bit] += bool(m["fields"] & bit)
            if m["fields"] & lib.ITEM_UID:
                equal((m["uid"], self.imap.call("view_uid", number), self.imap.call("view_number", uid)), (uid, uid, number), "UID of %d" % number)
            if m["fields"] & lib.ITEM_FLAGS:
                equal(plain(w.decode() for w in m["words"]), flags, "flags of %d, UID %d" % (number, uid))
            if m["fields"] & lib.ITEM_MODSEQ and self.modseq:
                equal(m["modseq"], modseq, "MODSEQ of %d, UID %d" % (number, uid))
        equal((v["known_uids"], v["known_flags"], v["known_modseqs"]), tuple(count.values()), "how many are known")
        check(not self.known() or v["uidnext"] == 0 or v["uidnext"] > self.known()[-1], "UIDNEXT", v["uidnext"], self.known()[-1:])
        if whole:
            equal(self.known(), [uid for uid, _, _ in want], "all UIDs")
            equal(count[lib.ITEM_FLAGS], len(want), "all flags")
            equal(self.missing(self.items), [], "nothing is missing")


def world(name, mode, keywords=True, alone=False, config=None):
    """alone: the server shows a session a mailbox of its own, so it is asked itself what is there."""
    s = server(name)
    prefix = "INBOX." if name == "courier" else ""
    mailbox, seed = "%sWorld-%s-%d" % (prefix, mode, SEED), "%s %s %d" % (name, mode, SEED)
    changer = Changer(s, mailbox, random.Random("changer " + seed), keywords)
    watcher = Watcher(s, mailbox, random.Random("watcher " + seed), mode, keywords, config, alone)
    compared, end = 0, time.monotonic() + SECONDS
    changer.start()
    try:
        while time.monotonic() < end or not compared:
            pause = time.monotonic() + watcher.rng.choice([0.2, 0.5, 1.0])
            while time.monotonic() < pause and not changer.error:
                watcher.turn()
            with changer.pause:
                if changer.error:
                    raise changer.error
                for _ in range(2):  # one for what is new, one for what that brought about
                    watcher.end(watcher.ask("noop"))
                want = watcher.told() if alone else fresh(s, mailbox, watcher.modseq)
                watcher.compare(want, False)
                if compared % 2:
                    lacking = watcher.missing(watcher.items)
                    if lacking:
                        watcher.end(watcher.fetch_missing(lacking))
                    watcher.compare(want, True)
                compared += 1
    except live.Failure as e:
        path = os.path.join(os.environ.get("MLA_KEEP", "/tmp"), "two-sessions-%s-%s-%d.log" % (name, mode, SEED))
        if os.environ.get("MLA_KEEP"):
            with open(path, "wb") as f:
                f.write(b"".join({1: b"> ", 2: b"< "}.get(what, b"* ") + d + b"\n" for what, d in watcher.imap.traffic))
        raise live.Failure("%s\nseed %d, after %d comparisons, %d commands, %d changes%s" % (
            e, SEED, compared, len(watcher.log), changer.done, "; " + path if os.environ.get("MLA_KEEP") else "")) from e
    finally:
        changer.over = True
        changer.join(30)
        watcher.imap.free()
        try:
            changer.m.logout()
        except Exception:
            pass
    print("# %s, %s: seed %d, %d comparisons, %d commands, %d changes by the other" % (
        name, mode, SEED, compared, len(watcher.log), changer.done), flush=True)


def test_dovecot_plain():
    world("dovecot", "plain")


def test_dovecot_condstore():
    world("dovecot", "condstore")


def test_dovecot_qresync():
    world("dovecot", "qresync")


def test_dovecot_notify():
    world("dovecot", "notify")


def test_dovecot_notify_delayed():
    world("dovecot", "notify-delayed")


def test_cyrus_plain():
    world("cyrus", "plain")


def test_cyrus_qresync():
    world("cyrus", "qresync")


def test_courier_plain():
    world("courier", "plain")


if os.environ.get("MLA_LONG") == "1":
    def test_mailutils_plain():
        """GNU Mailutils 3.15 keeps flags in the memory of a session's process until CLOSE, and tells other sessions of nothing
        while they have the mailbox open. A stores, B has the mailbox open, C selects it then; A closes it, and E selects it:

            A: UID STORE 1 +FLAGS (\\Seen \\Flagged)      * 1 FETCH (UID 1 FLAGS (\\Flagged \\Seen \\Recent))
            B: NOOP, UID FETCH 1:* (FLAGS)              * 1 FETCH (UID 1 FLAGS (\\Recent))
            C: UID FETCH 1:* (FLAGS)                    * 1 FETCH (UID 1 FLAGS (\\Recent))
            A: CLOSE
            C: NOOP, UID FETCH 1:* (FLAGS)              * 1 FETCH (UID 1 FLAGS (\\Recent))
            E: UID FETCH 1:* (FLAGS)                    * 1 FETCH (UID 1 FLAGS (\\Flagged \\Seen))

        What a session that has just come finds is thus not what another one should know. A body that it marks as read it tells
        with two lists of flags, neither of which is that of the message then (docs/imap-tolerance.md):

            UID FETCH 24 (UID FLAGS BODY[])             * 23 FETCH (UID 24 FLAGS (\\Flagged \\Recent) FLAGS (\\Seen) BODY[] ...
            FETCH 1:* (UID FLAGS)                       * 23 FETCH (UID 24 FLAGS (\\Flagged \\Seen \\Recent))

        It refuses keywords, and fails the
        stronger ones of the mechanisms that it announces."""
        world("mailutils", "plain", False, True, lambda c: lib.C.mla_config_set_mechanisms(c, b"PLAIN LOGIN"))


if __name__ == "__main__":
    sys.exit(live.main(globals()))
