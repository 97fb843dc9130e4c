#!/usr/bin/env python3
"""mailaccess_demo.py imap|pop3 HOST PORT tls|starttls|none USER [CA_FILE] - lists the mail in INBOX, through ctypes.

The password is read from MLA_PASSWORD. Exit status 0, or 1 and the error."""
import os
import sys

import mailaccess


def by_imap(**where):
    with mailaccess.Imap(**where) as imap:
        print("mailboxes: " + ", ".join(sorted(imap.mailboxes())))
        print("messages: %d" % imap.select("INBOX"))
        for m in imap.fetch("1:*", body=True):
            print("%d %d %s %r (%d octets read)" % (m["uid"], m["size"], ",".join(m["from"]), m["subject"], len(m["text"])))


def by_pop3(**where):
    with mailaccess.Pop3(**where) as pop3:
        names = pop3.uidls()
        print("messages: %d" % len(names))
        for number, size in pop3.sizes().items():
            print("%d %d %s (%d octets read)" % (number, size, names[number], len(pop3.retrieve(number))))


def main():
    if len(sys.argv) not in (6, 7):
        sys.exit(__doc__)
    protocol, host, port, security, user = sys.argv[1:6]
    where = {"host": host, "port": int(port), "security": security, "user": user, "wait_ms": 30000,
             "password": os.environ.get("MLA_PASSWORD", ""), "cleartext_password": security == "none"}
    if len(sys.argv) == 7:
        where["ca_file"] = sys.argv[6]
    try:
        {"imap": by_imap, "pop3": by_pop3}[protocol](**where)
    except mailaccess.Error as e:
        print("%s: %s" % (e.name, e), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
