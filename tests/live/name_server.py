"""A name server on 127.0.0.1, over UDP and TCP at a port that the kernel chooses.

    with NameServer({("_imaps._tcp.example.test", "SRV"): [(10, 0, 993, "imap.example.test")],
                     ("example.test", "MX"): [(10, "mx.example.test")]}) as ns:
        ... ns.port, ns.asked ...

What is not in the table does not exist (NXDOMAIN). Instead of a list of records there may be a word:
    "fail"      SERVFAIL
    "silent"    no answer
    "wrong-id"  an answer with another number, and then nothing
    "lie"       more records announced than there are
    "loop"      a target that is a pointer to itself
    "garbage"   octets
    ("long", records)  over UDP cut off; whole over TCP
    ("spoof", false, true)  first answers with a wrong number or question, then the true one
"""
import socket
import struct
import threading

TYPES = {15: "MX", 33: "SRV"}
SILENCE = None


def name(text):
    return b"".join(bytes([len(label)]) + label.encode() for label in text.split(".") if label) + b"\0"


def record(kind, values):
    if kind == "SRV":
        data = struct.pack(">HHH", *values[:3]) + name(values[3])
    else:
        data = struct.pack(">H", values[0]) + name(values[1])
    return b"\xc0\x0c" + struct.pack(">HHIH", 33 if kind == "SRV" else 15, 1, 300, len(data)) + data


class NameServer:
    def __init__(self, table, port=0, authentic=False):
        """authentic: answers say that DNSSEC was verified (AD)."""
        self.table, self.asked, self.over_tcp, self.flags = table, [], [], 0x81a0 if authentic else 0x8180
        for _ in range(50):
            self.udp, self.tcp = socket.socket(type=socket.SOCK_DGRAM), socket.socket()
            self.udp.bind(("127.0.0.1", port))
            self.port = self.udp.getsockname()[1]
            try:
                self.tcp.bind(("127.0.0.1", self.port))
                break
            except OSError:  # somebody has that one
                self.udp.close()
                self.tcp.close()
        self.tcp.listen(8)
        for run in (self._udp, self._tcp):
            threading.Thread(target=run, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        for s in (self.udp, self.tcp):
            try:
                s.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            s.close()

    def _udp(self):
        while True:
            try:
                question, peer = self.udp.recvfrom(4096)
            except OSError:
                return
            if not question:  # close() was called
                return
            for out in self._answers(question, False):
                self.udp.sendto(out, peer)

    def _tcp(self):
        while True:
            try:
                peer, _ = self.tcp.accept()
            except OSError:
                return
            with peer:
                size = struct.unpack(">H", peer.recv(2, socket.MSG_WAITALL))[0]
                for out in self._answers(peer.recv(size, socket.MSG_WAITALL), True):
                    peer.sendall(struct.pack(">H", len(out)) + out)

    def _answers(self, question, tcp):
        at, labels = 12, []
        while question[at]:
            labels.append(question[at + 1:at + 1 + question[at]].decode())
            at += 1 + question[at]
        kind = TYPES.get(struct.unpack(">H", question[at + 1:at + 3])[0], "?")
        key = (".".join(labels).lower(), kind)
        self.asked.append(key)
        if tcp:
            self.over_tcp.append(key)
        asked = question[12:at + 5]
        what = self.table.get(key, "none")

        def message(records, flags=self.flags, number=question[:2], count=None, query=asked):
            return (number + struct.pack(">HHHHH", flags, 1, len(records) if count is None else count, 0, 0) + query +
                    b"".join(record(kind, r) if isinstance(r, tuple) else r for r in records))

        other = bytes([question[0] ^ 0xff, question[1]])
        if isinstance(what, list):
            return [message(what)]
        if isinstance(what, tuple) and what[0] == "long":
            return [message(what[1])] if tcp else [message([], 0x8380)]
        if isinstance(what, tuple):
            elsewhere = bytes([asked[0]]) + b"x" + asked[2:]
            return [message(what[1], number=other), message(what[1], query=elsewhere), message(what[2])]
        return {"none": [message([], 0x8183)], "fail": [message([], 0x8182)], "silent": [],
                "wrong-id": [message([], number=other)],
                "lie": [message([(1, 1, 993, "a.test")] if kind == "SRV" else [(1, "a.test")], count=5)],
                "loop": [message([b"\xc0\x0c" + struct.pack(">HHIHHHH", 33, 1, 1, 8, 1, 1, 993) +
                                  struct.pack(">H", 0xc000 | 12 + len(asked) + 18)])],
                "garbage": [question[:2] + b"\x81\x80" + bytes(range(200))]}[what]
