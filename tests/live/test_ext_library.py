"""The library driven from Python against Dovecot (library.py): records in, events out, without a word about any of them."""
import sys

import live
from live import check, equal

lib = live.library()
server = live.Dovecot("--extensions")


def test_fetch():
    with lib.imap(server, select="INBOX") as imap:
        got = imap.run("fetch_msgs", ranges="3:4,12", items=lib.ITEM_UID | lib.ITEM_FLAGS | lib.ITEM_ENVELOPE | lib.ITEM_BODYSTRUCTURE,
                       sections=[{"what": lib.PART_HEADER}, {"parts": [1], "offset": 2, "length": 5}])
        messages = got.of("fetch")
        equal([m["uid"] for m in messages], [3, 4, 12])
        m = messages[2]
        equal(m["envelope"]["from"][0]["mailbox"], b"accounts")
        equal([p["subtype"] for p in m["body"]["child"]], [b"plain", b"pdf"])
        equal([s["name"] for s in m["sections"]], [b"HEADER", b"1"])
        equal([s["origin"] for s in m["sections"]], [0, 2])
        raw = live.sample_message(12)
        equal(m["sections"][0]["data"], raw[:raw.index(b"\r\n\r\n") + 4])
        check(b"UID FETCH 3:4,12 " in imap.sent()[-1], imap.sent())


def test_streamed():
    with lib.imap(server, select="INBOX") as imap:
        got = imap.run("fetch_msgs", ranges=[25], items=lib.ITEM_UID, sections=[{}])
        equal(b"".join(got.of("chunk")), live.sample_message(25))
        equal(got.one("fetch")["sections"][0]["streamed"], 1)


def test_append_search_store():
    with lib.imap(server, "bob", "imap", select="INBOX") as imap:
        uids = [imap.append("INBOX", b"Subject: %d\r\n\r\nx\r\n" % i, flags=lib.FLAG_SEEN, keywords=["one", b"two"]) for i in range(3)]
        check(all(uids), uids)
        imap.run("store", ranges=uids[:2], mode=lib.STORE_ADD, flags=lib.FLAG_FLAGGED)
        got = imap.run("search_msgs", keys=[{"kind": lib.KEY_NOT}, {"kind": lib.KEY_FLAGGED}, {"kind": lib.KEY_SUBJECT, "text": "2"}])
        equal([s["ranges"] for s in got.of("search") if s["ranges"]], [[(uids[2], uids[2])]])
        imap.run("store", ranges=uids, mode=lib.STORE_ADD, flags=lib.FLAG_DELETED)
        equal(imap.run("expunge_uids", uids[:1]).of("expunge"), [1])
        equal(imap.call("exists"), 2)


def test_failures():
    with lib.imap(server) as imap:
        equal(imap.run("create", mailbox="INBOX", expect=lib.E_NO).code["id"], lib.CODE_ALREADYEXISTS)
        imap.run("select", mailbox=b"\xff", expect=lib.E_ARG)
        try:
            imap.run("select", mailbox="No such one")
        except live.Failure as e:
            check("select: MLA_E_NO, wanted 0" in str(e), e)
        else:
            raise live.Failure("a failed command counts as good")
        try:
            imap.run("select", mailbox="INBOX", colour=1)
        except live.Failure:
            pass
        else:
            raise live.Failure("a field that no record has is taken")


if __name__ == "__main__":
    sys.exit(live.main(globals()))
