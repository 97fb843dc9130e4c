"""Account discovery through the C interface alone: in a loop of the caller's, blocking, interrupted, given up."""
import ctypes
import select
import sys
import threading
import time

import live
from live import check, equal
from name_server import NameServer

lib = live.library()
C = lib.C
abi = lib.abi
ALICE = "alice@example.test"
FILE = (b"<clientConfig><emailProvider><incomingServer type='imap'><hostname>a.test</hostname><port>993</port>"
        b"<socketType>SSL</socketType></incomingServer></emailProvider></clientConfig>")


def srv(service):
    return ("_%s._tcp.example.test" % service, "SRV")


class Discover:
    def __init__(self, cfg=None, **args):
        self.d, self.error = ctypes.c_void_p(), abi.mla_error()
        args.setdefault("address", ALICE)
        self.rc = C.mla_discover_new(cfg, lib.record("mla_discover_args", args), ctypes.byref(self.d), ctypes.byref(self.error))

    def __enter__(self):
        equal(self.rc, 0, self.error.message)
        return self

    def __exit__(self, *_):
        C.mla_discover_free(self.d)

    def step(self, wait=20000):
        """(result, kind of event, its record)."""
        return self._event(C.mla_discover_step, wait)

    def next(self):
        return self._event(C.mla_discover_next)

    def _event(self, call, *args):
        ev = ctypes.c_void_p()
        rc = call(self.d, *args, ctypes.byref(ev))
        for get in (C.mla_discover_event_url, C.mla_discover_event_lookup):
            if get(ev):
                return rc, C.mla_discover_event_type(ev), get(ev).contents
        return rc, C.mla_discover_event_type(ev), None

    def all(self):
        """Every event to the end."""
        out = []
        while True:
            rc, kind, record = self.step()
            if rc != 1:
                equal(rc, 0)
                return out
            out.append((kind, record))

    def give(self, number, data, verified=1):
        count = ctypes.c_uint32(77)
        rc = C.mla_discover_give(self.d, number, (ctypes.c_uint8 * max(1, len(data)))(*data), len(data), verified, ctypes.byref(count))
        return rc, count.value

    def said(self):
        err = abi.mla_error()
        C.mla_discover_error(self.d, ctypes.byref(err))
        return err.code, err.message.decode()

    def hosts(self, guesses=False):
        out = []
        for i in range(C.mla_discover_candidate_count(self.d)):
            c = C.mla_discover_candidate_at(self.d, i).contents
            if guesses or c.sources != lib.MLA_DISCOVER_FROM_GUESS:
                out.append("%s:%d" % (c.host.decode(), c.port))
        check(not C.mla_discover_candidate_at(self.d, C.mla_discover_candidate_count(self.d)))
        return out


def ns_args(ns):
    return {"name_server": "127.0.0.1", "name_server_port": ns.port}


def test_in_a_loop():
    with NameServer({srv("imaps"): [(1, 1, 993, "imap.example.test")]}) as ns, Discover(**ns_args(ns)) as d:
        equal(C.mla_discover_wants(d.d), lib.MLA_WANT_NOW)
        equal((C.mla_discover_fd(d.d), C.mla_discover_timeout_ms(d.d)), (-1, 0))
        kinds, turns = [], 0
        while True:
            fd, wants, wait = C.mla_discover_fd(d.d), C.mla_discover_wants(d.d), C.mla_discover_timeout_ms(d.d)
            if wants == 0:
                break
            turns += 1
            check(turns < 50, "it does not end")
            check(-1 <= wait <= 15000, wait)
            if wants & lib.MLA_WANT_READ:
                p = select.poll()
                p.register(fd, select.POLLIN)
                check(p.poll(wait), "nothing came")
            began = time.monotonic()
            check(C.mla_discover_process(d.d) >= 0, d.said())
            check(time.monotonic() - began < 0.5, "process() blocked")
            while (got := d.next())[0] == 1:
                kinds.append(got[1])
        equal(kinds, [lib.MLA_DISCOVER_EV_URL] * 3 + [lib.MLA_DISCOVER_EV_LOOKUP] * 5 + [lib.MLA_DISCOVER_EV_DONE])
        equal(d.hosts(), ["imap.example.test:993"])
        equal((C.mla_discover_fd(d.d), C.mla_discover_timeout_ms(d.d), C.mla_discover_process(d.d)), (-1, -1, 0))
        equal(d.step()[0], 0)


def test_what_lookups_say():
    with NameServer({srv("imaps"): [(1, 1, 993, "a.test"), (1, 1, 993, "b.test")], srv("imap"): "fail", srv("pop3s"): [(0, 0, 0, "")],
                     srv("pop3"): "lie", ("example.test", "MX"): [(5, "mx.example.test")]}) as ns, Discover(**ns_args(ns)) as d:
        said = {r.name.decode(): (r.error, r.count, r.not_offered, r.is_mx, r.authenticated)
                for kind, r in d.all() if kind == lib.MLA_DISCOVER_EV_LOOKUP}
        equal(said, {srv("imaps")[0]: (0, 2, 0, 0, 0), srv("imap")[0]: (lib.MLA_E_RESOLVE, 0, 0, 0, 0),
                     srv("pop3s")[0]: (0, 0, 1, 0, 0), srv("pop3")[0]: (lib.MLA_E_PROTOCOL, 0, 0, 0, 0),
                     "example.test": (0, 1, 0, 1, 0)})


def test_waits_end():
    with NameServer({srv("imaps"): "silent", srv("imap"): [(1, 1, 143, "imap.example.test")]}) as ns:
        with Discover(deadline_ms=1500, **ns_args(ns)) as d:
            while (got := d.step(700))[0] == 1:
                pass
            equal(got[0], lib.MLA_E_TIMEOUT)
            equal(d.said()[0], lib.MLA_E_TIMEOUT)
            began = time.monotonic()
            threading.Timer(0.2, C.mla_discover_interrupt, [d.d]).start()
            equal(d.step()[0], lib.MLA_E_CANCELLED)
            check(0.1 < time.monotonic() - began < 1)
            last = [r.error for kind, r in d.all() if r is not None]
            equal(last, [lib.MLA_E_DEADLINE])
            equal(d.hosts(), ["imap.example.test:143"])
        # one that is given up while questions are under way
        with Discover(**ns_args(ns)) as d:
            equal(C.mla_discover_process(d.d), 1)


def test_files():
    with NameServer({}) as ns, Discover(**ns_args(ns)) as d:
        rc, count = d.give(0, FILE)
        if rc == lib.MLA_E_UNSUPPORTED:
            raise live.Skip("built without expat")
        equal((rc, count, d.hosts()), (0, 1, ["a.test:993"]))
        equal(d.give(0, FILE), (lib.MLA_E_STATE, 0))
        equal(d.give(9, FILE)[0], lib.MLA_E_ARG)
        equal(d.give(1, FILE, 2)[0], lib.MLA_E_ARG)
        equal(d.give(1, b"<x/>")[0], lib.MLA_E_SYNTAX)
        equal(d.said()[0], lib.MLA_E_SYNTAX)
        check("autoconfig" in d.said()[1], d.said())
        equal(d.give(1, b"<!DOCTYPE clientConfig>" + FILE)[0], lib.MLA_E_SYNTAX)
        equal(d.give(1, b" " * 262145)[0], lib.MLA_E_LIMIT)
        d.all()
        equal(d.give(1, FILE.replace(b"a.test", b"late.test")), (0, 1))  # after DONE, and after a file that was none
        equal(d.hosts(), ["a.test:993", "late.test:993"])


def test_arguments():
    for wrong in ({"address": "alice"}, {"address": None}, {"protocols": 8}, {"skip": 1 << 20}, {"name_server": "::1"},
                  {"name_server_port": 70000}):
        d = Discover(**{"address": ALICE, **wrong})
        equal((d.rc, d.d.value), (lib.MLA_E_ARG, None), wrong)
        check(d.error.message, wrong)
    equal(C.mla_discover_new(None, None, ctypes.byref(ctypes.c_void_p()), None), lib.MLA_E_ARG)
    for call in (C.mla_discover_process, C.mla_discover_interrupt):
        equal(call(None), lib.MLA_E_ARG)
    equal((C.mla_discover_fd(None), C.mla_discover_wants(None), C.mla_discover_candidate_count(None)), (-1, 0, 0))
    C.mla_discover_free(None)


def test_internationalized():
    name = "_imaps._tcp.xn--mnchen-3ya.test"
    with NameServer({(name, "SRV"): [(1, 1, 993, "imap.xn--mnchen-3ya.test")]}) as ns:
        with Discover(address="j\u00fcrgen@m\u00fcnchen.test", **ns_args(ns)) as d:
            d.all()
            equal(C.mla_discover_domain(d.d), b"xn--mnchen-3ya.test")
            best = C.mla_discover_candidate_at(d.d, 0).contents
            equal((best.host, best.user.decode(), best.flags), (b"imap.xn--mnchen-3ya.test", "j\u00fcrgen@m\u00fcnchen.test", 0))
            check((name, "SRV") in ns.asked)


if __name__ == "__main__":
    sys.exit(live.main(globals()))
