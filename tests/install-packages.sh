#!/usr/bin/env bash
# Installs those of the named Debian packages that are missing; touches nothing when all are there.
#
#   install-packages.sh PACKAGE...
#
# Asks nothing (sudo may, for a password, at a terminal). A mail server among them is not started and will not start at
# boot either: only its program is wanted. Exit status: 0 all there, 1 apt failed, 77 not allowed to install.
set -euo pipefail

command -v dpkg-query >/dev/null && command -v apt-get >/dev/null || {
  echo "install-packages.sh: no apt here; going on with what there is (wanted: $*)" >&2
  exit 0
}

missing=()
for package; do
  # `ii`, or `hi` when it is on hold
  case $(dpkg-query -W -f='${db:Status-Abbrev} ' "$package" 2>/dev/null || true) in *[ih]'i '*) ;; *) missing+=("$package") ;; esac
done
[ ${#missing[@]} -gt 0 ] || exit 0

root=()
if [ "$(id -u)" != 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "install-packages.sh: missing, and neither root nor sudo here to install them: ${missing[*]}" >&2
    exit 77
  fi
  # Without a terminal there is nobody to type a password.
  if [ -t 0 ] && [ -t 2 ]; then root=(sudo); else root=(sudo -n); fi
  "${root[@]}" true || { echo "install-packages.sh: sudo does not let us install: ${missing[*]}" >&2; exit 77; }
fi

as_root() {
  local keep=() name
  for name in http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY; do
    [ -z "${!name:-}" ] || keep+=("$name=${!name}")
  done
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive LC_ALL=C "${keep[@]}" "$@"
}

# While this file is there and says 101, package scripts start no service.
policy=/usr/sbin/policy-rc.d
made=
policy_end() { [ -z "$made" ] || as_root rm -f "$policy"; }
trap policy_end EXIT
trap 'exit 1' INT TERM HUP
case " ${missing[*]} " in
  *\ dovecot-* | *\ krb5-kdc\ *)
    if [ ! -e "$policy" ]; then
      made=1
      as_root sh -c "printf '#!/bin/sh\nexit 101\n' >$policy && chmod 755 $policy"
    fi ;;
esac
new_dovecot=1
dpkg-query -W -f='${db:Status-Abbrev}' dovecot-core 2>/dev/null | grep -q '^.i' && new_dovecot=

echo "installing: ${missing[*]}" >&2
options=(-qq -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 -o Dpkg::Use-Pty=0)
log=$(mktemp)
apt() {
  as_root apt-get "${options[@]}" "$@" >"$log" 2>&1 </dev/null || {
    echo "install-packages.sh: apt-get $* failed:" >&2
    tail -20 "$log" >&2
    rm -f "$log"
    exit 1
  }
}
apt update
apt install -y --no-install-recommends "${missing[@]}"
rm -f "$log"
if [ -n "$new_dovecot" ] && [ -d /run/systemd/system ]; then
  as_root systemctl disable dovecot.service dovecot.socket >/dev/null 2>&1 || true
fi
