"""GSSAPI: a Kerberos log-in on Dovecot, with a KDC of the test's own. Where the tool has the mechanism (-Dgssapi=enabled) and the packages
krb5-kdc, krb5-admin-server, krb5-user and dovecot-gssapi are there."""
import sys

import kerberos
import live
from kerberos import Realm
from live import check, equal, run

r = run("--auth=GSSAPI", "capabilities", "imaps://alice@127.0.0.1:1/", expect=None, auth=False)
kerberos.need(b"unknown mechanism" not in r.err)


def test_ticket():
    """With a ticket, without one, and with somebody else's; IMAP and POP3, TLS from the first byte and after STARTTLS."""
    realm = Realm()
    server = None
    try:
        server = realm.dovecot()
        env = {"KRB5_CONFIG": realm.env["KRB5_CONFIG"], "KRB5CCNAME": realm.tickets}

        def log_in(scheme, expect=live.OK):
            return run("--json", *server.tls(), "--auth=GSSAPI", "capabilities", server.url(scheme, host="localhost"), auth=False, env=env,
                       expect=expect)

        for scheme in ("imaps", "pop3s"):
            said = log_in(scheme, live.NOPERM)
            check(b"no Kerberos log-in" in said.err, said)
        realm.log_in("alice")
        for scheme in ("imaps", "imap", "pop3s", "pop3"):
            r = log_in(scheme, None)
            check(r.code == 0, r, server.log()[-2000:])
            equal(r.json()[0]["auth"], "GSSAPI", scheme)
        realm.log_in("mallory")
        for scheme in ("imaps", "pop3s"):
            log_in(scheme, live.NOPERM)
    finally:
        if server:
            server.stop()
        realm.stop()


sys.exit(live.main(globals()))
