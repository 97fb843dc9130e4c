#!/usr/bin/env bash
# A private Courier (IMAP and POP3) on 127.0.0.1, like dovecot.sh: old, widely met, few extensions. Its programs are unpacked beside
# the system (unpack.sh). Its paths are compiled in, so it runs in a mount namespace of its own, where /etc, /usr and /run have
# its files besides the system's; the system itself never sees them, and they are gone with its last process.
#
#   courier.sh fetch ROOT            unpack the programs; nothing happens where they are
#   courier.sh start DIR ROOT        ROOT: where the programs are; filled when they are missing
#   courier.sh stop DIR | status DIR
#
# DIR/env as of dovecot.sh; the inbox begins empty. Only root may run it: it changes users.
# Exit status: 0 done, 1 failed, 64 usage, 69 it cannot be had here.
set -euo pipefail
# shellcheck source=tests/servers/common.sh
. "$(dirname "$0")/common.sh"
usage() { sed -n '2,/^# Exit/s/^# \{0,1\}//p' "$0" >&2; exit 64; }
packages=(courier-imap courier-pop courier-base courier-authdaemon courier-authlib courier-authlib-userdb gamin)

# inside.sh runs in namespaces of its own, also for processes: when it ends, or is killed, nothing of what it started can stay (gamin
# starts a daemon that would). server.conf holds it.
configuration() {
  inside >"$run/inside.sh"
  cat <<-END
	setpriv --pdeathsig KILL unshare -m --propagation private -p --fork --kill-child=KILL --mount-proc -- bash "$run/inside.sh" &
	trap 'kill -KILL \$! 2>/dev/null; wait' EXIT
	trap 'exit 0' TERM INT
	echo \$\$ >"$run/all.pid"
	wait
	END
}

inside() {
  local u crypt
  crypt=$(openssl passwd -6 secret)
  cat <<-END
	set -e
	ns=$run/ns
	mount -t tmpfs tmpfs "\$ns"
	mkdir -p "\$ns/etc" "\$ns/work"
	cp -R "$root/etc/courier" "\$ns/etc/courier"
	{ cat /etc/passwd; echo "courier:x:$uid:$gid::/:/bin/sh"; } >"\$ns/etc/passwd"
	{ cat /etc/group; echo "courier:x:$gid:"; } >"\$ns/etc/group"
	mount -t overlay -o "lowerdir=/etc,upperdir=\$ns/etc,workdir=\$ns/work" overlay /etc
	mount -t overlay -o "lowerdir=$root/usr:/usr" overlay /usr
	mount -t tmpfs tmpfs /run
	mkdir -p /run/courier/authdaemon
	chown -R courier /run/courier
	export LD_LIBRARY_PATH=/usr/lib:/usr/lib/courier-authlib:$libs
	sed -i -e 's/^authmodulelist=.*/authmodulelist="authuserdb"/' -e 's/^daemons=.*/daemons=2/' /etc/courier/authdaemonrc
	umask 077
	digest=\$(printf 'secret\nsecret\n' | userdbpw -hmac-md5)
	END
  for u in alice bob; do
    cat <<-END
	printf '%s\t%s\n' $u 'uid=$uid|gid=$gid|home=$home/$u|mail=$home/$u/Maildir|systempw=$crypt|hmac-md5pw='"\$digest" >>/etc/courier/userdb
	[ -d $home/$u/Maildir ] || setpriv --reuid=$uid --regid=$gid --clear-groups -- maildirmake.courier $home/$u/Maildir
	END
  done
  # shellcheck disable=SC2016
  cat <<-END
	makeuserdb
	set -a
	. /etc/courier/authdaemonrc
	. /etc/courier/imapd
	. /etc/courier/imapd-ssl
	. /etc/courier/pop3d
	. /etc/courier/pop3d-ssl
	set +a
	unset TLS_CACHEFILE TLS_DHPARAMS TLS_TRUSTCERTS
	export TLS_CERTFILE=$run/tls/both.pem IMAP_STARTTLS=YES POP3_STARTTLS=YES COURIERTLS=/usr/bin/couriertls
	export IMAP_CAPABILITY="\$IMAP_CAPABILITY AUTH=CRAM-MD5" IMAP_CAPABILITY_TLS="\$IMAP_CAPABILITY AUTH=CRAM-MD5 AUTH=PLAIN"
	export POP3AUTH="LOGIN CRAM-MD5" POP3AUTH_TLS="LOGIN PLAIN CRAM-MD5"
	tcpd() { couriertcpd -address=$address -maxprocs=60 -maxperip=60 -nodnslookup -noidentlookup "\$@" & }
	# gamin's daemon is found by this name and the user's; that of another Courier would end too soon.
	export GAM_CLIENT_ID=$run IMAP_TLS=0 POP3_TLS=0 IMAP_IDLE_TIMEOUT=2
	lib=/usr/lib/courier/courier tls="/usr/bin/couriertls -server -tcpd"
	/usr/lib/courier/courier-authlib/authdaemond &
	tcpd ${port[0]} \$lib/imaplogin /usr/bin/imapd Maildir
	IMAP_TLS=1 tcpd ${port[1]} \$tls \$lib/imaplogin /usr/bin/imapd Maildir
	tcpd ${port[2]} \$lib/courierpop3login \$lib/courierpop3d Maildir
	POP3_TLS=1 tcpd ${port[3]} \$tls \$lib/courierpop3login \$lib/courierpop3d Maildir
	wait -n
	END
}

fetch() { "$(dirname "$0")/unpack.sh" "$root" "${packages[@]}" || return 69; }

start() {
  local pid
  if pid=$(master_pid); then
    say "already running in $dir (process $pid)"
    return 1
  fi
  [ "$(id -u)" = 0 ] || { say "only root can run it"; return 69; }
  unshare -m -p --fork true 2>/dev/null || { say "no mount namespaces here"; return 69; }
  [ ! -L "$dir/run" ] || stop
  fetch || return 69
  libs=$(find "$root/usr/lib" -name 'libcourier-unicode.so*' -printf '%h\n' | head -n 1)
  whoami_server
  area
  rm -f "$dir/env" "$dir/pid"
  certificate || return 1
  cat "$run/tls/server.key" "$run/tls/server.pem" >"$run/tls/both.pem"
  mkdir -p "$run/ns" "$home/alice" "$home/bob"
  chown -R "$uid:$gid" "$run" "$home"
  # shellcheck disable=SC2034
  as_root=1
  launch "$run/all.pid" bash "$run/server.conf" || return 1
  write_env MLA_SERVER courier
}

titles='courier|imapd|pop3d' address=127.0.0.1 port=() libs=
do_verb "$@"
