#!/usr/bin/env bash
# A private Cyrus IMAP on 127.0.0.1, like dovecot.sh: the second opinion on what a server may say. Its programs are unpacked beside
# the system (unpack.sh), because Debian lets it and Dovecot not be installed at once.
#
#   cyrus.sh fetch ROOT            unpack the programs; nothing happens where they are
#   cyrus.sh start DIR ROOT        ROOT: where the programs are; filled when they are missing
#   cyrus.sh stop DIR | status DIR
#
# DIR/env as of dovecot.sh, without MLA_MAILDIR, and MLA_ADMIN: who may set quotas, make shared mailboxes (CREATE Board, which others
# see as "Shared Folders/Board") and those of others (user/alice/...), and UNAUTHENTICATE; the password is the same. Mailboxes
# begin empty (with Sent, Drafts, Trash).
# MLA_CLIENT_CA in the environment names a file of authorities: who shows a certificate of theirs may log in by it (EXTERNAL).
# Exit status: 0 done, 1 failed, 64 usage, 69 it cannot be had here.
set -euo pipefail
# shellcheck source=tests/servers/common.sh
. "$(dirname "$0")/common.sh"
packages=(cyrus-common cyrus-imapd cyrus-pop3d sasl2-bin libsasl2-modules libsasl2-modules-db)
usage() { sed -n '2,/^# Exit/s/^# \{0,1\}//p' "$0" >&2; exit 64; }

configuration() {
  cat <<-END
	configdirectory: $run/conf
	partition-default: $home/spool
	defaultpartition: default
	cyrus_user: $(id -un "$uid")
	cyrus_group: $(id -gn "$uid")
	admins: admin
	servername: localhost
	defaultdomain: localhost
	virtdomains: off
	unixhierarchysep: yes
	altnamespace: yes
	allowplaintext: yes
	sasl_pwcheck_method: auxprop
	sasl_auxprop_plugin: sasldb
	sasl_sasldb_path: $run/sasldb2
	sasl_mech_list: PLAIN LOGIN CRAM-MD5 SCRAM-SHA-1 SCRAM-SHA-256 SCRAM-SHA-512 ANONYMOUS EXTERNAL
	allowanonymouslogin: yes
	tls_server_cert: $run/tls/server.pem
	tls_server_key: $run/tls/server.key
	tls_session_timeout: 0
	autocreate_post: 1
	autocreate_quota: 1048576
	autocreate_inbox_folders: Sent | Drafts | Trash
	autocreate_subscribe_folders: Sent | Drafts | Trash
	xlist-sent: Sent
	xlist-drafts: Drafts
	xlist-trash: Trash
	annotation_allow_undefined: yes
	specialuse_extra: \\Archive
	conversations: 1
	skiplist_unsafe: yes
	popminpoll: 0
	poptimeout: 10
	failedloginpause: 0
	idlesocket: $run/socket/idle
	lmtpsocket: $run/socket/lmtp
	notifysocket: $run/socket/notify
	proc_path: $run/proc
	mboxname_lockpath: $run/lock
	syslog_prefix: test
	sync_machineid: 1
	END
  if [ -n "${MLA_CLIENT_CA:-}" ]; then printf 'tls_client_ca_file: %s\ntls_client_certs: optional\n' "$run/tls/clients.pem"; fi
  cat >"$run/cyrus.conf" <<-END
	START {
	  recover cmd="$bin/ctl_cyrusdb -C $run/server.conf -r"
	}
	SERVICES {
	  imap cmd="$bin/imapd -C $run/server.conf -U 30" listen="$address:${port[0]}" proto="tcp4" prefork=0 maxchild=100
	  imaps cmd="$bin/imapd -C $run/server.conf -s -U 30" listen="$address:${port[1]}" proto="tcp4" prefork=0 maxchild=100
	  pop3 cmd="$bin/pop3d -C $run/server.conf -U 30" listen="$address:${port[2]}" proto="tcp4" prefork=0 maxchild=50
	  pop3s cmd="$bin/pop3d -C $run/server.conf -s -U 30" listen="$address:${port[3]}" proto="tcp4" prefork=0 maxchild=50
	}
	DAEMON {
	  idled cmd="$bin/idled -C $run/server.conf"
	}
	EVENTS {
	}
	END
}

fetch() { "$(dirname "$0")/unpack.sh" "$root" "${packages[@]}" || return 69; }

start() {
  local u pid saslpasswd
  if pid=$(master_pid); then
    say "already running in $dir (process $pid)"
    return 1
  fi
  [ ! -L "$dir/run" ] || stop
  fetch || return 69
  bin=$root/usr/lib/cyrus/bin
  saslpasswd=$root/usr/sbin/saslpasswd2
  local with
  with=(env "LD_LIBRARY_PATH=$(libraries "$root")" "SASL_PATH=$(find "$root/usr/lib" -name libsasldb.so -printf '%h' | head -n 1)")
  whoami_server
  area
  as_server test -x "$bin/master" || { say "$bin is closed to the user $(id -un "$uid")"; return 1; }
  rm -f "$dir/env" "$dir/pid"
  certificate || return 1
  if [ -n "${MLA_CLIENT_CA:-}" ]; then cp "$MLA_CLIENT_CA" "$run/tls/clients.pem"; fi
  mkdir -p "$run/conf/socket" "$run/socket" "$run/proc" "$run/lock" "$home/spool" "$dir/cyrus-log"
  for u in alice bob admin; do
    echo secret | "${with[@]}" "$saslpasswd" -p -c -f "$run/sasldb2" -u "$(hostname)" "$u"
    echo secret | "${with[@]}" "$saslpasswd" -p -c -f "$run/sasldb2" -u localhost "$u"
  done
  if [ "$(id -u)" = 0 ]; then chown -R "$uid:$gid" "$run" "$home" "$dir/cyrus-log"; fi
  launch "$run/master.pid" "${with[@]}" "$bin/master" -C "$run/server.conf" -M "$run/cyrus.conf" -p "$run/master.pid" || return 1
  write_env MLA_SERVER cyrus MLA_ADMIN admin
}

titles='imapd|pop3d|idled' address=127.0.0.1 port=()
do_verb "$@"
