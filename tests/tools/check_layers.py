#!/usr/bin/env python3
"""check_layers.py ROOT - the floor plan of lib/LAYERS, held against every #include in lib/ and examples/."""
import pathlib
import re
import sys

from tap import Tap, blank, c_files, line_of, read

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"]', re.M)
# A public header that declares functions: below api/ only the others may be seen.
FUNCTIONS = re.compile(r"^MLA_API\s+\w", re.M)
# A system header, and where in lib/ it may be named.
HOMES = [
    (re.compile(r"(mbedtls|psa)/"), ("codec/crypt_mbedtls.c", "net/tls_mbedtls.", "net/trust_mbedtls.c", "net/resume_mbedtls.c", "net/identity_mbedtls.c", "net/facts_mbedtls.c")),
    (re.compile(r"(sys/socket|sys/un|sys/epoll|netdb|netinet/.*|arpa/inet)\.h$"), ("net/",)),
    (re.compile(r"(sys/)?poll\.h$"), ("conn/wait.c",)),
    (re.compile(r"zlib\.h$"), ("net/",)),
    (re.compile(r"expat\.h$"), ("discover/autoconfig.c",)),
    (re.compile(r"gssapi.*\.h$"), ("sasl/gssapi.c",)),
    (re.compile(r"(resolv|arpa/nameser)\.h$"), ("net/dns.c",)),
]
# A function of the C library, and the one file that may call it.
CALLS = [
    (re.compile(r"(?<![\w.>])(malloc|calloc|realloc|reallocarray|free|strdup|strndup|aligned_alloc)\s*\("), "base/mem.c"),
    (re.compile(r"(?<![\w.>])(clock_gettime|gettimeofday|time|clock|timespec_get)\s*\("), "base/clock.c"),
]


def plan(root):
    """{folder: set of folders it may name}, and what is wrong with the plan itself."""
    allowed, wrong = {}, []
    for number, line in enumerate(read(root / "lib/LAYERS").splitlines(), 1):
        line = line.split("#")[0].strip()
        if not line:
            continue
        folder, _, rest = line.partition(":")
        for name in rest.split():
            if name not in allowed:
                wrong.append("lib/LAYERS:%d: %s stands on %s, which is no lower floor" % (number, folder, name))
        allowed[folder.strip()] = set(rest.split())
    for folder in sorted(p.name for p in (root / "lib").iterdir() if p.is_dir()):
        if folder not in allowed:
            wrong.append("lib/%s: not in lib/LAYERS" % folder)
    return allowed, wrong


def includes(path):
    text = blank(read(path), strings=False)
    for m in INCLUDE.finditer(text):
        yield line_of(text, m.start()), m.group(1) == "<", m.group(2)


def main():
    root = pathlib.Path(sys.argv[1]).resolve()
    lib = root / "lib"
    tap = Tap()
    allowed, wrong = plan(root)
    tap.check("the plan is a plan", wrong)

    floors, public, homes, calls = [], [], [], []
    files = c_files(lib)
    for path in files:
        name = path.relative_to(lib).as_posix()
        folder = name.split("/")[0]
        for line, system, target in includes(path):
            where = "lib/%s:%d: " % (name, line)
            if target.startswith("mailaccess/"):
                header = root / "include" / target
                if folder != "api" and (not header.is_file() or FUNCTIONS.search(read(header))):
                    public.append(where + "only api/ may include " + target)
            elif system:
                for pattern, places in HOMES:
                    if pattern.match(target) and not name.startswith(places):
                        homes.append(where + "<%s> belongs in %s" % (target, " and ".join(places)))
            elif "/" not in target:
                floors.append(where + '"%s" does not say its folder' % target)
            elif target.split("/")[0] != folder and target.split("/")[0] not in allowed.get(folder, ()):
                floors.append(where + "%s may not name %s" % (folder, target))
            elif not (lib / target).is_file():
                floors.append(where + "there is no lib/" + target)
        text = blank(read(path))
        for pattern, home in CALLS:
            for m in pattern.finditer(text):
                if name != home:
                    calls.append("lib/%s:%d: %s() belongs in %s" % (name, line_of(text, m.start()), m.group(1), home))
    tap.check("floors include only what they stand on", floors)
    tap.check("public function headers are for api/ alone", public)
    tap.check("TLS, sockets, poll and zlib stay in their files", homes)
    tap.check("allocator and clock stay in their files", calls)

    inside = []
    for path in c_files(root / "examples"):
        for line, _, target in includes(path):
            if target.split("/")[0] in allowed and (lib / target).is_file():
                inside.append("%s:%d: examples see the public headers alone, not %s" % (path.relative_to(root), line, target))
    tap.check("examples use the public headers alone", inside)
    tap.check("there was something to read", [] if files else ["no C file below lib/"])
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
