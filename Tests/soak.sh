#!/usr/bin/env bash
# Shows that a service takes no more memory and descriptors the longer it runs: the example's service in release mode with a Postgres
# and a Redis of its own, under hits, misses, writes, purges, conditional requests, clients that leave or reset, and slow readers,
# while Redis and Postgres are restarted in turn.
#
#   Tests/soak.sh --minutes N [--restart-every MINUTES]     default: 10 minutes, a restart every 2 minutes
#
# Prints memory, descriptors, and the median and p99 of hits by the minute; a restart is said in between. The exit status is 0 when
# the last minute has no more than 32 MiB and 16 descriptors above the one at half time (medians of the minute), and the process has
# lived and ended in time. CACHED_ROUTES_SCRATCH names a folder for build products, as for Tests/run.sh.
# shellcheck disable=SC2317 # clean_up is called by a trap
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=Tests/lib/servers.sh
. "$ROOT/Tests/lib/servers.sh"

MINUTES=10
EVERY=2
LOAD=""

usage() {
    sed -n '2,10s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
    exit 2
}
while [ $# -gt 0 ]; do
    [ $# -ge 2 ] || usage
    case "$1" in
        --minutes) MINUTES=$2 ;;
        --restart-every) EVERY=$2 ;;
        *) usage ;;
    esac
    shift 2
done
[[ "$MINUTES $EVERY" =~ ^[1-9][0-9]*\ [1-9][0-9]*$ ]] || usage

clean_up() { servers_end "$LOAD" TERM 30 || true; }
servers_close_at_exit

command -v python3 >/dev/null || {
    echo "Tests/soak.sh: python3 is not in PATH" >&2
    exit 1
}
OPTIONS=(--package-path "$ROOT/Examples/UsersAPI" -c release)
if [ -n "${CACHED_ROUTES_SCRATCH:-}" ]; then OPTIONS+=(--scratch-path "$CACHED_ROUTES_SCRATCH/example"); fi
servers_install
servers_open crs
swift build "${OPTIONS[@]}" --product UsersAPI >&2
PROGRAM=$(swift build "${OPTIONS[@]}" --show-bin-path)/UsersAPI
servers_start_postgres soak
servers_start_redis
{ printf '\\set password soak\n' && cat "$ROOT/Examples/UsersAPI/database/schema.sql"; } | servers_psql -f - >/dev/null
PORT=$(servers_free_port)
export PORT LOG_LEVEL=critical REDIS_URL="$SERVERS_REDIS_URL"
export DATABASE_URL="postgresql://users_api:soak@127.0.0.1:$SERVERS_POSTGRES_PORT/$SERVERS_POSTGRES_DATABASE"

python3 "$ROOT/Tests/Hostile/soak.py" "$PROGRAM" "$MINUTES" 60 &
LOAD=$!
ROUND=0
# In the middle of a minute. The last restart leaves a whole interval to recover in.
if ! servers_wait 30 servers_gone "$LOAD"; then
    while ! servers_wait $((EVERY * 60)) servers_gone "$LOAD"; do
        ROUND=$((ROUND + 1))
        if [ $((ROUND % 2)) = 1 ]; then
            echo "       Redis is away for 3 s, and empty then"
            servers_restart_redis 3
        else
            echo "       Postgres is away for 3 s"
            servers_restart_postgres 3
        fi
    done
fi
STATUS=0
wait "$LOAD" || STATUS=$?
LOAD=""
exit "$STATUS"
