#!/usr/bin/env bash
# A private GNU Mailutils (imap4d and pop3d) on 127.0.0.1, like dovecot.sh: small and full of oddities. Its programs are unpacked
# beside the system (unpack.sh).
#
#   mailutils.sh fetch ROOT            unpack the programs; nothing happens where they are
#   mailutils.sh start DIR ROOT        ROOT: where the programs are; filled when they are missing
#   mailutils.sh stop DIR | status DIR
#
# DIR/env as of dovecot.sh, without MLA_MAILDIR; the inbox begins empty. The user is alice@example.test. What it announces is
# more than it does: only PLAIN, LOGIN and USER log in here. Its pop3d insists on the group `mail`: it runs as root, or not at all.
# Exit status: 0 done, 1 failed, 64 usage, 69 it cannot be had here.
set -euo pipefail
# shellcheck source=tests/servers/common.sh
. "$(dirname "$0")/common.sh"
packages=(mailutils-imap4d mailutils-pop3d)
usage() { sed -n '2,/^# Exit/s/^# \{0,1\}//p' "$0" >&2; exit 64; }

one_configuration() { # PROGRAM PORT TLS-PORT
  cat <<-END
	mode daemon;
	foreground yes;
	max-children 30;
	pidfile "$run/$1.pid";
	logging { syslog no; };
	auth { authentication clear; authentication "generic:virtdomain"; authorization clear; authorization "virtdomain:system"; };
	virtdomain { passwd-dir "$run/virt"; };
	tcp-wrappers { enable no; };
	tls { ssl-certificate-file "$run/tls/server.pem"; ssl-key-file "$run/tls/server.key"; };
	server $address:$2 { tls-mode ondemand; };
	server $address:$3 { tls-mode connection; };
	END
}

# server.conf is the script that holds both daemons together: it ends when one of them ends, and they with it.
configuration() {
  one_configuration imap4d "${port[0]}" "${port[1]}" >"$run/imap4d.conf"
  one_configuration pop3d "${port[2]}" "${port[3]}" >"$run/pop3d.conf"
  chmod 0644 "$run"/*.conf
  cat <<-END
	setpriv --pdeathsig TERM env LD_LIBRARY_PATH="$(libraries "$root")" "$imap4d" --config-file="$run/imap4d.conf" 2>>"$log" &
	imap4d=\$!
	setpriv --pdeathsig TERM env LD_LIBRARY_PATH="$(libraries "$root")" "$pop3d" --config-file="$run/pop3d.conf" 2>>"$log" &
	pop3d=\$!
	trap 'kill \$imap4d \$pop3d 2>/dev/null; wait' EXIT
	trap 'exit 0' TERM INT
	echo \$\$ >"$run/both.pid"
	wait -n
	END
}

fetch() { "$(dirname "$0")/unpack.sh" "$root" "${packages[@]}" || return 69; }

start() {
  local u pid crypt
  if pid=$(master_pid); then
    say "already running in $dir (process $pid)"
    return 1
  fi
  [ "$(id -u)" = 0 ] || { say "only root can run it"; return 69; }
  [ ! -L "$dir/run" ] || stop
  fetch || return 69
  imap4d=$root/usr/sbin/imap4d pop3d=$root/usr/sbin/pop3d
  whoami_server
  area
  as_server test -x "$imap4d" || { say "$imap4d is closed to the user $(id -un "$uid")"; return 1; }
  rm -f "$dir/env" "$dir/pid"
  certificate || return 1
  mkdir -p "$run/virt"
  crypt=$(openssl passwd -6 secret)
  for u in alice bob; do
    mkdir -p "$home/$u"
    : >>"$home/$u/INBOX"
    printf '%s:%s:%s:%s:%s:%s:/bin/sh\n' "$u" "$crypt" "$uid" "$gid" "$u" "$home/$u"
  done >"$run/virt/example.test"
  if [ "$(id -u)" = 0 ]; then chown -R "$uid:$gid" "$run" "$home"; fi
  # shellcheck disable=SC2034
  as_root=1
  launch "$run/both.pid" bash "$run/server.conf" || return 1
  write_env MLA_SERVER mailutils MLA_USER alice@example.test MLA_USER2 bob@example.test
}

titles='imap4d|pop3d' address=127.0.0.1 port=()
do_verb "$@"
