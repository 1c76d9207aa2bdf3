#!/usr/bin/env bash
# Simulates the protocol of purges, fills, flights, locks, restarts and failovers: runs of some hundred events in an order that a
# seed chooses, with a check after each. Needs no server.
#
#   Tests/simulate.sh [--steps N] [--seed S] [--jobs N] [--deployment single|sentinel|cluster] [--without NAME]...
#                                                     default: 10,000,000 steps from seed 1 on, in as many jobs as there are cores
#   Tests/simulate.sh --replay S [--without NAME]...  all events of one run
#   Tests/simulate.sh --table [--seed S] [--without NAME]...
#                                                     leaves out each part of the protocol, or each that is named, which has to be
#                                                     found
#   --slots-return, --about-migration, --about-return
#                                                     slots that come back; in each run a slot that is half moved while its node
#                                                     fails over, or a primary that is promoted again before it is a replica
#   --skip-build                                      takes the program that `swift build --build-tests` has built, which is slower
#
# Without --skip-build the program is built with optimization, alone. The exit status is 0 if every promise held, 1 if one was
# broken, and 2 for wrong arguments and if there were no hits, purges or failovers. CACHED_ROUTES_SCRATCH names a folder for build
# products, as for Tests/run.sh.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
PRODUCTS="$ROOT/.build"
if [ -n "${CACHED_ROUTES_SCRATCH:-}" ]; then PRODUCTS="$CACHED_ROUTES_SCRATCH/tests"; fi
CONFIGURATION=release
ARGUMENTS=()
HAS_STEPS=""
HAS_JOBS=""

while [ $# -gt 0 ]; do
    case "$1" in
        --skip-build) CONFIGURATION=debug ;;
        -h | --help)
            sed -n '2,19s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
            exit 0
            ;;
        *)
            case "$1" in
                --steps) HAS_STEPS=yes ;;
                --jobs) HAS_JOBS=yes ;;
                --replay | --table)
                    HAS_STEPS=yes
                    HAS_JOBS=yes
                    ;;
            esac
            ARGUMENTS+=("$1")
            ;;
    esac
    shift
done
if [ -z "$HAS_STEPS" ]; then ARGUMENTS+=(--steps 10_000_000); fi
if [ -z "$HAS_JOBS" ]; then ARGUMENTS+=(--jobs "$(getconf _NPROCESSORS_ONLN)"); fi

BUILD=(swift build --package-path "$ROOT" --scratch-path "$PRODUCTS" -c "$CONFIGURATION")
if [ "$CONFIGURATION" = release ]; then "${BUILD[@]}" --product simulate; fi
PROGRAM=$("${BUILD[@]}" --show-bin-path)/simulate
if [ ! -x "$PROGRAM" ]; then
    echo "Tests/simulate.sh: there is no $PROGRAM; run swift build --build-tests, or this without --skip-build" >&2
    exit 1
fi
exec "$PROGRAM" "${ARGUMENTS[@]}"
