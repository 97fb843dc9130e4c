#!/usr/bin/env python3
"""Servers reached through proxies: SOCKS5, SOCKS4a and HTTP CONNECT, with TLS, STARTTLS and neither behind them."""
import base64
import os
import socket
import struct
import threading
import time

import live
from live import check, equal, run

server = live.Dovecot()


class Proxy:
    """A proxy that knows one user (or none) and one server: `localhost`, or 127.0.0.1, at any port."""

    def __init__(self, kind, user=None, password=None, answer=None):
        self.kind, self.user, self.password, self.answer = kind, user, password, answer
        self.asked, self.heard = [], b""
        self.sock = socket.create_server(("127.0.0.1", 0))
        self.port = self.sock.getsockname()[1]
        self.thread = threading.Thread(target=self.accept, daemon=True)
        self.thread.start()

    def accept(self):
        while True:
            try:
                conn, _ = self.sock.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(conn,), daemon=True).start()

    def serve(self, conn):
        with conn:
            try:
                where = getattr(self, self.kind)(conn)
                if where is None:
                    return
                self.asked.append(where)
                with socket.create_connection(where) as onward:
                    self.granted(conn)
                    back = threading.Thread(target=self.copy, args=(onward, conn), daemon=True)
                    back.start()
                    self.copy(conn, onward)
                    back.join()
            except (OSError, EOFError):
                pass

    @staticmethod
    def copy(a, b):
        try:
            while data := a.recv(65536):
                b.sendall(data)
            b.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def take(self, conn, n):
        data = b""
        while len(data) < n:
            more = conn.recv(n - len(data))
            if not more:
                raise EOFError
            data += more
        self.heard += data
        return data

    def text(self, conn):
        data = b""
        while not data.endswith(b"\0"):
            data += self.take(conn, 1)
        return data[:-1]

    def socks5(self, conn):
        methods = self.take(conn, self.take(conn, 2)[1])
        if self.user is None:
            conn.sendall(b"\5\0")
        elif 2 not in methods:
            conn.sendall(b"\5\xff")
            return None
        else:
            conn.sendall(b"\5\2")
            user = self.take(conn, self.take(conn, 2)[1])
            password = self.take(conn, self.take(conn, 1)[0])
            good = (user.decode(), password.decode()) == (self.user, self.password)
            conn.sendall(b"\1\0" if good else b"\1\1")
            if not good:
                return None
        kind = self.take(conn, 4)[3]
        host = socket.inet_ntoa(self.take(conn, 4)) if kind == 1 else self.take(conn, self.take(conn, 1)[0]).decode()
        return host, struct.unpack(">H", self.take(conn, 2))[0]

    def socks4a(self, conn):
        head = self.take(conn, 8)
        self.text(conn)
        host = self.text(conn).decode() if head[4:7] == b"\0\0\0" else socket.inet_ntoa(head[4:8])
        return host, struct.unpack(">H", head[2:4])[0]

    def http(self, conn):
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += self.take(conn, 1)
        lines = head.decode().split("\r\n")
        if self.user is not None:
            want = "Proxy-Authorization: Basic " + base64.b64encode((self.user + ":" + self.password).encode()).decode()
            if want not in lines:
                conn.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n")
                return None
        host, _, port = lines[0].split()[1].rpartition(":")
        return host, int(port)

    def granted(self, conn):
        conn.sendall({"socks5": b"\5\0\0\1\0\0\0\0\0\0", "socks4a": b"\0\x5a" + bytes(6),
                      "http": b"HTTP/1.1 200 Connection established\r\nX: y\r\n\r\n"}[self.kind])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.sock.close()


def test_every_kind_and_protection():
    for kind in ("socks5", "socks4a", "http"):
        with Proxy(kind) as p:
            via = "--proxy=%s://127.0.0.1:%d" % (kind, p.port)
            for scheme in ("imaps", "imap", "pop3s", "pop3"):
                # The name goes to the proxy as it is, and is the one that the certificate must be for.
                rows = run("--json", *server.tls(), via, "capabilities", server.url(scheme, host="localhost")).json()
                check(rows[0]["tls"]["verified"], kind, scheme)
            run("--security=none", "--allow-cleartext-password", via + "/", "status", server.url("imap", "INBOX", host="127.0.0.1"))
            equal({host for host, _ in p.asked}, {"localhost", "127.0.0.1"}, kind)
            check(live.PASSWORD.encode() not in p.heard, "the proxy was told the password")


def test_log_in_to_the_proxy():
    for kind in ("socks5", "http"):
        with Proxy(kind, "ann", "open sesame") as p:
            url = "--proxy=%s://ann@127.0.0.1:%d" % (kind, p.port)
            run(*server.tls(), url, "--proxy-password-env=PP", "capabilities", server.url(), env={"PP": "open sesame"})
            path = os.path.join(live.folder("proxy"), "password")
            with open(path, "w") as f:
                f.write("open sesame\n")
            run(*server.tls(), url, "--proxy-password-file=" + path, "capabilities", server.url())
            r = run(*server.tls(), url, "--proxy-password-env=PP", "capabilities", server.url(), env={"PP": "wrong"},
                    expect=live.UNAVAILABLE)
            check(b"the proxy refused the user name and password" in r.err, kind, r.err)
            r = run(*server.tls(), "--proxy=%s://127.0.0.1:%d" % (kind, p.port), "capabilities", server.url(), expect=live.UNAVAILABLE)
            check(b"the proxy wants a user name" in r.err, kind, r.err)


def test_proxy_in_the_middle_is_found_out():
    """A proxy that leads elsewhere shows another certificate."""
    with Proxy("http") as p:
        via = "--proxy=http://127.0.0.1:%d" % p.port
        run(*server.tls(), via, "capabilities", server.url(host="mail.example.test"), expect=live.UNAVAILABLE)
        p.http = lambda conn: (Proxy.http(p, conn), ("127.0.0.1", server.port["imaps"]))[1]
        r = run(*server.tls(), via, "capabilities", server.url(host="mail.example.test"), expect=live.NOPERM)
        check(b"not for mail.example.test" in r.err, r.err)


def test_what_is_no_proxy():
    with live.Script(lambda peer: peer.send("* OK hello, this is IMAP\r\n")) as s:
        for kind in ("socks5", "socks4a", "http"):
            r = run(*server.tls(), "--proxy=%s://127.0.0.1:%d" % (kind, s.port), "capabilities", server.url(), expect=live.PROTOCOL)
            check(b"does not speak" in r.err, kind, r.err)
    with live.Script(lambda peer: peer.line()) as s:  # falls silent
        r = run(*server.tls(), "--timeout=1", "--proxy=http://127.0.0.1:%d" % s.port, "capabilities", server.url(), expect=live.UNAVAILABLE)
        check(r.seconds < 10, "took %.1f s" % r.seconds)
    held, port = live.closed_port()
    with held:
        run(*server.tls(), "--proxy=socks5://127.0.0.1:%d" % port, "capabilities", server.url(), expect=live.UNAVAILABLE)


def hostile(talk, *options, url=None, **how):
    """The tool through a proxy that does as it likes, with a log-in to it."""
    with live.Script(talk) as s:
        r = run(*server.tls(), "--proxy=http://ann@127.0.0.1:%d" % s.port, "--proxy-password-env=PP", *options, "capabilities",
                url or server.url(), env={"PP": "open sesame"}, expect=None, **how)
        check(live.PASSWORD.encode() not in s.heard, s.heard)
    check(r.code >= 64, r)
    return r


def test_hostile_proxies():
    """Drops, headers without end, octets behind the answer, and its own password in its answer."""
    def drip(peer):
        peer.line()
        for c in "HTTP/1.1 200 OK\r\n" + "X: y\r\n" * 1000:
            peer.send(c)
            time.sleep(0.05)

    r = hostile(drip, "--timeout=1")
    check(r.code == live.UNAVAILABLE and r.seconds < 10, r)
    r = hostile(lambda p: (p.line(), p.send("HTTP/1.1 200 OK\r\n" + "X: y\r\n" * 10000), p.read()))
    check(r.code == live.PROTOCOL and b"8192 octets" in r.err, r)
    early = b"HTTP/1.1 200 OK\r\n\r\n* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] evil\r\n"
    r = hostile(lambda p: (p.line(), p.send(early), p.read()))
    check(r.code == live.PROTOCOL and b"injected" in r.err, r)
    # In clear a server may greet at once; STARTTLS is due all the same.
    r = hostile(lambda p: (p.line(), p.send(early), p.read()), url=server.url("imap"))
    check(b"does not offer STARTTLS" in r.err, r)
    for said in ("open sesame", "Basic YW5uOm9wZW4gc2VzYW1l", "OPEN SESAME"):  # A16
        r = hostile(lambda p: (p.line(), p.send("HTTP/1.1 500 I know %s\r\n\r\n" % said)))
        check(b"I know" in r.err and b"sesame" not in r.err.lower() and b"YW5u" not in r.err, r.err)


def test_tunnel():
    """A command that is the server, one that fails, and one that does not end by itself."""
    box = os.path.join(live.folder("tunnel"), "imap")
    with open(box, "w") as f:
        f.write("printf '* PREAUTH [CAPABILITY IMAP4rev1] hi\\r\\n'\nwhile read tag verb rest; do\n"
                "  case $verb in LOGOUT*) printf '* BYE bye\\r\\n';; esac\n"
                "  printf '%s OK done\\r\\n' $tag\n"
                "  case $verb in LOGOUT*) break;; esac\ndone\n" "exec sleep 60\n")
    r = run("--json", "--security=none", "--tunnel=exec sh " + box, "capabilities", "imap://alice@server.example/")
    equal(r.json()[0]["auth"], "PREAUTH", "auth")
    check(r.seconds < 20, "it was not ended: %.1f s" % r.seconds)
    r = run("--security=none", "--tunnel=exit 3", "capabilities", "imap://alice@server.example/", expect=None)
    check(r.code >= 64 and b"the tunnel's command ended with status 3" in r.err, r)
    r = run("--security=none", "--tunnel=kill -9 $$", "capabilities", "imap://alice@server.example/", expect=None)
    check(r.code >= 64 and b"ended by signal 9" in r.err, r)
    # A greeting that logs in is no way around TLS (T05).
    r = run("--tunnel=exec sh " + box, "capabilities", "imap://alice@server.example/", expect=live.NOPERM)


def test_unix_socket():
    path = os.path.join(live.folder("unix"), "s")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen()

        def serve():
            while True:
                try:
                    conn, _ = listener.accept()
                except OSError:
                    return
                onward = socket.create_connection(("127.0.0.1", port[0]))
                threading.Thread(target=Proxy.copy, args=(onward, conn), daemon=True).start()
                threading.Thread(target=Proxy.copy, args=(conn, onward), daemon=True).start()

        port = [0]
        threading.Thread(target=serve, daemon=True).start()
        for scheme in ("imaps", "pop3"):
            port[0] = server.port[scheme]
            rows = run("--json", *server.tls(), "--unix=" + path, "capabilities", server.url(scheme, host="localhost")).json()
            check(rows[0]["tls"]["verified"], scheme)
    run("--unix=" + path + ".gone", "capabilities", server.url(), expect=live.UNAVAILABLE)


def test_wrong_options():
    for url in ("ftp://h:1", "socks5://", "http://u:p@h:1", "socks5://h:1/x", "socks5://h:0", "http://a%3Ab@h:1"):
        run("--proxy=" + url, "capabilities", server.url(), expect=live.USAGE)


if __name__ == "__main__":
    live.main(globals())
