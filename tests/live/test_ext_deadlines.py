"""Limits on time (docs/limits.md, "Time"), one after the other, for IMAP and POP3, in clear and through TLS: each is met by a server
that keeps all others, ends the session with MLA_E_DEADLINE, and is named by the message (M14, M15, M16, M24)."""
import ctypes
import os
import socket
import subprocess
import sys
import time

import live
from live import check, equal

lib = live.library()
C = lib.C
OFF = {"ANSWER": 0, "BULK_WINDOW": 0, "SILENCE": 3000, "CONNECT": 10000, "COMMAND": 0}
BIG = 24 << 20
# Where the build with sanitizers has shown all of it, one is enough.
ALL = os.environ.get("MLA_SHARE", "1") != "1"
WAYS = [(p, tls) for p in ("imap", "pop3") for tls in (False, True)] if ALL else [("imap", False)]


_certificate = None


def certificate():
    """Any will do: nobody looks at it."""
    global _certificate
    if _certificate is None and ALL:
        _certificate = os.path.join(live.folder("cert"), "any")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=x",
                        "-keyout", _certificate + ".key", "-out", _certificate + ".pem"], check=True, capture_output=True)
    return _certificate


class Client:
    """A session whose command `work` is under way; the error that ends it is `ended()`."""

    def __init__(self, protocol, tls, port, **limits):
        settings, self.handle = ctypes.c_void_p(), ctypes.c_void_p()
        C.mla_config_new(None, ctypes.byref(settings))
        C.mla_config_set_insecure(settings, 1)
        C.mla_config_set_cleartext_password(settings, 1)
        C.mla_config_set_limit(settings, lib.LIMIT_QUEUE, 2 * BIG)
        for name, ms in dict(OFF, **limits).items():
            equal(C.mla_config_set_deadline(settings, getattr(lib, "DEADLINE_" + name), ms), 0)
        self.name = "mla_imap_" if protocol == "imap" else "mla_pop3_"
        equal(self.call("new", settings, ctypes.byref(self.handle), None, handle=False), 0)
        C.mla_config_free(settings)
        where = lib.record("mla_connect_args", {"host": "localhost", "port": port, "security": 0 if tls else 2})
        self.ticket = ctypes.c_uint64()
        equal(C.mla_session_connect(self.call("session"), ctypes.byref(where), ctypes.byref(self.ticket)), 0)
        who = lib.record("mla_credentials", {"user": "alice", "password": "secret"})
        equal(self.call("authenticate", ctypes.byref(who), ctypes.byref(self.ticket)), 0)

    def call(self, name, *args, handle=True):
        return getattr(C, self.name + name)(*([self.handle] if handle else []), *args)

    def get(self):
        """A message: a literal, or RETR."""
        if self.name == "mla_pop3_":
            equal(self.call("retr", 1, ctypes.byref(self.ticket)), 0)
            return
        box = lib.record("mla_imap_select_args", {"mailbox": "INBOX"})
        equal(self.call("select", ctypes.byref(box), ctypes.byref(self.ticket)), 0)
        args = lib.record("mla_imap_fetch_args", {"ranges": "1", "sections": [{}]})
        equal(self.call("fetch_msgs", ctypes.byref(args), ctypes.byref(self.ticket)), 0)

    def noop(self):
        equal(self.call("noop", ctypes.byref(self.ticket)), 0)

    def ended(self):
        ev, error = ctypes.c_void_p(), lib.abi.mla_error()
        end = time.monotonic() + 10
        while time.monotonic() < end:
            rc = self.call("step", self.ticket.value, 200, ctypes.byref(ev))
            if rc not in (1, lib.E_TIMEOUT):
                break
        C.mla_session_error(self.call("session"), ctypes.byref(error))
        self.call("free")
        equal(lib.name_of(error.code), "MLA_E_DEADLINE", error.message)
        return error.message.decode()


def talk(protocol, at_noop=None, at_get=None, mute=False):
    """Greeting and log-in, then what the test wants; `tag` is put before the answers that need one."""
    def go(peer):
        if mute:
            time.sleep(5)
            return
        imap = protocol == "imap"
        peer.send("* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] hi\r\n" if imap else "+OK hi\r\n")
        while True:
            words = peer.line().decode().split()
            tag, verb = (words[0] + " ", words[1].upper()) if imap else ("", words[0].upper())
            if verb == "CAPA":
                peer.send("+OK\r\nUSER\r\n.\r\n")
            elif verb == "NOOP":
                at_noop(peer, tag)
            elif verb in ("UID", "FETCH", "RETR"):
                peer.send("* 1 FETCH (UID 1 BODY[] {10000000}\r\n" if imap else "+OK\r\n")
                at_get(peer)
            elif verb == "SELECT":
                peer.send("* 1 EXISTS\r\n%sOK\r\n" % tag)
            else:
                peer.send("%sOK in\r\n" % tag if imap else "+OK\r\n")
    return go


def silent(peer, *_):
    time.sleep(5)


def drips(peer, *_):
    for _ in range(200):
        peer.send(" ")
        time.sleep(0.02)


def drips_data(peer, *_):
    for _ in range(200):
        peer.send("x" * 20 + "\r\n")
        time.sleep(0.02)


def flows(peer, *_):
    for _ in range(200):
        peer.send(("x" * 76 + "\r\n") * 100)
        time.sleep(0.02)


def everywhere(words, limits, work, **how):
    for protocol, tls in WAYS:
        with live.Script(talk(protocol, **how), cert=certificate(), implicit_tls=tls) as s:
            began = time.monotonic()
            c = Client(protocol, tls, s.port, **limits)
            if work:
                work(c)
            said = c.ended()
            check(words in said, protocol, tls, said)
            check(time.monotonic() - began < 4, protocol, tls, "took", time.monotonic() - began)


def test_M15_connect():
    everywhere("no session with localhost within", {"CONNECT": 200}, None, mute=True)


def test_M15_connect_in_the_handshake():
    for protocol, _ in WAYS[1::2] or WAYS:
        with live.Script(silent) as s:
            said = Client(protocol, True, s.port, CONNECT=200).ended()
            check("still setting up TLS" in said, said)


def test_M16_silence():
    everywhere("nothing received for", {"SILENCE": 200}, Client.noop, at_noop=silent)


def test_M16_silence_inside_a_message():
    everywhere("nothing received for", {"SILENCE": 200}, Client.get, at_get=silent)


def test_M14_answer():
    everywhere("the answer was not complete after", {"ANSWER": 200}, Client.noop,
               at_noop=lambda peer, tag: (peer.send(tag + "OK" if tag else "+OK"), drips(peer)))


def test_M14_bulk():
    everywhere("fewer than 1024 octets received in", {"BULK_WINDOW": 300}, Client.get, at_get=drips_data)


def test_command_with_its_data():
    everywhere("a command was not done after", {"COMMAND": 300, "BULK_WINDOW": 1000}, Client.get, at_get=flows)


def test_M24_a_server_that_does_not_read():
    """APPEND: what is sent does not leave."""
    for tls in {tls for _, tls in WAYS}:
        def deaf(peer):
            peer.conn.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
            peer.send("* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] hi\r\n")
            peer.send(peer.line().decode().split()[0] + " OK [CAPABILITY IMAP4rev1] in\r\n")
            peer.line()
            peer.send("+ go\r\n")
            end = time.monotonic() + 3
            while time.monotonic() < end:
                peer.send("* NO wait\r\n")  # the silence is not what is limited here
                time.sleep(0.05)

        with live.Script(deaf, cert=certificate(), implicit_tls=tls) as s:
            c = Client("imap", tls, s.port, SILENCE=400)
            data = (ctypes.c_uint8 * BIG)()
            ctypes.memset(data, 0x78, BIG)
            args = lib.record("mla_imap_append_args", {"mailbox": "INBOX"})
            args.data, args.size = ctypes.cast(data, type(args.data)), BIG
            equal(c.call("append", ctypes.byref(args), ctypes.byref(c.ticket)), 0)
            said = c.ended()
            check("the server has taken nothing of what is sent for" in said, said)


if __name__ == "__main__":
    sys.exit(live.main(globals()))
