"""Extensions about messages against Dovecot and Cyrus: conditional changes, coming back to a mailbox, parts, previews,
several messages at once, identifiers, annotations."""
import sys

import live
from live import check, equal

lib = live.library()
server = live.Dovecot("--extensions")

RAW = b"From: a@example.test\r\nSubject: %s\r\nDate: Mon, 7 Feb 1994 21:52:25 -0800\r\n\r\nA few words to look at.\r\n"


def box(imap, name, count=3):
    """A new mailbox with some messages, selected; their UIDs."""
    imap.run("create", mailbox=name)
    uids = [imap.append(name, RAW % (b"%d" % i)) for i in range(count)]
    imap.run("select", mailbox=name)
    return uids


def modseqs(imap, uids):
    return {f["uid"]: f["modseq"] for f in imap.run("fetch_msgs", ranges=uids, items=lib.ITEM_MODSEQ).of("fetch")}


def test_condstore():
    with lib.imap(server, "bob", "imap") as imap:
        uids = box(imap, "condstore")
        imap.run("select", mailbox="condstore", condstore=1)
        before = modseqs(imap, uids)
        equal(sorted(before), uids)
        imap.run("store", ranges=uids[:1], mode=lib.STORE_ADD, flags=lib.FLAG_FLAGGED)
        changed = imap.run("fetch_msgs", ranges=[(1, 0)], items=lib.ITEM_FLAGS, changed_since=max(before.values())).of("fetch")
        equal([f["uid"] for f in changed], uids[:1])
        answer = imap.run("store", ranges=uids, mode=lib.STORE_ADD, flags=lib.FLAG_SEEN, has_unchanged_since=1,
                          unchanged_since=max(before.values()))
        equal((answer.code["atom"], answer.code["source"]), (b"MODIFIED", [(uids[0], uids[0])]))
        seen = imap.run("search_msgs", keys=[{"kind": lib.KEY_SEEN}]).of("search")[0]["ranges"]
        equal([n for a, b in seen for n in range(a, b + 1)], uids[1:])


def test_qresync():
    with lib.imap(server, "bob", "imap") as imap, lib.imap(server, "bob", "imap") as other:
        uids = box(imap, "qresync", 4)
        other.run("select", mailbox="qresync")
        imap.run("select", mailbox="INBOX", modseq=1, uidvalidity=1, expect=lib.E_STATE)
        with lib.imap(server, "bob", "imap") as back:
            back.run("enable", lib.array("mla_str", [b"QRESYNC"]), 1)
            first = back.run("select", mailbox="qresync")
            validity = code(first, b"UIDVALIDITY")
            modseq = code(first, b"HIGHESTMODSEQ")
            other.run("store", ranges=uids[:1], mode=lib.STORE_ADD, flags=lib.FLAG_DELETED)
            other.run("expunge_uids", lib.array("mla_range", uids[:1]), 1)
            other.run("store", ranges=uids[1:2], mode=lib.STORE_ADD, flags=lib.FLAG_FLAGGED)
            back.run("unselect")
            answer = back.run("select", mailbox="qresync", modseq=modseq, uidvalidity=validity)
            gone = [r for e in answer if e["event"] == "vanished" for r in e["search"]["ranges"]]
            equal(gone, [(uids[0], uids[0])])
            equal([f["uid"] for f in answer.of("fetch")], uids[1:2])
            equal({e["ticket"] for e in answer if e["event"] in ("fetch", "vanished")}, {answer.ticket})
            more = back.run("fetch_msgs", ranges=[(1, 0)], items=lib.ITEM_FLAGS, changed_since=modseq, vanished=1)
            equal([r for e in more if e["event"] == "vanished" for r in e["search"]["ranges"]], [(uids[0], uids[0])])


def code(answer, atom):
    """The number of a response code in an untagged OK."""
    return [t["code"]["number"] for t in answer.of("text") if t["code"] and t["code"]["atom"] == atom][0]


def test_items():
    with lib.imap(server, "bob", "imap") as imap:
        uids = box(imap, "items", 1)
        f = imap.run("fetch_msgs", ranges=uids, items=lib.ITEM_PREVIEW | lib.ITEM_SAVEDATE).one("fetch")
        check(b"A few words" in f["more"]["preview"], f)
        check(f["more"]["has_save_date"] and f["more"]["save_date"] > 1600000000, f)
        imap.run("fetch_msgs", ranges=uids, items=lib.ITEM_PREVIEW_LAZY)
        imap.run("fetch_msgs", ranges=uids, items=lib.ITEM_EMAILID, expect=lib.E_UNSUPPORTED)
        imap.run("fetch_msgs", ranges=uids, items=lib.ITEM_GM_LABELS, expect=lib.E_UNSUPPORTED)


def test_binary():
    with lib.imap(server, "bob", "imap") as imap:
        imap.run("create", mailbox="binary")
        uid = imap.append("binary", b"MIME-Version: 1.0\r\nContent-Type: application/octet-stream\r\n"
                          b"Content-Transfer-Encoding: base64\r\n\r\nAAECAwQ=\r\n")
        imap.run("select", mailbox="binary")
        f = imap.run("fetch_msgs", ranges=[uid], sections=[{"parts": [1], "is_size": 1}, {"parts": [1], "is_decoded": 1}]).one("fetch")
        equal(f["more"]["binary_sizes"][0]["size"], 5)
        equal(f["sections"][0]["data"], bytes(range(5)))


def test_append():
    with lib.imap(server, "bob", "imap") as imap:
        imap.run("create", mailbox="many")
        answer = imap.run("append_messages", mailbox="many", messages=[{"data": RAW % b"one", "flags": lib.FLAG_SEEN}, {"data": RAW % b"two"}])
        first, last = answer.code["destination"][0]
        equal(last - first, 1)
        answer = imap.run("append_messages", mailbox="many", messages=[{"parts": [
            {"kind": lib.APPEND_TEXT, "data": b"Subject: joined\r\n"}, {"kind": lib.APPEND_URL, "data": "/many/;UID=%d/;SECTION=TEXT" % first}]}])
        uid = answer.code["destination"][0][0]
        imap.run("select", mailbox="many")
        f = imap.run("fetch_msgs", ranges=[uid], sections=[{}]).one("fetch")
        equal(f["sections"][0]["data"].split(b"\r\n"), [b"Subject: joined", b"A few words to look at.", b""])
        imap.run("replace", number=uid, mailbox="many", message={"data": RAW % b"new"}, expect=lib.E_UNSUPPORTED)
        imap.run("replace", number=uid, mailbox="many", message={"data": RAW % b"new"}, in_steps=1)
        left = imap.run("search_msgs").of("search")[0]["ranges"]
        check(uid not in [n for a, b in left for n in range(a, b + 1)], left)


# ---- Cyrus: what Dovecot has not ---------------------------------------------------------------------------------------------


def test_cyrus_items():
    with lib.imap(live.other("cyrus")) as imap:
        imap.need("OBJECTID")
        uids = box(imap, "cyrus-items", 2)
        for f in imap.run("fetch_msgs", ranges=uids, items=lib.ITEM_EMAILID | lib.ITEM_THREADID).of("fetch"):
            check(f["more"]["email_id"], f)


def test_cyrus_annotations():
    with lib.imap(live.other("cyrus")) as imap:
        imap.need("ANNOTATE-EXPERIMENT-1")
        uids = box(imap, "cyrus-notes", 1)
        imap.run("store", ranges=uids, what=lib.STORE_ANNOTATIONS,
                 annotations=[{"entry": "/comment", "attribute": "value.priv", "value": "mine"}])
        f = imap.run("fetch_msgs", ranges=uids, annotation_entries=["/comment"], annotation_attributes=["value.priv"]).one("fetch")
        equal([(a["entry"], a["attribute"], a["value"]) for a in f["more"]["annotations"]], [(b"/comment", b"value.priv", b"mine")])


if __name__ == "__main__":
    sys.exit(live.main(globals()))
