# shellcheck shell=bash
# Requests to a service at BASE, whose responses are kept below SERVERS_FOLDER. Sourced after servers.sh.

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
body() { cat "$SERVERS_FOLDER/$1.body"; }
size() { wc -c <"$SERVERS_FOLDER/$1.body" | tr -d ' '; }

# header NAME FIELD: the value of a field of the answer, empty when it isn't there.
header() {
    tr -d '\r' <"$SERVERS_FOLDER/$1.headers" | awk -v field="$2" '
        BEGIN { wanted = tolower(field) ":" }
        tolower(substr($0, 1, length(wanted))) == wanted { value = substr($0, length(wanted) + 1); sub(/^ */, "", value); print value }'
}
show_headers() { tr -d '\r' <"$SERVERS_FOLDER/$1.headers" | sed -e '/^$/d' -e 's/^/    /'; }
