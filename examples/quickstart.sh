#!/usr/bin/env bash
# Builds the library and its command-line tool, starts a private mail server with a sample mailbox on this machine, and reads that
# mailbox by IMAP and by POP3. Installs what is missing first (Debian 12; asks nothing, uses sudo when not root).
#
#   examples/quickstart.sh           ends with everything stopped
#   examples/quickstart.sh --keep    leaves the server running and says how to reach it and how to stop it
#
# Everything it makes is in build/ (the build) and build/quickstart/ (server, sample mail, downloads). Running it again is quick.
# Exit status: 0 all done and all compared equal, 1 something failed, 64 usage.
set -euo pipefail
cd "$(dirname "$0")/.."

keep=
while [ $# -gt 0 ]; do
  case $1 in
    --keep) keep=1 ;;
    -h | --help) sed -n '2,/^# Exit/s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) echo "quickstart.sh: unknown option $1" >&2; exit 64 ;;
  esac
  shift
done

top=$PWD
work=$top/build/quickstart
server=$work/server
tool=$top/build/examples/mailaccess/mailaccess
child=
started=$SECONDS

step() { printf '\n== %s\n' "$*"; }
fail() { printf 'quickstart.sh: %s\n' "$*" >&2; exit 1; }

# However this ends, what it started ends too; only --keep leaves the server, and only when all went well.
finish() {
  local status=$?
  trap - EXIT
  trap '' INT TERM HUP
  if [ -n "$child" ]; then
    kill -TERM "$child" 2>/dev/null || true
    wait "$child" 2>/dev/null || true
  fi
  if [ "$status" != 0 ] || [ -z "$keep" ]; then tests/servers/dovecot.sh stop "$server" || status=1; fi
  exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# Runs a command so that a signal to this script ends both at once, not after the command.
run() {
  local status=0
  "$@" </dev/null &
  child=$!
  wait "$child" || status=$?
  child=
  return "$status"
}

# Runs it quietly: its output goes to a file and is shown when it fails.
quietly() {
  local log=$1
  shift
  run "$@" >"$log" 2>&1 || { tail -n 40 "$log" >&2; fail "failed: $* (all of it is in $log)"; }
}

step "What is needed"
tests/install-packages.sh meson ninja-build pkg-config gcc libc6-dev libmbedtls-dev zlib1g-dev libexpat1-dev dovecot-imapd dovecot-pop3d openssl python3
echo "all there"

step "Build"
mkdir -p build
[ -e build/build.ninja ] || quietly build/quickstart-setup.log meson setup build
quietly build/quickstart-ninja.log ninja -C build
[ -x "$tool" ] || fail "$tool was not built"
echo "$tool"

step "A private mail server with a sample mailbox"
tests/servers/dovecot.sh stop "$server" # one that an earlier --keep left
rm -rf "$work"
mkdir -p "$work"
run python3 examples/sample-mail/make.py "$work/sample"
run tests/servers/dovecot.sh start "$server" --mail "alice=$work/sample/Maildir"
# shellcheck source=/dev/null
. "$server/env"
export MLA_PASSWORD
imap=imaps://$MLA_USER@$MLA_HOST:$MLA_IMAPS_PORT
pop=pop3s://$MLA_USER@$MLA_HOST:$MLA_POP3S_PORT
options=(--ca-file="$MLA_CA_FILE" --password-env=MLA_PASSWORD)
echo "Dovecot answers at $imap and $pop"

# mailaccess OUTPUT ARGUMENT...: says what it runs, and runs it; OUTPUT is a file or `-`.
mailaccess() {
  local out=$1 shown
  shift
  shown=${*//"$imap"/imaps://…}
  printf '\n$ mailaccess %s\n' "${shown//"$pop"/pop3s://…}"
  if [ "$out" = - ]; then
    run "$tool" "${options[@]}" "$@" || fail "mailaccess ended with $?"
  else
    run "$tool" "${options[@]}" "$@" >"$out" || fail "mailaccess ended with $?"
  fi
}

step "Its mailboxes"
mailaccess - mailboxes "$imap/"

step "The messages of the inbox"
mailaccess "$work/list.txt" list "$imap/INBOX"
LC_ALL=C.UTF-8 sed -nE '1,12s/^(.{0,100}).*/\1/p' "$work/list.txt"
echo "... ($(($(wc -l <"$work/list.txt") - 12)) more lines)"

step "Download everything, by IMAP over TLS and by POP3 over TLS"
mailaccess "$work/by-imap.json" --json download "$imap/" --to="$work/by-imap"
mailaccess "$work/by-pop3.json" --json download "$pop" --to="$work/by-pop3"

# Sorted digests of all messages under a folder.
digests() { find "$1" -name '*.eml' -type f -exec sha256sum {} + | cut -d' ' -f1 | sort; }
compare() { # WHAT PUT-IN CAME-OUT
  digests "$2" >"$work/put-in"
  digests "$3" >"$work/came-out"
  [ -s "$work/put-in" ] || fail "no sample mail to compare with"
  if ! diff "$work/put-in" "$work/came-out" >"$work/differences"; then
    fail "$1: $(grep -c '^<' "$work/differences") messages missing or different, $(grep -c '^>' "$work/differences") that nobody put in"
  fi
  printf '%s: %d messages, each octet for octet what was put in\n' "$1" "$(wc -l <"$work/came-out")"
}
by_imap=$(compare "IMAP, every mailbox" "$work/sample/eml" "$work/by-imap")
by_pop=$(compare "POP3, the inbox" "$work/sample/eml/INBOX" "$work/by-pop3")

step "One message for a person to read"
mailaccess - show "$imap/INBOX" 14

step "Summary ($((SECONDS - started)) s)"
printf '%s\n' "$by_imap" "$by_pop"
printf 'The tool:      %s\n' "${tool#"$top"/}"
printf 'The downloads: %s\n' "${work#"$top"/}/by-imap ${work#"$top"/}/by-pop3"
if [ -n "$keep" ]; then
  cat <<END

The server keeps running.
  IMAP      $imap (TLS), port $MLA_IMAP_PORT (STARTTLS)
  POP3      $pop (TLS), port $MLA_POP3_PORT (STLS)
  CA file   $MLA_CA_FILE
  user      $MLA_USER, password $MLA_PASSWORD (and $MLA_USER2, password $MLA_PASSWORD2, with an empty mailbox)
Try it:
  MLA_PASSWORD=$MLA_PASSWORD ${tool#"$top"/} --ca-file=$MLA_CA_FILE --password-env=MLA_PASSWORD list $imap/INBOX
Stop it:
  tests/servers/dovecot.sh stop ${server#"$top"/}
END
else
  echo "The server and everything else that this started is stopped (--keep leaves the server running)."
fi
