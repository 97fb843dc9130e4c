"""Access rights, quotas, metadata, namespaces, extended lists: what imap_admin.h has, against Dovecot and Cyrus."""
import ctypes
import sys

import live
from live import check, equal

lib = live.library()
server = live.Dovecot("--extensions")


def pairs(strings):
    """name, value, name, value ... as a dict."""
    return dict(zip(strings[::2], strings[1::2]))


def chain(first):
    """What hangs together by `next`; None is an empty list."""
    return first or []


def test_id():
    with lib.imap(server) as imap:
        imap.need("ID")
        equal(pairs(imap.run("id").one("identity")["fields"])[b"name"], b"Dovecot")
        check(b"\"libmailaccess\"" in imap.sent()[-1], imap.sent())
        imap.run("id", is_nil=1)
        imap.run("id", fields=["name", "Bärbel", "os", None])
        imap.run("id", fields=["name"] * 3, expect=lib.E_ARG)


def test_namespace():
    with lib.imap(server) as imap:
        n = imap.run("namespace").one("namespaces")
        equal([(e["prefix"], e["delimiter"]) for e in chain(n["personal"])], [(b"", ord("/"))])
        equal([e["prefix"] for e in chain(n["other"])], [b"shared/"])
        equal([e["prefix"] for e in chain(n["shared"])], [b"Public/"])


def test_acl():
    with lib.imap(server) as imap:
        imap.need("ACL")
        imap.run("create", mailbox="Team")
        imap.run("setacl", mailbox="Team", identifier="bob", rights="lr")
        imap.run("setacl", mailbox="Team", identifier="bob", rights="sw", mode=lib.ACL_ADD)
        imap.run("setacl", mailbox="Team", identifier="bob", rights="w", mode=lib.ACL_REMOVE)
        acl = imap.run("getacl", mailbox="Team").one("acl")
        equal(acl["name"], b"Team")
        equal(sorted(pairs(acl["entries"])[b"bob"].decode()), sorted("lrs"))
        options = imap.run("listrights", mailbox="Team", identifier="bob").one("list_rights")
        check(b"l" in b"".join(options["options"]) + options["required"], options)
        mine = imap.run("myrights", mailbox="Team").one("my_rights")
        check(mine["rights"] & lib.RIGHT_ADMIN and mine["rights"] & lib.RIGHT_EXPUNGE, mine)
        with lib.imap(server, "bob") as bob:
            theirs = bob.run("myrights", mailbox="shared/alice/Team").one("my_rights")
            equal(theirs["rights"], lib.RIGHT_LOOKUP | lib.RIGHT_READ | lib.RIGHT_SEEN)
        imap.run("deleteacl", mailbox="Team", identifier="bob")
        check(b"bob" not in pairs(imap.run("getacl", mailbox="Team").one("acl")["entries"]))
        imap.run("delete", mailbox="Team")


def test_quota():
    with lib.imap(server) as imap:
        imap.need("QUOTA")
        got = imap.run("getquotaroot", mailbox="INBOX")
        roots = got.one("quota_root")["roots"]
        check(roots, got)
        quota = got.one("quota")
        equal(quota["root"], roots[0])
        kinds = {r["kind"]: r for r in chain(quota["resources"])}
        check(kinds[lib.QUOTA_STORAGE]["limit"] > 0, quota)
        equal(imap.run("getquota", root=roots[0]).one("quota")["root"], roots[0])
        imap.run("setquota", root=roots[0], limits=[{"kind": lib.QUOTA_STORAGE, "limit": 1}], expect=lib.E_NO)
        imap.run("getquota", root="no such root", expect=lib.E_NO)


def test_metadata():
    with lib.imap(server) as imap:
        imap.need("METADATA")
        value = b"two\r\nlines, \xc3\xa4 and \"quotes\""
        imap.run("setmetadata", mailbox="INBOX", entries=["/private/comment", value, "/private/vendor/test/a", "1"])
        got = imap.run("getmetadata", mailbox="INBOX", entries=["/private/comment"])
        equal(pairs(got.one("metadata")["entries"]), {b"/private/comment": value})
        got = imap.run("getmetadata", mailbox="INBOX", entries=["/private/vendor"], depth=lib.DEPTH_INFINITY)
        equal(pairs(got.one("metadata")["entries"]), {b"/private/vendor/test/a": b"1"})
        got = imap.run("getmetadata", mailbox="INBOX", entries=["/private/comment"], max_size=5)
        equal((got.code["id"], got.code["number"]), (lib.CODE_METADATA_LONGENTRIES, len(value)))
        imap.run("setmetadata", mailbox="INBOX", entries=["/private/comment", None])
        got = imap.run("getmetadata", mailbox="INBOX", entries=["/private/comment"])
        equal([m["entries"][1] for m in got.of("metadata")], [None])
        imap.run("setmetadata", entries=["/private/vendor/test/server", "x"])
        equal(pairs(imap.run("getmetadata", entries=["/private/vendor/test/server"]).one("metadata")["entries"]),
              {b"/private/vendor/test/server": b"x"})


def test_list():
    with lib.imap(server) as imap:
        imap.need("LIST-EXTENDED")
        imap.run("subscribe", mailbox="Sent")
        got = imap.run("list_mailboxes", pattern="*", returns=lib.RETURN_SUBSCRIBED | lib.RETURN_SPECIAL_USE | lib.RETURN_STATUS,
                       status_items=lib.STATUS_MESSAGES | lib.STATUS_SIZE)
        sent = [m for m in got.of("list") if m["name"] == b"Sent"][0]
        check(sent["attributes"] & lib.MBOX_SENT and sent["attributes"] & lib.MBOX_SUBSCRIBED, sent)
        inbox = [m for m in got.of("status") if m["name"] == b"INBOX"][0]
        check(inbox["messages"] > 20 and inbox["size"] > 1000, inbox)
        check(all(e["ticket"] == got.ticket for e in got if e["event"] in ("list", "status")), got)
        equal(len([line for line in imap.sent() if b"LIST" in line]), 1)
        names = [m["name"] for m in imap.run("list_mailboxes", selections=lib.SELECT_SPECIAL_USE).of("list")]
        check(b"Sent" in names and b"INBOX" not in names, names)
        names = [m["name"] for m in imap.run("list_mailboxes", patterns=["INBOX", "Se%"]).of("list")]
        equal(sorted(names), [b"INBOX", b"Sent"])
        imap.run("create", mailbox="up/down")
        imap.run("subscribe", mailbox="up/down")
        up = imap.run("list_mailboxes", pattern="%", selections=lib.SELECT_SUBSCRIBED | lib.SELECT_RECURSIVEMATCH).of("list")
        equal([m["child_info"] for m in up if m["name"] == b"up"], [lib.CHILD_SUBSCRIBED])
        imap.run("list_mailboxes", returns=lib.RETURN_METADATA, metadata=["/private/comment"], expect=lib.E_UNSUPPORTED)


# ---- Cyrus: what Dovecot has not --------------------------------------------------------------------------------------------


def test_cyrus_lists():
    with lib.imap(live.other("cyrus")) as imap:
        imap.run("setmetadata", mailbox="INBOX", entries=["/private/comment", "mine"])
        got = imap.run("list_mailboxes", returns=lib.RETURN_MYRIGHTS | lib.RETURN_METADATA | lib.RETURN_STATUS,
                       metadata=["/private/comment"], status_items=lib.STATUS_MESSAGES | lib.STATUS_SIZE)
        rights = [m for m in got.of("my_rights") if m["name"] == b"INBOX"][0]
        check(rights["rights"] & lib.RIGHT_READ, rights)
        values = [m for m in got.of("metadata") if m["name"] == b"INBOX"][0]
        equal(pairs(values["entries"]), {b"/private/comment": b"mine"})
        status = [m for m in got.of("status") if m["name"] == b"INBOX"][0]
        equal(status["fields"], lib.STATUS_MESSAGES | lib.STATUS_SIZE)
        check(all(e["ticket"] == got.ticket for e in got if e["event"] in ("myrights", "metadata", "status")), got)
        # within LIST this server writes the identifier from memory that it has freed
        check(imap.run("status_mailbox", mailbox="INBOX", items=lib.STATUS_MAILBOXID).one("status")["mailbox_id"])


def test_cyrus_values_of_capabilities():
    with lib.imap(live.other("cyrus")) as imap:
        imap.run("capability")
        limit = ctypes.c_uint64()
        equal((imap.call("append_limit", ctypes.byref(limit)), limit.value), (1, 4294967295))
        equal(imap.call("capability_value", b"rights=", 0), b"kxten")


def test_cyrus_create():
    with lib.imap(live.other("cyrus")) as imap:
        imap.need("CREATE-SPECIAL-USE")
        got = imap.run("create", mailbox="Kept", special_use=lib.MBOX_ARCHIVE)
        equal(got.code["id"], lib.CODE_MAILBOXID)
        check(got.code["text"], got.code)
        kept = imap.run("list_mailboxes", pattern="Kept", returns=lib.RETURN_SPECIAL_USE).one("list")
        check(kept["attributes"] & lib.MBOX_ARCHIVE, kept)


def test_cyrus_quota():
    cyrus = live.other("cyrus")
    with lib.imap(cyrus, cyrus.env["MLA_ADMIN"]) as admin:
        admin.need("QUOTA")
        theirs = "user/" + cyrus.user
        admin.run("setquota", root=theirs, limits=[{"kind": lib.QUOTA_STORAGE, "limit": 1 << 20}, {"kind": lib.QUOTA_MESSAGE, "limit": 9},
                                                   {"kind": lib.QUOTA_OTHER, "name": "X-NUM-FOLDERS", "limit": 50}])
        with lib.imap(cyrus) as imap:
            got = chain(imap.run("getquotaroot", mailbox="INBOX").one("quota")["resources"])
            limits = {r["name"]: r["limit"] for r in got}
            equal((limits[b"STORAGE"], limits[b"MESSAGE"], limits[b"X-NUM-FOLDERS"]), (1 << 20, 9, 50))


def test_cyrus_unauthenticate():
    """A21: another user on the same connection."""
    cyrus = live.other("cyrus")
    with lib.imap(cyrus, cyrus.env["MLA_ADMIN"]) as imap:
        imap.run("capability")
        imap.need("UNAUTHENTICATE")
        imap.run("unauthenticate")
        equal(imap.call("state"), lib.STATE_NOT_AUTHENTICATED)
        equal(imap.call("capability_count") == 0 or not imap.has("UNAUTHENTICATE"), True)
        imap.run("authenticate", credentials={"user": cyrus.user, "password": live.PASSWORD})
        imap.run("select", mailbox="INBOX")


if __name__ == "__main__":
    sys.exit(live.main(globals()))
