#!/usr/bin/env bash
# Proves that nobody gets an older answer after a write: three processes of a small service, a Redis and a Postgres of their own,
# clients that write and read, faults of every kind, and a checker that reads the history.
#
#   Tests/consistency.sh [--minutes N] [--seed N]
#                                                     half of the minutes with a Redis that comes back empty, half with one that
#                                                     comes back from its snapshots; default: 2 minutes
#   Tests/consistency.sh --redis sentinel|cluster     a primary with replicas and Sentinels, or a cluster: with failovers of all
#                                                     kinds, slots that move, and nodes that come and go; default: single
#   Tests/consistency.sh --redis-memory SIZE          a single Redis that evicts, for instance 3mb, under allkeys-lru
#   Tests/consistency.sh --without-token-checks       tokens are not compared: has to find violations
#   Tests/consistency.sh --recovery RATE              with so many reads a second: how soon hits are back after each kind of failover
#                                                     and move of slots, and how many requests failed; built with optimization
#   --tls                                             processes speak TLS to Redis
#   --two-primaries                                   mostly faults in which an old primary still takes commands beside its
#                                                     successor, for which nothing is promised: shows what it comes to
#   --logs FOLDER                                     keeps the logs of the processes, with the times of faults and violations
#   --skip-build                                      takes the program that `swift build --build-tests` has built; a build
#                                                     without tests would compile every module again
#
# The exit status is 0 if violations are found where they are expected and nowhere else. A run proves nothing, and fails, without
# enough reads, hits and writes, and from three minutes on if a fault did not happen. CACHED_ROUTES_SCRATCH names a folder for build
# products, as for Tests/run.sh.
# shellcheck disable=SC2317 # clean_up is called by a trap
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=Tests/lib/servers.sh
. "$ROOT/Tests/lib/servers.sh"

PRODUCTS="$ROOT/.build"
if [ -n "${CACHED_ROUTES_SCRATCH:-}" ]; then PRODUCTS="$CACHED_ROUTES_SCRATCH/tests"; fi
MINUTES=2
OPTIONS=()
KIND=single
CONFIGURATION=debug
HAS_SNAPSHOTS=yes
CONTROL=""
EXCLUDES_RECOVERY=""
LOGS=""
DRIVER=""
BUILDS=yes

usage() {
    sed -n '2,24s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
    exit 2
}
# need_value OPTION VALUE...: an option's value is missing if another option stands in its place.
need_value() {
    case "${2:-}" in
        "" | --*)
            echo "Tests/consistency.sh: $1 needs a value" >&2
            usage
            ;;
    esac
}
while [ $# -gt 0 ]; do
    case "$1" in
        --minutes | --seed | --redis | --redis-memory | --recovery | --logs) need_value "$@" ;;
    esac
    case "$1" in
        --minutes)
            MINUTES=$2
            shift 2
            ;;
        --seed)
            OPTIONS+=(--seed "$2")
            shift 2
            ;;
        --redis)
            KIND=$2
            OPTIONS+=(--redis "$KIND")
            shift 2
            ;;
        --redis-memory)
            HAS_SNAPSHOTS=""
            EXCLUDES_RECOVERY=$1
            OPTIONS+=(--redis-memory "$2")
            shift 2
            ;;
        --logs)
            LOGS=$2
            shift 2
            ;;
        --tls)
            OPTIONS+=("$1")
            shift
            ;;
        --two-primaries)
            EXCLUDES_RECOVERY=$1
            OPTIONS+=("$1")
            shift
            ;;
        --skip-build)
            BUILDS=""
            shift
            ;;
        --recovery)
            HAS_SNAPSHOTS=""
            CONFIGURATION=release
            OPTIONS+=(--recovery "$2")
            shift 2
            ;;
        --without-token-checks)
            CONTROL=$1
            EXCLUDES_RECOVERY=$1
            shift
            ;;
        *) usage ;;
    esac
done
[[ "$MINUTES" =~ ^[0-9]+(\.[0-9]+)?$ ]] || usage
if [ "$CONFIGURATION" = release ] && [ -n "$EXCLUDES_RECOVERY" ]; then
    echo "Tests/consistency.sh: $EXCLUDES_RECOVERY has no effect with --recovery" >&2
    usage
fi

clean_up() { servers_end "$DRIVER" TERM 5 || true; }
servers_close_at_exit

servers_install tests
servers_open crc
mkdir "$SERVERS_FOLDER/started-by-tests"
export CACHED_ROUTES_TEST_RUN="$SERVERS_FOLDER/started-by-tests"
export TMPDIR="$SERVERS_FOLDER"
BUILD=(swift build --package-path "$ROOT" --scratch-path "$PRODUCTS" -c "$CONFIGURATION")
if [ -n "$BUILDS" ]; then "${BUILD[@]}" --product consistency; fi
PROGRAM=$("${BUILD[@]}" --show-bin-path)/consistency
if [ ! -x "$PROGRAM" ]; then
    echo "Tests/consistency.sh: there is no $PROGRAM; run swift build --build-tests, or this without --skip-build" >&2
    exit 1
fi

# run ARGUMENT...: one run. In the background, so that a signal is heeded at once.
run() {
    local status=0
    printf '\n'
    if [ -n "$LOGS" ]; then set -- "$@" --logs "$LOGS"; fi
    "$PROGRAM" "$@" ${OPTIONS[@]+"${OPTIONS[@]}"} &
    DRIVER=$!
    wait "$DRIVER" || status=$?
    DRIVER=""
    return "$status"
}

if [ -n "$CONTROL" ]; then
    run --minutes "$MINUTES" "$CONTROL"
    printf '\nWithout token checks the harness finds violations, as it has to.\n'
    exit 0
fi
if [ "$KIND" != single ]; then HAS_SNAPSHOTS=""; fi
if [ -z "$HAS_SNAPSHOTS" ]; then
    run --minutes "$MINUTES"
    exit
fi
HALF=$(awk -v minutes="$MINUTES" 'BEGIN { print minutes / 2 }')
STATUS=0
run --minutes "$HALF" || STATUS=$?
# The logs of the first half have the same names.
if [ -n "$LOGS" ]; then LOGS="$LOGS/snapshots"; fi
run --minutes "$HALF" --snapshots || STATUS=$?
exit "$STATUS"
