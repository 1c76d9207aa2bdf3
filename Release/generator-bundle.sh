#!/usr/bin/env bash
# Makes an artifact bundle of the generator that CachedRoutesPlugin runs, so that packages with the plugin needn't build it.
#
#   Release/generator-bundle.sh FOLDER                    FOLDER/cached-routes-generator.artifactbundle for this system
#   Release/generator-bundle.sh FOLDER --merge BUNDLE     with the systems of another bundle besides
#   Release/generator-bundle.sh FOLDER --zip              and FOLDER/cached-routes-generator.artifactbundle.zip with its checksum
#   Release/generator-bundle.sh FOLDER --debug            without optimization, which is built sooner, for tests
#
# A package uses it by CACHED_ROUTES_GENERATOR=<absolute path of the bundle> in the environment of `swift build`. A release names
# the address and checksum of the zip file in Package.swift (releasedGenerator). CACHED_ROUTES_SCRATCH names a folder for build
# products that is kept. The program is linked with Swift's libraries, so it runs without a toolchain.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
NAME=cached-routes-generator

usage() {
    sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}" >&2
    exit 64
}
say() { printf 'generator-bundle.sh: %s\n' "$*" >&2; }

[ $# -ge 1 ] && [ "${1#-}" = "$1" ] || usage
FOLDER=$1
shift
MERGED=()
ZIP=
CONFIGURATION=release
while [ $# -gt 0 ]; do
    case $1 in
    --merge)
        [ $# -ge 2 ] || usage
        [ -f "$2/info.json" ] || {
            say "$2 is not an artifact bundle: it has no info.json"
            exit 66
        }
        MERGED+=("$2")
        shift
        ;;
    --zip) ZIP=1 ;;
    --debug) CONFIGURATION=debug ;;
    *) usage ;;
    esac
    shift
done

WORK=$(mktemp -d "${TMPDIR:-/tmp}/generator-bundle.XXXXXX")
trap 'rm -rf "$WORK"' EXIT
SCRATCH=${CACHED_ROUTES_SCRATCH:-$WORK}/generator-bundle
OPTIONS=(--package-path "$ROOT" --scratch-path "$SCRATCH" -c "$CONFIGURATION" --product "$NAME")
# macOS has Swift's libraries.
[ "$(uname)" = Darwin ] || OPTIONS+=(--static-swift-stdlib)

# The bundle is always made from source.
export CACHED_ROUTES_GENERATOR=source
swift build "${OPTIONS[@]}" >&2
PROGRAM="$(swift build "${OPTIONS[@]}" --show-bin-path)/$NAME"
TRIPLE=$(swift -print-target-info | sed -n 's/^ *"unversionedTriple": "\(.*\)",$/\1/p')

VERSION=$(sed -n 's/.*static let version = "\(.*\)"$/\1/p' "$ROOT/Sources/RouteCodegen/GeneratedCode.swift")
BUNDLE="$WORK/$NAME.artifactbundle"
mkdir -p "$BUNDLE/$TRIPLE/bin"
cp "$PROGRAM" "$BUNDLE/$TRIPLE/bin/$NAME"
# Symbols and debugging information are most of a program that is linked statically.
if [ "$(uname)" = Darwin ]; then strip -x "$BUNDLE/$TRIPLE/bin/$NAME"; else strip "$BUNDLE/$TRIPLE/bin/$NAME"; fi
for other in ${MERGED[@]+"${MERGED[@]}"}; do
    grep -q "\"version\": \"$VERSION\"" "$other/info.json" || {
        say "$other writes code of another version than this one, $VERSION"
        exit 65
    }
    for variant in "$other"/*/bin/"$NAME"; do
        triple=$(basename "$(dirname "$(dirname "$variant")")")
        [ "$triple" = "$TRIPLE" ] && continue
        mkdir -p "$BUNDLE/$triple/bin"
        cp "$variant" "$BUNDLE/$triple/bin/$NAME"
    done
done

{
    printf '{\n  "schemaVersion": "1.0",\n  "artifacts": {\n    "%s": {\n' "$NAME"
    printf '      "version": "%s",\n      "type": "executable",\n      "variants": [' "$VERSION"
    separator=
    for variant in "$BUNDLE"/*/bin/"$NAME"; do
        triple=$(basename "$(dirname "$(dirname "$variant")")")
        printf '%s\n        { "path": "%s/bin/%s", "supportedTriples": ["%s"] }' "$separator" "$triple" "$NAME" "$triple"
        separator=,
    done
    printf '\n      ]\n    }\n  }\n}\n'
} >"$BUNDLE/info.json"

# The new bundle takes the place of an old one as a whole.
mkdir -p "$FOLDER"
rm -rf "${FOLDER:?}/$NAME.artifactbundle"
mv "$BUNDLE" "$FOLDER/"
FOLDER=$(cd "$FOLDER" && pwd)
BUNDLE="$FOLDER/$NAME.artifactbundle"
say "$BUNDLE: $(du -k "$BUNDLE/$TRIPLE/bin/$NAME" | cut -f1) KiB for $TRIPLE"

if [ -n "$ZIP" ]; then
    command -v zip >/dev/null || {
        say "there is no zip on this machine; install it, or archive $BUNDLE by other means"
        exit 69
    }
    rm -f "$BUNDLE.zip"
    (cd "$FOLDER" && zip -q -r -X "$NAME.artifactbundle.zip" "$NAME.artifactbundle")
    say "$BUNDLE.zip, checksum $(swift package --package-path "$ROOT" --scratch-path "$SCRATCH" compute-checksum "$BUNDLE.zip")"
fi
