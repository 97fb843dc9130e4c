"""POP3 beyond what every server has, by the library itself: capabilities as values, UTF8, LANG and commands that nobody knows, against
the servers there are. What each announces is what it is known to announce (tests/servers)."""
import ctypes
import os
import sys

import live
from live import check, equal

lib = live.library()
C, abi = lib.C, lib.abi
server = live.Dovecot("--set", "pop3_enable_last = yes")
FLAGS = {n[len("MLA_POP3_CAP_"):]: v for n, v in abi.CONSTANTS.items() if n.startswith("MLA_POP3_CAP_")}


class Pop3:
    def __init__(self, s, mechanisms=None):
        settings, self.handle = ctypes.c_void_p(), ctypes.c_void_p()
        C.mla_config_new(None, ctypes.byref(settings))
        C.mla_config_add_ca_file(settings, s.ca.encode(), None)
        self.sent = b""
        self._trace = abi.mla_trace_fn(self._note)
        C.mla_config_set_trace(settings, self._trace, None)
        if mechanisms:
            equal(C.mla_config_set_mechanisms(settings, mechanisms.encode()), 0)
        equal(C.mla_pop3_new(settings, ctypes.byref(self.handle), None), 0)
        C.mla_config_free(settings)
        where = lib.record("mla_connect_args", {"host": "localhost", "port": s.port["pop3s"]})
        equal(self.run(C.mla_session_connect, ctypes.byref(where), on=C.mla_pop3_session(self.handle))[0], 0)

    def _note(self, _, what, data, n):
        if what == abi.CONSTANTS["MLA_TRACE_SENT"]:
            self.sent += ctypes.string_at(data, n)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        C.mla_pop3_free(self.handle)

    def run(self, function, *args, on=None):
        """(how it ended, the texts of DONE, what chunks held)."""
        ticket, ev, out = ctypes.c_uint64(), ctypes.c_void_p(), b""
        text = b""
        rc = function(on or self.handle, *args, ctypes.byref(ticket))
        if rc != 0:
            return rc, b"", b""
        while True:
            rc = C.mla_pop3_step(self.handle, ticket.value, 30000, ctypes.byref(ev))
            if rc != 1:
                return rc, text, out
            done = C.mla_pop3_event_done(ev)
            n = ctypes.c_size_t()
            chunk = C.mla_pop3_event_chunk(ev, ctypes.byref(n), None)
            if done:
                text = ctypes.string_at(done.contents.text.ptr, done.contents.text.len) if done.contents.text.ptr else b""
            if chunk:
                out += ctypes.string_at(chunk, n.value)

    def log_in(self, user, password="secret"):
        who = lib.record("mla_credentials", {"user": user, "password": password})
        return self.run(C.mla_pop3_authenticate, ctypes.byref(who))[0]

    def quit(self):
        equal(self.run(C.mla_pop3_quit)[0], 0)

    def capabilities(self):
        """(the record, the names of its flags, the names of mechanisms)."""
        c = C.mla_pop3_capabilities_of(self.handle).contents
        return c, {n for n, v in FLAGS.items() if c.flags & v}, [lib.plain(c.sasl[i]) for i in range(c.sasl_count)]


def announced(s, user, flags, mechanisms, implementation):
    with Pop3(s) as p:
        equal(p.run(C.mla_pop3_capa)[0], 0)
        c, names, sasl = p.capabilities()
        check(set(flags.split()) <= names, names)
        check(set(mechanisms.split()) <= {m.decode() for m in sasl}, sasl)
        check(implementation in ctypes.string_at(c.implementation.ptr, c.implementation.len) if c.implementation.ptr else not implementation)
        equal(p.log_in(user), 0)
        equal(p.run(C.mla_pop3_capa)[0], 0)
        equal(p.capabilities()[0].asked_in, abi.CONSTANTS["MLA_POP3_STATE_TRANSACTION"])
        p.quit()


def test_dovecot():
    announced(server, "alice", "TOP UIDL USER SASL RESP_CODES AUTH_RESP_CODE PIPELINING", "PLAIN LOGIN SCRAM-SHA-256", b"")


def other(name):
    """Servers take their time: once is enough."""
    if os.environ.get("MLA_SHARE", "1") != "1":
        raise live.Skip("the release's build does it")
    return live.other(name)


def test_cyrus():
    s = other("cyrus")
    announced(s, s.user, "TOP UIDL USER SASL RESP_CODES AUTH_RESP_CODE PIPELINING EXPIRE_NEVER LOGIN_DELAY", "PLAIN SCRAM-SHA-1",
              b"Cyrus POP3")


def test_mailutils():
    s = other("mailutils")
    announced(s, s.user, "TOP UIDL USER RESP_CODES AUTH_RESP_CODE PIPELINING EXPIRE_NEVER", "", b"")  # "EXPIRENEVER"


def test_courier():
    s = other("courier")
    announced(s, s.user, "TOP UIDL USER SASL PIPELINING UTF8 UTF8_USER LOGIN_DELAY", "LOGIN CRAM-MD5", b"Courier")
    with Pop3(s) as p:
        equal(p.run(C.mla_pop3_utf8)[0], 0)
        check(C.mla_pop3_is_utf8(p.handle), "not in UTF-8 mode")
        equal(p.log_in(s.user), 0)
        p.quit()


def test_user_and_pass_together():
    """They go out in one piece where PIPELINING is announced, at every server that announces it; nothing goes with them."""
    for s in [server] + [other(n) for n in ("cyrus", "mailutils", "courier")]:
        with Pop3(s, "USER") as p:
            equal(p.log_in(s.user, "wrong"), abi.CONSTANTS["MLA_E_AUTH"])
            equal(p.log_in(s.user), 0)
            equal(p.run(C.mla_pop3_stat_maildrop)[0], 0)
            p.quit()


def test_not_announced():
    with Pop3(server) as p:
        equal(p.run(C.mla_pop3_utf8)[0], abi.CONSTANTS["MLA_E_UNSUPPORTED"])
        equal(p.run(C.mla_pop3_lang, None)[0], abi.CONSTANTS["MLA_E_UNSUPPORTED"])
        check(b"UTF8" not in p.sent and b"LANG" not in p.sent, p.sent)
        equal(p.log_in("alice"), 0)
        p.quit()


def test_other_commands():
    def command(line, many=0):
        return ctypes.byref(lib.record("mla_pop3_command_args", {"line": line, "is_multiline": many}))
    with Pop3(server) as p:
        equal(p.log_in("alice"), 0)
        equal(p.run(C.mla_pop3_command, command("XTND XLST Subject", 1))[0], abi.CONSTANTS["MLA_E_NO"])
        rc, text, _ = p.run(C.mla_pop3_command, command("LAST"))  # RFC 1460's: the highest number that was read
        equal((rc, text.isdigit()), (0, True))
        equal(p.run(C.mla_pop3_command, command("DELE 1"))[0], abi.CONSTANTS["MLA_E_ARG"])
        p.quit()


if __name__ == "__main__":
    sys.exit(live.main(globals()))
