#!/usr/bin/env bash
# Runs all tests, against a Postgres and a Redis that it starts itself. Installs system packages that are missing.
#
#   Tests/run.sh                                  everything
#   Tests/run.sh --quick                          what answers within three minutes after a build: all but the whole way
#   Tests/run.sh ARGUMENT OF swift test...        for instance: Tests/run.sh --filter RedisClientTests --skip FuzzTests
#
# CACHED_ROUTES_SCRATCH names a folder for all build products, to be kept between runs. Without it the tests are built in .build
# and the package that tests the plugin in a folder that is removed.
# shellcheck disable=SC2317 # clean_up is called by a trap
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=Tests/lib/servers.sh
. "$ROOT/Tests/lib/servers.sh"

# Packages that share a folder build each other's targets anew, because the options differ: hence one folder for each.
PRODUCTS="$ROOT/.build"
PLUGIN_PRODUCTS=""
if [ -n "${CACHED_ROUTES_SCRATCH:-}" ]; then
    PRODUCTS="$CACHED_ROUTES_SCRATCH/tests"
    PLUGIN_PRODUCTS="$CACHED_ROUTES_SCRATCH/plugin"
fi

# Each title with the minutes and seconds since the start.
title() { printf '\n== %s (%d:%02d)\n' "$*" $((SECONDS / 60)) $((SECONDS % 60)); }

clean_up() {
    if [ "$1" != 0 ]; then
        # Once more at the end, because a long output is often kept by its last lines only.
        if [ -s "${FAILURES:-}" ]; then
            printf '\n== Failures\n' >&2
            head -c 20000 "$FAILURES" >&2
        fi
        printf '\nTests/run.sh: failed with status %d\n' "$1" >&2
    fi
}
servers_close_at_exit

command -v swift >/dev/null || {
    echo "Tests/run.sh: swift is not in PATH; install it from https://www.swift.org/install" >&2
    exit 1
}

title "Postgres and Redis"
# The name is short because the paths of Unix sockets are.
servers_start_for_tests crt
printf 'Postgres on port %s, Redis on port %s\n' "$SERVERS_POSTGRES_PORT" "$SERVERS_REDIS_PORT"

title "Format"
if swift format --version >/dev/null 2>&1; then
    (cd "$ROOT" && find Package.swift Plugins Sources Tests Examples -name '.build*' -prune -o -name '*.swift' -print0 |
        xargs -0 swift format lint --strict --parallel)
    echo "All Swift sources have the format of .swift-format"
else
    echo "NOT CHECKED: this toolchain has no 'swift format'"
fi

title "Layers and papers"
if command -v python3 >/dev/null; then
    "$ROOT/Tests/layers.py"
    "$ROOT/Tests/papers.py"
else
    echo "NOT CHECKED: python3 is not in PATH"
fi

title "Building"
# An import of a module that is no dependency of its target builds by chance only. This refuses modules that are no dependency of a
# dependency either; Tests/layers.py refuses the others.
# With all traits, so that what they add is tested; Tests/traits.sh builds with none.
swift build --package-path "$ROOT" --scratch-path "$PRODUCTS" --build-tests --enable-all-traits \
    --explicit-target-dependency-import-check error 2>&1 | tee "$SERVERS_FOLDER/build.log"
# Those of dependencies are not ours to mend.
if grep -F "$ROOT/" "$SERVERS_FOLDER/build.log" | grep -vF "$PRODUCTS/" | grep -E '\.swift:[0-9]+:[0-9]+: warning: ' | sort -u; then
    echo "Tests/run.sh: the build has warnings" >&2
    exit 1
fi

STATUS=0
FAILURES="$SERVERS_FOLDER/failures"

# Runs a script whose failure belongs into the summary.
run_script() {
    "$@" || {
        STATUS=$?
        printf -- '-- %s failed with status %d\n' "${1##*/}" "$STATUS" >> "$FAILURES"
    }
}

# The tests run even when the plugin's fail, and last, so that their summary ends the output.
if [ $# = 0 ]; then
    title "The plugin in a package of a user's own"
    SCRATCH="$PLUGIN_PRODUCTS" run_script "$ROOT/Tests/Plugin/run.sh"
fi

# So many tests of a process at once, of those that may run side by side: all at once would wait for two cores for longer than
# their requests have time. A toolchain that does not know the variable runs all.
export SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH="${SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH:-16}"

# One process after the other: tests that start servers and ask them by blocking calls, long computations, and a minute of load
# would hold up the few threads on which others measure their deadlines. Given arguments choose for themselves.
# The starts of tests are in the log only, of which the end is shown where a process ended without a summary.
run_tests() {
    local title="$1" log="$SERVERS_FOLDER/tests.log" status=0
    title "$title"
    shift
    # Tests see another order of sets and dictionaries each time, whatever builds are given.
    env -u SWIFT_DETERMINISTIC_HASHING \
        swift test --package-path "$ROOT" --scratch-path "$PRODUCTS" --skip-build --enable-all-traits "$@" 2>&1 | tee "$log" |
        { grep -v --line-buffered '^◇' || true; } || status=$?
    if [ "$status" != 0 ]; then
        STATUS=$status
        printf -- '-- %s\n' "$title" >> "$FAILURES"
        grep -E '^✘|: error: |^error: ' "$log" | cut -c 1-1500 >> "$FAILURES" || true
        if ! grep -q '^.* Test run with .* \(passed\|failed\)' "$log"; then tail -n 40 "$log" >> "$FAILURES"; fi
    fi
}

# run_at_once COUNT TITLE ARGUMENT...
run_at_once() {
    local count="$1"
    shift
    SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH="$count" run_tests "$@"
}

tests_of_the_manifest_and_the_tool() {
    run_tests "Tests of the manifest and the generator" --filter '^(Route|CheckTests|ServingTests|DocumentTests)' --skip FuzzTests
    # Apart from those, whose long computations would keep its servers from answering in time.
    run_at_once 6 "Tests of the tool" --filter '^ToolTests'
}

tests_of_the_runtime() {
    run_tests "Tests of the runtime" \
        --filter '^(CachedRoutesTests|CachedRoutesServerTests|ConsistencyTests|BeforeRouterTests|HTTPConnectionsTests)' --skip FuzzTests
    # Apart from those as well: simulations compute for seconds.
    run_tests "Tests of the simulations" --filter '^(SimulationTests|FleetSimulationTests)' --skip FuzzTests
}

if [ $# = 0 ]; then
    run_tests "Tests of the Postgres client" --filter PostgresClientTests
    run_tests "Tests under load" --filter MixedLoadTests
    title "Consistency under faults"
    run_script "$ROOT/Tests/consistency.sh" --skip-build --minutes 1
    run_script "$ROOT/Tests/consistency.sh" --skip-build --minutes 0.4 --without-token-checks
    run_script "$ROOT/Tests/consistency.sh" --skip-build --minutes 1 --redis sentinel
    run_script "$ROOT/Tests/consistency.sh" --skip-build --minutes 1 --redis cluster --tls
    title "The protocol in all orders of events"
    run_script "$ROOT/Tests/simulate.sh" --skip-build
    # Each of these tests has servers of its own, for which it waits most of its time, and routes with deadlines.
    run_at_once 3 "Tests of the whole way" --filter ServiceTests --skip CachedRoutesTests --skip MixedLoadTests
    # Most of their time goes by with starting servers and with waiting for them.
    run_at_once 6 "The rules of HTTP caching" --filter ConformanceTests
    CACHED_ROUTES_TEST_WAY=before-router run_at_once 6 "The rules of HTTP caching, before the router" \
        --filter ConformanceTests --skip ConformanceTests.BeforeRouterTests
    CACHED_ROUTES_TEST_WAY=before-router-all run_at_once 6 "The rules of HTTP caching, with misses before the router" \
        --filter ConformanceTests --skip ConformanceTests.BeforeRouterTests
    CACHED_ROUTES_TEST_WAY=server run_at_once 6 "The rules of HTTP caching, on the server without a framework" \
        --filter ConformanceTests --skip ConformanceTests.BeforeRouterTests --skip ConformanceTests.EventLoopTests \
        --skip ConformanceTests.SeveralTablesTests
    # Many have servers of their own.
    run_at_once 6 "Tests of the Redis client" --filter RedisClientTests --skip FuzzTests
    tests_of_the_manifest_and_the_tool
    run_tests "Fuzzers" --filter FuzzTests
    tests_of_the_runtime
elif [ "$*" = --quick ]; then
    tests_of_the_manifest_and_the_tool
    tests_of_the_runtime
    run_tests "Tests of the Redis client" --filter RedisClientTests --skip FuzzTests --skip RedisCrossingTests
else
    run_tests "Tests" "$@"
fi
exit "$STATUS"
