# shellcheck shell=bash
# Three processes of the example behind one Redis, under load, for run.sh --check. Sourced by run.sh.

FLEET_SECONDS=20
# The load under way, and what adds users meanwhile.
FLEET_LOADS=()
FLEET_WRITER=""

# Starts another process of the service and adds its address to FLEET_BASES.
fleet_start() {
    local port
    port=$(servers_free_port)
    PORT="$port" servers_spawn "$SERVERS_FOLDER/server-$port.log" "$EXECUTABLE"
    FLEET_PIDS+=("$SERVERS_SPAWNED")
    FLEET_BASES+=("http://127.0.0.1:$port")
    servers_wait 30 curl -fs --max-time 5 -o /dev/null "http://127.0.0.1:$port/ready"
}

fleet_end() {
    local pid
    for pid in ${FLEET_LOADS[@]+"${FLEET_LOADS[@]}"} ${FLEET_PIDS[@]+"${FLEET_PIDS[@]}"}; do
        servers_end "$pid" TERM 15 || true
    done
    FLEET_LOADS=()
    FLEET_PIDS=()
    fleet_end_writer
}

# It is a shell and a psql, in one process group.
fleet_end_writer() {
    if [ -n "$FLEET_WRITER" ]; then
        kill -TERM -- "-$FLEET_WRITER" 2>/dev/null || true
        wait "$FLEET_WRITER" 2>/dev/null || true
    fi
    FLEET_WRITER=""
}

# How often the newest users were read from the table since the start.
newest_queries() {
    servers_psql -c "SELECT coalesce(sum(calls), 0) FROM pg_stat_statements
        WHERE userid = 'users_api'::regrole AND query ILIKE '%ORDER BY id DESC%'"
}

# 200 clients ask all processes for an answer with a ttl of one second, while a user is added ten times a second: the newest user
# of an answer says how old the answer is.
check_fleet() {
    local base before connections=67 count=0 pid result errors=0 answers=0 oldest=0
    # shellcheck disable=SC2153 # run.sh sets it
    FLEET_BASES=("$BASE")
    for count in 2 3; do
        fleet_start || failed "Process $count of three runs" "it was not ready within 30 s"
    done
    count=0
    redis_cli flushdb >/dev/null
    printf '%s\n' "INSERT INTO users (email, full_name, bio)" \
        "SELECT 'fleet' || max(id) || '@example.com', 'Fleet', '' FROM users" '\watch 0.1' >"$SERVERS_FOLDER/fleet.sql"
    servers_spawn "$SERVERS_FOLDER/fleet.log" servers_psql -f "$SERVERS_FOLDER/fleet.sql"
    FLEET_WRITER=$SERVERS_SPAWNED
    sleep 1
    before=$(newest_queries)
    for base in "${FLEET_BASES[@]}"; do
        count=$((count + 1))
        if [ "$count" = 3 ]; then connections=66; fi
        # The script reads dates as those of its own time zone.
        TZ=UTC wrk -t 1 -c "$connections" -d "${FLEET_SECONDS}s" --timeout 5s -s "$EXAMPLE/fleet.lua" \
            "$base/api/v1/users/newest" >"$SERVERS_FOLDER/load-$count" 2>&1 &
        FLEET_LOADS+=($!)
    done
    for pid in "${FLEET_LOADS[@]}"; do wait "$pid" || failed "The load runs to its end" "wrk failed"; done
    FLEET_LOADS=()
    before=$(($(newest_queries) - before))
    fleet_end_writer
    for result in 1 2 3; do
        # shellcheck disable=SC2046 # four numbers are meant
        set -- $(awk '/^fleet:/ { print $2, $3, $4 }' "$SERVERS_FOLDER/load-$result")
        answers=$((answers + ${1:-0}))
        errors=$((errors + ${2:-1}))
        if [ "${3:-999999}" -gt "$oldest" ]; then oldest=${3:-999999}; fi
    done
    printf '        %d answers of three processes in %d s, %d queries, the oldest answer %d ms old\n' \
        "$answers" "$FLEET_SECONDS" "$before" "$oldest"
    matches "200 clients of three processes are answered" '^[1-9][0-9]{3,}$' "$answers"
    equal "None of them gets an error or a stale answer" 0 "$errors"
    matches "Three processes make at most 21 queries in 20 s for an answer with a ttl of 1 s" '^([1-9]|1[0-9]|2[01])$' "$before"
    # Besides the ttl: up to a tenth of a second since the newest user, and what a busy machine takes to write, read and deliver.
    matches "No answer is older than its ttl" '^([0-9]{1,3}|1[0-9]{3})$' "$oldest"
    fleet_end
    servers_psql -c "DELETE FROM users WHERE full_name = 'Fleet'"
    redis_cli flushdb >/dev/null
}
