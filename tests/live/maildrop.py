"""A maildrop in memory, and a POP3 server for it that gives out exactly what RFC 1939 says, until its line is cut.

The server is one function without threads: serve() takes one connection, speaks until it is over, and says what happened; a test
starts the tool, serves it, and waits for it. So a pair of runs costs little more than the tool does, and cuts fall on the octet.
"""
import base64
import select
import socket
import struct
import time

USER, PASSWORD = "alice", "secret"


# ---- messages ------------------------------------------------------------------------------------------------------------


def messages(seed=1):
    """25 messages, each with something that goes wrong easily."""
    import random

    rng = random.Random(seed)
    head = lambda n, *more: b"".join(line + b"\r\n" for line in (
        b"From: Bob <bob@example.org>", b"To: alice@example.org", b"Subject: number %d" % n, b"Message-ID: <%d@example.org>" % n, *more, b""))
    twin = b"From: bob@example.org\r\nSubject: twin\r\nMessage-ID: <twin@example.org>\r\n\r\nThe same, octet for octet.\r\n"
    long_line = bytes(rng.choice(b"abcdefghijklmnopqrstuvwxyz .") for _ in range(3000))
    attachment = b"\r\n".join(base64.b64encode(rng.randbytes(57)) for _ in range(2600)) + b"\r\n"
    return [
        head(1) + b"One line.\r\n",
        head(2),  # no body
        b"Subject: no empty line after the header\r\n",
        head(4) + b".\r\n..\r\n...\r\n.dot\r\n. \r\n.\r\n",
        head(5) + b"line\r\n\r\n\r\n\r\n",
        head(6) + b"bare\nLF\n.\nand\n.\r\n\n",
        head(7) + b"a NUL \0 and\0\0\r\n",
        head(8, b"Content-Type: text/plain; charset=utf-8", b"Content-Transfer-Encoding: 8bit") + "Zwölf Boxkämpfer\r\n".encode(),
        head(9) + bytes(range(128, 256)) + b"\r\n",
        head(10) + long_line + b"\r\n." + long_line + b"\r\n",
        twin,
        head(12) + b"between the twins\r\n",
        twin,
        b"From: bob@example.org\r\nSubject: without an ID\r\n\r\nFirst.\r\n",
        b"From: bob@example.org\r\nSubject: without an ID\r\n\r\nSecond.\r\n",  # the same header
        head(16, b"MIME-Version: 1.0", b"Content-Transfer-Encoding: base64") + attachment,
        b"\r\nno header at all\r\n",
        head(18) + b"bare\rCR\r\r\n\r\r\n",
        head(19) + b"From here on\r\n>From there\r\n",
        head(20) + b"+OK not an answer\r\n-ERR neither\r\n.\x08\x1b[2J\r\n",
        head(21, b"X-Long: " + b"x" * 990) + b"long header\r\n",
        b"",
        head(23) + b"x" * 510 + b"\r\n" + b"y" * 511 + b"\r\n" + b"z" * 512 + b"\r\n",
        b"\r\n",
        head(25) + b"the last line has no end",
    ]


def ended(raw):
    """POP3 sends lines: the last one has an end on the wire, and so on disk."""
    return raw if raw.endswith(b"\r\n") or not raw else raw + b"\r\n"


def wire(raw):
    """As RFC 1939 section 3 sends it: lines end in CR LF, and each dot at the start of one is doubled."""
    lines = ended(raw).split(b"\r\n")
    return b"\r\n".join(b"." + line if line.startswith(b".") else line for line in lines) + b".\r\n"


class Mail:
    """A message in a maildrop; `whole` is what is to lie on disk."""

    def __init__(self, raw, uidl):
        self.raw, self.uidl, self.wire, self.whole = raw, uidl, wire(raw), ended(raw)


def mails(raws=None):
    return [Mail(raw, b"%08x.%d" % (1000 + n, n)) for n, raw in enumerate(messages() if raws is None else raws, 1)]


# ---- the server ----------------------------------------------------------------------------------------------------------


class Cut:
    """Where the line breaks: behind octet `at` of what the server sends ("down") or of what it receives ("up").

    how   "fin"    both directions end in order
          "rst"    a reset
          "half"   what the server says ends in order, what it hears goes on: it does what it is told
          "stall"  nothing moves any more, and nobody is told
    """

    def __init__(self, where, at, how="fin"):
        self.where, self.at, self.how = where, at, how

    def __repr__(self):
        return "cut %s behind octet %d by %s" % (self.where, self.at, self.how)


class Drop:
    """Whose mail it is, and the habits of the server.

    breaks   what DELEs are worth when the line breaks before QUIT: False, as RFC 1939 section 6 says, or True
    keeps    False: QUIT deletes whatever RETR gave out, which a server may that announces EXPIRE 0 (RFC 2449 section 6.7)
    order    a function of "LIST" or "UIDL" and the message numbers that gives them in the order in which they are listed
    answer   a function of the session, the verb and its argument that gives the octets of an answer, or None for the usual one
    """

    CAPA = (b"USER", b"UIDL", b"TOP", b"PIPELINING", b"SASL PLAIN", b"RESP-CODES")

    def __init__(self, mail, capa=CAPA, breaks=False, answer=None, uidl=True, top=True, order=None, keeps=True):
        self.mail, self.capa, self.breaks, self.answer, self.keeps = list(mail), capa, breaks, answer, keeps
        self.has_uidl, self.has_top, self.order = uidl, top, order


class Session:
    """What became of one connection."""

    def __init__(self, drop):
        self.drop, self.mail = drop, list(drop.mail)
        self.dele, self.retr = set(), set()
        self.heard, self.sent = 0, 0
        self.commands = []
        self.cut = self.quit = self.logged_in = self.in_auth = False
        self.marks = {}  # a command line -> where its answer begins and ends in what was sent

    def number(self, arg):
        try:
            n = int(arg)
        except ValueError:
            return None
        return n if 1 <= n <= len(self.mail) and n not in self.dele else None

    def listing(self, arg, what, text):
        left = [n for n in range(1, len(self.mail) + 1) if n not in self.dele]
        if arg:
            n = self.number(arg)
            return b"+OK %d %s\r\n" % (n, what(self.mail[n - 1])) if n else b"-ERR no such message\r\n"
        if self.drop.order:
            left = self.drop.order(text, left)
        return b"+OK\r\n" + b"".join(b"%d %s\r\n" % (n, what(self.mail[n - 1])) for n in left) + b".\r\n"

    def answer(self, line):
        """The answer to one line; None ends the session (QUIT)."""
        self.commands.append(line)
        if self.in_auth:
            self.in_auth = False
            self.logged_in = base64.b64decode(line) == b"\0%s\0%s" % (USER.encode(), PASSWORD.encode())
            return b"+OK\r\n" if self.logged_in else b"-ERR [AUTH] no\r\n"
        verb, _, arg = line.partition(b" ")
        verb = verb.upper()
        if self.drop.answer:
            special = self.drop.answer(self, verb, arg)
            if special is not None:
                return special
        if verb == b"CAPA":
            if self.drop.capa is None:
                return b"-ERR unknown command\r\n"
            return b"+OK\r\n" + b"".join(c + b"\r\n" for c in self.drop.capa) + b".\r\n"
        if verb == b"QUIT":
            return self.update()
        if not self.logged_in:
            return self.log_in(verb, arg)
        return self.transaction(verb, arg)

    def log_in(self, verb, arg):
        if verb == b"AUTH":
            mechanism, _, first = arg.partition(b" ")
            if mechanism.upper() != b"PLAIN":
                return b"-ERR no such mechanism\r\n"
            self.in_auth = True
            if not first:
                return b"+ \r\n"
            self.commands.pop()
            return self.answer(first)
        if verb == b"USER":
            return b"+OK\r\n"
        if verb == b"PASS":
            self.logged_in = arg == PASSWORD.encode()
            return b"+OK\r\n" if self.logged_in else b"-ERR [AUTH] no\r\n"
        return b"-ERR log in first\r\n"

    def transaction(self, verb, arg):
        if verb == b"STAT":
            left = [m for n, m in enumerate(self.mail, 1) if n not in self.dele]
            return b"+OK %d %d\r\n" % (len(left), sum(len(m.raw) for m in left))
        if verb == b"LIST":
            return self.listing(arg, lambda m: b"%d" % len(m.raw), "LIST")
        if verb == b"UIDL" and self.drop.has_uidl:
            return self.listing(arg, lambda m: m.uidl, "UIDL")
        if verb == b"NOOP":
            return b"+OK\r\n"
        if verb == b"RSET":
            self.dele.clear()
            return b"+OK\r\n"
        if verb == b"RETR" or verb == b"DELE":
            n = self.number(arg)
            if not n:
                return b"-ERR no such message\r\n"
            if verb == b"RETR":
                self.retr.add(n)
                return b"+OK\r\n" + self.mail[n - 1].wire
            self.dele.add(n)
            return b"+OK\r\n"
        if verb == b"TOP" and self.drop.has_top:
            n = self.number(arg.split()[0])
            if not n:
                return b"-ERR no such message\r\n"
            head, empty, body = self.mail[n - 1].raw.partition(b"\r\n\r\n")
            if self.mail[n - 1].raw.startswith(b"\r\n"):
                head, empty = b"", b"\r\n"
            return b"+OK\r\n" + wire(head + empty)
        return b"-ERR unknown command\r\n"

    def update(self):
        """Mail that came while the session lasted stays."""
        self.quit = True
        gone = self.dele if self.drop.keeps else self.dele | self.retr
        self.drop.mail = [m for n, m in enumerate(self.mail, 1) if n not in gone] + self.drop.mail[len(self.mail):]
        return b"+OK bye\r\n"

    def over(self):
        if not self.quit and self.drop.breaks:
            self.update()


def listen():
    s = socket.socket()
    s.bind(("127.0.0.1", 0))
    s.listen(8)
    return s


def serve(listener, drop, cut=None, kill=None, over=None, patience=20):
    """Speaks with the next client, until it hangs up or the line is cut. `kill`: (octets, seconds, function): calls the function so
    long after so many octets were sent. None when `over`, a descriptor, can be read before a client comes, or the patience ends."""
    if listener not in select.select([listener] + ([over] if over is not None else []), [], [], patience)[0]:
        return None
    conn, _ = listener.accept()
    conn.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    conn.settimeout(patience)
    s = Session(drop)
    try:
        _talk(conn, s, cut, kill)
    except OSError:
        pass
    finally:
        if s.cut and cut.how == "rst":
            conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        conn.close()
        s.over()
    return s


def _send(conn, s, data, cut, kill):
    """False when the line is cut now."""
    if s.cut:  # half: nobody hears it
        return True
    if kill and s.sent + len(data) >= kill[0]:
        conn.sendall(data[:kill[0] - s.sent])
        time.sleep(kill[1])
        kill[2]()
        raise OSError("killed")
    if cut and cut.where == "down" and s.sent + len(data) >= cut.at:
        conn.sendall(data[:cut.at - s.sent])
        s.sent, s.cut = cut.at, True
        if cut.how == "half":
            conn.shutdown(socket.SHUT_WR)
        return cut.how == "half"
    conn.sendall(data)
    s.sent += len(data)
    return True


def _talk(conn, s, cut, kill):
    up = cut.at if cut and cut.where == "up" else None
    pending = b""
    if up == 0:
        s.cut = True
    elif not _send(conn, s, b"+OK ready\r\n", cut, kill):
        return _end(conn, cut)
    while not s.cut or cut.how == "half" and cut.where == "down":
        data = conn.recv(65536)
        if not data:
            return
        if up is not None and s.heard + len(data) >= up:
            data, s.cut = data[:up - s.heard], True
        s.heard += len(data)
        pending += data
        out = []
        *lines, pending = pending.split(b"\n")
        for line in lines:
            line = line.rstrip(b"\r")
            out.append(s.answer(line))
            begin = s.sent + sum(map(len, out[:-1]))
            s.marks[line] = begin, begin + len(out[-1])
            if s.quit:
                break
        if s.cut and cut.where == "up":
            conn.sendall(b"".join(out))
            break
        if not _send(conn, s, b"".join(out), cut, kill):
            return _end(conn, cut)
        if s.quit:
            return
    _end(conn, cut)


def _end(conn, cut):
    """The line is cut: in the half-open way the client's octets still go somewhere, and by stalling nothing happens at all."""
    if cut.how == "half":
        conn.shutdown(socket.SHUT_WR)
    if cut.how in ("half", "stall"):
        while conn.recv(65536):
            pass
