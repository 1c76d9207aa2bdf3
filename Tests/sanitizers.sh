#!/usr/bin/env bash
# Runs tests under AddressSanitizer or ThreadSanitizer, against a Postgres and a Redis that it starts itself.
#
#   Tests/sanitizers.sh [address|thread|both] [FILTER]...     default: both, and the tests of the two clients and all fuzzers
#
# A FILTER is one of swift test's. The exit status is 0 when all tests passed and no sanitizer reported anything. Each sanitizer
# builds everything anew, in .build/address-sanitizer and .build/thread-sanitizer, or beside the other products in the folder
# that CACHED_ROUTES_SCRATCH names; the first time takes as long as any first build.
# shellcheck disable=SC2317 # clean_up is called by a trap
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=Tests/lib/servers.sh
. "$ROOT/Tests/lib/servers.sh"

PRODUCTS="${CACHED_ROUTES_SCRATCH:-$ROOT/.build}"
usage() {
    sed -n '2,8s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
    exit 2
}
case "${1:-both}" in
    address | thread) SANITIZERS=("$1") ;;
    both) SANITIZERS=(address thread) ;;
    *) usage ;;
esac
shift $(($# > 0 ? 1 : 0))
FILTERS=("$@")
if [ $# = 0 ]; then FILTERS=('^RedisClientTests' '^PostgresClientTests' '^RouteModelTests' 'FuzzTests'); fi
OPTIONS=()
for filter in "${FILTERS[@]}"; do OPTIONS+=(--filter "$filter"); done

clean_up() {
    if [ "$1" != 0 ]; then printf '\nTests/sanitizers.sh: failed with status %d\n' "$1" >&2; fi
}
servers_close_at_exit

servers_start_for_tests crs

# For ThreadSanitizer on Linux: what Tests/Sanitizers/happens-before.c says. Swift's toolchain there comes with clang.
HAPPENS_BEFORE=""
compile_happens_before() {
    local clang
    clang="$(dirname "$(readlink -f "$(command -v swift)")")/clang"
    HAPPENS_BEFORE="$SERVERS_FOLDER/happens-before.so"
    [ -x "$clang" ] || clang=clang
    "$clang" -O1 -fPIC -shared -Wall -Wextra -Werror -o "$HAPPENS_BEFORE" "$ROOT/Tests/Sanitizers/happens-before.c"
}

export ASAN_OPTIONS="detect_leaks=0:abort_on_error=1:log_path=$SERVERS_FOLDER/report"
export TSAN_OPTIONS="history_size=5:second_deadlock_stack=1:log_path=$SERVERS_FOLDER/report"

STATUS=0
for sanitizer in "${SANITIZERS[@]}"; do
    printf '\n== %s\n' "$sanitizer"
    folder="$PRODUCTS/$sanitizer-sanitizer"
    swift build --package-path "$ROOT" --scratch-path "$folder" --sanitize "$sanitizer" --build-tests
    environment=()
    if [ "$sanitizer" = thread ] && [ "$(uname -s)" = Linux ]; then
        compile_happens_before
        environment=("LD_PRELOAD=$HAPPENS_BEFORE")
    fi
    # One test after the other: beside others they would be too slow for what they say of time.
    env ${environment[@]+"${environment[@]}"} swift test --package-path "$ROOT" --scratch-path "$folder" \
        --sanitize "$sanitizer" --skip-build --no-parallel "${OPTIONS[@]}" || STATUS=$?
    for report in "$SERVERS_FOLDER"/report.*; do
        [ -f "$report" ] || continue
        cat "$report"
        rm -f "$report"
        STATUS=1
    done
done
exit "$STATUS"
