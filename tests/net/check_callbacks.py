#!/usr/bin/env python3
"""Every function that changes a handle is tried in test_callbacks.c."""
import json
import pathlib
import sys

HANDLES = {"mla_imap *", "mla_pop3 *", "mla_session *", "mla_imap_keep *", "mla_collect *"}
LENDS = {"mla_imap_mailbox", "mla_imap_view_message", "mla_imap_view_message_uid", "mla_imap_session",
         "mla_imap_keep_mailbox", "mla_imap_keep_message", "mla_imap_keep_message_uid",
         "mla_imap_keep_imap", "mla_pop3_session"}


def main():
    abi, test = (pathlib.Path(p).read_text(encoding="utf-8") for p in sys.argv[1:3])
    missing = [f["name"] for f in json.loads(abi)["functions"]
               if f["params"] and f["params"][0]["type"] in HANDLES
               and f["name"] not in LENDS and f["name"] + "(" not in test]
    for name in missing:
        print(f"{sys.argv[2]}: {name}() is not tried inside a callback")
    return 1 if missing else 0


sys.exit(main())
