#!/usr/bin/env bash
# Shows what a Redis that hangs, trickles or refuses costs: the example's service under load, for so many seconds each, without a
# Redis that answers, with one that is stopped, with one that gives 20 KB a second, and with one that refuses MGET. Prints the
# median and the 99th percentile of each, and fails where they are over those without Redis by more than 2 ms and 20 ms.
#
#   Tests/odd-redis.sh [--seconds N] [--rate BYTES] [--connections N] [--target PATH]
#                                     default: 30 s, 20000 bytes a second, 32 connections, /api/v1/users?limit=20
#
# CACHED_ROUTES_SCRATCH names a folder for build products, as for Tests/run.sh.
# shellcheck disable=SC2317 # some functions are called by a trap and by servers_wait
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=Tests/lib/servers.sh
. "$ROOT/Tests/lib/servers.sh"

SECONDS_EACH=30
RATE=20000
CONNECTIONS=32
TARGET="/api/v1/users?limit=20"
SERVER=""
PROXY=""
LOAD=""

usage() {
    sed -n '2,9s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
    exit 2
}
while [ $# -gt 0 ]; do
    [ $# -ge 2 ] || usage
    case "$1" in
        --seconds) SECONDS_EACH=$2 ;;
        --rate) RATE=$2 ;;
        --connections) CONNECTIONS=$2 ;;
        --target) TARGET=$2 ;;
        *) usage ;;
    esac
    shift 2
done
[[ "$SECONDS_EACH$RATE$CONNECTIONS" =~ ^[0-9]+$ ]] || usage

clean_up() {
    servers_end "$LOAD" TERM 5 || true
    servers_end "$SERVER" TERM 30 || true
    servers_end "$PROXY" TERM 5 || true
}
servers_close_at_exit

command -v python3 >/dev/null || {
    echo "Tests/odd-redis.sh: python3 is missing" >&2
    exit 1
}
servers_install check
servers_open cro
OPTIONS=(--package-path "$ROOT/Examples/UsersAPI" -c release)
if [ -n "${CACHED_ROUTES_SCRATCH:-}" ]; then OPTIONS+=(--scratch-path "$CACHED_ROUTES_SCRATCH/example"); fi
swift build "${OPTIONS[@]}" --product UsersAPI >&2
PROGRAM=$(swift build "${OPTIONS[@]}" --show-bin-path)/UsersAPI

servers_start_postgres users
servers_start_redis
REDIS_PID=$(redis-cli -p "$SERVERS_REDIS_PORT" INFO server | tr -d '\r' | sed -n 's/^process_id://p')
PASSWORD=$(od -An -N 16 -t x1 /dev/urandom | tr -d ' \n')
{ printf '\\set password %s\n' "$PASSWORD" && cat "$ROOT/Examples/UsersAPI/database/schema.sql"; } | servers_psql -f - >/dev/null
export DATABASE_URL="postgresql://users_api:$PASSWORD@127.0.0.1:$SERVERS_POSTGRES_PORT/$SERVERS_POSTGRES_DATABASE"

# What Redis says goes through it; from SIGUSR1 on, so many bytes a second of each connection.
PROXY_PORT=$(servers_free_port)
servers_spawn "$SERVERS_FOLDER/proxy.log" python3 "$ROOT/Tests/lib/trickle.py" "$PROXY_PORT" "$SERVERS_REDIS_PORT" "$RATE"
PROXY=$SERVERS_SPAWNED
proxy_answers() { redis-cli -p "$PROXY_PORT" PING >/dev/null 2>&1; }
servers_wait 10 proxy_answers

start_server() {
    PORT=$(servers_free_port)
    servers_spawn "$SERVERS_FOLDER/$1.log" env REDIS_URL="$2" HOST=127.0.0.1 PORT="$PORT" "$PROGRAM"
    SERVER=$SERVERS_SPAWNED
    servers_wait 30 curl -fs --max-time 5 -o /dev/null "http://127.0.0.1:$PORT/ready"
    # Connections, statements and, where there is a Redis, answers.
    wrk -t 2 -c "$CONNECTIONS" -d 3 "http://127.0.0.1:$PORT$TARGET" >/dev/null
}

MEDIANS=()
TAILS=()
# measure NAME REDIS_URL COMMAND...: the command makes Redis odd once the load has begun.
measure() {
    local name=$1 url=$2 log="$SERVERS_FOLDER/load.log" status
    shift 2
    start_server "${name// /-}" "$url"
    servers_spawn "$log" wrk --latency -t 2 -c "$CONNECTIONS" -d "$SECONDS_EACH" "http://127.0.0.1:$PORT$TARGET"
    LOAD=$SERVERS_SPAWNED
    "$@" >/dev/null
    servers_wait "$((SECONDS_EACH / 2))" false || true
    status=$(curl -s --max-time 5 -o /dev/null -D - "http://127.0.0.1:$PORT$TARGET" | tr -d '\r' | sed -n 's/^[Cc]ache-[Ss]tatus: //p')
    servers_wait "$((SECONDS_EACH + 10))" servers_gone "$LOAD"
    LOAD=""
    awk -v name="$name" -v status="$status" '
        function milliseconds(text) {
            if (text ~ /us$/) return text / 1000
            if (text ~ /ms$/) return text + 0
            return text * 1000
        }
        $1 == "50%" { median = milliseconds($2) }
        $1 == "99%" { tail = milliseconds($2) }
        $2 == "requests" { count = $1 }
        /Non-2xx/ { failed = $NF }
        END { printf "%-22s %10.2f ms %10.2f ms %10d %8d   %s\n", name, median, tail, count, failed, status }
    ' "$log" | tee "$SERVERS_FOLDER/line"
    MEDIANS+=("$(awk -v n="${#name}" '{ print substr($0, 23) + 0 }' "$SERVERS_FOLDER/line")")
    TAILS+=("$(awk '{ print substr($0, 37) + 0 }' "$SERVERS_FOLDER/line")")
    servers_end "$SERVER" TERM 30
    SERVER=""
}

printf '\n%-22s %13s %13s %10s %8s   %s\n' "Redis" "median" "99 %" "answers" "failed" "Cache-Status in between"
measure "as it should be" "$SERVERS_REDIS_URL" true
measure "none" "redis://127.0.0.1:$(servers_free_port)" true
measure "stopped" "$SERVERS_REDIS_URL" kill -STOP "$REDIS_PID"
kill -CONT "$REDIS_PID"
measure "trickles" "redis://127.0.0.1:$PROXY_PORT" kill -USR1 "$PROXY"
measure "refuses MGET" "$SERVERS_REDIS_URL" redis-cli -p "$SERVERS_REDIS_PORT" ACL SETUSER default -mget
redis-cli -p "$SERVERS_REDIS_PORT" ACL SETUSER default +mget >/dev/null

printf '%s\n' "${MEDIANS[*]}" "${TAILS[*]}" | awk '
    NR == 1 { for (i = 1; i <= NF; i++) median[i] = $i }
    NR == 2 {
        for (i = 3; i <= NF; i++) if (median[i] > median[2] + 2 || $i > $2 + 20) failed = 1
        print failed ? "\nSlower than without Redis by more than 2 ms (median) or 20 ms (99 %)" : "\nWithin 2 ms (median) and 20 ms (99 %) of none"
        exit failed
    }'
