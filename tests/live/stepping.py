"""A program run from system call to system call (ptrace): killed at one of them, in front of it or when it is done, or watched."""
import ctypes
import os
import platform
import signal
import struct

_libc = ctypes.CDLL(None, use_errno=True)
_libc.ptrace.restype = ctypes.c_long
_libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
TRACEME, SYSCALL, SETOPTIONS, SYSCALL_INFO = 0, 24, 0x4200, 0x420E
SYSGOOD, EXITKILL = 1, 0x100000


class Unavailable(Exception):
    """Nobody may trace here."""


def _ptrace(request, pid, data=0, address=None):
    if _libc.ptrace(request, pid, address, data) < 0:
        raise OSError(ctypes.get_errno(), "ptrace")


def _child(argv, env, out):
    try:
        null = os.open(os.devnull, os.O_RDWR)
        os.dup2(null, 0)
        os.dup2(null, 1)
        os.dup2(out, 2)
        _ptrace(TRACEME, 0)
        os.execve(argv[0], argv, env)
    finally:
        os._exit(126)


# The calls that watch() tells of.
CALLS = {"x86_64": {1: "write", 18: "pwrite64", 20: "writev", 44: "sendto", 46: "sendmsg", 74: "fsync", 75: "fdatasync", 306: "syncfs"},
         "aarch64": {64: "write", 68: "pwrite64", 66: "writev", 206: "sendto", 211: "sendmsg", 82: "fsync", 83: "fdatasync", 267: "syncfs"}}


def _octets(pid, at, length):
    with open("/proc/%d/mem" % pid, "rb") as f:
        f.seek(at)
        return f.read(length)


def payload(pid, name, args):
    """What a writing call is to write."""
    if name in ("write", "pwrite64", "sendto"):
        return _octets(pid, args[1], args[2])
    vector, count = args[1], args[2]
    if name == "sendmsg":
        vector, count = struct.unpack("=QQ", _octets(pid, args[1] + 16, 16))
    parts = struct.unpack("=%dQ" % (2 * count), _octets(pid, vector, 16 * count))
    return b"".join(_octets(pid, parts[i], parts[i + 1]) for i in range(0, len(parts), 2))


def watch(argv, env, out, see):
    """Runs argv to its end and calls see(pid, name, args, result) in front of each of CALLS (result None) and when it is done. Gives
    its exit status."""
    calls = CALLS.get(platform.machine())
    if calls is None:
        raise Unavailable("the numbers of system calls are not known for %s" % platform.machine())
    info, now = ctypes.create_string_buffer(88), []

    def look(pid):
        _ptrace(SYSCALL_INFO, pid, ctypes.addressof(info), len(info))
        if info.raw[0] == 1:
            number, *args = struct.unpack_from("=7Q", info.raw, 24)
            now[:] = [calls.get(number), args]
        if now and now[0] and info.raw[0] in (1, 2):
            see(pid, *now, None if info.raw[0] == 1 else struct.unpack_from("=q", info.raw, 24)[0])

    return run(argv, env, 0, out, look)[0]


def run(argv, env, at, out, look=None):
    """Runs argv and kills it at the at-th stop: each call has two, before and after. What it says on stderr goes to `out`; look(pid) is
    called at each stop. Gives its exit status, None when it was killed, and how many stops there were."""
    pid = os.fork()
    if pid == 0:
        _child(argv, env, out)
    _, status = os.waitpid(pid, 0)
    if not os.WIFSTOPPED(status):
        raise Unavailable("ptrace is not allowed here")
    _ptrace(SETOPTIONS, pid, SYSGOOD | EXITKILL)
    stops, sig = 0, 0
    while True:
        _ptrace(SYSCALL, pid, sig)
        _, status = os.waitpid(pid, 0)
        if os.WIFEXITED(status):
            return os.WEXITSTATUS(status), stops
        if os.WIFSIGNALED(status):
            return None, stops
        sig = os.WSTOPSIG(status)
        if sig == signal.SIGTRAP | 0x80:
            sig = 0
            stops += 1
            if look:
                look(pid)
            if stops == at:
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
                return None, stops
