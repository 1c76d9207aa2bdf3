#!/usr/bin/env bash
# Builds an app of handlers that leaves out the clients of Redis and PostgreSQL, all TLS and HTTP/2, and asserts that it needs neither C
# library nor the packages for those, stores responses in memory, and says what it lacks.
#
#   Tests/traits.sh
#
# CACHED_ROUTES_SCRATCH names a folder for build products, to be kept between runs, instead of a folder that is removed.
# shellcheck disable=SC2317 # clean_up is called by a trap
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=Tests/lib/servers.sh
. "$ROOT/Tests/lib/servers.sh"

APP_PID=""
FAILURES=0

ok() { printf 'ok    %s\n' "$*"; }
failed() {
    FAILURES=$((FAILURES + 1))
    printf 'FAIL  %s\n' "$*"
}
check() {
    local what="$1"
    shift
    if "$@"; then ok "$what"; else failed "$what"; fi
}

clean_up() { servers_end "$APP_PID" TERM 15 || true; }
servers_close_at_exit
servers_open crtr

PACKAGE="$SERVERS_FOLDER/Small"
PRODUCTS="${CACHED_ROUTES_SCRATCH:-$SERVERS_FOLDER}/traits"
mkdir -p "$PACKAGE/Sources/Small"
cat >"$PACKAGE/Package.swift" <<SWIFT
// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "Small",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(name: "CachedRoutes", path: "$ROOT", traits: [])
    ],
    targets: [
        .executableTarget(
            name: "Small",
            dependencies: [
                .product(name: "CachedRoutesServer", package: "CachedRoutes")
            ],
            plugins: [.plugin(name: "CachedRoutesPlugin", package: "CachedRoutes")]
        )
    ]
)
SWIFT
cat >"$PACKAGE/Sources/Small/routes.yaml" <<'YAML'
version: 1
namespace: small
defaults: { public: true, cache: { ttl: 60s } }
routes:
  double:
    get: /double/{number}
    path: { number: int }
    handler: swift
YAML
# The example's app, with other handlers.
cp "$ROOT/Examples/UsersAPI/Sources/UsersAPI/main.swift" "$PACKAGE/Sources/Small/"
cat >"$PACKAGE/Sources/Small/UsageHandlers.swift" <<'SWIFT'
struct UsageHandlers: Routes.Handlers {
    func double(_ input: Routes.DoubleInput) async throws -> [Int] { [input.number * 2] }
}
SWIFT

swift build --package-path "$PACKAGE" --scratch-path "$PRODUCTS"
APP="$(swift build --package-path "$PACKAGE" --scratch-path "$PRODUCTS" --show-bin-path)/Small"

if command -v ldd >/dev/null; then libraries() { ldd "$APP"; }; else libraries() { otool -L "$APP"; }; fi
lacks() { ! libraries | grep -q "$1"; }
check "the app is linked to something" eval 'libraries | grep -q libdeflate'
check "the app is not linked to libpq" lacks libpq
check "the app is not linked to libhiredis" lacks libhiredis

# SwiftPM makes folders for all targets of the packages, and object files for those that it compiles.
not_built() { [ -z "$(find "$PRODUCTS" -path "*/$1.build/*" -name '*.o')" ]; }
check "the server is compiled" eval '! not_built CachedRoutesServer'
for module in CNIOBoringSSL NIOSSL NIOHTTP2 Hummingbird HummingbirdCore; do
    check "$module is not compiled" not_built "$module"
done

PORT=$(servers_free_port)
env -u REDIS_URL -u DATABASE_URL PORT="$PORT" HOST=127.0.0.1 "$APP" >"$SERVERS_FOLDER/app.log" 2>&1 &
APP_PID=$!
URL="http://127.0.0.1:$PORT"
check "the app is ready" servers_wait 15 curl --silent --fail --output /dev/null "$URL/ready"
answers() { [ "$(curl --silent "$URL/double/21")" = '[42]' ]; }
status_is() { curl --silent --dump-header - --output /dev/null "$URL/double/21" | grep -i '^cache-status' | grep -q "$1"; }
check "a handler answers" answers
check "its response comes from memory then" status_is 'CachedRoutes; hit'

status=0
REDIS_URL=redis://127.0.0.1:1 PORT=0 HOST=127.0.0.1 "$APP" >"$SERVERS_FOLDER/refused.log" 2>&1 || status=$?
check "a REDIS_URL is refused" [ "$status" = 78 ]
check "and the trait named" grep -q "enable the trait 'Redis'" "$SERVERS_FOLDER/refused.log"

exit "$((FAILURES > 0))"
