"""Downloading: octet for octet, once each, safe names, whole files, and what happens when it is cut short."""
import collections
import hashlib
import os
import re
import signal
import stat
import sys
import time

import live
from live import check, equal, run

server = live.Dovecot()


def digest(data):
    return hashlib.sha256(data).hexdigest()


def files(where, suffix=".eml"):
    """All files under a folder: path below it -> content; without the tool's own journal."""
    out = {}
    for base, folders, names in os.walk(where):
        for name in names:
            path = os.path.join(base, name)
            if name.endswith(suffix) and not name.startswith(".mailaccess"):
                with open(path, "rb") as f:
                    out[os.path.relpath(path, where)] = f.read()
    return out


def compare(got, want, what):
    """Two lists of digests as multisets."""
    got, want = collections.Counter(got), collections.Counter(want)
    check(got == want, what, ": missing or different", sum((want - got).values()), "surplus", sum((got - want).values()))


def digests(mailbox=None):
    return [m["sha256"] for m in live.manifest(mailbox)]


def download(url, to, *options, **how):
    return run("--json", *server.tls(), "download", url, "--to=" + to, *options, **how)


def tidy(where):
    """Nothing half done is left, in whatever folder."""
    for base, _, names in os.walk(where):
        for name in names:
            check(not re.search(r"\.(tmp|part|partial|new)$|^\.tmp|~$", name), "left behind:", os.path.join(base, name))
        if os.path.basename(base) == "tmp":
            check(not names, "left in tmp:", names)


def test_imap_inbox():
    for scheme in ("imaps", "imap"):
        to = os.path.join(live.folder("down"), "new", "folders")
        rows = download(server.url(scheme, "INBOX"), to).json()
        got = files(to)
        compare([digest(v) for v in got.values()], digests("INBOX"), scheme)
        for name in got:
            check(re.fullmatch(r"\d+-\d+\.eml", name), "a name that is not UIDVALIDITY-UID:", name)
        equal(len(rows), len(got), "lines of JSON")
        for row in rows:
            path = row["file"] if os.path.isabs(row["file"]) else os.path.join(to, row["file"])
            if not os.path.exists(path):
                path = row["file"]
            with open(path, "rb") as f:
                data = f.read()
            equal(row["size"], len(data), path)
            equal(row["sha256"], digest(data), path)
            check(isinstance(row["uid"], int), row)
        tidy(to)


def test_pop3():
    for scheme in ("pop3s", "pop3"):
        to = live.folder("down")
        rows = download(server.url(scheme), to).json()
        got = files(to)
        compare([digest(v) for v in got.values()], digests("INBOX"), scheme)
        equal(len(rows), len(got), "lines of JSON")
        for row in rows:
            check(row["uidl"] and row["number"] >= 1, row)
        tidy(to)


def test_every_mailbox():
    to = live.folder("down")
    download(server.url("imaps"), to)
    got = files(to)
    compare([digest(v) for v in got.values()], digests(), "every mailbox")
    folders = collections.defaultdict(list)
    for name, data in got.items():
        folders[os.path.dirname(name)].append(digest(data))
    want = collections.defaultdict(list)
    for m in live.manifest():
        want[m["folder"]].append(m["sha256"])
    equal(sorted(sorted(v) for v in folders.values()), sorted(sorted(v) for v in want.values()), "one folder a mailbox")
    for name in folders:
        check(re.fullmatch(r"[A-Za-z0-9_\-=@,+%./]+", name) and ".." not in name.split("/"), "an unsafe folder name:", name)
    tidy(to)


def test_other_mailbox_names():
    """Mailboxes whose names are percent-encoded UTF-8 in the URL."""
    for name, encoded in (("Projects/Ünïcode", "Projects/%C3%9Cn%C3%AFcode"), ("日本語", "%E6%97%A5%E6%9C%AC%E8%AA%9E"),
                          ("R&D/Lab notes", "R&D/Lab%20notes"), ('Odd "quoted" name', "Odd%20%22quoted%22%20name"), ("Empty", "Empty")):
        to = live.folder("down")
        download(server.url("imaps", encoded), to)
        compare([digest(v) for v in files(to).values()], digests(name), name)


def test_second_run_fetches_nothing():
    for url in (server.url("imaps"), server.url("imaps", "INBOX"), server.url("pop3s")):
        to = live.folder("down")
        check(download(url, to).json(), "nothing came")
        before = {n: os.stat(os.path.join(to, n)).st_mtime_ns for n in files(to)}
        trace = os.path.join(live.folder("trace"), "trace")
        equal(run("--json", "--trace=" + trace, *server.tls(), "download", url, "--to=" + to).json(), [], url)
        with open(trace, "rb") as f:
            conversation = f.read()
        check(b"RETR" not in conversation and not re.search(rb"BODY(\.PEEK)?\[\]", conversation), "fetched again", url)
        equal({n: os.stat(os.path.join(to, n)).st_mtime_ns for n in files(to)}, before, url)


def test_new_message_comes_alone():
    s = live.Dovecot()
    try:
        for url in (s.url("imaps", "INBOX"), s.url("pop3s")):
            to = live.folder("down")
            run(*s.tls(), "download", url, "--to=" + to)
            old = files(to)
            raw = b"Subject: later\r\nFrom: x@example.test\r\n\r\n%s\r\n" % url.encode()
            s.drop(raw, "1900000000.M%dP1.later" % len(old))
            rows = run("--json", *s.tls(), "download", url, "--to=" + to).json()
            equal(len(rows), 1, url)
            new = {n: v for n, v in files(to).items() if n not in old}
            equal(list(new.values()), [raw], url)
    finally:
        s.stop()


def test_lost_journal():
    """Without its journal a run ends with the same files, none twice."""
    for url in (server.url("imaps", "INBOX"), server.url("pop3s")):
        to = live.folder("down")
        download(url, to)
        before = files(to)
        for name in os.listdir(to):
            if name.startswith(".mailaccess"):
                os.unlink(os.path.join(to, name))
        download(url, to)
        equal(sorted(files(to)), sorted(before), url)
        compare([digest(v) for v in files(to).values()], digests("INBOX"), url)


def test_damaged_journal():
    """A journal cut short or with rubbish at its end, as after a power failure, loses at most what it lost."""
    for damage in (lambda d: d[:-3], lambda d: d[: len(d) // 2], lambda d: d + b"\0\0\0garbage", lambda d: b""):
        to = live.folder("down")
        download(server.url("imaps", "INBOX"), to)
        path = os.path.join(to, ".mailaccess")
        if os.path.isdir(path):
            raise live.Skip("the journal is a folder")
        with open(path, "rb") as f:
            data = f.read()
        with open(path, "wb") as f:
            f.write(damage(data))
        download(server.url("imaps", "INBOX"), to)
        compare([digest(v) for v in files(to).values()], digests("INBOX"), "after damage")
        equal(download(server.url("imaps", "INBOX"), to).json(), [], "third run")


def test_uids():
    to = live.folder("down")
    rows = download(server.url("imaps", "INBOX"), to, "--uids=2:4,7").json()
    equal(sorted(r["uid"] for r in rows), [2, 3, 4, 7], "UIDs")
    equal(len(files(to)), 4)
    for bad in ("", "0", "1,,2", "a", "1:2:3", "4294967296"):
        run(*server.tls(), "download", server.url("imaps", "INBOX"), "--to=" + to, "--uids=" + bad, expect=live.USAGE)


def test_file_permissions():
    for umask in (0o022, 0o000):
        to = os.path.join(live.folder("down"), "d")
        download(server.url("imaps", "Sent"), to, umask=umask)
        for base, folders, names in os.walk(to):
            for name in names + folders + ["."]:
                mode = stat.S_IMODE(os.stat(os.path.join(base, name)).st_mode)
                equal(mode & 0o077, 0, "%s may be read by others (%o)" % (name, mode))


def test_maildir():
    # A server of its own: a RETR by POP3, which other tests do, sets \Seen.
    s = live.Dovecot()
    try:
        check_maildir(s)
    finally:
        s.stop()


def check_maildir(s):
    to = live.folder("down")
    run("--json", *s.tls(), "download", s.url("imaps", "INBOX"), "--to=" + to, "--format=maildir")
    tidy(to)
    got = {}
    for sub in ("new", "cur"):
        for name in os.listdir(os.path.join(to, sub)):
            with open(os.path.join(to, sub, name), "rb") as f:
                got[digest(f.read())] = (sub, name)
    check(os.path.isdir(os.path.join(to, "tmp")), "no tmp")
    want = {m["sha256"]: m for m in live.manifest("INBOX")}
    # A Maildir on this system has LF line ends by custom; octet for octet is what is promised.
    equal(sorted(got), sorted(want), "messages")
    letters = {"\\Seen": "S", "\\Answered": "R", "\\Flagged": "F", "\\Draft": "D", "\\Deleted": "T"}
    for key, (sub, name) in got.items():
        flags = "".join(sorted(letters[f] for f in want[key]["flags"]))
        has = name.partition(":2,")[2]
        equal(has, flags, "flags of " + name)
        check("/" not in name and not name.startswith("."), name)
    equal(run("--json", *s.tls(), "download", s.url("imaps", "INBOX"), "--to=" + to, "--format=maildir").json(), [], "second run")


def test_maildir_by_pop3():
    to = live.folder("down")
    download(server.url("pop3s"), to, "--format=maildir")
    got = [digest(v) for n, v in files(to, "").items() if n.split("/")[0] in ("new", "cur")]
    compare(got, digests("INBOX"), "Maildir")


def test_does_not_mark_as_seen():
    s = live.Dovecot()
    try:
        m = s.imap()
        m.select("INBOX", readonly=True)
        before = m.uid("SEARCH", "UNSEEN")[1]
        run(*s.tls(), "download", s.url("imaps", "INBOX"), "--to=" + live.folder("down"))
        run(*s.tls(), "show", s.url("imaps", "INBOX"), "1")
        m.select("INBOX", readonly=True)
        equal(m.uid("SEARCH", "UNSEEN")[1], before, "unseen messages")
    finally:
        s.stop()


def test_delete():
    """--delete: on disk first, then gone from the server."""
    for scheme in ("imaps", "pop3s"):
        s = live.Dovecot()
        try:
            to = live.folder("down")
            url = s.url(scheme, "INBOX")
            run(*s.tls(), "download", url, "--to=" + to, "--delete")
            # POP3 and IMAP: what was marked \Deleted by others before is not ours to count here; the inbox has none.
            compare([digest(v) for v in files(to).values()], digests("INBOX"), scheme)
            equal(int(s.imap().select("INBOX")[1][0]), 0, "left on the server by " + scheme)
            equal(run("--json", *s.tls(), "download", url, "--to=" + to, "--delete").json(), [], "second run")
            compare([digest(v) for v in files(to).values()], digests("INBOX"), scheme)
        finally:
            s.stop()


def test_delete_what_was_kept_before():
    """A second run with --delete removes what a first one without it fetched."""
    for scheme in ("imaps", "pop3s"):
        s = live.Dovecot()
        try:
            to = live.folder("down")
            run(*s.tls(), "download", s.url(scheme, "INBOX"), "--to=" + to)
            run(*s.tls(), "download", s.url(scheme, "INBOX"), "--to=" + to, "--delete")
            equal(int(s.imap().select("INBOX")[1][0]), 0, "left on the server by " + scheme)
            compare([digest(v) for v in files(to).values()], digests("INBOX"), scheme)
        finally:
            s.stop()


def test_delete_leaves_others_deleted():
    """With UIDPLUS, --delete expunges its own messages only, not what someone else marked."""
    s = live.Dovecot()
    try:
        m = s.imap()
        m.select("INBOX")
        m.uid("STORE", "5", "+FLAGS", "(\\Deleted)")
        to = live.folder("down")
        run(*s.tls(), "download", s.url("imaps", "INBOX"), "--to=" + to, "--uids=1:3", "--delete")
        m.select("INBOX")
        uids = m.uid("SEARCH", "ALL")[1][0].split()
        check(b"5" in uids and b"1" not in uids and b"3" not in uids, uids)
        equal(len(uids), len(digests("INBOX")) - 3)
    finally:
        s.stop()


def cut(scheme, fmt, delete):
    """Kills the download at many points, then lets one run through: each message is there exactly once."""
    s = live.Dovecot()
    try:
        to = live.folder("down")
        url = s.url(scheme, "INBOX")
        options = ["--json", *s.tls(), "download", url, "--to=" + to, "--format=" + fmt] + (["--delete"] if delete else [])
        for number, delay in enumerate((0.0, 0.01, 0.02, 0.03, 0.05, 0.08, 0.12, 0.2)):
            p = live.start(*options)
            time.sleep(delay + 0.02)
            p.send_signal(signal.SIGKILL if number % 2 else signal.SIGTERM)
            p.communicate(timeout=30)
        deadline = time.monotonic() + 20
        while True:  # a POP3 server may hold the maildrop's lock for a moment after a kill
            r = run(*options, expect=None)
            if r.code == 0 or time.monotonic() > deadline:
                break
            time.sleep(0.3)
        r.expect(0)
        if fmt == "eml":
            got = files(to)
        else:
            got = {n: v for n, v in files(to, "").items() if n.split("/")[0] in ("new", "cur")}
        compare([digest(v) for v in got.values()], digests("INBOX"), "%s %s delete=%s" % (scheme, fmt, delete))
        if delete:
            equal(int(s.imap().select("INBOX")[1][0]), 0, "left on the server")
        equal(run(*options).json(), [], "one more run")
        for name in files(to, ""):
            check(not name.endswith(".tmp"), "left behind:", name)
    finally:
        s.stop()


def test_cut_imap():
    cut("imaps", "eml", False)


def test_cut_imap_delete():
    cut("imaps", "eml", True)


def test_cut_pop3():
    cut("pop3s", "eml", False)


def test_cut_pop3_delete():
    cut("pop3s", "eml", True)


def test_cut_maildir_delete():
    cut("imaps", "maildir", True)
    cut("pop3s", "maildir", True)


def test_two_at_once():
    """Two runs into one folder: one may give way, none may spoil anything."""
    to = live.folder("down")
    ps = [live.start("--json", *server.tls(), "download", server.url("imaps", "INBOX"), "--to=" + to) for _ in range(2)]
    codes = []
    for p in ps:
        p.communicate(timeout=60)
        codes.append(p.returncode)
    check(live.OK in codes and all(c in (live.OK, live.TEMPFAIL, live.CANTCREAT) for c in codes), codes)
    compare([digest(v) for v in files(to).values()], digests("INBOX"), "two at once")


def test_folder_cannot_be_made():
    where = live.folder("down")
    path = os.path.join(where, "file")
    open(path, "w").close()
    for to in (path, os.path.join(path, "below"), "/proc/no-such-folder"):
        r = run(*server.tls(), "download", server.url("imaps", "Sent"), "--to=" + to, expect=None)
        check(r.code in (live.CANTCREAT, live.IOERR), r)


def test_disk_full():
    """A file size limit stands in for a full disk: an error of this machine, and nothing half written under a final name."""
    import resource
    import subprocess

    to = live.folder("down")
    p = subprocess.run([live.TOOL, "--password-env=PW", *server.tls(), "download", server.url("imaps", "INBOX"), "--to=" + to],
                       stdin=subprocess.DEVNULL, capture_output=True, env=live.environment(), timeout=60,
                       preexec_fn=lambda: (signal.signal(signal.SIGXFSZ, signal.SIG_IGN), resource.setrlimit(resource.RLIMIT_FSIZE, (100000, 100000))))
    check(p.returncode in (live.IOERR, live.CANTCREAT), p.returncode, p.stderr)
    known = set(digests("INBOX"))
    for name, data in files(to).items():
        check(digest(data) in known, "a file that is not whole:", name)
    download(server.url("imaps", "INBOX"), to)
    compare([digest(v) for v in files(to).values()], digests("INBOX"), "after the disk was full")


def test_no_such_mailbox():
    r = run(*server.tls(), "download", server.url("imaps", "No%20such%20mailbox"), "--to=" + live.folder("down"), expect=live.DATAERR)
    check(r.err.count(b"\n") == 1, r)


def test_max_message():
    """A message over --max-message is refused, the others come; the exit status says that one is missing."""
    for scheme in ("imaps", "pop3s"):
        to = live.folder("down")
        r = run("--max-message=500000", *server.tls(), "download", server.url(scheme, "INBOX"), "--to=" + to, expect=None)
        check(r.code in (live.DATAERR, live.PROTOCOL), r)
        sizes = [len(v) for v in files(to).values()]
        check(all(n <= 500000 for n in sizes), sizes)


def test_compress():
    trace = os.path.join(live.folder("trace"), "trace")
    to = live.folder("down")
    r = run("--compress", "--trace=" + trace, *server.tls(), "download", server.url("imaps"), "--to=" + to)
    compare([digest(v) for v in files(to).values()], digests(), "compressed")
    with open(trace, "rb") as f:
        text = f.read().decode()
    check("COMPRESS DEFLATE" in text and "DEFLATE both ways" in text, text[-2000:])
    # the trace shows what was compressed, not what it was compressed to
    check("EXAMINE" in text or "SELECT" in text, text[:2000])
    counts = re.search(r"DEFLATE: received (\d+) octets as (\d+), sent (\d+) as (\d+): (\d+) saved", text)
    check(counts, text[-2000:])
    octets, wire, _, _, saved = (int(n) for n in counts.groups())
    check(octets > sum(len(v) for v in files(to).values()) and wire < octets and saved > 0, counts.group(0))
    print("# " + counts.group(0))


def test_goes_out_together():
    """EXAMINE does not wait for its answer where the next command only reads."""
    for command, second in ((("list",), " UID FETCH "), (("search", "ALL"), " UID SEARCH "), (("show", "3"), " UID FETCH "),
                            (("download", "--to=" + live.folder("down")), " UID SEARCH "),
                            (("extract", "--all", "--to=" + live.folder("parts")), " UID SEARCH ")):
        trace = os.path.join(live.folder("trace"), "trace")
        run("--trace=" + trace, *server.tls(), command[0], server.url("imaps", "INBOX"), *command[1:])
        with open(trace, "rb") as f:
            lines = f.read().decode("utf-8", "replace").split("\n")
        at = [i for i, line in enumerate(lines) if " > " in line and " EXAMINE " in line]
        check(len(at) == 1, command, lines[:20])
        check(" > " in lines[at[0] + 1] and second in lines[at[0] + 1], command, lines[at[0]:at[0] + 3])
        if command[0] == "download":  # into an empty folder: all are wanted
            check(" > " in lines[at[0] + 2] and " UID FETCH 1:* " in lines[at[0] + 2], lines[at[0]:at[0] + 4])
            check(len([line for line in lines if " > " in line and " FETCH " in line]) == 1, "more than one FETCH")
        # and a mailbox that is not there is what the error is about
        r = run(*server.tls(), command[0], server.url("imaps", "Nowhere"), *command[1:], expect=live.DATAERR)
        check(b"Nowhere" in r.err and r.err.count(b"\n") == 1, r)


def test_uidvalidity_changes():
    """A mailbox made anew under the same name has another UIDVALIDITY: its messages are other messages."""
    s = live.Dovecot()
    try:
        m = s.imap()
        to = live.folder("down")
        m.create("Again")
        m.append("Again", "", None, b"Subject: one\r\n\r\nfirst\r\n")
        run(*s.tls(), "download", s.url("imaps", "Again"), "--to=" + to)
        m.delete("Again")
        time.sleep(1.1)
        m.create("Again")
        m.append("Again", "", None, b"Subject: two\r\n\r\nsecond\r\n")
        run(*s.tls(), "download", s.url("imaps", "Again"), "--to=" + to)
        equal(sorted(files(to).values()), [b"Subject: one\r\n\r\nfirst\r\n", b"Subject: two\r\n\r\nsecond\r\n"], "files")
    finally:
        s.stop()


def test_hostile_uidl():
    """UIDLs that would leave the folder, hide, or overwrite each other, and a server that says one twice."""
    uidls = [b"../../evil", b"/etc/x", b".hidden", b"a/b", b"same", b"same", b"..", b".", b"x" * 70, b"%41", b"A"]
    bodies = [b"Subject: %d\r\n\r\nbody %d\r\n" % (i, i) for i in range(len(uidls))]

    def talk(peer):
        peer.send("+OK hi\r\n")
        while True:
            verb, _, arg = peer.line().partition(b" ")
            verb = verb.upper()
            if verb == b"CAPA":
                peer.send("+OK\r\nUSER\r\nUIDL\r\nTOP\r\nSASL PLAIN\r\n.\r\n")
            elif verb == b"AUTH" and len(arg.split()) < 2:
                peer.send("+ \r\n")
                peer.line()
                peer.send("+OK\r\n")
            elif verb == b"STAT":
                peer.send("+OK %d %d\r\n" % (len(bodies), sum(map(len, bodies))))
            elif verb == b"LIST" and not arg:
                peer.send(b"+OK\r\n" + b"".join(b"%d %d\r\n" % (i, len(b)) for i, b in enumerate(bodies, 1)) + b".\r\n")
            elif verb == b"UIDL" and not arg:
                peer.send(b"+OK\r\n" + b"".join(b"%d %s\r\n" % (i, u) for i, u in enumerate(uidls, 1)) + b".\r\n")
            elif verb in (b"RETR", b"TOP"):
                peer.send(b"+OK\r\n" + bodies[int(arg.split()[0]) - 1] + b".\r\n")
            elif verb == b"QUIT":
                peer.send("+OK bye\r\n")
                return
            else:
                peer.send("+OK\r\n")

    with live.Script(talk) as s:
        outer = live.folder("down")
        to = os.path.join(outer, "in", "here")
        os.makedirs(to)
        r = run("--security=none", "--allow-cleartext-password", "--json", "download", "pop3://alice@127.0.0.1:%d" % s.port, "--to=" + to, expect=None)
        check(r.code in (live.OK, live.DATAERR, live.PROTOCOL), r)
        got = files(outer, "")
        for name in got:
            check(name.startswith("in/here/"), "outside of the folder:", name)
            base = name.rpartition("/")[2]
            check(re.fullmatch(r"[A-Za-z0-9_\-=@,+%~]+\.eml", base), "an unsafe name:", base)
        compare(list(got.values()), bodies, "messages")


def test_refused_dele():
    """A DELE that is refused is said to be; of two messages with the same UIDL the one that is safe is deleted alone."""
    bodies = [b"Subject: %d\r\n\r\nbody %d\r\n" % (i, i) for i in range(4)]
    uidls = [b"a", b"same", b"same", b"b"]
    deleted = []

    def talk(peer):
        peer.send("+OK hi\r\n")
        while True:
            verb, _, arg = peer.line().partition(b" ")
            verb = verb.upper()
            if verb == b"CAPA":
                peer.send("+OK\r\nUIDL\r\nTOP\r\nPIPELINING\r\nSASL PLAIN\r\n.\r\n")
            elif verb == b"AUTH" and len(arg.split()) < 2:
                peer.send("+ \r\n")
                peer.line()
                peer.send("+OK\r\n")
            elif verb == b"LIST":
                peer.send(b"+OK\r\n" + b"".join(b"%d %d\r\n" % (i, len(b)) for i, b in enumerate(bodies, 1)) + b".\r\n")
            elif verb == b"UIDL":
                peer.send(b"+OK\r\n" + b"".join(b"%d %s\r\n" % (i, u) for i, u in enumerate(uidls, 1)) + b".\r\n")
            elif verb == b"RETR" and arg == b"3":
                peer.send("-ERR cannot read it\r\n")
            elif verb == b"RETR":
                peer.send(b"+OK\r\n" + bodies[int(arg) - 1] + b".\r\n")
            elif verb == b"DELE" and arg == b"4":
                peer.send("-ERR not this one\r\n")
            elif verb == b"DELE":
                deleted.append(int(arg))
                peer.send("+OK\r\n")
            elif verb == b"QUIT":
                peer.send("+OK bye\r\n")
                return
            else:
                peer.send("+OK\r\n")

    with live.Script(talk) as s:
        to = live.folder("down")
        r = run("--security=none", "--allow-cleartext-password", "download", "pop3://alice@127.0.0.1:%d" % s.port, "--to=" + to, "--delete",
                expect=live.DATAERR)
        check(b"message 3" in r.err and b"cannot read it" in r.err, r)
        check(b"message 4" in r.err and b"not this one" in r.err, r)
        equal(deleted, [1, 2], "deleted")
        compare(list(files(to).values()), [bodies[0], bodies[1], bodies[3]], "messages")


sys.exit(live.main(globals()))
