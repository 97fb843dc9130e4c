"""quota, acl, metadata and mailboxes of the tool against Dovecot, and mailboxes against servers that have less."""
import sys

import live
from live import check, equal

server = live.Dovecot("--extensions")
INBOX = server.url("imaps", "INBOX")
ALL = server.url("imaps")


def tool(*args, **how):
    return live.run("--quiet", *server.tls(), *args, **how)


def rows(*args, **how):
    return tool("--json", *args, **how).json()


def test_quota():
    got = rows("quota", ALL)
    storage = [r for r in got if r["resource"] == "STORAGE"][0]
    equal(sorted(storage), ["limit", "resource", "root", "usage"])
    check(0 < storage["usage"] < storage["limit"], storage)
    check("STORAGE" in tool("quota", INBOX).text())
    tool("quota", ALL, "more", expect=live.USAGE)


def test_acl():
    url = server.url("imaps", "Shared%20by%20me")
    tool("mailbox", "create", url)
    tool("acl", url, "bob", "lr")
    tool("acl", url, "bob", "+sw")
    tool("acl", url, "bob", "-w")
    got = {r["identifier"]: r["rights"] for r in rows("acl", url)}
    equal(sorted(got["bob"]), sorted("lrs"))
    check(any(line.split() == ["bob", got["bob"]] for line in tool("acl", url).text().splitlines()))
    tool("acl", url, "bob", "")
    check("bob" not in {r["identifier"] for r in rows("acl", url)})
    tool("acl", url, "bob", expect=live.USAGE)
    tool("acl", url, "bob", "LR", expect=live.USAGE)
    tool("acl", ALL, expect=live.USAGE)
    tool("mailbox", "delete", url)


def test_metadata():
    tool("metadata", INBOX, "/private/comment=mine \x1b[31m", "/private/vendor/test/a=1=2")
    got = {r["entry"]: r["value"] for r in rows("metadata", INBOX)}
    equal((got["/private/comment"], got["/private/vendor/test/a"]), ("mine \x1b[31m", "1=2"))
    text = tool("metadata", INBOX, "/private/comment").text()
    check("\x1b" not in text and "mine" in text, text)
    equal(rows("metadata", INBOX, "/private/comment=", "/private/comment"), [])
    tool("metadata", ALL, "/private/vendor/test/server=x")
    equal(rows("metadata", ALL, "/private/vendor/test/server"), [{"entry": "/private/vendor/test/server", "value": "x"}])
    tool("metadata", INBOX, "comment", expect=live.USAGE)


def test_mailboxes_in_one_round_trip():
    trace = live.folder("trace") + "/trace"
    tool("mailbox", "subscribe", server.url("imaps", "Sent"))
    got = {r["name"]: r for r in rows("--trace=" + trace, "mailboxes", ALL)}
    equal((got["Sent"]["special_use"], got["Sent"]["subscribed"]), ("\\Sent", True))
    with open(trace, encoding="utf-8") as f:
        said = f.read()
    check(said.count(" LIST ") >= 1 and "LSUB" not in said, said)


def test_mailboxes_without_list_extended():
    """LIST and LSUB; a refused LSUB means that nobody knows."""
    for answer, subscribed in (("OK", {"INBOX": False, "a": True}), ("NO", {"INBOX": None, "a": None})):
        def talk(peer):
            peer.send("* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] hello\r\n")
            while True:
                tag, verb = peer.line().decode().split(" ")[:2]
                said = {"LIST": '* LIST () "/" INBOX\r\n* LIST () "/" a\r\n', "LOGOUT": "* BYE bye\r\n",
                        "CAPABILITY": "* CAPABILITY IMAP4rev1\r\n", "LSUB": '* LSUB () "/" a\r\n' if answer == "OK" else ""}
                peer.send("%s%s %s done\r\n" % (said.get(verb, ""), tag, answer if verb == "LSUB" else "OK"))
                if verb == "LOGOUT":
                    return

        with live.Script(talk) as script:
            got = live.run("--json", "--security=none", "--allow-cleartext-password", "mailboxes", "imap://alice@127.0.0.1:%d/" % script.port).json()
        equal({r["name"]: r.get("subscribed") for r in got}, subscribed)


if __name__ == "__main__":
    sys.exit(live.main(globals()))
