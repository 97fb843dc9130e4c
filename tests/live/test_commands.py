"""Every command against a real server: what it prints, as JSON and for a person, and what it changes."""
import json
import os
import re
import signal
import subprocess
import sys
import time

import keeping
import live
from live import check, equal, run

server = live.Dovecot()
URL, INBOX, POP = server.url(), server.url("imaps", "INBOX"), server.url("pop3s")


def tool(*args, **how):
    return run(*server.tls(), *args, **how)


def rows(*args, **how):
    return run("--json", *server.tls(), *args, **how).json()


def test_capabilities():
    row = rows("capabilities", URL)[0]
    for word in ("IMAP4rev1", "IDLE", "UIDPLUS", "MOVE", "CONDSTORE"):
        check(word in row["capabilities"], word, row)
    check("Dovecot" in row["greeting"] or row["greeting"], row)
    row = rows("capabilities", POP)[0]
    for word in ("UIDL", "TOP"):
        check([c for c in row["capabilities"] if c.split()[0] == word], word, row)
    check(b"UIDPLUS" in tool("capabilities", URL).out)


def test_mailboxes():
    got = {r["name"]: r for r in rows("mailboxes", URL)}
    want = {m["folder"] for m in live.manifest()} | {"INBOX", "Empty", "Archive", "Projects", "R&D"}
    equal(set(got), want, "names")
    equal(got["INBOX"]["delimiter"], "/")
    equal(got["Sent"].get("special_use"), "\\Sent", got["Sent"])
    check(got["INBOX"].get("subscribed") in (True, False), got["INBOX"])
    check(got["日本語"]["subscribed"] and not got["Empty"]["subscribed"], got)
    check(any(a.lower() == "\\haschildren" for a in got["Archive"]["attributes"]), got["Archive"])
    text = tool("mailboxes", URL).text()
    for name in want:
        check(name in text, name, text)


def test_mailboxes_pattern():
    equal(sorted(r["name"] for r in rows("mailboxes", URL, "Projects/*")), ["Projects/Ünïcode"])
    equal(sorted(r["name"] for r in rows("mailboxes", URL, "日本*")), ["日本語", "日本語/添付ファイル"])
    check("Projects/Ünïcode" not in [r["name"] for r in rows("mailboxes", URL, "%")])
    equal(rows("mailboxes", URL, "no such thing"), [])


def test_mailboxes_by_pop3():
    tool("mailboxes", POP, expect=live.USAGE)


def test_status():
    row = rows("status", INBOX)[0]
    want = live.manifest("INBOX")
    equal(row["messages"], len(want))
    equal(row["unseen"], sum("\\Seen" not in m["flags"] for m in want))
    equal(row["uidnext"], len(want) + 1)
    check(row["uidvalidity"] > 0 and row["highestmodseq"] > 0, row)
    equal(row["size"], sum(m["size"] for m in want))
    row = rows("status", POP)[0]
    equal((row["messages"], row["size"]), (len(want), sum(m["size"] for m in want)))
    tool("status", server.url("imaps", "Nowhere"), expect=live.DATAERR)
    check(re.search(r"\b%d\b" % len(want), tool("status", INBOX).text()))


def test_list():
    got = rows("list", INBOX)
    want = live.manifest("INBOX")
    equal(len(got), len(want))
    for row, m in zip(got, want):
        equal(row["size"], m["size"], row)
        equal(sorted(f for f in row["flags"] if f != "\\Recent"), sorted(m["flags"]), row)
        equal(row["uid"], m["number"])
        check(re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", str(row["internal_date"])), row)
    by = {r["uid"]: r for r in got}
    equal(by[2]["subject"], "Grüße aus Köln, schöne Straße")
    equal(by[2]["from"], [{"name": "Jürgen Größe", "address": "juergen@example.test"}])
    equal(by[3]["subject"], "L'été à Besançon")
    equal(by[4]["subject"], "会議の資料について")
    equal(by[5]["from"][0]["name"], "Иван Петров")
    equal(by[6]["subject"], "关于春天的旅行计划")
    equal(by[7]["subject"], "“Invoice” – 250 €")
    equal(by[8]["subject"], "🎉 שלום לכולם, ברכות ליום ההולדת 🎂 ומזל טוב")
    equal(by[10]["from"][0]["name"], "김철수")
    equal(by[11]["from"][0]["name"], 'The "Shop"')
    equal(by[1]["message_id"], "<sample-1@example.test>")
    equal(len(by[22]["to"]), 40)
    # The fold before "on" is a TAB in the message; servers may make it a space in ENVELOPE.
    equal(by[22]["subject"].replace("\t", " "), "A subject that was folded at several places because it would not have fitted on one line otherwise",
          "folded subject")


def test_list_text_is_safe():
    """The list for a person: one line a message, nothing that a terminal would obey."""
    out = tool("list", INBOX).out
    check(not [c for c in out if c < 32 and c not in (10, 9) or c == 127], "a control character in the list")
    check(b"\xc2\x9b" not in out and b"\xc2\x9d" not in out, "a C1 control in the list")
    text = out.decode("utf-8")
    check("Spring catalogue" in text and "Grüße aus Köln" in text, text)


def test_list_keys():
    equal([r["uid"] for r in rows("list", INBOX, "UNANSWERED", "FLAGGED")],
          [m["number"] for m in live.manifest("INBOX") if "\\Flagged" in m["flags"] and "\\Answered" not in m["flags"]])


def test_list_pop3():
    got = rows("list", POP)
    want = live.manifest("INBOX")
    equal([(r["number"], r["size"]) for r in got], [(m["number"], m["size"]) for m in want])
    equal(got[4]["subject"], "Привет из Санкт-Петербурга")
    equal(len({r["uidl"] for r in got}), len(want), "UIDLs")


def test_list_empty():
    equal(rows("list", server.url("imaps", "Empty")), [])


def test_list_sort():
    got = [r["size"] for r in rows("list", INBOX, "--sort=size")]
    equal(got, sorted(got), "by size")
    got = [r["size"] for r in rows("list", INBOX, "--sort=-size")]
    equal(got, sorted(got, reverse=True), "by size, largest first")
    by_date = [r["uid"] for r in rows("list", INBOX, "--sort=-date,size", "NOT", "DELETED")]
    equal(sorted(by_date), sorted(r["uid"] for r in rows("list", INBOX, "NOT", "DELETED")))
    equal(tool("list", INBOX, "--sort=colour", expect=64).out, b"")
    equal(tool("list", INBOX, "--sort=date", "--thread", expect=64).out, b"")


def test_list_without_sort():
    """A server that can neither sort nor make threads: the mailbox's own order, and a word about it."""

    def talk(peer):
        peer.send("* PREAUTH [CAPABILITY IMAP4rev1] hi\r\n")
        while True:
            line = peer.line()
            if not line:
                return
            tag, verb = line.decode().split(" ", 1)
            if verb.startswith(("SELECT", "EXAMINE")):
                peer.send("* 2 EXISTS\r\n")
            if "FETCH" in verb:
                for n in (1, 2):
                    peer.send("* %d FETCH (UID %d FLAGS () RFC822.SIZE %d)\r\n" % (n, n, 10 - n))
            peer.send(tag + " OK done\r\n")

    for option in ("--sort=size", "--thread"):
        with live.Script(talk) as s:
            r = run("--json", "--security=none", "--allow-cleartext-password", "list", "imap://alice@127.0.0.1:%d/INBOX" % s.port, option)
            equal([row["uid"] for row in r.json()], [1, 2])
            check(b"the server cannot" in r.err, r)


def test_list_thread():
    """A conversation of four, in an order of its own; what the server says is what is shown."""
    got = rows("list", INBOX, "--thread")
    equal(sorted(r["uid"] for r in got), sorted(r["uid"] for r in rows("list", INBOX)))
    seen = {}
    for row in got:
        if "parent" in row:
            equal(row["depth"], seen[row["parent"]] + 1, row)
        seen[row["uid"]] = row["depth"]


def test_search():
    equal([r["uid"] for r in rows("search", INBOX, "UNSEEN")], [m["number"] for m in live.manifest("INBOX") if "\\Seen" not in m["flags"]])
    equal([r["uid"] for r in rows("search", INBOX, "SUBJECT", "Spring")], [11])
    equal([r["uid"] for r in rows("search", INBOX, "FROM", "Иван")], [5])
    equal([r["uid"] for r in rows("search", INBOX, "LARGER", "1000000")], [25])
    equal(rows("search", INBOX, "SUBJECT", "nothing has this subject"), [])
    check("11" in tool("search", INBOX, "SUBJECT", "Spring").text().split())
    r = tool("search", INBOX, "NOSUCHKEY", expect=None)
    check(r.code in (live.USAGE, live.DATAERR), r)
    tool("search", INBOX, "SUBJECT", 'quote " and \\ backslash')


def test_show():
    text = tool("show", INBOX, "3").text()
    check("L'été à Besançon" in text and "Zoë Lefèvre" in text and "des crêpes" in text, text)
    text = tool("show", INBOX, "4").text()
    check("会議の資料について" in text and "明日の会議の資料をお送りします" in text, text)
    text = tool("show", INBOX, "12").text()
    check("Rechnung März 2025 – 100 €.pdf" in text, "the attachment's name", text)
    check("The invoice is attached." in text, text)
    text = tool("show", INBOX, "11").text()
    check("Everything is 20 % off" in text and "<b>" not in text, "the plain alternative", text)
    tool("show", INBOX, "4711", expect=live.DATAERR)
    tool("show", INBOX, "x", expect=live.USAGE)


def test_show_is_safe():
    for uid in range(1, len(live.manifest("INBOX")) + 1):
        r = tool("show", INBOX, str(uid))
        bad = sorted({c for c in r.out if c < 32 and c not in (9, 10) or c == 127})
        check(not bad, "message", uid, "shows control characters", bad)
        text = r.out.decode("utf-8")
        check(not [c for c in text if 0x80 <= ord(c) < 0xA0], "message", uid, "shows C1 controls")
        check(not re.search("[\u202a-\u202e\u2066-\u2069]", text), "message", uid, "shows controls of direction")


def test_show_pop3():
    uidl = rows("list", POP)[2]["uidl"]
    check("des crêpes" in tool("show", POP, uidl).text())
    tool("show", POP, "no-such-uidl", expect=live.DATAERR)


# What follows changes things: on bob's mailbox, which begins empty.
BOB = server.url("imaps", user="bob")


def bob(mailbox="INBOX"):
    return server.url("imaps", mailbox, user="bob")


def fetch(mailbox, what="(UID FLAGS BODY.PEEK[])"):
    m = server.imap("bob")
    m.select(mailbox, readonly=True)
    typ, data = m.uid("FETCH", "1:*", what)
    m.logout()
    return [d for d in data if d]


def test_append():
    d = live.folder("append")
    raw = live.sample_message(2)
    path = os.path.join(d, "one.eml")
    with open(path, "wb") as f:
        f.write(raw)
    got = rows("append", bob(), path, "--flags=\\Seen,\\Flagged", "--date=2024-02-29T12:34:56+01:00")
    equal(len(got), 1)
    check(got[0]["uid"] >= 1 and got[0]["uidvalidity"] >= 1, got)
    data = fetch("INBOX", "(UID FLAGS INTERNALDATE BODY.PEEK[])")
    check(data[0][1] == raw, "what came is not what was sent")
    check(b"\\Flagged" in data[0][0] and b"\\Seen" in data[0][0], data[0][0])
    check(b"29-Feb-2024" in data[0][0] or b"29-Feb-2024" in data[1], data[0][0])
    big = os.path.join(d, "big.eml")
    with open(big, "wb") as f:
        f.write(live.sample_message(25))
    got = rows("append", bob(), path, big)
    equal(len(got), 2)
    equal([len(x[1]) for x in fetch("INBOX", "(UID BODY.PEEK[])") if isinstance(x, tuple)], [len(raw), len(raw), len(live.sample_message(25))])


def test_append_line_ends():
    """A file with LF line ends, as they lie on disks here, arrives with CRLF: a message has no others."""
    path = os.path.join(live.folder("append"), "lf.eml")
    with open(path, "wb") as f:
        f.write(b"Subject: lf\n\nline one\nline two\n")
    tool("mailbox", "create", bob("Lf"))
    tool("append", bob("Lf"), path)
    equal([x[1] for x in fetch("Lf") if isinstance(x, tuple)], [b"Subject: lf\r\n\r\nline one\r\nline two\r\n"])


def test_append_failures():
    tool("append", bob(), "/nonexistent/file.eml", expect=live.NOINPUT)
    path = os.path.join(live.folder("append"), "m.eml")
    with open(path, "wb") as f:
        f.write(b"Subject: x\r\n\r\nx\r\n")
    tool("append", bob("No%20such%20box"), path, expect=live.DATAERR)
    tool("append", bob(), path, "--flags=bad flag", expect=live.USAGE)
    tool("append", bob(), path, "--date=yesterday", expect=live.USAGE)
    tool("append", server.url("pop3s", user="bob"), path, expect=live.USAGE)


def put(mailbox, count):
    """`count` messages in a new mailbox of bob's; their UIDs are 1..count."""
    m = server.imap("bob")
    m.create(mailbox)
    for i in range(1, count + 1):
        m.append(mailbox, "", None, b"Subject: number %d\r\n\r\n%d\r\n" % (i, i))
    m.logout()


def flags_of(mailbox):
    out = {}
    for line in fetch(mailbox, "(UID FLAGS)"):
        uid = int(re.search(rb"UID (\d+)", line)[1])
        out[uid] = sorted(f for f in re.search(rb"FLAGS \(([^)]*)\)", line)[1].decode().split() if f != "\\Recent")
    return out


def test_flag():
    put("Flags", 4)
    tool("flag", bob("Flags"), "1,3:4", "+\\Seen", "+Urgent")
    equal(flags_of("Flags"), {1: ["Urgent", "\\Seen"], 2: [], 3: ["Urgent", "\\Seen"], 4: ["Urgent", "\\Seen"]})
    got = rows("flag", bob("Flags"), "3", "-\\Seen")
    equal([r["uid"] for r in got], [3], got)
    equal(flags_of("Flags")[3], ["Urgent"])
    tool("flag", bob("Flags"), "1", "+\\Answered", "-Urgent")
    equal(flags_of("Flags")[1], ["\\Answered", "\\Seen"])


def test_copy_and_move():
    put("From", 3)
    put("To", 0)
    got = rows("copy", bob("From"), "1:2", "To")
    check(got and "uid" in json.dumps(got), got)
    equal(sorted(flags_of("To")), [1, 2])
    equal(sorted(flags_of("From")), [1, 2, 3])
    tool("move", bob("From"), "3", "To")
    equal(sorted(flags_of("To")), [1, 2, 3])
    equal(sorted(flags_of("From")), [1, 2])
    tool("copy", bob("From"), "1", "No such mailbox", expect=live.DATAERR)
    tool("copy", bob("From"), "99", "To")
    equal(sorted(flags_of("From")), [1, 2])
    tool("mailbox", "create", bob("%C3%84%26%E2%82%AC"))
    tool("copy", bob("From"), "1", "Ä&€")
    equal([r["messages"] for r in rows("status", bob("%C3%84%26%E2%82%AC"))], [1])


def test_delete():
    put("Del", 4)
    m = server.imap("bob")
    m.select("Del")
    m.uid("STORE", "4", "+FLAGS", "(\\Deleted)")
    m.logout()
    tool("delete", bob("Del"), "2:3")
    equal(sorted(flags_of("Del")), [1, 4], "those marked by others stay")


def test_delete_pop3():
    s = live.Dovecot()
    try:
        got = run("--json", *s.tls(), "list", s.url("pop3s")).json()
        run(*s.tls(), "delete", s.url("pop3s"), got[0]["uidl"], got[4]["uidl"])
        left = {r["uidl"] for r in run("--json", *s.tls(), "list", s.url("pop3s")).json()}
        equal(left, {r["uidl"] for r in got} - {got[0]["uidl"], got[4]["uidl"]})
        r = run(*s.tls(), "delete", s.url("pop3s"), "no-such-uidl", expect=live.DATAERR)
        check(r.err, r)
        equal(len(run("--json", *s.tls(), "list", s.url("pop3s")).json()), len(got) - 2)
    finally:
        s.stop()


def names(user="bob"):
    return {r["name"]: r for r in rows("mailboxes", server.url("imaps", user=user))}


def test_mailbox():
    tool("mailbox", "create", bob("Tree/%C3%BCber/%E6%9C%A8"))
    check("Tree/über/木" in names(), names())
    tool("mailbox", "create", bob("Tree/%C3%BCber/%E6%9C%A8"), expect=live.DATAERR)
    tool("mailbox", "subscribe", bob("Tree/%C3%BCber/%E6%9C%A8"))
    check(names()["Tree/über/木"]["subscribed"])
    tool("mailbox", "unsubscribe", bob("Tree/%C3%BCber/%E6%9C%A8"))
    check(not names()["Tree/über/木"]["subscribed"])
    tool("mailbox", "rename", bob("Tree/%C3%BCber/%E6%9C%A8"), "Tree/Wald & Wiese")
    check("Tree/Wald & Wiese" in names() and "Tree/über/木" not in names(), names())
    tool("mailbox", "delete", bob("Tree/Wald%20&%20Wiese"))
    check("Tree/Wald & Wiese" not in names(), names())
    tool("mailbox", "delete", bob("Tree/Wald%20&%20Wiese"), expect=live.DATAERR)


def optional(*args):
    """Runs a command that not every version of the tool has."""
    r = tool(*args, expect=None)
    if r.code == live.USAGE:
        raise live.Skip("no such command: " + args[0])
    r.expect(0)
    return rows(*args)


def test_quota():
    got = optional("quota", URL)
    check(got and "1048576" in json.dumps(got).replace("1073741824", "1048576"), got)
    check(tool("quota", URL).out)


def test_acl():
    put("Shared", 1)
    check("l" in json.dumps(optional("acl", bob("Shared"))), "rights")


def test_metadata():
    optional("metadata", bob("INBOX"))


def wait_for(path, words, seconds=15):
    """Until the file has all the words."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with open(path, "rb") as f:
            data = f.read()
        if all(w in data for w in words):
            return data
        time.sleep(0.05)
    raise live.Failure("after %d s still no %r in %r" % (seconds, words, data))


def watch_while(s, url, work, wanted, seconds=30):
    """Runs `watch` while work() changes things; the events that it told, when all wanted kinds have come."""
    path = os.path.join(live.folder("watch"), "out")
    with open(path, "wb") as out:
        p = subprocess.Popen([live.TOOL, "--password-env=PW", "--json", *s.tls(), "watch", url], stdin=subprocess.DEVNULL, stdout=out,
                             stderr=subprocess.PIPE, env=live.environment())
    try:
        wait_for(path, [b'"exists"'])
        time.sleep(1)  # NOTIFY or IDLE is on its way by then
        work()
        wait_for(path, wanted, seconds)
    finally:
        p.send_signal(signal.SIGTERM)
        err = p.communicate(timeout=20)[1]
    check(p.returncode in (live.OK, live.TEMPFAIL), p.returncode, err)
    with open(path, encoding="utf-8") as f:
        return [json.loads(line) for line in f]


def test_watch_by_notify():
    """NOTIFY tells of new mail with its UID, and of what happens in other mailboxes."""
    s = live.Dovecot("--extensions")
    try:
        m = s.imap()

        def work():
            check(b"NOTIFY" in m.capability()[1][0], "no NOTIFY here")
            m.append("INBOX", "(\\Flagged)", None, b"Subject: new\r\n\r\nnew\r\n")
            m.create("Elsewhere")
            m.append("Elsewhere", "", None, b"Subject: there\r\n\r\nthere\r\n")

        events = watch_while(s, s.url("imaps"), work, [b"Flagged", b'"mailbox":"Elsewhere"', b'"status"'])
        new = [e for e in events if e["event"] == "new" and "\\Flagged" in e["flags"]]
        check(new and new[0].get("uid"), events)
        check([e for e in events if e["event"] == "status" and e["mailbox"] == "Elsewhere" and e.get("messages") == 1], events)
        m.logout()
    finally:
        s.stop()


def test_watch():
    """A message that arrives, a flag that changes, one that goes: all are told as they happen; SIGTERM ends it."""
    put("Watched", 2)
    m = server.imap("bob")
    m.select("Watched")

    def work():
        m.append("Watched", "", None, b"Subject: new\r\n\r\nnew\r\n")
        m.uid("STORE", "1", "+FLAGS", "(\\Flagged)")
        m.uid("STORE", "2", "+FLAGS", "(\\Deleted)")
        m.expunge()

    events = watch_while(server, bob("Watched"), work, [b'"uid":3', b"Flagged", b'"vanished"'])
    m.logout()
    check(all("event" in e for e in events), events)


def test_watch_connects_again():
    """When the line breaks it says so, and when it is back what was missed; a first try that fails is the end."""
    box = keeping.Box(3)
    path = os.path.join(live.folder("again"), "out")
    with keeping.Server(box, "QRESYNC ENABLE IDLE") as s, open(path, "wb") as out:
        p = subprocess.Popen([live.TOOL, "--password-env=PW", "--json", "--security=none", "--allow-cleartext-password", "watch",
                              "imap://alice@127.0.0.1:%d/INBOX" % s.port], stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.PIPE,
                             env=live.environment())
        try:
            wait_for(path, [b'"exists"'])
            with box.lock:
                s.kick()
                box.new(1, ["\\Flagged"])
                box.flag(1, "\\Seen")
                box.expunge(2)
            wait_for(path, [b'"online"'], 30)
        finally:
            p.send_signal(signal.SIGTERM)
            err = p.communicate(timeout=20)[1]
        check(p.returncode == live.TEMPFAIL, p.returncode, err)
    with open(path, encoding="utf-8") as f:
        events = [json.loads(line) for line in f]
    equal([e["event"] for e in events], ["exists", "offline", "vanished", "new", "flags", "online", "exists"], events)
    equal((events[2]["first_uid"], events[2]["missed"], events[3]["uid"], events[4]["uid"]), (2, True, 4, 1), events)
    closed, port = live.closed_port()
    with closed:
        r = tool("--security=none", "watch", "imap://alice@127.0.0.1:%d/INBOX" % port, expect=69)
        check(b"cannot watch INBOX" in r.err, r.err)


def test_watch_goes_on_from_a_file():
    """`--state`: what happened while nobody watched is told; also when the run before was killed."""
    box = keeping.Box(4)
    folder = live.folder("state")
    path, state = os.path.join(folder, "out"), os.path.join(folder, "state")

    def watched(port, wanted, end):
        with open(path, "wb") as out:
            p = subprocess.Popen([live.TOOL, "--password-env=PW", "--json", "--security=none", "--allow-cleartext-password",
                                  "--state=" + state, "watch", "imap://alice@127.0.0.1:%d/INBOX" % port],
                                 stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.PIPE, env=live.environment())
        try:
            wait_for(path, wanted, 30)
            for _ in range(100 if end == signal.SIGKILL else 0):  # it is stored when all is told
                if os.path.exists(state):
                    break
                time.sleep(0.05)
        finally:
            p.send_signal(end)
            err = p.communicate(timeout=20)[1]
        equal(p.returncode, live.TEMPFAIL if end == signal.SIGTERM else -end, err)
        with open(path, encoding="utf-8") as f:
            return [json.loads(line) for line in f]

    with keeping.Server(box, "QRESYNC ENABLE IDLE") as s:
        events = watched(s.port, [b'"exists"'], signal.SIGKILL)
        equal([e["event"] for e in events], ["exists"], events)
        box.new(2)
        box.flag(1, "\\Seen")
        box.flag(3, "{3}\r\na\nb")  # a server may call a keyword what it likes
        box.expunge(2)
        events = watched(s.port, [b'"exists"'], signal.SIGTERM)
        equal([(e["event"], e.get("uid"), e.get("missed")) for e in events],
              [("vanished", None, True), ("new", 5, True), ("new", 6, True), ("flags", 1, True), ("flags", 3, True),
               ("exists", None, None)], events)
        events = watched(s.port, [b'"exists"'], signal.SIGTERM)
        equal([e["event"] for e in events], ["exists"], "all of that was told")
        equal(sorted(os.listdir(folder)), ["out", "state"], "nothing else lies about")
        equal(os.stat(state).st_mode & 0o777, 0o600)
        url = "imap://alice@127.0.0.1:%d/" % s.port
        with open(state, "rb") as f:
            good = f.read()
        check(b"\nuidvalidity 1000\n" in good and b"\nuids 1,3:6\n" in good and b"\nflags 1 \\Seen\n" in good, good)
        r = tool("--security=none", "--state=" + state, "watch", url + "Other", expect=65)
        check(b"another mailbox" in r.err, r.err)
        for bad in (good[:-1], good[:40] + b"x" + good[40:], b"", good.replace(b"1000", b"1001"), b"\0" * 4096):
            with open(state, "wb") as f:
                f.write(bad)
            r = tool("--security=none", "--state=" + state, "watch", url + "INBOX", expect=65)
            check(b"damaged" in r.err, r.err)
            with open(state, "rb") as f:
                equal(f.read(), bad, "it is left as it is")
        tool("--security=none", "--state=" + state, "--tunnel=true", "watch", url + "INBOX", expect=64)
        tool("--security=none", "--state=" + folder, "watch", url + "INBOX", expect=66)


def test_quiet_and_progress():
    """No progress bar where stderr is no terminal."""
    r = tool("download", INBOX, "--to=" + live.folder("down"))
    equal(r.err, b"", "stderr")


def test_unix_socket_and_tunnel():
    """--tunnel: a command's standard input and output are the connection."""
    script = os.path.join(live.folder("tunnel"), "relay.py")
    with open(script, "w") as f:
        f.write("import socket,sys,os,threading\ns=socket.create_connection(('127.0.0.1',int(sys.argv[1])))\n"
                "def up():\n while True:\n  d=os.read(0,65536)\n  if not d: s.shutdown(1); return\n  s.sendall(d)\n"
                "threading.Thread(target=up,daemon=True).start()\n"
                "while True:\n d=s.recv(65536)\n if not d: break\n os.write(1,d)\n")
    command = "%s %s %d" % (sys.executable, script, server.port["imap"])
    got = run("--json", *server.tls(), "--tunnel=" + command, "status", server.url("imap", "INBOX", host="localhost")).json()
    equal(got[0]["messages"], len(live.manifest("INBOX")))
    command = "%s %s %d" % (sys.executable, script, server.port["imaps"])
    run(*server.tls(), "--tunnel=" + command, "status", server.url("imaps", "INBOX", host="localhost"))
    r = run(*server.tls(), "--tunnel=exit 3", "status", server.url("imaps", "INBOX"), expect=None)
    check(r.code in (live.UNAVAILABLE, live.TEMPFAIL, live.PROTOCOL), r)


def socks5(peer, target):
    """The one conversation of RFC 1928 that matters here; afterwards octets go both ways."""
    import socket
    import threading

    def read(n):
        while len(peer.buffer) < n:
            peer.buffer += peer.read()
        out, peer.buffer = peer.buffer[:n], peer.buffer[n:]
        return out

    check(read(1) == b"\5")
    read(read(1)[0])
    peer.send(b"\5\0")
    _, command, _, kind = read(4)
    if kind == 3:
        host = read(read(1)[0]).decode()
    elif kind == 1:
        host = ".".join(str(b) for b in read(4))
    port = int.from_bytes(read(2), "big")
    target.append((host, port))
    out = socket.create_connection(("127.0.0.1", port))
    peer.send(b"\5\0\0\1\0\0\0\0\0\0")

    def back():
        while True:
            data = out.recv(65536)
            if not data:
                peer.conn.shutdown(1)
                return
            peer.conn.sendall(data)

    threading.Thread(target=back, daemon=True).start()
    if peer.buffer:
        out.sendall(peer.buffer)
    while True:
        out.sendall(peer.read())


def test_proxy():
    target = []
    with live.Script(lambda peer: socks5(peer, target)) as s:
        run(*server.tls(), "--proxy=socks5://127.0.0.1:%d" % s.port, "status", INBOX)
        run(*server.tls(), "--proxy=socks5://127.0.0.1:%d" % s.port, "status", POP)
    equal(target, [("127.0.0.1", server.port["imaps"]), ("127.0.0.1", server.port["pop3s"])])
    keep, port = live.closed_port()
    run(*server.tls(), "--proxy=socks5://127.0.0.1:%d" % port, "status", INBOX, expect=live.UNAVAILABLE)
    keep.close()


def test_proxy_http():
    def talk(peer):
        import socket
        import threading

        head = [peer.line()]
        while head[-1]:
            head.append(peer.line())
        verb, where, _ = head[0].decode().split(" ")
        check(verb == "CONNECT")
        out = socket.create_connection(("127.0.0.1", int(where.rpartition(":")[2])))
        peer.send("HTTP/1.1 200 Connection established\r\n\r\n")

        def back():
            while True:
                data = out.recv(65536)
                if not data:
                    peer.conn.shutdown(1)
                    return
                peer.conn.sendall(data)

        threading.Thread(target=back, daemon=True).start()
        while True:
            out.sendall(peer.read())

    with live.Script(talk) as s:
        run(*server.tls(), "--proxy=http://127.0.0.1:%d" % s.port, "status", INBOX)
    with live.Script(lambda p: p.line() and p.send("HTTP/1.1 403 Forbidden\r\n\r\n")) as s:
        r = run(*server.tls(), "--proxy=http://127.0.0.1:%d" % s.port, "status", INBOX, expect=None)
        check(r.code in (live.UNAVAILABLE, live.NOPERM), r)


sys.exit(live.main(globals()))
