# Functions that the scripts of this folder share: sourced by them, with $dir set to the folder of one server.
# shellcheck shell=bash
# Set by the script: dir address; set here: uid gid run home log cert key ca port.
# shellcheck disable=SC2034,SC2154

export LC_ALL=C
self=${0##*/}
say() { printf '%s: %s\n' "$self" "$*" >&2; }

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
    # Those that serve a connected client may outlive the master for a while. They are told by their title ($titles).
    for child in $children; do
      for signal in TERM KILL; do
        wait_gone "$child" 3 && break
        grep -qE "$titles" "/proc/$child/cmdline" 2>/dev/null || break
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
      */mailaccess-server.*)
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

# Becomes a command that runs as the server's user (as root only with $as_root).
as_server_exec() {
  [ -n "${as_root:-}" ] || [ "$(id -u)" != 0 ] || set -- setpriv --reuid="$uid" --regid="$gid" --clear-groups -- "$@"
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

# Who the server is: this user, or for root an unprivileged one.
whoami_server() {
  uid=$(id -u) gid=$(id -g)
  if [ "$uid" = 0 ]; then uid=$(id -u nobody) gid=$(id -g nobody); fi
}

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
    area=$(mktemp -d /tmp/mailaccess-server.XXXXXX)
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

# Four ports that were free a moment ago. Another process may take one before the server does: see launch().
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

# The folders of the libraries that unpack.sh put below ROOT, for LD_LIBRARY_PATH of the server's programs: of those alone, because
# there may be libraries among them that the helpers here have in another version.
libraries() { # ROOT
  find "$1/usr/lib" "$1/lib" -name '*.so.*' -printf '%h\n' 2>/dev/null | sort -u | paste -sd :
}

# launch PIDFILE PROGRAM ARGUMENT...: starts a server that stays in the foreground, with ports that configuration() writes to
# $run/server.conf, and waits until it answers. Where another process took a port meanwhile, the server says so, at once or only
# in its log, and others are tried.
launch() {
  local try i pid from pidfile=$1
  shift
  for try in 1 2 3 4 5 6; do
    from=$(($(wc -c <"$log") + 1))
    # shellcheck disable=SC2207
    port=($(free_ports)) && [ ${#port[@]} = 4 ] || { say "no free ports"; return 1; }
    rm -f "$pidfile"
    configuration >"$run/server.conf"
    chmod 0644 "$run/server.conf"
    # In the foreground, so that its pid is known from the first moment, and in a session of its own, so that a Ctrl-C
    # at the terminal does not reach it. Its output goes to a file: in a pipe it would keep the reader waiting for ever.
    pid=$(cd / && close_others && as_server_exec setsid "$@" >"$dir/start.log" 2>&1 </dev/null & echo $!)
    printf '%s\n' "$pid" >"$dir/pid"
    for ((i = 0; i < 300; i++)); do
      gone "$pid" || [ -s "$pidfile" ] && break
      sleep 0.1
    done
    if [ -s "$pidfile" ] && answers "$pid"; then return 0; fi
    kill "$pid" 2>/dev/null || true
    wait_gone "$pid" 50 || kill -KILL "$pid" 2>/dev/null || true
    [ "$try" = 6 ] || ! { cat "$dir/start.log"; tail -c "+$from" "$log"; } | grep -q 'in use' || continue
    say "the server does not start:"
    cat "$dir/start.log" >&2
    tail -c "+$from" "$log" | tail -20 >&2
    stop
    return 1
  done
}

# write_env [KEY VALUE...]: what a client needs to know.
write_env() {
  printf '%s=%q\n' MLA_HOST "$address" MLA_IMAP_PORT "${port[0]}" MLA_IMAPS_PORT "${port[1]}" MLA_POP3_PORT "${port[2]}" \
    MLA_POP3S_PORT "${port[3]}" MLA_CA_FILE "$ca" MLA_USER alice MLA_PASSWORD secret MLA_USER2 bob MLA_PASSWORD2 secret "$@" >"$dir/env.new"
  mv "$dir/env.new" "$dir/env"
}

# The command line of a server whose programs are unpacked beside: fetch ROOT, start DIR ROOT, stop DIR, status DIR. The script has
# the functions usage, fetch and start, and has set titles, address and port.
do_verb() {
  case ${1:-}:$# in
    fetch:2 | start:3)
      mkdir -p "${!#}"
      root=$(realpath -- "${!#}") ;;
    stop:2 | status:2) ;;
    *) usage ;;
  esac
  dir=$(realpath -m -- "$2")
  case $1 in
    fetch) fetch ;;
    start)
      trap 'stop; exit 1' INT TERM HUP
      start ;;
    stop) stop ;;
    status) master_pid >/dev/null ;;
  esac
}
