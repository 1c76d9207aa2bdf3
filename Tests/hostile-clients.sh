#!/usr/bin/env bash
# Shows that clients which do not read, half a head at a time, or do not leave, hurt nobody: the example's service in release mode
# with a Postgres and a Redis of its own, and clients that ask for 3.6 MB each and read nothing.
#
#   Tests/hostile-clients.sh [--clients N] [--buffer BYTES] [--only unread|busy|descriptors|early]
#                                                          default: 300 clients, CLIENT_BUFFER_BYTES of 67108864, all of it
#
# Prints the memory of the process, the latency of other clients with and without them, beside that of another process which has
# no such clients, what becomes of it all after they have left, how a process with few file descriptors fares, and how long SIGTERM
# takes. The exit status is 0 when memory grew by no more than the setting and 32 MiB and went back, the others' p99 stayed within
# twice its own or the other process's, and the process ended within SHUTDOWN_TIMEOUT.
# CACHED_ROUTES_SCRATCH names a folder for build products, as for Tests/run.sh.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=Tests/lib/servers.sh
. "$ROOT/Tests/lib/servers.sh"

OPTIONS=(--package-path "$ROOT/Examples/UsersAPI" -c release)
if [ -n "${CACHED_ROUTES_SCRATCH:-}" ]; then OPTIONS+=(--scratch-path "$CACHED_ROUTES_SCRATCH/example"); fi

servers_close_at_exit

command -v python3 >/dev/null || {
    echo "Tests/hostile-clients.sh: python3 is not in PATH" >&2
    exit 1
}
servers_install
servers_open crh
servers_start_postgres hostile
servers_start_redis
{ printf '\\set password hostile\n' && cat "$ROOT/Examples/UsersAPI/database/schema.sql"; } | servers_psql -f - >/dev/null
swift build "${OPTIONS[@]}" --product UsersAPI
EXECUTABLE=$(swift build "${OPTIONS[@]}" --show-bin-path)/UsersAPI
PORT=$(servers_free_port)
OTHER_PORT=$(servers_free_port)
export PORT OTHER_PORT FOLDER="$SERVERS_FOLDER" HOST=127.0.0.1 LOG_LEVEL=notice REDIS_URL="$SERVERS_REDIS_URL"
export DATABASE_URL="postgresql://users_api:hostile@127.0.0.1:$SERVERS_POSTGRES_PORT/$SERVERS_POSTGRES_DATABASE"
# In the background, so that a signal is heeded at once.
python3 "$ROOT/Tests/Hostile/clients.py" "$EXECUTABLE" "$@" &
wait $!
