# shellcheck shell=bash
# shellcheck disable=SC2034 # the scripts that source this file read the SERVERS_ variables
# A private Postgres and a private Redis for a script: in a folder of their own, on free loopback ports, ended by process id.
#
#   . Tests/lib/servers.sh
#   servers_install [tests|check]   system packages, where some are missing; with an argument also those that only the tests,
#                                   or the example's checks, need
#   servers_open NAME               sets SERVERS_FOLDER, a new folder for data and logs
#   servers_start_postgres DATABASE sets SERVERS_DATABASE_URL (a superuser) and SERVERS_POSTGRES_PORT
#   servers_psql ARGUMENT...        psql as that superuser
#   servers_start_redis             sets SERVERS_REDIS_URL and SERVERS_REDIS_PORT
#   servers_restart_postgres SECONDS, servers_restart_redis SECONDS
#                                   end the server, and start it again after so many seconds on the same port; Redis is empty then
#   servers_start_for_tests NAME    all of that, and the variables by which the Swift tests find both
#   servers_close                   ends what was started, removes the folder; belongs into the caller's EXIT trap
#   servers_close_at_exit           sets that trap; the caller's function clean_up STATUS is called first, where there is one
#
# CACHED_ROUTES_TEST_POSTGRES_BIN names the folder with the programs of another PostgreSQL, CACHED_ROUTES_TEST_REDIS_SERVER the
# server program of another Redis or Valkey; the Swift tests heed both as well.
#
# Every function returns non-zero with a message on standard error when it could not do its work.

SERVERS_FOLDER=""
SERVERS_NAMES=()
SERVERS_PIDS=()

servers_say() { printf 'servers: %s\n' "$*" >&2; }

# ---------------------------------------------------------------------------------------------------- system packages

# The folder with initdb and postgres, which Debian keeps out of PATH; the newest version wins.
servers_postgres_bin() {
    local folder
    if [ -n "${CACHED_ROUTES_TEST_POSTGRES_BIN:-}" ]; then
        printf '%s\n' "$CACHED_ROUTES_TEST_POSTGRES_BIN"
        return 0
    fi
    for folder in $(printf '%s\n' /usr/lib/postgresql/*/bin | sort -t / -k 5,5nr) \
        /opt/homebrew/bin /opt/homebrew/opt/postgresql@*/bin /usr/local/bin /usr/local/opt/postgresql@*/bin; do
        if [ -x "$folder/initdb" ] && [ -x "$folder/postgres" ]; then
            printf '%s\n' "$folder"
            return 0
        fi
    done
    folder=$(command -v initdb) && dirname "$folder"
}

# The Debian packages that are missing, judged by the files they bring, so that other ways to install them count too.
# With `tests` or `check` as argument also those that only the tests, or the example's checks, need.
servers_missing_packages() {
    command -v curl >/dev/null || echo curl
    command -v git >/dev/null || echo git
    command -v ps >/dev/null || echo procps
    command -v redis-server >/dev/null && command -v redis-cli >/dev/null || echo redis-server
    servers_postgres_bin >/dev/null && command -v psql >/dev/null || echo postgresql
    [ -f /usr/include/hiredis/hiredis.h ] || [ -f /usr/local/include/hiredis/hiredis.h ] || echo libhiredis-dev
    [ -f /usr/include/postgresql/libpq-fe.h ] || [ -f /usr/include/libpq-fe.h ] || echo libpq-dev
    [ -f /usr/include/libdeflate.h ] || [ -f /usr/local/include/libdeflate.h ] || echo libdeflate-dev
    [ -f /usr/include/openssl/evp.h ] || [ -f /usr/local/include/openssl/evp.h ] || echo libssl-dev
    if [ "${1:-}" = tests ]; then
        [ -f /usr/include/zlib.h ] || [ -f /usr/local/include/zlib.h ] || echo zlib1g-dev
        # Debian keeps it where only root looks.
        command -v pgbouncer >/dev/null || [ -x /usr/sbin/pgbouncer ] || echo pgbouncer
        command -v openssl >/dev/null || echo openssl
    fi
    if [ "${1:-}" = check ]; then command -v wrk >/dev/null || echo wrk; fi
}

servers_install() {
    local purpose=${1:-} commands="redis-server redis-cli psql initdb" formulas="redis hiredis postgresql@17 libpq libdeflate openssl@3 pkgconf"
    local missing root=() policy=/usr/sbin/policy-rc.d policy_is_ours="" status=0
    if [ "$(uname -s)" = Darwin ]; then
        PATH="$PATH:$(servers_postgres_bin || true)"
        if [ "$purpose" = tests ]; then
            commands="$commands pgbouncer openssl"
            formulas="$formulas pgbouncer openssl"
        fi
        if [ "$purpose" = check ]; then
            commands="$commands wrk"
            formulas="$formulas wrk"
        fi
        for missing in $commands; do
            command -v "$missing" >/dev/null || {
                servers_say "$missing is missing; install it with: brew install $formulas"
                return 1
            }
        done
        return 0
    fi
    missing=$(servers_missing_packages "$purpose" | tr '\n' ' ')
    [ -z "$missing" ] && return 0
    if ! command -v apt-get >/dev/null; then
        servers_say "missing, by the names of Debian's packages: $missing(no apt-get here: install them another way)"
        return 1
    fi
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null || {
            servers_say "missing: $missing; run as root: apt-get install $missing"
            return 1
        }
        root=(sudo)
    fi
    servers_say "installing $missing"
    # Debian starts a service as soon as it is installed, unless this file says no. Nothing here uses its services.
    if [ ! -e "$policy" ]; then
        policy_is_ours=yes
        printf '#!/bin/sh\nexit 101\n' | ${root[@]+"${root[@]}"} tee "$policy" >/dev/null
        ${root[@]+"${root[@]}"} chmod 755 "$policy"
    fi
    ${root[@]+"${root[@]}"} apt-get update -q -o DPkg::Lock::Timeout=120 >&2 ||
        servers_say "apt-get update failed; trying with the lists that are here"
    # shellcheck disable=SC2086 # one word per package is meant
    ${root[@]+"${root[@]}"} env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends \
        -o DPkg::Lock::Timeout=120 $missing >&2 || status=$?
    if [ -n "$policy_is_ours" ]; then ${root[@]+"${root[@]}"} rm -f "$policy"; fi
    # Services that came with this installation stay off after the next start of the machine as well.
    if [ -d /run/systemd/system ]; then
        case " $missing" in *" postgresql "*) ${root[@]+"${root[@]}"} systemctl disable --quiet postgresql || true ;; esac
        case " $missing" in *" redis-server "*) ${root[@]+"${root[@]}"} systemctl disable --quiet redis-server || true ;; esac
        case " $missing" in *" pgbouncer "*) ${root[@]+"${root[@]}"} systemctl disable --quiet pgbouncer || true ;; esac
    fi
    if [ "$status" != 0 ]; then
        servers_say "apt-get install $missing failed with status $status"
        return 1
    fi
    missing=$(servers_missing_packages "$purpose" | tr '\n' ' ')
    if [ -n "$missing" ]; then
        servers_say "still missing after the installation: $missing"
        return 1
    fi
}

# ------------------------------------------------------------------------------------------------------- small tools

# Whether a process runs; one that has ended and only waits for its parent to notice doesn't.
servers_alive() {
    kill -0 "$1" 2>/dev/null || return 1
    case "$(cat "/proc/$1/stat" 2>/dev/null)" in *") Z "*) return 1 ;; esac
    return 0
}

# servers_wait SECONDS COMMAND...: repeats the command until it succeeds; fails when the time is over.
servers_wait() {
    local end=$((SECONDS + $1))
    shift
    until "$@"; do
        [ "$SECONDS" -lt "$end" ] || return 1
        sleep 0.05
    done
}

servers_gone() { ! servers_alive "$1"; }

# A loopback port that nobody listens on, from below the range that systems give to outgoing connections.
servers_free_port() {
    local port round
    for round in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        port=$((20000 + (RANDOM * 32768 + RANDOM + round) % 12000))
        if servers_port_is_free "$port"; then
            printf '%s\n' "$port"
            return 0
        fi
    done
    servers_say "no free loopback port found"
    return 1
}

servers_port_is_free() { ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# servers_spawn LOG COMMAND...: starts a process in the background and sets SERVERS_SPAWNED to its id. It gets a process
# group of its own, so that Ctrl-C in a terminal reaches the script alone, which then ends everything in order.
servers_spawn() {
    local log=$1
    shift
    set -m
    "$@" >"$log" 2>&1 </dev/null &
    SERVERS_SPAWNED=$!
    set +m
}

# servers_end PID SIGNAL SECONDS [SIGNAL SECONDS]...: sends each signal in turn until the process is gone; the last is KILL.
servers_end() {
    local pid=$1
    shift
    case $pid in '' | 0* | *[!0-9]*) return 0 ;; esac
    kill -CONT "$pid" 2>/dev/null || true
    while [ $# -ge 2 ]; do
        servers_alive "$pid" || return 0
        kill "-$1" "$pid" 2>/dev/null || true
        servers_wait "$2" servers_gone "$pid" && return 0
        servers_say "process $pid is still there $2 s after SIG$1"
        shift 2
    done
    kill -KILL "$pid" 2>/dev/null || true
    servers_wait 5 servers_gone "$pid"
}

# Runs a command as the user that owns the database files: Postgres refuses to run as root.
servers_as_postgres() {
    if [ "$(id -u)" = 0 ]; then
        setpriv --reuid=postgres --regid=postgres --init-groups "$@"
    else
        "$@"
    fi
}

servers_log_tail() { sed "s/^/    /" "$1" | tail -n "${2:-15}" >&2; }

# ------------------------------------------------------------------------------------------------------- the servers

servers_open() {
    local base
    for base in "${TMPDIR:-/tmp}" /tmp /var/tmp; do
        # The user postgres must be able to walk to its data.
        if [ -d "$base" ] && [ -w "$base" ] && servers_as_postgres test -x "$base" 2>/dev/null; then
            SERVERS_FOLDER=$(mktemp -d "${base%/}/$1.XXXXXXXX") && chmod 711 "$SERVERS_FOLDER" && return 0
        fi
    done
    servers_say "no folder for temporary files that $(id -un) can write and Postgres can read"
    return 1
}

servers_start_postgres() {
    local database=$1 data="$SERVERS_FOLDER/postgres" log="$SERVERS_FOLDER/postgres.log" bin attempt
    bin=$(servers_postgres_bin) || {
        servers_say "initdb and postgres are not installed"
        return 1
    }
    SERVERS_POSTGRES_DATABASE=postgres
    SERVERS_POSTGRES_PASSWORD=$(od -An -N 16 -t x1 /dev/urandom | tr -d ' \n')
    mkdir -m 700 "$data" || return 1
    (umask 077 && printf '%s\n' "$SERVERS_POSTGRES_PASSWORD" >"$SERVERS_FOLDER/password") || return 1
    if [ "$(id -u)" = 0 ]; then chown postgres "$data" "$SERVERS_FOLDER/password"; fi
    (cd "$SERVERS_FOLDER" && servers_as_postgres "$bin/initdb" -D "$data" -U owner --auth=scram-sha-256 \
        --pwfile="$SERVERS_FOLDER/password" --encoding=UTF8 --no-locale --no-sync) >"$log" 2>&1 </dev/null || {
        servers_say "initdb failed:"
        servers_log_tail "$log"
        return 1
    }
    rm -f "$SERVERS_FOLDER/password"
    # Another program may take the port between the search and the start: hence several attempts.
    for attempt in 1 2 3; do
        SERVERS_POSTGRES_PORT=$(servers_free_port) || return 1
        servers_spawn_postgres "$bin"
        if servers_wait 60 servers_postgres_settled && servers_postgres_answers; then
            SERVERS_NAMES+=(postgres)
            SERVERS_PIDS+=("$SERVERS_POSTGRES_PID")
            servers_psql -c "CREATE DATABASE \"$database\"" || return 1
            SERVERS_POSTGRES_DATABASE=$database
            SERVERS_DATABASE_URL="postgresql://owner:$SERVERS_POSTGRES_PASSWORD@127.0.0.1:$SERVERS_POSTGRES_PORT/$database"
            return 0
        fi
        servers_end "$SERVERS_POSTGRES_PID" QUIT 5
    done
    servers_say "Postgres did not start ($attempt attempts):"
    servers_log_tail "$log"
    return 1
}

# servers_spawn_postgres BIN: starts the server on SERVERS_POSTGRES_PORT.
servers_spawn_postgres() {
    servers_spawn "$SERVERS_FOLDER/postgres.log" servers_exec_postgres "$1/postgres" -D "$SERVERS_FOLDER/postgres" \
        -c listen_addresses=127.0.0.1 -c "port=$SERVERS_POSTGRES_PORT" -c unix_socket_directories= \
        -c shared_preload_libraries=pg_stat_statements -c max_connections=200 -c shared_buffers=128MB \
        -c timezone=UTC -c fsync=off -c full_page_writes=off -c synchronous_commit=off
    SERVERS_POSTGRES_PID=$SERVERS_SPAWNED
}

servers_restart_postgres() {
    local old=$SERVERS_POSTGRES_PID
    servers_end "$old" INT 10 QUIT 5 || return 1
    servers_wait "$1" false || true
    servers_spawn_postgres "$(servers_postgres_bin)"
    servers_replace "$old" "$SERVERS_POSTGRES_PID"
    if ! servers_wait 60 servers_postgres_settled || ! servers_postgres_answers; then
        servers_say "Postgres did not start again:"
        servers_log_tail "$SERVERS_FOLDER/postgres.log"
        return 1
    fi
}

# servers_replace PID PID: what is ended in the end is the second one.
servers_replace() {
    local index
    for index in "${!SERVERS_PIDS[@]}"; do
        if [ "${SERVERS_PIDS[$index]}" = "$1" ]; then SERVERS_PIDS[index]=$2; fi
    done
}

# `exec` in a function of its own, so that the process id of the background job is the server's.
servers_exec_postgres() {
    cd "$SERVERS_FOLDER" || exit 1
    if [ "$(id -u)" = 0 ]; then
        exec setpriv --reuid=postgres --regid=postgres --init-groups "$@"
    fi
    exec "$@"
}

# The password travels in the environment: arguments can be read by every user of the machine.
servers_psql() {
    PGPASSWORD=$SERVERS_POSTGRES_PASSWORD psql -X -q -A -t -v ON_ERROR_STOP=1 \
        -h 127.0.0.1 -p "$SERVERS_POSTGRES_PORT" -U owner -d "$SERVERS_POSTGRES_DATABASE" "$@"
}

servers_postgres_answers() { servers_psql -c 'SELECT 1' >/dev/null 2>&1; }
servers_postgres_settled() { servers_gone "$SERVERS_POSTGRES_PID" || servers_postgres_answers; }

servers_start_redis() {
    local data="$SERVERS_FOLDER/redis" log="$SERVERS_FOLDER/redis.log" attempt
    mkdir "$data" || return 1
    for attempt in 1 2 3; do
        SERVERS_REDIS_PORT=$(servers_free_port) || return 1
        servers_spawn_redis
        if servers_wait 20 servers_redis_settled && servers_redis_answers; then
            SERVERS_NAMES+=(redis)
            SERVERS_PIDS+=("$SERVERS_REDIS_PID")
            SERVERS_REDIS_URL="redis://127.0.0.1:$SERVERS_REDIS_PORT/0"
            return 0
        fi
        servers_end "$SERVERS_REDIS_PID" TERM 5
    done
    servers_say "Redis did not start ($attempt attempts):"
    servers_log_tail "$log"
    return 1
}

# Starts the server on SERVERS_REDIS_PORT.
servers_spawn_redis() {
    servers_spawn "$SERVERS_FOLDER/redis.log" "${CACHED_ROUTES_TEST_REDIS_SERVER:-redis-server}" --bind 127.0.0.1 --port "$SERVERS_REDIS_PORT" \
        --dir "$SERVERS_FOLDER/redis" --save "" --appendonly no
    SERVERS_REDIS_PID=$SERVERS_SPAWNED
}

servers_restart_redis() {
    local old=$SERVERS_REDIS_PID
    servers_end "$old" TERM 5 || return 1
    servers_wait "$1" false || true
    servers_spawn_redis
    servers_replace "$old" "$SERVERS_REDIS_PID"
    if ! servers_wait 20 servers_redis_settled || ! servers_redis_answers; then
        servers_say "Redis did not start again:"
        servers_log_tail "$SERVERS_FOLDER/redis.log"
        return 1
    fi
}

servers_redis_answers() { [ "$(redis-cli -h 127.0.0.1 -p "$SERVERS_REDIS_PORT" ping 2>/dev/null)" = PONG ]; }
servers_redis_settled() { servers_gone "$SERVERS_REDIS_PID" || servers_redis_answers; }

# servers_end_listed FOLDER: ends the processes whose ids stand in the folder's `*.pid` files.
servers_end_listed() {
    local file pid
    for file in "$1"/*.pid; do
        [ -f "$file" ] || continue
        IFS= read -r pid <"$file" || true
        if servers_alive "$pid"; then
            servers_say "ending process $pid, which a test left behind"
            # INT, because TERM makes Postgres wait for its clients.
            servers_end "$pid" INT 5 TERM 5 || true
        fi
        rm -f "$file"
    done
}

# servers_start_for_tests NAME: the servers of the Swift tests. What tests start and leave behind is ended by servers_close.
servers_start_for_tests() {
    servers_install tests
    servers_open "$1"
    servers_start_postgres tests
    servers_start_redis
    mkdir "$SERVERS_FOLDER/started-by-tests"
    export CACHED_ROUTES_TEST_DATABASE_URL="$SERVERS_DATABASE_URL"
    export CACHED_ROUTES_TEST_REDIS_URL="$SERVERS_REDIS_URL"
    export CACHED_ROUTES_TEST_RUN="$SERVERS_FOLDER/started-by-tests"
    # What tests create goes with the folder, and the user postgres can walk to it.
    export TMPDIR="$SERVERS_FOLDER"
}

servers_close_at_exit() {
    trap servers_exit EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
}

servers_exit() {
    local status=$?
    trap '' INT TERM
    if declare -F clean_up >/dev/null; then clean_up "$status"; fi
    servers_close
    exit "$status"
}

servers_close() {
    local index
    if [ -n "$SERVERS_FOLDER" ]; then servers_end_listed "$SERVERS_FOLDER/started-by-tests"; fi
    for ((index = ${#SERVERS_PIDS[@]} - 1; index >= 0; index--)); do
        case ${SERVERS_NAMES[$index]} in
            # Fast shutdown, then immediate shutdown.
            postgres) servers_end "${SERVERS_PIDS[$index]}" INT 10 QUIT 5 || servers_say "Postgres would not end" ;;
            *) servers_end "${SERVERS_PIDS[$index]}" TERM 5 || servers_say "${SERVERS_NAMES[$index]} would not end" ;;
        esac
    done
    SERVERS_NAMES=()
    SERVERS_PIDS=()
    if [ -n "$SERVERS_FOLDER" ]; then
        rm -rf -- "$SERVERS_FOLDER"
        SERVERS_FOLDER=""
    fi
}
