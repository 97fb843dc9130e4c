"""What the live tests share: a private Dovecot, the tool run as a person would run it, scripted servers, and TAP output.

A test script defines functions test_*() and ends with live.main(). The environment names what is tested: MLA_TOOL (the
program), MLA_SOURCE (the source tree). Each script starts servers of its own, in a folder of its own, and ends them.
"""
import atexit
import json
import os
import re
import shlex
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import traceback

TOOL = os.environ.get("MLA_TOOL", "")
SOURCE = os.environ.get("MLA_SOURCE", os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
PASSWORD = "secret"

# Exit codes of the tool (docs/mailaccess.md).
OK, USAGE, DATAERR, NOINPUT, NOHOST, UNAVAILABLE, SOFTWARE = 0, 64, 65, 66, 68, 69, 70
CANTCREAT, IOERR, TEMPFAIL, PROTOCOL, NOPERM, CONFIG = 73, 74, 75, 76, 77, 78


class Failure(Exception):
    pass


class Skip(Exception):
    pass


def check(truth, *what):
    if not truth:
        raise Failure(" ".join(str(w) for w in what) or "not so")


def equal(got, want, what=""):
    if got != want:
        raise Failure("%s: got %s, wanted %s" % (what, shorten(got), shorten(want)))


def shorten(value, limit=600):
    text = repr(value)
    return text if len(text) <= limit else text[:limit] + "... (%d characters)" % len(text)


# ---- folders -------------------------------------------------------------------------------------------------------------

_root = _life = None
# Reads until nobody holds the other end any more: this process and the server scripts that it runs. Then it ends the servers that
# still have a folder, should this process have been killed, and removes the folders.
WATCHDOG = """
trap '' INT TERM HUP
cat >/dev/null
for pid in "$1"/*/pid; do
  [ -e "$pid" ] || continue
  folder=${pid%/pid} name=${pid#"$1"/}
  "$2/tests/servers/${name%%.*}.sh" stop "$folder"
done
rm -rf "$1"
"""


def folder(name="x"):
    """A new empty folder that goes away at the end."""
    global _root, _life
    if _root is None:
        _root = tempfile.mkdtemp(prefix="mailaccess-live.")
        ends, _life = os.pipe()
        subprocess.Popen(["sh", "-c", WATCHDOG, "watchdog", _root, SOURCE], stdin=ends, stdout=subprocess.DEVNULL,
                         stderr=subprocess.DEVNULL, start_new_session=True)
        os.close(ends)
        atexit.register(shutil.rmtree, _root, ignore_errors=True)
    return tempfile.mkdtemp(prefix=name + ".", dir=_root)


# ---- the tool ------------------------------------------------------------------------------------------------------------


class Result:
    """What a run of the tool came to. `out` and `err` are bytes."""

    def __init__(self, args, code, out, err, seconds):
        self.args, self.code, self.out, self.err, self.seconds = args, code, out, err, seconds

    def text(self):
        return self.out.decode("utf-8")

    def json(self):
        """stdout as JSON objects, one a line."""
        lines = self.out.decode("utf-8").split("\n")
        check(lines.pop() == "", "stdout ends within a line:", self)
        return [json.loads(line) for line in lines]

    def __str__(self):
        return "mailaccess %s: exit status %s after %.1f s\n  stdout: %s\n  stderr: %s" % (
            " ".join(shlex.quote(a) for a in self.args), self.code, self.seconds, shorten(self.out), shorten(self.err))

    def expect(self, code):
        """The exit status, and what holds for every run: no sanitizer report, an error is one clean line."""
        check(self.code == code, "wanted exit status %s:" % (code,), self)
        if code not in (OK, 1) and code >= 64:
            lines = [line for line in self.err.split(b"\n") if line]
            check([line for line in lines if line.startswith(b"mailaccess: ")], "no error line:", self)
            check(not [c for c in self.err if c < 32 and c != 10 or c == 127], "a control character in an error:", self)
        return self


def environment(password=PASSWORD, **more):
    env = {k: v for k, v in os.environ.items() if not k.startswith("MLA_")}
    env["LC_ALL"] = "C.UTF-8"
    env["PW"] = password
    env.update(more)
    return env


def start(*args, password=PASSWORD, auth=True, env=None, **popen):
    """Starts the tool. `auth`: with the password from the environment."""
    argv = [TOOL] + (["--password-env=PW"] if auth else []) + [str(a) for a in args]
    return subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            env=environment(password, **(env or {})), **popen)


def run(*args, expect=OK, timeout=60, stdin=None, **how):
    """Runs the tool to its end and checks its exit status (`expect`: None for any)."""
    password = how.get("password", PASSWORD)
    began = time.monotonic()
    argv = [TOOL] + (["--password-env=PW"] if how.get("auth", True) else []) + [str(a) for a in args]
    p = subprocess.Popen(argv, stdin=subprocess.PIPE if stdin is not None else subprocess.DEVNULL, stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE, env=environment(password, **(how.get("env") or {})), cwd=how.get("cwd"),
                         umask=how.get("umask", -1))
    try:
        out, err = p.communicate(stdin, timeout=timeout)
    except subprocess.TimeoutExpired:
        p.kill()
        out, err = p.communicate()
        raise Failure("did not end within %d s: %s" % (timeout, Result(args, None, out, err, timeout))) from None
    result = Result(args, p.returncode, out, err, time.monotonic() - began)
    check(p.returncode >= 0, "killed by signal %d:" % -p.returncode, result)
    for word in (b"Sanitizer", b"runtime error:"):
        check(word not in err, "sanitizer report:\n" + err.decode("utf-8", "replace")[-4000:] if word in err else "")
    if password and len(password) >= 5:
        check(password.encode() not in re.sub(rb"<secret \d+>", b"", err), "the password is shown:", result)
    if p.returncode == UNAVAILABLE and b"not supported by this build" in err:
        raise Skip(err.decode("utf-8", "replace").strip())
    if expect is not None:
        result.expect(expect)
    return result


# ---- servers -------------------------------------------------------------------------------------------------------------


class Server:
    """A private server, run by a script of tests/servers."""

    def __init__(self, script, *options):
        self.dir = folder(script)
        self.script = os.path.join(SOURCE, "tests", "servers", script + ".sh")
        p = subprocess.run([self.script, "start", self.dir, *options], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                           stderr=subprocess.STDOUT, timeout=600, pass_fds=[_life])
        said = p.stdout.decode("utf-8", "replace").strip()
        if p.returncode == 69:
            raise Skip("%s: %s" % (script, said))
        check(p.returncode == 0, script, "does not start:", said)
        atexit.register(self.stop)
        self.env = {}
        with open(os.path.join(self.dir, "env")) as f:
            for line in f:
                key, _, value = line.strip().partition("=")
                self.env[key] = shlex.split(value)[0]
        self.host, self.ca, self.user = self.env["MLA_HOST"], self.env["MLA_CA_FILE"], self.env["MLA_USER"]
        self.port = {name: int(self.env["MLA_%s_PORT" % name.upper()]) for name in ("imap", "imaps", "pop3", "pop3s")}

    def stop(self):
        subprocess.run([self.script, "stop", self.dir], stdin=subprocess.DEVNULL, timeout=60)
        atexit.unregister(self.stop)

    def url(self, scheme="imaps", mailbox="", user=None, host=None):
        """A URL of this server; `mailbox` is percent-encoded already."""
        user = user or self.user.replace("@", "%40")
        tail = "/" + mailbox if scheme.startswith("imap") else ""
        return "%s://%s@%s:%d%s" % (scheme, user, host or self.host, self.port[scheme], tail)

    def tls(self):
        """Options that make the tool trust this server."""
        return ["--ca-file=" + self.ca]

    def imap(self, user=None):
        """A second client's session, to see what the tool did."""
        import imaplib

        imaplib._MAXLINE = 10_000_000
        m = imaplib.IMAP4(self.host, self.port["imap"])
        m.login(user or self.user, PASSWORD)
        return m

    def log(self):
        with open(os.path.join(self.dir, "log"), encoding="utf-8", errors="replace") as f:
            return f.read()


_others = {}


def other(name):
    """The private cyrus, mailutils or courier of this script, started when first asked for. Skips where MLA_SERVER_ROOT names no
    folder with their programs (tests/run.sh does; by hand: tests/servers/NAME.sh fetch $MLA_SERVER_ROOT/NAME)."""
    root = os.environ.get("MLA_SERVER_ROOT")
    if not root or not os.path.exists(os.path.join(root, name, ".complete")):
        raise Skip("%s is not here (MLA_SERVER_ROOT)" % name)
    if name not in _others:
        _others[name] = Server(name, os.path.join(root, name))
    return _others[name]


class Dovecot(Server):
    """A private Dovecot; alice begins with a copy of the sample mail unless `empty`."""

    SCRIPT = os.path.join(SOURCE, "tests", "servers", "dovecot.sh")

    def __init__(self, *options, empty=False):
        mail = [] if empty else ["--mail", "alice=" + os.path.join(sample(), "Maildir")]
        try:
            super().__init__("dovecot", *options, *mail)
        except Skip as e:
            print("1..0 # SKIP %s" % e)
            sys.exit(0)
        self.maildir = self.env["MLA_MAILDIR"]

    def drop(self, raw, name, mailbox="", new=True):
        """Puts a message file into alice's Maildir, as a delivery would."""
        base = os.path.join(self.maildir, mailbox)
        tmp, path = os.path.join(base, "tmp", name), os.path.join(base, "new" if new else "cur", name)
        with open(tmp, "wb") as f:
            f.write(raw)
        st = os.stat(base)
        if os.geteuid() == 0:
            os.chown(tmp, st.st_uid, st.st_gid)
        os.rename(tmp, path)


_sample = None


def sample():
    """The folder of the sample mail (examples/sample-mail/make.py), made once a script."""
    global _sample
    if _sample is None:
        _sample = folder("sample")
        subprocess.run([sys.executable, os.path.join(SOURCE, "examples", "sample-mail", "make.py"), _sample],
                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True)
    return _sample


def manifest(mailbox=None):
    """What the sample mail is made of: one dict a message."""
    with open(os.path.join(sample(), "manifest.jsonl"), encoding="utf-8") as f:
        every = [json.loads(line) for line in f]
    return [m for m in every if mailbox is None or m["folder"] == mailbox]


def sample_message(number, mailbox="INBOX"):
    with open(os.path.join(sample(), "eml", mailbox, "%d.eml" % number), "rb") as f:
        return f.read()


_certs = None


def certs():
    """The folder of the test certificates (tests/certs/make.sh), made once a script."""
    global _certs
    if _certs is None:
        _certs = folder("certs")
        subprocess.run([os.path.join(SOURCE, "tests", "certs", "make.sh"), _certs], stdin=subprocess.DEVNULL,
                       stdout=subprocess.DEVNULL, check=True)
    return _certs


def library():
    """The shared library that MLA_LIBRARY names, as the module tests/live/library.py. A sanitized one wants its runtime in this
    process before anything else: main() starts the script again with it."""
    sys.path[:0] = [os.path.join(SOURCE, "examples", "bindings", "python")]
    import library as module

    return module


def preload():
    """The sanitizer's runtime was loaded into this process for the library; programs that it starts have their own. By hand
    (MLA_LIBRARY=build-asan/lib/libmailaccess.so) it is found out and loaded now."""
    if os.environ.pop("LD_PRELOAD", None) or not os.environ.get("MLA_LIBRARY"):
        return
    needs = subprocess.run(["ldd", os.environ["MLA_LIBRARY"]], stdin=subprocess.DEVNULL, capture_output=True, text=True).stdout
    runtime = re.search(r"libasan\S* => (\S+)", needs)
    if runtime:
        env = dict(os.environ, LD_PRELOAD=runtime[1], ASAN_OPTIONS=os.environ.get("ASAN_OPTIONS", "") + ":detect_leaks=0")
        os.execve(sys.executable, [sys.executable, *sys.argv], env)


preload()


# ---- scripted servers ----------------------------------------------------------------------------------------------------


class Script:
    """A server that does with each connection what `talk(peer)` says, in a thread. `peer` has line(), send(), tls().
    Everything that clients sent is in `heard`, what they sent under TLS in `heard_tls`."""

    def __init__(self, talk, cert=None, implicit_tls=False):
        self.talk, self.cert, self.implicit_tls = talk, cert, implicit_tls
        self.heard, self.heard_tls, self.errors, self.connections = b"", b"", [], 0
        self.sock = socket.socket()
        self.sock.bind(("127.0.0.1", 0))
        self.sock.listen(8)
        self.port = self.sock.getsockname()[1]
        self.over = False
        self.acceptor = threading.Thread(target=self._accept, daemon=True)
        self.acceptor.start()

    def _accept(self):
        while not self.over:
            try:
                conn, _ = self.sock.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(conn,), daemon=True).start()

    def _serve(self, conn):
        conn.settimeout(30)
        peer = Peer(self, conn)
        try:
            if self.implicit_tls:
                peer.tls()
            self.talk(peer)
        except (OSError, EOFError) as e:
            self.errors.append(e)
        finally:
            peer.close()

    def close(self):
        """The descriptor is given back only after the thread has left it: a next Script gets the same number, and would
        share its connections with this one."""
        self.over = True
        self.sock.shutdown(socket.SHUT_RDWR)  # wakes accept()
        self.acceptor.join()
        self.sock.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Peer:
    def __init__(self, script, conn):
        self.script, self.conn, self.buffer, self.secure = script, conn, b"", False

    def tls(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.set_ciphers("DEFAULT@SECLEVEL=0")  # weak certificates are to be shown too
        context.load_cert_chain(self.script.cert + ".pem", self.script.cert + ".key")
        self.conn = context.wrap_socket(self.conn, server_side=True)
        self.secure = True

    def read(self):
        data = self.conn.recv(65536)
        if self.secure:
            self.script.heard_tls += data
        self.script.heard += data
        if not data:
            raise EOFError("the client hung up")
        return data

    def line(self):
        while b"\n" not in self.buffer:
            self.buffer += self.read()
        line, _, self.buffer = self.buffer.partition(b"\n")
        return line.rstrip(b"\r")

    def send(self, text):
        self.conn.sendall(text if isinstance(text, bytes) else text.encode())

    def close(self):
        try:
            self.conn.close()
        except OSError:
            pass


def small_imap(peer, capabilities="IMAP4rev1 SASL-IR AUTH=PLAIN", starttls=None):
    """Just enough IMAP for a log-in, one answer to each command and a log-out."""
    peer.send("* OK [CAPABILITY %s] hello\r\n" % capabilities)
    while True:
        tag, _, rest = peer.line().partition(b" ")
        tag, verb = tag.decode(), rest.split(b" ")[0].upper()
        if verb == b"CAPABILITY":
            peer.send("* CAPABILITY %s\r\n%s OK done\r\n" % (capabilities, tag))
        elif verb == b"AUTHENTICATE" and len(rest.split()) < 3:
            peer.send("+ \r\n")
            peer.line()
            peer.send("%s OK done\r\n" % tag)
        elif verb == b"STARTTLS" and starttls:
            if starttls(peer, tag):
                return
        elif verb == b"LOGOUT":
            peer.send("* BYE bye\r\n%s OK done\r\n" % tag)
            return
        else:
            peer.send("%s OK done\r\n" % tag)


def closed_port():
    """A port of 127.0.0.1 on which nothing listens, kept from others while the returned socket lives."""
    s = socket.socket()
    s.bind(("127.0.0.1", 0))
    return s, s.getsockname()[1]


# ---- main ----------------------------------------------------------------------------------------------------------------


def main(namespace):
    """Runs the test_* functions in the order in which they stand; arguments choose some by name."""
    if "MLA_LIBRARY" not in os.environ and not os.access(TOOL, os.X_OK):
        print("1..0 # SKIP no tool to test (MLA_TOOL)")
        return 0
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    tests = [(n, f) for n, f in namespace.items() if n.startswith("test_") and callable(f)]
    if len(sys.argv) > 1:
        tests = [(n, f) for n, f in tests if any(a in n for a in sys.argv[1:])]
    print("1..%d" % len(tests), flush=True)
    failed = 0
    for number, (name, function) in enumerate(tests, 1):
        began = time.monotonic()
        try:
            function()
        except Skip as e:
            print("ok %d %s # SKIP %s" % (number, name, e), flush=True)
            continue
        except Exception as e:
            failed += 1
            print("not ok %d %s" % (number, name))
            detail = str(e) if isinstance(e, Failure) else traceback.format_exc()
            where = [f for f in traceback.extract_tb(e.__traceback__) if os.path.basename(f.filename) != "live.py"]
            if where:
                detail += "\nat %s:%d" % (os.path.basename(where[-1].filename), where[-1].lineno)
            for line in detail.split("\n"):
                print("# " + line)
            sys.stdout.flush()
            print("%s: %s" % (name, detail), file=sys.stderr)  # the runner's log of failures holds this alone
            continue
        print("ok %d %s (%.1f s)" % (number, name, time.monotonic() - began), flush=True)
    return 1 if failed else 0
