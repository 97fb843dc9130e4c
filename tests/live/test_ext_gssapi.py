"""GSSAPI asks a KDC over the network. None of that happens inside a call of ours: the caller's loop goes on, whatever the KDC does."""
import ctypes
import os
import select
import socket
import sys
import threading
import time

import kerberos
import live
from live import check, equal

lib = live.library()
realm = None


class Silence:
    """A KDC that takes every question and answers none."""

    def __init__(self):
        while True:  # one number for both
            self.udp, self.tcp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM), socket.socket()
            self.tcp.bind(("127.0.0.1", 0))
            self.port = self.tcp.getsockname()[1]
            try:
                self.udp.bind(("127.0.0.1", self.port))
                break
            except OSError:
                self.close()
        self.tcp.listen(8)

    def was_asked(self):
        return bool(select.select([self.udp, self.tcp], [], [], 0)[0])

    def close(self):
        self.udp.close()
        self.tcp.close()


def greets(capabilities):
    """A server that says what it can, hears everything and answers nothing."""
    def talk(peer):
        peer.send(("* OK [CAPABILITY IMAP4rev1 AUTH=GSSAPI %s] hello\r\n" % capabilities).encode())
        if "SASL-IR" not in capabilities:
            peer.line()
            peer.send(b"+ \r\n")
        while True:
            peer.read()
    return talk


def gssapi_alone(silence_ms):
    def settings(cfg):
        equal(lib.C.mla_config_set_mechanisms(cfg, b"GSSAPI"), 0)
        equal(lib.C.mla_config_set_deadline(cfg, lib.DEADLINE_SILENCE, silence_ms), 0)
    return settings


def connect(port, silence_ms=30000):
    return lib.Imap("localhost", port, lib.SECURITY["none"], config=gssapi_alone(silence_ms))


def next_event(imap):
    """The kind of the next event, None, or the error."""
    event = ctypes.c_void_p()
    rc = imap.call("next", ctypes.byref(event))
    return lib.KINDS[lib.C.mla_imap_event_type(event)] if rc == 1 else rc or None


def loop(imap, seconds):
    """An event loop without a thread: (what next() ended with, the longest call of process(), how many there were)."""
    longest = calls = 0
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        got = next_event(imap)
        if isinstance(got, int):
            return got, longest, calls
        if got:
            continue
        wants, wait = lib.C.mla_session_wants(imap.session), lib.C.mla_session_timeout_ms(imap.session)
        if not wants & lib.WANT_NOW:
            p = select.poll()
            p.register(lib.C.mla_session_fd(imap.session), (select.POLLIN if wants & lib.WANT_READ else 0) |
                       (select.POLLOUT if wants & lib.WANT_WRITE else 0))
            p.poll(min(wait if wait >= 0 else 10000, 10000))
        begun = time.monotonic()
        lib.C.mla_session_process(imap.session)
        longest, calls = max(longest, time.monotonic() - begun), calls + 1
    raise live.Failure("nothing came of it")


def silent_realm():
    """alice has her first ticket; the one for the server is asked for where nobody answers."""
    kdc = Silence()
    os.environ["KRB5_CONFIG"] = realm.configure("silent.conf", kdc.port)
    return kdc


def test_process_does_not_wait_for_the_kdc():
    """For as long as the session waits for anybody (MLA_DEADLINE_SILENCE), and no longer; before the command is sent and in the middle of it."""
    for capabilities in ("SASL-IR", ""):
        kdc = silent_realm()
        with live.Script(greets(capabilities)) as server:
            imap = connect(server.port, 1500)
            begun = time.monotonic()
            ticket, rc = imap.ask("authenticate", credentials={"user": "alice"})
            equal(rc, 0)
            ended, longest, calls = loop(imap, 20)
            took = time.monotonic() - begun
            check(kdc.was_asked(), "the KDC was not asked")
            equal(ended, lib.E_DEADLINE)
            check("the Kerberos library has not answered for 1 s" in imap.error(), imap.error())
            print("# the longest process(): %.1f ms" % (longest * 1000))
            check(longest < took / 2, "process() took", longest)
            check(1.4 < took < 15, took)
            check(calls < 20, "process() was called", calls, "times")
            begun = time.monotonic()
            imap.free()  # the thread goes on, for nobody
            check(time.monotonic() - begun < 2, "free() waited")
            check(capabilities == "" or b"AUTHENTICATE" not in server.heard, server.heard)
        kdc.close()


def test_interrupt_while_the_kdc_is_asked():
    """step() waits, and another thread can stop that."""
    kdc = silent_realm()
    with live.Script(greets("SASL-IR")) as server:
        imap = connect(server.port)
        ticket, rc = imap.ask("authenticate", credentials={"user": "alice"})
        equal(rc, 0)
        begun = time.monotonic()
        threading.Timer(0.4, lib.C.mla_session_interrupt, [imap.session]).start()
        equal(imap.step(ticket), lib.E_CANCELLED)
        check(0.3 < time.monotonic() - begun < 20)
        imap.free()
    kdc.close()


def test_server_ends_it_meanwhile():
    """BYE and the end of the connection, NO, and a "+" too many, while the KDC is asked: told at once."""
    def says(words):
        def talk(peer):
            peer.send(b"* OK [CAPABILITY IMAP4rev1 AUTH=GSSAPI] hello\r\n")
            tag = peer.line().split()[0]
            peer.send(b"+ \r\n")
            time.sleep(0.2)
            peer.send(words.replace(b"TAG", tag))
            if b"BYE" not in words:
                peer.read()
        return talk

    for words, error in ((b"TAG NO not today\r\n", lib.E_AUTH), (b"+ \r\n", lib.E_PROTOCOL), (b"* BYE enough\r\n", lib.E_CLOSED)):
        kdc = silent_realm()
        with live.Script(says(words)) as server:
            imap = connect(server.port)
            begun = time.monotonic()
            ticket, rc = imap.ask("authenticate", credentials={"user": "alice"})
            equal(rc, 0)
            got = imap.collect(ticket)
            equal(lib.name_of(got.error), lib.name_of(error), words)
            check(time.monotonic() - begun < 10, "it was told after", time.monotonic() - begun)
            imap.free()
        kdc.close()


def test_own_io():
    """With I/O of the caller's own there is no descriptor to watch: the session says when to look again."""
    os.environ["KRB5_CONFIG"] = realm.configure("krb5.conf", realm.port)
    server = realm.dovecot()
    try:
        settings, handle, ticket = ctypes.c_void_p(), ctypes.c_void_p(), ctypes.c_uint64()
        equal(lib.C.mla_config_new(None, ctypes.byref(settings)), 0)
        gssapi_alone(30000)(settings)
        equal(lib.C.mla_imap_new(settings, ctypes.byref(handle), None), 0)
        lib.C.mla_config_free(settings)
        session = lib.C.mla_imap_session(handle)
        where = lib.record("mla_connect_args", {"host": "localhost", "security": lib.SECURITY["none"]})
        equal(lib.C.mla_session_attach(session, ctypes.byref(where), ctypes.byref(ticket)), 0)
        me = lib.record("mla_credentials", {"user": "alice"})
        equal(lib.C.mla_imap_authenticate(handle, ctypes.byref(me), ctypes.byref(ticket)), 0)
        with socket.create_connection(("127.0.0.1", server.port["imap"])) as line:
            result, looks = None, 0
            while result is None:
                event = ctypes.c_void_p()
                rc = lib.C.mla_imap_next(handle, ctypes.byref(event))
                if rc == 1 and lib.C.mla_imap_event_ticket(event) == ticket.value:
                    result = lib.C.mla_imap_event_done(event).contents.error
                check(rc >= 0, lib.name_of(rc))
                data, n, used = ctypes.POINTER(ctypes.c_uint8)(), ctypes.c_size_t(), ctypes.c_size_t()
                while lib.C.mla_session_output(session, ctypes.byref(data), ctypes.byref(n)) == 1:
                    line.sendall(ctypes.string_at(data, n.value))
                    lib.C.mla_session_sent(session, n.value)
                wait = lib.C.mla_session_timeout_ms(session)
                if rc == 0 and select.select([line], [], [], (wait if wait >= 0 else 10000) / 1000)[0]:
                    octets = line.recv(65536)
                    check(octets, "the server hung up")
                    equal(lib.C.mla_session_feed(session, (ctypes.c_uint8 * len(octets))(*octets), len(octets), ctypes.byref(used)), 0)
                lib.C.mla_session_tick(session, int(time.monotonic() * 1000))
                looks += 1
            equal(result, 0, server.log()[-600:])
            check(looks < 300, looks)
        lib.C.mla_imap_free(handle)
    finally:
        server.stop()


def main():
    global realm
    settings = ctypes.c_void_p()
    equal(lib.C.mla_config_new(None, ctypes.byref(settings)), 0)
    built_in = lib.C.mla_config_set_mechanisms(settings, b"GSSAPI") == 0
    lib.C.mla_config_free(settings)
    kerberos.need(built_in)
    realm = kerberos.Realm()
    try:
        realm.log_in("alice")
        os.environ["KRB5CCNAME"] = realm.tickets
        return live.main(globals())
    finally:
        realm.stop()


if __name__ == "__main__":
    sys.exit(main())
