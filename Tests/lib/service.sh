# shellcheck shell=bash
# The service of an example: EXECUTABLE, started at BASE, and ended with the servers when the script ends. Sourced after servers.sh.
# shellcheck disable=SC2317,SC2329 # some functions are called by traps and by servers_wait

SERVER_PID=""

title() { printf '\n== %s\n' "$*"; }
fail() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
    exit 1
}

# For the EXIT trap. The caller's function end_more is called first, where there is one. The service ends before the servers, so
# that its connections do.
clean_up() {
    local status=$?
    trap '' INT TERM
    # 130 and 143 are somebody's Ctrl-C and TERM.
    if [ "$status" != 0 ] && [ "$status" != 130 ] && [ "$status" != 143 ] && [ -s "$SERVERS_FOLDER/server.log" ]; then
        printf '\nThe last lines of the log of the service:\n' >&2
        servers_log_tail "$SERVERS_FOLDER/server.log" 20
    fi
    if declare -F end_more >/dev/null; then end_more; fi
    servers_end "$SERVER_PID" TERM 15 || true
    servers_close
    exit "$status"
}

start_server() {
    local port=8080
    servers_port_is_free "$port" || port=$(servers_free_port)
    BASE="http://127.0.0.1:$port"
    export DATABASE_URL REDIS_URL="$SERVERS_REDIS_URL" HOST=127.0.0.1 PORT="$port"
    servers_spawn "$SERVERS_FOLDER/server.log" "$EXECUTABLE"
    SERVER_PID=$SERVERS_SPAWNED
    servers_wait 30 server_settled || fail "the service was not ready within 30 s"
    servers_alive "$SERVER_PID" || fail "the service ended while it started"
    printf 'The service is ready at %s\n' "$BASE"
}
server_settled() {
    servers_gone "$SERVER_PID" || curl -fs --max-time 5 -o /dev/null "$BASE/ready"
}
