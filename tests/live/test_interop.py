"""The base protocol against servers other than Dovecot: Cyrus, GNU Mailutils and Courier (live.other()). Every test runs against each
of them; where a server cannot do what the others do, a comment says what and why.
"""
import collections
import hashlib
import os
import signal
import subprocess
import sys
import time

import live
from live import check, equal, run

# What is peculiar to each:
#   prefix    mailboxes of one's own that are not the inbox have names that begin so
#   sep       stands between the levels of a name
#   auth      Mailutils announces mechanisms that need a clear password, which it has not: only these log in
#   unfit     messages of the sample that it refuses: Cyrus takes no octet above 127 and no NUL in a header
#   exact     what it gives is octet for octet what it took; Mailutils keeps mail in an mbox and adds header lines
#   keywords  flags of one's own can be set
#   move      MOVE, or UIDPLUS to do the same in steps; with neither, nothing can be moved without a risk for what others marked
#   idle      a message that another session appends is told during IDLE (Mailutils looks at its mbox only afterwards)
#   refuses   the schemes by which a wrong password is tried: Courier takes 5 s to refuse one
EVERY = ("imaps", "imap", "pop3s", "pop3")
PECULIAR = {
    "cyrus": {"prefix": "", "sep": "/", "auth": [], "unfit": (9, 28), "exact": True, "keywords": True, "move": True, "idle": True,
              "refuses": EVERY},
    "mailutils": {"prefix": "", "sep": "/", "auth": ["--auth=PLAIN,LOGIN"], "unfit": (), "exact": False, "keywords": False, "move": False,
                  "idle": False, "refuses": EVERY},
    "courier": {"prefix": "INBOX.", "sep": ".", "auth": [], "unfit": (), "exact": True, "keywords": True, "move": True, "idle": True,
                "refuses": ("imaps", "pop3")},
}


def own(s):
    return PECULIAR[s.env["MLA_SERVER"]]


def tool(s, *args, **how):
    imap = any(str(a).startswith("imap") for a in args)
    return run(*s.tls(), *(own(s)["auth"] if imap else []), *args, **how)


def rows(s, *args, **how):
    return tool(s, "--json", *args, **how).json()


def box(s, name):
    """The name of a mailbox of one's own: levels in `name` are separated by /."""
    return own(s)["prefix"] + name.replace("/", own(s)["sep"])


def url(s, name="INBOX", **how):
    import urllib.parse

    return s.url("imaps", urllib.parse.quote(name, safe=""), **how)


def fit(s):
    """The messages of the sample inbox that this server takes."""
    return [m for m in live.manifest("INBOX") if m["number"] not in own(s)["unfit"]]


def digests(where):
    out = []
    for base, _, names in os.walk(where):
        for name in names:
            if name.endswith(".eml"):
                with open(os.path.join(base, name), "rb") as f:
                    out.append(hashlib.sha256(f.read()).hexdigest())
    return collections.Counter(out)


filled = set()


def full(name):
    """The server, the sample mail in alice's inbox."""
    s = live.other(name)
    if name not in filled:
        filled.add(name)
        files = [os.path.join(live.sample(), "eml", "INBOX", "%d.eml" % m["number"]) for m in fit(s)]
        tool(s, "append", url(s), *files)
    return s


def login(name):
    s = live.other(name)
    for scheme in EVERY:
        row = rows(s, "capabilities", s.url(scheme))[0]
        check(row["tls"]["verified"] and row["capabilities"], scheme, row)
    for scheme in own(s)["refuses"]:
        tool(s, "capabilities", s.url(scheme), password="wrong-password", expect=live.NOPERM)
    for scheme in ("imap", "pop3"):
        tool(s, "--security=none", "--allow-cleartext-password", "status", s.url(scheme, "INBOX"))


def mechanisms(name, wanted):
    s = live.other(name)
    for scheme in ("imaps", "pop3s"):
        for mechanism in wanted:
            r = tool(s, "--json", "--auth=" + mechanism, "capabilities", s.url(scheme), expect=None)
            if r.code == live.USAGE and b"unknown mechanism" in r.err:
                continue
            row = r.expect(0).json()[0]
            check(mechanism in row["auth"].upper(), row)


def download(name):
    s = full(name)
    want = collections.Counter(m["sha256"] for m in fit(s))
    for scheme in ("imaps", "pop3s"):
        to = live.folder("down")
        tool(s, "download", s.url(scheme, "INBOX"), "--to=" + to)
        got = digests(to)
        equal(sum(got.values()), sum(want.values()), scheme)
        # By POP3, Courier wraps the one message whose header is UTF-8 (RFC 6856 section 2 leaves it that, without the UTF8 command).
        if s.env["MLA_SERVER"] == "courier" and scheme == "pop3s":
            got = {d: n for d, n in got.items() if d in want}
            equal(sum(got.values()), sum(want.values()) - 1, scheme)
        elif own(s)["exact"]:
            equal(got, want, scheme)
        equal(rows(s, "download", s.url(scheme, "INBOX"), "--to=" + to), [], "a second run by " + scheme)


def listing(name):
    s = full(name)
    got = rows(s, "list", url(s))
    equal(len(got), len(fit(s)))
    subjects = {r["subject"] for r in got if "subject" in r}
    check("会議の資料について" in subjects and "Привет из Санкт-Петербурга" in subjects, subjects)
    if own(s)["exact"]:
        equal(sorted(r["size"] for r in got), sorted(m["size"] for m in fit(s)))
    equal(rows(s, "status", url(s))[0]["messages"], len(got))
    text = tool(s, "show", url(s), str(got[3]["uid"])).text()
    check("明日の会議の資料をお送りします" in text, text)
    pop = rows(s, "list", s.url("pop3s"))
    equal(len(pop), len(got))
    equal(len({r["uidl"] for r in pop}), len(got), "UIDLs")


def searching(name):
    s = full(name)
    found = rows(s, "search", url(s), "SUBJECT", "Spring")
    by_uid = {r["uid"]: r for r in rows(s, "list", url(s))}
    equal(["Spring" in by_uid[r["uid"]]["subject"] for r in found], [True])
    equal(len(rows(s, "search", url(s), "LARGER", "1000000")), len([m for m in fit(s) if m["size"] > 1000000]))
    equal(rows(s, "search", url(s), "SUBJECT", "nothing has this subject"), [])
    check(len(rows(s, "search", url(s), "FROM", "Иван")) == 1, "a search for what is no ASCII")


def put(s, mailbox, count):
    """A new mailbox of bob's with some messages; their UIDs."""
    where, paths = live.folder("put"), []
    tool(s, "mailbox", "create", url(s, mailbox, user=bob(s)))
    for i in range(1, count + 1):
        paths.append(os.path.join(where, "%d.eml" % i))
        with open(paths[-1], "wb") as f:
            f.write(b"From: a@example.test\r\nDate: Mon, 3 Mar 2025 10:00:00 +0000\r\nSubject: number %d\r\n\r\n%d\r\n" % (i, i))
    if paths:
        tool(s, "append", url(s, mailbox, user=bob(s)), *paths)
    return [r["uid"] for r in rows(s, "list", url(s, mailbox, user=bob(s)))]


def bob(s):
    return s.env["MLA_USER2"].replace("@", "%40")


def uids(s, mailbox):
    return [r["uid"] for r in rows(s, "list", url(s, mailbox, user=bob(s)))]


def mailboxes(name):
    s = live.other(name)
    names = lambda: {r["name"]: r for r in rows(s, "mailboxes", s.url("imaps", user=bob(s)))}  # noqa: E731
    one, other = box(s, "Ärger/日本"), box(s, "Freude")
    tool(s, "mailbox", "create", url(s, one, user=bob(s)))
    check(one in names(), names())
    tool(s, "mailbox", "create", url(s, one, user=bob(s)), expect=live.DATAERR)
    tool(s, "mailbox", "subscribe", url(s, one, user=bob(s)))
    check(names()[one]["subscribed"], names()[one])
    tool(s, "mailbox", "unsubscribe", url(s, one, user=bob(s)))
    tool(s, "mailbox", "rename", url(s, one, user=bob(s)), other)
    check(other in names() and one not in names(), names())
    tool(s, "mailbox", "delete", url(s, other, user=bob(s)))
    check(other not in names(), names())


def flags(name):
    s = live.other(name)
    where = url(s, box(s, "Flags"), user=bob(s))
    u = put(s, box(s, "Flags"), 3)
    custom = {"Custom"} if own(s)["keywords"] else set()
    tool(s, "flag", where, "%d,%d" % (u[0], u[2]), "+\\Seen", "+\\Flagged", *("+" + c for c in custom))
    got = {r["uid"]: set(r["flags"]) - {"\\Recent"} for r in rows(s, "list", where)}
    equal(got, {u[0]: {"\\Seen", "\\Flagged"} | custom, u[1]: set(), u[2]: {"\\Seen", "\\Flagged"} | custom})
    tool(s, "flag", where, str(u[2]), "-\\Seen", *("-" + c for c in custom))
    equal({r["uid"]: set(r["flags"]) - {"\\Recent"} for r in rows(s, "list", where)}[u[2]], {"\\Flagged"})
    equal([r["uid"] for r in rows(s, "search", where, "UNSEEN")], u[1:])


def copying(name):
    s = live.other(name)
    here, there = box(s, "From"), box(s, "To")
    u = put(s, here, 4)
    put(s, there, 0)
    tool(s, "copy", url(s, here, user=bob(s)), "%d:%d" % (u[0], u[1]), there)
    equal(len(uids(s, there)), 2)
    equal(uids(s, here), u)
    tool(s, "copy", url(s, here, user=bob(s)), str(u[0]), box(s, "No such mailbox"), expect=live.DATAERR)
    if not own(s)["move"]:
        tool(s, "move", url(s, here, user=bob(s)), str(u[2]), there, expect=live.UNAVAILABLE)
        equal(uids(s, here), u, "a move that was refused changes nothing")
        equal(len(uids(s, there)), 2)
        return
    tool(s, "move", url(s, here, user=bob(s)), str(u[2]), there)
    equal(len(uids(s, there)), 3)
    equal(uids(s, here), [u[0], u[1], u[3]])
    subjects = [r["subject"] for r in rows(s, "list", url(s, there, user=bob(s)))]
    equal(subjects, ["number 1", "number 2", "number 3"])


def deleting(name):
    s = live.other(name)
    u = put(s, box(s, "Del"), 4)
    m = s.imap(s.env["MLA_USER2"])
    m.select(box(s, "Del"))
    m.uid("STORE", str(u[3]), "+FLAGS", "(\\Deleted)")
    m.logout()
    tool(s, "delete", url(s, box(s, "Del"), user=bob(s)), "%d:%d" % (u[1], u[2]))
    if own(s)["move"]:
        equal(uids(s, box(s, "Del")), [u[0], u[3]], "those marked by others stay")
        return
    # Without UIDPLUS an expunge would take what another client has marked as well: the tool leaves all of them marked.
    equal(uids(s, box(s, "Del")), u)
    m = s.imap(s.env["MLA_USER2"])
    m.select(box(s, "Del"))
    m.uid("STORE", str(u[3]), "-FLAGS", "(\\Deleted)")
    m.logout()
    tool(s, "delete", url(s, box(s, "Del"), user=bob(s)), "%d:%d" % (u[1], u[2]))
    equal(uids(s, box(s, "Del")), [u[0], u[3]])


def watching(name):
    """A message that arrives is told while `watch` runs."""
    s = live.other(name)
    where = box(s, "Watched")
    put(s, where, 1)
    path = os.path.join(live.folder("watch"), "out")
    with open(path, "wb") as out:
        p = subprocess.Popen([live.TOOL, "--password-env=PW", "--json", *s.tls(), *own(s)["auth"], "watch", url(s, where, user=bob(s))],
                             stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.PIPE, env=live.environment())
    try:
        time.sleep(1.5)
        before = os.path.getsize(path)
        m = s.imap(s.env["MLA_USER2"])
        m.append(where, "", None, b"From: a@example.test\r\nSubject: new\r\n\r\nnew\r\n")
        end = time.monotonic() + 30
        while os.path.getsize(path) == before and time.monotonic() < end:
            check(p.poll() is None, "watch ended with", p.poll())
            time.sleep(0.1)
        check(os.path.getsize(path) > before, "watch says nothing")
        m.logout()
    finally:
        p.send_signal(signal.SIGTERM)
        err = p.communicate(timeout=20)[1]
    check(p.returncode in (live.OK, live.TEMPFAIL), p.returncode, err)


def pop3_deletes(name):
    """Last, because it empties the inbox."""
    s = full(name)
    got = rows(s, "list", s.url("pop3s"))
    tool(s, "delete", s.url("pop3s"), got[0]["uidl"], got[4]["uidl"])
    equal(len(rows(s, "list", s.url("pop3s"))), len(got) - 2)
    tool(s, "download", s.url("pop3s"), "--to=" + live.folder("down"), "--delete")
    equal(rows(s, "status", url(s))[0]["messages"], 0)


def test_cyrus_mechanisms():
    mechanisms("cyrus", ("PLAIN", "LOGIN", "SCRAM-SHA-1", "SCRAM-SHA-256", "CRAM-MD5"))


def test_courier_mechanisms():
    mechanisms("courier", ("PLAIN", "CRAM-MD5"))


def test_cyrus_compress():
    s = full("cyrus")
    to = live.folder("down")
    tool(s, "--compress", "download", url(s), "--to=" + to)
    equal(sum(digests(to).values()), len(fit(s)))


def against(name, theme):
    return lambda: theme(name)


for _theme in (login, mailboxes, download, listing, searching, flags, copying, deleting, watching, pop3_deletes):
    for _name in PECULIAR:
        if _theme is watching and not PECULIAR[_name]["idle"]:
            continue
        globals()["test_%s_%s" % (_name, _theme.__name__)] = against(_name, _theme)


if __name__ == "__main__":
    sys.exit(live.main(dict(globals())))
