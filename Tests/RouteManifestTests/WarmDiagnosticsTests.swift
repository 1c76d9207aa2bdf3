import RouteManifest
import Testing

/// A manifest whose route declares inputs of all kinds and what is warmed by the text, which begins at 16:13.
private func warm(_ name: String, _ text: String, _ expected: String...) -> Golden {
    var golden = Golden(
        name,
        oneRoute(
            """
            get: /r/{id}
            path: { id: int }
            query:
              days: { type: int, default: 7, max: 90 }
              ids: { type: "[int]", optional: true }
              day: { type: date, optional: true }
            header: { lang: { from: Accept-Language, one-of: [en, de], default: en } }
            context: { user: uuid }
            sql: SELECT :id AS id, :days AS days, :ids AS ids, :day AS day, :lang AS lang, :user AS user
            returns: one
            cache:
              warm: \(text)
            """
        )
    )
    golden.expected = expected.map { "16:\($0)" }
    return golden
}

private let user = "00000000-0000-0000-0000-000000000001"

@Suite struct WarmDiagnosticsTests {
    static let settings = [
        warm(
            "A period alone",
            "1m",
            "13: error: 'warm' must be off or a mapping, not a single value; write warm: { every: 1m }"
        ),
        warm("False", "false", "13: error: 'warm' must be off or a mapping, not a single value; write 'warm: off'"),
        warm("A list", "[1m]", "13: error: 'warm' must be off or a mapping, not a list; write warm: { every: 1m }"),
        warm(
            "No period",
            "{ evry: 1m, with: [ { id: 1, user: \(user) } ] }",
            "15: error: unknown key 'evry' in 'warm' (did you mean 'every'?)"
        ),
        warm(
            "No time as a period",
            "{ every: 0s, at-start: no, with: [ { id: 1, user: \(user) } ] }",
            "22: error: 'every' must be longer than zero, such as '1s'",
            "36: error: 'at-start' must be true or false, not 'no' (write 'false')"
        ),
        warm(
            "Another spelling of a period",
            "{ every: 1 min, at-start: [], with: [ { id: 1, user: \(user) } ] }",
            "22: error: '1 min' is not a duration (write '1m')",
            "39: error: 'at-start' must be true or false, not a list; write it as in 'at-start: false'"
        ),
        warm(
            "One set that is no list",
            "{ every: 1m, with: { id: 1 } }",
            "32: error: 'with' must be a list of sets of inputs, not a mapping; write with: [ { id: 1 } ]"
        ),
        warm(
            "No set",
            "{ every: 1m, with: [] }",
            "32: error: 'with' needs at least one set of inputs; without 'with' there is one, of all defaults"
        ),
        warm(
            "Sets that are none, and one that is",
            "{ every: 1m, with: [ 1, [id], ~, { id: x, user: \(user) } ] }",
            "34: error: a set of 'with' must be a mapping of inputs, not a single value; write a value for each, as in with: [ { days: 7 } ]",
            "37: error: a set of 'with' must be a mapping of inputs, not a list; write a value for each, as in with: [ { days: 7 } ]",
            "43: error: a set of 'with' must be a mapping of inputs, not empty; write a value for each, as in with: [ { days: 7 } ]",
            "52: error: input 'id' of route 'r' must be a whole number, not 'x'"
        ),
    ]

    static let values = [
        warm(
            "Inputs without a value, in no set",
            "{ every: 1m }",
            "7: error: route 'r' is warmed without values for its inputs 'id' and 'user'; write them beside 'every', as in with: [ { id: 7, user: … } ]"
        ),
        warm(
            "Inputs without a value, in each of the sets",
            "{ every: 1m, with: [ { id: 1 }, { user: \(user) } ] }",
            "34: error: route 'r' is warmed without a value for its input 'user'; add 'user: …'",
            "45: error: route 'r' is warmed without a value for its input 'id'; add 'id: 7'"
        ),
        warm(
            "Unknown names",
            "{ every: 1m, with: [ { id: 1, user: \(user), dasy: 7, x: 1 } ] }",
            "87: error: 'dasy' is not an input of route 'r' (did you mean 'days'?)",
            "96: error: 'x' is not an input of route 'r'; its inputs are id, days, ids, day, lang, user"
        ),
        warm(
            "Values of other types",
            "{ every: 1m, with: [ { id: 1.5, days: 91, day: 2023-02-29, lang: fr, user: me } ] }",
            "40: error: input 'id' of route 'r' must be a whole number, not '1.5'",
            "51: error: input 'days' of route 'r' must be at most 90, not '91'",
            "60: error: input 'day' of route 'r' must be a date such as 2024-02-29, not '2023-02-29'",
            "78: error: input 'lang' of route 'r' must be one of en, de, not 'fr'",
            "88: error: input 'user' of route 'r' must be a UUID, not 'me'"
        ),
        warm(
            "Values that are several, or none",
            "{ every: 1m, with: [ { id: [1], days: , day: {}, user: \(user) } ] }",
            "40: error: input 'id' of route 'r' must be a single value, not a list; write '1'",
            "51: error: input 'days' of route 'r' has no value",
            "58: error: input 'day' of route 'r' must be a single value, not a mapping"
        ),
        warm(
            "Lists that are none",
            "{ every: 1m, with: [ { id: 1, ids: 1, user: \(user) }, { id: 1, ids: [], user: \(user) } ] }",
            "48: error: input 'ids' of route 'r' must be a list of values, not a single value; write '[ 1 ]'",
            "111: error: input 'ids' of route 'r' needs at least one value, such as [ 7 ]: a query has no empty lists"
        ),
        warm(
            "Elements of a list",
            "{ every: 1m, with: [ { id: 1, ids: [1, a, [2], ~], user: \(user) } ] }",
            "52: error: a value of input 'ids' of route 'r' must be a whole number, not 'a'",
            "55: error: a value of input 'ids' of route 'r' must be a single value, not a list; write '2'",
            "60: error: a value of input 'ids' of route 'r' has no value; put '~' in quotes if it is meant as text"
        ),
        warm(
            "One name twice in a set",
            "{ every: 1m, with: [ { id: 1, id: 2, user: \(user) } ] }",
            "43: error: duplicate key 'id'; remove one of the two",
            "36: note: first here"
        ),
        warm(
            "One set twice",
            "{ every: 1m, with: [ { id: 1, user: \(user) }, { user: \(user), id: 01, days: 7, lang: en } ] }",
            "89: error: route 'r' is warmed twice with the same inputs, defaults included; remove one",
            "34: note: first here"
        ),
    ]

    static let routes = [
        Golden(
            "A default, for each of the routes that take it over",
            """
            version: 1
            namespace: n
            defaults:
              returns: one
              cache: { warm: { every: 30s, with: [ { days: 7 }, { days: x } ] } }
            routes:
              a: { get: /a, query: { days: int }, sql: "SELECT :days" }
              b: { get: /b, sql: "SELECT 1" }
              c: { get: /c, query: { days: string, n: int }, sql: "SELECT :days AS days, :n" }
              d: { get: /d, sql: "SELECT 1", cache: { warm: { every: 1s } } }
              e: { get: /e, sql: "SELECT 1", cache: { warm: off } }
              f: { post: /f, sql: "DELETE FROM t WHERE true", returns: none }
              g: { get: /g, sql: "SELECT 1", cache: 30s }
            """,
            "5:40: error: route 'c' is warmed without a value for its input 'n'; add 'n: 7'",
            "5:42: error: 'days' is not an input of route 'b'; it has none",
            "5:42: error: 'days' is not an input of route 'g'; it has none",
            "5:53: error: route 'c' is warmed without a value for its input 'n'; add 'n: 7'",
            "5:55: error: 'days' is not an input of route 'b'; it has none",
            "5:55: error: 'days' is not an input of route 'g'; it has none",
            "5:61: error: input 'days' of route 'a' must be a whole number, not 'x'"
        ),
        Golden(
            "A default that is wrong by itself is reported once",
            """
            version: 1
            namespace: n
            defaults: { returns: one, cache: { warm: { with: [ 1 ] } } }
            routes:
              a: { get: /a, sql: "SELECT 1" }
              b: { get: /b, sql: "SELECT 1" }
            """,
            "3:36: error: 'warm' has no 'every'; add one, such as 'every: 30m'",
            "3:52: error: a set of 'with' must be a mapping of inputs, not a single value; write a value for each, as in with: [ { days: 7 } ]"
        ),
        Golden(
            "A period longer than the ttl, built in, of the route and by default",
            """
            version: 1
            namespace: n
            defaults: { returns: one, cache: { warm: { every: 61s } } }
            routes:
              a: { get: /a, sql: "SELECT 1" }
              b: { get: /b, sql: "SELECT 1", cache: 60s }
              c: { get: /c, sql: "SELECT 1", cache: { ttl: 61s } }
              d: { get: /d, sql: "SELECT 1", cache: { warm: { every: 60s } } }
              e: { get: /e, sql: "SELECT 1", cache: { ttl: 500ms, warm: { every: 501ms } } }
            """,
            "3:51: warning: 'every' is longer than the ttl of route 'a': from the end of the ttl until the next run, requests make the answers themselves; write a shorter 'every', or a longer 'ttl' [warm-gap]",
            "3:51: warning: 'every' is longer than the ttl of route 'b': from the end of the ttl until the next run, requests make the answers themselves; write a shorter 'every', or a longer 'ttl' [warm-gap]",
            "6:41: note: the ttl is here",
            "9:70: warning: 'every' is longer than the ttl of route 'e': from the end of the ttl until the next run, requests make the answers themselves; write a shorter 'every', or a longer 'ttl' [warm-gap]",
            "9:48: note: the ttl is here"
        ),
        Golden.route(
            "Inputs with faults of their own",
            "get: /r\nquery: { a: itn, b: { type: int, default: x } }\nsql: SELECT :a AS a, :b AS b\nreturns: one\n"
                + "cache: { warm: { every: 1s, with: [ { a: 1, b: 2 }, { b: 2 } ] } }",
            "6:17: error: unknown type 'itn' (did you mean 'int'?)",
            "6:47: error: 'default' must be a whole number, not 'x'"
        ),
        Golden.route(
            "A body that a GET route has not",
            "get: /r\nbody: { a: int }\nsql: SELECT :a\nreturns: one\ncache: { warm: { every: 1s } }",
            "6:5: error: a GET request has no body; declare its inputs under 'query', or make the route a 'post'"
        ),
        Golden.route(
            "A write that is warmed",
            "post: /r\nbody: { a: int }\nsql: SELECT :a\ncache: { warm: { every: 2m, with: [ { x: 1 } ] } }",
            "8:5: error: a write has no 'cache', since its answers are never cached; leave it out"
        ),
        Golden.route(
            "The name of a generated type",
            "get: /r\nsql: SELECT 1\nreturns: one",
            "4:3: error: a route cannot be called 'WarmPolicy': generated code uses that name; call it something else, such as 'warmPolicyRoute'"
        ).renamed("WarmPolicy"),
    ]

    @Test("What is wrong with how a route is warmed is reported at its place", arguments: settings)
    func settingsGolden(_ golden: Golden) { golden.check() }

    @Test("What is wrong with the inputs of warmed answers is reported at its place", arguments: values)
    func valuesGolden(_ golden: Golden) { golden.check() }

    @Test("What is warmed is checked against each route", arguments: routes)
    func routesGolden(_ golden: Golden) { golden.check() }
}

extension Golden {
    /// The same with another name for its route.
    fileprivate func renamed(_ name: String) -> Golden {
        var golden = self
        golden.source = source.replacing("  r:\n", with: "  \(name):\n")
        return golden
    }
}
