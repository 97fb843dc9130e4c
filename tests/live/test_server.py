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


def descendants(pid):
    """The processes under this one."""
    out = []
    try:
        with open("/proc/%d/task/%d/children" % (pid, pid)) as f:
            children = [int(c) for c in f.read().split()]
    except OSError:
        return out
    for c in children:
        out += [c, *descendants(c)]
    return out


def alive(pids):
    """Those that are more than a zombie; waits some seconds for them to end."""
    end = time.monotonic() + 20
    while True:
        left = []
        for p in pids:
            try:
                with open("/proc/%d/cmdline" % p) as f:
                    left += [p] if f.read() else []
            except OSError:
                pass
        if not left or time.monotonic() > end:
            return left
        time.sleep(0.1)


def stops(name):
    """A session is open while the server is told to stop: nothing of it stays, nor anything that it mounted."""
    s = live.other(name)
    m = s.imap()
    m.select("INBOX")
    pids = [pid_of(s), *descendants(pid_of(s))]
    check(len(pids) > 2, "no processes", pids)
    s.stop()
    m.sock.close()
    equal(alive(pids), [], "still running")
    with open("/proc/mounts") as f:
        check(s.dir not in f.read(), "something is still mounted")


def test_cyrus_stops():
    stops("cyrus")


def test_mailutils_stops():
    stops("mailutils")


def test_courier_stops():
    stops("courier")


def test_killed_test_leaves_nothing():
    """SIGKILL leaves a test no time to end its servers: the watchdog does."""
    program = "import live, time\ns = live.Dovecot(empty=True)\nm = s.imap()\nprint(s.dir, flush=True)\ntime.sleep(60)\n"
    p = subprocess.Popen([sys.executable, "-c", program], cwd=os.path.dirname(os.path.abspath(__file__)), stdin=subprocess.DEVNULL,
                         stdout=subprocess.PIPE)
    where = p.stdout.readline().decode().strip()
    check(where, "no server")
    with open(os.path.join(where, "pid")) as f:
        pid = int(f.read())
    pids = [pid, *descendants(pid)]
    p.kill()
    p.communicate()
    equal(alive(pids), [], "still running")
    end = time.monotonic() + 10
    while os.path.exists(os.path.dirname(where)) and time.monotonic() < end:
        time.sleep(0.1)
    check(not os.path.exists(os.path.dirname(where)), "its folder is still there")


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
