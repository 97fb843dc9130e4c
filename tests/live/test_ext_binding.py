"""Channel bindings (A08) beside OpenSSL: what ties a log-in to a TLS connection is the same octets at both ends, as two programs reckon it that
share no line: tls-exporter (RFC 9266), tls-unique (RFC 5929 section 3) and tls-server-end-point (section 4), the latter for each hash."""
import ctypes
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading

import live
from live import check, equal

lib = live.library()
LABEL = "EXPORTER-Channel-Binding"
DIR = tempfile.mkdtemp(prefix="mailaccess-binding.")
PSS = ["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:digest"]


def openssl(*args, **how):
    p = subprocess.run(["openssl", *args], stdin=subprocess.DEVNULL, capture_output=True, timeout=60, **how)
    check(p.returncode == 0, args, p.stderr)
    return p.stdout


def key(kind):
    path = os.path.join(DIR, kind + ".key")
    if not os.path.exists(path):
        how = {"ec": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"], "rsa": ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"]}
        openssl("genpkey", *how[kind], "-out", path)
    return path


def certificate(kind, digest, *options):
    """A certificate of localhost's own, signed that way."""
    path = os.path.join(DIR, "cert.pem")
    openssl("req", "-x509", "-new", "-key", key(kind), "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-days", "2",
            "-" + digest, *options, "-out", path)
    return path


class Peer:
    """OpenSSL's own server for one connection: says what it has reckoned, then greets."""

    def __init__(self, kind, cert, *options):
        self.port = None
        self.said, self.keys, self.ready = [], threading.Event(), threading.Event()
        self.process = subprocess.Popen(
            ["openssl", "s_server", "-accept", "127.0.0.1:0", "-naccept", "1", "-key", key(kind), "-cert", cert, "-msg",
             "-cipher", "DEFAULT@SECLEVEL=0", "-keymatexport", LABEL, "-keymatexportlen", "32", *options],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        threading.Thread(target=self._listen, daemon=True).start()
        check(self.ready.wait(20), "openssl s_server does not start", self.said)

    def _listen(self):
        for line in self.process.stdout:
            self.said.append(line.rstrip())
            if line.startswith("ACCEPT 127.0.0.1:"):
                self.port = int(line.rsplit(":", 1)[1])
                self.ready.set()
            if "Keying material:" in line:
                self.process.stdin.write("* OK [CAPABILITY IMAP4rev1] hello\n")
                self.process.stdin.flush()
                self.keys.set()

    def exported(self):
        return bytes.fromhex(re.search(r"Keying material: ([0-9A-F]+)", "\n".join(self.said))[1])

    def first_finished(self):
        """verify_data of the first Finished message, behind its head of four octets."""
        at = next(i for i, line in enumerate(self.said) if line.endswith("Finished"))
        octets = bytes.fromhex("".join(self.said[at + 1:at + 3 if self.said[at + 2].startswith("    ") else at + 2]).replace(" ", ""))
        return octets[4:]

    def stop(self):
        self.process.kill()
        self.process.wait(20)
        self.process.stdin.close()


def binding(imap, kind):
    """The octets, or MLA_E_*."""
    out, n = (ctypes.c_uint8 * 64)(), ctypes.c_size_t()
    rc = lib.C.mla_session_channel_binding(imap.session, kind, out, len(out), ctypes.byref(n))
    return bytes(out[:n.value]) if rc == 0 else rc


def compare(kind, cert, digest, *options, insecure=False):
    """What this connection gives, beside OpenSSL's: the version of TLS, and which there were but for the end point."""
    peer = Peer(kind, cert, *options)
    try:
        imap = lib.Imap("localhost", peer.port, ca=cert, config=lambda cfg: lib.C.mla_config_set_insecure(cfg, 1) if insecure else None)
        check(peer.keys.wait(20), peer.said)
        version = lib.C.mla_session_tls_version(imap.session).decode()
        der = os.path.join(DIR, "cert.der")
        openssl("x509", "-in", cert, "-outform", "DER", "-out", der)
        want = openssl("dgst", "-" + digest, "-binary", der)
        equal(binding(imap, lib.BINDING_END_POINT), want, "%s %s %s" % (version, kind, digest))
        exported, unique = binding(imap, lib.BINDING_EXPORTER), binding(imap, lib.BINDING_UNIQUE)
        equal(exported, peer.exported() if version == "TLSv1.3" else lib.E_UNSUPPORTED, version)
        if version == "TLSv1.3" or unique == lib.E_UNSUPPORTED:
            equal(unique, lib.E_UNSUPPORTED, "TLS 1.3 has no tls-unique")
        else:
            equal(unique, peer.first_finished())
        found = [n for n, v in (("tls-exporter", exported), ("tls-unique", unique)) if isinstance(v, bytes)]
        print("# %s %s %s: %s" % (version, kind, digest, " ".join(found)))
        imap.free()
        return version, found
    finally:
        peer.stop()


def test_of_the_connection():
    """tls-exporter with TLS 1.3, for the hashes of its suites; with TLS 1.2 alone tls-unique, where the library tells it (mbedTLS 2.28)."""
    cert = certificate("ec", "sha256")
    for options in (["-ciphersuites", "TLS_AES_128_GCM_SHA256"], ["-ciphersuites", "TLS_AES_256_GCM_SHA384"], ["-tls1_2"]):
        version, found = compare("ec", cert, "sha256", *options)
        check(found or options == ["-tls1_2"], version, "gives nothing but the end point")
    version, _ = compare("rsa", certificate("rsa", "sha256"), "sha256", "-tls1_2")  # a server that has RSA-PSS, too
    equal(version, "TLSv1.2")


def test_end_point_by_hash():
    """RFC 5929 section 4.1: the hash is that of the certificate's signature, SHA-256 at least; that of RSASSA-PSS is in its parameters."""
    for kind, digest, expected, options in (("ec", "sha384", "sha384", []), ("rsa", "sha512", "sha512", []), ("rsa", "sha256", "sha256", PSS),
                                            ("rsa", "sha384", "sha384", PSS)):
        compare(kind, certificate(kind, digest, *options), expected)


def test_end_point_unverified():
    """With a broken hash, which nobody verifies, SHA-256 takes its place; nobody has to have judged the certificate."""
    compare("rsa", certificate("rsa", "sha1"), "sha256", insecure=True)


if __name__ == "__main__":
    try:
        status = live.main(globals())
    finally:
        shutil.rmtree(DIR, ignore_errors=True)
    sys.exit(status)
