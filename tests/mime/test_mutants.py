#!/usr/bin/env python3
"""test_mutants.py VALUES FOLDER [SEED COUNT]... - messages with faults, as this library, Python's email package and GMime read them.

The messages of FOLDER are changed (mutants.py); the tree of parts, decoded Subject, From and Date, character sets, file names and
decoded bodies must be the same for all three, or the difference must be one that differences.txt explains: "RULE PEER(WHAT,...)...: who
is right, and why". A rule is a function of constructs.py that takes one thing out of the message: it explains a difference when both
agree about what is left. Several may be needed; only those count that are in the list for that value and that peer.

    test_mutants.py VALUES FOLDER show SEED NUMBER      one mutant, and what each makes of it"""
import collections
import pathlib
import sys

import constructs
import mutants
import peers
from test_differ import Tap, Values

WHAT = ("tree", "subject", "people", "date", "charset", "filename", "body")


def rules_of(path):
    """(WHAT, PEER) -> [RULE], in their order."""
    out = {}
    for line in path.read_text().split("\n"):
        if not line or line.startswith("#"):
            continue
        head, reason = line.split(": ", 1)
        rule, *places = head.split()
        for place in places:
            peer, values = place.rstrip(")").split("(")
            for what in values.split(","):
                if what not in WHAT or peer not in ("python", "gmime") or not reason or not callable(getattr(constructs, rule, None)):
                    raise SystemExit("differences.txt: " + line)
                out.setdefault((what, peer), []).append(rule)
    return out


def same(what, ours, theirs):
    if what == "tree":
        return ours.tree() == theirs.tree()
    if what in ("subject", "people", "date"):
        return ours.value(what) == theirs.value(what)
    if ours.tree() != theirs.tree():
        return True  # said once
    for one, other in zip(ours.parts, theirs.parts):
        a, b = getattr(one, what), getattr(other, what)
        if b is ... or (what == "body" and a is None) or (what != "body" and (a or "") == (b or "")):
            continue
        if a != b:
            return False
    return True


class Judge:
    def __init__(self, values, folder):
        self.ours = peers.Ours(values)
        self.rules = rules_of(folder / "differences.txt")
        self.used = collections.Counter()
        self.memory = {}

    def read(self, reader, data):
        key = (id(reader), data)
        if key not in self.memory:
            self.memory[key] = reader.read(data)
        return self.memory[key]

    def agree(self, what, peer, data):
        ours, theirs = self.read(self.ours, data), self.read(peer, data)
        return same(what, ours, theirs) and (what in ("tree", "subject", "people", "date") or ours.tree() == theirs.tree())

    @staticmethod
    def without(data, rules):
        """The message without any of these things."""
        for rule in list(rules) * 2:
            data = getattr(constructs, rule)(data)
        return data

    def explain(self, what, peer, data):
        """The rules that explain a difference, as few as are needed; None."""
        known = self.rules.get((what, peer.label), [])
        for rule in known:
            changed = getattr(constructs, rule)(data)
            if changed != data and self.agree(what, peer, changed):
                return [rule]
        needed, changed = [], data
        for rule in known * 2:
            other = getattr(constructs, rule)(changed)
            if other != changed:
                changed = other
                needed += [rule] if rule not in needed else []
        if not self.agree(what, peer, self.without(data, needed)):
            return None
        for rule in list(needed):
            fewer = [other for other in needed if other != rule]
            if self.agree(what, peer, self.without(data, fewer)):
                needed = fewer
        return needed

    def differences(self, peer, data):
        """(what, rules or None)"""
        self.memory.clear()
        ours, theirs = self.read(self.ours, data), self.read(peer, data)
        for what in WHAT:
            if not same(what, ours, theirs):
                found = self.explain(what, peer, data)
                for rule in found or ():
                    self.used[what, peer.label, rule] += 1
                yield what, found


def brief(reading, what):
    return repr(reading.tree() if what == "tree" else reading.value(what) if what in ("subject", "people", "date") else
                [getattr(part, what) for part in reading.parts])[:500]


def main():
    values, folder = Values(sys.argv[1]), pathlib.Path(sys.argv[2])
    judge, tap, readers = Judge(values, folder), Tap(), [peers.Python()]
    messages = [(path.stem, path.read_bytes()) for path in sorted(folder.rglob("*.eml"))]
    try:
        readers.append(peers.GMime())
    except (OSError, AttributeError):
        pass
    args = sys.argv[3:]
    if args[:1] == ["show"]:
        what, data = mutants.mutant(messages, args[1], int(args[2]))
        sys.stdout.write("%s\n%r\n" % (what, data))
        for reader in [judge.ours] + readers:
            print(getattr(reader, "label", "ours"), *(" %s: %s" % (w, brief(judge.read(reader, data), w)) for w in WHAT), sep="\n")
        for reader in readers:
            print(reader.label, list(judge.differences(reader, data)))
        return 0
    for seed, count in zip(args[::2] or ["2"], map(int, args[1::2] or [300])):
        for reader in readers:
            faults, seen = [], 0
            for number in range(count):
                done, data = mutants.mutant(messages, seed, number)
                for what, found in judge.differences(reader, data):
                    seen += 1
                    if found is None:
                        faults.append("seed %s number %d (%s): %s: ours %s, theirs %s" % (
                            seed, number, done, what, brief(judge.read(judge.ours, data), what), brief(judge.read(reader, data), what)))
            tap.check("seed %s, %d mutants beside %s: %d differences, %d without a reason" % (seed, count, reader.label, seen, len(faults)), faults)
    if len(readers) < 2:
        tap.count += 1
        print("ok %d - mutants beside GMime # SKIP libgmime-3.0 is not installed" % tap.count)
    for key, count in sorted(judge.used.items()):
        print("# %6d %s %s %s" % ((count,) + key))
    print("1..%d" % tap.count)
    values.run.stdin.close()
    return 1 if tap.failed or values.run.wait() != 0 else 0


if __name__ == "__main__":
    sys.exit(main())
