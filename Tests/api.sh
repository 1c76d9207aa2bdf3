#!/usr/bin/env bash
# Compares the public API of the library products with that of the last tag, and fails with status 1 if code of users may no longer
# compile.
#
#   Tests/api.sh            the last tag before HEAD
#   Tests/api.sh TREEISH    another tag or commit
#
# Both versions are built, each with all dependencies. CACHED_ROUTES_SCRATCH names a folder for build products, to be kept between
# runs. A change that breaks on purpose is listed by its message in .api-breakage-allowlist, until the next tag.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$ROOT"

say() { printf 'Tests/api.sh: %s\n' "$*"; }

if [ $# -gt 0 ]; then
    BASELINE="$1"
    git rev-parse --quiet --verify "$BASELINE^{commit}" >/dev/null || {
        say "'$BASELINE' is neither a tag nor a commit" >&2
        exit 2
    }
elif ! BASELINE=$(git describe --tags --abbrev=0 HEAD^ 2>/dev/null); then
    # A checkout without history has no tags either.
    if [ "$(git rev-parse --is-shallow-repository)" = true ]; then
        say "this checkout is shallow, so that its last tag is not known: git fetch --unshallow --tags" >&2
        exit 2
    fi
    say "no tag yet: nothing to compare with"
    exit 0
fi

SWIFT=$(command -v swift) || {
    say "swift is not in PATH; install it from https://www.swift.org/install" >&2
    exit 2
}
if ! xcrun --find swift-api-digester >/dev/null 2>&1 && [ ! -x "$(dirname "$(readlink -f "$SWIFT")")/swift-api-digester" ]; then
    say "NOT CHECKED: this toolchain has no swift-api-digester, by which SwiftPM compares" >&2
    exit 2
fi

# A product has the API of its own modules and of those that they export again.
# shellcheck disable=SC2207 # names without blanks; `mapfile` is not in the bash of macOS
PRODUCTS=($(sed -n 's/^ *\.library(name: "\([^"]*\)".*/\1/p' Package.swift))
# shellcheck disable=SC2207
EXPORTED=($(find Sources -name Exports.swift -exec sed -n 's/^@_exported public import //p' {} + | sort -u))
ARGUMENTS=("$BASELINE" --products "${PRODUCTS[@]}")
if [ "${#EXPORTED[@]}" -gt 0 ]; then ARGUMENTS+=(--targets "${EXPORTED[@]}"); fi
if [ -f .api-breakage-allowlist ]; then ARGUMENTS+=(--breakage-allowlist-path .api-breakage-allowlist); fi

say "comparing ${PRODUCTS[*]} (with ${EXPORTED[*]:-nothing else}) with $BASELINE"
STATUS=0
swift package --scratch-path "${CACHED_ROUTES_SCRATCH:-$ROOT/.build}/api" diagnose-api-breaking-changes "${ARGUMENTS[@]}" ||
    STATUS=$?
if [ "$STATUS" != 0 ]; then
    say "the API differs from $BASELINE, or could not be compared (status $STATUS)" >&2
    exit 1
fi
say "no breaking change since $BASELINE"
