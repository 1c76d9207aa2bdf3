# shellcheck shell=bash
# Looks into Redis and Postgres, and the time of many requests, for run.sh and check.sh.

# The median time of 21 requests over one connection.
median_milliseconds() {
    curl -sS --max-time 60 -o /dev/null -w '%{time_total}\n' "$BASE$1&n=[1-21]" | sort -n |
        awk 'NR == 11 { printf "%.1f", $1 * 1000 }'
}

redis_cli() { redis-cli -h 127.0.0.1 -p "$SERVERS_REDIS_PORT" "$@"; }

# keys PATTERN: the keys of stored answers.
keys() { redis_cli --scan --pattern "users-api:*:get:$1"; }
# The number of stored answers, in all their forms.
entries() { redis_cli --scan --pattern 'users-api:*' | grep -c . || true; }
has_keys() { [ -n "$(keys "$1")" ]; }

# stored_key QUERY: the key of a page of users, once the background writer has stored it; it has ten seconds.
stored_key() {
    servers_wait 10 has_keys "/api/v1/users:$1" && keys "/api/v1/users:$1"
}

# How often the service has read the table since the start.
queries() {
    servers_psql -c "SELECT coalesce(sum(calls), 0) FROM pg_stat_statements
        WHERE userid = 'users_api'::regrole AND query ILIKE '%FROM users%'"
}

# How often anybody has read or written values in Redis since the start.
redis_commands() {
    redis_cli info commandstats | tr -d '\r' | awk -F '[:=,]' '/^cmdstat_(m?get|getex|m?set|setex|psetex):/ { n += $3 } END { print n + 0 }'
}

# psql's own time for a page of users, the second of two runs.
psql_milliseconds() {
    local statement="SELECT id, email, full_name, is_active, created_at, bio FROM users ORDER BY id LIMIT $1 OFFSET 0"
    servers_psql -o /dev/null -c "$statement" -c '\timing on' -c "$statement" | awk '/^Time:/ { printf "%.1f", $2 }'
}
