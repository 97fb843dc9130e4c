#!/usr/bin/env bash
# A private Dovecot 2.3 on 127.0.0.1 for tests and for trying things out. Everything it has lies in one folder; it listens on
# free ports chosen at start; it runs as an ordinary user (started by root: as `nobody`), and any number can run at a time.
#
#   dovecot.sh start DIR [OPTION...]   start it, wait until every port answers, write DIR/env
#   dovecot.sh stop DIR                end it and wait until it is gone; the folder stays
#   dovecot.sh status DIR              exit status 0 while it runs
#
#   --mail USER=MAILDIR    begin with a copy of this Maildir (USER: alice or bob)
#   --secure-only          no password without TLS (LOGINDISABLED, no USER); MLA_HOST is then 127.0.0.2, because Dovecot
#                          takes every connection from an address to itself for a secured one
#   --cert FILE --key FILE --ca FILE
#                          use this chain and key; CA is what MLA_CA_FILE then names (default: a CA made now, and a
#                          certificate of it for localhost and 127.0.0.1)
#   --extensions           what only some tests want: mailboxes Sent, Drafts, Trash, Junk, Archive there from the first log-in with
#                          their special uses, a public namespace (Public/Board) and a shared one (shared/USER/...)
#   --oauth                also XOAUTH2 and OAUTHBEARER, by JSON web tokens; alice's is in the file MLA_TOKEN_FILE names
#   --client-ca FILE       also EXTERNAL: log in by a client certificate of this CA, as its common name
#   --set LINE             one more line for dovecot.conf, after all others (may be given again)
#
# DIR/env holds KEY=VALUE lines for a shell: MLA_HOST, MLA_IMAP_PORT, MLA_IMAPS_PORT, MLA_POP3_PORT, MLA_POP3S_PORT,
# MLA_CA_FILE, MLA_USER, MLA_PASSWORD, MLA_USER2, MLA_PASSWORD2, MLA_SERVER, MLA_MAILDIR (MLA_USER's). DIR/log is the log.
# Exit status: 0 done, 1 failed, 64 usage, 69 Dovecot is not installed.
set -euo pipefail
# shellcheck source=tests/servers/common.sh
. "$(dirname "$0")/common.sh"
usage() { sed -n '2,/^# Exit/s/^# \{0,1\}//p' "$0" >&2; exit 64; }
need() { [ $# -ge 3 ] || { say "$2 wants a value"; exit 64; }; }

# A token as an OAuth 2 server would give it out: signed (HS256) with a key that Dovecot has, for alice, good for a day.
token() {
  mkdir -p "$run/keys/default/HS256"
  python3 - "$run/keys/default/HS256/test" "$dir/token" <<-'END'
	import base64, hashlib, hmac, json, os, sys, time
	enc = lambda b: base64.urlsafe_b64encode(b).rstrip(b"=")
	secret = os.urandom(32)
	with open(sys.argv[1], "wb") as f:
	    f.write(base64.b64encode(secret))
	now = int(time.time())
	head = enc(json.dumps({"alg": "HS256", "kid": "test", "typ": "JWT"}).encode())
	body = enc(json.dumps({"sub": "alice", "iss": "https://issuer.test", "iat": now - 60, "nbf": now - 60,
	                       "exp": now + 86400}).encode())
	mac = hmac.new(secret, head + b"." + body, hashlib.sha256).digest()
	with open(os.open(sys.argv[2], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as f:
	    f.write(head + b"." + body + b"." + enc(mac) + b"\n")
	END
  cat >"$run/oauth2.conf" <<-END
	introspection_mode = local
	local_validation_key_dict = fs:posix:prefix=$run/keys/
	username_attribute = sub
	issuers = https://issuer.test
	END
}

configuration() {
  local user mechanisms="plain login cram-md5 apop scram-sha-1 scram-sha-256"
  user=$(id -un "$uid")
  cat <<-END
	protocols = imap pop3
	listen = $address
	base_dir = $run
	state_dir = $run
	instance_name = $(basename "$dir")
	log_path = $log
	info_log_path = $log
	debug_log_path = $log
	log_timestamp = "%Y-%m-%d %H:%M:%S "
	default_internal_user = $user
	default_internal_group = $(id -gn "$uid")
	default_login_user = $user
	default_process_limit = 100
	default_client_limit = 400
	first_valid_uid = $uid
	first_valid_gid = $gid
	shutdown_clients = yes

	disable_plaintext_auth = $secure_only
	auth_mechanisms = $mechanisms${oauth:+ xoauth2 oauthbearer}${client_ca:+ external}
	auth_failure_delay = 0
	auth_cache_size = 0
	auth_verbose = yes
	mail_max_userip_connections = 1000
	login_log_format_elements = user=<%u> method=%m rip=%r mpid=%e %c

	ssl = yes
	ssl_cert = <$cert
	ssl_key = <$key
	ssl_min_protocol = TLSv1.2

	mail_location = maildir:~/Maildir
	mail_save_crlf = yes
	mail_attribute_dict = file:%h/attributes
	mailbox_list_index = yes
	imap_metadata = yes
	imap_urlauth_host = localhost
	mail_plugins = acl quota notify
	protocol imap {
	  mail_plugins = acl imap_acl quota imap_quota imap_zlib notify
	  imap_idle_notify_interval = 1 mins
	}
	protocol pop3 {
	  mail_plugins = quota
	}
	plugin {
	  acl = vfile
	  quota = count:User quota
	  quota_vsizes = yes
	  quota_rule = *:storage=1G:messages=100000
	}
	namespace inbox {
	  inbox = yes
	  separator = /
	END
  local name auto=
  [ -z "$extensions" ] || auto="auto = subscribe"
  for name in Sent Drafts Trash Junk Archive; do
    cat <<-END
	  mailbox $name {
	    special_use = \\$name
	    $auto
	  }
	END
  done
  cat <<-END
	}

	passdb {
	  driver = passwd-file
	  args = scheme=PLAIN $run/passwd
	  mechanisms = $mechanisms
	}
	userdb {
	  driver = passwd-file
	  args = $run/passwd
	}

	service imap-login {
	  chroot =
	  service_count = 0
	  client_limit = 200
	  process_limit = 4
	  inet_listener imap {
	    port = ${port[0]}
	  }
	  inet_listener imaps {
	    port = ${port[1]}
	    ssl = yes
	  }
	}
	service pop3-login {
	  chroot =
	  service_count = 0
	  client_limit = 200
	  process_limit = 4
	  inet_listener pop3 {
	    port = ${port[2]}
	  }
	  inet_listener pop3s {
	    port = ${port[3]}
	    ssl = yes
	  }
	}
	service imap {
	  process_limit = 200
	}
	service pop3 {
	  process_limit = 200
	}
	service anvil {
	  chroot =
	  # Without it, each wrong password makes the next log-in from this address wait longer, up to 15 s.
	  unix_listener anvil-auth-penalty {
	    mode = 0
	  }
	}
	service stats {
	  chroot =
	}
	service imap-urlauth-login {
	  chroot =
	}
	END
  if [ -n "$extensions" ]; then
    # What alice lets bob see is under shared/alice/ for him; Public/ is there for both. acl_shared_dict is where the server
    # keeps who shares anything.
    cat <<-END
	namespace shared {
	  type = shared
	  prefix = shared/%%u/
	  separator = /
	  location = maildir:%%h/Maildir:INDEXPVT=%h/shared/%%u
	  subscriptions = no
	  list = children
	}
	namespace public {
	  type = public
	  prefix = Public/
	  separator = /
	  location = maildir:$home/public:INDEXPVT=%h/public
	  subscriptions = no
	}
	plugin {
	  acl_shared_dict = file:$home/shared-mailboxes
	}
	END
  fi
  if [ -n "$oauth" ]; then
    cat <<-END
	passdb {
	  driver = oauth2
	  mechanisms = xoauth2 oauthbearer
	  args = $run/oauth2.conf
	}
	END
  fi
  if [ -n "$client_ca" ]; then
    cat <<-END
	ssl_ca = <$client_ca
	ssl_verify_client_cert = yes
	ssl_require_crl = no
	auth_ssl_username_from_cert = yes
	ssl_cert_username_field = commonName
	passdb {
	  driver = static
	  mechanisms = external
	  args = nopassword=y
	}
	END
  fi
  printf '%s\n' "${settings[@]}"
}

start() {
  local u pid
  if pid=$(master_pid); then
    say "already running in $dir (process $pid)"
    return 1
  fi
  [ ! -L "$dir/run" ] || stop
  dovecot=$(command -v dovecot || command -v /usr/sbin/dovecot || true)
  [ -n "$dovecot" ] || { say "Dovecot is not installed (packages dovecot-imapd dovecot-pop3d)"; return 69; }
  whoami_server
  area
  rm -f "$dir/env" "$dir/pid"
  if [ -z "$cert" ]; then certificate || return 1; fi
  # The server's user reads the pair from a copy of its own.
  mkdir -p "$run/tls"
  [ "$cert" -ef "$run/tls/server.pem" ] || cp "$cert" "$run/tls/server.pem"
  [ "$key" -ef "$run/tls/server.key" ] || cp "$key" "$run/tls/server.key"
  chmod 0600 "$run/tls/server.key"
  cert=$run/tls/server.pem key=$run/tls/server.key
  if [ -n "$client_ca" ]; then cp "$client_ca" "$run/tls/client-ca.pem"; client_ca=$run/tls/client-ca.pem; fi
  if [ -n "$oauth" ]; then token; fi

  : >"$run/passwd"
  chmod 0600 "$run/passwd"
  for u in alice bob; do
    printf '%s:{PLAIN}secret:%s:%s::%s::\n' "$u" "$uid" "$gid" "$home/$u" >>"$run/passwd"
    mkdir -p "$home/$u/Maildir/cur" "$home/$u/Maildir/new" "$home/$u/Maildir/tmp"
  done
  for u in "${mail[@]}"; do
    cp -R --preserve=timestamps "${u#*=}/." "$home/${u%%=*}/Maildir/"
  done
  if [ -n "$extensions" ]; then
    mkdir -p "$home/public/.Board/cur" "$home/public/.Board/new" "$home/public/.Board/tmp"
    # Everybody may do anything there but administer it.
    echo "authenticated lrwstipekx" >"$home/public/.Board/dovecot-acl"
  fi
  chmod -R u+rwX "$home"
  if [ "$(id -u)" = 0 ]; then chown -R "$uid:$gid" "$run" "$home"; fi

  launch "$run/master.pid" "$dovecot" -F -c "$run/server.conf" || return 1
  local more=()
  [ -z "$oauth" ] || more=(MLA_TOKEN_FILE "$dir/token")
  write_env MLA_SERVER dovecot MLA_MAILDIR "$home/alice/Maildir" "${more[@]}"
}

[ $# -ge 2 ] || usage
verb=$1
dir=$(realpath -m -- "$2")
shift 2
case $dir in *$'\n'*) say "no line ends in the folder's name, please"; exit 64 ;; esac

titles="^dovecot" secure_only=no address=127.0.0.1 cert="" key="" ca="" extensions="" oauth="" client_ca="" settings=() mail=() port=()
while [ $# -gt 0 ]; do
  case $1 in
    --secure-only) secure_only=yes address=127.0.0.2 ;;
    --extensions) extensions=1 ;;
    --oauth) oauth=1 ;;
    --cert) need 2 "$@"; cert=$(realpath -- "$2"); shift ;;
    --key) need 2 "$@"; key=$(realpath -- "$2"); shift ;;
    --ca) need 2 "$@"; ca=$(realpath -- "$2"); shift ;;
    --client-ca) need 2 "$@"; client_ca=$(realpath -- "$2"); shift ;;
    --set) need 2 "$@"; settings+=("$2"); shift ;;
    --mail)
      need 2 "$@"
      case $2 in alice=* | bob=*) ;; *) say "--mail wants alice=MAILDIR or bob=MAILDIR"; exit 64 ;; esac
      [ -d "${2#*=}" ] || { say "${2#*=}: no such folder"; exit 64; }
      mail+=("$2")
      shift ;;
    *) say "unknown option $1"; exit 64 ;;
  esac
  shift
done
[ -z "$cert$key" ] || { [ -n "$cert" ] && [ -n "$key" ]; } || { say "--cert and --key go together"; exit 64; }

case $verb in
  start)
    trap 'stop; exit 1' INT TERM HUP
    start ;;
  stop) stop ;;
  status) master_pid >/dev/null ;;
  *) usage ;;
esac
