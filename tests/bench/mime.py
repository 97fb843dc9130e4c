#!/usr/bin/env python3
"""What parsing mail costs, as a table: MB/s of processor time, and instructions an octet (callgrind).

    tests/bench/mime.py BUILD [--seed N] [--scale PERCENT] [--no-counts]

BUILD is a release build in which `ninja -C BUILD bench` has been run. The times of all rows come from
one run, in which they take turns; instructions are counted over a part of the same mail. What they
found stands behind them: rows that found different things did different work.
"""
import argparse
import os
import re
import shutil
import subprocess
import sys

LINE = re.compile(r"^(\S+)\s+([ab])\s{2}(.+?)\s+(\d+) MB/s\s+([\d.]+) us  found: (.*)$")


def run(command):
    return subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def counted(program, seed, corpus, way, row):
    """Instructions an octet: those inside measured() alone."""
    scale = {"small": "1", "attachments": "1", "headers": "1"}[corpus]
    done = run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", "--collect-atstart=no",
                "--toggle-collect=measured*", program, seed, scale, corpus, way, row])
    octets = int(re.search(r"(\d+) octets", done.stdout).group(1))
    return int(re.search(r"Collected : (\d+)", done.stderr).group(1)) / octets


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("build")
    options.add_argument("--seed", default="1")
    options.add_argument("--scale", default="100")
    options.add_argument("--no-counts", action="store_true")
    chosen = options.parse_args()
    program = os.path.join(chosen.build, "tests", "bench", "mime_bench")
    counts = not chosen.no_counts and shutil.which("valgrind") is not None

    print("| mail | | | MB/s | us each | instructions an octet | found |\n| --- | --- | --- | --- | --- | --- | --- |")
    for line in run([program, chosen.seed, chosen.scale]).stdout.splitlines():
        row = LINE.match(line)
        if row is None:
            continue
        corpus, way, name, speed, each, found = row.groups()
        instructions = f"{counted(program, chosen.seed, corpus, way, name):.2f}" if counts else ""
        print(f"| {corpus} | {way} | {name} | {speed} | {each} | {instructions} | {found} |", flush=True)
    print("\n" + run([program, "memory", "1000"]).stdout, end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
