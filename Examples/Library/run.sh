#!/usr/bin/env bash
# The library with a Postgres and a Redis of its own: builds it, starts it, shows a hit and a loan.
#
#   run.sh                 shows them, then keeps serving until Ctrl-C
#   run.sh --check         shows them, asserts what else it can do, stops everything; the exit status says whether all of it holds
#   run.sh token MEMBER    prints a token for an hour, with the key in LIBRARY_TOKEN_KEY
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
# shellcheck source=check.sh
. "$EXAMPLE/check.sh"

CONFIGURATION=release
LIBRARIAN=00000000-0000-4000-8000-000000000001
ADA=00000000-0000-4000-8000-000000000002
GRACE=00000000-0000-4000-8000-000000000003

usage() { sed -n '2,10s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; }

build() { build_example "$EXAMPLE" Library "$CONFIGURATION"; }

load_library() {
    PASSWORD=$(od -An -N 16 -t x1 /dev/urandom | tr -d ' \n')
    { printf '\\set password %s\n' "$PASSWORD" && cat "$EXAMPLE/database/schema.sql" "$EXAMPLE/database/triggers.sql"; } |
        servers_psql -v ON_ERROR_STOP=1 -f -
    DATABASE_URL="postgresql://library:$PASSWORD@127.0.0.1:$SERVERS_POSTGRES_PORT/$SERVERS_POSTGRES_DATABASE"
    printf 'Postgres on port %s with %s books, Redis on port %s\n' \
        "$SERVERS_POSTGRES_PORT" "$(servers_psql -c 'SELECT count(*) FROM books')" "$SERVERS_REDIS_PORT"
}

# as MEMBER NAME TARGET [CURL ARGUMENT]...: fetch with a token of this member.
as() {
    local token
    token=$("$EXECUTABLE" token "$1")
    shift
    fetch "$@" -H "Authorization: Bearer $token"
}
show_response() {
    show_headers "$1"
    printf '\n    %s\n' "$(body "$1")"
}
is_hit() {
    fetch again "$1"
    [[ "$(header again Cache-Status)" == *"; hit"* ]]
}

if [ "${!#}" = --debug ]; then
    CONFIGURATION=debug
    set -- "${@:1:$#-1}"
fi
case "${1:-}" in
    "" | --check) ;;
    token)
        [ $# = 2 ] || {
            usage >&2
            exit 2
        }
        build
        exec "$EXECUTABLE" token "$2"
        ;;
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
servers_open cached-routes-library
# Before there is a database, because a build asks none: the locks say what it must know.
title "Building in $CONFIGURATION mode (several minutes the first time)"
build
title "Postgres and Redis"
servers_start_postgres library
servers_start_redis
load_library
title "Starting the service"
export LIBRARY_TOKEN_KEY LIBRARY_LIBRARIAN="$LIBRARIAN"
LIBRARY_TOKEN_KEY=${LIBRARY_TOKEN_KEY:-$(od -An -N 32 -t x1 /dev/urandom | tr -d ' \n')}
start_server

title "GET /api/books?shelf=history&limit=2"
fetch first "/api/books?shelf=history&limit=2"
[ "$(status first)" = 200 ] || fail "it was answered with $(status first): $(body first)"
show_response first
servers_wait 10 is_hit "/api/books?shelf=history&limit=2" || fail "the response was not stored in Redis within 10 s"
title "POST /api/books/3/loans, as Ada"
as "$ADA" loan /api/books/3/loans -X POST
[ "$(status loan)" = 201 ] || fail "it was answered with $(status loan): $(body loan)"
show_response loan

if [ "${1:-}" = --check ]; then
    title "Checks"
    run_checks
    exit 0
fi

trap 'exit 0' INT
title "Serving until Ctrl-C"
printf '\nTry:\n'
printf '    $ curl -i %s\n' "'$BASE/api/books/search?q=cats'" "$BASE/api/shelves" "'$BASE/api/recommendations?budget=9.99'"
printf '    $ curl -i -H "Authorization: Bearer %s" %s\n' "$("$EXECUTABLE" token "$ADA")" "$BASE/api/me/loans"
printf '\nThe log: %s\n' "$SERVERS_FOLDER/server.log"
wait "$SERVER_PID" || true
fail "the service ended by itself"
