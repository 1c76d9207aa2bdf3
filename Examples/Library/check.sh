# shellcheck shell=bash
# The assertions of `run.sh --check`, one line each. Sourced by run.sh.

run_checks() {
    check_reading
    check_members
    check_changes
    check_writes
    check_librarian
    check_locks
    check_package_tests
    checks_summary
}

check_reading() {
    fetch hit "/api/books?shelf=history&limit=2"
    matches "A second request is answered from Redis" '^CachedRoutes; hit' "$(header hit Cache-Status)"
    fetch unchanged "/api/books?shelf=history&limit=2" -H "If-None-Match: $(header hit ETag)"
    equal "A request with the response's ETag gets 304" 304 "$(status unchanged)"
    fetch coded "/api/books?limit=200" -H 'Accept-Encoding: gzip'
    equal "Who accepts gzip gets it" gzip "$(header coded Content-Encoding)"
    servers_wait 10 is_warm || true
    matches "The shelves are there before anybody asks" '^CachedRoutes; hit' "$(header shelves Cache-Status)"
    matches "A sum is exact" '"cheapest":5\.90' "$(body shelves)"
    fetch search "/api/books/search?q=cats"
    matches "The statement of a file answers" '"title":"Book 2 of Cats"' "$(body search)"
    fetch picks "/api/recommendations?budget=9.99"
    matches "The handler answers with rows" '^\[\{.*"price":9\.99.*\}\]$' "$(body picks)"
    matches "NULL is null in them" '"author":null' "$(body picks)"
    fetch none /api/books/30000
    equal "A book that is not there gets 404" 404 "$(status none)"
}
is_warm() {
    fetch shelves /api/shelves
    [[ "$(header shelves Cache-Status)" == *"; hit"* ]]
}

check_members() {
    fetch anybody /api/me/loans
    equal "Loans need a token" 401 "$(status anybody)"
    fetch forged /api/books -H "Authorization: Bearer $ADA.99999999999.$(printf '0%.0s' {1..64})"
    equal "A forged token is refused on public routes too" 401 "$(status forged)"
    matches "The refusal has a challenge" '^Bearer' "$(header forged WWW-Authenticate)"
    as "$ADA" ada /api/me/loans
    as "$GRACE" grace /api/me/loans
    matches "A member sees her loans" '^\[\{"id":[0-9]+,"book_id":3,' "$(body ada)"
    equal "Another member sees none of them" "[]" "$(body grace)"
    as "$GRACE" stranger "/api/me/loans/$(loan_of_ada)"
    equal "Nor one of them by its number" 404 "$(status stranger)"
}
loan_of_ada() { servers_psql -c "SELECT id FROM loans WHERE member_id = '$ADA' AND returned_at IS NULL LIMIT 1"; }

check_changes() {
    servers_wait 10 is_hit /api/books/4 || true
    servers_psql -c "UPDATE books SET title = 'By hand' WHERE id = 4"
    servers_wait 10 is_by_hand || true
    matches "A table that is changed by hand purges the responses made of it" '"title":"By hand"' "$(body again)"
}
is_by_hand() {
    fetch again /api/books/4
    [[ "$(body again)" == *"By hand"* ]]
}

check_writes() {
    local loan tag
    loan=$(loan_of_ada)
    as "$ADA" twice /api/books/3/loans -X POST
    equal "A book that one has already is a 409" 409 "$(status twice)"
    matches "The refusal has the manifest's message" 'You have that book already' "$(body twice)"
    as "$ADA" missing /api/books/30000/loans -X POST
    equal "A book that is not there is a 404" 404 "$(status missing)"
    as "$ADA" read "/api/me/loans/$loan"
    tag=$(header read ETag)
    as "$ADA" renewed "/api/me/loans/$loan" -X PATCH -H 'Content-Type: application/json' -H "If-Match: $tag" -d '{"weeks":2}'
    equal "A loan is renewed" 200 "$(status renewed)"
    as "$ADA" late "/api/me/loans/$loan" -X PATCH -H 'Content-Type: application/json' -H "If-Match: $tag" -d '{"weeks":2}'
    equal "Who has not seen that is refused" 412 "$(status late)"
    as "$ADA" returned "/api/me/loans/$loan" -X DELETE
    equal "A book is given back" 204 "$(status returned)"
    as "$ADA" after /api/me/loans
    equal "Then it is no loan any more" "[]" "$(body after)"
}

check_librarian() {
    local book='{"title":"New","shelf":"science","price":12.50,"keywords":["new"]}'
    as "$ADA" refused /admin/books -X POST -H 'Content-Type: application/json' -d "$book"
    equal "Members add no books" 403 "$(status refused)"
    as "$LIBRARIAN" added /admin/books -X POST -H 'Content-Type: application/json' -d "$book"
    equal "The librarian does" 201 "$(status added)"
    matches "The price is the one that was sent" '"price":12\.50' "$(body added)"
    as "$LIBRARIAN" overdue /admin/overdue
    equal "The only column of the only row may be NULL" null "$(body overdue)"
}

# tool NAME ARGUMENT...: runs cached-routes in the example's folder; keeps its status and what it says under NAME.
tool() {
    local file="$SERVERS_FOLDER/$1" status=0
    shift
    (cd "$EXAMPLE" && "$TOOL" "$@") >"$file.body" 2>&1 || status=$?
    printf '%s' "$status" >"$file.result"
}

check_locks() {
    local files=(--schema database/schema.sql --schema database/triggers.sql --set password=x)
    export DATABASE_URL="$SERVERS_DATABASE_URL"
    tool locked check --locked
    equal "The locks are those of this database" 0 "$(status locked)"
    tool temporary check --temporary "${files[@]}" --locked
    equal "And those of a private one with the schema's files" 0 "$(status temporary)"
    cp -R "$EXAMPLE/Sources" "$SERVERS_FOLDER/Sources"
    sed -i.bak 's/SELECT b.id, b.title, b.shelf, b.price, b.cover/SELECT b.id, b.titel, b.shelf, b.price, b.cover/' \
        "$SERVERS_FOLDER/Sources/Library/routes.yaml"
    tool wrong check --manifest "$SERVERS_FOLDER/Sources/Library/routes.yaml"
    equal "A wrong column is an error" 1 "$(status wrong)"
    matches "It is reported where it stands" 'routes.yaml:[0-9]+:20: error: .*titel' "$(body wrong)"
}
