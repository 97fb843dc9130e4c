"""The examples of event loops, each against a private Dovecot: news, several sessions, and ending at any moment."""
import os
import select
import socket
import subprocess
import time

import live
from live import check, equal

server = live.Dovecot()
PROGRAMS = os.environ["MLA_EXAMPLES"]
ALL = ["epoll", "poll", "libuv", "glib", "libev", "none"]
LOOPS = [name for name in ALL if os.path.exists(os.path.join(PROGRAMS, "loop_" + name))]
LEFT_OUT = [name for name in ALL if name not in LOOPS]
drops = 0


def start(loop, *mailboxes, port=None, password=live.PASSWORD):
    env = dict(os.environ, MAIL_PASSWORD=password, MAIL_PORT=str(port or server.env["MLA_IMAPS_PORT"]),
               MAIL_CA_FILE=server.env["MLA_CA_FILE"], G_DEBUG="fatal-warnings")
    return subprocess.Popen([os.path.join(PROGRAMS, "loop_" + loop), "localhost", "alice", *mailboxes], stdin=subprocess.PIPE,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env)


def lines_until(p, wanted, seconds=60):
    by, text = time.monotonic() + seconds, ""
    while not all(w in text for w in wanted):
        ready = select.select([p.stdout], [], [], max(0, by - time.monotonic()))[0]
        more = os.read(p.stdout.fileno(), 65536).decode("utf-8") if ready else ""
        if not more:
            p.kill()
            raise live.Failure("%s: wanted %s, got %r, %r" % (p.args[0], wanted, text, p.stderr.read()))
        text += more


def end(p, seconds=30):
    """Closes its input; what it says and its status."""
    p.stdin.close()
    p.stdin = None
    try:
        out, err = p.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        p.kill()
        raise live.Failure("%s did not end: %s" % (p.args[0], p.communicate()))
    return p.returncode, err.decode("utf-8")


def messages():
    return len(live.manifest("INBOX")) + drops


def test_each_tells_news_of_two_mailboxes_and_ends_when_told():
    global drops
    programs = {name: start(name, "INBOX", "Empty") for name in LOOPS}
    try:
        for p in programs.values():
            lines_until(p, ["INBOX: %d messages" % messages(), "Empty: 0 messages"])
        server.drop(live.sample_message(1), "1700000000.loop%d.test" % drops)
        drops += 1
        for p in programs.values():
            lines_until(p, ["INBOX: %d messages" % messages()])
        for name, p in programs.items():
            equal(end(p), (0, ""), name)
    finally:
        for p in programs.values():
            p.kill()
            p.communicate()


def test_all_of_them_are_there():
    if LEFT_OUT:
        raise live.Skip("not installed when this was built: %s" % ", ".join(LEFT_OUT))


def test_each_survives_that_one_of_its_sessions_fails():
    for name in LOOPS:
        p = start(name, "Empty", "No such mailbox")
        try:
            lines_until(p, ["Empty: 0 messages"])
            check(select.select([p.stderr], [], [], 60)[0], name)
            status, err = end(p)
        finally:
            p.kill()
            p.communicate()
        equal(status, 0, (name, err))
        check("No such mailbox: " in err and err.count("\n") == 1, (name, err))


def test_each_ends_by_itself_when_all_its_sessions_have_failed():
    for name in LOOPS:
        if name == "none":
            continue  # it has no one place that knows
        p = start(name, "Empty", "INBOX", password="not this one")
        try:
            p.wait(60)  # its input stays open
        finally:
            p.kill()
            err = p.communicate()[1].decode()
        equal(p.returncode, 75, (name, err))
        equal(err.count("refused"), 2, (name, err))


def test_each_ends_at_once_while_it_connects():
    silent = socket.socket()
    silent.bind(("127.0.0.1", 0))
    silent.listen(64)  # it takes connections and never says a word
    try:
        programs = {name: start(name, "A", "B", port=silent.getsockname()[1]) for name in LOOPS}
        time.sleep(0.3)
        for name, p in programs.items():
            equal(end(p, 10), (0, ""), name)
    finally:
        silent.close()


def test_each_ends_at_any_moment():
    for wait in (0, 0.002, 0.01, 0.03):
        programs = {name: start(name, "INBOX", "Empty") for name in LOOPS}
        time.sleep(wait)
        for name, p in programs.items():
            equal(end(p), (0, ""), (name, wait))


live.main(globals())
