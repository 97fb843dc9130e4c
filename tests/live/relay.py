"""A line between a program and a real server that breaks behind a chosen octet, in either direction (maildrop.Cut)."""
import select
import socket
import struct



def relay(listener, address, cut=None, over=None, patience=30):
    """Carries the next client's octets to the server and back until the line is over; waits until the server has left, too. Gives
    how many octets went "down" to the client and "up" to the server; None when `over` can be read before a client comes."""
    if listener not in select.select([listener] + ([over] if over is not None else []), [], [], patience)[0]:
        return None
    client, _ = listener.accept()
    server = socket.create_connection(address, timeout=patience)
    for s in (client, server):
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        s.settimeout(patience)
    counts = {"down": 0, "up": 0}
    reset = False
    try:
        if _carry(client, server, counts, cut, patience):
            reset = cut.how == "rst"
            _break(client, server, cut)
    except OSError:
        pass
    finally:
        if reset:
            for s in (client, server):
                s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        client.close()
        if not reset:
            _leave(server)
        server.close()
    return counts


def _carry(client, server, counts, cut, patience):
    """True when the line is to break now; else one side has left."""
    ways = {client: (server, "up"), server: (client, "down")}
    while True:
        if cut and counts[cut.where] >= cut.at:
            return True
        for s in select.select([client, server], [], [], patience)[0] or [None]:
            data = s.recv(65536) if s else b""
            if not data:
                return False
            to, way = ways[s]
            if cut and cut.where == way:
                data = data[:cut.at - counts[way]]
            counts[way] += len(data)
            to.sendall(data)


def _break(client, server, cut):
    """Half open: the direction that was cut says nothing more, the other one goes on until somebody has enough."""
    if cut.how == "stall":
        while client.recv(65536):
            pass
    elif cut.how == "half":
        source, to = (client, server) if cut.where == "down" else (server, client)
        deaf = client if cut.where == "down" else server
        deaf.shutdown(socket.SHUT_WR)
        while True:
            ready = select.select([client, server], [], [], 30)[0]
            for s in ready:
                data = s.recv(65536)
                if not data:
                    return
                if s is source:
                    to.sendall(data)
            if not ready:
                return


def _leave(server):
    """What was sent is dealt with, and the maildrop given back, when the server closes."""
    try:
        server.shutdown(socket.SHUT_WR)
        while server.recv(65536):
            pass
    except OSError:
        pass
