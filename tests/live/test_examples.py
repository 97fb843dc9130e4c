"""The small example programs against a private Dovecot: blocking, and waiting by IDLE."""
import os
import select
import subprocess
import time

import live
from live import check, equal
from name_server import NameServer

server = live.Dovecot()
PROGRAMS = os.environ["MLA_EXAMPLES"]


def environment(protocol):
    env = dict(os.environ)
    env.update(MAIL_PASSWORD=live.PASSWORD, MAIL_PORT=server.env["MLA_IMAPS_PORT"], MAIL_CA_FILE=server.env["MLA_CA_FILE"],
               MLA_PASSWORD=live.PASSWORD, MLA_PORT=server.env["MLA_POP3S_PORT"], MLA_CA_FILE=server.env["MLA_CA_FILE"])
    return env


def start(name, *args):
    return subprocess.Popen([os.path.join(PROGRAMS, name), *args], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, env=environment(name), text=True)


def end(p, seconds=60):
    try:
        return p.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        p.kill()
        raise live.Failure("%s did not end: %s" % (p.args[0], p.communicate()))


def lines_until(p, wanted, seconds=60):
    """Reads lines until each of `wanted` came, and returns them; the program is ended at the deadline."""
    by, text = time.monotonic() + seconds, ""
    while not all(w in text for w in wanted):
        ready = select.select([p.stdout], [], [], max(0, by - time.monotonic()))[0]
        more = os.read(p.stdout.fileno(), 65536).decode("utf-8") if ready else ""
        if not more:
            p.kill()
            raise live.Failure("wanted %s, got %r, %r" % (wanted, text, p.stderr.read()))
        text += more
    return text


def test_imap_fetch_blocks_and_gets_every_message():
    to, secret = live.folder("fetched"), os.path.join(live.folder("secret"), "password")
    with open(secret, "w", encoding="utf-8") as f:
        f.write(live.PASSWORD + "\n")
    p = start("imap_fetch", "localhost", "alice", secret, "INBOX", to, server.env["MLA_CA_FILE"], server.env["MLA_IMAPS_PORT"])
    out, err = end(p)
    equal((p.returncode, err), (0, ""), "imap_fetch")
    want = sorted(live.sample_message(i + 1) for i in range(len(live.manifest("INBOX"))))
    got = []
    for name in os.listdir(to):
        with open(os.path.join(to, name), "rb") as f:
            got.append(f.read())
    check(sorted(got) == want, "%d files, not the %d messages that were put in" % (len(got), len(want)))


def test_pop3_fetch_blocks_and_gets_every_message():
    to = live.folder("fetched")
    p = start("pop3_fetch", "localhost", "alice", to)
    out, err = end(p)
    equal((p.returncode, err), (0, ""), "pop3_fetch")
    want = sorted(live.sample_message(i + 1) for i in range(len(live.manifest("INBOX"))))
    got = []
    for name in os.listdir(to):
        with open(os.path.join(to, name), "rb") as f:
            got.append(f.read())
    check(sorted(got) == want, "%d files, not the %d messages that were put in" % (len(got), len(want)))


def test_pop3_collect_gets_every_message_once():
    to = live.folder("collected")
    count = len(live.manifest("INBOX"))
    for new in (count, 0):
        out, err = end(start("pop3_collect", "localhost", "alice", to))
        equal((out, err), ("%d messages, %d new, 0 deleted\n" % (count, new), ""), "pop3_collect")
    got = []
    for name in os.listdir(to):
        if name != ".seen":
            with open(os.path.join(to, name), "rb") as f:
                got.append(f.read())
    equal(sorted(got), sorted(live.sample_message(i + 1) for i in range(count)), "messages")


def discover(table, *address, typed=""):
    with NameServer(table) as ns:
        p = subprocess.Popen([os.path.join(PROGRAMS, "discover"), *address], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE, text=True,
                             env=dict(environment("imap"), MAIL_NAME_SERVER=str(ns.port)))
        out, err = p.communicate(typed, timeout=60)
        return p.returncode, out, err


def test_discover_goes_from_an_address_to_unread_mail():
    imaps, imap = [("_%s._tcp.mail.test" % s, "SRV") for s in ("imaps", "imap")]
    port = int(server.env["MLA_IMAPS_PORT"])
    table = {imaps: [(5, 1, 1, "localhost"), (10, 1, port, "localhost")], imap: "fail"}
    code, out, err = discover(table, "alice@mail.test", typed="y\ny\n")
    equal(code, 0, err)
    check("Is localhost your provider's?" in out and "alice at localhost: " in out and " unread" in out, out)
    check("_imap._tcp.mail.test: " in err and "localhost: " in err, "a failed question and a dead server are said", err)
    code, out, err = discover(table, "alice@mail.test", typed="n\nn\n")
    check(code == 1 and "unread" not in out, "no password goes to a host that was not confirmed", out, err)
    equal(discover({}, "alice")[0], 1)
    equal(discover({})[0], 64)


def test_imap_idle_tells_news_and_ends():
    p = start("imap_idle", "localhost", "alice", "INBOX", "1")
    lines_until(p, ["INBOX is open"])
    server.drop(live.sample_message(1), "1700000001.idle.test")
    got = lines_until(p, [" messages"])
    out, err = end(p)
    equal((p.returncode, err), (0, ""), got)


def test_imap_keep_tells_what_was_missed_and_ends():
    p = start("imap_keep", "localhost", "alice", "INBOX", "1")
    lines_until(p, ["online: "])
    server.drop(live.sample_message(1), "1700000002.keep.test")
    got = lines_until(p, ["new "])
    out, err = end(p)
    equal((p.returncode, err), (0, ""), got)


def test_a_wrong_password_is_said_plainly():
    p = subprocess.run([os.path.join(PROGRAMS, "imap_idle"), "localhost", "alice", "INBOX", "1"], capture_output=True, text=True,
                       stdin=subprocess.DEVNULL, env=dict(environment("x"), MAIL_PASSWORD="not this one"), timeout=60)
    equal(p.returncode, 1, p.stderr)
    check("the log-in was refused" in p.stderr, p.stderr)
    check("not this one" not in p.stderr, p.stderr)


live.main(globals())
