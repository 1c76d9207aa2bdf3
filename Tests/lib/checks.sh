# shellcheck shell=bash
# Assertions that go on after a failure, one line each, and their summary. Sourced after servers.sh.

FAILED=()
PASSED=0

# equal SENTENCE EXPECTED ACTUAL
equal() {
    if [ "$2" = "$3" ]; then
        passed "$1"
    else
        failed "$1" "expected '$2', got '$3'"
    fi
}

# matches SENTENCE EXTENDED-REGULAR-EXPRESSION ACTUAL
matches() {
    if [[ "$3" =~ $2 ]]; then
        passed "$1"
    else
        failed "$1" "expected something like '$2', got '$3'"
    fi
}

# same_bytes SENTENCE FILE FILE
same_bytes() {
    if cmp -s "$2" "$3"; then
        passed "$1"
    else
        failed "$1" "$(cmp "$2" "$3" 2>&1 || true)"
    fi
}

passed() {
    PASSED=$((PASSED + 1))
    printf 'ok      %s\n' "$1"
}
failed() {
    FAILED+=("$1")
    printf 'FAILED  %s: %s\n' "$1" "$2"
}

# checks_summary: how many checks have passed, and which have failed; the status says whether all have passed.
checks_summary() {
    local name
    printf '\n%d checks passed, %d failed\n' "$PASSED" "${#FAILED[@]}"
    for name in ${FAILED[@]+"${FAILED[@]}"}; do printf 'failed: %s\n' "$name"; done
    [ "${#FAILED[@]}" = 0 ]
}

# check_package_tests: the tests of an example's package, with the options in TEST_OPTIONS.
check_package_tests() {
    # In debug mode, because they look into the program's module.
    if swift test "${TEST_OPTIONS[@]}" >"$SERVERS_FOLDER/tests.log" 2>&1; then
        passed "The tests of the package pass"
    else
        failed "The tests of the package pass" "$(tail -n 20 "$SERVERS_FOLDER/tests.log")"
    fi
}
