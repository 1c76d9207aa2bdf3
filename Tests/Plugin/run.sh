#!/usr/bin/env bash
# Builds a user's package with CachedRoutesPlugin, in a folder with a space in its name: faults are reported where they are, and
# what has not changed is not built again.
#
#   Tests/Plugin/run.sh
#
# SCRATCH names a folder for build products that is kept, so that the next run needn't build the dependencies again.
# CACHED_ROUTES names another copy of this package to build with.
# shellcheck disable=SC2317 # clean_up is called by a trap
set -euo pipefail

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export CACHED_ROUTES=${CACHED_ROUTES:-$(cd "$HERE/../.." && pwd)}
WORK=$(cd "$(mktemp -d "${TMPDIR:-/tmp}/plugin test.XXXXXX")" && pwd -P)
SCRATCH=${SCRATCH:-$WORK/.build-plugin}
PACKAGE="$WORK/UserPackage"
APP="$PACKAGE/Sources/App"
OTHER="$PACKAGE/Sources/Other"
LOG="$WORK/build.log"
FAILURES=0

clean_up() {
    local status=$?
    rm -rf "$WORK"
    exit "$status"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Builds the package; the exit status is in BUILT.
build() {
    BUILT=0
    swift build --package-path "$PACKAGE" --scratch-path "$SCRATCH" >"$LOG" 2>&1 || BUILT=$?
    cat "$LOG" >>"$WORK/all.log"
}

# check SENTENCE COMMAND...: says whether the command succeeds; shows the last build's output the first time one fails.
check() {
    local sentence=$1
    shift
    if "$@"; then
        printf 'ok    %s\n' "$sentence"
        return
    fi
    printf 'FAIL  %s\n' "$sentence"
    FAILURES=$((FAILURES + 1))
    sed 's/^/      | /' "$LOG" | tail -n 40
}

built() { [ "$BUILT" = 0 ]; }
said() { grep -q -- "$1" "$LOG"; }
never_said() { ! grep -q -- "$1" "$WORK/all.log"; }

# ran TARGET COUNT: how often the generator ran for a target in the last build.
ran() { [ "$(grep -c "Generating the routes of $1\$" "$LOG")" = "$2" ]; }
compiled() { grep -Eq "(Compiling|Emitting module) $1( |\$)" "$LOG"; }
not_compiled() { ! compiled "$1"; }
nothing_compiled() { ! grep -E '(Compiling|Emitting|Linking|Generating) ' "$LOG" | grep -qv 'Compiling plugin '; }

generated() { find "$SCRATCH/plugins/outputs" -path "*/$1/*" -name "$2.generated.swift"; }
mark() { touch "$WORK/mark"; }
nothing_written() { [ -z "$(find "$SCRATCH/plugins/outputs" -name '*.generated.swift' -newer "$WORK/mark")" ]; }

failed_with_the_three_faults() {
    [ "$BUILT" != 0 ] && grep ': error: ' "$LOG" >"$WORK/errors" && [ "$(wc -l <"$WORK/errors")" = 3 ] &&
        sed -n 1p "$WORK/errors" | grep -q "^$APP/routes.yaml:15:14: error: .*'ttll'.*'ttl'" &&
        sed -n 2p "$WORK/errors" | grep -q "^$APP/sql/get_user.sql:1:40: error: .*':ident'" &&
        sed -n 3p "$WORK/errors" | grep -q "^$APP/team.routes.yaml:9:14: error: .*'5 minutes'.*'5m'"
}

# The only warning is that of the faulty statement.
no_other_warning() { ! grep 'warning: ' "$WORK/all.log" | grep -qv 'is never used in the SQL'; }
not_built() { ! built; }
app_prints_line() { "$SCRATCH/debug/App" | grep -qx "$1"; }
app_prints() { [ "$("$SCRATCH/debug/App")" = "$1" ]; }

cp -R "$HERE/UserPackage" "$PACKAGE"
put_faults() { cp -R "$HERE/Faulty/." "$APP/"; }
mend() { cp -R "$HERE/UserPackage/Sources/App/." "$APP/"; }

printf 'Building for the first time, with the dependencies; this takes minutes\n'
put_faults
build
check "three faults in three files are three located errors, sorted" failed_with_the_three_faults

mend
build
check "the mended package builds" built
check "the generator ran once" ran App 1
check "the routes are those of the manifests" app_prints "listUsers /api/users 5.0 seconds
getUser /api/users/{id} 5.0 seconds
usage /api/usage 2.0 seconds
createUser /api/users 5.0 seconds
members /members 1.5 seconds"

# SwiftPM keeps two databases of what the tool was built from and needs one more build until they agree.
build
build
check "building again builds" built
check "building again runs nothing" nothing_compiled

put_faults
build
check "the same faults are the same errors" failed_with_the_three_faults
check "the generator did not run for the target without faults" ran Other 0

mend
cp "$HERE/Faulty/routes.yaml" "$APP/routes.yaml"
sed -i.bak 's/1500ms/1600ms/' "$APP/team.routes.yaml" && rm "$APP/team.routes.yaml.bak"
mark
build
check "one faulty manifest of two fails to build" not_built
check "and nothing is written, for neither of them" nothing_written

mend
sed -i.bak 's/timeout: 2s/timeout: 3s/' "$APP/routes.yaml" && rm "$APP/routes.yaml.bak"
build
check "the mended manifest builds" built
check "the generator ran once for its target" ran App 1
check "the generator did not run for the other target" ran Other 0
check "its target was compiled" compiled App
check "the other target was not compiled" not_compiled Other
check "the library was not compiled" not_compiled CachedRoutes
check "the change is in the program" app_prints_line "usage /api/usage 3.0 seconds"

touch "$APP/routes.yaml"
mark
build
check "a manifest with a new date and the same contents runs the generator once" ran App 1
check "and writes nothing" nothing_written
check "and compiles nothing" not_compiled App

printf 'SELECT id, email, bio FROM users WHERE id = :id\n' >"$APP/sql/get_user.sql"
build
check "a changed .sql file runs the generator once" ran App 1
check "and is compiled" compiled App
check "and is in the generated file" grep -q 'email, bio' "$(generated App routes)"

# The lock of team.routes.yaml. The long number is the digest of the statement; a lock with another one doesn't build.
LOCK="$APP/team.routes.lock.json"
cat >"$LOCK" <<'END'
{
  "version": 1,
  "server": "PostgreSQL 15",
  "routes": {
    "members": [
      {
        "statement": "bf1ba8c67732e32e7e34e6ac06795e0c",
        "parameters": ["uuid"],
        "columns": [
          { "name": "name", "type": "text" }
        ],
        "tables": ["members"]
      }
    ]
  }
}
END
rows() { generated App team.routes; }
has_no_rows() { ! grep -q 'MembersRow' "$(rows)"; }
failed_with_a_stale_lock() {
    [ "$BUILT" != 0 ] && [ "$(grep -c ': error: ' "$LOG")" = 1 ] &&
        grep -q "^$APP/team.routes.yaml:8:5: error: team.routes.lock.json describes an earlier version of route 'members'" "$LOG" &&
        grep -q "^$LOCK:[0-9]*:[0-9]*: note: " "$LOG"
}
build
check "a new lock builds" built
check "and runs the generator once" ran App 1
check "and is compiled" compiled App
check "and its rows are in the generated file" grep -q 'package struct MembersRow: RouteRow' "$(rows)"

sed -i.bak 's/"type": "text"/"type": "text", "nullable": true/' "$LOCK" && rm "$LOCK.bak"
build
check "a changed lock runs the generator once" ran App 1
check "and doesn't run it for the other target" ran Other 0
check "and is in the generated file" grep -q 'package var name: String?$' "$(rows)"

sed -i.bak 's/SELECT name/SELECT DISTINCT name/' "$APP/team.routes.yaml" && rm "$APP/team.routes.yaml.bak"
build
check "a statement that the lock doesn't have is an error at both places" failed_with_a_stale_lock
mend

rm "$LOCK"
build
check "a removed lock runs the generator once" ran App 1
check "and its rows are gone" has_no_rows

# A generator from an artifact bundle instead of one that is built: made from this tree, found by a variable of the environment.
BUNDLE="$WORK/cached-routes-generator.artifactbundle"
rm -rf "$WORK/generated" && cp -R "$SCRATCH/plugins/outputs" "$WORK/generated"
CACHED_ROUTES_SCRATCH="$SCRATCH" "$CACHED_ROUTES/Release/generator-bundle.sh" "$WORK" --debug >"$LOG" 2>&1 || true
check "an artifact bundle of the generator is made" test -x "$BUNDLE"/*/bin/cached-routes-generator
tools() { find "$SCRATCH"/*/debug/ -maxdepth 1 \( -name 'Yams-tool.build' -o -name 'RouteManifest-tool.build' \) | grep -q .; }
no_tools() { ! tools; }
generated_as_before() {
    find "$WORK/generated" -name '*.generated.swift' | grep -q . && diff -r "$WORK/generated" "$SCRATCH/plugins/outputs" >>"$LOG"
}
refuses_another_version() {
    local status=0
    "$BUNDLE"/*/bin/cached-routes-generator --code 0 --manifest "$APP/routes.yaml" --output "$WORK/x.swift" >"$LOG" 2>&1 || status=$?
    [ "$status" = 2 ] && [ ! -e "$WORK/x.swift" ] && said '^error: this generator writes code of version .*CACHED_ROUTES_GENERATOR'
}
check "the generator was built before" tools
rm -rf "$SCRATCH"/*/debug/*-tool.build "$SCRATCH/plugins/outputs"
export CACHED_ROUTES_GENERATOR="$BUNDLE"
build
check "with the bundle the package builds" built
check "and the generator is not built" no_tools
check "and the generated files are the same" generated_as_before
put_faults
build
check "and faults are the same errors" failed_with_the_three_faults
mend
check "a generator of another version refuses to run" refuses_another_version
unset CACHED_ROUTES_GENERATOR
build
check "without the variable the generator is built again" tools

sed "s/members/guests/g; s/namespace: team/namespace: guests/" "$APP/team.routes.yaml" >"$APP/guest.routes.yaml"
build
check "a new manifest builds" built
check "and generates a type named after it" grep -q '^package struct GuestRoutes: RouteSet' "$(generated App guest.routes)"

# The manifest beside it has `get: /users/{id}` and so on below its base path.
GUESTS="$APP/guest.routes.yaml"
cp "$GUESTS" "$WORK/guest.routes.yaml"
cat >"$GUESTS" <<'END'
version: 1
namespace: guests
routes:
  guest:
    get: /api/users/{guestID}
    path: { guestID: int }
    sql: SELECT id FROM guests WHERE id = :guestID
    returns: one
  rename:
    put: /api/users/{guestID}
    path: { guestID: int }
    sql: UPDATE guests SET name = 'x' WHERE id = :guestID
    returns: none
END
failed_with_two_places() {
    [ "$BUILT" != 0 ] && grep -q "^$APP/routes.yaml:17:5: error: route 'getUser' matches the same requests as 'guest'" "$LOG" &&
        grep -q "^$GUESTS:5:5: note: 'guest' is here" "$LOG" && [ "$(grep -c ': error: ' "$LOG")" = 1 ]
}
build
check "two routes of two manifests that match the same requests are one error at both places" failed_with_two_places
sed -i.bak 's/^    get: .*/    get: \/api\/guests\/{guestID}/' "$GUESTS" && rm "$GUESTS.bak"
build
check "one place with two names for its input, and two methods, builds" built
cp "$WORK/guest.routes.yaml" "$GUESTS"

# Of one name, so that the two would also be written to one file.
mkdir "$APP/More"
cp "$APP/guest.routes.yaml" "$APP/More/guest.routes.yaml"
build
check "two manifests of one type are an error" said "^$APP/guest.routes.yaml:1:1: error: .*'GuestRoutes'"
rm -r "$APP/More" "$APP/guest.routes.yaml"

mv "$APP/team.routes.yaml" "$APP/team.routes.yml"
build
check "a manifest that ends in .yml is an error" said "error: .*rename $APP/team.routes.yml"
mv "$APP/team.routes.yml" "$APP/team.routes.yaml"

rm -r "$OTHER/routes.yaml" "$OTHER/Admin"
build
check "a target without a manifest fails to build" not_built
check "and the error says what to create and where" said "error: .*'Other'.*create routes.yaml.* in $OTHER"

check "no file of the user's was called unhandled" never_said 'unhandled'
check "nothing was warned of but the faults" no_other_warning

if [ "$FAILURES" != 0 ]; then
    printf '%d checks failed\n' "$FAILURES"
    exit 1
fi
printf 'All checks of the plugin passed\n'
