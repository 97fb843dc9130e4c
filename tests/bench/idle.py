#!/usr/bin/env python3
"""What idle sessions cost: memory and descriptors of one, and the processor's time of thousands.

    idle.py BUILD [--count N] [--seconds S] [--few N]

BUILD is a release build with `ninja -C BUILD bench` done. Prints tables in Markdown. --few: how many sessions of
the other libraries, which open them one after the other.
"""
import argparse
import os
import resource
import subprocess
import sys

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("build")
parser.add_argument("--count", type=int, default=10000)
parser.add_argument("--seconds", type=int, default=60)
parser.add_argument("--few", type=int, default=200)
args = parser.parse_args()
bench = os.path.join(args.build, "tests", "bench")
certs = os.path.join(args.build, "tests", "net", "certs")


class Server:
    def __init__(self, tls, still, news):
        keys = [os.path.join(certs, "right." + end) for end in ("pem", "key")] if tls else []
        self.p = subprocess.Popen([os.path.join(bench, "idle_server"), str(still), str(news), *keys], stdin=subprocess.PIPE,
                                  stdout=subprocess.PIPE, text=True)
        self.port = self.p.stdout.readline().strip()

    def go(self):
        self.p.stdin.write("\n")
        self.p.stdin.flush()

    def end(self):
        self.p.stdin.close()
        self.p.wait()


def words(line):
    return {k: float(v) for k, v in (w.split("=") for w in line.split())}


def client(name, server, tls, count, seconds=0, renewed=0):
    argv = [os.path.join(bench, "idle_" + name), server.port, "tls" if tls else "plain", os.path.join(certs, "root.pem"), str(count)]
    argv += [str(seconds), str(renewed)] if seconds else []
    p = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    got = words(p.stdout.readline())
    if seconds:
        p.stdout.readline()
        server.go()
        p.stdin.write("\n")
        p.stdin.flush()
        got["run"] = words(p.stdout.readline())
    p.stdin.close()
    if p.wait() != 0:
        sys.exit("%s failed" % name)
    return got


def memory():
    print("| octets a session | sessions | heap | resident | descriptors |\n| --- | --- | --- | --- | --- |")
    for tls in (False, True):
        for name, count in (("ours", args.few), ("ours", args.count), ("bare", args.few), ("etpan", args.few), ("curl", args.few)):
            if not os.path.exists(os.path.join(bench, "idle_" + name)):
                continue
            server = Server(tls, 0, 0)
            got = client(name, server, tls, count)
            server.end()
            ours = ", of them the library's own %d" % got["ours"] if "ours" in got else ""
            print("| %s, %s | %d | %d%s | %d | %.2f |" % (name, "TLS" if tls else "plain", count, got["heap"], ours, got["rss"],
                                                        got["descriptors"] / count), flush=True)


def time():
    print("\n| %d s of %d sessions | CPU s | wake-ups | calls | news |\n| --- | --- | --- | --- | --- |" % (args.seconds, args.count))
    # By default IDLE is renewed each 28 minutes: so many of them come in these seconds.
    renewed = args.count * args.seconds // 1680
    rows = (("silent", 0, 0, 0), ("renewals", 0, 0, renewed), ("'* OK Still here' each 2 minutes", 120, 0, renewed),
            ("... and a message each 10 minutes", 120, 600, renewed))
    for tls in (False, True):
        for what, still, news, often in rows:
            server = Server(tls, still, news)
            run = client("ours", server, tls, args.count, args.seconds, often)["run"]
            server.end()
            print("| %s, %s | %.3f | %d | %d | %d |" % (what, "TLS" if tls else "plain", run["cpu"], run["wakeups"], run["calls"],
                                                       run["news"]), flush=True)


soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
if hard != resource.RLIM_INFINITY and hard < args.count + 100:
    sys.exit("only %d descriptors a process are allowed here (ulimit -n)" % hard)
memory()
time()
