"""A server that knows SCRAM and channel binding (RFC 5802, RFC 5929), and somebody who sits in front of it; for live.Script.

`Scram(offers, takes)` is one account, alice, and what the server offers; `talk(protocol)` is for live.Script. What clients said is in
`firsts` (each client-first-message) and `tried` (each mechanism)."""
import base64
import hashlib
import hmac
import os
import select
import socket
import ssl

HASHES = {"SCRAM-SHA-1": "sha1", "SCRAM-SHA-256": "sha256", "SCRAM-SHA-512": "sha512"}


def b64(octets):
    return base64.b64encode(octets).decode()


class Refused(Exception):
    """Says why in the words of SCRAM; empty: by the protocol's own NO alone."""


class Scram:
    def __init__(self, offers, takes=(), password="secret", cert=None, rounds=4096, forges=False):
        self.offers, self.takes, self.password, self.cert, self.rounds = list(offers), list(takes), password, cert, rounds
        self.forges = forges  # it does not know the password, believes each proof and makes its own signature up
        self.firsts, self.tried, self.logged_in = [], [], []

    def binding(self, peer, name):
        if name == "tls-unique":
            return peer.conn.get_channel_binding("tls-unique")
        der = ssl.PEM_cert_to_DER_cert(open(self.cert + ".pem").read().split("-----END CERTIFICATE-----")[0] + "-----END CERTIFICATE-----\n")
        return hashlib.sha256(der).digest()

    def has_plus(self):
        return any(m.endswith("-PLUS") for m in self.offers)

    def exchange(self, peer, mechanism, first, ask):
        """Yields to the client by ask(text) -> its answer; returns when it has logged in, or raises Refused."""
        plus = mechanism.endswith("-PLUS")
        name = HASHES[mechanism[:-5] if plus else mechanism]
        self.firsts.append(first)
        flag, authzid, bare = first.split(",", 2)
        if flag.startswith("p=") != plus:
            raise Refused("other-error")
        if plus and flag[2:] not in self.takes:
            raise Refused("unsupported-channel-binding-type")
        if flag == "y" and self.has_plus():
            raise Refused("server-does-support-channel-binding")
        nonce = bare.split("r=", 1)[1] + b64(os.urandom(9))
        salt = os.urandom(16)
        server_first = "r=%s,s=%s,i=%d" % (nonce, b64(salt), self.rounds)
        last = ask(server_first)
        if self.forges:
            ask("v=" + b64(os.urandom(hashlib.new(name).digest_size)))
            return
        without, _, proof = last.rpartition(",p=")
        salted = hashlib.pbkdf2_hmac(name, self.password.encode(), salt, self.rounds)
        stored = hashlib.new(name, hmac.digest(salted, b"Client Key", name)).digest()
        auth = ("%s,%s,%s" % (bare, server_first, without)).encode()
        key = bytes(a ^ b for a, b in zip(hmac.digest(stored, auth, name), base64.b64decode(proof)))
        if hashlib.new(name, key).digest() != stored:
            raise Refused("invalid-proof")
        expected = ("%s,%s," % (flag, authzid)).encode() + (self.binding(peer, flag[2:]) if plus else b"")
        if without != "c=%s,r=%s" % (b64(expected), nonce):
            raise Refused("channel-bindings-dont-match")
        if ask("v=" + b64(hmac.digest(hmac.digest(salted, b"Server Key", name), auth, name))) != "":
            raise Refused("other-error")

    # --- as IMAP and POP3 say it ---

    def talk(self, protocol, silent=False):
        """silent: refusals come as NO and -ERR alone, as most servers have it."""
        return (lambda peer: self.imap(peer, silent)) if protocol == "imap" else (lambda peer: self.pop3(peer, silent))

    def log_in(self, peer, mechanism, initial, silent):
        """True, or False."""
        def ask(text):
            peer.send("+ %s\r\n" % b64(text.encode()))
            line = peer.line()
            if line == b"*":
                raise Refused("")
            return base64.b64decode(line).decode()

        self.tried.append(mechanism)
        try:
            if mechanism == "PLAIN":
                return True
            first = base64.b64decode(initial).decode() if initial else ask("")
            self.exchange(peer, mechanism, first, ask)
            self.logged_in.append(mechanism)
            return True
        except Refused as e:
            if str(e) and not silent:
                try:
                    ask("e=" + str(e))
                except Refused:
                    pass
            return False

    def imap(self, peer, silent):
        peer.send("* OK hello\r\n")
        while True:
            tag, verb, *rest = peer.line().decode().split(" ")
            if verb == "CAPABILITY":
                words = " ".join("AUTH=" + m for m in self.offers)
                peer.send("* CAPABILITY IMAP4rev1 SASL-IR LOGINDISABLED %s\r\n%s OK done\r\n" % (words, tag))
            elif verb == "AUTHENTICATE":
                ok = self.log_in(peer, rest[0], rest[1] if len(rest) > 1 else "", silent)
                peer.send("%s OK in\r\n" % tag if ok else "%s NO [AUTHENTICATIONFAILED] out\r\n" % tag)
            elif verb == "LOGOUT":
                peer.send("* BYE bye\r\n%s OK done\r\n" % tag)
                return
            else:
                peer.send("%s OK done\r\n" % tag)

    def pop3(self, peer, silent):
        peer.send("+OK hello\r\n")
        while True:
            verb, *rest = peer.line().decode().split(" ")
            if verb == "CAPA":
                peer.send("+OK\r\nSASL %s\r\nUIDL\r\n.\r\n" % " ".join(self.offers))
            elif verb == "AUTH":
                ok = self.log_in(peer, rest[0], rest[1] if len(rest) > 1 else "", silent)
                peer.send("+OK in\r\n" if ok else "-ERR [AUTH] out\r\n")
            elif verb == "QUIT":
                peer.send("+OK bye\r\n")
                return
            else:
                peer.send("+OK 0 0\r\n")


def between(port, change=lambda octets: octets):
    """Somebody who has a certificate of their own and passes everything on to a server with TLS at that port, whose octets go through
    change(); for live.Script."""
    def talk(peer):
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        up = context.wrap_socket(socket.create_connection(("127.0.0.1", port)))

        # One thread alone: OpenSSL's connections are not for two at a time.
        both = [peer.conn, up]
        try:
            while True:
                ready = [end for end in both if end.pending()] or select.select(both, [], [])[0]
                if peer.conn in ready:
                    up.sendall(peer.read())
                if up in ready:
                    octets = up.recv(65536)
                    if not octets:
                        return
                    peer.conn.sendall(change(octets))
        finally:
            up.close()
    return talk
