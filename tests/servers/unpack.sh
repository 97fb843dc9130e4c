#!/usr/bin/env bash
# Unpacks Debian packages beside the system: Debian lets only one package that provides an IMAP server be installed, and the
# tests want to meet several.
#
#   unpack.sh ROOT PACKAGE...
#
# ROOT then holds the packages' files, and those of the libraries they need that this system lacks. Nothing is installed, and
# neither root nor anything of root's is needed. What is there already is not fetched again. Exit status: 0 done, 1 a package
# cannot be had.
set -euo pipefail
export LC_ALL=C

[ $# -ge 2 ] || { sed -n '2,/^# cannot/s/^# \{0,1\}//p' "$0" >&2; exit 64; }
command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || { echo "unpack.sh: no apt here" >&2; exit 1; }
mkdir -p "$1/.deb"
root=$(cd "$1" && pwd)
shift
[ ! -e "$root/.complete" ] || exit 0

installed() { dpkg-query -W -f='${db:Status-Abbrev} ' "$1" 2>/dev/null | grep -q '^.i'; }

options=(-qq -o APT::Sandbox::User=root -o Debug::NoLocking=1 -o Acquire::Retries=2 -o Acquire::http::Timeout=30 -o Acquire::https::Timeout=30)
download() { (cd "$root/.deb" && apt-get "${options[@]}" download "$@") >"$root/.deb/log" 2>&1; }
# The lists of this system may be missing, or older than what the archive still has: then lists of our own.
own_lists() {
  mkdir -p "$root/.deb/lists/partial" "$root/.deb/cache/archives/partial"
  options+=(-o Dir::State::lists="$root/.deb/lists" -o Dir::Cache="$root/.deb/cache" -o Acquire::Languages=none
    -o Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled=false)
  apt-get "${options[@]}" update >"$root/.deb/log" 2>&1
}

# Round by round: the packages, then the libraries that those depend on (the first of alternatives). A library that a server needs
# for scanning only, and that is large, is left out.
rm -f "$root"/.deb/*.deb
wanted=("$@") seen=" "
while [ ${#wanted[@]} -gt 0 ]; do
  if ! download "${wanted[@]}" && ! { own_lists && download "${wanted[@]}"; }; then
    echo "unpack.sh: cannot be had: ${wanted[*]}" >&2
    tail -3 "$root/.deb/log" >&2
    exit 1
  fi
  seen+="${wanted[*]} "
  wanted=()
  for deb in "$root"/.deb/*.deb; do
    dpkg -x "$deb" "$root"
    for name in $(dpkg-deb -f "$deb" Depends | tr ',' '\n' | sed -E 's/^ *([^ |(:]*).*/\1/'); do
      case $name in
        libclamav*) ;;
        lib*)
          case $seen in *" $name "*) continue ;; esac
          if ! installed "$name"; then
            wanted+=("$name")
            seen+="$name "
          fi ;;
      esac
    done
    rm -f "$deb"
  done
done
rm -rf "$root/.deb"
# The server may run as another user than who unpacks.
chmod -R go+rX "$root"
touch "$root/.complete"
