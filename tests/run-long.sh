#!/usr/bin/env bash
# What takes long: every test under more compilers and options than tests/run.sh has, long fuzzing, and the measurements.
#
#   tests/run-long.sh [PART...]     PART: matrix, fuzz, threads, sizes, worlds, pop3, linear, mutants, bench; without one, all
#
#   matrix   {gcc, clang} x {debug with ASan+UBSan, release}, zlib off, GSSAPI on, the whole suite under valgrind; where there is one,
#            mbedTLS of another line: MLA_MBEDTLS_PREFIX=DIR
#   fuzz     each libFuzzer target for MLA_FUZZ_SECONDS (default 3600); MLA_FUZZ_TARGETS="charset rtf": these alone
#   threads  the tests of the public interface under ThreadSanitizer
#   sizes    a 32-bit build, where the compiler can make one (gcc-multilib and 32-bit libraries)
#   worlds   two sessions on one mailbox, a keeper over lines that break, keepers that go on from what was stored; a minute for each of
#            the seeds MLA_SEEDS (default 1 to 5), on each server
#   pop3     maildrops emptied over lines that are cut at every octet, by programs that are killed at every system call, onto disks
#            that are full at every page
#   linear   instructions of mail that repeats one thing: twice as much of it may cost twice as many (needs valgrind)
#   mutants  changed messages as this library, Python's email package and GMime read them: 10,000 for each of the seeds MLA_SEEDS
#            (default 1 to 5)
#   bench    tests/bench/run.py in full: needs 6 GB of disk, 4 GB of memory
#
# Everything is made in build-long/ (MLA_TEST_DIR says otherwise). Exit status: 0 nothing failed, 1 something did, 64 usage.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
exec </dev/null
dir=${MLA_TEST_DIR:-$PWD/build-long}
jobs=$(nproc 2>/dev/null || echo 2)
parts=("$@")
[ $# -gt 0 ] || parts=(matrix fuzz threads sizes worlds pop3 linear mutants bench)
failed=()
mkdir -p "$dir" || exit 1

title() { printf '\n== %s\n' "$*"; }
# build NAME OPTIONS...
build() {
  local name=$1
  shift
  title "$name: build"
  rm -rf "${dir:?}/$name"
  if meson setup "$dir/$name" -Dtests=true "$@" >"$dir/$name.log" 2>&1 && ninja -C "$dir/$name" -j "$jobs" >>"$dir/$name.log" 2>&1; then
    return 0
  fi
  tail -n 20 "$dir/$name.log"
  failed+=("$name (build)")
  return 1
}
# check NAME [options of meson test]
check() {
  local name=$1
  shift
  title "$name: test"
  meson test -C "$dir/$name" --no-rebuild --print-errorlogs "$@" >"$dir/$name.tests" 2>&1 || failed+=("$name")
  tail -n 12 "$dir/$name.tests"
}

matrix() {
  local compiler
  for compiler in gcc clang; do
    command -v "$compiler" >/dev/null || { echo "*** SKIPPED: $compiler is not installed ***"; continue; }
    CC=$compiler build "$compiler-asan" -Dbuildtype=debug -Db_sanitize=address,undefined -Db_lundef=false -Darena_exact=true &&
      check "$compiler-asan"
    CC=$compiler build "$compiler-release" -Dbuildtype=release -Dwerror=true && check "$compiler-release"
  done
  build no-zlib -Dzlib=disabled -Dbuildtype=debug && check no-zlib
  # Kerberos, with a KDC of the tests' own
  if tests/install-packages.sh libkrb5-dev krb5-kdc krb5-admin-server krb5-user dovecot-gssapi; then
    build gssapi -Dgssapi=enabled -Dbuildtype=debug -Db_sanitize=address,undefined -Darena_exact=true &&
      check gssapi sasl/choose sasl/gssapi sasl/mech live/gssapi live/ext_gssapi live/login
  else
    echo "*** SKIPPED: no packages for Kerberos ***"
  fi
  build valgrind -Dbuildtype=debug -Darena_exact=true &&
    check valgrind --timeout-multiplier 30 --suite unit --suite oom \
      --wrap "valgrind --quiet --error-exitcode=99 --leak-check=full --suppressions=$PWD/tests/valgrind.supp"
  if [ -n "${MLA_MBEDTLS_PREFIX:-}" ]; then
    build mbedtls-other -Dbuildtype=debug "-Dmbedtls_prefix=$MLA_MBEDTLS_PREFIX" && check mbedtls-other
  else
    echo "*** SKIPPED: another mbedTLS (MLA_MBEDTLS_PREFIX names none) ***"
  fi
}

fuzz() {
  local target seconds=${MLA_FUZZ_SECONDS:-3600} corpus name dict
  command -v clang >/dev/null || { echo "*** SKIPPED: clang is not installed ***"; return; }
  CC=clang build fuzz -Dfuzz=true -Dbuildtype=debugoptimized -Db_sanitize=address,undefined -Db_lundef=false || return
  for target in "$dir"/fuzz/tests/fuzz/fuzz_*; do
    [ -f "$target" ] && [ -x "$target" ] || continue
    name=${target##*/fuzz_}
    [[ " ${MLA_FUZZ_TARGETS:-$name} " == *" $name "* ]] || continue
    dict=$PWD/tests/fuzz/$name.dict
    corpus=$dir/corpus/$(basename "$target")
    mkdir -p "$corpus"
    python3 tests/fuzz/seeds.py "$name" tests -o "$corpus" || failed+=("seeds of $(basename "$target")")
    title "$(basename "$target") for $seconds s"
    (cd "$corpus" && "$target" -max_total_time="$seconds" -print_final_stats=1 -rss_limit_mb=4096 \
      $([ -f "$dict" ] && echo "-dict=$dict") "$corpus" \
      >"$corpus.log" 2>&1) || failed+=("$(basename "$target")")
    tail -n 5 "$corpus.log"
  done
}

threads() {
  build tsan -Dbuildtype=debug -Db_sanitize=thread -Db_lundef=false && check tsan --suite unit --suite net --suite api
}

sizes() {
  if ! printf 'int main(void) { return 0; }\n' | gcc -m32 -x c - -lmbedtls -lz -lcmocka -o "$dir/probe32" 2>/dev/null; then
    echo "*** SKIPPED: 32-bit libraries are not installed ***"
    return
  fi
  CFLAGS=-m32 LDFLAGS=-m32 build bits32 -Dbuildtype=debug -Db_sanitize=undefined && check bits32
}

servers() {
  local name
  export MLA_SERVER_ROOT=$dir/servers
  for name in cyrus mailutils courier; do
    tests/servers/$name.sh fetch "$dir/servers/$name" || echo "*** SKIPPED: the tests against $name ***"
  done
}

worlds() {
  local seed
  servers
  build worlds -Dbuildtype=debug -Db_sanitize=address,undefined -Darena_exact=true || return
  for seed in ${MLA_SEEDS:-1 2 3 4 5}; do
    title "two sessions, seed $seed"
    MLA_LONG=1 MLA_SECONDS=60 MLA_SEED=$seed MLA_KEEP=$dir meson test -C "$dir/worlds" --no-rebuild --print-errorlogs -t 5 live/ext_two_sessions live/ext_keep live/ext_keep_state live/ext_keep_servers \
      >"$dir/worlds.tests" 2>&1 || failed+=("two sessions, seed $seed")
    tail -n 12 "$dir/worlds.tests"
  done
}

pop3() {
  local test
  servers
  build pop3 -Dbuildtype=release || return
  for test in pop3_cut pop3_kill pop3_disk pop3_habits pop3_servers; do
    title "$test, everywhere"
    MLA_LONG=1 meson test -C "$dir/pop3" --no-rebuild --print-errorlogs -t 100 "live/$test" >"$dir/pop3.tests" 2>&1 || failed+=("$test")
    tail -n 12 "$dir/pop3.tests"
    grep -E '^# ' "$dir/pop3/meson-logs/testlog.txt"
  done
}

linear() {
  build linear -Dbuildtype=release && tests/mime/linear.py "$dir/linear/tests/mime/mime_linear" || failed+=(linear)
}

mutants() {
  local seed
  python3 -c 'import ctypes; ctypes.CDLL("libgmime-3.0.so.0")' 2>/dev/null || echo "*** SKIPPED: GMime, which is not installed ***"
  build mutants -Dbuildtype=release || return
  for seed in ${MLA_SEEDS:-1 2 3 4 5}; do
    title "mutants, seed $seed"
    python3 tests/mime/test_mutants.py "$dir/mutants/tests/mime/mime_values" tests/mime "$seed" 10000 >"$dir/mutants.$seed" ||
      failed+=("mutants, seed $seed ($dir/mutants.$seed)")
    grep -E '^(ok|not ok)' "$dir/mutants.$seed"
  done
}

bench() {
  build bench -Dbuildtype=release && tests/bench/run.py "$dir/bench" --json "$dir/bench.json" || failed+=(bench)
  ninja -C "$dir/bench" bench >"$dir/bench.log" 2>&1 && tests/bench/mime.py "$dir/bench" || failed+=("bench of mail")
}

for part in "${parts[@]}"; do
  case $part in matrix | fuzz | threads | sizes | worlds | pop3 | linear | mutants | bench) ;; *) sed -n '2,/^# Everything/s/^# \{0,1\}//p' "$0" >&2; exit 64 ;; esac
done
for part in "${parts[@]}"; do "$part"; done
title "result"
if [ ${#failed[@]} -gt 0 ]; then
  printf 'FAILED: %s\n' "${failed[@]}"
  exit 1
fi
echo "nothing failed"
