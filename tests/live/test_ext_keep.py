"""Keepers (imap_keep.h): whatever the line does, what they have told is what is in the mailbox."""
import os
import random
import sys
import time

import keeping
import live
from keeping import Box, Keeper, Server
from live import check, equal

lib = keeping.lib
LONG = os.environ.get("MLA_LONG") == "1"
STEP = 1 if LONG else 23 if float(os.environ.get("MLA_SHARE", "1")) < 1 else 11
MODES = {"qresync": "QRESYNC CONDSTORE ENABLE IDLE", "condstore": "CONDSTORE IDLE", "comparing": "IDLE"}


def test_first_and_live():
    """All messages are new first; then what happens is told by UIDs, at once."""
    for how, words in MODES.items():
        box = Box(5)
        box.flag(3, "\\Seen", "$Work")
        with Server(box, words) as server, Keeper(server.port) as k:
            got = k.until_online()
            equal((HOW(got), got["fresh"], got["exists"], got["is_first"]), ("listing", 5, 5, 1))
            k.same(box)
            box.new(2, ["\\Flagged"])
            k.same(box)
            box.flag(1, "two")
            k.same(box)
            box.expunge(2, 5)
            k.same(box)
            check(all(not n["is_missed"] for kind, n in k.log if kind in ("gone", "changed")), k.log)
            equal(server.connections, 1)


def HOW(line):
    return keeping.HOW[line["how"]]


def test_what_was_missed():
    for how, words in MODES.items():
        box = Box(6)
        with Server(box, words) as server, Keeper(server.port) as k:
            k.until_online()
            with box.lock:
                server.kick()
                box.new(3)
                box.expunge(2, 3)
                box.flag(4, "\\Deleted")
            k.until("offline")
            got = k.until_online()
            equal((HOW(got), got["gone"], got["fresh"], got["changed"], got["is_first"]), (how, 2, 3, 1, 0))
            k.same(box)
            if how == "qresync":
                equal(sum("UID FETCH 1:*" in line for line in server.lines), 1, "QRESYNC says it all")
            server.kick()
            k.until("offline")
            got = k.until_online()
            equal((got["gone"], got["fresh"], got["changed"]), (0, 0, 0), "nothing was missed")


def cut_everywhere(how, words):
    """The line breaks behind each octet of the conversation that finds out what was missed, after which the next one does."""
    box, rng = Box(4), random.Random(how)
    with Server(box, words) as server, Keeper(server.port) as k:
        k.until_online()
        k.same(box)
        at = random.Random(os.environ.get("MLA_SEED", "1")).randrange(STEP)
        while True:
            at += STEP
            with box.lock:
                server.cuts[:] = [(at, rng.choice(["close", "rst"]))]
                before = len(server.counts)
                server.kick()
                for _ in range(3):
                    box.random(rng)
                box.expunge(*sorted(box.mail)[:-8])  # the conversation is not to grow
            k.until("offline")
            k.until_online()
            k.same(box)
            box.random(rng)
            k.same(box)
            if not any(n == at for n in server.counts[before:]):  # this conversation was shorter
                break
        print("# %s: cut at %d places, %d connections" % (how, at // STEP, server.connections))
        check(at > 200, "the conversation has", at, "octets")


def test_cut_qresync():
    cut_everywhere("qresync", MODES["qresync"])


def test_cut_condstore():
    cut_everywhere("condstore", MODES["condstore"])


def test_cut_comparing():
    cut_everywhere("comparing", MODES["comparing"])


def test_polling_without_idle():
    box = Box(2)
    with Server(box, "QRESYNC ENABLE") as server, Keeper(server.port, poll_ms=20) as k:
        k.until_online()
        box.new()
        box.flag(1, "\\Seen")
        k.same(box)
        check(any(line.endswith(" NOOP") for line in server.lines), server.lines[-5:])


def test_P08_uidvalidity():
    for how, words in MODES.items():
        box = Box(4)
        with Server(box, words) as server, Keeper(server.port) as k:
            k.until_online()
            with box.lock:
                server.kick()
                box.anew(2)
            k.until("void")
            equal(k.mirror, {})
            got = k.until_online()
            equal((HOW(got), got["fresh"], got["gone"]), ("listing", 2, 0))
            k.same(box)


def test_a_server_that_says_less_than_it_should():
    """It announces QRESYNC and leaves out what has changed; counting shows it."""
    box = Box(4)
    with Server(box, MODES["qresync"]) as server, Keeper(server.port) as k:
        k.until_online()
        server.ignore_qresync = True
        with box.lock:
            server.kick()
            box.expunge(1)
        k.until("offline")
        got = k.until_online()
        equal(HOW(got), "comparing")
        k.same(box)


def test_mailbox_gone():
    box = Box(4)
    for answer, listed in (("[NONEXISTENT] no such mailbox", True), ("no", False)):
        with Server(box, MODES["qresync"]) as server, Keeper(server.port) as k:
            k.until_online()
            server.refuse_select, box.exists_as_name = answer, listed
            server.kick()
            got = k.until("over")
            equal((lib.name_of(got["error"]), got["reason"]), ("MLA_E_NO", lib.REASON_NOT_FOUND), got)
            equal(k.step(0), (None, lib.E_NO))


def test_select_refused_for_a_while():
    """A NO without a code, and the mailbox is still listed: it will do again."""
    box = Box(4)
    with Server(box, MODES["qresync"]) as server, Keeper(server.port) as k:
        k.until_online()
        server.refuse_select = "not now"
        server.kick()
        for _ in range(3):
            k.until("offline")
        server.refuse_select = None
        k.until_online()
        k.same(box)


def test_P29_killed_after_each_login():
    """No storm: the waits double up to a maximum, and the tries are counted even though each log-in succeeds."""
    with Server(Box(1), MODES["qresync"]) as server, Keeper(server.port, first_ms=10, max_ms=80, tries_max=7) as k:
        server.bye_after_login = "overloaded"
        began = time.monotonic()
        got = k.until("over")
        took = time.monotonic() - began
        equal((server.connections, got["tries"], lib.name_of(got["error"])), (7, 7, "MLA_E_CLOSED"), got)
        waits = [line["wait_ms"] for kind, line in k.log if kind == "offline"]
        check(waits[0] <= 10 and all(lo <= w <= hi for w, lo, hi in zip(waits[1:], (10, 20, 40, 40, 40), (20, 40, 80, 80, 80))), waits)
        check(took * 1000 >= sum(waits), took, waits)
    with Server(Box(1), MODES["qresync"]) as server, Keeper(server.port, first_ms=10, max_ms=80, tries_max=7) as k:
        server.bye_after_login = "overloaded"
        k.until("over")
        equal(waits, [line["wait_ms"] for kind, line in k.log if kind == "offline"], "the same from the same seed")


def test_throttled():
    """The server's own wait is kept, whatever the network says."""
    with Server(Box(1), MODES["qresync"]) as server, Keeper(server.port) as k:
        server.refuse_login = "[LIMIT] Too many login attempts. Try again in 1 minute(s)"
        got = k.until("offline")
        print("# %s, reason %s, wait %s ms" % (lib.name_of(got["error"]), got["reason"], got["wait_ms"]))
        check(got["wait_ms"] >= 60000 or got["error"] == lib.E_AUTH, got)
        k.hint()
        k.step(100)
        equal(server.connections, 1, "a hint does not break the wait")


def test_final_errors():
    with Server(Box(1), MODES["qresync"]) as server, Keeper(server.port) as k:
        server.refuse_login = "[AUTHENTICATIONFAILED] wrong"
        got = k.until("over")
        equal((lib.name_of(got["error"]), server.connections), ("MLA_E_AUTH", 1), "a refused password is not tried again")
        check(b"wrong" in got["text"], got)
    with Server(Box(1), "") as server, Keeper(server.port, security=2, config=lambda c: lib.C.mla_config_set_cleartext_password(c, 0)) as k:
        equal(lib.name_of(k.until("over")["error"]), "MLA_E_POLICY")


def test_credentials_by_event():
    box = Box(2)
    good = lib.record("mla_credentials", {"user": "alice", "token": "fresh"})
    with Server(box, "IDLE") as server, Keeper(server.port, user=None, ask=1) as k:
        equal(k.until("credentials")["error"], 0)
        equal(k.step(30), (None, lib.E_TIMEOUT))
        equal(server.connections, 0, "nothing without credentials")
        bad = lib.record("mla_credentials", {"user": "alice", "password": "old"})
        server.refuse_login = "[AUTHENTICATIONFAILED] expired"
        equal(lib.C.mla_imap_keep_set_credentials(k.handle, lib.ctypes.byref(bad)), 0)
        equal(k.until("credentials")["error"], lib.E_AUTH)
        server.refuse_login = None
        equal(lib.C.mla_imap_keep_set_credentials(k.handle, lib.ctypes.byref(bad)), 0)
        k.until_online()
        server.kick()
        equal(k.until("credentials")["error"], 0, "and before each further log-in")
        del good


def test_questions_of_the_session():
    """What a log-in asks for comes through, and is answered at the session."""
    box = Box(2)
    who = {"user": "alice", "token_requests": 1}
    with Server(box, "IDLE") as server, Keeper(server.port, user=None, credentials=who) as k:
        server.auth = "AUTH=OAUTHBEARER"
        kind, got = k.step()
        while not (kind == "imap" and got[0] == lib.KINDS[lib.EV_TOKEN]):
            check(kind == "imap", kind, got)
            kind, got = k.step()
        session = lib.C.mla_imap_session(lib.C.mla_imap_keep_imap(k.handle))
        equal(lib.C.mla_session_give_token(session, got[1], b"fresh", 5), 0)
        k.until_online()
        k.same(box)
        check(any("AUTHENTICATE OAUTHBEARER" in line for line in server.lines), server.lines)


def test_hint_ends_the_wait_and_probes():
    box = Box(2)

    def probe(c):
        lib.C.mla_config_set_deadline(c, lib.DEADLINE_PROBE, 150)

    with Server(box, MODES["qresync"]) as server, Keeper(server.port, first_ms=600000, config=probe) as k:
        k.until_online()
        server.kick()
        k.until("offline")
        equal(k.step(30), (None, lib.E_TIMEOUT), "it waits")
        k.hint()
        k.until_online()
        # the line is dead and nobody knows: asked, it is
        idling(k, box)
        server.sessions[-1].flush = lambda: None
        k.hint()
        got = k.until("offline")
        equal(lib.name_of(got["error"]), "MLA_E_DEADLINE")
        check(b"the connection is dead" in got["text"], got)


def idling(k, box):
    box.new()
    k.same(box)
    k.step(50)


def test_P31_commands_under_way():
    """They end with the line and are not sent again."""
    box = Box(1)
    with Server(box, MODES["qresync"]) as server, Keeper(server.port) as k:
        k.until_online()
        imap = lib.C.mla_imap_keep_imap(k.handle)
        ticket = lib.ctypes.c_uint64()
        args = lib.record("mla_imap_append_args", {"mailbox": "INBOX", "data": b"Subject: x\r\n\r\nx\r\n"})
        equal(lib.C.mla_imap_append(imap, lib.ctypes.byref(args), lib.ctypes.byref(ticket)), 0)
        k.until("offline")
        check(("done", ticket.value, lib.E_UNKNOWN_OUTCOME) in k.events, k.events)
        k.until_online()
        k.same(box)
        equal(len(box.content()), 2, "it was stored once")


def test_close():
    with Server(Box(1), MODES["qresync"]) as server, Keeper(server.port) as k:
        k.until_online()
        equal(lib.C.mla_imap_keep_close(k.handle), 0)
        equal(k.until("over")["error"], 0)
        check(any(line.endswith(" LOGOUT") for line in server.lines))
        equal(k.step(0), (None, lib.E_CLOSED))
    with Keeper(1, first_ms=600000) as k:  # nobody is there
        k.until("offline")
        equal(lib.C.mla_imap_keep_close(k.handle), 0)
        equal(k.until("over")["error"], 0)


def test_dead_idle():
    """A line that carries nothing any more and says nothing about it (MLA_DEADLINE_QUIET)."""
    box = Box(2)

    def quick(c):
        lib.C.mla_config_set_deadline(c, lib.DEADLINE_QUIET, 100)
        lib.C.mla_config_set_deadline(c, lib.DEADLINE_PROBE, 100)

    with Server(box, MODES["qresync"]) as server, Keeper(server.port, config=quick) as k:
        k.until_online()
        idling(k, box)
        server.sessions[-1].flush = lambda: None
        box.new()
        got = k.until("offline")
        equal(lib.name_of(got["error"]), "MLA_E_DEADLINE")
        k.until_online()
        k.same(box)


if __name__ == "__main__":
    sys.exit(live.main(globals()))
