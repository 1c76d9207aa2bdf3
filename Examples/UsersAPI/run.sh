#!/usr/bin/env bash
# The example with a Postgres and a Redis of its own: builds it, starts it, shows what a miss, a hit and a write look like.
#
#   run.sh           shows it, then keeps serving until Ctrl-C
#   run.sh --check   shows it, asserts it, stops everything; the exit status says whether all of it holds
#
# With --debug as the last argument it is built without optimization, in less than half of the time.
#
# CACHED_ROUTES_SCRATCH names a folder for build products, to be kept between runs, instead of .build beside this file.
# shellcheck disable=SC2317 # some functions are called by traps and by servers_wait
set -euo pipefail

EXAMPLE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=../../Tests/lib/servers.sh
. "$EXAMPLE/../../Tests/lib/servers.sh"
# shellcheck source=../../Tests/lib/service.sh
. "$EXAMPLE/../../Tests/lib/service.sh"
# shellcheck source=../../Tests/lib/example.sh
. "$EXAMPLE/../../Tests/lib/example.sh"
# shellcheck source=../../Tests/lib/requests.sh
. "$EXAMPLE/../../Tests/lib/requests.sh"
# shellcheck source=../../Tests/lib/checks.sh
. "$EXAMPLE/../../Tests/lib/checks.sh"
# shellcheck source=requests.sh
. "$EXAMPLE/requests.sh"
# shellcheck source=check.sh
. "$EXAMPLE/check.sh"
# shellcheck source=fleet.sh
. "$EXAMPLE/fleet.sh"

CONFIGURATION=release
# Further processes of the service, while a check needs them.
FLEET_PIDS=()

usage() { sed -n '2,9s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; }
# For clean_up.
end_more() { fleet_end; }

build() {
    title "Building in $CONFIGURATION mode (several minutes the first time)"
    local started=$SECONDS
    build_example "$EXAMPLE" UsersAPI "$CONFIGURATION"
    printf 'Built in %d s: %s\n' "$((SECONDS - started))" "$EXECUTABLE"
}

load_users() {
    local password
    password=$(od -An -N 16 -t x1 /dev/urandom | tr -d ' \n')
    { printf '\\set password %s\n' "$password" && cat "$EXAMPLE/database/schema.sql"; } | servers_psql -f -
    DATABASE_URL="postgresql://users_api:$password@127.0.0.1:$SERVERS_POSTGRES_PORT/$SERVERS_POSTGRES_DATABASE"
    printf 'Postgres on port %s with %s users, Redis on port %s\n' \
        "$SERVERS_POSTGRES_PORT" "$(servers_psql -c 'SELECT count(*) FROM users')" "$SERVERS_REDIS_PORT"
}

# show LIMIT: the first request for a page of this size, the second, what Redis holds, and psql beside them.
show() {
    local target="/api/v1/users?limit=$1" key
    title "GET $target"
    fetch first "$target"
    [ "$(status first)" = 200 ] || fail "GET $target was answered with $(status first): $(body first)"
    printf '\nThe first request asks Postgres and answers:\n\n'
    show_headers first
    key=$(stored_key "limit=$1&skip=0") || fail "the answer was not stored in Redis within 10 s"
    fetch second "$target"
    [[ "$(header second Cache-Status)" == *"; hit;"* ]] || fail "the second GET $target was no hit"
    printf '\nThe second is answered from Redis:\n\n'
    show_headers second
    printf '\nWhat Redis holds:\n\n'
    show_command redis-cli -p "$SERVERS_REDIS_PORT" ttl "'$key'"
    redis_cli ttl "$key" | sed 's/^/    /'
    show_command redis-cli -p "$SERVERS_REDIS_PORT" --raw get "'$key'" '|' head -c 400
    # All of the value is read: a pipe that closes early would be an error here.
    redis_cli --raw get "$key" | awk 'NR == 1 { print "    " $0 } NR == 2 { print "    " substr($0, 1, 200) "…" }'
    printf '\n    first request (miss)  %9s ms   %s bytes\n' "$(milliseconds first)" "$(size first)"
    printf '    second request (hit)  %9s ms\n' "$(milliseconds second)"
    printf '    median of 21 hits     %9s ms\n' "$(median_milliseconds "$target")"
    printf '    psql, same statement  %9s ms\n' "$(psql_milliseconds "$1")"
}
show_command() { printf '    $ %s\n' "$*"; }

# A write, the same write again, which a constraint refuses, and what the log has of that.
show_write() {
    local json='{"email":"ada@example.com","full_name":"Ada"}' status
    title "POST /api/v1/users"
    printf '\n'
    show_command curl -i -H "'Content-Type: application/json'" -d "'$json'" "$BASE/api/v1/users"
    for status in 201 409; do
        send written POST /api/v1/users "$json"
        [ "$(status written)" = "$status" ] || fail "it was answered with $(status written): $(body written)"
        if [ "$status" = 409 ]; then printf '\nThe same again:\n\n'; fi
        show_headers written
        printf '\n    %s\n' "$(body written)"
    done
    printf '\nThe log:\n\n'
    grep createUser "$SERVERS_FOLDER/server.log" | sed 's/^/    /'
}

if [ "${!#}" = --debug ]; then
    CONFIGURATION=debug
    set -- "${@:1:$#-1}"
fi
case "${1:-}" in
    "" | --check) ;;
    -h | --help)
        usage
        exit 0
        ;;
    *)
        usage >&2
        exit 2
        ;;
esac

trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

servers_install ${1:+check}
servers_open cached-routes-example
# Before there is a database, because a build asks none: the lock says what it must know.
build
title "Postgres and Redis"
servers_start_postgres users
servers_start_redis
load_users
title "Starting the service"
start_server
show 20
show 20000
show_write

if [ "${1:-}" = --check ]; then
    title "Checks"
    run_checks
    exit 0
fi

trap 'exit 0' INT
title "Serving until Ctrl-C"
printf '\nTry:\n'
show_command curl -i "'$BASE/api/v1/users?skip=40&limit=5'"
show_command curl -i "$BASE/api/v1/users/7"
show_command curl -i "'$BASE/api/v1/users?limit=abc'"
show_command curl -i -X PATCH -H "'Content-Type: application/json'" -d "'{\"bio\":\"New\"}'" "$BASE/api/v1/users/7"
show_command curl -i -X DELETE "$BASE/api/v1/users/8"
show_command redis-cli -p "$SERVERS_REDIS_PORT" --scan
printf '\nThe log: %s\n' "$SERVERS_FOLDER/server.log"
wait "$SERVER_PID" || true
fail "the service ended by itself"
