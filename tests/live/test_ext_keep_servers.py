"""A keeper at real servers, over a line that breaks all the time, while a second session changes the mailbox at random.
Every half second the other one pauses, and what the keeper has told, and its view, must be what a session that has just come finds.
In between the program ends at times: another keeper goes on from what was stored.

At random from a seed (MLA_SEED), for MLA_SECONDS a test (0.5); Cyrus and Courier with MLA_LONG=1.
"""
import contextlib
import os
import random
import select
import socket
import struct
import sys
import threading
import time

import keeping
import live
import test_ext_two_sessions as two
from live import check

lib = keeping.lib
SECONDS = float(os.environ.get("MLA_SECONDS", "0.5"))
LONG = os.environ.get("MLA_LONG") == "1"
SEED = int(os.environ.get("MLA_SEED", "1"))


class Line(threading.Thread):
    """Between keeper and server: each connection breaks behind some octet or after some time, in one of several ways."""

    def __init__(self, address, rng):
        super().__init__(daemon=True)
        self.address, self.rng, self.over, self.broken = address, rng, False, 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]

    def run(self):
        while not self.over:
            if select.select([self.listener], [], [], 0.1)[0]:
                client, _ = self.listener.accept()
                with client, socket.create_connection(self.address) as server:
                    try:
                        self._carry(client, server)
                    except OSError:
                        pass
                self.broken += 1

    def _carry(self, client, server):
        left = int(self.rng.choice([self.rng.expovariate(1 / 600), self.rng.expovariate(1 / 3000), 1000000]))
        until = time.monotonic() + self.rng.choice([0.1, 0.5, 1.5])
        how = self.rng.choice(["rst", "fin", "fin", "stall"])
        while left > 0 and time.monotonic() < until and not self.over:
            for s in select.select([client, server], [], [], 0.02)[0]:
                data = s.recv(65536)
                if not data:
                    return
                (server if s is client else client).sendall(data[:left])
                left -= len(data)
        if how == "stall":  # until the keeper has enough
            client.settimeout(5)
            while client.recv(65536):
                pass
        elif how == "rst":
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def quick(c):
    """A line that says nothing any more is noticed soon."""
    for which, ms in ((lib.DEADLINE_SILENCE, 700), (lib.DEADLINE_QUIET, 300), (lib.DEADLINE_PROBE, 400)):
        lib.C.mla_config_set_deadline(c, which, ms)


def world(name):
    s = two.server(name)
    mailbox, seed = "%sKept-%d" % ("INBOX." if name == "courier" else "", SEED), "keep %s %d" % (name, SEED)
    changer = two.Changer(s, mailbox, random.Random("changer " + seed), True)
    line = Line((s.host, s.port["imaps"]), random.Random("line " + seed))
    compared, end, how, rng, programs = 0, time.monotonic() + SECONDS, {}, random.Random("programs " + seed), 1
    keeper = lambda **stored: keeping.Keeper(line.port, "localhost", mailbox, s.user, security=0, ca=s.ca, config=quick, poll_ms=50,
                                             seed=SEED, **stored)
    with contextlib.ExitStack() as keepers:
        k = keepers.enter_context(keeper())
        line.start()
        changer.start()
        try:
            while time.monotonic() < end or not compared:
                pause = time.monotonic() + 0.4
                while time.monotonic() < pause and not changer.error:
                    kind, got = k.step(20)
                    check(kind != "over", got)
                    if kind == "online":
                        how[keeping.HOW[got["how"]]] = how.get(keeping.HOW[got["how"]], 0) + 1
                state = k.saved() if not compared or rng.random() < 0.6 else None
                if state:  # the program ends, and another one goes on
                    keepers.close()
                    k, programs = keepers.enter_context(keeper(state=state, mirror=k.mirror)), programs + 1
                with changer.pause:
                    if changer.error:
                        raise changer.error
                    k.same({uid: frozenset(flags) for uid, flags, _ in two.fresh(s, mailbox, False)}, 30)
                compared += 1
        except live.Failure as e:
            raise live.Failure("%s\nseed %d, after %d comparisons, %d connections" % (e, SEED, compared, line.broken)) from e
        finally:
            changer.over = line.over = True
            changer.join(30)
    line.listener.close()
    print("# %s: seed %d, %d comparisons, %d programs, %d connections, online by %s, %d changes by the other" % (
        name, SEED, compared, programs, line.broken, how, changer.done), flush=True)


def test_dovecot():
    if not LONG and os.environ.get("MLA_SHARE", "1") == "1":
        raise live.Skip("the build with sanitizers does this")
    world("dovecot")


if LONG:
    def test_cyrus():
        world("cyrus")

    def test_courier():
        world("courier")


if __name__ == "__main__":
    sys.exit(live.main(globals()))
