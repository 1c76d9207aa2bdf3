#!/usr/bin/env bash
# Shows that `cached-routes serve --watch` serves what is saved, whatever is saved and however: an editor that mostly saves what is
# broken, in all the ways in which editors write files, on a Postgres of its own.
#
#   Tests/serve.sh [--saves N] [--seed S]             default: 1000 saves
#
# Prints how long it took until what was right was served. The exit status is 0 when each right save was served within 10 s, by
# the process that was started, whose descriptors and memory are at the end as they were after 50 saves.
# CACHED_ROUTES_SCRATCH names a folder for build products, as for Tests/run.sh.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=Tests/lib/servers.sh
. "$ROOT/Tests/lib/servers.sh"

OPTIONS=(--package-path "$ROOT" --enable-all-traits --explicit-target-dependency-import-check error)
if [ -n "${CACHED_ROUTES_SCRATCH:-}" ]; then OPTIONS+=(--scratch-path "$CACHED_ROUTES_SCRATCH/tests"); fi

servers_close_at_exit

command -v python3 >/dev/null || {
    echo "Tests/serve.sh: python3 is not in PATH" >&2
    exit 1
}
servers_install
servers_open crv
servers_start_postgres serve
swift build "${OPTIONS[@]}" --product cached-routes
EXECUTABLE=$(swift build "${OPTIONS[@]}" --show-bin-path)/cached-routes
PORT=$(servers_free_port)
export PORT FOLDER="$SERVERS_FOLDER" DATABASE_URL="$SERVERS_DATABASE_URL"
# In the background, so that a signal is heeded at once.
python3 "$ROOT/Tests/Serve/editor.py" "$EXECUTABLE" "$@" &
wait $!
