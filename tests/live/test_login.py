"""Reaching a server and logging in: protections, mechanisms, and what happens when something is wrong."""
import base64
import os
import re
import subprocess
import sys
import time

import live
from live import check, equal, run

server = live.Dovecot("--oauth")
ALL = [("imaps", []), ("imap", []), ("pop3s", []), ("pop3", []),
       ("imap", ["--security=none", "--allow-cleartext-password"]), ("pop3", ["--security=none", "--allow-cleartext-password"])]


def test_every_protection():
    """TLS from the first byte, STARTTLS and STLS, none: each logs in, and says so."""
    for scheme, options in ALL:
        trust = [] if options else server.tls()
        rows = run("--json", *trust, *options, "capabilities", server.url(scheme)).json()
        equal(len(rows), 1, scheme)
        equal(rows[0]["protocol"], "imap" if scheme.startswith("imap") else "pop3", scheme)
        check("capabilities" in rows[0] and rows[0]["capabilities"], rows)
        if options:
            check(not rows[0].get("tls"), "TLS where none was asked for", rows)
        else:
            tls = rows[0]["tls"]
            check(re.search(r"1\.[23]", str(tls["version"])), tls)
            equal(tls["verified"], True, scheme)


def test_security_overrides_scheme():
    tls_port = server.url("imaps").replace("imaps:", "imap:")
    run(*server.tls(), "--security=tls", "capabilities", tls_port)
    plain_port = server.url("imap").replace("imap:", "imaps:")
    run(*server.tls(), "--security=starttls", "capabilities", plain_port)
    plain_port = server.url("pop3").replace("pop3:", "pop3s:")
    run(*server.tls(), "--security=starttls", "capabilities", plain_port)


def test_host_by_name():
    for scheme in ("imaps", "imap", "pop3s", "pop3"):
        run(*server.tls(), "status", server.url(scheme, "INBOX", host="localhost"))


_known = {}


def known(mechanism):
    """Has this version of the tool the mechanism?"""
    if mechanism not in _known:
        r = run("--auth=" + mechanism, "capabilities", "imaps://alice@127.0.0.1:1/", expect=None)
        _known[mechanism] = not (r.code == live.USAGE and b"unknown mechanism" in r.err)
    return _known[mechanism]


def mechanisms(*wanted):
    return [m for m in wanted or ("PLAIN", "LOGIN", "SCRAM-SHA-1", "SCRAM-SHA-256") if known(m)]


def need(mechanism):
    if not known(mechanism):
        raise live.Skip("this version of the tool has no " + mechanism)


def test_every_mechanism():
    for scheme in ("imaps", "imap", "pop3s", "pop3"):
        for mechanism in mechanisms():
            rows = run("--json", *server.tls(), "--auth=" + mechanism, "capabilities", server.url(scheme)).json()
            check(mechanism in str(rows[0].get("auth", "")).upper(), mechanism, rows)


def logs_in(s, schemes, mechanisms_, *options, **how):
    for scheme in schemes:
        for mechanism in mechanisms_:
            rows = run("--json", *s.tls(), "--auth=" + mechanism, *options, "capabilities", s.url(scheme), **how).json()
            equal(rows[0]["auth"], mechanism, scheme)


def test_what_else_dovecot_has():
    """CRAM-MD5, POP3's own ways, IMAP's LOGIN; ANONYMOUS, and with TLS alone."""
    logs_in(server, ("imaps", "imap"), ("CRAM-MD5", "IMAPLOGIN"))
    logs_in(server, ("pop3s", "pop3"), ("CRAM-MD5", "USER"))
    logs_in(server, ("pop3s",), ("APOP",))  # a time stamp from before STLS is forgotten (T09)
    s = live.Dovecot("--set", "auth_mechanisms = plain anonymous", "--set", "auth_anonymous_username = bob", empty=True)
    try:
        logs_in(s, ("imaps", "pop3s"), ("ANONYMOUS",), auth=False)
    finally:
        s.stop()


def test_every_mechanism_of_cyrus():
    """Each that it announces, and the -PLUS forms where this build has what Cyrus binds to (tls-unique: TLS 1.2)."""
    c = live.certs()
    os.environ["MLA_CLIENT_CA"] = os.path.join(c, "root.pem")
    s = live.other("cyrus")
    pair = ["--client-cert=" + os.path.join(c, "client-alice.pem"), "--client-key=" + os.path.join(c, "client-alice.key")]
    logs_in(s, ("imaps", "imap", "pop3s", "pop3"), ["EXTERNAL"], *pair, auth=False)
    run(*s.tls(), "--auth=EXTERNAL", "capabilities", s.url(), auth=False, expect=live.UNAVAILABLE)  # offered to those who show one
    logs_in(s, ("imaps", "imap"), ["ANONYMOUS"], auth=False)  # POP3 takes it, and has no maildrop then
    scram = ["SCRAM-SHA-1", "SCRAM-SHA-256", "SCRAM-SHA-512"]
    logs_in(s, ("imaps", "imap"), scram + ["PLAIN", "LOGIN", "CRAM-MD5", "IMAPLOGIN"])
    logs_in(s, ("pop3s", "pop3"), scram + ["PLAIN", "LOGIN", "CRAM-MD5", "USER"])
    best = run("--json", *s.tls(), "capabilities", s.url("imaps")).json()[0]["auth"]
    if best.endswith("-PLUS"):
        logs_in(s, ("imaps", "imap", "pop3s", "pop3"), [m + "-PLUS" for m in scram])
    else:
        equal(best, "SCRAM-SHA-512", "what follows when no binding fits")


def test_default_is_strongest():
    need("SCRAM-SHA-256")
    for scheme in ("imaps", "pop3s"):
        rows = run("--json", *server.tls(), "capabilities", server.url(scheme)).json()
        check("SCRAM-SHA-256" in str(rows[0].get("auth")).upper(), rows)


def test_order_of_mechanisms():
    for order in (["LOGIN", "PLAIN"], ["PLAIN", "LOGIN"], ["EXTERNAL", "PLAIN", "SCRAM-SHA-256"]):
        order = mechanisms(*order)
        rows = run("--json", *server.tls(), "--auth=" + ",".join(order), "capabilities", server.url()).json()
        equal(rows[0]["auth"].upper(), [m for m in order if m != "EXTERNAL"][0], "the first that fits")


def test_wrong_password():
    others = [["--auth=" + m] for m in mechanisms("PLAIN", "LOGIN", "SCRAM-SHA-256")]
    for i, (scheme, options) in enumerate(ALL):
        trust = [] if options else server.tls()
        # Dovecot takes half a second for each: one mechanism a scheme beside the default.
        for mechanism in [[], others[i % len(others)]]:
            r = run(*trust, *options, *mechanism, "capabilities", server.url(scheme), password="not-the-right-one", expect=live.NOPERM)
            check(r.out == b"" and b": the user name or the password is wrong (" in r.err, r)


def test_unknown_user():
    for scheme in ("imaps", "pop3s"):
        run(*server.tls(), "capabilities", server.url(scheme, user="nobody-here"), expect=live.NOPERM)


def test_cleartext_refused():
    """Without TLS no reusable password leaves, unless it is allowed in so many words; nothing was even sent."""
    for scheme in ("imap", "pop3"):
        for mechanism in ("PLAIN", "LOGIN"):
            # Log-ins that failed before may get into the log only now.
            line = "Login: user=<%s>, method=%s," % (server.user, mechanism)
            before = server.log().count(line)
            run("--security=none", "--auth=" + mechanism, "capabilities", server.url(scheme), expect=live.NOPERM)
            equal(server.log().count(line), before, "log-ins")


def test_scripted_cleartext_refused():
    with live.Script(live.small_imap) as s:
        run("--security=none", "capabilities", "imap://alice@127.0.0.1:%d/" % s.port, expect=live.NOPERM)
        check(b"AUTHENTICATE" not in s.heard.upper() and b"LOGIN" not in s.heard.upper(), s.heard)
        run("--security=none", "--allow-cleartext-password", "capabilities", "imap://alice@127.0.0.1:%d/" % s.port)
        check(base64.b64encode(b"\0alice\0secret") in s.heard, s.heard)


def test_allow_is_no_fallback():
    """--allow-cleartext-password alone changes nothing: STARTTLS is still required."""
    with live.Script(live.small_imap) as s:
        r = run("--allow-cleartext-password", "capabilities", "imap://alice@127.0.0.1:%d/" % s.port, expect=None)
        check(r.code >= 64, r)
        check(b"AUTHENTICATE" not in s.heard.upper() and b"LOGIN" not in s.heard.upper(), s.heard)


def test_starttls_missing():
    """A server (or one who sits between) that does not offer STARTTLS gets no password."""
    with live.Script(live.small_imap) as s:
        r = run("capabilities", "imap://alice@127.0.0.1:%d/" % s.port, expect=None)
        check(r.code in (live.NOPERM, live.UNAVAILABLE, live.PROTOCOL), r)
        check(b"AUTHENTICATE" not in s.heard.upper() and b"LOGIN" not in s.heard.upper(), s.heard)


def test_starttls_refused():
    def talk(peer):
        peer.send("* OK [CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN] hi\r\n")
        while True:
            tag = peer.line().split(b" ")[0].decode()
            peer.send("%s BAD no\r\n" % tag)

    with live.Script(talk) as s:
        r = run("capabilities", "imap://alice@127.0.0.1:%d/" % s.port, expect=None)
        check(r.code >= 64, r)
        check(b"AUTHENTICATE" not in s.heard.upper() and b"LOGIN" not in s.heard.upper(), s.heard)


def test_starttls_injection():
    """What comes in clear text right behind the OK to STARTTLS was not sent by the server that TLS then vouches for."""
    def inject(peer, tag):
        peer.send("%s OK go ahead\r\n* CAPABILITY IMAP4rev1 AUTH=EVIL\r\n" % tag)
        peer.tls()
        live.small_imap(peer)
        return True

    def talk(peer):
        live.small_imap(peer, "IMAP4rev1 STARTTLS AUTH=PLAIN SASL-IR", inject)

    cert = os.path.join(live.certs(), "right")
    with live.Script(talk, cert=cert) as s:
        r = run("--ca-file=" + os.path.join(live.certs(), "root.pem"), "capabilities", "imap://alice@127.0.0.1:%d/" % s.port,
                expect=live.PROTOCOL)
        check(b"EVIL" not in r.out, r)
        check(b"AUTHENTICATE" not in s.heard.upper(), s.heard)


def test_preauth_with_starttls():
    """A greeting PREAUTH leaves no way to STARTTLS: where TLS is required that is the end."""
    def talk(peer):
        peer.send("* PREAUTH [CAPABILITY IMAP4rev1] welcome\r\n")
        while True:
            peer.send(peer.line().split(b" ")[0] + b" OK done\r\n")

    with live.Script(talk) as s:
        r = run("mailboxes", "imap://alice@127.0.0.1:%d/" % s.port, expect=None)
        check(r.code in (live.NOPERM, live.PROTOCOL, live.UNAVAILABLE), r)
        check(b"LIST" not in s.heard.upper(), s.heard)


# Which certificates a client that connects to this host must take: (name, host).
GOOD = [("right", "127.0.0.1"), ("right", "localhost"), ("right-rsa", "localhost"), ("right-upper", "localhost"), ("right-ip", "127.0.0.1"),
        ("right-many", "localhost"), ("via-intermediate", "localhost"), ("via-intermediate", "127.0.0.1")]
BAD = ["wrong-host", "wrong-ip", "expired", "not-yet-valid", "self-signed", "unknown-root", "cn-only", "cn-right-san-wrong", "ip-in-dnsname",
       "wildcard-example", "wildcard-partial", "wildcard-middle", "wildcard-all", "wildcard-top", "wildcard-twice", "nul-in-san", "space-in-san",
       "client-only", "critical-unknown", "leaf-as-ca", "no-certsign", "pathlen", "expired-intermediate", "missing-intermediate",
       "rsa1024", "sha1-signed", "client-alice"]


def certificate(name, host, *options):
    """Runs the tool against a server with this certificate: the result, and what the server heard once TLS stood."""
    with live.Script(live.small_imap, cert=os.path.join(live.certs(), name), implicit_tls=True) as s:
        r = run(*options, "capabilities", "imaps://alice@%s:%d/" % (host, s.port), expect=None)
        return r, s.heard_tls


def test_right_certificates():
    root = "--ca-file=" + os.path.join(live.certs(), "root.pem")
    for name, host in GOOD:
        r, heard = certificate(name, host, root)
        check(r.code == 0, name, "for", host, r)
        check(b"AUTHENTICATE" in heard.upper(), name, heard)


def test_wrong_certificates():
    root = "--ca-file=" + os.path.join(live.certs(), "root.pem")
    wrong = []
    cases = [(name, host) for name in BAD for host in ("localhost", "127.0.0.1")]
    cases += [("right-ip", "localhost")]
    for name, host in cases:
        r, heard = certificate(name, host, root)
        if r.code != live.NOPERM or heard:
            wrong.append("%s for %s: exit status %d, heard %r, %s" % (name, host, r.code, heard[:60], r.err.decode("utf-8", "replace").strip()))
    check(not wrong, "\n".join(wrong))


def test_untrusted_by_default():
    """Without --ca-file the system's roots count, and they do not know a test CA; over STARTTLS and STLS alike."""
    for scheme in ("imaps", "imap", "pop3s", "pop3"):
        run("capabilities", server.url(scheme), expect=live.NOPERM)


def test_wrong_root():
    ca = "--ca-file=" + os.path.join(live.certs(), "other-root.pem")
    for scheme in ("imaps", "imap", "pop3s", "pop3"):
        run(ca, "capabilities", server.url(scheme), expect=live.NOPERM)


def test_ca_path():
    d = live.folder("ca")
    with open(server.ca, "rb") as f, open(os.path.join(d, "ours.pem"), "wb") as g:
        g.write(f.read())
    subprocess.run(["openssl", "rehash", d], check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    run("--ca-path=" + d, "capabilities", server.url())


def test_ca_file_unusable():
    r = run("--ca-file=/nonexistent/ca.pem", "capabilities", server.url(), expect=None)
    check(r.code in (live.NOINPUT, live.CONFIG, live.USAGE), r)
    empty = os.path.join(live.folder("ca"), "empty.pem")
    open(empty, "w").close()
    r = run("--ca-file=" + empty, "capabilities", server.url(), expect=None)
    check(r.code in (live.NOINPUT, live.CONFIG, live.DATAERR, live.NOPERM, live.USAGE), r)


def test_insecure_warns():
    r = run("--insecure", "capabilities", server.url())
    check(r.err.strip(), "no warning on stderr", r)
    r = run("--insecure", "--json", "capabilities", server.url())
    check(not r.json()[0]["tls"]["verified"], r)


def on_terminal(types, *args):
    """Runs the tool with a terminal of its own, on which `types` is typed when it asks: exit status, what the terminal showed."""
    import pty

    pid, fd = pty.fork()
    if pid == 0:
        try:
            os.execve(live.TOOL, [live.TOOL, "--password-env=PW", *args], dict(os.environ, PW=live.PASSWORD))
        finally:
            os._exit(127)
    shown = b""
    try:
        while True:
            try:
                data = os.read(fd, 4096)
            except OSError:  # the other side is gone
                break
            if not data:
                break
            shown += data
            if shown.endswith(b"(yes/no) "):
                os.write(fd, types)
    finally:
        os.close(fd)
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return code, shown


def test_asking_about_a_certificate():
    """Only "yes" goes on; nothing is heard inside TLS before that; without a terminal or the option it is refused as ever."""
    pem = os.path.join(live.certs(), "self-signed.pem")
    for types, code in ((b"yes\n", 0), (b"y\n", live.NOPERM), (b"\x04", live.NOPERM)):
        with live.Script(live.small_imap, cert=pem[:-4], implicit_tls=True) as s:
            got, shown = on_terminal(types, "--ask-certificate", "--json", "capabilities", "imaps://alice@localhost:%d/" % s.port)
            equal(got, code, repr(types) + " " + repr(shown))
            equal(s.heard_tls != b"", code == 0, "what the server heard")
            for part in ("is self-signed", "CN=localhost", "IP:127.0.0.1", "2049-12-31", public_key_digest(pem)):
                check(part.encode() in shown, part, shown)
            check(code != 0 or b'"verified":false' in shown, shown)
    for name in ("self-signed-odd",):
        with live.Script(live.small_imap, cert=os.path.join(live.certs(), name), implicit_tls=True) as s:
            _, shown = on_terminal(b"no\n", "--ask-certificate", "capabilities", "imaps://alice@localhost:%d/" % s.port)
            check(b"\x1b" not in shown, shown)
    for options in ([], ["--ask-certificate"]):  # in a session without a terminal
        with live.Script(live.small_imap, cert=pem[:-4], implicit_tls=True) as s:
            argv = ["setsid", "--wait", live.TOOL, "--password-env=PW", *options, "capabilities", "imaps://alice@localhost:%d/" % s.port]
            p = subprocess.run(argv, env=dict(os.environ, PW=live.PASSWORD), stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
            equal(p.returncode, live.NOPERM, p.stderr)
            check(b"is self-signed" in p.stderr and s.heard_tls == b"", p.stderr, s.heard_tls)


def public_key_digest(pem):
    key = subprocess.run(["openssl", "x509", "-in", pem, "-noout", "-pubkey"], capture_output=True, check=True).stdout
    der = subprocess.run(["openssl", "pkey", "-pubin", "-outform", "DER"], input=key, capture_output=True, check=True).stdout
    import hashlib

    return hashlib.sha256(der).hexdigest()


def test_pin():
    """A pin stands in for a chain that no root vouches for; not for the name or the dates; a wrong pin never does."""
    c = live.certs()
    for name in ("self-signed", "unknown-root", "right"):
        pin = public_key_digest(os.path.join(c, name + ".pem"))
        r, _ = certificate(name, "localhost", "--pin-sha256=" + pin)
        check(r.code == 0, name, r)
    root = "--ca-file=" + os.path.join(c, "root.pem")
    wrong = public_key_digest(os.path.join(c, "wrong-host.pem"))
    r, heard = certificate("right", "localhost", root, "--pin-sha256=" + wrong)
    check(r.code == live.NOPERM and not heard, "a wrong pin", r)
    for name in ("wrong-host", "expired", "not-yet-valid"):
        r, heard = certificate(name, "localhost", root, "--pin-sha256=" + public_key_digest(os.path.join(c, name + ".pem")))
        check(r.code == live.NOPERM and not heard, name, r)
    run("--pin-sha256=xyz", "capabilities", server.url(), expect=live.USAGE)


def test_tls_min():
    run(*server.tls(), "--tls-min=1.2", "capabilities", server.url())
    r = run(*server.tls(), "--tls-min=1.3", "capabilities", server.url(), expect=None)
    check(r.code in (live.OK, live.PROTOCOL, live.NOPERM, live.UNAVAILABLE, live.CONFIG), r)
    run(*server.tls(), "--tls-min=1.1", "capabilities", server.url(), expect=live.USAGE)


def test_secure_only_server():
    """A server that wants TLS before any password says LOGINDISABLED; the tool says so and does not try."""
    s = live.Dovecot("--secure-only", empty=True)
    try:
        run("--security=none", "--allow-cleartext-password", "--auth=PLAIN", "capabilities", s.url("imap"), expect=live.NOPERM)
        run(*s.tls(), "capabilities", s.url("imap"))
        run(*s.tls(), "status", s.url("pop3"))
        if known("SCRAM-SHA-256"):
            run("--security=none", "--auth=SCRAM-SHA-256", "capabilities", s.url("imap"))
    finally:
        s.stop()


def test_tokens():
    token = server.env["MLA_TOKEN_FILE"]
    with open(token) as f:
        secret = f.read().strip()
    for scheme in ("imaps", "pop3s"):
        for mechanism in ([], ["--auth=OAUTHBEARER"], ["--auth=XOAUTH2"]):
            r = run(*server.tls(), "--token-file=" + token, *mechanism, "capabilities", server.url(scheme), auth=False)
            check(secret.encode() not in r.out + r.err, "the token is shown")
    os_env = {"TOKEN": secret}
    run(*server.tls(), "--token-env=TOKEN", "capabilities", server.url(), auth=False, env=os_env)
    for scheme in ("imaps", "pop3s"):
        r = run(*server.tls(), "--token-env=TOKEN", "capabilities", server.url(scheme), auth=False, env={"TOKEN": secret[:-8] + "AAAAAAAA"},
                expect=live.NOPERM)
        check(b"this access token" in r.err and b"password" not in r.err, r)


def test_token_command_is_asked_again():
    """A token that the server refuses is fetched anew, once; the server's own words come out where that does not help."""
    d = live.folder("token")
    count = os.path.join(d, "count")
    for scheme in ("imaps", "pop3s"):
        for mechanism in ("OAUTHBEARER", "XOAUTH2"):
            with open(count, "w"):
                pass
            command = "echo >>'%s'; if [ $(wc -l <'%s') = 1 ]; then echo stale; else cat '%s'; fi" % (count, count, server.env["MLA_TOKEN_FILE"])
            rows = run("--json", *server.tls(), "--auth=" + mechanism, "--token-command=" + command, "capabilities", server.url(scheme),
                       auth=False).json()
            equal(rows[0]["auth"], mechanism, scheme)
            equal(os.path.getsize(count), 2, "how often the command ran")
    with open(count, "w"):
        pass
    run(*server.tls(), "--token-command=echo >>'%s'; echo stale" % count, "capabilities", server.url(), auth=False, expect=live.NOPERM)
    equal(os.path.getsize(count), 2, "how often the command ran")


def refusing(protocol, mechanism, challenge=None, refusal=b"no"):
    """A server of one mechanism; challenge(peer) says what comes before the refusal."""
    def talk(peer):
        if protocol == "imap":
            peer.send("* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=%s] hi\r\n" % mechanism)
        else:
            peer.send("+OK hi\r\n")
        while True:
            words = peer.line().split(b" ")
            if protocol == "imap" and words[1:2] == [b"AUTHENTICATE"]:
                if challenge:
                    challenge(peer)
                peer.send(words[0] + b" NO " + refusal + b"\r\n")
            elif words[0] == b"AUTH":
                if challenge:
                    challenge(peer)
                peer.send(b"-ERR " + refusal + b"\r\n")
            elif words[0] == b"CAPA":
                peer.send("+OK\r\nSASL %s\r\n.\r\n" % mechanism)
            else:
                peer.send(words[0] + b" OK\r\n" if protocol == "imap" else b"+OK\r\n")
    return talk


def test_secrets_stay_with_the_host_A13_A19():
    """A server that points somewhere else is not followed: nobody connects there, and password and token are sent once, to whom the caller
    named; a token says whose it is to be."""
    cert = os.path.join(live.certs(), "right")
    root = "--ca-file=" + os.path.join(live.certs(), "root.pem")
    for protocol in ("imap", "pop3"):
        for mechanism, secret in (("PLAIN", "--password-env=SECRET"), ("OAUTHBEARER", "--token-env=SECRET")):
            with live.Script(live.small_imap, cert=cert, implicit_tls=True) as other:
                where = b"[REFERRAL %ss://alice;AUTH=*@localhost:%d/] not here" % (protocol.encode(), other.port)
                with live.Script(refusing(protocol, mechanism, refusal=where), cert=cert, implicit_tls=True) as s:
                    run(root, secret, "capabilities", "%ss://alice@localhost:%d/" % (protocol, s.port), auth=False, env={"SECRET": "hunter22"},
                        expect=live.NOPERM)
                equal(other.connections, 0, "somebody came")
            sent = [base64.b64decode(w) for w in re.findall(rb"[A-Za-z0-9+/=]{20,}", s.heard)]
            equal(sum(b"hunter22" in w for w in sent), 1, "times that the secret was sent")
            if mechanism == "OAUTHBEARER":
                check(b"\1host=localhost\1port=%d\1" % s.port in sent[0], sent)


def test_hostile_challenges_A10_A12():
    """Challenges without end, of a megabyte, with NULs, that are no base64: a refusal soon, and the secret is sent once at most."""
    def endless(peer):
        for _ in range(1000):
            peer.send(b"+ " + base64.b64encode(b"more") + b"\r\n")
            if peer.line() == b"*":
                return

    hostile = [endless] + [lambda peer, c=c: peer.send(b"+ " + c + b"\r\n") or peer.line()
                           for c in (base64.b64encode(b"x" * 1000000), base64.b64encode(b"\0" * 3000), b"not base64!")]
    for protocol in ("imap", "pop3"):
        for mechanism in ("PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-256", "XOAUTH2"):
            for challenge in hostile:
                with live.Script(refusing(protocol, mechanism, challenge)) as s:
                    secret = "--token-env=SECRET" if mechanism == "XOAUTH2" else "--password-env=SECRET"
                    r = run("--security=none", "--allow-cleartext-password", "--timeout=5", "--auth=" + mechanism, secret, "capabilities",
                            "%s://alice@127.0.0.1:%d/" % (protocol, s.port), auth=False, env={"SECRET": "hunter22"}, expect=None)
                check(r.code in (live.NOPERM, live.PROTOCOL), protocol, mechanism, r)
                check(r.seconds < 4, protocol, mechanism, r)
                words = re.findall(rb"[A-Za-z0-9+/]{8,}=*", s.heard)
                sent = b"\n".join(base64.b64decode(w) for w in words if len(w) % 4 == 0)
                check(sent.count(b"hunter22") <= 1, protocol, mechanism, sent)


def test_repeated_digests_A16():
    """What follows from the password and is shown to the server alone is not told when the server repeats it, decoded or not."""
    def repeats(peer):
        if peer.capa == "imap":
            peer.send("* OK [CAPABILITY IMAP4rev1 AUTH=CRAM-MD5] <1.2@stamp.test>\r\n")
        else:
            peer.send("+OK <1.2@stamp.test>\r\n")
        while True:
            words = peer.line().split(b" ")
            if words[-2:] == [b"AUTHENTICATE", b"CRAM-MD5"] or words == [b"AUTH", b"CRAM-MD5"]:
                peer.send(b"+ " + base64.b64encode(b"<1.2@stamp.test>") + b"\r\n")
                digests.append(base64.b64decode(peer.line()).split(b" ")[1])
                peer.send((words[0] + b" NO " if peer.capa == "imap" else b"-ERR ") + b"not " + digests[-1] + b"\r\n")
            elif words[0] == b"APOP":
                digests.append(words[2])
                peer.send(b"-ERR not " + words[2] + b"\r\n")
            elif words[0] == b"CAPA":
                peer.send("+OK\r\nSASL CRAM-MD5\r\n.\r\n")
            else:
                peer.send(words[0] + b" OK\r\n" if peer.capa == "imap" else b"+OK\r\n")

    def talk(protocol):
        def told(peer):
            peer.capa = protocol
            repeats(peer)
        return told

    for protocol, mechanism in (("imap", "CRAM-MD5"), ("pop3", "CRAM-MD5"), ("pop3", "APOP")):
        digests = []
        with live.Script(talk(protocol)) as s:
            r = run("--security=none", "--trace=-", "--auth=" + mechanism, "capabilities", "%s://alice@127.0.0.1:%d/" % (protocol, s.port),
                    expect=live.NOPERM)
        check(len(digests) == 1 and len(digests[0]) == 32 and digests[0] not in r.err and b"not " in r.err, protocol, mechanism, digests, r)


def test_long_initial_response():
    """RFC 7162 section 4: a command is no longer than 8,192 octets. A response that does not fit is the answer to the server's "+"."""
    for length, fits in ((6100, True), (6300, False)):
        lines = []

        def talk(peer):
            line = peer.line
            peer.line = lambda: lines.append(line()) or lines[-1]
            live.small_imap(peer)

        with live.Script(talk) as s:
            run("--security=none", "--allow-cleartext-password", "capabilities", "imap://alice@127.0.0.1:%d/" % s.port, password="x" * length)
        at = next(i for i, text in enumerate(lines) if b"AUTHENTICATE" in text)
        check(len(lines[at]) <= 8190, len(lines[at]))
        equal(lines[at].endswith(b"AUTHENTICATE PLAIN"), not fits)
        response = lines[at].split(b" ")[-1] if fits else lines[at + 1]
        equal(base64.b64decode(response), b"\0alice\0" + b"x" * length)


def test_tokens_only_under_tls():
    token = server.env["MLA_TOKEN_FILE"]
    run("--security=none", "--token-file=" + token, "capabilities", server.url("imap"), auth=False, expect=live.NOPERM)


def test_client_certificate():
    c = live.certs()
    s = live.Dovecot("--client-ca", os.path.join(c, "root.pem"))
    try:
        pair = ["--client-cert=" + os.path.join(c, "client-alice.pem"), "--client-key=" + os.path.join(c, "client-alice.key")]
        for scheme in ("imaps", "imap", "pop3s"):
            rows = run("--json", *s.tls(), *pair, "--auth=EXTERNAL", "capabilities", s.url(scheme), auth=False).json()
            equal(rows[0]["auth"].upper(), "EXTERNAL", scheme)
        run(*s.tls(), "--auth=EXTERNAL", "capabilities", s.url(), auth=False, expect=live.NOPERM)
    finally:
        s.stop()


def test_password_sources():
    d = live.folder("secrets")
    path = os.path.join(d, "password")
    for content in ("secret\n", "secret"):
        with open(path, "w") as f:
            f.write(content)
        os.chmod(path, 0o600)
        run(*server.tls(), "--password-file=" + path, "capabilities", server.url(), auth=False)
    run(*server.tls(), "--password-command=echo secret", "capabilities", server.url(), auth=False)
    r = run(*server.tls(), "--password-command=exit 3", "capabilities", server.url(), auth=False, expect=None)
    check(r.code not in (0, live.SOFTWARE), r)
    r = run(*server.tls(), "--password-file=/nonexistent/password", "capabilities", server.url(), auth=False, expect=None)
    check(r.code in (live.NOINPUT, live.CONFIG), r)
    r = run(*server.tls(), "--password-env=NOT_SET_ANYWHERE", "capabilities", server.url(), auth=False, expect=None)
    check(r.code in (live.USAGE, live.CONFIG, live.NOPERM), r)


def test_no_password_and_no_terminal():
    p = subprocess.run([live.TOOL, *server.tls(), "capabilities", server.url()], stdin=subprocess.DEVNULL, capture_output=True,
                       env=live.environment(), timeout=60, start_new_session=True)
    check(p.returncode in (live.USAGE, live.NOPERM, live.CONFIG), p)


def test_password_in_url():
    r = run(*server.tls(), "capabilities", server.url(user="alice:hunter22"), expect=live.USAGE)
    check(b"hunter22" not in r.err + r.out, r)


def test_trace_has_no_secrets():
    secrets = [b"secret", base64.b64encode(b"\0alice\0secret"), base64.b64encode(b"secret").rstrip(b"="), base64.b64encode(b"secret")]
    for scheme, options in ALL:
        for mechanism in mechanisms("PLAIN", "LOGIN", "SCRAM-SHA-256"):
            path = os.path.join(live.folder("trace"), "trace")
            trust = [] if options else server.tls()
            run(*trust, *options, "--auth=" + mechanism, "--trace=" + path, "status", server.url(scheme, "INBOX"))
            with open(path, "rb") as f:
                trace = f.read()
            check(len(trace) > 100 and (b"CAPABILITY" in trace or b"CAPA" in trace), "a trace that says nothing", trace)
            trace = re.sub(rb"<secret \d+>", b"", trace)
            for secret in secrets:
                check(secret not in trace, scheme, mechanism, "shows", secret, "in", trace)
            equal(os.stat(path).st_mode & 0o077, 0, "others may read the trace")
    r = run(*server.tls(), "--trace=-", "status", server.url("imaps", "INBOX"))
    check(b"STATUS" in r.err or b"SELECT" in r.err or b"EXAMINE" in r.err, r)


def test_trace_has_no_token():
    token = server.env["MLA_TOKEN_FILE"]
    with open(token, "rb") as f:
        secret = f.read().strip()
    r = run(*server.tls(), "--token-file=" + token, "--trace=-", "status", server.url("imaps", "INBOX"), auth=False)
    check(secret not in r.err and secret[:40] not in r.err, r)
    for form in (b"user=alice\1auth=Bearer " + secret + b"\1\1", b"n,a=alice,\1"):
        check(base64.b64encode(form)[:40] not in r.err, r)


def test_trace_of_failed_login():
    r = run(*server.tls(), "--auth=PLAIN", "--trace=-", "capabilities", server.url(), password="wrong-password", expect=live.NOPERM)
    check(base64.b64encode(b"\0alice\0wrong-password") not in r.err, r)


def test_connection_refused():
    for scheme in ("imaps", "imap", "pop3s", "pop3"):
        s, port = live.closed_port()
        run("capabilities", "%s://alice@127.0.0.1:%d/" % (scheme, port) if "imap" in scheme else "%s://alice@127.0.0.1:%d" % (scheme, port),
            expect=live.UNAVAILABLE)
        s.close()


def test_unknown_host():
    run("capabilities", "imaps://alice@no-such-host.invalid/", expect=live.NOHOST)
    run("capabilities", "pop3s://alice@no-such-host.invalid", expect=live.NOHOST)


def test_tls_against_clear_text():
    """TLS spoken to a port that speaks clear text, and the other way round, ends soon and not well."""
    for scheme, other in (("imaps", "imap"), ("pop3s", "pop3")):
        url = "%s://alice@127.0.0.1:%d" % (scheme, server.port[other])
        run(*server.tls(), "--timeout=5", "capabilities", url, expect=live.PROTOCOL)
        url = "%s://alice@127.0.0.1:%d" % (other, server.port[scheme])
        r = run(*server.tls(), "--timeout=2", "capabilities", url, expect=None)
        check(r.code in (live.UNAVAILABLE, live.PROTOCOL, live.TEMPFAIL), r)
        check(r.seconds < 20, r)


def silent(peer):
    while True:
        peer.read()


def test_silent_server():
    """A server that says nothing is given up after --timeout, before the log-in with 69."""
    for scheme in ("imap", "pop3", "imaps"):
        with live.Script(silent) as s:
            r = run("--timeout=1", "capabilities", "%s://alice@127.0.0.1:%d" % (scheme, s.port), expect=live.UNAVAILABLE)
            check(0.8 < r.seconds < 10, r)


def test_server_falls_silent():
    """After the log-in a silence is 75: running again may help."""
    def talk(peer):
        peer.send("* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] hi\r\n")
        while True:
            tag, verb = peer.line().split(b" ")[:2]
            if verb.upper() in (b"AUTHENTICATE", b"CAPABILITY"):
                peer.send(b"* CAPABILITY IMAP4rev1\r\n" + tag + b" OK done\r\n")
            else:
                silent(peer)

    with live.Script(talk) as s:
        r = run("--security=none", "--allow-cleartext-password", "--timeout=1", "mailboxes", "imap://alice@127.0.0.1:%d/" % s.port,
                expect=live.TEMPFAIL)
        check(r.seconds < 10, r)


def test_deadline():
    with live.Script(silent) as s:
        r = run("--deadline=1", "capabilities", "imap://alice@127.0.0.1:%d" % s.port, expect=None)
        check(r.code in (live.UNAVAILABLE, live.TEMPFAIL), r)
        check(r.seconds < 10, r)


def test_hang_ups():
    """A server that hangs up: at once, after the greeting, with BYE."""
    greetings = {"imap": [b"", b"* OK hi\r\n", b"* BYE too busy\r\n", b"* BYE [UNAVAILABLE] later\r\n"],
                 "pop3": [b"", b"+OK hi\r\n", b"-ERR [SYS/TEMP] too busy\r\n"]}
    for scheme, list_ in greetings.items():
        for greeting in list_:
            with live.Script(lambda peer, g=greeting: peer.send(g)) as s:
                r = run("--security=none", "--allow-cleartext-password", "capabilities", "%s://alice@127.0.0.1:%d" % (scheme, s.port), expect=None)
                check(r.code in (live.TEMPFAIL, live.UNAVAILABLE, live.NOPERM), scheme, greeting, r)
                check(r.seconds < 10, r)


def test_rubbish():
    """What is not IMAP, not POP3 or has no end is refused, soon and in little memory."""
    def endless(peer):
        try:
            while True:
                peer.send(b"* OK " + b"x" * 65536)
        except OSError:
            pass

    for scheme in ("imap", "pop3"):
        for talk in (lambda p: p.send(b"HTTP/1.1 400 Bad Request\r\n\r\n"), lambda p: p.send(b"\x15\x03\x01\x00\x02\x02\x16\r\n"),
                     lambda p: p.send(b"SSH-2.0-OpenSSH_9.2\r\n") or silent(p), endless):
            with live.Script(talk) as s:
                r = run("--security=none", "--allow-cleartext-password", "--timeout=3", "capabilities",
                        "%s://alice@127.0.0.1:%d" % (scheme, s.port), expect=None)
                check(r.code in (live.PROTOCOL, live.UNAVAILABLE, live.TEMPFAIL), scheme, r)
                check(r.seconds < 20, r)


def test_servers_words_are_made_visible():
    """The server's words in an error line cannot act upon the terminal."""
    def talk(peer):
        peer.send("* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] hi\r\n")
        while True:
            tag, verb = peer.line().split(b" ")[:2]
            if verb.upper() == b"AUTHENTICATE":
                peer.send(tag + b" NO \x1b]0;owned\x07\x1b[31m refused\x9b31m\x7f\r\n")
            else:
                peer.send(tag + b" OK done\r\n")

    with live.Script(talk) as s:
        r = run("--security=none", "--allow-cleartext-password", "capabilities", "imap://alice@127.0.0.1:%d/" % s.port, expect=live.NOPERM)
        check(not [c for c in r.err if c < 32 and c != 10 or c == 127], r)
        check(b"\xc2\x9b" not in r.err and b"\x9b" not in r.err, r)
        check(b"refused" in r.err, r)


REASONS = [  # what the server says, what the tool makes of it, its exit status
    ("", "NO [ALERT] Application-specific password required: https://support.example/185833 (Failure)", b"application password", live.NOPERM),
    ("* NO [WEBALERT https://accounts.example/continue] Web login required.\r\n", "NO [AUTHENTICATIONFAILED] no", b"web browser", live.NOPERM),
    ("", "NO [ALERT] Your account is not enabled for IMAP use. (Failure)", b"switched off for this account", live.NOPERM),
    ("", "NO LogonDenied-BasicAuthBlocked", b"OAuth 2 token", live.NOPERM),
    ("", "NO [LIMIT] Maximum number of connections from user+IP exceeded", b"too many connections", live.TEMPFAIL),
    ("", "BAD Request is throttled. Suggested Backoff Time: 4100 milliseconds", b"wait before trying again, 5 seconds (Request", live.TEMPFAIL),
]


def test_reasons_in_plain_words():
    """What providers say when they refuse becomes a sentence, with their own words behind it."""
    for before, answer, sentence, status in REASONS:
        def talk(peer):
            peer.send("* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] hi\r\n")
            tag = peer.line().split(b" ")[0].decode()
            peer.send("%s%s %s\r\n" % (before, tag, answer))
            peer.line()

        with live.Script(talk) as s:
            r = run("--security=none", "--allow-cleartext-password", "capabilities", "imap://alice@127.0.0.1:%d/" % s.port, expect=status)
            check(sentence in r.err and answer.split(" ", 1)[1].split("] ")[-1].encode() in r.err, r)

    def bye(peer):
        peer.send("* BYE [ALERT] Too many simultaneous connections. (Failure)\r\n")

    with live.Script(bye) as s:
        r = run("--security=none", "--allow-cleartext-password", "capabilities", "imap://alice@127.0.0.1:%d/" % s.port, expect=live.TEMPFAIL)
        check(b"there are too many connections" in r.err and b"(Failure)" in r.err, r)


def test_usage():
    url = server.url()
    for args in ([], ["capabilities"], ["no-such-command", url], ["--no-such-option", "capabilities", url], ["capabilities", "ftp://alice@localhost/"],
                 ["capabilities", "localhost"], ["capabilities", url, "surplus"], ["--security=maybe", "capabilities", url],
                 ["--timeout=abc", "capabilities", url], ["--timeout", "-5", "capabilities", url], ["download", url],
                 ["--auth=NOSUCH", "capabilities", url], ["capabilities", "imaps://alice@127.0.0.1:99999/"],
                 ["capabilities", "imaps://alice@127.0.0.1:0/"], ["flag", url + "INBOX", "1"], ["flag", url + "INBOX", "abc", "+\\Seen"],
                 ["delete", url + "INBOX"], ["mailbox", "explode", url]):
        run(*args, expect=live.USAGE)


def test_help_and_version():
    for option in ("--help", "--version"):
        p = subprocess.run([live.TOOL, option], stdin=subprocess.DEVNULL, capture_output=True, env=live.environment(), timeout=60)
        equal(p.returncode, 0, option)
        check(p.stdout.strip() and not p.stderr, p)
    text = subprocess.run([live.TOOL, "--help"], stdin=subprocess.DEVNULL, capture_output=True, timeout=60).stdout.decode()
    for word in ("capabilities", "mailboxes", "download", "--password-env", "--ca-file", "--json", "77"):
        check(word in text, word, "is not in --help")


def test_output_that_cannot_be_written():
    """A full disk on stdout is not success."""
    with open("/dev/full", "wb") as full:
        p = subprocess.run([live.TOOL, "--password-env=PW", "--json", *server.tls(), "list", server.url("imaps", "INBOX")],
                           stdin=subprocess.DEVNULL, stdout=full, stderr=subprocess.PIPE, env=live.environment(), timeout=60)
    check(p.returncode in (live.IOERR, live.CANTCREAT), p)


def test_password_not_in_process_list():
    """While it runs, neither its arguments nor (after a password file) its environment show the password."""
    path = os.path.join(live.folder("secrets"), "password")
    with open(path, "w") as f:
        f.write("hunter22\n")
    with live.Script(silent) as s:
        p = subprocess.Popen([live.TOOL, "--password-file=" + path, "--timeout=5", "capabilities", "imap://alice@127.0.0.1:%d/" % s.port],
                             stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=live.environment())
        end = time.monotonic() + 4
        while not s.connections and time.monotonic() < end:
            time.sleep(0.02)
        try:
            for name in ("cmdline", "environ"):
                with open("/proc/%d/%s" % (p.pid, name), "rb") as f:
                    check(b"hunter22" not in f.read(), name)
        finally:
            p.terminate()
            p.communicate(timeout=30)


def test_stopped_by_a_signal():
    """SIGINT and SIGTERM stop it cleanly, with 75."""
    import signal

    for number in (signal.SIGINT, signal.SIGTERM):
        with live.Script(silent) as s:
            p = live.start("--timeout=20", "capabilities", "imap://alice@127.0.0.1:%d/" % s.port)
            end = time.monotonic() + 5
            while not s.connections and time.monotonic() < end:
                time.sleep(0.02)
            p.send_signal(number)
            out, err = p.communicate(timeout=15)
            equal(p.returncode, live.TEMPFAIL, "signal %d: %r" % (number, err))


sys.exit(live.main(globals()))
