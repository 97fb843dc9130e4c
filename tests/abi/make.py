#!/usr/bin/env python3
"""make.py [--check] [ROOT [CC]] - writes what follows from the public headers: lib/libmailaccess.map, docs/abi.json
and examples/bindings/python/mailaccess_abi.py. Run it after every change of a public header. With --check nothing is
written; exit status 1 and a line for each file that is out of date."""
import pathlib
import sys

import headers
import python_abi


def targets(root, cc):
    abi = headers.public(root, cc)
    return {
        "lib/libmailaccess.map": headers.version_map(root),
        "docs/abi.json": headers.to_json(abi),
        "examples/bindings/python/mailaccess_abi.py": python_abi.text(abi),
    }


def stale(root, cc):
    for name, text in targets(root, cc).items():
        path = root / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            yield name, text


def main():
    argv = sys.argv[1:]
    check = argv[:1] == ["--check"]
    argv = argv[check:]
    root = pathlib.Path(argv[0] if argv else pathlib.Path(__file__).resolve().parents[2]).resolve()
    cc = argv[1].split() if len(argv) > 1 else ["cc"]
    found = list(stale(root, cc))
    for name, text in found:
        print("%s: %s" % (name, "out of date; run tests/abi/make.py" if check else "written"))
        if not check:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, encoding="utf-8")
    return 1 if check and found else 0


if __name__ == "__main__":
    sys.exit(main())
