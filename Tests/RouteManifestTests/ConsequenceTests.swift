import RouteManifest
import Testing

/// A mistake about a name is reported once: at the place where it is mended.
@Suite struct ConsequenceTests {
    static let undeclared = [
        Golden.route(
            "A name in the path, the SQL and a tag",
            """
            get: /bikes/{id}
            query: { lang: { type: string, default: en } }
            sql: SELECT name FROM bikes WHERE id = :id AND lang = :lang
            returns: one
            cache: { ttl: 10m, tags: [ "bike:{id}" ], warm: { every: 5m, with: [ { id: 7 } ] } }
            """,
            "5:17: error: '{id}' is not declared under 'path'; add 'path: { id: int }'"
        ),
        Golden.route(
            "A name in the path alone",
            "get: /bikes/{id}\nhandler: swift\ncache: { tags: [ \"bike:{id}\" ] }",
            "5:17: error: '{id}' is not declared under 'path'; add 'path: { id: int }'"
        ),
        Golden.route(
            "A name in the SQL and a tag",
            """
            get: /bikes
            sql: SELECT name FROM bikes WHERE member_id = :memberID LIMIT 9
            cache: { tags: [ "member:{memberID}", "bike:{id}" ] }
            """,
            "6:51: error: SQL uses ':memberID', which is not an input of this route; declare it, for instance under 'query'",
            "7:49: error: tag 'bike:{id}': 'id' is not an input of route 'r', which has none; remove the braces, or the tag"
        ),
        Golden.route(
            "A misspelt name, which is mended in each place of the SQL",
            """
            get: /bikes
            query: { limit: { type: int, max: 9, default: 9 } }
            sql: SELECT name FROM bikes WHERE 1 < :limt LIMIT :limt
            """,
            "7:43: error: SQL uses ':limt', which is not an input of this route (did you mean 'limit'?)",
            "7:55: error: SQL uses ':limt', which is not an input of this route (did you mean 'limit'?)"
        ),
        Golden.route(
            "A name in braces that is misspelt, and its declaration",
            """
            get: /bikes/{bikeId}
            path: { bikeID: int }
            sql: SELECT name FROM bikes WHERE id = :bikeID
            returns: one
            """,
            "5:17: error: '{bikeId}' is not declared under 'path' (did you mean 'bikeID'?)"
        ),
        Golden.route(
            "A name of a warming that is misspelt",
            """
            get: /bikes/{id}
            path: { id: int }
            sql: SELECT name FROM bikes WHERE id = :id
            returns: one
            cache: { ttl: 10m, warm: { every: 5m, with: [ { idd: 7 } ] } }
            """,
            "9:53: error: 'idd' is not an input of route 'r' (did you mean 'id'?)"
        ),
        Golden.route(
            "Inputs that can't be read",
            """
            get: /bikes/{id}
            path: id
            sql: SELECT name FROM bikes WHERE id = :id
            returns: one
            cache: { ttl: 10m, tags: [ "bike:{id}" ], warm: { every: 5m, with: [ { id: 7 } ] } }
            """,
            "6:11: error: 'path' must be a mapping of inputs, not a single value; write it as in 'path: { id: int }'"
        ),
        Golden.route(
            "An input that the path lacks",
            "get: /bikes\npath: { id: int }\nsql: SELECT name FROM bikes LIMIT 9",
            "6:13: error: path input 'id' does not stand in the path; write 'get: /bikes/{id}', or declare it under 'query'"
        ),
        Golden.route(
            "An input that is declared twice and not used",
            "post: /bikes/{id}\npath: { id: int }\nbody: { id: int }\nsql: INSERT INTO bikes VALUES (1)\nreturns: none",
            "7:13: error: input 'id' is declared twice; give this one another name, or remove it",
            "6:13: note: first here, under 'path'"
        ),
    ]

    private static func manifest(_ routes: String) -> String { "version: 1\nnamespace: n\nroutes:\n\(routes)" }

    static let betweenRoutes = [
        Golden(
            "A name of another route's context, whatever resembles it",
            manifest(
                """
                  rentBike: { post: /rentals, context: { memberID: uuid }, sql: "INSERT INTO r VALUES (:memberID)", returns: none }
                  mine:
                    get: /rentals
                    query: { memberIDs: { type: "[uuid]", optional: true } }
                    sql: SELECT id FROM r WHERE m = :memberID AND m = ANY(:memberIDs) LIMIT 9
                    cache: { tags: [ "rentals:{memberID}" ] }
                """
            ),
            "8:37: error: SQL uses ':memberID', which is not an input of this route; declare it as route 'rentBike' does, under "
                + "'context'"
        ),
        Golden(
            "A name of another route's query",
            manifest(
                """
                  a: { get: /a, query: { page: int }, sql: "SELECT :page AS page" }
                  b: { get: /b, sql: "SELECT :page AS page" }
                """
            ),
            "5:30: error: SQL uses ':page', which is not an input of this route; declare it, for instance under 'query'"
        ),
        Golden(
            "A precondition of a route that can't be read",
            manifest(
                """
                  getBike: [ get ]
                  setBike: { put: /bikes, sql: "UPDATE bikes SET a = 1 WHERE true", returns: none, precondition: getBike }
                """
            ),
            "4:12: error: route 'getBike' must be a mapping with a method and SQL, such as { get: /getBike, sql: … }, not a list"
        ),
        Golden(
            "A type that a precondition and a purge compare",
            manifest(
                """
                  getBike: { get: "/bikes/{id}", path: { id: int }, sql: "SELECT :id AS id", returns: one }
                  setBike:
                    put: /bikes/{id}
                    path: { id: string }
                    sql: UPDATE bikes SET a = 1 WHERE id = :id
                    returns: none
                    precondition: getBike
                """
            ),
            "7:17: error: 'precondition' of 'setBike': 'id' is string here and int in 'getBike'; write one type in both",
            "4:42: note: 'id' of 'getBike' is declared here"
        ),
        Golden(
            "What a precondition needs",
            manifest(
                """
                  getBike:
                    get: /bikes/{id}
                    path: { id: int }
                    context: { memberID: uuid }
                    sql: SELECT name FROM bikes WHERE id = :id AND owner = :memberID
                    returns: one
                  setBike:
                    put: /bikes/{id}
                    sql: UPDATE bikes SET name = '' WHERE id = :id AND owner = :memberID
                    returns: none
                    precondition: getBike
                """
            ),
            "11:17: error: '{id}' is not declared under 'path'; add 'path: { id: int }'",
            "12:64: error: SQL uses ':memberID', which is not an input of this route; declare it as route 'getBike' does, under "
                + "'context'"
        ),
    ]

    @Test("A name that is reported has no other errors in its route", arguments: undeclared)
    func checkUndeclared(_ golden: Golden) { golden.check() }

    @Test("A name that is reported has no other errors between routes", arguments: betweenRoutes)
    func checkBetweenRoutes(_ golden: Golden) { golden.check() }
}
