#!/usr/bin/env bash
# Shows that what `cached-routes openapi` says is so: its documents are valid, the same in YAML and JSON, and schemathesis, which
# makes requests of all kinds from a document, finds nothing in the services that it describes: a manifest with inputs and columns of all
# types, served by `cached-routes serve`, and both examples. It shows too that `jsonschema` finds all manifests valid by the schema.
#
#   Tests/openapi.sh [--offline-ok] [--seed N] [--only everything|users|library]...
#
# schemathesis, openapi-spec-validator, jsonschema and PyYAML come from PyPI, into a folder beside the build products. Where they can't
# be had, nothing is checked: the exit status is 69 then, or 0 with --offline-ok. It is 0 otherwise if all is as the documents say.
# CACHED_ROUTES_SCRATCH names a folder for build products, as for Tests/run.sh.
# shellcheck disable=SC2317,SC2329 # some functions are called by traps and by servers_wait
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=Tests/lib/servers.sh
. "$ROOT/Tests/lib/servers.sh"

OFFLINE_STATUS=69
SEED=1
ONLY=()
while [ $# -gt 0 ]; do
    case $1 in
        --offline-ok) OFFLINE_STATUS=0 ;;
        --seed) SEED=$2 && shift ;;
        --only) ONLY+=("$2") && shift ;;
        *)
            sed -n '2,12s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
            exit 2
            ;;
    esac
    shift
done

SERVICE_PID=""
clean_up() { servers_end "$SERVICE_PID" TERM 20 || true; }
servers_close_at_exit
title() { printf '\n== %s\n' "$*"; }
is_wanted() { [ ${#ONLY[@]} = 0 ] || [[ " ${ONLY[*]} " == *" $1 "* ]]; }

# -------------------------------------------------------------------------------------------------------------- tools

VENV="${CACHED_ROUTES_SCRATCH:-$ROOT/.build}/openapi-venv"
PYTHON="$VENV/bin/python"
is_installed() { "$PYTHON" -c 'import schemathesis, openapi_spec_validator, jsonschema, yaml' 2>/dev/null; }
install_tools() {
    is_installed && return 0
    command -v python3 >/dev/null && python3 -m venv "$VENV" &&
        "$PYTHON" -m pip install -q --disable-pip-version-check \
            'schemathesis>=4,<5' 'openapi-spec-validator>=0.8' 'jsonschema>=4.23' 'PyYAML>=6' && is_installed
}
install_tools || {
    echo "Tests/openapi.sh: NOT CHECKED: schemathesis and the validators can't be had from PyPI" >&2
    exit "$OFFLINE_STATUS"
}

servers_install
servers_open cro
OPTIONS=(--package-path "$ROOT" --enable-all-traits --explicit-target-dependency-import-check error)
if [ -n "${CACHED_ROUTES_SCRATCH:-}" ]; then OPTIONS+=(--scratch-path "$CACHED_ROUTES_SCRATCH/tests"); fi
swift build "${OPTIONS[@]}" --product cached-routes
TOOL=$(swift build "${OPTIONS[@]}" --show-bin-path)/cached-routes

# ----------------------------------------------------------------------------------------------------------- documents

# describe NAME FOLDER ARGUMENT...: both forms of the document, which have to be valid and the same.
describe() {
    local name=$1 folder=$2
    shift 2
    (cd "$folder" && "$TOOL" openapi "$@" --output "$SERVERS_FOLDER/$name.yaml")
    (cd "$folder" && "$TOOL" openapi "$@" --format json --output "$SERVERS_FOLDER/$name.json")
    "$PYTHON" "$ROOT/Tests/OpenAPI/validate.py" "$SERVERS_FOLDER/$name.yaml" "$SERVERS_FOLDER/$name.json"
}

# stress NAME URL CONFIGURATION ARGUMENT...: schemathesis with all checks.
stress() {
    local name=$1 url=$2 configuration=$3
    shift 3
    # In the background, so that a signal is heeded at once, and in a folder that takes what it leaves behind.
    (cd "$SERVERS_FOLDER" && exec "$PYTHON" -m schemathesis.cli --no-color --config-file "$configuration" run \
        "$SERVERS_FOLDER/$name.yaml" --url "$url" --phases examples,coverage,fuzzing,stateful --seed "$SEED" "$@") &
    wait $!
}

# serve COMMAND...: starts a service and sets URL when its output has the line that says where it is.
serve() {
    servers_spawn "$SERVERS_FOLDER/service.log" "$@"
    SERVICE_PID=$SERVERS_SPAWNED
    servers_wait 900 service_settled || true
    URL=$(service_url)
    [ -n "$URL" ] && servers_alive "$SERVICE_PID" || {
        servers_log_tail "$SERVERS_FOLDER/service.log" 30
        return 1
    }
}
service_url() { sed -n 's/^The service is ready at \(http:[^ ]*\).*/\1/p; s/.* \(http:\/\/127[^ ]*\)$/\1/p' "$SERVERS_FOLDER/service.log" | head -n 1; }
# An example shows what it can do first, and serves then.
service_settled() { servers_gone "$SERVICE_PID" || { [ -n "$(service_url)" ] && grep -q "$SETTLED" "$SERVERS_FOLDER/service.log"; }; }
end_service() {
    servers_end "$SERVICE_PID" TERM 30
    SERVICE_PID=""
}

title "The schema of manifests"
"$TOOL" schema --output "$SERVERS_FOLDER/schema.json"
cmp "$SERVERS_FOLDER/schema.json" "$ROOT/Schemas/routes.schema.json"
"$PYTHON" "$ROOT/Tests/OpenAPI/manifests.py" "$ROOT/Schemas/routes.schema.json" "$ROOT"

STATUS=0
if is_wanted everything; then
    title "Inputs and columns of all types"
    describe everything "$ROOT" Tests/OpenAPI/routes.yaml
    SETTLED="127.0.0.1" serve "$TOOL" serve "$ROOT/Tests/OpenAPI/routes.yaml" --temporary --schema "$ROOT/Tests/OpenAPI/schema.sql" --port 0
    stress everything "$URL" "$ROOT/Tests/OpenAPI/everything.toml" || STATUS=1
    end_service
fi
if is_wanted users; then
    title "Examples/UsersAPI"
    describe users "$ROOT/Examples/UsersAPI"
    SETTLED="Serving until" serve "$ROOT/Examples/UsersAPI/run.sh" --debug
    stress users "$URL" "$ROOT/Tests/OpenAPI/users.toml" || STATUS=1
    end_service
fi
if is_wanted library; then
    title "Examples/Library, as the librarian"
    # The librarian's routes stand behind a middleware of the app's, of which the manifest knows nothing.
    describe library "$ROOT/Examples/Library" --secured /admin
    LIBRARY_TOKEN_KEY=$(od -An -N 32 -t x1 /dev/urandom | tr -d ' \n')
    export LIBRARY_TOKEN_KEY
    SETTLED="Serving until" serve "$ROOT/Examples/Library/run.sh" --debug
    TOKEN=$("$ROOT/Examples/Library/run.sh" token 00000000-0000-4000-8000-000000000001 --debug)
    stress library "$URL" "$ROOT/Tests/OpenAPI/library.toml" --header "Authorization: Bearer $TOKEN" || STATUS=1
    title "Examples/Library, as anybody"
    stress library "$URL" "$ROOT/Tests/OpenAPI/library.toml" || STATUS=1
    end_service
fi
exit $STATUS
