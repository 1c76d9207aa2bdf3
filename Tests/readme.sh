#!/usr/bin/env bash
# Runs the commands of README.md as they are written, and compares what they print with what the README shows.
#
#   Tests/readme.sh
#
# A Postgres and a Redis of its own stand in for the reader's, on other ports; so does another port for 8080. What installs or
# starts system packages is not run. The tool and the README's package are built first, which takes minutes the first time.
# CACHED_ROUTES_SCRATCH names a folder for build products, instead of .build beside their packages.
#
# In the README's output `…` stands for anything, on a line of its own also for several lines.
# shellcheck disable=SC2317,SC2329 # functions are called by traps, by servers_wait and by the README's commands
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=Tests/lib/servers.sh
. "$ROOT/Tests/lib/servers.sh"

SERVER_PID=""
BASE=""
CHECKED=0
FAILURES=0

title() { printf '\n== %s\n' "$*"; }
ok() {
    CHECKED=$((CHECKED + 1))
    printf 'ok    %s\n' "$*"
}
failed() {
    FAILURES=$((FAILURES + 1))
    printf 'FAIL  %s\n' "$*"
}
stop() {
    printf 'Tests/readme.sh: %s\n' "$*" >&2
    exit 1
}

clean_up() {
    servers_end "$SERVER_PID" INT 30 || true
    if [ "$1" != 0 ] && [ -s "$SERVERS_FOLDER/server.log" ]; then
        printf '\nThe last lines of the log of what ran last:\n' >&2
        servers_log_tail "$SERVERS_FOLDER/server.log" 30
    fi
}
servers_close_at_exit

# ------------------------------------------------------------------------------------------------- reading the README

# Writes the fenced blocks of README.md to $WORK/blocks, as NN.LANGUAGE. A block under a line that names a file is written as
# NN.file, and the file's path as NN.path.
extract_blocks() {
    mkdir "$WORK/blocks"
    awk -v folder="$WORK/blocks" '
        /^```/ && !inside {
            inside = 1
            language = substr($0, 4)
            name = sprintf("%s/%02d", folder, ++count)
            if (language == "swift" || language == "yaml" || language == "sql") {
                if (!match(before, /`[A-Za-z\/]+\.(swift|yaml|sql)`/)) {
                    print "README.md:" NR ": no line above this block names its file" > "/dev/stderr"
                    exit 1
                }
                print substr(before, RSTART + 1, RLENGTH - 2) > (name ".path")
                language = "file"
            }
            output = name "." language
            next
        }
        /^```/ { inside = 0; close(output); next }
        inside { print > output; next }
        NF { before = $0 }
    ' "$ROOT/README.md"
}

# Links to files of the repository lead to files.
check_links() {
    local link file
    while IFS= read -r link; do
        file=${link%%#*}
        if [ -e "$ROOT/$file" ]; then ok "link $link"; else failed "README.md links to $link, which does not exist"; fi
    done < <(grep -o '](\([^)]*\))' "$ROOT/README.md" | sed 's/^](//; s/)$//' | grep -v '^https:' | sort -u)
}

# ------------------------------------------------------------------------------- what stands in for the reader's machine

# The servers of the script run already.
service() { printf '      not run: service %s\n' "$*"; }

# The owner of the script's own Postgres in place of the system's user.
su() {
    [ "$1 $2" = "postgres -c" ] || stop "su $* is something else than a command as the user postgres"
    PGHOST=127.0.0.1 PGPORT=$SERVERS_POSTGRES_PORT PGUSER=owner PGPASSWORD=$SERVERS_POSTGRES_PASSWORD \
        PGDATABASE=postgres bash -c "$3"
}

psql() { PGPORT=$SERVERS_POSTGRES_PORT command psql -X -q "$@"; }
redis-cli() { command redis-cli -p "$SERVERS_REDIS_PORT" "$@"; }

# What a new machine has to have: only the names are checked, against those that the scripts install.
apt-get() {
    local package
    shift
    for package; do
        if grep -q "echo $package\$" "$ROOT/Tests/lib/servers.sh"; then ok "package $package"; else
            failed "the README installs $package, which Tests/lib/servers.sh does not know"
        fi
    done
}

# A command with the addresses of the servers that stand in, and the folder of the products. libpq finds Postgres by PGPORT.
with_addresses() {
    local command=$1
    command=${command//..\/CachedRoutes\/.build\//$PRODUCTS/}
    command=${command//redis:\/\/127.0.0.1/redis://127.0.0.1:$SERVERS_REDIS_PORT}
    printf '%s' "${command//http:\/\/127.0.0.1:8080/$BASE}"
}

# ---------------------------------------------------------------------------------------------------- running commands

# matches OUTPUT EXPECTED
matches() {
    local pattern
    pattern=$(sed -e 's/[][\\*?()|]/\\&/g' -e 's/…/*/g' <<<"$2")
    # shellcheck disable=SC2053 # a pattern is meant
    [[ "$1" == $pattern ]]
}

run_and_match() {
    OUTPUT=$(eval "$(with_addresses "$1")" 2>"$WORK/error" </dev/null) || return 1
    OUTPUT=${OUTPUT//$'\r'/}
    matches "$OUTPUT" "$2"
}

# compare COMMAND EXPECTED: runs it until its output is as expected, for ten seconds, because responses are stored in the
# background. A command that sends a body is run once.
compare() {
    local seconds=10
    case $1 in *' -d '*) seconds=0 ;; esac
    if servers_wait "$seconds" run_and_match "$1" "$2"; then
        ok "$1"
        return
    fi
    failed "$1"
    printf '%s\n' "$2" | sed 's/^/      README | /'
    printf '%s\n' "$OUTPUT" | sed 's/^/      output | /'
    sed 's/^/      error  | /' "$WORK/error"
}

# Commands behind `$ `, each followed by its output.
run_console() {
    local line command="" expected=""
    while IFS= read -r line <&3 || [ -n "$line" ]; do
        case $line in
            '$ '*)
                [ -z "$command" ] || compare "$command" "${expected%$'\n'}"
                command=${line#'$ '}
                expected=""
                ;;
            *) expected+=$line$'\n' ;;
        esac
    done 3<"$1"
    [ -z "$command" ] || compare "$command" "${expected%$'\n'}"
}

run_commands() {
    local command
    while IFS= read -r command <&3 || [ -n "$command" ]; do
        case $command in
            'swift build --product cached-routes')
                title "$command (several minutes the first time)"
                $command || stop "this command of the README failed: $command"
                ok "$command"
                ;;
            *'cached-routes serve '*) start_serve "$command" ;;
            *'swift run') start_service "$command" ;;
            *)
                # In this shell, so that `cd` holds for what follows.
                eval "$(with_addresses "$command")" </dev/null || stop "this command of the README failed: $command"
                ok "$command"
                ;;
        esac
    done 3<"$1"
}

ready() { servers_gone "$SERVER_PID" || curl -fs --max-time 5 -o /dev/null "$BASE/ready"; }

# start WORD...: starts a server at BASE, with PORT in place of 8080.
start() {
    servers_spawn "$SERVERS_FOLDER/server.log" env "PORT=${BASE##*:}" "PGPORT=$SERVERS_POSTGRES_PORT" bash -c "$*"
    SERVER_PID=$SERVERS_SPAWNED
    servers_wait 120 ready || stop "the service was not ready within two minutes"
    servers_alive "$SERVER_PID" || stop "the service ended"
}

start_serve() {
    title "$1"
    BASE="http://127.0.0.1:$(servers_free_port)"
    start "exec $(with_addresses "$1") --port ${BASE##*:}"
    ok "$1"
}

start_service() {
    end_server
    title "The README's package (built first, several minutes the first time)"
    swift build
    BASE="http://127.0.0.1:$(servers_free_port)"
    start "$(with_addresses "$1" | sed 's/swift run$/exec swift run/')"
    ok "$1"
}

end_server() {
    servers_end "$SERVER_PID" INT 30 || stop "what ran would not end"
    SERVER_PID=""
}

write_file() {
    local path
    path=$(cat "$WORK/blocks/$1.path")
    mkdir -p "$(dirname "$path")"
    cp "$WORK/blocks/$1.file" "$path"
    ok "file $path"
}

# -------------------------------------------------------------------------------------------------------------- the run

servers_install
servers_open cached-routes-readme
servers_start_postgres readme
servers_start_redis
WORK="$SERVERS_FOLDER/work"
mkdir "$WORK"
# The same folder in every run, because products are those of sources at a certain path.
READER="${CACHED_ROUTES_SCRATCH:-$ROOT/.build}/readme"
PRODUCTS="$READER/products"
export SWIFTPM_BUILD_DIR="$PRODUCTS"

title "Links"
check_links
extract_blocks

# The README's commands begin in the clone, which is called CachedRoutes.
mkdir -p "$READER"
rm -rf "$READER/CachedRoutes" "$READER/Notes"
ln -s "$ROOT" "$READER/CachedRoutes"
cd "$READER/CachedRoutes"
title "Commands"
for block in "$WORK"/blocks/*; do
    name=$(basename "$block")
    case $name in
        *.sh) run_commands "$block" ;;
        *.console) run_console "$block" ;;
        *.file) write_file "${name%.file}" ;;
        *.path) ;;
        *) stop "README.md has a block of a language that this script does not know: ${name#*.}" ;;
    esac
done
end_server

if [ "$FAILURES" != 0 ]; then stop "$FAILURES of the README's commands or links failed, $CHECKED passed"; fi
printf '\nAll %d commands, files and links of the README hold\n' "$CHECKED"
