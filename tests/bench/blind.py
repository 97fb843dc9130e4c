#!/usr/bin/env python3
"""blind.py imap|pop3|pop3-delete PORT plain|tls CA_FILE COUNT - the least that can be waited for: sends everything at once and only reads.

It looks at no answer, not even at the greeting; whoever did that with a server that refuses the log-in would not know."""
import socket
import ssl
import sys

port, mode, ca, count = int(sys.argv[2]), sys.argv[3], sys.argv[4], int(sys.argv[5])
if port == 0:
    sys.exit(0)
context = ssl.create_default_context(cafile=ca)
s = socket.create_connection(("127.0.0.1", port))
s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
if mode == "tls":
    s = context.wrap_socket(s, server_hostname="localhost", suppress_ragged_eofs=True)
if sys.argv[1] == "imap":
    s.sendall(b"a LOGIN alice secret\r\nb EXAMINE INBOX\r\nc UID FETCH 1:* (UID BODY.PEEK[])\r\nd LOGOUT\r\n")
else:
    words = ["RETR %d\r\nDELE %d\r\n" if sys.argv[1] == "pop3-delete" else "RETR %d\r\n"] * count
    s.sendall(("USER alice\r\nPASS secret\r\n%sQUIT\r\n" % "".join(
        w.replace("%d", str(n + 1)) for n, w in enumerate(words))).encode())
octets = 0
room = memoryview(bytearray(1 << 18))
while True:
    n = s.recv_into(room)
    if n <= 0:
        break
    octets += n
print(octets, count)
