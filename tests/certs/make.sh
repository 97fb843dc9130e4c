#!/usr/bin/env bash
# Certificates for tests, made afresh by openssl:
#
#   make.sh DIR        makes DIR/NAME.pem (the chain a server sends, leaf first) and DIR/NAME.key; prints what it made
#   make.sh --list     prints the names with what is right or wrong about each, and makes nothing
#
# Roots: DIR/root.pem vouches for all but `self-signed` and `unknown-root`; DIR/other-root.pem for `unknown-root` alone.
# The names stay the same, so do the dates; keys and serial numbers are new each time. "Right" is for a client that
# connects to `localhost` or 127.0.0.1 and trusts root.pem.
# Exit status: 0 done, 1 openssl failed, 64 usage.
set -Eeuo pipefail
export LC_ALL=C
unset OPENSSL_CONF

# name | verdict | what it is
list='right|good|DNS:localhost, IP:127.0.0.1, ::1, 127.0.0.2
right-rsa|good|the same with an RSA key of 2048 bits
right-upper|good|DNS:LOCALHOST: names compare without case
right-ip|good|IP:127.0.0.1 and no name: right for the address, wrong for localhost
right-idn|good|DNS:xn--bcher-kva.example.test, for a host name with an umlaut
right-many|good|localhost is the last of 300 names
via-intermediate|good|a chain of three
wrong-host|bad|DNS:mail.example.test
wrong-ip|bad|DNS:mail.example.test, IP:192.0.2.1
expired|bad|ended in 2002
not-yet-valid|bad|begins in 2048
self-signed|bad|right names, its own issuer
self-signed-old|bad|the same key and names, and it ended in 2002
self-signed-odd|bad|the same key, names full of controls and marks that turn the writing round
unknown-root|bad|right names, of a root that root.pem does not know
endless|bad|the same with a dozen copies of that root, each of which vouches for the one before
cn-only|bad|CN=localhost and no subjectAltName
cn-right-san-wrong|bad|CN=localhost, DNS:mail.example.test
ip-in-dnsname|bad|DNS:127.0.0.1: not for the address, not for localhost
wildcard-example|wildcard|DNS:*.example.test: right for a.example.test, not for example.test or a.b.example.test
wildcard-partial|bad|DNS:l*calhost
wildcard-middle|bad|DNS:mail.*.test
wildcard-all|bad|DNS:*
wildcard-top|bad|DNS:*.test, for a.example.test
wildcard-twice|bad|DNS:*.*.test
nul-in-san|bad|DNS:localhost, an octet NUL, .example.test
space-in-san|bad|DNS:localhost and a space
client-only|bad|extendedKeyUsage clientAuth alone
no-key-usage|bad|keyUsage without digitalSignature or keyEncipherment
critical-unknown|bad|an extension that nobody knows, marked critical
leaf-as-ca|bad|signed by a leaf (CA:FALSE)
number-as-ca|bad|its CA has the number of a path length in basicConstraints and no CA:TRUE
no-certsign|bad|signed by a CA whose keyUsage lacks keyCertSign
pathlen|bad|two CAs under one that allows none (pathlen:0)
expired-intermediate|bad|its CA ended in 2002
missing-intermediate|bad|its CA is not in the chain
weak-curve|bad|its CA has a key on a curve of 224 bits
constrained-right|good|its CA may vouch for localhost and 127.0.0.0/8, which is said without "critical"
constrained-critical|bad|the same, marked critical: mbedTLS cannot read it
constrained-name|bad|its CA may vouch for example.test alone
constrained-ip|bad|... for localhost and 192.0.2.0/24
constrained-excluded|bad|... for anything but localhost
constrained-directory|bad|... for subjects of another organisation
constrained-email|bad|... for mail addresses of example.test, and it has one: we do not compare those
constrained-deep|bad|signed by a CA below that of constrained-name
rsa1024|bad|an RSA key of 1024 bits
sha1-signed|bad|signed with SHA-1
client-alice|client|for log-in by certificate: CN=alice, clientAuth
client-bob|client|the same for bob'

case ${1:-} in
  --list) while IFS='|' read -r n v w; do printf '%-22s %-9s %s\n' "$n" "$v" "$w"; done <<<"$list"; exit 0 ;;
  '' | -*) sed -n '2,/^# Exit/s/^# \{0,1\}//p' "$0" >&2; exit 64 ;;
esac
mkdir -p "$1"
dir=$(cd "$1" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'echo "make.sh: openssl failed:" >&2; tail -5 "$work/log" >&2; exit 1' ERR
umask 077
cd "$work"

since=20200101000000Z until=20491231235959Z
cat >ca.conf <<'END'
[ca]
default_ca = any
[any]
database = index
new_certs_dir = .
default_md = sha256
policy = policy
unique_subject = no
rand_serial = yes
[policy]
commonName = supplied
END
: >index
echo 'unique_subject = no' >index.attr

ec_key() { openssl ecparam -name prime256v1 -genkey -noout -out "$1.key" 2>>log; }

# issue NAME ISSUER CN EXTENSIONS [openssl ca options...]: makes NAME.crt with the key NAME.key (a new EC key if there is
# none), signed by ISSUER's key. An ISSUER of `self` signs itself.
issue() {
  local name=$1 issuer=$2 cn=$3 extensions=$4 by=()
  shift 4
  [ -e "$name.key" ] || ec_key "$name"
  openssl req -new -utf8 -key "$name.key" -subj "/CN=$cn" -out "$name.csr" 2>>log
  printf '%s\n' "$extensions" >"$name.ext"
  if [ "$issuer" = self ]; then by=(-selfsign -keyfile "$name.key"); else by=(-cert "$issuer.crt" -keyfile "$issuer.key"); fi
  openssl ca -config ca.conf -batch -notext "${by[@]}" -startdate "$since" -enddate "$until" -extfile "$name.ext" \
    -in "$name.csr" -out "$name.crt" "$@" >>log 2>&1
}

ca_ext='basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash'
plain_ext='basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
subjectKeyIdentifier = hash'
server_ext="$plain_ext
extendedKeyUsage = serverAuth"
local_san='subjectAltName = DNS:localhost,IP:127.0.0.1,IP:::1,IP:127.0.0.2'

made=()
# publish NAME CERTIFICATE...: NAME.pem is this chain
publish() {
  local name=$1
  shift
  cat "${@/%/.crt}" >"$dir/$name.pem"
  chmod 0644 "$dir/$name.pem"
  cp "$1.key" "$dir/$name.key"
  made+=("$name")
}
# leaf NAME CN EXTENSIONS [options...]: by the root, published
leaf() {
  local name=$1 cn=$2 extensions=$3
  shift 3
  issue "$name" root "$cn" "$extensions" "$@"
  publish "$name" "$name"
}
server() { # NAME SUBJECTALTNAME [options...]
  local name=$1 san=$2
  shift 2
  leaf "$name" "test server" "$server_ext
subjectAltName = $san" "$@"
}

issue root self "Test root" "$ca_ext"
issue other-root self "Other test root" "$ca_ext"
issue middle root "Test intermediate" "$ca_ext"

leaf right localhost "$server_ext
$local_san"
openssl genrsa -out right-rsa.key 2048 2>>log
leaf right-rsa localhost "basicConstraints = CA:FALSE
keyUsage = critical,digitalSignature,keyEncipherment
extendedKeyUsage = serverAuth
$local_san"
server right-idn DNS:xn--bcher-kva.example.test
server right-upper DNS:LOCALHOST,IP:127.0.0.1
server right-ip IP:127.0.0.1
server right-many "$(for ((i = 1; i < 300; i++)); do printf 'DNS:host%d.example.test,' "$i"; done)DNS:localhost,IP:127.0.0.1"
issue via-intermediate middle localhost "$server_ext
$local_san"
publish via-intermediate via-intermediate middle

server wrong-host DNS:mail.example.test
server wrong-ip DNS:mail.example.test,IP:192.0.2.1
leaf expired localhost "$server_ext
$local_san" -startdate 20010101000000Z -enddate 20020101000000Z
leaf not-yet-valid localhost "$server_ext
$local_san" -startdate 20480101000000Z
issue self-signed self localhost "$server_ext
$local_san"
publish self-signed self-signed
cp self-signed.key self-signed-old.key
issue self-signed-old self localhost "$server_ext
$local_san" -startdate 20010101000000Z -enddate 20020101000000Z
publish self-signed-old self-signed-old
cp self-signed.key self-signed-odd.key
# ESC [31m, a mark that turns the direction of writing (U+202E), a comma, a line end in front of "x"
issue self-signed-odd self "$(printf 'odd\033[31m\342\200\256,\012x')" "$server_ext
subjectAltName = DER:30:0e:82:0c$(printf 'local\033[31mho' | od -An -v -tx1 | tr -d '\n' | tr ' ' ':')"
publish self-signed-odd self-signed-odd
issue unknown-root other-root localhost "$server_ext
$local_san"
publish unknown-root unknown-root
cp unknown-root.key endless.key
cp unknown-root.crt endless.crt
# shellcheck disable=SC2046 # a dozen words
publish endless endless $(printf 'other-root %.0s' {1..12})
leaf cn-only localhost "$server_ext"
leaf cn-right-san-wrong localhost "$server_ext
subjectAltName = DNS:mail.example.test"
server ip-in-dnsname DNS:127.0.0.1
server wildcard-example 'DNS:*.example.test'
server wildcard-partial 'DNS:l*calhost'
server wildcard-middle 'DNS:mail.*.test'
server wildcard-all 'DNS:*'
server wildcard-top 'DNS:*.test'
server wildcard-twice 'DNS:*.*.test'
# SEQUENCE { [2] "localhost" NUL ".example.test" }: 23 octets of name
server nul-in-san "DER:30:19:82:17$(printf 'localhost\0.example.test' | od -An -v -tx1 | tr -d '\n' | tr ' ' ':')"
server space-in-san "DER:30:0c:82:0a$(printf 'localhost ' | od -An -v -tx1 | tr -d '\n' | tr ' ' ':')"
leaf client-only localhost "$plain_ext
extendedKeyUsage = clientAuth
$local_san"
leaf no-key-usage localhost "basicConstraints = critical,CA:FALSE
keyUsage = critical,cRLSign
extendedKeyUsage = serverAuth
$local_san"
leaf critical-unknown localhost "$server_ext
$local_san
1.2.3.4.5.6.7 = critical,DER:05:00"

issue leaf-as-ca right localhost "$server_ext
$local_san"
publish leaf-as-ca leaf-as-ca right
# SEQUENCE { INTEGER 1 }: mbedTLS up to 3.6.6 takes the number for the flag in front of it
issue number-ca root "Test CA by a number" "basicConstraints = critical,DER:30:03:02:01:01
keyUsage = critical,keyCertSign
subjectKeyIdentifier = hash"
issue number-as-ca number-ca localhost "$server_ext
$local_san"
publish number-as-ca number-as-ca number-ca
issue no-sign-ca root "Test CA without keyCertSign" "basicConstraints = critical,CA:TRUE
keyUsage = critical,cRLSign
subjectKeyIdentifier = hash"
issue no-certsign no-sign-ca localhost "$server_ext
$local_san"
publish no-certsign no-certsign no-sign-ca
issue pathlen-ca root "Test CA with pathlen 0" "basicConstraints = critical,CA:TRUE,pathlen:0
keyUsage = critical,keyCertSign
subjectKeyIdentifier = hash"
issue pathlen-sub pathlen-ca "Test CA one too many" "$ca_ext"
issue pathlen pathlen-sub localhost "$server_ext
$local_san"
publish pathlen pathlen pathlen-sub pathlen-ca
issue old-middle root "Old test intermediate" "$ca_ext" -startdate 20010101000000Z -enddate 20020101000000Z
issue expired-intermediate old-middle localhost "$server_ext
$local_san"
publish expired-intermediate expired-intermediate old-middle
issue missing-intermediate middle localhost "$server_ext
$local_san"
publish missing-intermediate missing-intermediate
openssl ecparam -name secp224r1 -genkey -noout -out weak-middle.key 2>>log
issue weak-middle root "Test CA on a weak curve" "$ca_ext"
issue weak-curve weak-middle localhost "$server_ext
$local_san"
publish weak-curve weak-curve weak-middle
# constrained NAME CONSTRAINTS [SUBJECTALTNAME]
constrained() {
  issue "$1-ca" root "Test CA of $1" "$ca_ext
nameConstraints = $2"
  issue "$1" "$1-ca" localhost "$server_ext
${3:-$local_san}"
  publish "$1" "$1" "$1-ca"
}
constrained constrained-right 'permitted;DNS:localhost,permitted;IP:127.0.0.0/255.0.0.0,permitted;IP:::1/ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'
constrained constrained-critical 'critical,permitted;DNS:localhost,permitted;IP:127.0.0.0/255.0.0.0'
constrained constrained-name 'permitted;DNS:example.test'
constrained constrained-ip 'permitted;DNS:localhost,permitted;IP:192.0.2.0/255.255.255.0'
constrained constrained-excluded 'excluded;DNS:localhost'
constrained constrained-directory 'permitted;dirName:other_org
[other_org]
O = Another organisation'
constrained constrained-email 'permitted;email:example.test' "$local_san,email:a@example.test"
issue constrained-sub constrained-name-ca "Test CA below" "$ca_ext"
issue constrained-deep constrained-sub localhost "$server_ext
$local_san"
publish constrained-deep constrained-deep constrained-sub constrained-name-ca
openssl genrsa -out rsa1024.key 1024 2>>log
leaf rsa1024 localhost "$server_ext
$local_san"
leaf sha1-signed localhost "$server_ext
$local_san" -md sha1
for user in alice bob; do
  leaf "client-$user" "$user" "$plain_ext
extendedKeyUsage = clientAuth"
done

for root in root other-root; do
  cp "$root.crt" "$dir/$root.pem"
  cp "$root.key" "$dir/$root.key"
  chmod 0644 "$dir/$root.pem"
done
[ "$(printf '%s\n' "${made[@]}" | sort)" = "$(cut -d'|' -f1 <<<"$list" | sort)" ] || { echo "make.sh: the list is not what was made" >&2; exit 1; }
for name in root other-root "${made[@]}"; do printf '%s/%s.pem\n%s/%s.key\n' "$dir" "$name" "$dir" "$name"; done
