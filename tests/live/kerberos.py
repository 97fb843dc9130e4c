"""A Kerberos realm of a test's own, for the log-in by GSSAPI."""
import ctypes
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time

import live
from live import check


def need(built_in):
    """Skips the whole test where something is missing: the mechanism in this build, or what makes a realm and a server for it."""
    missing = [p for p in ("krb5kdc", "kdb5_util", "kadmin.local", "kinit", "kdestroy")
               if not shutil.which(p, path=os.environ["PATH"] + ":/usr/sbin:/sbin")]
    if not built_in:
        missing = ["GSSAPI in this build"]
    elif not os.path.exists("/usr/lib/dovecot/modules/auth/libmech_gssapi.so"):
        missing.append("dovecot-gssapi")
    if missing:
        print("1..0 # SKIP not here: " + ", ".join(missing))
        sys.exit(0)


class Realm:
    """A Kerberos realm, TEST, in a folder: alice and the two services of localhost."""

    def __init__(self):
        self.dir = tempfile.mkdtemp(prefix="mailaccess-krb5.")
        os.chmod(self.dir, 0o755)
        with socket.socket() as s:  # the KDC takes no port 0
            s.bind(("127.0.0.1", 0))
            self.port = port = s.getsockname()[1]
        self.configure("krb5.conf", port)
        self.write("kdc.conf", """
            [kdcdefaults]
              kdc_listen = 127.0.0.1:%d
              kdc_tcp_listen = 127.0.0.1:%d
            [realms]
              TEST = {
                database_name = %s/principal
                key_stash_file = %s/stash
                acl_file = %s/none
              }
            [logging]
              kdc = FILE:%s/kdc.log
            """ % (port, port, self.dir, self.dir, self.dir, self.dir))
        self.tickets = "FILE:%s/tickets" % self.dir
        self.env = dict(os.environ, KRB5_CONFIG=self.dir + "/krb5.conf", KRB5_KDC_PROFILE=self.dir + "/kdc.conf", KRB5CCNAME=self.tickets,
                        PATH=os.environ["PATH"] + ":/usr/sbin:/sbin")
        self.call("kdb5_util", "create", "-s", "-r", "TEST", "-P", "master")
        for q in ("addprinc -pw secret alice", "addprinc -pw secret mallory", "addprinc -randkey imap/localhost", "addprinc -randkey pop/localhost",
                  "ktadd -k %s/keytab imap/localhost pop/localhost" % self.dir):
            self.call("kadmin.local", "-r", "TEST", "-q", q)
        os.chmod(self.dir + "/keytab", 0o644)  # for the server's user; the realm dies with the test
        user = {}
        if os.geteuid() == 0:
            user = {"user": "nobody", "group": "nogroup", "extra_groups": []}
            subprocess.run(["chown", "-R", "nobody", self.dir], check=True)
        self.kdc = subprocess.Popen(["krb5kdc", "-n", "-r", "TEST"], env=self.env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                    stderr=subprocess.DEVNULL, preexec_fn=lambda: ctypes.CDLL(None).prctl(1, 15), **user)  # dies with us
        end = time.monotonic() + 20
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                return
            except OSError:
                check(self.kdc.poll() is None and time.monotonic() < end, "the KDC does not start")
                time.sleep(0.05)

    def configure(self, name, port):
        """Writes what clients are told of the realm, whose KDC is at that port; the file's path."""
        self.write(name, """
            [libdefaults]
              default_realm = TEST
              dns_lookup_kdc = false
              dns_lookup_realm = false
              dns_canonicalize_hostname = false
              rdns = false
            [realms]
              TEST = {
                kdc = 127.0.0.1:%d
              }
            [domain_realm]
              localhost = TEST
            """ % port)
        return os.path.join(self.dir, name)

    def dovecot(self):
        return live.Dovecot("--set", "auth_mechanisms = gssapi plain", "--set", "auth_krb5_keytab = %s/keytab" % self.dir,
                            "--set", "auth_gssapi_hostname = localhost",
                            "--set", "passdb {\n driver = static\n mechanisms = gssapi\n args = nopassword=y\n}",
                            "--set", "import_environment = TZ KRB5_CONFIG=%s/krb5.conf" % self.dir, empty=True)

    def write(self, name, text):
        with open(os.path.join(self.dir, name), "w") as f:
            f.write("\n".join(line.strip() for line in text.splitlines()))

    def call(self, *args, **how):
        p = subprocess.run(args, env=self.env, capture_output=True, timeout=60, **how)
        check(p.returncode == 0, args, p.stdout, p.stderr)

    def log_in(self, user):
        self.call("kinit", user, input=b"secret\n")

    def stop(self):
        self.kdc.terminate()
        self.kdc.wait(20)
        shutil.rmtree(self.dir, ignore_errors=True)
