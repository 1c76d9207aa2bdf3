#!/usr/bin/env bash
# Shows mistakes of first-time users and what the generator says of them, so that a reader can judge the messages.
#
#   Tests/Mistakes/show.sh [--messages] [GROUP | GROUP/CASE]...      for instance: Tests/Mistakes/show.sh keys tags/tag-twice
#
# Without arguments all cases are shown. With --messages the manifests are left out. Each case is a manifest, or a folder of a
# target's files. A line `expect: LINE:COLUMN-COLUMN mistake` at a file's start says where its reader would look; the reader of
# the messages does not see it. CACHED_ROUTES_GENERATOR names the generator, when it is not that of `swift build`.
set -euo pipefail

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
ROOT=$(cd "$HERE/../.." && pwd)

GENERATOR="${CACHED_ROUTES_GENERATOR:-}"
for candidate in "${CACHED_ROUTES_SCRATCH:-/nonexistent}/tests/debug" "$ROOT/.build/debug"; do
    if [ -z "$GENERATOR" ] && [ -x "$candidate/cached-routes-generator" ]; then
        GENERATOR="$candidate/cached-routes-generator"
    fi
done
if [ -z "$GENERATOR" ]; then
    echo "Tests/Mistakes/show.sh: there is no generator; run 'swift build', or set CACHED_ROUTES_GENERATOR" >&2
    exit 1
fi

OUTPUT=$(mktemp -d)
trap 'rm -rf "$OUTPUT"' EXIT

SHOWS_MANIFESTS=true
if [ "${1:-}" = --messages ]; then
    SHOWS_MANIFESTS=false
    shift
fi

show() {
    local path="$1" folder file number=0 arguments=()
    printf '\n=== %s\n' "${path#"$HERE/"}"
    folder="$path"
    if [ -f "$path" ]; then
        # A manifest alone has a name that says its mistake: the generator takes its name for a type's.
        folder="$OUTPUT/target"
        mkdir -p "$folder"
        cp "$path" "$folder/routes.yaml"
    fi
    while IFS= read -r file; do
        case "$file" in
        *.sql) arguments+=(--sql "$file") ;;
        *.lock.json) arguments+=(--lock "$file") ;;
        *)
            number=$((number + 1))
            arguments+=(--manifest "$file" --output "$OUTPUT/$number.swift")
            ;;
        esac
        if "$SHOWS_MANIFESTS"; then
            printf -- '--- %s\n' "${file#"$folder/"}"
            # The expectation's line is counted, but not shown.
            awk '{ if (NR == 1 && $2 ~ /^expect/) next; printf "%3d  %s\n", NR, $0 }' "$file"
        fi
    done < <(find "$folder" -type f | LC_ALL=C sort)
    if "$SHOWS_MANIFESTS"; then printf -- '--- messages\n'; fi
    # An error ends the generator with status 1, which is what is wanted here.
    { "$GENERATOR" --root "$folder" "${arguments[@]}" 2>&1 || true; } | awk -v folder="$folder/" '
        { while ((at = index($0, folder)) > 0) $0 = substr($0, 1, at - 1) substr($0, at + length(folder)); print }
        END { if (NR == 0) print "(none: it builds)" }'
}

if [ $# = 0 ]; then set -- keys types indentation sql inputs tags tables several lock; fi
for name in "$@"; do
    path="$HERE/${name%/}"
    if [ -f "$path.yaml" ]; then path="$path.yaml"; fi
    case "${name%/}" in
    */*) show "$path" ;;
    *)
        for case in "$path"/*; do show "$case"; done
        ;;
    esac
done
