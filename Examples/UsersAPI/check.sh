# shellcheck shell=bash
# The assertions of `run.sh --check`, one line each. Sourced by run.sh, after requests.sh.

PROBLEM=application/problem+json
run_checks() {
    check_warming
    redis_cli flushdb >/dev/null
    check_miss_and_hit
    check_entry
    check_one_entry_for_all_spellings
    check_bad_inputs
    check_methods_and_paths
    check_one_user
    check_handler
    check_compression
    check_stale
    check_concurrent_requests
    check_against_postgres
    check_writes
    check_purges
    check_refused_writes
    check_reading_only
    check_fleet
    check_lock
    check_package_tests
    check_health
    check_shutdown
    checks_summary
}

check_miss_and_hit() {
    local before after
    before=$(queries)
    fetch miss "/api/v1/users?limit=20"
    after=$(queries)
    equal "A first request is answered with 200" 200 "$(status miss)"
    equal "A first request says that it was a miss and that it is stored" \
        "CachedRoutes; fwd=uri-miss; stored" "$(header miss Cache-Status)"
    equal "A first request makes one query" 1 "$((after - before))"
    matches "The answer is JSON" '^application/json' "$(header miss Content-Type)"
    matches "The ETag is a strong one" '^"[^"]+"$' "$(header miss ETag)"
    matches "Clients may keep the answer, and have to ask whether it is still right" '(^|, )no-cache(,|$)' \
        "$(header miss Cache-Control)"
    matches "Everybody may have the answer" '(^|, )public(,|$)' "$(header miss Cache-Control)"
    stored_key "limit=20&skip=0" >/dev/null || true

    fetch hit "/api/v1/users?limit=20"
    equal "A second request is answered with 200" 200 "$(status hit)"
    matches "A second request says that it was a hit and for how long" \
        '^CachedRoutes; hit; ttl=([1-5]?[0-9]|60)$' "$(header hit Cache-Status)"
    equal "A second request makes no query" "$after" "$(queries)"
    same_bytes "A hit has the bytes of the miss" "$SERVERS_FOLDER/miss.body" "$SERVERS_FOLDER/hit.body"
    equal "A hit has the ETag of the miss" "$(header miss ETag)" "$(header hit ETag)"
    equal "A hit has the content type of the miss" "$(header miss Content-Type)" "$(header hit Content-Type)"
    equal "A hit has the date of the miss" "$(header miss Date)" "$(header hit Date)"
    matches "A hit says how old it is" '^[0-9]+$' "$(header hit Age)"

    fetch unchanged "/api/v1/users?limit=20" -H "If-None-Match: $(header miss ETag)"
    equal "A request with the answer's ETag gets 304" 304 "$(status unchanged)"
    equal "A 304 has no body" 0 "$(size unchanged)"
    equal "A 304 has the ETag" "$(header miss ETag)" "$(header unchanged ETag)"
    fetch changed "/api/v1/users?limit=20" -H 'If-None-Match: "another"'
    equal "A request with another ETag gets 200" 200 "$(status changed)"
}

check_entry() {
    local key ttl
    key=$(keys "/api/v1/users:limit=20&skip=0")
    matches "The key can be read" '^users-api:[0-9a-f]{8}:get:/api/v1/users:limit=20&skip=0$' "$key"
    ttl=$(redis_cli ttl "$key")
    # The ttl less its jitter, 30 seconds in which it may be given stale, ten minutes in which it may stand in for an error.
    matches "The key lives as long as its windows" '^6[0-9][0-9]$' "$ttl"
    redis_cli --raw get "$key" >"$SERVERS_FOLDER/entry"
    matches "The entry starts with one line that says what it is" '^CR2 sum=' "$(head -n 1 "$SERVERS_FOLDER/entry")"
    # redis-cli ends what it prints with a newline.
    tail -n +2 "$SERVERS_FOLDER/entry" >"$SERVERS_FOLDER/entry.body"
    { body miss && echo; } >"$SERVERS_FOLDER/expected"
    same_bytes "Behind that line stand the bytes that were served" "$SERVERS_FOLDER/expected" "$SERVERS_FOLDER/entry.body"
}

check_one_entry_for_all_spellings() {
    local before target
    before=$(queries)
    for target in /api/v1/users "/api/v1/users?limit=20&skip=0" "/api/v1/users?skip=0&limit=20&utm_source=x" \
        "/api/v1/users?limit=020" /api/v1/users/; do
        fetch spelling "$target"
        matches "$target is the same entry" '^CachedRoutes; hit; ttl=' "$(header spelling Cache-Status)"
        same_bytes "$target has the same bytes" "$SERVERS_FOLDER/miss.body" "$SERVERS_FOLDER/spelling.body"
    done
    equal "All spellings together are one key" 1 \
        "$(keys '/api/v1/users:*' | grep -c .)"
    equal "The other spellings make no query" "$before" "$(queries)"
}

check_bad_inputs() {
    local queries_before commands_before query name
    queries_before=$(queries)
    commands_before=$(redis_commands)
    for query in limit=abc limit=0 limit=20001 skip=-1 "limit=1&limit=2" limit=%FF limit= \
        limit=99999999999999999999; do
        name=${query%%=*}
        fetch bad "/api/v1/users?$query"
        equal "?$query is refused with 400" 400 "$(status bad)"
        equal "?$query is refused with a problem document" "$PROBLEM" "$(header bad Content-Type)"
        matches "The refusal of ?$query names the input" "[^a-z]${name}[^a-z]" "$(body bad)"
    done
    equal "A refused request doesn't reach Postgres" "$queries_before" "$(queries)"
    equal "A refused request doesn't reach Redis" "$commands_before" "$(redis_commands)"
}

check_methods_and_paths() {
    fetch head "/api/v1/users?limit=20" --head
    equal "HEAD is answered with 200" 200 "$(status head)"
    equal "HEAD states the length of the body" "$(size miss)" "$(header head Content-Length)"
    equal "HEAD has the ETag of GET" "$(header miss ETag)" "$(header head ETag)"
    fetch put /api/v1/users -X PUT
    equal "A method that the path doesn't have gets 405" 405 "$(status put)"
    equal "A 405 says what the path has" "GET, HEAD, OPTIONS, POST" "$(header put Allow)"
    equal "A 405 is a problem document" "$PROBLEM" "$(header put Content-Type)"
    fetch post /api/v1/users/7 -X POST
    equal "A method that another path has gets 405" 405 "$(status post)"
    equal "That 405 says what this path has" "DELETE, GET, HEAD, OPTIONS, PATCH" "$(header post Allow)"
    fetch nowhere /api/v1/nowhere
    equal "An unknown path gets 404" 404 "$(status nowhere)"
    equal "That 404 is a problem document" "$PROBLEM" "$(header nowhere Content-Type)"
    fetch options /api/v1/users -X OPTIONS
    equal "OPTIONS is answered with 204" 204 "$(status options)"
    equal "OPTIONS says what the path has" "GET, HEAD, OPTIONS, POST" "$(header options Allow)"
}

check_one_user() {
    fetch user /api/v1/users/7
    equal "A user is found by id" 200 "$(status user)"
    servers_psql -c "SELECT row_to_json(users) FROM users WHERE id = 7" | tr -d '\n' >"$SERVERS_FOLDER/expected"
    same_bytes "A user has the bytes of row_to_json" "$SERVERS_FOLDER/expected" "$SERVERS_FOLDER/user.body"
    fetch stranger /api/v1/users/30000
    equal "An id that nobody has gets 404" 404 "$(status stranger)"
    equal "That 404 is a problem document" "$PROBLEM" "$(header stranger Content-Type)"
    equal "Clients have to ask whether there still is none" no-cache "$(header stranger Cache-Control)"
    servers_wait 10 has_keys "/api/v1/users/30000:" || true
    fetch stranger-again /api/v1/users/30000
    equal "That 404 is remembered" 404 "$(status stranger-again)"
    matches "The second time it comes from Redis" '^CachedRoutes; hit; ttl=([0-9]|10)$' \
        "$(header stranger-again Cache-Status)"
    fetch bad /api/v1/users/seven
    equal "An id that isn't a number is refused with 400" 400 "$(status bad)"
}

check_handler() {
    fetch usage "/api/v1/usage?days=20"
    equal "The handler in Swift answers" 200 "$(status usage)"
    PGTZ=UTC servers_psql -c "SELECT jsonb_build_object(
            'days', 20,
            'last', (SELECT jsonb_build_object('created_at', created_at, 'full_name', full_name, 'id', id)
                FROM users WHERE created_at < timestamptz '2024-01-21 00:00:00+00' ORDER BY id DESC LIMIT 1),
            'signups', jsonb_agg(n ORDER BY day)
        ) FROM (
            SELECT day, count(id) AS n FROM generate_series(0, 19) AS days (day)
            LEFT JOIN users ON created_at >= timestamptz '2024-01-01 00:00:00+00' + day * interval '1 day'
                AND created_at < timestamptz '2024-01-01 00:00:00+00' + (day + 1) * interval '1 day'
            GROUP BY day) AS counts" >"$SERVERS_FOLDER/expected"
    printf '%s\n' "SELECT :'body'::jsonb" | servers_psql -v body="$(body usage)" -f - >"$SERVERS_FOLDER/actual"
    same_bytes "The handler's numbers and row are those of the table" "$SERVERS_FOLDER/expected" "$SERVERS_FOLDER/actual"
    servers_wait 10 has_keys "/api/v1/usage:days=20" || true
    fetch usage-again "/api/v1/usage?days=20"
    matches "The handler's answer is cached" '^CachedRoutes; hit; ttl=' "$(header usage-again Cache-Status)"
}

check_warming() {
    fetch warmed "/api/v1/usage?days=90"
    matches "An answer that is warmed is there before anybody asks" '^CachedRoutes; hit; ttl=[0-9]+$' \
        "$(header warmed Cache-Status)"
    matches "The log says what was warmed" 'Warmed an answer' "$(grep days=90 "$SERVERS_FOLDER/server.log" | head -n 1)"
}

check_compression() {
    fetch plain "/api/v1/users?limit=500"
    stored_key "limit=500&skip=0" >/dev/null || true
    fetch coded "/api/v1/users?limit=500" -H 'Accept-Encoding: gzip'
    matches "Who accepts gzip is answered from Redis" '^CachedRoutes; hit' "$(header coded Cache-Status)"
    equal "That answer is compressed" gzip "$(header coded Content-Encoding)"
    gzip -dc <"$SERVERS_FOLDER/coded.body" >"$SERVERS_FOLDER/decoded.body" || true
    stored_key "limit=500&skip=0;gzip" >/dev/null || true
    equal "It has a key of its own now" 2 "$(keys '/api/v1/users:limit=500*' | grep -c .)"
    same_bytes "It is the same answer" "$SERVERS_FOLDER/plain.body" "$SERVERS_FOLDER/decoded.body"
    equal "Both say on what they depend" "Accept-Encoding Accept-Encoding" "$(header plain Vary) $(header coded Vary)"
    fetch unchanged "/api/v1/users?limit=500" -H 'Accept-Encoding: gzip' -H "If-None-Match: $(header plain ETag)"
    equal "The ETag of the one form is not that of the other" 200 "$(status unchanged)"
}

# The only client waits for the end of the ttl: an entry that is made older in Redis is none any more, by its checksum.
check_stale() {
    local before
    for _ in {1..90}; do
        before=$(queries)
        fetch stale "/api/v1/users?limit=7"
        case "$(header stale Cache-Status)" in *ttl=-*) break ;; esac
        sleep 1
    done
    matches "An answer that is past its ttl is given at once" '^CachedRoutes; hit; ttl=-[0-9]+$' "$(header stale Cache-Status)"
    servers_wait 10 is_fresh "/api/v1/users?limit=7" || true
    matches "It is made anew meanwhile" '^CachedRoutes; hit; ttl=[0-9]+$' "$(header fresh Cache-Status)"
    equal "That makes one query" 1 "$(($(queries) - before))"
    equal "The bytes are the same, and so are tag and date of the last change" \
        "$(header stale ETag) $(header stale Last-Modified)" "$(header fresh ETag) $(header fresh Last-Modified)"
}
is_fresh() {
    fetch fresh "$1"
    [[ "$(header fresh Cache-Status)" =~ ttl=[0-9] ]]
}

check_concurrent_requests() {
    local before
    redis_cli flushdb >/dev/null
    before=$(queries)
    # The undeclared parameter is in no key; it only makes curl send 64 requests.
    curl -sS --max-time 60 --parallel --parallel-immediate --parallel-max 64 -w '%{http_code}\n' \
        -o "$SERVERS_FOLDER/cold#1.body" "$BASE/api/v1/users?limit=20000&client=[1-64]" >"$SERVERS_FOLDER/cold" \
        2>"$SERVERS_FOLDER/cold.meter" || true
    equal "64 concurrent first requests are all answered with 200" 64 "$(grep -c '^200$' "$SERVERS_FOLDER/cold" || true)"
    equal "64 concurrent first requests make one query" 1 "$(($(queries) - before))"
    equal "64 concurrent first requests get the same bytes" 1 \
        "$(cksum "$SERVERS_FOLDER"/cold*.body | cut -d ' ' -f 1,2 | sort -u | grep -c .)"
    fetch large "/api/v1/users?limit=20000"
    same_bytes "They are the bytes of a later request" "$SERVERS_FOLDER/cold1.body" "$SERVERS_FOLDER/large.body"
}

check_against_postgres() {
    # json_agg puts a comma, a blank, a newline and a blank between rows.
    servers_psql -c "SELECT json_agg(page) FROM (
            SELECT id, email, full_name, is_active, created_at, bio FROM users ORDER BY id LIMIT 20000) AS page" |
        sed -e 's/, $/,/' -e 's/^ //' | tr -d '\n' >"$SERVERS_FOLDER/expected"
    body large | tr -d '\n' | sed -e 's/},[[:space:]]*{/},{/g' | tr -d '\n' >"$SERVERS_FOLDER/actual"
    same_bytes "20,000 users are json_agg's rows, byte for byte" "$SERVERS_FOLDER/expected" "$SERVERS_FOLDER/actual"
}

check_writes() {
    local keys_before id
    keys_before=$(entries)
    send created POST /api/v1/users '{"full_name":"Grace \"Amazing\" Hopper","email":"grace@example.com"}'
    equal "POST adds a user and is answered with 201" 201 "$(status created)"
    matches "The answer to a write is JSON" '^application/json' "$(header created Content-Type)"
    equal "Nobody may keep the answer to a write" no-store "$(header created Cache-Control)"
    equal "The answer to a write says that it was not looked up" "CachedRoutes; fwd=method" "$(header created Cache-Status)"
    servers_psql -c "SELECT row_to_json(users) FROM users WHERE email = 'grace@example.com'" | tr -d '\n' \
        >"$SERVERS_FOLDER/expected"
    same_bytes "The new user is in Postgres and has the bytes of row_to_json" "$SERVERS_FOLDER/expected" \
        "$SERVERS_FOLDER/created.body"
    id=$(servers_psql -c "SELECT id FROM users WHERE email = 'grace@example.com'")
    matches "A new user's id comes after those of the 20,000" '^2000[1-9]$' "$id"
    equal "An absent bio has its default" "" "$(servers_psql -c "SELECT bio FROM users WHERE id = $id")"

    send changed PATCH "/api/v1/users/$id" '{"bio":"Rear admiral","full_name":null}'
    equal "PATCH is answered with 200" 200 "$(status changed)"
    servers_psql -c "SELECT row_to_json(users) FROM users WHERE id = $id" | tr -d '\n' >"$SERVERS_FOLDER/expected"
    same_bytes "PATCH has the bytes of row_to_json" "$SERVERS_FOLDER/expected" "$SERVERS_FOLDER/changed.body"
    equal "PATCH changes what the body names, and null is as good as absent" 'Grace "Amazing" Hopper|Rear admiral' \
        "$(servers_psql -c "SELECT full_name || '|' || bio FROM users WHERE id = $id")"
    equal "No write is stored in Redis" "$keys_before" "$(entries)"
    fetch read "/api/v1/users/$id"
    same_bytes "GET has the new user" "$SERVERS_FOLDER/expected" "$SERVERS_FOLDER/read.body"

    fetch deleted "/api/v1/users/$id" -X DELETE
    equal "DELETE is answered with 204" 204 "$(status deleted)"
    equal "A 204 has no body" 0 "$(size deleted)"
    equal "A deleted user is gone from Postgres" 0 "$(servers_psql -c "SELECT count(*) FROM users WHERE id = $id")"
    send absent PATCH "/api/v1/users/$id" '{"bio":"Rear admiral"}'
    equal "PATCH of a user who is gone gets 404" 404 "$(status absent)"
    equal "That 404 is a problem document" "$PROBLEM" "$(header absent Content-Type)"
}

# is_hit TARGET: whether the answer kept as "again" comes from the store.
is_hit() {
    fetch again "$1"
    [[ "$(header again Cache-Status)" == *"; hit;"* ]]
}

check_purges() {
    local target other=/api/v1/users/12 page="/api/v1/users?limit=11"
    for target in /api/v1/users/11 "$other" "$page"; do servers_wait 10 is_hit "$target" || true; done
    send written PATCH /api/v1/users/11 '{"bio":"Purged"}'
    equal "A write says nothing of its purge once that is done" "" "$(header written Cached-Routes-Purge)"
    for target in /api/v1/users/11 "$page"; do
        fetch again "$target"
        matches "Who asks after a write gets what it wrote: $target" '"bio":"Purged"' "$(body again)"
        matches "The answer says that the one before was purged: $target" 'fwd=miss.*detail=purged' \
            "$(header again Cache-Status)"
    done
    fetch again "$other"
    matches "Another user's answer is as good as it was" '^CachedRoutes; hit' "$(header again Cache-Status)"

    servers_wait 10 is_hit /api/v1/users/11 || true
    servers_psql -c "UPDATE users SET bio = 'By hand' WHERE id = 11"
    fetch again /api/v1/users/11
    matches "Nobody says so when the table is changed by hand" '"bio":"Purged"' "$(body again)"
    (cd "$EXAMPLE" && "$TOOL" purge --tag user:11) >"$SERVERS_FOLDER/purge.log" 2>&1 || cat "$SERVERS_FOLDER/purge.log"
    # The message of the purge has to come to the near cache.
    servers_wait 10 is_by_hand || true
    matches "cached-routes purge --tag does" '"bio":"By hand"' "$(body again)"
    servers_wait 10 is_hit "$page" || true
    (cd "$EXAMPLE" && "$TOOL" purge --all) >"$SERVERS_FOLDER/purge.log" 2>&1 || cat "$SERVERS_FOLDER/purge.log"
    fetch again "$page"
    matches "cached-routes purge --all purges every route" 'detail=purged' "$(header again Cache-Status)"
}
is_by_hand() {
    fetch again /api/v1/users/11
    [[ "$(body again)" == *"By hand"* ]]
}

# refused SENTENCE STATUS INPUT: the answer kept as "refused" is such a problem document, and names the input if there is one.
refused() {
    equal "$1 is refused with $2" "$2" "$(status refused)"
    equal "$1 is refused with a problem document" "$PROBLEM" "$(header refused Content-Type)"
    if [ -n "$3" ]; then matches "The refusal of $1 names the input" "\"input\":\"$3\"" "$(body refused)"; fi
}

check_refused_writes() {
    local users_before json input
    users_before=$(servers_psql -c "SELECT count(*) FROM users")
    send refused POST /api/v1/users '{"email":"user7@example.com","full_name":"Seven"}'
    refused "A second user of one address" 409 ""
    matches "The refusal has the manifest's message" '"detail":"That e-mail address is taken\."' "$(body refused)"
    equal "The refusal tells nothing of the database" 0 \
        "$(body refused | grep -Eic 'users_email_key|constraint|insert|duplicate|sqlstate|23505|user7' || true)"
    matches "The log has the constraint's name, beside the route's" \
        'createUser.*users_email_key|users_email_key.*createUser' "$(grep 23505 "$SERVERS_FOLDER/server.log" | tail -n 1)"

    while IFS='|' read -r input json; do
        send refused POST /api/v1/users "$json"
        refused "$json" 400 "$input"
    done <<'BODIES'
email|{"full_name":"Nobody"}
email|{"full_name":"Nobody","email":null}
email|{"full_name":"Nobody","email":7}
email|{"full_name":"Nobody","email":"a"}
full_name|{"full_name":"","email":"nobody@example.com"}
is_admin|{"full_name":"Nobody","email":"nobody@example.com","is_admin":true}
|{"full_name":"Nobody","email":"nobody@example.com","email":"somebody@example.com"}
|{"full_name":"Nobody","email":"nobody@example.com"
|["Nobody","nobody@example.com"]
BODIES
    json='{"email":"nobody@example.com","full_name":"Nobody"}'
    fetch refused /api/v1/users -X POST -H 'Content-Type: text/plain' --data-binary "$json"
    refused "A body that isn't called JSON" 415 ""
    fetch refused /api/v1/users -X POST
    refused "No body" 400 email
    head -c 65537 /dev/zero | tr '\0' ' ' >"$SERVERS_FOLDER/large.json"
    send refused POST /api/v1/users "@$SERVERS_FOLDER/large.json"
    refused "A body of more than 64 KiB" 413 ""
    send refused DELETE /api/v1/users/7 '{}'
    refused "A body where the route takes none" 400 ""
    equal "Refused writes leave Postgres as it was" "$users_before" "$(servers_psql -c "SELECT count(*) FROM users")"
}

# Reading rows calls a function that writes, for as long as the policy is there.
check_reading_only() {
    servers_psql <<'SQL'
CREATE TABLE reads (at timestamptz);
GRANT INSERT ON reads TO users_api;
CREATE FUNCTION note_read() RETURNS boolean LANGUAGE sql VOLATILE AS 'INSERT INTO reads VALUES (now()) RETURNING true';
CREATE POLICY noted ON users USING (note_read());
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
SQL
    fetch noting "/api/v1/users?limit=3"
    equal "A GET whose statement comes to write gets 500" 500 "$(status noting)"
    matches "The log says that the transaction was read-only" 'listUsers.*25006|25006.*listUsers' \
        "$(grep 25006 "$SERVERS_FOLDER/server.log" | tail -n 1)"
    servers_psql <<'SQL'
ALTER TABLE users DISABLE ROW LEVEL SECURITY;
DROP POLICY noted ON users;
DROP FUNCTION note_read();
SQL
    equal "Nothing was written" 0 "$(servers_psql -c "SELECT count(*) FROM reads")"
    fetch noting "/api/v1/users?limit=3"
    equal "The same GET is answered when it only reads again" 200 "$(status noting)"
}

check_lock() {
    local status=0
    (cd "$EXAMPLE" && DATABASE_URL="$SERVERS_DATABASE_URL" "$TOOL" check --locked) >"$SERVERS_FOLDER/check.log" 2>&1 || status=$?
    equal "The lock is what this database says of the statements" 0 "$status"
    if [ "$status" != 0 ]; then cat "$SERVERS_FOLDER/check.log"; fi
}

check_health() {
    fetch health /health
    equal "/health answers 200" 200 "$(status health)"
    fetch ready /ready
    equal "/ready answers 200" 200 "$(status ready)"
}

check_shutdown() {
    local status=0
    kill -TERM "$SERVER_PID"
    if servers_wait 15 servers_gone "$SERVER_PID"; then
        wait "$SERVER_PID" || status=$?
        equal "SIGTERM ends the service with status 0" 0 "$status"
    else
        failed "SIGTERM ends the service with status 0" "it still runs 15 s later"
    fi
}
