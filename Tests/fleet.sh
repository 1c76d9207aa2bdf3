#!/usr/bin/env bash
# Simulates a fleet of processes behind one Redis: queries for each key that expires, traffic, and memory. Needs no server.
#
#   Tests/fleet.sh [--processes N] [--keys N] [--minutes M] [--rate REQUESTS/S] [--seed N] [OPTION VALUE]...
#                                                     default: 100 processes, 1,000,000 keys, 5 minutes, 20,000 requests/s
#
# `simulate-fleet --help` has the other options. The program is built with optimization, alone.
# CACHED_ROUTES_SCRATCH names a folder for build products, as for Tests/run.sh.
set -euo pipefail

case "${1:-}" in
    -h | --help)
        sed -n '2,8s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
        exit 0
        ;;
esac
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
BUILD=(swift build --package-path "$ROOT" -c release)
if [ -n "${CACHED_ROUTES_SCRATCH:-}" ]; then BUILD+=(--scratch-path "$CACHED_ROUTES_SCRATCH/tests"); fi
"${BUILD[@]}" --product simulate-fleet >&2
exec "$("${BUILD[@]}" --show-bin-path)/simulate-fleet" "$@"
