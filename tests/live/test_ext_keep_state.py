"""Keepers that go on from what an application has stored (mla_imap_keep_read_state()): whenever the program ended, and whatever
the line does, the list that was stored together with the state becomes what is in the mailbox.

At random from a seed (MLA_SEED). Every octet, and Dovecot and Cyrus for MLA_SECONDS each, with MLA_LONG=1.
"""
import ctypes
import os
import random
import re
import select
import socket
import sys
import threading
import time

import keeping
import live
import test_ext_two_sessions as two
from keeping import Box, Keeper, Server
from live import check, equal

lib = keeping.lib
LONG = os.environ.get("MLA_LONG") == "1"
SEED = int(os.environ.get("MLA_SEED", "1"))
SECONDS = float(os.environ.get("MLA_SECONDS", "0.5"))
STEP = 1 if LONG else 41
MODES = {"qresync": "QRESYNC CONDSTORE ENABLE IDLE", "condstore": "CONDSTORE IDLE", "comparing": "IDLE"}


def HOW(line):
    return keeping.HOW[line["how"]]


def again(server, stored, **more):
    """A keeper of a program that was started again."""
    state, mirror = stored
    return Keeper(server.port, state=state, mirror=mirror, **more)


def begun(server, with_flags=1):
    """What a first program has stored."""
    with Keeper(server.port) as k:
        k.until_online()
        k.same(server.box)
        return k.saved(with_flags), dict(k.mirror)


def test_what_was_missed():
    for how, words in MODES.items():
        box = Box(8)
        box.flag(6, "\\Seen", "$Work")
        box.expunge(3)
        with Server(box, words) as server:
            stored = begun(server)
            equal(stored[0]["uids"], [(1, 2), (4, 8)])
            equal(stored[0]["modseq"] != 0, how != "comparing")
            del server.lines[:]
            with again(server, stored) as k:
                equal(k.view(), stored[1], "known before there is a connection")
                got = k.until_online()
                equal((HOW(got), got["gone"], got["fresh"], got["changed"], got["is_first"]), (how, 0, 0, 0, 1), "nothing was missed")
                k.same(box)
            box.new(3)
            box.expunge(2, 7)
            box.flag(4, "\\Deleted")
            with again(server, stored) as k:
                got = k.until_online()
                equal((HOW(got), got["gone"], got["fresh"], got["changed"]), (how, 2, 3, 1))
                check(all(news["is_missed"] for kind, news in k.log if kind in ("gone", "new", "changed")), k.log)
                k.same(box)
                box.new()
                k.same(box)
            if how == "qresync":
                check(not [line for line in server.lines if "UID FETCH 1:*" in line], server.lines)
                check([line for line in server.lines if "(QRESYNC (1000 %d 1:2,4:4294967295))" % stored[0]["modseq"] in line], server.lines)


def test_without_flags():
    """With mod-sequences the server knows which have changed; without, all may have."""
    for how, words in MODES.items():
        box = Box(6)
        with Server(box, words) as server:
            stored = begun(server, 0)
            equal(stored[0]["flags"], [])
            box.flag(4, "\\Deleted")
            box.new()
            with again(server, stored) as k:
                got = k.until_online()
                equal((HOW(got), got["fresh"], got["changed"]), (how, 1, 6 if how == "comparing" else 1))
                equal(k.mirror, box.content())
                equal(k.flags(1) is None, how != "comparing", "nobody has asked for the flags of the others")


def test_empty_and_first():
    """A record of zeros is a first start; an empty mailbox is known to be empty."""
    for how, words in MODES.items():
        box = Box(0)
        with Server(box, words) as server:
            with Keeper(server.port, state={}) as k:
                equal(k.saved(), {"uidvalidity": 0, "modseq": 0, "uids": [], "flags": []})
                equal(HOW(k.until_online()), "listing")
                stored = k.saved(), dict(k.mirror)
            equal((stored[0]["uidvalidity"], stored[0]["uids"]), (1000, []))
            box.new(2)
            with again(server, stored) as k:
                got = k.until_online()
                equal((HOW(got), got["fresh"]), (how, 2))
                k.same(box)


def test_P08_uidvalidity():
    """The mailbox was made anew meanwhile: it is said, and all is new."""
    for how, words in MODES.items():
        box = Box(4)
        with Server(box, words) as server:
            stored = begun(server)
            box.anew(2)
            with again(server, stored) as k:
                equal(k.until("void")["error"], lib.E_STATE)
                equal(k.saved()["uidvalidity"], 0, "what is to be stored now")
                equal((HOW(k.until_online()), k.mirror), ("listing", box.content()))
                k.same(box)


def test_a_server_that_has_forgotten():
    """It names all UIDs that are not there, but of those that are known: not all that ever were."""
    box = Box(40)
    box.expunge(*range(5, 36))
    with Server(box, MODES["qresync"]) as server:
        stored = begun(server)
        server.amnesia = True
        box.expunge(2)
        box.new()
        with again(server, stored) as k:
            got = k.until_online()
            equal((HOW(got), got["gone"], got["fresh"], got["changed"]), ("qresync", 1, 1, 0))
            k.same(box)


def test_a_server_that_does_not_want_to_hear_what_is_known():
    box = Box(4)
    box.expunge(2)
    with Server(box, MODES["qresync"]) as server:
        stored = begun(server)
        server.no_known_uids = True
        box.new()
        with again(server, stored) as k:
            equal(HOW(k.until_online()), "qresync")
            k.same(box)
            equal(len([line for line in server.lines if "QRESYNC (1000" in line]), 2, "asked again, without the UIDs")


def test_the_end_after_each_event():
    """What waits to be told is not in a state that is read before it was."""
    for how, words in MODES.items():
        box = Box(6)
        with Server(box, words) as server:
            stored = begun(server)
            for events in range(1, 20):
                box.expunge(sorted(box.mail)[1])
                box.new(2)
                box.flag(sorted(box.mail)[0], *["\\Seen", "$%d" % events][:events % 3])
                with again(server, stored) as k:
                    told = [k.step(50)[0] for _ in range(events)]
                    if k.saved():
                        stored = k.saved(), dict(k.mirror)
                if told[-1] is None:
                    break
            check(events > 4, how, told)
            with again(server, stored) as k:
                k.until_online()
                k.same(box)


def crashes(how, words):
    """The program ends at any event, at random, while mail comes and goes and lines break; another goes on from what was stored."""
    box, rng, ends = Box(4), random.Random("%s %d" % (how, SEED)), 0
    with Server(box, words) as server:
        stored = None, {}
        for _ in range(400 if LONG else 8):
            with box.lock:
                for _ in range(rng.randint(0, 3)):
                    box.random(rng)
                box.expunge(*sorted(box.mail)[:-12])
            server.cuts[:] = [(rng.randint(20, 900), rng.choice(["close", "rst"]))] if rng.random() < 0.5 else []
            with again(server, stored) as k:
                for _ in range(rng.choice([1, 2, 3, 5, 9, 14])):
                    if k.step(50)[0] is None:
                        break
                    if rng.random() < 0.2:
                        box.random(rng)
                    state = k.saved(rng.random() < 0.8) if rng.random() < 0.8 else None
                    if state:
                        stored = state, dict(k.mirror)
            ends += 1
        server.cuts[:] = []
        with again(server, stored) as k:
            k.until_online()
            now = box.content()
            while k.mirror != now:
                check(k.step(5000)[0], "what is there was not told", now, k.mirror)
    print("# %s: %d programs, %d connections" % (how, ends, server.connections))


def test_crashes_qresync():
    crashes("qresync", MODES["qresync"])


def test_crashes_condstore():
    crashes("condstore", MODES["condstore"])


def test_crashes_comparing():
    crashes("comparing", MODES["comparing"])


def cut_everywhere(how, words):
    """The line breaks behind each octet of the conversation that goes on from what was stored; then the program ends as well."""
    box, rng = Box(4), random.Random(how)
    with Server(box, words) as server:
        stored, at = begun(server), random.Random(SEED).randrange(STEP)
        while True:
            at += STEP
            for _ in range(3):
                box.random(rng)
            box.expunge(*sorted(box.mail)[:-8])  # the conversation is not to grow
            server.cuts[:] = [(at, rng.choice(["close", "rst"]))]
            before = len(server.counts)
            with again(server, stored) as k:
                k.until("offline", "online")
                state = k.saved()
                if state:
                    stored = state, dict(k.mirror)
            server.cuts[:] = []
            with again(server, stored) as k:
                k.until_online()
                k.same(box)
                stored = k.saved(), dict(k.mirror)
            if not any(n == at for n in server.counts[before:]):
                break
        print("# %s: cut at %d places, %d connections" % (how, at // STEP, server.connections))
        check(at > 200, "the conversation has", at, "octets")


def test_cut_qresync():
    cut_everywhere("qresync", MODES["qresync"])


def test_cut_condstore():
    cut_everywhere("condstore", MODES["condstore"])


def test_cut_comparing():
    cut_everywhere("comparing", MODES["comparing"])


def test_octet_by_octet():
    for how, words in MODES.items():
        box = Box(5)
        box.expunge(2)
        with Server(box, words) as server:
            stored = begun(server)
            server.dribble = True
            box.expunge(3)
            box.new(2, ["$Work"])
            box.flag(1, "\\Seen")
            with again(server, stored) as k:
                got = k.until_online()
                equal((HOW(got), got["gone"], got["fresh"], got["changed"]), (how, 1, 2, 1))
                k.same(box)


# ---- what is no state ----------------------------------------------------------------------------------------------------


def refused(state):
    try:
        Keeper(1, state=state).__exit__()
    except live.Failure as e:
        return str(e)
    return "accepted"


def test_malformed():
    good = {"uidvalidity": 7, "modseq": 9, "uids": [(1, 3), (5, 5)], "flags": [{"first": 1, "last": 9, "words": ["\\Seen"]}]}
    equal(refused(good), "accepted")
    bad = [
        {"uidvalidity": 0}, {"modseq": 1 << 63}, {"modseq": (1 << 64) - 1},
        {"uids": [(0, 3)]}, {"uids": [(3, 1)]}, {"uids": [(1, 3), (3, 4)]}, {"uids": [(5, 6), (1, 2)]}, {"uids": [(1, 0)]},
        {"uids": [(1, 0xFFFFFFFF)]}, {"uids": [(0xFFFFFFFF, 0xFFFFFFFF)]},
        {"flags": [{"first": 0, "last": 3}]}, {"flags": [{"first": 4, "last": 3}]}, {"flags": [{"first": 1, "last": 2}, {"first": 2, "last": 3}]},
        {"flags": [{"first": 1, "last": 3, "words": [""]}]}, {"flags": [{"first": 1, "last": 3, "words": [None]}]},
        {"flags": [{"first": 1, "last": 3, "words": [], "word_count": 1}]},
        {"uids": [], "uid_count": 1}, {"flags": [], "flag_count": 1},
    ]
    for change in bad:
        got = refused({**good, **change})
        check("MLA_E_ARG" in got and "state" in got or "stored" in got, change, got)
    equal(refused({**good, "modseq": (1 << 63) - 1}), "accepted")


def test_records_of_other_sizes():
    """A program from before there was a state; one from the future."""
    with Server(Box(2), "IDLE") as server:
        args = Keeper(server.port).args
        out, error = ctypes.c_void_p(), lib.abi.mla_error()
        new = lambda: lib.C.mla_imap_keep_new(None, ctypes.byref(args), ctypes.byref(out), ctypes.byref(error))
        args.struct_size = type(args).state.offset
        args.state = ctypes.cast(1, type(args.state))  # not a part of it, then
        equal(new(), 0)
        lib.C.mla_imap_keep_free(out)
        args.struct_size = type(args).seed.offset
        equal(new(), lib.E_ARG)
        args.struct_size = ctypes.sizeof(args)
        state = lib.abi.mla_imap_keep_state()
        args.state = ctypes.pointer(state)
        equal(new(), lib.E_ARG, "a state without a size")
        wide = (ctypes.c_uint8 * (ctypes.sizeof(state) + 8))()
        args.state = ctypes.cast(wide, type(args.state))
        args.state.contents.struct_size = len(wide)
        equal(new(), 0, "what is new in it is zero")
        lib.C.mla_imap_keep_free(out)
        wide[-1] = 1
        equal(new(), lib.E_UNSUPPORTED)


def test_garbage():
    """A state that fits its form and tells lies ends in a list that is right, where numbers can show it; never in anything worse."""
    lies = [
        {"modseq": (1 << 63) - 1},                    # from the future
        {"uids": [(4, 4), (9, 900)]},                 # nobody has given these out
        {"uids": [(900, 904)]},                       # nor these, as many as there are
        {"uids": [(1, 4294967294)]},
        {"uids": [(1, 1), (4294967294, 4294967294)]},
        {"uids": []},
        {"modseq": 1, "uids": [(2, 2)]},
        {"flags": [{"first": 1, "last": 4294967294, "words": ["\\Seen", "x" * 5000, "\xff"]}]},
    ]
    for how, words in MODES.items():
        box = Box(6)
        box.expunge(2)
        with Server(box, words) as server:
            state = begun(server)[0]
            for lie in lies:
                with Keeper(server.port, state={**state, **lie}) as k:
                    k._apply = lambda kind, news: None
                    k.until_online()
                    equal(sorted(k.view()), sorted(box.content()), "%s, %s" % (how, lie))


# ---- real servers --------------------------------------------------------------------------------------------------------


class Veil(threading.Thread):
    """Between keeper and server, which may not announce some of what it can (a word of the same length takes its place)."""

    def __init__(self, address, hidden):
        super().__init__(daemon=True)
        self.address, self.hidden, self.over = address, hidden, False
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.start()

    def run(self):
        while not self.over:
            if select.select([self.listener], [], [], 0.05)[0]:
                threading.Thread(target=self._carry, args=(self.listener.accept()[0],), daemon=True).start()
        self.listener.close()

    def _carry(self, client):
        try:
            with client, socket.create_connection(self.address) as server:
                while not self.over:
                    for s in select.select([client, server], [], [], 0.05)[0]:
                        data = s.recv(65536)
                        if not data:
                            return
                        for word in self.hidden if s is server else ():
                            data = re.sub(rb"(?<= )%s(?=[ \]\r])" % word, b"X" * len(word), data)
                        (server if s is client else client).sendall(data)
        except OSError:
            pass


HIDDEN = {"qresync": [], "condstore": [b"QRESYNC"], "comparing": [b"QRESYNC", b"CONDSTORE"]}


def real(name, how):
    """Programs that end at any event, one after the other, while a second session changes the mailbox."""
    s = two.server(name)
    mailbox, rng = "Stored-%s-%d" % (how, SEED), random.Random("state %s %s %d" % (name, how, SEED))
    changer = two.Changer(s, mailbox, random.Random(rng.random()), True)
    veil = Veil((s.host, s.port["imap"]), HIDDEN[how])
    stored, programs, seen, compared = (None, {}), 0, {}, 0
    end = time.monotonic() + SECONDS
    keeper = lambda: Keeper(veil.port, mailbox=mailbox, user=s.user, poll_ms=50, state=stored[0], mirror=stored[1])
    try:
        while time.monotonic() < end or compared < 2:
            for _ in range(rng.randint(0, 4)):
                changer.step()
            with keeper() as k:
                for _ in range(rng.choice([1, 2, 3, 5, 9, 14, 30])):
                    kind, got = k.step(300)
                    if kind == "online":
                        seen[HOW(got)] = seen.get(HOW(got), 0) + 1
                        changer.step()
                    elif kind is None:
                        break
                    check(kind != "over", got)
                    state = k.saved(rng.random() < 0.8)
                    if state:
                        stored = state, dict(k.mirror)
            programs += 1
            if rng.random() < 0.4 or time.monotonic() >= end:
                with keeper() as k:
                    got = k.until_online()
                    want = {uid: frozenset(flags) for uid, flags, _ in two.fresh(s, mailbox, False)}
                    equal(k.mirror, want, "told")
                    equal(sorted(k.view()), sorted(want), "known")
                    stored = k.saved(), dict(k.mirror)
                    if stored[1] and compared:
                        equal(HOW(got), how)
                compared += 1
    except live.Failure as e:
        raise live.Failure("%s\nseed %d, after %d programs" % (e, SEED, programs)) from e
    finally:
        veil.over = True
        changer.m.logout()
    print("# %s, %s: seed %d, %d programs, %d comparisons, online by %s" % (name, how, SEED, programs, compared, seen), flush=True)


if LONG:
    def test_dovecot_qresync():
        real("dovecot", "qresync")

    def test_dovecot_condstore():
        real("dovecot", "condstore")

    def test_dovecot_comparing():
        real("dovecot", "comparing")

    def test_cyrus_qresync():
        real("cyrus", "qresync")

    def test_cyrus_condstore():
        real("cyrus", "condstore")

    def test_cyrus_comparing():
        real("cyrus", "comparing")


if __name__ == "__main__":
    sys.exit(live.main(globals()))
