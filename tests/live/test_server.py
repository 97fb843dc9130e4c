"""The private Dovecot itself: it starts, answers, stops, and keeps its hands off everything else."""
import os
import socket
import ssl
import subprocess
import sys
import time

import live
from live import check, equal

SCRIPT = live.Dovecot.SCRIPT


def script(*args, env=None):
    return subprocess.run([SCRIPT, *args], stdin=subprocess.DEVNULL, capture_output=True, timeout=120, env=env)


def answers(host, port):
    try:
        socket.create_connection((host, port), timeout=5).close()
        return True
    except OSError:
        return False


def pid_of(server):
    with open(os.path.join(server.dir, "pid")) as f:
        return int(f.read())


def test_two_at_a_time():
    a, b = live.Dovecot(), live.Dovecot(empty=True)
    try:
        equal(len(set(a.port.values()) | set(b.port.values())), 8, "ports of their own")
        equal(len(a.imap().list()[1]), 14)
        equal(len(b.imap().list()[1]), 1)
        a.stop()
        check(not any(answers(a.host, p) for p in a.port.values()), "still answers")
        check(all(answers(b.host, p) for p in b.port.values()), "the other one stopped too")
    finally:
        a.stop()
        b.stop()


def test_stop_is_complete():
    s = live.Dovecot(empty=True)
    m = s.imap()
    pid = pid_of(s)
    with open("/proc/%d/task/%d/children" % (pid, pid)) as f:
        children = [int(c) for c in f.read().split()]
    check(children, "no children")
    began = time.monotonic()
    s.stop()
    check(time.monotonic() - began < 10, "stopping took long")
    end = time.monotonic() + 5
    left = [pid, *children]
    while left and time.monotonic() < end:
        left = [p for p in left if os.path.exists("/proc/%d/cmdline" % p) and open("/proc/%d/cmdline" % p).read()]
        time.sleep(0.05)
    check(not left, "still running:", left)
    check(not os.path.exists(os.path.join(s.dir, "env")), "env is still there")
    equal(script("stop", s.dir).returncode, 0, "a second stop")
    m.sock.close()


def test_status_and_restart():
    s = live.Dovecot()
    try:
        equal(script("status", s.dir).returncode, 0, "status")
        p = script("start", s.dir)
        check(p.returncode == 1 and b"already running" in p.stderr, p)
        check(answers(s.host, s.port["imap"]), "the second start spoiled the first")
        s.stop()
        equal(script("status", s.dir).returncode, 1, "status after stop")
        p = script("start", s.dir)
        equal((p.returncode, p.stderr), (0, b""), "start again")
    finally:
        script("stop", s.dir)


def test_stale_pid_is_left_alone():
    """A pid file from before a reboot may name anybody's process."""
    other = subprocess.Popen(["sleep", "60"])
    d = live.folder("stale")
    try:
        with open(os.path.join(d, "pid"), "w") as f:
            f.write("%d\n" % other.pid)
        equal(script("stop", d).returncode, 0)
        check(other.poll() is None, "somebody else's process was killed")
    finally:
        other.kill()
        other.wait()


def test_certificate():
    s = live.Dovecot(empty=True)
    try:
        for host in ("127.0.0.1", "localhost"):
            context = ssl.create_default_context(cafile=s.ca)
            with socket.create_connection((s.host, s.port["imaps"]), timeout=10) as c:
                context.wrap_socket(c, server_hostname=host).close()
    finally:
        s.stop()


def test_extensions():
    """What --extensions is for is really there."""
    s = live.Dovecot("--extensions")
    try:
        m = s.imap()
        names = b"\n".join(m._simple_command("LIST", '""', "*", "RETURN", "(SPECIAL-USE)") and m.response("LIST")[1])
        for use in (b"Sent", b"Drafts", b"Trash", b"Junk", b"Archive"):
            check(b"\\" + use in names, use, "is missing in", names)
        equal(m.create("Team")[0], "OK")
        equal(m.setacl("Team", "bob", "lrswi")[0], "OK")
        equal(m.append("Public/Board", None, None, b"Subject: x\r\n\r\nx\r\n")[0], "OK")
        check(b'"shared/"' in m.namespace()[1][0], m.namespace())
        bob = s.imap("bob")
        for name in ("shared/alice/Team", "Public/Board"):
            equal(bob.select(name)[0], "OK", name)
        bob.logout()
        m.logout()
    finally:
        s.stop()


def test_deep_folder():
    """Sockets have short names only; a deep folder works all the same."""
    d = os.path.join(live.folder("deep"), "x" * 60, "a folder with spaces", "y" * 60)
    p = script("start", d)
    try:
        equal((p.returncode, p.stderr), (0, b""), "start")
        equal(script("status", d).returncode, 0, "status")
    finally:
        equal(script("stop", d).returncode, 0, "stop")
    check(os.path.isdir(os.path.join(d, "home", "alice", "Maildir")), "the mail is gone")


def test_usage():
    for args in ([], ["start"], ["dance", "/tmp"], ["start", "/tmp/x", "--no-such"], ["start", "/tmp/x", "--mail"],
                 ["start", "/tmp/x", "--mail", "eve=/tmp"], ["start", "/tmp/x", "--cert", "/etc/passwd"]):
        equal(script(*args).returncode, 64, " ".join(args))


if __name__ == "__main__":
    live.TOOL = live.TOOL or "/bin/true"  # this one needs no tool
    sys.exit(live.main(globals()))
