# shellcheck shell=bash
# Requests to the service, and looks into Redis and Postgres, for run.sh and check.sh.

# fetch NAME TARGET [CURL ARGUMENT]...: keeps the answer's header, body, status and time under NAME. Without an answer the
# status is 000.
fetch() {
    local file="$SERVERS_FOLDER/$1" target=$2
    shift 2
    : >"$file.body"
    : >"$file.headers"
    curl -sS --max-time 30 -D "$file.headers" -o "$file.body" -w '%{http_code} %{time_total}' "$@" "$BASE$target" \
        >"$file.result" || true
}

# send NAME METHOD TARGET JSON: a request with a body, kept as fetch keeps it.
send() { fetch "$1" "$3" -X "$2" -H "Content-Type: application/json" --data-binary "$4"; }

status() { cut -d ' ' -f 1 "$SERVERS_FOLDER/$1.result"; }
milliseconds() { awk '{ printf "%.1f", $2 * 1000 }' "$SERVERS_FOLDER/$1.result"; }
# The median time of 21 requests over one connection.
median_milliseconds() {
    curl -sS --max-time 60 -o /dev/null -w '%{time_total}\n' "$BASE$1&n=[1-21]" | sort -n |
        awk 'NR == 11 { printf "%.1f", $1 * 1000 }'
}
body() { cat "$SERVERS_FOLDER/$1.body"; }
size() { wc -c <"$SERVERS_FOLDER/$1.body" | tr -d ' '; }

# header NAME FIELD: the value of a field of the answer, empty when it isn't there.
header() {
    tr -d '\r' <"$SERVERS_FOLDER/$1.headers" | awk -v field="$2" '
        BEGIN { wanted = tolower(field) ":" }
        tolower(substr($0, 1, length(wanted))) == wanted { value = substr($0, length(wanted) + 1); sub(/^ */, "", value); print value }'
}
show_headers() { tr -d '\r' <"$SERVERS_FOLDER/$1.headers" | sed -e '/^$/d' -e 's/^/    /'; }

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
