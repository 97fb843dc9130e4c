#!/usr/bin/env python3
"""test_install.py BUILD_DIR MESON CC VERSION - installs into an empty folder, then builds and runs a program against
what was installed, as a user would: with pkg-config, shared and static."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tools"))
from tap import Tap  # noqa: E402

HELLO = """#include <stdio.h>
#include <mailaccess/mailaccess.h>
int main(void)
{
    mla_config *cfg = NULL;
    int rc = mla_config_new(NULL, &cfg);

    mla_config_free(cfg);
    printf("%s %d %s\\n", mla_version_text(), rc, mla_error_name(MLA_E_NO));
    return 0;
}
"""


def run(argv, **more):
    got = subprocess.run(argv, capture_output=True, text=True, **more)
    return got.returncode, got.stdout, got.stderr


def build(work, cc, pkg, flags, static, want):
    """Compiles, links and runs HELLO; what went wrong."""
    code, out, err = run(["pkg-config", "--cflags", "--libs"] + (["--static"] if static else []) + ["mailaccess"], env=pkg)
    if code != 0:
        return ["pkg-config: " + err.strip()]
    # PKG_CONFIG_SYSROOT_DIR moves every folder below the staged root; that of -Dmbedtls_prefix is not staged.
    root = pkg.get("PKG_CONFIG_SYSROOT_DIR", "")
    words = ["-L" + w[2 + len(root):] if root and w.startswith("-L" + root) and not os.path.isdir(w[2:]) else w for w in out.split()]
    if static:
        words = ["-l:libmailaccess.a" if w == "-lmailaccess" else w for w in words]
    (work / "hello.c").write_text(HELLO)
    code, _, err = run(cc + ["-Wall", "-Wextra", "-Werror", "-o", str(work / "hello"), str(work / "hello.c")] + words + flags)
    if code != 0:
        return ["%s: %s" % (" ".join(words), line) for line in err.strip().splitlines()[:5]]
    code, out, err = run([str(work / "hello")], env=pkg)
    if (code, out) != (0, want):
        return ["exit status %d, %r instead of %r" % (code, out, want)] + err.splitlines()[:5]
    return []


def main():
    build_dir, meson, cc, version = sys.argv[1], sys.argv[2].split(), sys.argv[3].split(), sys.argv[4]
    flags = os.environ.get("ABI_LDFLAGS", "").split()
    tap = Tap()
    if not shutil.which("pkg-config"):
        tap.skip("install", "pkg-config is not installed")
        return tap.done()
    with tempfile.TemporaryDirectory() as name:
        work = pathlib.Path(name)
        dest = work / "root"
        code, out, err = run(meson + ["install", "-C", build_dir, "--no-rebuild", "--destdir", str(dest)])
        tap.check("meson install", [] if code == 0 else (out + err).splitlines()[-5:])
        found = list(dest.rglob("mailaccess.pc"))
        tap.check("mailaccess.pc is installed once", [] if len(found) == 1 else [str(f) for f in found] or ["none"])
        if len(found) == 1:
            pkg = dict(os.environ, PKG_CONFIG_PATH=str(found[0].parent), PKG_CONFIG_SYSROOT_DIR=str(dest),
                       LD_LIBRARY_PATH=str(found[0].parent.parent))
            want = "%s 0 MLA_E_NO\n" % version
            tap.check("a program with the shared library", build(work, cc, pkg, flags, False, want))
            code, out, _ = run(["ldd", str(work / "hello")], env=pkg)
            tap.check("it uses that library", [] if str(dest) in out else out.splitlines())
            tap.check("a program with the static library", build(work, cc, pkg, flags, True, want))
            code, out, _ = run(["ldd", str(work / "hello")], env=pkg)
            tap.check("it needs no shared one", out.splitlines() if "libmailaccess" in out else [])
        inside = sorted(p.name for p in dest.rglob("include/mailaccess/*"))
        tap.check("the headers are there", [] if "mailaccess.h" in inside and "types.h" in inside else inside)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
