#!/usr/bin/env python3
"""Counts what `mime_linear` times: twice as much of anything takes at most 2.1 times the instructions.

    tests/mime/linear.py BUILD/tests/mime/mime_linear

needs valgrind, takes some minutes, and names what grows faster.
"""
import re
import subprocess
import sys

OCTETS = 20000


def count(program, name, octets):
    """Octets and instructions of one message, taken apart once."""
    done = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", "--collect-atstart=no",
                           "--toggle-collect=work*", program, name, str(octets)],
                          check=True, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    return int(done.stdout), int(re.search(r"Collected : (\d+)", done.stderr).group(1))


def main():
    program = sys.argv[1]
    names = subprocess.run([program, "names"], check=True, text=True, stdout=subprocess.PIPE).stdout.split()
    worse = 0
    for name in names:
        size, instructions = count(program, name, OCTETS)
        size2, instructions2 = count(program, name, 2 * OCTETS)
        growth = instructions2 / instructions
        ok = growth <= 1.05 * size2 / size
        worse += not ok
        print(f"{'ok' if ok else 'NOT OK':6} {name:26} {instructions / size:8.1f} instructions an octet, "
              f"{growth:5.2f} times as many for {size2 / size:.2f} times as much", flush=True)
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main())
