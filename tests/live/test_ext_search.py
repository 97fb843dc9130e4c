"""Searching against Dovecot: results, saved results, contexts, orders and threads, compared with what SEARCH itself says."""
import ctypes
import sys

import live
from live import check, equal

lib = live.library()
server = live.Dovecot("--extensions")


def key(name, **more):
    return dict({"kind": getattr(lib, "KEY_" + name)}, **more)


def numbers(answer):
    """All numbers of an answer's SEARCH events, in order."""
    return [n for s in answer.of("search") for first, last in s["ranges"] for n in range(first, last + 1)]


def test_results():
    with lib.imap(server, select="INBOX") as imap:
        every = numbers(imap.run("search_msgs"))
        check(len(every) > 10, every)
        got = imap.run("search_msgs", results=lib.SEARCH_MIN | lib.SEARCH_MAX | lib.SEARCH_COUNT | lib.SEARCH_ALL).one("search")
        equal([got["min"], got["max"], got["count"]], [every[0], every[-1], len(every)])
        equal(sum(last - first + 1 for first, last in got["ranges"]), len(every))
        equal(numbers(imap.run("search_msgs", keys=[key("YOUNGER", number=1)])), [])
        equal(numbers(imap.run("search_msgs", keys=[key("UIDAFTER", number=every[-3])])), every[-2:])
        equal(numbers(imap.run("search_msgs", keys=[key("UIDBEFORE", number=every[2])])), every[:2])
        equal(numbers(imap.run("search_msgs", keys=[key("NOT"), key("SAVEDBEFORE", year=1990, month=1, day=1)])), every)
        check(imap.run("search_msgs", keys=[key("MODSEQ", number=1)]).of("search")[0]["modseq"] > 0)
        for kind in ("EMAILID", "THREADID", "FILTER", "X_GM_RAW"):
            imap.run("search_msgs", keys=[key(kind, text="x")], expect=lib.E_UNSUPPORTED)
        imap.run("multisearch", sources=[{"kind": lib.SOURCE_PERSONAL}], expect=lib.E_UNSUPPORTED)
        imap.run("uidbatches", size=500, expect=lib.E_UNSUPPORTED)


def overlapping(s, user, scheme):
    """Searches and FETCHes that are queued at once: each gets what it asked for."""
    with lib.imap(s, user, scheme, select="INBOX") as imap:
        while imap.call("exists") < 6:
            imap.append("INBOX", b"Subject: overlapping\r\n\r\nx\r\n")
            imap.run("noop")
        every = numbers(imap.run("search_msgs"))
        tickets = {}
        for first in every[:6]:
            uids = [{"kind": lib.KEY_UIDS, "ranges": "%d:%d" % (first, every[-1])}]
            ticket, rc = imap.ask("search_msgs", results=lib.SEARCH_MIN | lib.SEARCH_ALL, keys=uids)
            equal(rc, 0)
            tickets[ticket] = [n for n in every if n >= first]
        parts = {}
        for what in (lib.PART_HEADER, lib.PART_TEXT):
            ticket, rc = imap.ask("fetch_msgs", ranges=[every[0]], sections=[{"what": what}])
            equal(rc, 0)
            parts[ticket] = "HEADER" if what == lib.PART_HEADER else "TEXT"
        got = imap.collect(max(list(tickets) + list(parts)))
        for e in got:
            if e["event"] == "search":
                equal(e["search"]["min"], tickets[e["ticket"]][0])
                equal([n for a, b in e["search"]["ranges"] for n in range(a, b + 1)], tickets.pop(e["ticket"]))
            elif e["event"] == "fetch" and e["fetch"]["sections"]:
                equal(e["fetch"]["sections"][0]["name"].decode(), parts.pop(e["ticket"]))
        equal((tickets, parts), ({}, {}))


def test_overlapping():
    overlapping(server, "alice", "imaps")


def test_overlapping_cyrus():
    overlapping(live.other("cyrus"), "alice", "imap")


def test_saved():
    with lib.imap(server, "bob", "imap", select="INBOX") as imap:
        uids = [imap.append("INBOX", b"Subject: saved %d\r\n\r\nx\r\n" % i) for i in range(4)]
        imap.run("fetch_msgs", saved=1, items=lib.ITEM_FLAGS, expect=lib.E_STATE)
        imap.run("search_msgs", results=lib.SEARCH_SAVE, keys=[key("SUBJECT", text="saved 2")])
        equal([m["uid"] for m in imap.run("fetch_msgs", saved=1, items=lib.ITEM_UID).of("fetch")], [uids[2]])
        equal(numbers(imap.run("search_msgs", keys=[key("NOT"), key("SAVED")])), uids[:2] + uids[3:])
        imap.run("store", saved=1, mode=lib.STORE_ADD, flags=lib.FLAG_DELETED)
        imap.run("expunge_saved")
        equal(numbers(imap.run("search_msgs")), uids[:2] + uids[3:])


def test_contexts():
    with lib.imap(server, "bob", "imap", select="INBOX") as imap:
        imap.append("INBOX", b"Subject: first\r\n\r\nx\r\n")
        got = imap.run("search_msgs", results=lib.SEARCH_UPDATE | lib.SEARCH_COUNT, keys=[key("UNFLAGGED")])
        equal(imap.call("is_updating", got.ticket), 1)
        with lib.imap(server, "bob", "imap") as other:
            uid = other.append("INBOX", b"Subject: second\r\n\r\nx\r\n")
        news = [e for e in imap.run("noop") if e["event"] == "search"]
        changes = [c for e in news for c in e["search"]["changes"]]
        equal([(c["what"], c["first"], c["last"]) for c in changes], [(lib.CHANGE_ADD, uid, uid)])
        equal({e["ticket"] for e in news}, {got.ticket})
        answer = imap.run("store", ranges=[uid], mode=lib.STORE_ADD, flags=lib.FLAG_FLAGGED) + imap.run("noop")
        changes = [c for e in answer if e["event"] == "search" for c in e["search"]["changes"]]
        equal([(c["what"], c["first"]) for c in changes], [(lib.CHANGE_REMOVE, uid)])
        imap.run("cancel_update", (ctypes.c_uint64 * 1)(got.ticket), 1)
        equal(imap.call("is_updating", got.ticket), 0)


def test_sort_and_thread():
    with lib.imap(server, select="INBOX") as imap:
        sizes = {m["uid"]: m["size"] for m in imap.run("fetch_msgs", ranges="1:*", items=lib.ITEM_UID | lib.ITEM_SIZE).of("fetch")}
        order = [{"by": lib.SORT_SIZE, "reverse": 1}, {"by": lib.SORT_ARRIVAL}]
        got = imap.run("sort", order=order)
        equal(sorted(numbers(got)), sorted(sizes))
        check(got.of("search")[0]["is_sorted"] == 1, got)
        by_size = [sizes[uid] for uid in numbers(got)]
        equal(by_size, sorted(by_size, reverse=True))
        equal(numbers(imap.run("sort", order=order, search={"results": lib.SEARCH_ALL})), numbers(got))
        part = imap.run("sort", order=[{"by": lib.SORT_DISPLAYFROM}], search={"results": lib.SEARCH_COUNT | lib.SEARCH_MIN})
        equal(part.one("search")["count"], len(sizes))
        for algorithm in (lib.THREAD_REFERENCES, lib.THREAD_ORDEREDSUBJECT, lib.THREAD_REFS):
            items = [i for t in imap.run("thread_msgs", algorithm=algorithm).of("thread") for i in t["items"]]
            equal(sorted(i["number"] for i in items if i["number"]), sorted(sizes))
            raw = [bytes(text) for what, text in imap.traffic if b"* THREAD " in bytes(text)]
            check(raw, "no answer to be seen")


if __name__ == "__main__":
    sys.exit(live.main(globals()))
