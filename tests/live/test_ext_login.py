"""Log-ins that the tool cannot make: as somebody else (authzid), and with a token that is asked for by an event."""
import base64
import ctypes
import sys

import live
from live import check, equal
from scram import Scram

lib = live.library()
C = lib.C
MECHANISMS = ("PLAIN", "SCRAM-SHA-1", "SCRAM-SHA-256")


def only(mechanism):
    return lambda cfg: lib.C.mla_config_set_mechanisms(cfg, mechanism.encode())


def acts_as_alice(server, who, mechanism):
    """Logs in as `who` to act as alice."""
    imap = lib.imap(server, user=False, config=only(mechanism))
    imap.run("authenticate", credentials={"user": who, "authzid": "alice", "password": live.PASSWORD})
    equal(lib.C.mla_imap_auth_name(imap.handle), mechanism.encode())
    return imap


def test_authzid_dovecot():
    """A master user of Dovecot's, by each mechanism that can act as somebody else."""
    server = live.Dovecot("--set", "passdb {\n driver = static\n master = yes\n args = password=%s\n mechanisms = %s\n}" %
                          (live.PASSWORD, " ".join(m.lower() for m in MECHANISMS)), empty=True)
    try:
        for mechanism in MECHANISMS:
            acts_as_alice(server, "bob", mechanism).free()
            check("Login: user=<alice>, method=%s" % mechanism in server.log(), mechanism, server.log()[-600:])
    finally:
        server.stop()


def test_authzid_cyrus():
    """Cyrus lets its administrator do that."""
    server = live.other("cyrus")
    for mechanism in MECHANISMS:
        name = "By-" + mechanism
        with acts_as_alice(server, server.env["MLA_ADMIN"], mechanism) as imap:
            imap.run("create", mailbox=name)
        with lib.imap(server, "alice") as imap:
            imap.run("status_mailbox", mailbox=name)  # what was made there is alice's
            imap.run("delete", mailbox=name)


def give(imap, ticket, token):
    return lib.C.mla_session_give_token(imap.session, ticket, token, len(token) if token else 0)


def test_token_when_it_is_needed():
    """A09: asked for before the first use, and again after a refusal; step() says that it cannot wait for an answer that only the caller has;
    what was queued behind the log-in is sent once that is over."""
    server = live.Dovecot("--oauth", empty=True)
    with open(server.env["MLA_TOKEN_FILE"], "rb") as f:
        good = f.read().strip()
    try:
        for mechanism in ("OAUTHBEARER", "XOAUTH2"):
            with lib.imap(server, user=False, config=only(mechanism)) as imap:
                ticket, rc = imap.ask("authenticate", credentials={"user": "alice", "token_requests": 2})
                equal(rc, 0)
                select, rc = imap.ask("select", mailbox="INBOX")
                equal(rc, 0)
                event = imap.step(ticket)
                while event["event"] != "token":
                    event = imap.step(ticket)
                equal((event["token"]["count"], event["token"]["is_refused"]), (1, 0))
                equal(imap.step(ticket), lib.E_STATE, "nobody has answered")
                check("mla_session_give_token" in imap.error(), imap.error())
                equal(give(imap, select, good), lib.E_STATE)
                equal(give(imap, ticket, b"no token"), lib.E_ARG)
                equal(give(imap, ticket, b"stale"), 0)
                event = imap.step(ticket)
                while event["event"] != "token":
                    check(event["event"] != "done", event)
                    event = imap.step(ticket)
                asked = event["token"]
                equal((asked["count"], asked["is_refused"]), (2, 1))
                check(asked["json"].startswith(b"{") and asked["status"], asked)
                refused = lib.C.mla_session_token_refused(imap.session)
                check(refused and ctypes.string_at(refused.contents.json.ptr, refused.contents.json.len) == asked["json"], "another refusal")
                equal(give(imap, ticket, good), 0)
                equal(imap.collect(ticket).error, 0)
                equal(imap.collect(select).error, 0)
                check(not lib.C.mla_session_token_refused(imap.session), "it was taken")
                check(not any(good in piece for _, piece in imap.traffic), "the token is in the trace")
    finally:
        server.stop()


def test_many_rounds_hold_nobody_up_A05():
    """SCRAM with a count that takes long to compute: it is computed in parts, and each process() comes back soon. The server has nothing
    to say meanwhile; one that does is not listened to."""
    def meddling(peer, what):
        def more(text):
            peer.send(b"+ " + base64.b64encode(text.encode()) + b"\r\n" + what(tag[0]))
            return base64.b64decode(peer.line()).decode()

        tag = [b""]
        peer.send("* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=SCRAM-SHA-256] hi\r\n")
        tag[0], _, _, first = peer.line().split(b" ")
        account.exchange(peer, "SCRAM-SHA-256", base64.b64decode(first).decode(), more)
        peer.send(tag[0] + b" OK in\r\n")
        peer.read()

    account = Scram(["SCRAM-SHA-256"], rounds=20000)
    for what, error in ((lambda tag: b"", 0), (lambda tag: b"+ bW9yZQ==\r\n", lib.E_PROTOCOL), (lambda tag: tag + b" OK in\r\n", lib.E_PROTOCOL),
                        (lambda tag: tag + b" NO no\r\n", lib.E_AUTH)):
        with live.Script(lambda peer: meddling(peer, what)) as s:
            imap = lib.Imap("127.0.0.1", s.port, lib.SECURITY["none"])
            ticket, rc = imap.ask("authenticate", credentials={"user": "alice", "password": live.PASSWORD})
            turns = 0
            while isinstance(event := imap.step(ticket, 0), int) or event["event"] != "done":
                if event == lib.E_TIMEOUT:  # nothing yet, and no time to wait for it
                    turns += C.mla_session_timeout_ms(imap.session) == 0 and C.mla_session_wants(imap.session) == lib.WANT_READ
                    equal(C.mla_session_wait(imap.session, 5000), 1)
                else:
                    check(not isinstance(event, int), event, imap.error())
            equal(event["done"]["error"], error, imap.error())
            check(turns in range(3, 6) if not error else turns <= 5, turns, "turns")
            imap.free()


if __name__ == "__main__":
    sys.exit(live.main(globals()))
