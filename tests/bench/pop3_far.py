#!/usr/bin/env python3
"""pop3_far.py BUILD_DIR [OPTION...] - 1,000 small messages by POP3 over a long line: how often does the client wait, and how long?

    --rtt LIST       of lines, in ms (default 0,50)   --runs N       runs of each, the median counts (default 3)
    --modes LIST     of plain,tls                     --kind NAME    of corpus.py (default n1000)
    --what LIST      of keep,delete                   --work DIR     as run.py has it
    --programs LIST  of blind,ours,tool,mpop,fetchmail,getmail,curl,etpan
    --memory         instead: the peak memory of the tool with one message of 1 GiB (3 GiB of disk)

"first" is how often the client had waited when it asked for the first message: waiting for the greeting is one, each half of a
TLS handshake is one. "waits" counts them to the end, "ms" is the whole process. `tool` is `mailaccess download`, which calls
fsync for each message; it, mpop, fetchmail and getmail store into a folder
of --to (default /dev/shm, where that costs nothing but the call). `ours` (the library without storing), curl and etpan only read.
All log in by USER and PASS: SCRAM costs two waits more, which the others do not make. `blind` sends log-in, RETR, DELE and QUIT
without looking at any answer, which no client may do that wants to know whether a message is safe; it is the limit. Each run
with delete begins with the whole maildrop. Programs that are not installed are left out (packages fetchmail, getmail6, mpop). Build with
-Dbuildtype=release."""
import argparse
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import corpus
import run

ONLY_READ = ("ours", "curl", "etpan")


class Line:
    def __init__(self, bench, port, one_way):
        self.process = subprocess.Popen([str(bench.bin / "delay_proxy"), str(port), str(one_way), "0", "RETR"],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline())

    def story(self):
        """(waits to the end, waits before RETR or None where nobody can see it)."""
        words = self.process.stdout.readline().split()
        mark = int(words[-2][5:])
        return sum(w.startswith("s:") for w in words), mark if mark >= 0 else None

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Drop:
    """A Dovecot whose maildrop can be filled again."""

    def __init__(self, bench, folder):
        self.server = run.Dovecot(bench, folder)
        self.ca = self.server.ca
        self.maildir = pathlib.Path(self.server.env["MLA_MAILDIR"])
        self.fresh = self.maildir.with_name("fresh")
        subprocess.run(["cp", "-a", str(self.maildir), str(self.fresh)], check=True)

    def fill(self):
        shutil.rmtree(self.maildir)
        subprocess.run(["cp", "-a", str(self.fresh), str(self.maildir)], check=True)

    def left(self):
        return sum(len(list((self.maildir / d).iterdir())) for d in ("cur", "new"))

    def port(self, mode):
        return self.server.at("pop3", mode).port

    def close(self):
        self.server.close()


def fetchmail(to, port, mode, ca, delete):
    rc = to / "rc"
    rc.write_text("poll localhost service %d protocol pop3 user alice password secret fetchall %skeep mda \"cat >>%s/got\" %s\n" % (
        port, "no" if delete else "", to, "ssl sslcertck sslcertfile %s" % ca if mode == "tls" else "sslproto ''"))
    rc.chmod(0o600)
    return ["fetchmail", "-f", str(rc), "--silent", "--nosyslog", "--pidfile", str(to / "pid"), "-i", str(to / "ids")]


def getmail(to, port, mode, ca, delete):
    for d in ("new", "cur", "tmp"):
        (to / "mail" / d).mkdir(parents=True)
    tls = "ca_certs = %s\n" % ca if mode == "tls" else ""
    (to / "getmailrc").write_text("[retriever]\ntype = SimplePOP3%sRetriever\nserver = localhost\nport = %d\nusername = alice\n"
                                  "password = secret\n%s[destination]\ntype = Maildir\npath = %s/mail/\n[options]\nread_all = true\n"
                                  "delete = %s\nverbose = 0\n" % ("SSL" if mode == "tls" else "", port, tls, to,
                                                                  str(bool(delete)).lower()))
    argv = ["getmail", "--getmaildir=" + str(to), "--quiet"]
    if os.getuid() != 0:
        return argv
    for p in (to, *to.rglob("*")):  # it does not deliver as root
        os.chown(p, 65534, 65534)
    return ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] + argv


def mpop(to, port, mode, ca, delete):
    for d in ("new", "cur", "tmp"):
        (to / "mail" / d).mkdir(parents=True)
    rc = to / "rc"
    rc.write_text("account default\nhost localhost\nport %d\nuser alice\npassword secret\nauth user\nkeep %s\nuidls_file %s/uidls\n"
                  "delivery maildir %s/mail\n%s\n" % (
                      port, "off" if delete else "on", to, to,
                      "tls on\ntls_starttls off\ntls_trust_file %s" % ca if mode == "tls" else "tls off"))
    rc.chmod(0o600)
    return ["mpop", "-C", str(rc), "--quiet"]


def tool(bench, to, port, mode, ca, delete):
    argv = [str(bench.build / "examples/mailaccess/mailaccess"), "--password-env=PW", "--quiet", "--ca-file=" + str(ca),
            "--to=" + str(to / "mail"), "--security=" + ("none" if mode == "plain" else mode), "--allow-cleartext-password", "--auth=USER"]
    return argv + (["--delete"] if delete else []) + ["download", "pop3://alice@localhost:%d" % port]


def command(bench, name, to, port, mode, ca, delete, count):
    """What to run; None: it is not here, or cannot do this."""
    if name == "tool":
        return tool(bench, to, port, mode, ca, delete)
    if name == "blind":
        return [sys.executable, str(run.HERE / "blind.py"), "pop3-delete" if delete else "pop3", str(port), mode, str(ca), str(count)]
    if name in ONLY_READ:
        path = bench.program(name, "pop3", mode)
        return [str(path), "pop3", str(port), mode, str(ca), str(count)] if path and not delete else None
    if shutil.which(name) is None:
        return None
    return {"fetchmail": fetchmail, "getmail": getmail, "mpop": mpop}[name](to, port, mode, ca, delete)


def stored(to, name):
    """How many messages are there, where that can be counted."""
    if name == "fetchmail":
        return (to / "got").read_bytes().count(b"\nMessage-ID:")
    files = [p for p in (to / "mail").rglob("*") if p.is_file() and not p.name.startswith(".")] if (to / "mail").exists() else []
    return len(files) if name in ("getmail", "mpop", "tool") else None


def once(bench, drop, line, name, mode, delete, count, where):
    if delete:
        drop.fill()
    with tempfile.TemporaryDirectory(dir=where) as to:
        to = pathlib.Path(to)
        argv = command(bench, name, to, line.port, mode, drop.ca, delete, count)
        if argv is None:
            return None
        env = dict(os.environ, PW="secret", SSL_CERT_FILE=str(drop.ca), HOME=str(to))
        begin = time.monotonic()
        p = subprocess.run(argv, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=env)
        ms = (time.monotonic() - begin) * 1000
        have = stored(to, name) if p.returncode == 0 else None
        waits, first = line.story() if p.returncode == 0 else (0, None)
        if p.returncode != 0 or have not in (None, count) or (delete and drop.left() != 0):
            raise RuntimeError("exit status %d, %s of %d stored, %d left: %s" % (
                p.returncode, have, count, drop.left(), p.stderr.decode(errors="replace")[-300:]))
        return ms, waits, first


def measure(bench, drop, rtt, mode, what, args, count):
    limit = None
    for name in args.programs:
        line = Line(bench, drop.port(mode), rtt // 2)
        slow = name in ("fetchmail", "getmail", "curl", "etpan")  # which wait for each message
        try:
            runs = [once(bench, drop, line, name, mode, what == "delete", count, args.to) for _ in range(1 if slow else args.runs)]
        except RuntimeError as e:
            print("!!! %s: %s" % (name, e), flush=True)
            continue
        finally:
            line.close()
        if runs[0] is None:
            continue
        ms, waits = (statistics.median(r[i] for r in runs) for i in (0, 1))
        limit = ms if name == "blind" else limit
        first = runs[0][2]
        print("%4d ms %-5s %-6s %-9s %5s %7d %9.0f %7s" % (rtt, mode, what, name, "-" if first is None else first, waits, ms,
                                                          "%.2f" % (ms / limit) if limit else "-"), flush=True)


def memory(bench, args):
    """Peak resident size of `mailaccess download` less that of the tool that only starts."""
    folder = bench.work / "g1"
    _, octets = corpus.make("g1", folder)
    drop = Drop(bench, folder)
    try:
        for mode in args.modes:
            with tempfile.TemporaryDirectory(dir=bench.work) as to:
                argv = tool(bench, pathlib.Path(to), drop.port(mode), mode, drop.ca, False)
                peaks = []
                for a in (argv[:1] + ["--version"], argv):
                    out, into = os.pipe()
                    subprocess.run([str(bench.bin / "measure")] + a, check=True, stdout=subprocess.DEVNULL,
                                   env=dict(os.environ, PW="secret"), preexec_fn=lambda into=into: os.dup2(into, 3), close_fds=False)
                    os.close(into)
                    peaks.append(int(os.read(out, 4096).split()[3]))
                    os.close(out)
                size = sum(p.stat().st_size for p in (pathlib.Path(to) / "mail").rglob("*.eml"))
                print("%-5s %d octets stored of %d, peak %d KiB above %d" % (mode, size, octets, peaks[1] - peaks[0], peaks[0]))
    finally:
        drop.close()


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("build", type=pathlib.Path)
    lists = {"modes": "plain,tls", "what": "keep,delete", "rtt": "0,50", "programs": "blind,ours,tool,mpop,fetchmail,getmail,curl,etpan"}
    for name, default in lists.items():
        p.add_argument("--" + name, default=default.split(","), type=lambda s: s.split(","))
    p.add_argument("--runs", type=int, default=3)
    p.add_argument("--kind", default="n1000")
    p.add_argument("--to", default="/dev/shm")
    p.add_argument("--work", type=pathlib.Path)
    p.add_argument("--memory", action="store_true")
    args = p.parse_args()
    subprocess.run(["ninja", "-C", str(args.build), "bench"], check=True, stdout=subprocess.DEVNULL)
    bench = run.Bench(args.build.resolve(), (args.work or args.build / "bench-work").resolve())
    if args.memory:
        memory(bench, args)
        return 0
    folder = bench.work / args.kind
    count, octets = corpus.make(args.kind, folder)
    for name in ("fetchmail", "getmail", "mpop"):
        if name in args.programs and shutil.which(name) is None:
            print("!!! %s is not installed: SKIPPED" % name)
    print("%d messages, %d octets" % (count, octets))
    print("%-7s %-5s %-6s %-9s %5s %7s %9s %7s" % ("line", "mode", "what", "program", "first", "waits", "ms", "ratio"))
    drop = Drop(bench, folder)
    try:
        for rtt in args.rtt:
            for mode in args.modes:
                for what in args.what:
                    measure(bench, drop, int(rtt), mode, what, args, count)
                    drop.fill()
    finally:
        drop.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
