#!/usr/bin/env bash
# Unpacks Debian packages beside the system: Debian lets only one package that provides an IMAP server be installed, and the
# tests want to meet several.
#
#   unpack.sh ROOT PACKAGE...
#
# ROOT then holds the packages' files, and those of the libraries they need that this system lacks. Nothing is installed. What is
# there already is not fetched again. Exit status: 0 done, 1 a package cannot be had.
set -euo pipefail
export LC_ALL=C

[ $# -ge 2 ] || { sed -n '2,/^# there/s/^# \{0,1\}//p' "$0" >&2; exit 64; }
mkdir -p "$1/.deb"
root=$(cd "$1" && pwd)
shift
installed() { dpkg-query -W -f='${db:Status-Abbrev} ' "$1" 2>/dev/null | grep -q '^.i'; }

# One package: its files, then those of the libraries it depends on (the first of alternatives). A library that a package
# needs for scanning only, and that is large, is left out.
unpack() {
  local package=$1 deb name
  [ ! -e "$root/.deb/$package" ] || return 0
  (cd "$root/.deb" && apt-get -qq -o APT::Sandbox::User=root -o Debug::NoLocking=1 download "$package") >"$root/.deb/log" 2>&1 || {
    echo "unpack.sh: $package cannot be had:" >&2
    tail -3 "$root/.deb/log" >&2
    return 1
  }
  deb=$(find "$root/.deb" -name "${package}_*.deb" | head -n 1)
  dpkg -x "$deb" "$root"
  touch "$root/.deb/$package"
  for name in $(dpkg-deb -f "$deb" Depends | tr ',' '\n' | sed -E 's/^ *([^ |(:]*).*/\1/'); do
    case $name in
      libclamav*) ;;
      lib*) if ! installed "$name"; then unpack "$name" || return 1; fi ;;
    esac
  done
  rm -f "$deb"
}

for package; do unpack "$package"; done
# The server may run as another user than who unpacks.
chmod -R go+rX "$root"
