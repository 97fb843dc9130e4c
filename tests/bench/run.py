#!/usr/bin/env python3
"""run.py BUILD_DIR [OPTION...] - what fetching everything costs the client, beside a bare reader and other libraries.

    --corpora LIST   of small,n2000,big,m300,g1 (default: all but n2000)
    --protocols LIST of imap,pop3            --modes LIST of plain,tls
    --servers LIST   of canned,dovecot       --programs LIST of reader,ours,etpan,curl
    --runs N         runs of each (default 5)
    --work DIR       where the corpora are kept (default BUILD_DIR/bench-work; 2.8 GB for all)
    --json FILE      also write what was measured
    --round-trips    only count the round trips from connect to the first octets of a message over IMAPS

Build BUILD_DIR with -Dbuildtype=release. CPU is user and system time of the client's process, peak memory is above
that of a process which only starts; each figure is the median of the runs. A ratio compares a program with the bare
reader of the same run, one right after the other, and the median of these is shown."""
import argparse
import json
import os
import pathlib
import selectors
import shutil
import socket
import statistics
import subprocess
import sys
import threading
import time

import corpus

HERE = pathlib.Path(__file__).resolve().parent
TESTS = HERE.parent
TARGETS = {("imap", "plain"): 1.5, ("pop3", "plain"): 3.0, ("imap", "tls"): 1.15, ("pop3", "tls"): 1.15}
MEMORY_KIB = 5 * 1024


class Bench:
    def __init__(self, build, work):
        self.build = build
        self.bin = build / "tests/bench"
        self.work = work
        work.mkdir(parents=True, exist_ok=True)
        made = work / "certs/right.pem"
        if not made.exists():
            subprocess.run([str(TESTS / "certs/make.sh"), str(made.parent)], check=True, stdout=subprocess.DEVNULL)
        self.ca, self.cert, self.key = (work / "certs" / n for n in ("root.pem", "right.pem", "right.key"))

    def program(self, name, protocol, mode):
        """The path of a program, or None where it was not built."""
        names = {"reader": "reader_" + mode, "ours": "ours_" + protocol, "etpan": "etpan_" + protocol, "curl": "curl_mail"}
        path = self.bin / names[name]
        return path if path.exists() else None

    def run(self, path, protocol, port, mode, ca, count):
        """(seconds of CPU, seconds, peak KiB, octets, messages)."""
        out, into = os.pipe()
        try:
            env = dict(os.environ, SSL_CERT_FILE=str(ca))
            p = subprocess.Popen([str(self.bin / "measure"), str(path), protocol, str(port), mode, str(ca), str(count)],
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env, text=True,
                                 preexec_fn=lambda: os.dup2(into, 3), close_fds=False)
            os.close(into)
            into = -1
            text, errors = p.communicate()
            figures = os.read(out, 4096).decode().split()
        finally:
            os.close(out)
            if into >= 0:
                os.close(into)
        if len(figures) != 5 or figures[4] != "0":
            raise RuntimeError("%s: %s %s" % (path.name, figures, errors.strip()))
        user, system, wall, peak = (float(f) for f in figures[:4])
        octets, messages = (int(n) for n in text.split()) if text else (0, 0)
        return user + system, wall, int(peak), octets, messages

    def idle_peak(self, path):
        return min(self.run(path, "imap", 0, "plain", self.ca, 0)[2] for _ in range(3))


class Canned:
    name = "canned"

    def __init__(self, bench, protocol, mode, maildir):
        argv = [str(bench.bin / "canned_server"), protocol, str(maildir)]
        if mode == "tls":
            argv += [str(bench.cert), str(bench.key)]
        self.ca = bench.ca
        self.process = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.port, self.count = (int(n) for n in self.process.stdout.readline().split())

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Dovecot:
    """One server for all protocols and modes of a corpus."""
    name = "dovecot"

    def __init__(self, bench, maildir):
        self.dir = bench.work / "dovecot"
        shutil.rmtree(self.dir, ignore_errors=True)
        script = str(TESTS / "servers/dovecot.sh")
        self.stop = [script, "stop", str(self.dir)]
        argv = [script, "start", str(self.dir), "--mail", "alice=" + str(maildir)]
        for line in ("plugin {", "quota_rule = *:storage=100G:messages=1000000", "}"):
            argv += ["--set", line]
        subprocess.run(argv, check=True)
        self.env = dict(line.split("=", 1) for line in (self.dir / "env").read_text().splitlines())
        self.ca = pathlib.Path(self.env["MLA_CA_FILE"])

    def at(self, protocol, mode):
        self.port = int(self.env["MLA_%s%s_PORT" % (protocol.upper(), "S" if mode == "tls" else "")])
        return self

    def close(self):
        subprocess.run(self.stop, check=True)
        shutil.rmtree(self.dir, ignore_errors=True)


def measure(bench, server, corpus_name, size, protocol, mode, args, rows):
    count, octets = size
    programs = [(n, bench.program(n, protocol, mode)) for n in args.programs]
    for name, path in programs:
        if path is None:
            print("!!! %s is not built (its -dev package is absent?): SKIPPED" % name, flush=True)
    programs = [(n, p) for n, p in programs if p]
    idle = {n: bench.idle_peak(p) for n, p in programs}
    got = {n: [] for n, _ in programs}
    for _ in range(args.runs):
        for name, path in programs:
            try:
                figures = bench.run(path, protocol, server.port, mode, server.ca, count)
                if name != "reader" and figures[4] != count:
                    raise RuntimeError("%s fetched %d of %d messages" % (name, figures[4], count))
            except RuntimeError as e:
                if name in ("reader", "ours"):
                    raise
                print("!!! %s" % e, flush=True)  # what others cannot do is worth a line, and no reason to stop
                continue
            if name == "ours" and figures[3] != octets:
                raise RuntimeError("ours saw %d of %d octets" % (figures[3], octets))
            got[name].append(figures)
    for name, _ in programs:
        runs = got[name]
        if len(runs) < args.runs:
            continue
        ratio = statistics.median(r[0] / b[0] for r, b in zip(runs, got["reader"])) if "reader" in got else None
        row = {"server": server.name, "corpus": corpus_name, "protocol": protocol, "mode": mode, "program": name,
               "cpu": statistics.median(r[0] for r in runs), "wall": statistics.median(r[1] for r in runs),
               "peak_kib": max(r[2] for r in runs) - idle[name], "ratio": ratio, "octets": octets, "count": count}
        rows.append(row)
        notes = []
        if name == "ours" and ratio is not None and ratio > TARGETS[protocol, mode]:
            notes.append("over %.2f" % TARGETS[protocol, mode])
        if name == "ours" and row["peak_kib"] > MEMORY_KIB:
            notes.append("over %d KiB" % MEMORY_KIB)
        print("%-8s %-6s %-5s %-6s %-7s %9.3f %9.3f %7s %9d %8.0f  %s" % (
            server.name, corpus_name, protocol, mode, name, row["cpu"], row["wall"],
            "%.2f" % ratio if ratio is not None else "-", row["peak_kib"], octets / 1e6 / row["cpu"], ", ".join(notes)),
            flush=True)


class Proxy(threading.Thread):
    """Passes octets on, each way a little later, and notes who spoke when."""
    DELAY = 0.02

    def __init__(self, port):
        super().__init__(daemon=True)
        self.to = port
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.said = []  # [direction, octets], neighbours of one direction joined

    def run(self):
        a, _ = self.socket.accept()
        b = socket.create_connection(("127.0.0.1", self.to))
        select = selectors.DefaultSelector()
        select.register(a, selectors.EVENT_READ, ("client", b))
        select.register(b, selectors.EVENT_READ, ("server", a))
        waiting, ends = [], 0
        while ends < 2 or waiting:
            timeout = max(0, waiting[0][0] - time.monotonic()) if waiting else 1
            for key, _ in select.select(timeout) if ends < 2 else []:
                who, other = key.data
                try:
                    data = key.fileobj.recv(65536)
                except ConnectionError:
                    data = b""
                waiting.append((time.monotonic() + self.DELAY, other, data))
                if not data:
                    select.unregister(key.fileobj)
                    ends += 1
                elif self.said and self.said[-1][0] == who:
                    self.said[-1][1] += len(data)
                else:
                    self.said.append([who, len(data)])
            while waiting and waiting[0][0] <= time.monotonic():
                _, other, data = waiting.pop(0)
                if data:
                    other.sendall(data)
                else:
                    other.shutdown(socket.SHUT_WR)


def round_trips(bench, args):
    """How often each program waits for the server before octets of the first message come, TCP's connect included."""
    folder = bench.work / "m1"
    size = corpus.make("m1", folder)
    print("\nround trips from connect to the first octets of a message, IMAPS")
    server = Canned(bench, "imap", "tls", folder)
    try:
        for name in args.programs:
            path = bench.program(name, "imap", "tls")
            if path is None:
                continue
            proxy = Proxy(server.port)
            proxy.start()
            bench.run(path, "imap", proxy.port, "tls", server.ca, size[0])
            flights = 0
            for who, octets in proxy.said:
                if who == "server" and octets > 64 * 1024:
                    break
                flights += who == "client"
            print("%-8s %d (%s ...)" % (name, 1 + flights, " ".join("%s:%d" % (w[0], n) for w, n in proxy.said[:14])))
    finally:
        server.close()


def arguments():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("build", type=pathlib.Path)
    for name, default in (("corpora", "small,big,m300,g1"), ("protocols", "imap,pop3"), ("modes", "plain,tls"),
                          ("servers", "canned,dovecot"), ("programs", "reader,ours,etpan,curl")):
        p.add_argument("--" + name, default=default, type=lambda s: s.split(","))
    p.add_argument("--runs", type=int, default=5)
    p.add_argument("--work", type=pathlib.Path)
    p.add_argument("--json", type=pathlib.Path)
    p.add_argument("--round-trips", action="store_true")
    args = p.parse_args()
    for name in ("corpora", "protocols", "modes", "servers", "programs"):
        if isinstance(getattr(args, name), str):
            setattr(args, name, getattr(args, name).split(","))
    return args


def main():
    args = arguments()
    subprocess.run(["ninja", "-C", str(args.build), "bench"], check=True, stdout=subprocess.DEVNULL)
    bench = Bench(args.build.resolve(), (args.work or args.build / "bench-work").resolve())
    if args.round_trips:
        return round_trips(bench, args)
    rows = []
    print("%-8s %-6s %-5s %-6s %-7s %9s %9s %7s %9s %8s" % ("server", "corpus", "proto", "mode", "program", "CPU s",
                                                          "wall s", "ratio", "peak KiB", "MB/CPU s"))
    for name in args.corpora:
        folder = bench.work / name
        size = corpus.make(name, folder)
        dovecot = Dovecot(bench, folder) if "dovecot" in args.servers else None
        try:
            for kind in args.servers:
                for protocol in args.protocols:
                    for mode in args.modes:
                        server = dovecot.at(protocol, mode) if kind == "dovecot" else Canned(bench, protocol, mode, folder)
                        try:
                            measure(bench, server, name, size, protocol, mode, args, rows)
                        finally:
                            if kind == "canned":
                                server.close()
        finally:
            if dovecot:
                dovecot.close()
    if args.json:
        args.json.write_text(json.dumps(rows, indent=1) + "\n")
    return round_trips(bench, args)


if __name__ == "__main__":
    sys.exit(main())
