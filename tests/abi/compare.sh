#!/usr/bin/env bash
# compare.sh OLD NEW - what changed in the binary interface between two built libraries, as abidiff (package
# abigail-tools) sees it. OLD and NEW are paths of libmailaccess.so or build folders; debug information helps.
# It reports and forbids nothing: exit status 0 whatever was found, 64 usage, 69 abidiff is not installed.
set -euo pipefail
[ $# = 2 ] || { sed -n '2,4p' "$0" >&2; exit 64; }
command -v abidiff >/dev/null || { echo "compare.sh: abidiff is not installed (package abigail-tools)" >&2; exit 69; }
library() { if [ -d "$1" ]; then echo "$1/lib/libmailaccess.so"; else echo "$1"; fi; }
headers=$(cd "$(dirname "$0")/../../include" && pwd)
abidiff --headers-dir1 "$headers" --headers-dir2 "$headers" "$(library "$1")" "$(library "$2")" && echo "no difference" || true
