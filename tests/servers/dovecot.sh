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
#   --oauth                also XOAUTH2 and OAUTHBEARER, by JSON web tokens; alice's is in the file MLA_TOKEN_FILE names
#   --client-ca FILE       also EXTERNAL: log in by a client certificate of this CA, as its common name
#   --set LINE             one more line for dovecot.conf, after all others (may be given again)
#
# DIR/env holds KEY=VALUE lines for a shell: MLA_HOST, MLA_IMAP_PORT, MLA_IMAPS_PORT, MLA_POP3_PORT, MLA_POP3S_PORT,
# MLA_CA_FILE, MLA_USER, MLA_PASSWORD, MLA_USER2, MLA_PASSWORD2, MLA_MAILDIR (MLA_USER's). DIR/log is the server's log.
# Exit status: 0 done, 1 failed, 64 usage, 69 Dovecot is not installed.
set -euo pipefail
export LC_ALL=C

self=${0##*/}
say() { printf '%s: %s\n' "$self" "$*" >&2; }
usage() { sed -n '2,/^# Exit/s/^# \{0,1\}//p' "$0" >&2; exit 64; }
need() { [ $# -ge 3 ] || { say "$2 wants a value"; exit 64; }; }

# The pid that was kept in DIR at start, if that process is (still) this very server.
master_pid() {
  local pid
  [ -s "$dir/pid" ] || return 1
  read -r pid <"$dir/pid" || return 1
  case $pid in '' | *[!0-9]*) return 1 ;; esac
  tr '\0' '\n' 2>/dev/null <"/proc/$pid/cmdline" | grep -qxF -- "$(readlink -f "$dir/run")/server.conf" || return 1
  printf '%s\n' "$pid"
}

gone() { # PID: it is gone, or a zombie that only its parent can bury
  local state
  state=$(sed -n 's/^State:[[:space:]]*\(.\).*/\1/p' "/proc/$1/status" 2>/dev/null) || true
  [ -z "$state" ] || [ "$state" = Z ]
}

wait_gone() { # PID TENTHS
  local i
  for ((i = 0; i < $2; i++)); do
    gone "$1" && return 0
    sleep 0.1
  done
  return 1
}

stop() {
  local pid child children signal
  if pid=$(master_pid); then
    children=$(cat "/proc/$pid/task/$pid/children" 2>/dev/null) || true
    kill -TERM "$pid" 2>/dev/null || true
    if ! wait_gone "$pid" 100; then
      say "process $pid does not end: killing it"
      kill -KILL "$pid" 2>/dev/null || true
      wait_gone "$pid" 50 || { say "process $pid is still there"; return 1; }
    fi
    # Those that serve a connected client outlive the master for a while. They are told by their title.
    for child in $children; do
      for signal in TERM KILL; do
        wait_gone "$child" 3 && break
        grep -q '^dovecot' "/proc/$child/cmdline" 2>/dev/null || break
        kill "-$signal" "$child" 2>/dev/null || true
      done
    done
  fi
  rm -f "$dir/pid" "$dir/env"
  # The sockets lay outside DIR when its own path was too long or closed to the server (see area()).
  if [ -L "$dir/run" ]; then
    local area name
    area=$(dirname "$(readlink "$dir/run")")
    case $area in
      */mailaccess-dovecot.*)
        for name in home log; do
          if [ -L "$dir/$name" ]; then rm -f "$dir/$name"; fi
          if [ -e "$area/$name" ]; then mv "$area/$name" "$dir/$name"; fi
        done
        rm -rf "$area" ;;
    esac
    rm -f "$dir/run"
  fi
  return 0
}

# Becomes a command that runs as the server's user.
as_server_exec() {
  [ "$(id -u)" != 0 ] || set -- setpriv --reuid="$uid" --regid="$gid" --clear-groups -- "$@"
  exec "$@"
}
# Closes what the caller left open, lest the server keep somebody's pipe or lock for as long as it runs.
close_others() {
  local fd
  for fd in "/proc/$BASHPID/fd"/*; do
    fd=${fd##*/}
    [ "$fd" -le 2 ] || eval "exec $fd>&-" 2>/dev/null || true
  done
}
as_server() { (as_server_exec "$@"); }

# Where the server's own files are: in DIR, unless a socket's name would get too long (108 octets at most) or the
# server's user cannot reach DIR (a folder of root's); then in a folder in /tmp that links in DIR point to.
area() {
  local area name
  mkdir -p "$dir"
  if [ "$(id -u)" = 0 ]; then chown "$uid:$gid" "$dir"; fi
  chmod u+rwx,go+x "$dir"
  if [ ${#dir} -le 60 ] && as_server test -w "$dir" -a -x "$dir"; then
    area=$dir
    mkdir -p "$dir/run" "$dir/home"
  else
    area=$(mktemp -d /tmp/mailaccess-dovecot.XXXXXX)
    chmod 0711 "$area"
    mkdir -p "$dir/home"
    mv "$dir/home" "$area/home"
    mkdir "$area/run"
    if [ -e "$dir/log" ]; then mv "$dir/log" "$area/log"; fi
    for name in home run log; do ln -s "$area/$name" "$dir/$name"; done
  fi
  run=$area/run home=$area/home log=$area/log
  : >>"$log"
  if [ "$(id -u)" = 0 ]; then chown "$uid:$gid" "$log"; fi
}

certificate() {
  (
    umask 077
    cd "$run"
    mkdir -p tls && cd tls
    cat >ext <<-END
	[ca]
	basicConstraints = critical,CA:TRUE
	keyUsage = critical,keyCertSign,cRLSign
	subjectKeyIdentifier = hash
	[leaf]
	basicConstraints = CA:FALSE
	keyUsage = critical,digitalSignature
	extendedKeyUsage = serverAuth
	subjectAltName = DNS:localhost,IP:127.0.0.1,IP:127.0.0.2
	END
    new_key() { openssl ecparam -name prime256v1 -genkey -noout -out "$1"; }
    new_key ca.key
    openssl req -new -key ca.key -subj "/CN=Private test CA" -out ca.csr
    openssl x509 -req -in ca.csr -signkey ca.key -sha256 -days 30 -set_serial "0x$(openssl rand -hex 8)" -extfile ext \
      -extensions ca -out ca.pem
    new_key server.key
    openssl req -new -key server.key -subj "/CN=localhost" -out server.csr
    openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -sha256 -days 30 -set_serial "0x$(openssl rand -hex 8)" \
      -extfile ext -extensions leaf -out server.pem
    rm -f ca.key ca.csr server.csr ext
  ) >"$dir/openssl.log" 2>&1 || { say "openssl failed:"; tail -5 "$dir/openssl.log" >&2; return 1; }
  rm -f "$dir/openssl.log"
  cp "$run/tls/ca.pem" "$dir/ca.pem"
  chmod 0644 "$dir/ca.pem"
  cert=$run/tls/server.pem key=$run/tls/server.key ca=$dir/ca.pem
}

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
	  mailbox Drafts {
	    special_use = \Drafts
	  }
	  mailbox Sent {
	    special_use = \Sent
	  }
	  mailbox Trash {
	    special_use = \Trash
	  }
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
	}
	service stats {
	  chroot =
	}
	service imap-urlauth-login {
	  chroot =
	}
	END
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

# Four ports that were free a moment ago. Another process may take one before Dovecot does: then Dovecot says so and
# ends, and start() tries again with others.
free_ports() {
  python3 - "$address" <<-'END'
	import socket, sys
	s = [socket.socket() for _ in range(4)]
	for x in s:
	    x.bind((sys.argv[1], 0))
	print(*(x.getsockname()[1] for x in s))
	END
}

# Waits until each port greets, through TLS where it is a TLS port. Exit status 0 if all do.
answers() {
  python3 - "$1" "$address" "${port[@]}" <<-'END'
	import os, socket, ssl, sys, time
	pid, host, ports = sys.argv[1], sys.argv[2], [int(p) for p in sys.argv[3:]]
	tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
	tls.check_hostname = False  # any certificate will do here
	tls.verify_mode = ssl.CERT_NONE
	end = time.monotonic() + 30

	def greets(port, secure, hello):
	    with socket.create_connection((host, port), timeout=10) as s:
	        if secure:
	            s = tls.wrap_socket(s)
	        return s.recv(512).startswith(hello)

	for port, secure, hello in zip(ports, (0, 1, 0, 1), (b"* OK", b"* OK", b"+OK", b"+OK")):
	    while True:
	        try:
	            if greets(port, secure, hello):
	                break
	            why = "no greeting"
	        except OSError as e:
	            why = e
	        if time.monotonic() > end or not os.path.exists("/proc/" + pid):
	            sys.exit("port %d does not answer: %s" % (port, why))
	        time.sleep(0.1)
	END
}

start() {
  local u i try pid
  if pid=$(master_pid); then
    say "already running in $dir (process $pid)"
    return 1
  fi
  [ ! -L "$dir/run" ] || stop
  dovecot=$(command -v dovecot || command -v /usr/sbin/dovecot || true)
  [ -n "$dovecot" ] || { say "Dovecot is not installed (packages dovecot-imapd dovecot-pop3d)"; return 69; }
  uid=$(id -u) gid=$(id -g)
  if [ "$uid" = 0 ]; then uid=$(id -u nobody) gid=$(id -g nobody); fi
  area
  rm -f "$dir/env" "$dir/pid" "$run/master.pid"
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
  chmod -R u+rwX "$home"
  if [ "$(id -u)" = 0 ]; then chown -R "$uid:$gid" "$run" "$home"; fi

  for try in 1 2 3 4 5 6; do
    # shellcheck disable=SC2207
    port=($(free_ports)) && [ ${#port[@]} = 4 ] || { say "no free ports"; return 1; }
    configuration >"$run/server.conf"
    chmod 0644 "$run/server.conf"
    # In the foreground, so that its pid is known from the first moment, and in a session of its own, so that a Ctrl-C
    # at the terminal does not reach it. Its output goes to a file: in a pipe it would keep the reader waiting for ever.
    pid=$(cd / && close_others && as_server_exec setsid "$dovecot" -F -c "$run/server.conf" >"$dir/start.log" 2>&1 </dev/null & echo $!)
    printf '%s\n' "$pid" >"$dir/pid"
    for ((i = 0; i < 300; i++)); do
      gone "$pid" && break
      [ ! -s "$run/master.pid" ] || break 2
      sleep 0.1
    done
    grep -q 'in use' "$dir/start.log" "$log" && [ "$try" -lt 6 ] && continue
    say "Dovecot does not start:"
    cat "$dir/start.log" >&2
    tail -5 "$log" >&2
    stop
    return 1
  done
  if ! answers "$pid"; then
    tail -5 "$log" >&2
    stop
    return 1
  fi

  {
    printf '%s=%q\n' MLA_HOST "$address" MLA_IMAP_PORT "${port[0]}" MLA_IMAPS_PORT "${port[1]}" MLA_POP3_PORT "${port[2]}" \
      MLA_POP3S_PORT "${port[3]}" MLA_CA_FILE "$ca" MLA_USER alice MLA_PASSWORD secret MLA_USER2 bob MLA_PASSWORD2 secret \
      MLA_MAILDIR "$home/alice/Maildir"
    [ -z "$oauth" ] || printf '%s=%q\n' MLA_TOKEN_FILE "$dir/token"
  } >"$dir/env.new"
  mv "$dir/env.new" "$dir/env"
}

[ $# -ge 2 ] || usage
verb=$1
dir=$(realpath -m -- "$2")
shift 2
case $dir in *$'\n'*) say "no line ends in the folder's name, please"; exit 64 ;; esac

secure_only=no address=127.0.0.1 cert="" key="" ca="" oauth="" client_ca="" settings=() mail=() port=()
while [ $# -gt 0 ]; do
  case $1 in
    --secure-only) secure_only=yes address=127.0.0.2 ;;
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
