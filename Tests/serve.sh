#!/usr/bin/env bash
# Shows that `cached-routes serve` answers as the built apps do, and serves what is saved, on a Postgres of its own:
#
# - The same requests are sent to each example and to serve with its manifests, on a copy of its database.
# - An editor mostly saves what is broken, in all the ways in which editors write files. What is right must be served within 10 s,
#   by the process that was started, whose descriptors and memory are at the end as they were after 50 saves.
#
#   Tests/serve.sh [--equality | --editor] [--saves N] [--seed S]             default: both, 1000 saves
#
# Prints how long it took until what was right was served. The exit status says whether all of it holds.
# CACHED_ROUTES_SCRATCH names a folder for build products, as for the examples.
# shellcheck disable=SC2317,SC2329 # functions are called by traps and by servers_wait
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=Tests/lib/servers.sh
. "$ROOT/Tests/lib/servers.sh"
# shellcheck source=Tests/lib/service.sh
. "$ROOT/Tests/lib/service.sh"
# shellcheck source=Tests/lib/example.sh
. "$ROOT/Tests/lib/example.sh"

PIDS=()
RUNS=both
STATUS=0

clean_up() {
    local pid
    for pid in ${PIDS[@]+"${PIDS[@]}"}; do servers_end "$pid" TERM 15 || true; done
}

# start LOG COMMAND...: starts a server that listens on PORT, which is a free one, and sets STARTED to it.
start() {
    local log="$SERVERS_FOLDER/$1" pid
    shift
    STARTED=$(servers_free_port)
    servers_spawn "$log" env -u REDIS_URL "HOST=127.0.0.1" "PORT=$STARTED" "$@"
    pid=$SERVERS_SPAWNED
    PIDS+=("$pid")
    servers_wait 60 settled "$pid" "$STARTED" || fail "a server was not ready within 60 s"
    servers_alive "$pid" || {
        servers_log_tail "$log"
        fail "a server ended while it started"
    }
}
settled() { servers_gone "$1" || curl -fs --max-time 5 -o /dev/null "http://127.0.0.1:$2/ready"; }

end_all() {
    clean_up
    PIDS=()
}

# load NAME FILE...: makes a database with a schema, whose times are always the same, and a copy of it.
load() {
    local name=$1
    shift
    servers_psql -c "CREATE DATABASE \"$name\""
    (
        SERVERS_POSTGRES_DATABASE=$name
        { printf '\\set password %s\n' "$PASSWORD" && cat "$@"; } | servers_psql -f -
        # Both databases have to say the same.
        servers_psql >/dev/null <<'SQL'
SELECT format('ALTER TABLE %I.%I ALTER %I SET DEFAULT %L', table_schema, table_name, column_name,
    CASE data_type WHEN 'date' THEN '2030-01-01' ELSE '2024-06-01 12:00:00+00' END)
FROM information_schema.columns
WHERE table_schema = 'public' AND column_default ~ 'now\(\)|current_date|CURRENT_DATE' \gexec
SQL
    )
    servers_psql -c "CREATE DATABASE \"$name served\" TEMPLATE \"$name\""
}

# url ROLE NAME: the URL of a database for an example's role.
url() { printf 'postgresql://%s:%s@127.0.0.1:%s/%s' "$1" "$PASSWORD" "$SERVERS_POSTGRES_PORT" "${2// /%20}"; }

# compare NAME ROLE [ARGUMENT OF requests.py]...
compare() {
    local name=$1 role=$2 app
    shift 2
    start "$name.log" env "DATABASE_URL=$(url "$role" "$name")" "$EXECUTABLE"
    app=$STARTED
    # In the example's folder, as a person does.
    start "$name served.log" env "DATABASE_URL=$(url "$role" "$name served")" \
        bash -c 'cd "$1" && exec "$2" serve --port "$PORT"' serve "$ROOT/Examples/$name" "$TOOL"
    (cd "$ROOT/Examples/$name" && "$TOOL" list --format json) >"$SERVERS_FOLDER/$name.json"
    python3 "$ROOT/Tests/Serve/requests.py" "$name" --app "$app" --served "$STARTED" \
        --list "$SERVERS_FOLDER/$name.json" "$@" || STATUS=1
    end_all
}

equality() {
    local member tokens=()
    PASSWORD=$(od -An -N 16 -t x1 /dev/urandom | tr -d ' \n')
    title "The example UsersAPI and serve"
    build_example "$ROOT/Examples/UsersAPI" UsersAPI debug
    load UsersAPI "$ROOT/Examples/UsersAPI/database/schema.sql"
    compare UsersAPI users_api
    title "The example Library and serve"
    build_example "$ROOT/Examples/Library" Library debug
    load Library "$ROOT/Examples/Library/database/schema.sql" "$ROOT/Examples/Library/database/triggers.sql"
    LIBRARY_TOKEN_KEY=$(od -An -N 32 -t x1 /dev/urandom | tr -d ' \n')
    LIBRARY_LIBRARIAN=00000000-0000-4000-8000-000000000001
    export LIBRARY_TOKEN_KEY LIBRARY_LIBRARIAN
    for member in 1 2 3; do
        member=00000000-0000-4000-8000-00000000000$member
        tokens+=(--token "$member=$("$EXECUTABLE" token "$member")")
    done
    compare Library library "${tokens[@]}"
}

editor() {
    local port
    title "An editor"
    [ -n "${TOOL:-}" ] || build_example "$ROOT/Examples/UsersAPI" UsersAPI debug
    port=$(servers_free_port)
    # In the background, so that a signal is heeded at once.
    PORT="$port" FOLDER="$SERVERS_FOLDER" DATABASE_URL="$SERVERS_DATABASE_URL" \
        python3 "$ROOT/Tests/Serve/editor.py" "$TOOL" "$@" &
    wait $! || STATUS=1
}

case "${1:-}" in
    --equality | --editor)
        RUNS=${1#--}
        shift
        ;;
esac

servers_close_at_exit
command -v python3 >/dev/null || fail "python3 is not in PATH"
servers_install
servers_open cached-routes-serve
servers_start_postgres serve
case $RUNS in both | equality) equality ;; esac
case $RUNS in both | editor) editor "$@" ;; esac
exit "$STATUS"
