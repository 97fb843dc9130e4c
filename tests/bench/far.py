#!/usr/bin/env python3
"""far.py BUILD_DIR [OPTION...] - 1,000 messages by IMAP over a line of 50 ms: how often does the client wait, and how long?

    --rtt MS         of the line (default 50)      --runs N        runs of each, the median counts (default 5)
    --modes LIST     of plain,tls                  --servers LIST  of dovecot,canned
    --programs LIST  of blind,ours,etpan,curl,tool --work DIR      as run.py has it
    --rate MBIT      of the line, each way (default 100; 0: as fast as the machine)
    --corpus NAME    of corpus.py: n1000 (default), or real1000, whose sizes are those of a mailbox

A turnaround is a time at which the client has said all it can say and waits for the server; waiting for the greeting is
one. The time runs from the moment at which TCP is open until the client has all but the last 2,000 octets, so what it does
about leaving does not count. `blind` sends log-in, EXAMINE and FETCH without waiting for anything, which no client may do
that wants to know what the server can do; it is the limit. `tool` is `mailaccess download` into an empty folder: its time
is that of the disk, too. Build with -Dbuildtype=release."""
import argparse
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile

import corpus
import run


class Line:
    """delay_proxy in front of a port."""

    def __init__(self, bench, port, one_way, rate):
        argv = [str(bench.bin / "delay_proxy"), str(port), str(one_way), str(rate)]
        self.process = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline())

    def story(self):
        """(bursts as (who, octets, at), ms until the last message) of a connection that is over."""
        words = self.process.stdout.readline().split()
        bursts = [re.fullmatch(r"([cs]):(\d+)@([\d.]+)", w).groups() for w in words[:-1]]
        return [(who, int(n), float(at)) for who, n, at in bursts], float(words[-1][3:])

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def waits(bursts, until):
    return sum(who == "s" and at <= until for who, _, at in bursts)


def download(path, line, server, mode):
    with tempfile.TemporaryDirectory() as to:
        argv = [str(path), "--password-env=PW", "--quiet", "--ca-file=" + str(server.ca), "--to=" + to,
                "--security=" + ("none" if mode == "plain" else mode), "--allow-cleartext-password",
                "download", "imap://alice@localhost:%d/INBOX" % line.port]
        subprocess.run(argv, check=True, stdout=subprocess.DEVNULL, env=dict(os.environ, PW="secret"))


def once(bench, path, line, server, mode, count):
    if path.name == "mailaccess":
        download(path, line, server, mode)
        return line.story()
    if path.suffix == ".py":
        argv = [sys.executable, str(path), "imap", str(line.port), mode, str(server.ca), str(count)]
        subprocess.run(argv, check=True, stdout=subprocess.DEVNULL)
    else:
        bench.run(path, "imap", line.port, mode, server.ca, count)
    return line.story()


def measure(bench, server, mode, args, count):
    limit = None
    for name in args.programs:
        if name == "blind":
            path = run.HERE / "blind.py"
        elif name == "tool":
            path = args.build.resolve() / "examples/mailaccess/mailaccess"
        else:
            path = bench.program(name, "imap", mode)
        if path is None or not path.exists():
            print("!!! %s is not built (its -dev package is absent?): SKIPPED" % name, flush=True)
            continue
        line = Line(bench, server.port, args.rtt // 2, args.rate)
        try:
            runs = []
            for _ in range(1 if name == "curl" else args.runs):  # which waits for each message
                bursts, ms = once(bench, path, line, server, mode, count)
                runs.append((ms, waits(bursts, ms), bursts))
        finally:
            line.close()
        ms = statistics.median(r[0] for r in runs)
        turns = statistics.median(r[1] for r in runs)
        limit = ms if name == "blind" else limit
        shown = " ".join("%s:%d@%.0f" % b for b in runs[-1][2][:12])
        print("%-8s %-5s %-7s %11d %9.0f %7s   %s" % (server.name, mode, name, turns, ms,
                                                      "%.2f" % (ms / limit) if limit else "-", shown), flush=True)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("build", type=pathlib.Path)
    for name, default in (("modes", "plain,tls"), ("servers", "dovecot,canned"), ("programs", "blind,ours,etpan,curl,tool")):
        p.add_argument("--" + name, default=default.split(","), type=lambda s: s.split(","))
    p.add_argument("--rtt", type=int, default=50)
    p.add_argument("--rate", type=float, default=100)
    p.add_argument("--corpus", choices=("n1000", "real1000"), default="n1000")
    p.add_argument("--runs", type=int, default=5)
    p.add_argument("--work", type=pathlib.Path)
    args = p.parse_args()
    subprocess.run(["ninja", "-C", str(args.build), "bench"], check=True, stdout=subprocess.DEVNULL)
    bench = run.Bench(args.build.resolve(), (args.work or args.build / "bench-work").resolve())
    folder = bench.work / args.corpus
    count, octets = corpus.make(args.corpus, folder)
    line = "%g Mbit/s" % args.rate if args.rate else "no limit"
    print("%d messages, %d octets, %d ms, %s" % (count, octets, args.rtt, line))
    print("%-8s %-5s %-7s %11s %9s %7s   %s" % ("server", "mode", "program", "turnarounds", "ms", "ratio", "bursts:octets@ms"))
    for kind in args.servers:
        dovecot = run.Dovecot(bench, folder) if kind == "dovecot" else None
        try:
            for mode in args.modes:
                server = dovecot.at("imap", mode) if dovecot else run.Canned(bench, "imap", mode, folder)
                try:
                    measure(bench, server, mode, args, count)
                finally:
                    if not dovecot:
                        server.close()
        finally:
            if dovecot:
                dovecot.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
