"""The tool against servers other than Dovecot: Cyrus and GNU Mailutils.

Runs where MLA_SERVER_ROOT names a folder for their programs (tests/servers/unpack.sh fills it); skipped elsewhere.
"""
import collections
import hashlib
import os
import sys

import live
from live import check, equal, run

server = live.other


def plain(s, *args):
    """Mailutils announces mechanisms for IMAP that it cannot do with these passwords."""
    imap = any(str(a).startswith("imap") for a in args)
    return ["--auth=PLAIN,LOGIN"] if s.env["MLA_SERVER"] == "mailutils" and imap else []


def tool(s, *args, **how):
    return run(*s.tls(), *plain(s, *args), *args, **how)


def rows(s, *args, **how):
    return tool(s, "--json", *args, **how).json()


def digests(where):
    out = []
    for base, _, names in os.walk(where):
        for name in names:
            if name.endswith(".eml"):
                with open(os.path.join(base, name), "rb") as f:
                    out.append(hashlib.sha256(f.read()).hexdigest())
    return collections.Counter(out)


# Cyrus takes no message with 8 bit or NUL in its header; what it refuses, it refuses with NO.
def fit_for(name, number):
    return not (name == "cyrus" and number in (9, 28))


def put_in(name):
    """The sample inbox, appended by the tool: what went in."""
    s = server(name)
    files = [os.path.join(live.sample(), "eml", "INBOX", "%d.eml" % m["number"]) for m in live.manifest("INBOX") if fit_for(name, m["number"])]
    tool(s, "append", s.url("imaps", "INBOX"), *files)
    return collections.Counter(m["sha256"] for m in live.manifest("INBOX") if fit_for(name, m["number"]))


def login(name):
    s = server(name)
    for scheme in ("imaps", "imap", "pop3s", "pop3"):
        row = rows(s, "capabilities", s.url(scheme))[0]
        check(row["tls"]["verified"] and row["capabilities"], scheme, row)
        tool(s, "capabilities", s.url(scheme), password="wrong-password", expect=live.NOPERM)
    for scheme in ("imap", "pop3"):
        run("--security=none", "--allow-cleartext-password", *plain(s, scheme), "status", s.url(scheme, "INBOX"))


def test_cyrus_login():
    login("cyrus")


def test_cyrus_mechanisms():
    s = server("cyrus")
    for scheme in ("imaps", "pop3s"):
        for mechanism in ("PLAIN", "LOGIN", "SCRAM-SHA-1", "SCRAM-SHA-256"):
            r = tool(s, "--json", "--auth=" + mechanism, "capabilities", s.url(scheme), expect=None)
            if r.code == live.USAGE and b"unknown mechanism" in r.err:
                continue
            row = r.expect(0).json()[0]
            check(mechanism in row["auth"].upper(), row)


def test_cyrus_mail():
    s = server("cyrus")
    want = put_in("cyrus")
    to = live.folder("down")
    tool(s, "download", s.url("imaps", "INBOX"), "--to=" + to)
    equal(digests(to), want, "by IMAP")
    to = live.folder("down")
    tool(s, "download", s.url("pop3s"), "--to=" + to)
    equal(digests(to), want, "by POP3")
    equal(rows(s, "download", s.url("pop3s"), "--to=" + to), [], "a second run")
    got = {r["subject"] for r in rows(s, "list", s.url("imaps", "INBOX")) if "subject" in r}
    check("会議の資料について" in got and "Привет из Санкт-Петербурга" in got, got)


def test_cyrus_compress():
    s = server("cyrus")
    to = live.folder("down")
    tool(s, "--compress", "download", s.url("imaps"), "--to=" + to)
    check(sum(digests(to).values()) > 20, "compressed")


def test_cyrus_commands():
    s = server("cyrus")
    inbox = s.url("imaps", "INBOX")
    tool(s, "mailbox", "create", s.url("imaps", "%C3%84rger/%E6%97%A5%E6%9C%AC"))
    names = {r["name"]: r for r in rows(s, "mailboxes", s.url())}
    check("Ärger/日本" in names and names["Sent"]["special_use"] == "\\Sent" if "special_use" in names["Sent"] else True, names)
    uids = [r["uid"] for r in rows(s, "search", inbox, "ALL")]
    tool(s, "copy", inbox, "%d:%d" % (uids[0], uids[1]), "Ärger/日本")
    tool(s, "move", inbox, str(uids[2]), "Ärger/日本")
    equal(rows(s, "status", s.url("imaps", "%C3%84rger/%E6%97%A5%E6%9C%AC"))[0]["messages"], 3)
    tool(s, "flag", inbox, str(uids[0]), "+\\Flagged", "+Custom")
    flagged = {r["uid"]: r["flags"] for r in rows(s, "list", inbox)}[uids[0]]
    check("\\Flagged" in flagged and "Custom" in flagged, flagged)
    tool(s, "delete", inbox, str(uids[0]))
    check(uids[0] not in [r["uid"] for r in rows(s, "search", inbox, "ALL")])
    tool(s, "show", inbox, str(uids[3]))
    tool(s, "mailbox", "rename", s.url("imaps", "%C3%84rger/%E6%97%A5%E6%9C%AC"), "Freude")
    check("Freude" in {r["name"] for r in rows(s, "mailboxes", s.url())})
    tool(s, "mailbox", "delete", s.url("imaps", "Freude"))
    tool(s, "download", s.url("pop3s"), "--to=" + live.folder("down"), "--delete")
    equal(rows(s, "status", inbox)[0]["messages"], 0)


def test_mailutils_login():
    login("mailutils")


def test_mailutils_mail():
    """It keeps mail in an mbox and adds header lines, so nothing is octet for octet; but all is there and stays as it is."""
    s = server("mailutils")
    want = put_in("mailutils")
    for scheme in ("imaps", "pop3s"):
        to = live.folder("down")
        tool(s, "download", s.url(scheme, "INBOX"), "--to=" + to)
        equal(sum(digests(to).values()), sum(want.values()), scheme)
        equal(rows(s, "download", s.url(scheme, "INBOX"), "--to=" + to), [], "a second run by " + scheme)
    check(rows(s, "list", s.url("imaps", "INBOX")))


if __name__ == "__main__":
    sys.exit(live.main(globals()))
