#!/usr/bin/env bash
# Measures this project's server beside what its users could pick instead: builds everything in release mode, starts a Postgres
# and a Redis of its own, runs the scenarios, prints tables, writes a result file and a chart, and stops what it started.
#
#   Tests/Benchmarks/run.sh [--scenarios A,B] [--servers A,B] [--rounds N] [--seconds S] [--out FILE.json] [--no-gate]
#   Tests/Benchmarks/run.sh --allocations                   counts this project's allocations for a request, and no time
#   Tests/Benchmarks/run.sh --memory                        shows the memory that hits of 50 MB take
#   Tests/Benchmarks/run.sh --redis-kinds [--rounds N]      compares what a hit costs with TLS and with clusters
#   Tests/Benchmarks/run.sh --compare OLD.json NEW.json     prints old, new and ratio, by scenario and server
#   Tests/Benchmarks/run.sh --report FILE.json              prints the tables again, and draws the chart beside the file
#
# Defaults: everything, 3 rounds, 8 seconds, .run/results.json beside this file. --no-gate doesn't wait for a quiet machine.
# CACHED_ROUTES_SCRATCH names a folder for build products, to be kept between runs, as for Tests/run.sh.
# shellcheck disable=SC2317 # some functions are called by traps and by servers_install
set -euo pipefail

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=../lib/servers.sh
. "$HERE/../lib/servers.sh"

# The Python environment and the programs in Go and Rust; kept between runs.
TOOLS="$HERE/.run"
SERVERS=""
OUT="$TOOLS/results.json"
OPTIONS=()
BENCH=""
ALLOCATIONS=""
MEMORY_FOLDER=""
# Debian keeps nginx and varnishd where only root looks.
PATH="$PATH:/usr/sbin"

usage() { sed -n '2,13s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; }
title() { printf '\n== %s\n' "$*" >&2; }
fail() {
    printf 'run.sh: %s\n' "$*" >&2
    exit 1
}

# bench.py first: it stops the server that is up.
clean_up() {
    local status=$?
    trap '' INT TERM
    servers_end "$BENCH" TERM 30 || true
    if [ -n "$SERVERS_FOLDER" ]; then servers_end_listed "$SERVERS_FOLDER/started"; fi
    if [ -n "$MEMORY_FOLDER" ]; then rm -rf -- "$MEMORY_FOLDER"; fi
    servers_close
    exit "$status"
}

# ------------------------------------------------------------------------------------------------------------ options

parse() {
    while [ $# -gt 0 ]; do
        case $1 in
            --compare | --report) exec python3 "$HERE/bench.py" "$@" ;;
            --no-gate) OPTIONS+=("$1") ;;
            --allocations) ALLOCATIONS=yes SERVERS=router,hummingbird && OPTIONS+=("$1") ;;
            --memory | --redis-kinds) SERVERS=router && OPTIONS+=("$1") ;;
            --scenarios | --servers | --rounds | --seconds | --out)
                [ $# -ge 2 ] || fail "$1 needs a value"
                case $1 in
                    --out) OUT=$2 ;;
                    --servers) SERVERS=$2 && OPTIONS+=("$1" "$2") ;;
                    *) OPTIONS+=("$1" "$2") ;;
                esac
                shift
                ;;
            -h | --help)
                usage
                exit 0
                ;;
            *)
                usage >&2
                exit 2
                ;;
        esac
        shift
    done
}

# wants NAME...: whether one of these servers is to be measured.
wants() {
    local name
    [ -n "$SERVERS" ] || return 0
    for name in "$@"; do
        case ",$SERVERS," in *",$name,"*) return 0 ;; esac
    done
    return 1
}
wants_ours() { wants before-router router own near memory; }
wants_static() { wants before-router-static router-static own-static; }
# The proxies stand in front of the article's app.
wants_python() { wants article fastapi-cache2 nginx varnish; }
wants_go() { wants go go-coalesced; }
wants_rust() { wants rust; }

# ----------------------------------------------------------------------------------------------------- what it runs on

# servers_install asks this function: its own list, and what the peers and the load generator need.
eval "common_$(declare -f servers_missing_packages)"
servers_missing_packages() {
    common_servers_missing_packages "$@"
    command -v wrk >/dev/null || echo wrk
    [ -z "$ALLOCATIONS" ] || command -v cc >/dev/null || echo gcc libc6-dev
    command -v python3 >/dev/null && python3 -c 'import ensurepip' 2>/dev/null || echo python3-venv
    if wants nginx nginx-static; then command -v nginx >/dev/null || echo nginx-light; fi
    if wants varnish; then command -v varnishd >/dev/null || echo varnish; fi
    if wants_go; then
        command -v go >/dev/null || echo golang
        [ -d /usr/share/gocode/src/github.com/gomodule/redigo ] || echo golang-github-gomodule-redigo-dev
        [ -d /usr/share/gocode/src/github.com/jackc/pgx/v4 ] || echo golang-github-jackc-pgx-v4-dev
    fi
    if wants_rust; then
        local crate
        command -v cargo >/dev/null || echo cargo
        for crate in hyper tokio tokio-postgres serde-json serde-derive chrono; do
            # Names of crates have hyphens or underscores, and those of packages hyphens.
            compgen -G "/usr/share/cargo/registry/${crate//-/?}-[0-9]*" >/dev/null || echo "librust-$crate-dev"
        done
    fi
}

build_swift() {
    local options=(--package-path "$HERE" -c release) static
    command -v swift >/dev/null || fail "swift is not in PATH; install it from https://www.swift.org/install"
    if [ -n "${CACHED_ROUTES_SCRATCH:-}" ]; then options+=(--scratch-path "$CACHED_ROUTES_SCRATCH/benchmarks"); fi
    if wants_ours; then swift build "${options[@]}" --product benchmark-server >&2; fi
    if wants hummingbird; then swift build "${options[@]}" --product benchmark-constant >&2; fi
    BENCHMARK_PRODUCTS=$(swift build "${options[@]}" --show-bin-path)
    # Everything is compiled anew for it, hence a folder of its own.
    static=(--package-path "$HERE" -c release --static-swift-stdlib
        --scratch-path "${CACHED_ROUTES_SCRATCH:-$HERE/.build-static}/static")
    if wants_static; then swift build "${static[@]}" --product benchmark-server >&2; fi
    BENCHMARK_STATIC_PRODUCTS=$(swift build "${static[@]}" --show-bin-path)
}

build_python() {
    local environment="$TOOLS/python" wanted="$HERE/peers/requirements.txt"
    cmp -s "$wanted" "$environment/installed.txt" && return
    rm -rf "$environment"
    python3 -m venv "$environment"
    "$environment/bin/pip" install -q --disable-pip-version-check -r "$wanted" >&2
    cp "$wanted" "$environment/installed.txt"
}

build_go() {
    (cd "$HERE/peers/go" && GO111MODULE=off GOPATH="$HERE/peers/go:/usr/share/gocode" GOCACHE="$TOOLS/go-cache" \
        go build -trimpath -o "$TOOLS/go-users" users)
}

build_rust() {
    (cd "$HERE/peers/rust" && CARGO_TARGET_DIR="$TOOLS/rust" cargo build --release --offline --quiet >&2)
}

build_counter() {
    cc -O2 -shared -fPIC -o "$TOOLS/count-allocations.so" "$HERE/allocations/count.c"
}

start_servers() {
    servers_open crb
    mkdir "$SERVERS_FOLDER/started"
    servers_start_postgres benchmarks
    servers_psql -f "$HERE/database/schema.sql"
    servers_start_redis
    # nginx keeps its cache in memory.
    MEMORY_FOLDER=$(mktemp -d /dev/shm/cached-routes.XXXXXXXX)
    chmod 711 "$MEMORY_FOLDER"
}

measure() {
    export BENCHMARK_PRODUCTS BENCHMARK_STATIC_PRODUCTS BENCHMARK_FOLDER="$SERVERS_FOLDER" BENCHMARK_MEMORY_FOLDER="$MEMORY_FOLDER"
    export BENCHMARK_TOOLS="$TOOLS" BENCHMARK_POSTGRES="$SERVERS_POSTGRES_PID" BENCHMARK_REDIS="$SERVERS_REDIS_PID"
    export BENCHMARK_REDIS_PORT="$SERVERS_REDIS_PORT" DATABASE_URL="$SERVERS_DATABASE_URL"
    export PGHOST=127.0.0.1 PGPORT="$SERVERS_POSTGRES_PORT" PGUSER=owner PGPASSWORD="$SERVERS_POSTGRES_PASSWORD"
    export PGDATABASE="$SERVERS_POSTGRES_DATABASE"
    # In the background, so that a signal is heeded at once.
    python3 "$HERE/bench.py" --out "$OUT" ${OPTIONS[@]+"${OPTIONS[@]}"} &
    BENCH=$!
    wait "$BENCH"
    BENCH=""
}

parse "$@"
[ "$(uname -s)" = Linux ] || fail "it reads /proc, and so runs on Linux alone"
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

title "System packages"
# shellcheck disable=SC2119 # no argument is meant: the list above says what is needed
servers_install
mkdir -p "$TOOLS"
title "Building in release mode (about twenty minutes the first time)"
build_swift
if wants_python; then build_python; fi
if wants_go; then build_go; fi
if wants_rust; then build_rust; fi
if [ -n "$ALLOCATIONS" ]; then build_counter; fi
title "Postgres and Redis"
start_servers
printf 'Postgres on port %s, Redis on port %s\n' "$SERVERS_POSTGRES_PORT" "$SERVERS_REDIS_PORT" >&2
title "Measuring"
measure
