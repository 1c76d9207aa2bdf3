import RouteManifest
import RouteModel
import Testing

/// The routes of a manifest that has nothing wrong with it.
private func routes(_ source: String) throws -> [ManifestRoute] {
    let result = parse(source)
    #expect(result.diagnostics == [])
    return try #require(result.manifest).routes
}

private func cache(_ text: String) throws -> CachePolicy {
    try #require(try routes(oneRoute("get: /r\nsql: SELECT 1\nreturns: one\ncache:\n  \(text)"))[0].cache)
}

@Suite struct PurgeSettingsTests {
    @Test("A route says what its answers are purged by, and where else they are kept")
    func everything() throws {
        let source = oneRoute(
            """
            get: /r/{id}
            path: { id: int }
            query: { ids: "[int]", day: { type: date, default: 2024-02-29 } }
            header: { lang: { from: Accept-Language, one-of: [en, de], default: en } }
            context: { user: uuid }
            sql: SELECT :id AS id, :ids AS ids, :day AS day, :lang AS lang, :user AS "user"
            returns: one
            cache:
              tags:
                - users
                - user:{id}
                - '{user}/{lang}@%7B+{day}'
                - many:{ids}:x
              tables: { names: [ users, audit.events, public.Orders, _a$1 ], min-interval: 1500ms }
              near: 5s
            """
        )
        let cache = try routes(source)[0].cache
        #expect(
            cache
                == CachePolicy(
                    tags: ["users", "user:{id}", "{user}/{lang}@%7B+{day}", "many:{ids}:x"],
                    tables: TablePolicy(
                        ["Orders", "_a$1", "audit.events", "users"],
                        minimumInterval: .milliseconds(1500)
                    ),
                    near: .atMost(.seconds(5))
                )
        )
        #expect(cache?.tags[2].inputNames == ["user", "lang", "day"])
    }

    @Test("What nobody names is off")
    func builtIn() throws {
        let source = """
            version: 1
            namespace: n
            routes: { r: { get: /, handler: swift }, s: { post: /, handler: swift } }
            """
        let routes = try routes(source)
        #expect(routes[0].cache?.tags == [])
        #expect(routes[0].cache?.tables == nil)
        #expect(routes[0].cache?.near == .off)
        #expect(routes[1].write?.invalidates == [])
        let policy = TablePolicy(["a"])
        #expect(policy.minimumInterval == .zero)
    }

    @Test("Off and nothing are the same")
    func off() throws {
        for text in ["tags: off", "tags: []", "tables: off", "tables: []", "tables: { names: [], min-interval: 1s }"] {
            #expect(try cache(text) == CachePolicy())
        }
        for text in ["near: off", "near: false"] { #expect(try cache(text) == CachePolicy()) }
        #expect(try cache("near: true").near == .life)
        #expect(try cache("near: 500ms").near == .atMost(.milliseconds(500)))
        #expect(try cache("tables: { names: [ a ], min-interval: off }").tables == TablePolicy(["a"]))
    }

    @Test("What is answered before the router is public, and a default holds for what is")
    func beforeRouter() throws {
        let source = """
            version: 1
            namespace: n
            defaults: { returns: one, cache: { before-router: true } }
            routes:
              inherited: { get: /a, sql: SELECT 1, public: true }
              off: { get: /b, sql: SELECT 1, public: true, cache: { before-router: false } }
              closed: { get: /c, sql: SELECT 1 }
              own: { get: /d, sql: "SELECT :u", context: { u: uuid } }
              write: { post: /a, sql: DELETE FROM t WHERE true, returns: none }
            """
        #expect(try routes(source).map(\.cache?.beforeRouter) == [.hits, .off, .off, .off, nil])
        #expect(try cache("ttl: 1s").beforeRouter == .off)
    }

    @Test("A handler's route has tables and tags too")
    func handler() throws {
        let source = oneRoute("get: /r\nhandler: swift\ncache: { tags: [ t ], tables: [ t ] }")
        let cache = try routes(source)[0].cache
        #expect(cache?.tags == ["t"])
        #expect(cache?.tables == TablePolicy(["t"]))
    }

    @Test("A write says what it purges, by inputs of every group it has")
    func invalidates() throws {
        let source = """
            version: 1
            namespace: n
            routes:
              r: { get: /r, query: { a: string }, handler: swift, cache: { tags: [ "{a}", "{a}:{a}:{a}:{a}:{a}" ] } }
              w:
                post: /r/{id}
                path: { id: int }
                query: { q: int }
                header: { h: { type: int, from: X-H, default: 1 } }
                context: { user: uuid }
                body: { a: string, list: "[int]" }
                handler: swift
                invalidates: [ users, "{id}:{q}:{h}:{user}:{a}", "{list}" ]
            """
        #expect(try routes(source)[1].write?.invalidates == ["users", "{id}:{q}:{h}:{user}:{a}", "{list}"])
    }

    @Test("Settings come from the route, else from the defaults, each on its own")
    func merging() throws {
        let source = """
            version: 1
            namespace: n
            defaults:
              returns: one
              invalidates: [ a ]
              cache: { tags: [ a ], tables: { names: [ a ], min-interval: 1s }, near: true }
            routes:
              inherited: { get: /a, sql: SELECT 1 }
              own: { get: /b, sql: SELECT 1, cache: { tags: [ b ], tables: [ b ], near: 1s } }
              off: { get: /c, sql: SELECT 1, cache: { tags: off, tables: off, near: off } }
              often: { get: /d, sql: SELECT 1, cache: { tables: { min-interval: 2s } } }
              atOnce: { get: /e, sql: SELECT 1, cache: { tables: { names: [ c ], min-interval: off } } }
              write: { post: /a, sql: DELETE FROM t WHERE true, returns: none }
              ownWrite: { post: /b, sql: DELETE FROM t WHERE true, returns: none, invalidates: [ b ] }
              offWrite: { post: /c, sql: DELETE FROM t WHERE true, returns: none, invalidates: [] }
            """
        let routes = try routes(source)
        #expect(routes.map(\.cache?.tags) == [["a"], ["b"], [], ["a"], ["a"], nil, nil, nil])
        let tables: [TablePolicy?] = [
            TablePolicy(["a"], minimumInterval: .seconds(1)), TablePolicy(["b"], minimumInterval: .seconds(1)), nil,
            TablePolicy(["a"], minimumInterval: .seconds(2)), TablePolicy(["c"]), nil, nil, nil,
        ]
        #expect(routes.map(\.cache?.tables) == tables)
        #expect(routes.map(\.cache?.near) == [.life, .atMost(.seconds(1)), .off, .life, .life, nil, nil, nil])
        #expect(routes.map(\.write?.invalidates) == [nil, nil, nil, nil, nil, ["a"], ["b"], []])
    }
}
