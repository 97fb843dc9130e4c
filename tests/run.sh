#!/usr/bin/env bash
# Builds the project four ways and runs every test in each; installs what is missing first (Debian 12, asks nothing).
#
#   tests/run.sh [BUILD...]      BUILD: asan, release, mbedtls36, valgrind; without one, all four
#
#   asan       gcc, debug, AddressSanitizer and UndefinedBehaviorSanitizer, each arena allocation a block of its own; here alone
#              the suites `tools`, which reads sources, and `once` run, which would find the same in each build
#   release    clang, optimised, -Werror
#   mbedtls36  gcc against mbedTLS 3.6, Debian 13's, fetched into build-tests/; skipped with a loud line where it cannot be had;
#              without the suites mime, fuzz, clear, transcripts, abi and ffi, which no TLS reaches
#   valgrind   gcc, debug; the unit tests under memcheck, a fifth of the random rounds
#
# Besides Dovecot the tests meet Cyrus, GNU Mailutils and Courier, whose packages are unpacked in build-tests/servers (Debian lets
# only one IMAP server be installed); where one cannot be had, its tests are skipped with a loud line.
#
# Everything is made in build-tests/ (MLA_TEST_DIR says otherwise). The last line is `N passed, N failed`, or
# `N passed, N failed, N skipped`: every case that the tests of all builds report. What failed is shown above it, and lies in
# build-tests/NAME/meson-logs/testlog.txt. Exit status: 0 nothing failed, 1 something did, 64 usage.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
exec </dev/null
top=$PWD
dir=${MLA_TEST_DIR:-$top/build-tests}
jobs=$(nproc 2>/dev/null || echo 2)
builds=("$@")
[ $# -gt 0 ] || builds=(asan release mbedtls36 valgrind)
for b in "${builds[@]}"; do
  case $b in asan | release | mbedtls36 | valgrind) ;; *) sed -n '2,/^# build-tests/s/^# \{0,1\}//p' "$0" >&2; exit 64 ;; esac
done

packages=(meson ninja-build pkg-config gcc libc6-dev clang clang-format libclang-rt-14-dev libmbedtls-dev zlib1g-dev libexpat1-dev libcmocka-dev
  dovecot-imapd dovecot-pop3d openssl python3 valgrind dpkg-dev
  libuv1-dev libglib2.0-dev libev-dev libgsasl18)
tests/install-packages.sh "${packages[@]}" || echo "run.sh: going on with what there is"

mkdir -p "$dir" || exit 1
: >"$dir/results"
started=$SECONDS

title() { printf '\n== %s: %s\n' "$1" "$2"; }
# What cannot be counted by cases: a build that does not come about is one failure.
broken() { printf '%s\n' "0 1 0" >>"$dir/results"; printf 'FAILED: %s\n' "$*"; }
left_out() { printf '%s\n' "0 0 1" >>"$dir/results"; printf '\n*** SKIPPED: %s ***\n\n' "$*"; }

# The programs of the unit tests, as ninja's targets.
unit_targets() {
  meson introspect --tests "$1" | python3 -c '
import json, os, sys
for t in json.load(sys.stdin):
    if any(s.endswith(":unit") for s in t["suite"]):
        print(os.path.relpath(t["cmd"][0], sys.argv[1]))' "$1"
}

# build NAME WHAT OPTIONS...: sets up $dir/NAME and builds `all` of it, or the `unit` tests alone; a folder from an earlier run
# is built upon, with these options.
build() {
  local name=$1 where=$dir/$1 what=$2 targets=(all)
  shift 2
  local common=(-Dtests=true -Dtool=true -Dexamples=true -Dwerror=true)
  if [ -e "$where/build.ninja" ]; then set -- --reconfigure "$@"; else rm -rf "$where"; fi
  meson setup "$where" "${common[@]}" "$@" >"$dir/$name.log" 2>&1 &&
    { [ "$what" = all ] || mapfile -t targets < <(unit_targets "$where"); } &&
    ninja -C "$where" -j "$jobs" -k 0 "${targets[@]}" >>"$dir/$name.log" 2>&1
  # shellcheck disable=SC2181
  if [ $? != 0 ]; then
    grep -nE 'error|ERROR|FAILED|undefined reference' "$dir/$name.log" | head -20
    tail -15 "$dir/$name.log"
    broken "$name does not build ($dir/$name.log)"
    return 1
  fi
  printf 'built after %d s; compiler warnings: %d\n' $((SECONDS - started)) "$(grep -c 'warning:' "$dir/$name.log")"
}

# check NAME [meson test options...]: runs the tests and counts their cases.
check() {
  local name=$1 where=$dir/$1
  shift
  servers_fetched
  # With a wrapper the log has the wrapper's name in its own.
  rm -f "$where"/meson-logs/testlog*.json
  # Many tests wait more than they work (servers, deadlines): half as many again as there are processors keeps these busy.
  meson test -C "$where" --no-rebuild --num-processes $((jobs + (jobs + 1) / 2)) --print-errorlogs "$@" >"$dir/$name.tests" 2>&1
  local status=$?
  if ! python3 - "$where/meson-logs/testlog*.json" "$status" "$dir/results" <<'END'
import glob, json, re, sys
log, status, results = sys.argv[1], int(sys.argv[2]), sys.argv[3]
good = bad = skip = 0
tests, reasons = [], {}
try:
    with open(glob.glob(log)[0], encoding="utf-8", errors="replace") as f:
        tests = [json.loads(line) for line in f if line.strip()]
except (OSError, IndexError):
    pass
for t in tests:
    out, name, result = t.get("stdout") or "", t["name"], t["result"]
    # TAP: one line a case. A test that speaks something else is one case.
    case = re.findall(r"^(not ok|ok)\b([^\n]*)", out, re.M)
    skipped = sum(1 for word, rest in case if re.search(r"# *skip", rest, re.I))
    for _, rest in case:
        why = re.search(r"# *skip(.*)", rest, re.I)
        if why:
            reasons.setdefault((name, why[1].strip()), []).append(re.sub(r"^[\s\d-]*|\s*#.*", "", rest))
    failed = sum(1 for word, rest in case if word == "not ok" and not re.search(r"# *(skip|todo)", rest, re.I))
    passed = len(case) - skipped - failed
    if result == "SKIP":
        skip += max(1, skipped)
        print("skipped: %s" % name)
    elif result in ("OK", "EXPECTEDFAIL"):
        good += max(1 - skipped, passed) if not case else passed
        skip += skipped
    else:
        good += passed
        skip += skipped
        bad += max(1, failed)
        print("FAILED: %s (%s, %.1f s)" % (name, result, t.get("duration") or 0))
for (name, why), cases in reasons.items():
    print("*** SKIPPED: %s, %d of its cases (%s ...): %s ***" % (name, len(cases), cases[0], why))
if not tests:
    print("no test ran")
    bad += 1
elif status and not bad:
    print("FAILED: meson test ended with %d" % status)
    bad += 1
with open(results, "a") as f:
    f.write("%d %d %d\n" % (good, bad, skip))
print("%d test programs: %d passed, %d failed, %d skipped" % (len(tests), good, bad, skip))
sys.exit(1 if bad else 0)
END
  then
    # What the failed ones said, shortened: the whole of it is in testlog.txt.
    grep -vE '^ *[0-9]+/[0-9]+ .* OK ' "$dir/$name.tests" | cut -c1-400 | tail -n 200
    printf '(%s)\n' "$where"/meson-logs/testlog*.txt
  fi
  printf '%s done after %d s\n' "$name" $((SECONDS - started))
}

# Debian 13's mbedTLS 3.6 as a folder with include/ and lib/, from wherever this machine gets its Debian packages. apt works in
# folders of its own here: the system's lists and sources stay as they are.
fetch_mbedtls36() {
  local prefix=$dir/mbedtls36-prefix apt=$dir/apt site keys triplet packages deb
  [ ! -e "$prefix/done" ] || return 0
  command -v apt-get >/dev/null || { echo "no apt here"; return 1; }
  site=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(IDENTIFIER)' 2>/dev/null | sed -n 's/ bookworm Packages$//p' | head -n 1)
  [ -n "$site" ] || { echo "no package source of Debian 12 is set up here"; return 1; }
  keys=$(ls /usr/share/keyrings/debian-archive-keyring.gpg 2>/dev/null) || { echo "no keys of the Debian archive"; return 1; }
  rm -rf "$apt" "$prefix"
  mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial" "$apt/deb" "$prefix/root" "$prefix/lib" || return 1
  printf 'deb [signed-by=%s] %s trixie main\n' "$keys" "$site" >"$apt/sources.list"
  local options=(-qq -o Dir::Etc::sourcelist="$apt/sources.list" -o Dir::Etc::sourceparts=/dev/null -o Dir::State::lists="$apt/lists"
    -o Dir::Cache="$apt/cache" -o APT::Sandbox::User=root -o Acquire::Retries=3 -o Acquire::Languages=none
    -o Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled=false -o Debug::NoLocking=1)
  apt-get "${options[@]}" update >"$apt/log" 2>&1 || { tail -5 "$apt/log"; return 1; }
  packages=(libmbedtls-dev/trixie)
  (cd "$apt/deb" && apt-get "${options[@]}" download "${packages[@]}") >>"$apt/log" 2>&1 || { tail -5 "$apt/log"; return 1; }
  for deb in "$apt"/deb/*.deb; do dpkg -x "$deb" "$prefix/root" || return 1; done
  triplet=$(gcc -print-multiarch) || return 1
  ln -s root/usr/include "$prefix/include"
  # The static ones only: the shared ones would have to be found again at run time.
  cp "$prefix/root/usr/lib/$triplet"/libmbed*.a "$prefix/lib/" || return 1
  grep -q 'MBEDTLS_VERSION_STRING *"3\.6' "$prefix/include/mbedtls/build_info.h" || { echo "what came is not mbedTLS 3.6"; return 1; }
  rm -rf "$apt/lists" "$apt/cache"
  touch "$prefix/done"
}

# The other servers, fetched while the first build runs; nothing happens where an earlier run has them.
fetch_servers() {
  local name
  for name in cyrus mailutils courier; do
    timeout -k 10 180 tests/servers/$name.sh fetch "$servers_root/$name" >"$servers_root/$name.log" 2>&1 || rm -f "$servers_root/$name/.complete"
  done
}
servers_fetched() {
  local name
  wait "$servers"
  [ -z "$told" ] || return 0
  told=1
  for name in cyrus mailutils courier; do
    [ -e "$servers_root/$name/.complete" ] || left_out "the tests against $name: $(tail -n 3 "$servers_root/$name.log" | tr '\n' ' ')"
  done
}
# Root's servers run as another user, to whom a folder such as /root is closed: then they lie in /tmp as long as this runs.
servers_root=$dir/servers
mkdir -p "$servers_root"
if [ "$(id -u)" = 0 ] && ! setpriv --reuid=nobody --clear-groups test -x "$servers_root"; then
  servers_root=$(mktemp -d /tmp/mailaccess-servers.XXXXXX) || exit 1
  chmod 0755 "$servers_root"
fi
export MLA_SERVER_ROOT=$servers_root
fetch_servers &
servers=$! told=
trap 'kill "$servers" 2>/dev/null; case $servers_root in /tmp/mailaccess-servers.*) rm -rf "$servers_root" ;; esac' EXIT

export ASAN_OPTIONS=abort_on_error=1:halt_on_error=1:detect_leaks=1:detect_stack_use_after_return=1:strict_string_checks=1
export UBSAN_OPTIONS=halt_on_error=1:abort_on_error=1:print_stacktrace=1
export LC_ALL=C.UTF-8

for b in "${builds[@]}"; do
  case $b in
    asan)
      title asan "gcc, debug, ASan and UBSan"
      CC=gcc build asan all --buildtype=debug -Db_sanitize=address,undefined -Db_lundef=false -Darena_exact=true && check asan -t 3 ;;
    release)
      title release "clang, optimised, -Werror"
      CC=clang build release all --buildtype=release && check release --no-suite tools --no-suite once ;;
    mbedtls36)
      title mbedtls36 "gcc, mbedTLS 3.6"
      if fetch_mbedtls36; then
        CC=gcc build mbedtls36 all --buildtype=debugoptimized -Dmbedtls_prefix="$dir/mbedtls36-prefix" &&
          check mbedtls36 --no-suite tools --no-suite mime --no-suite fuzz --no-suite clear --no-suite transcripts \
            --no-suite abi --no-suite ffi
      else
        left_out "the build against mbedTLS 3.6: Debian 13's packages cannot be had here"
      fi ;;
    valgrind)
      title valgrind "gcc, debug, the unit tests under valgrind"
      if command -v valgrind >/dev/null; then
        # The unit tests reach the parsers and engines; servers and Python under valgrind would only be slow.
        CC=gcc build valgrind unit --buildtype=debug -Doptimization=1 -Darena_exact=true &&
          MLA_SHARE=0.2 check valgrind -t 20 --suite unit --wrapper 'valgrind --quiet --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite,indirect --suppressions='"$top/tests/valgrind.supp"
      else
        left_out "valgrind is not here"
      fi ;;
  esac
done

read -r good bad skip < <(awk '{ g += $1; b += $2; s += $3 } END { print g + 0, b + 0, s + 0 }' "$dir/results")
printf '\n%d minutes and %d seconds\n' $(((SECONDS - started) / 60)) $(((SECONDS - started) % 60))
if [ "$skip" -gt 0 ]; then
  printf '%d passed, %d failed, %d skipped\n' "$good" "$bad" "$skip"
else
  printf '%d passed, %d failed\n' "$good" "$bad"
fi
[ "$bad" = 0 ] && [ "$good" -gt 0 ]
