"""A mail server for tests in a thread: just enough IMAP and POP3, plain, TLS from the first octet, or STARTTLS/STLS."""
import base64
import socket
import ssl
import threading

USER, PASSWORD = "alice", "secret"


class FakeServer(threading.Thread):
    """Serves messages (bytes with CRLF) until close(). faults may hold "refuse" (no log-in is right) or "cut" (the
    connection breaks inside the first message)."""

    def __init__(self, protocol, messages, certificate=None, starttls=False, faults=()):
        super().__init__(daemon=True)
        self.protocol, self.messages, self.starttls, self.faults = protocol, messages, starttls, set(faults)
        self.context = None
        if certificate:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(*certificate)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.log = []  # command words, in order
        self.start()

    def run(self):
        while True:
            try:
                peer, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(peer,), daemon=True).start()

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def serve(self, peer):
        try:
            peer.settimeout(30)
            if self.context and not self.starttls:
                peer = self.context.wrap_socket(peer, server_side=True)
            session = {"imap": Imap, "pop3": Pop3}[self.protocol](self, peer)
            session.greet()
            while session.command():
                pass
        except (OSError, EOFError):
            pass
        finally:
            peer.close()


class Peer:
    def __init__(self, server, sock):
        self.server, self.socket, self.buffer = server, sock, b""
        self.tls = isinstance(sock, ssl.SSLSocket)

    def send(self, text):
        self.socket.sendall(text if isinstance(text, bytes) else text.encode())

    def read(self, done):
        while not done(self.buffer):
            data = self.socket.recv(65536)
            if not data:
                raise EOFError
            self.buffer += data

    def line(self):
        self.read(lambda b: b"\r\n" in b)
        line, self.buffer = self.buffer.split(b"\r\n", 1)
        return line.decode("utf-8", "replace")

    def octets(self, n):
        self.read(lambda b: len(b) >= n)
        data, self.buffer = self.buffer[:n], self.buffer[n:]
        return data.decode("utf-8", "replace")

    def start_tls(self):
        self.socket = self.server.context.wrap_socket(self.socket, server_side=True)
        self.tls = True

    def plain_is_right(self, response):
        words = base64.b64decode(response).decode().split("\0")
        return words[1:] == [USER, PASSWORD] and "refuse" not in self.server.faults

    def words_are_right(self, words):
        return words == [USER, PASSWORD] and "refuse" not in self.server.faults


class Imap(Peer):
    def capabilities(self):
        late = self.server.starttls and not self.tls
        return "IMAP4rev1 " + ("STARTTLS LOGINDISABLED" if late else "SASL-IR AUTH=PLAIN")

    def greet(self):
        self.send("* OK [CAPABILITY %s] hello\r\n" % self.capabilities())

    def text(self):
        """A command with its literals, as words and strings."""
        line = self.line()
        while line.endswith("}"):
            line, _, size = line.rpartition("{")
            if not size.endswith("+}"):
                self.send("+ go on\r\n")
            line += '"%s"' % self.octets(int(size.rstrip("+}"))) + self.line()
        return line

    def command(self):
        tag, verb, *rest = self.text().split(" ", 2)
        args = rest[0] if rest else ""
        if verb.upper() == "UID":
            verb, _, args = args.partition(" ")
        verb = verb.upper()
        self.server.log.append(verb)
        good = getattr(self, "do_" + verb.lower(), lambda a: "BAD unknown")(args)
        self.send("%s %s\r\n" % (tag, good or "OK done"))
        if verb == "STARTTLS":
            self.start_tls()
        return verb != "LOGOUT"

    def do_capability(self, _):
        self.send("* CAPABILITY %s\r\n" % self.capabilities())

    def do_starttls(self, _):
        return None if self.server.starttls and not self.tls else "BAD not here"

    def do_noop(self, _):
        return None

    def do_login(self, args):
        words = [w.strip('"') for w in args.split(" ")]
        return None if self.words_are_right(words) else "NO [AUTHENTICATIONFAILED] wrong"

    def do_authenticate(self, args):
        mechanism, _, response = args.partition(" ")
        if mechanism.upper() != "PLAIN":
            return "NO unknown mechanism"
        if not response:
            self.send("+ \r\n")
            response = self.line()
        return None if self.plain_is_right(response) else "NO [AUTHENTICATIONFAILED] wrong"

    def do_list(self, _):
        self.send('* LIST (\\HasNoChildren) "/" INBOX\r\n* LIST () "/" "Entw&APw-rfe"\r\n')

    def do_select(self, _):
        self.send("* FLAGS (\\Seen)\r\n* %d EXISTS\r\n* OK [UIDVALIDITY 7] .\r\n* OK [UIDNEXT 100] .\r\n"
                  % len(self.server.messages))

    do_examine = do_select

    def do_fetch(self, args):
        for n, message in enumerate(self.server.messages, 1):
            subject = next((x[9:] for x in message.split(b"\r\n") if x.startswith(b"Subject: ")), b"").decode()
            self.send('* %d FETCH (UID %d RFC822.SIZE %d ENVELOPE (NIL "%s" (("Bob" NIL "bob" "example.test")) NIL NIL NIL'
                      " NIL NIL NIL NIL)" % (n, n + 10, len(message), subject))
            if "BODY.PEEK[]" in args.upper() or "BODY[]" in args.upper():
                self.send(" BODY[] {%d}\r\n" % len(message))
                if "cut" in self.server.faults:
                    self.send(message[:len(message) // 2])
                    raise EOFError
                self.send(message)
            self.send(")\r\n")

    def do_logout(self, _):
        self.send("* BYE until later\r\n")


class Pop3(Peer):
    def greet(self):
        self.send("+OK hello\r\n")
        self.user = None

    def command(self):
        verb, _, args = self.line().partition(" ")
        verb = verb.upper()
        self.server.log.append(verb)
        self.send(getattr(self, "do_" + verb.lower(), lambda a: "-ERR unknown\r\n")(args) or "+OK\r\n")
        if verb == "STLS":
            self.start_tls()
        return verb != "QUIT"

    def do_capa(self, _):
        late = self.server.starttls and not self.tls
        return "+OK\r\nUIDL\r\nTOP\r\n%s\r\n.\r\n" % ("STLS" if late else "USER\r\nSASL PLAIN")

    def do_stls(self, _):
        return None if self.server.starttls and not self.tls else "-ERR not here\r\n"

    def do_user(self, name):
        self.user = name

    def do_pass(self, password):
        return None if self.words_are_right([self.user, password]) else "-ERR [AUTH] wrong\r\n"

    def do_auth(self, args):
        mechanism, _, response = args.partition(" ")
        if mechanism.upper() != "PLAIN":
            return "-ERR unknown mechanism\r\n"
        if not response:
            self.send("+ \r\n")
            response = self.line()
        return None if self.plain_is_right(response) else "-ERR [AUTH] wrong\r\n"

    def do_noop(self, _):
        return None

    def do_quit(self, _):
        gone = getattr(self, "dele", ())
        self.server.messages = [m for n, m in enumerate(self.server.messages, 1) if n not in gone]

    def do_list(self, _):
        return "+OK\r\n%s.\r\n" % "".join("%d %d\r\n" % (n, len(m)) for n, m in enumerate(self.server.messages, 1))

    def do_uidl(self, _):
        return "+OK\r\n%s.\r\n" % "".join("%d uid-%d\r\n" % (n, n) for n in range(1, len(self.server.messages) + 1))

    def do_retr(self, number):
        message = self.server.messages[int(number) - 1]
        self.send("+OK\r\n")
        if "cut" in self.server.faults:
            self.send(message[:len(message) // 2])
            raise EOFError
        lines = message.split(b"\r\n")[:-1]
        self.send(b"".join((b"." if x.startswith(b".") else b"") + x + b"\r\n" for x in lines))
        return ".\r\n"

    def do_top(self, args):
        message = self.server.messages[int(args.split()[0]) - 1]
        return b"+OK\r\n" + message.partition(b"\r\n\r\n")[0] + b"\r\n\r\n.\r\n"

    def do_dele(self, number):
        self.dele = getattr(self, "dele", set()) | {int(number)}
