"""discover: the tool with a name server of the test's own; nothing leaves this machine."""
import fcntl
import os
import signal
import socket
import struct
import subprocess
import sys
import time

import live
from live import check, equal, run
from name_server import NameServer

ALICE = "alice@example.test"
XML = """<?xml version="1.0"?><clientConfig version="1.1"><emailProvider id="example.test">
<displayName>Example</displayName><incomingServer type="imap"><hostname>box.example.net</hostname><port>993</port>
<socketType>SSL</socketType><username>%EMAILLOCALPART%</username><authentication>password-cleartext</authentication>
</incomingServer></emailProvider></clientConfig>"""


def srv(service, domain="example.test"):
    return ("_%s._tcp.%s" % (service, domain), "SRV")


def discover(ns, *args, address=ALICE, **how):
    got = run("--json", "discover", address, "--name-server=127.0.0.1:%d" % ns.port, *args, auth=False, **how)
    lines = got.json()
    return [x for x in lines if "fetch" not in x], [x["fetch"] for x in lines if "fetch" in x], got


def servers(found):
    return ["%(protocol)s %(host)s %(port)d %(security)s" % x for x in found if x["sources"] != ["guess"]]


def test_records_in_order():
    with NameServer({srv("imaps"): [(20, 0, 993, "b.example.test"), (10, 0, 1993, "a.example.test")],
                     srv("imap"): [(0, 0, 0, "")], srv("pop3s"): [(30, 1, 995, "pop.elsewhere.test")],
                     ("example.test", "MX"): [(10, "mx.example.test")]}) as ns:
        found, urls, _ = discover(ns)
        equal(servers(found), ["imap a.example.test 1993 tls", "imap b.example.test 993 tls", "pop3 pop.elsewhere.test 995 tls"])
        equal(found[0]["user"], ALICE)
        equal(found[0]["user_kind"], "guess")
        equal([(x["outside"], x["confirm"]) for x in found[:3]], [(False, False), (False, False), (True, True)])
        check(not [x for x in found if x["security"] == "none"], "offered in clear", found)
        check(not [x for x in found if x["protocol"] == "imap" and x["security"] == "starttls"], "said not to be there", found)
        equal(urls[0], "https://autoconfig.example.test/mail/config-v1.1.xml")
        check(not [u for u in urls if "alice" in u or not u.startswith("https://")], urls)
        equal(sorted(set(ns.asked)), sorted([srv(s) for s in ("imaps", "imap", "pop3s", "pop3")] + [("example.test", "MX")]))


def test_known_domains_are_not_asked_about():
    with NameServer({}) as ns:
        found, urls, _ = discover(ns, address="alice@gmail.com")
        equal(servers(found), ["imap imap.gmail.com 993 tls", "pop3 pop.gmail.com 995 tls"])
        equal(found[0]["oauth"]["issuer"], "accounts.google.com")
        check("app-password" in found[0]["hints"], found[0])
        equal((urls, ns.asked), ([], []))
        discover(ns, "--all", address="alice@gmail.com")
        check(len(ns.asked) >= 5, ns.asked)


def test_hosted_domains():
    with NameServer({("example.test", "MX"): [(10, "example-test.mail.protection.outlook.com")]}) as ns:
        found = discover(ns)[0]
        equal(servers(found), ["imap outlook.office365.com 993 tls", "pop3 outlook.office365.com 995 tls"])
        equal((found[0]["auth"], found[0]["sources"], found[0]["confirm"]), (["oauth2"], ["mx"], True))


def test_a_file():
    path = os.path.join(live.folder("xml"), "config.xml")
    with open(path, "w") as f:
        f.write(XML)
    with NameServer({}) as ns:
        found, _, got = discover(ns, "--autoconfig=" + path, expect=None)
        if got.code == live.UNAVAILABLE:
            raise live.Skip("built without expat")
        got.expect(live.OK)
        equal(servers(found), ["imap box.example.net 993 tls"])
        equal((found[0]["user"], found[0]["provider"], found[0]["confirm"]), ("alice", "Example", False))
        found, _, _ = discover(ns, "--autoconfig=-", stdin=XML.encode())
        equal(servers(found), ["imap box.example.net 993 tls"])
        where = "--name-server=127.0.0.1:%d" % ns.port
        run("discover", ALICE, where, "--autoconfig=/nonexistent", auth=False, expect=live.NOINPUT)
        for bad in (b"<html/>", b"<!DOCTYPE clientConfig [<!ENTITY a 'b'>]>" + XML.encode()[21:], b" " * 262145, b""):
            run("discover", ALICE, where, "--autoconfig=-", stdin=bad, auth=False, expect=live.DATAERR)


def test_answers_too_long_for_udp():
    many = [(n, 0, 993, "host-%02d.example.test" % n) for n in range(30)]
    with NameServer({srv("imaps"): ("long", many)}) as ns:
        found = discover(ns)[0]
        equal(servers(found), ["imap host-%02d.example.test 993 tls" % n for n in range(8)])
        equal(ns.over_tcp, [srv("imaps")])


def test_hostile_answers():
    true = [(1, 1, 993, "imap.example.test")]
    for what in ("lie", "loop", "garbage", "fail"):
        with NameServer({srv("imaps"): what, srv("pop3s"): [(1, 1, 995, "pop.example.test")]}) as ns:
            found, _, got = discover(ns)
            equal(servers(found), ["pop3 pop.example.test 995 tls"], what)
            check(b"warning: DNS" in got.err, what, got)
    with NameServer({srv("imaps"): ("spoof", [(1, 1, 993, "evil.test")], true)}) as ns:
        equal(servers(discover(ns)[0]), ["imap imap.example.test 993 tls"])
    with NameServer({srv("imaps"): [(1, 1, 993, "a b.test"), (2, 1, 993, "127.0.0.1"), (3, 1, 0, "c.test")]}) as ns:
        equal(servers(discover(ns)[0]), [])


def test_silence_ends():
    with NameServer({srv("imaps"): "silent", srv("pop3s"): [(1, 1, 995, "pop.example.test")], srv("imap"): "wrong-id"}) as ns:
        began = time.monotonic()
        found, _, got = discover(ns, "--timeout=1")
        check(0.9 < time.monotonic() - began < 4, got)
        equal(servers(found), ["pop3 pop.example.test 995 tls"])
        check(b"warning: DNS was asked for" in got.err, got)
        p = live.start("discover", ALICE, "--name-server=127.0.0.1:%d" % ns.port, auth=False)
        while srv("imaps") not in ns.asked[5:]:
            time.sleep(0.01)
        time.sleep(0.2)
        p.send_signal(signal.SIGINT)
        p.communicate(timeout=10)
        equal(p.returncode, live.TEMPFAIL)


def test_a_proxy_keeps_dns_from_being_asked():
    with NameServer({srv("imaps"): [(1, 1, 993, "imap.example.test")]}) as ns:
        found, _, got = discover(ns, "--proxy=socks5://127.0.0.1:1")
        equal((servers(found), ns.asked), ([], []))
        check(b"warning: DNS" in got.err, got)


def inside(trust, authentic):
    """In namespaces of its own, where port 53 is free and resolv.conf is the test's: what the system's resolver is asked."""
    lo = struct.pack("16sh", b"lo", 1)  # SIOCSIFFLAGS, IFF_UP
    with socket.socket(type=socket.SOCK_DGRAM) as s:
        fcntl.ioctl(s, 0x8914, lo)
    with NameServer({srv("imaps"): [(1, 1, 993, "imap.elsewhere.test")]}, 53, authentic) as ns:
        found = [x for x in run("--json", "discover", ALICE, auth=False).json() if "fetch" not in x]
        equal(servers(found), ["imap imap.elsewhere.test 993 tls"])
        equal((found[0]["outside"], found[0]["confirm"]), (True, not (trust and authentic)))
        equal([n for n, _ in ns.asked if not n.endswith("example.test")], [], "the search list was applied")


def test_the_systems_resolver():
    for trust, authentic in ((0, 1), (1, 0), (1, 1)):
        path = os.path.join(live.folder("resolv"), "resolv.conf")
        with open(path, "w") as f:
            f.write("nameserver 127.0.0.1\nsearch evil.test\n" + "options trust-ad\n" * trust)
        p = subprocess.run(["unshare", "-rmn", "sh", "-c", 'mount --bind "$0" /etc/resolv.conf || exit 77; exec "$@"', path,
                            sys.executable, os.path.abspath(__file__), "inside", str(trust), str(authentic)], capture_output=True, text=True)
        if p.returncode == 77 or "unshare" in p.stderr:
            raise live.Skip("no namespaces here: " + p.stderr.strip()[:200])
        check("DONE" in p.stdout, p.stdout, p.stderr)


def test_for_a_person():
    with NameServer({srv("imaps"): [(1, 1, 993, "imap.elsewhere.test")]}) as ns:
        out = run("discover", ALICE, "--name-server=127.0.0.1:%d" % ns.port, auth=False).text()
        check("imap.elsewhere.test:993" in out and "TLS" in out and "is this your provider?" in out, out)
        out = run("discover", "alice@gmail.com", auth=False).text()
        check("application password" in out and "https://support.google.com/" in out, out)


def test_wrong_arguments():
    for args in (["discover"], ["discover", "alice"], ["discover", "a@b", "c@d"], ["discover", "alice@[127.0.0.1]"],
                 ["discover", ALICE, "--name-server=localhost"], ["discover", ALICE, "--name-server=127.0.0.1:0"],
                 ["discover", ALICE, "--name-server=127.0.0.1:65536"], ["discover", ALICE, "--name-server=::1"]):
        run(*args, auth=False, expect=live.USAGE)


def test_what_was_found_connects():
    """From an address to a session that is logged in, by what `discover` prints."""
    s = live.Dovecot(empty=True)
    with NameServer({srv("imaps", "mail.test"): [(1, 1, s.port["imaps"], "localhost")]}) as ns:
        best = discover(ns, address=s.user + "@mail.test")[0][0]
        equal((best["host"], best["security"], best["confirm"]), ("localhost", "tls", True))
        got = run("--json", *s.tls(), "capabilities", "imaps://%s@%s:%d/" % (s.user, best["host"], best["port"])).json()[0]
        check(got["tls"]["verified"] and got["auth"], got)


if __name__ == "__main__":
    if sys.argv[1:2] == ["inside"]:
        inside(int(sys.argv[2]), int(sys.argv[3]))
        print("DONE")
        sys.exit()
    sys.exit(live.main(globals()))
