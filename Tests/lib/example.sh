# shellcheck shell=bash
# shellcheck disable=SC2034 # the scripts that source this file read these variables
# What builds an example. Sourced after service.sh.

# build_example FOLDER PRODUCT CONFIGURATION: builds the program of an example and cached-routes. Sets EXECUTABLE, TOOL, and
# TEST_OPTIONS, with which `swift test` and `swift build` use the same products.
build_example() {
    command -v swift >/dev/null || fail "swift is not in PATH; install it from https://www.swift.org/install"
    local options=(--package-path "$1" -c "$3") folder
    TEST_OPTIONS=(--package-path "$1")
    if [ -n "${CACHED_ROUTES_SCRATCH:-}" ]; then
        # The package of the plugin's tests is built in debug mode too, of almost the same modules.
        if [ "$3" = debug ]; then folder=plugin; else folder=example; fi
        options+=(--scratch-path "$CACHED_ROUTES_SCRATCH/$folder")
        TEST_OPTIONS+=(--scratch-path "$CACHED_ROUTES_SCRATCH/plugin")
    fi
    # A build asks no database: the locks say what it must know.
    PGHOST=/nonexistent DATABASE_URL='' swift build "${options[@]}" --product "$2" >&2
    swift build "${options[@]}" --product cached-routes >&2
    folder=$(swift build "${options[@]}" --show-bin-path)
    EXECUTABLE="$folder/$2"
    TOOL="$folder/cached-routes"
}
