import RouteManifest
import RouteModel
import Testing

/// The policy of the only route of a manifest that has nothing wrong with it.
private func policy(_ text: String) throws -> CachePolicy {
    let result = parse(oneRoute(text))
    #expect(result.diagnostics == [])
    return try #require(result.manifest?.routes[0].cache)
}

@Suite struct CacheSettingsTests {
    @Test("A route says everything about its cache")
    func everything() throws {
        let source = oneRoute(
            """
            get: /r
            query: { days: { type: int, default: 7 } }
            sql: SELECT :days
            returns: one
            request-directives: honor
            cache:
              ttl: 5m
              jitter: 25%
              stale-while-revalidate: 30s
              stale-if-error: 1500ms
              negative-ttl: 10s
              client-ttl: 1s
              max-body: 1MiB
              coalesce: fleet
              compress: false
              warm: { every: 1m, with: [ { days: 030 }, {} ], at-start: false }
            """
        )
        let result = parse(source)
        #expect(result.diagnostics == [])
        let route = try #require(result.manifest).routes[0]
        #expect(route.requestDirectives == .honor)
        #expect(
            route.cache
                == CachePolicy(
                    ttl: .seconds(300),
                    jitter: 25,
                    staleWhileRevalidate: .seconds(30),
                    staleIfError: .milliseconds(1500),
                    negativeTTL: .seconds(10),
                    clientTTL: .seconds(1),
                    maxBody: 1 << 20,
                    coalesce: .fleet,
                    compress: false,
                    warm: WarmPolicy(every: .seconds(60), with: [["days": ["30"]], [:]], atStart: false)
                )
        )
    }

    @Test("What nobody names has its built-in value")
    func builtIn() throws {
        let route = try #require(parse(oneRoute("get: /r\nsql: SELECT 1")).manifest).routes[0]
        #expect(route.requestDirectives == .ignore)
        let cache = try #require(route.cache)
        #expect(cache == CachePolicy())
        #expect(cache.ttl == .seconds(60))
        #expect(cache.jitter == 10)
        #expect(cache.staleWhileRevalidate == .zero)
        #expect(cache.staleIfError == .zero)
        #expect(cache.negativeTTL == nil)
        #expect(cache.clientTTL == nil)
        #expect(cache.maxBody == 16 << 20)
        #expect(cache.coalesce == .process)
        #expect(cache.compress)
        #expect(cache.warm == nil)
        let warm = try #require(try policy("get: /r\nsql: SELECT 1\nreturns: one\ncache: { warm: { every: 1s } }").warm)
        #expect(warm.every == .seconds(1))
        #expect(warm.inputs == [[:]])
        #expect(warm.atStart)
    }

    @Test("Settings come from the route, else from the defaults, each on its own; zero is off")
    func merging() throws {
        let source = """
            version: 1
            namespace: n
            defaults:
              returns: one
              request-directives: honor
              cache:
                ttl: 2m
                jitter: 0%
                stale-while-revalidate: 1s
                stale-if-error: 2s
                negative-ttl: 3s
                coalesce: fleet
                compress: false
                warm: { every: 1m, at-start: false }
            routes:
              inherited: { get: /inherited, sql: SELECT 1 }
              shorthand: { get: /shorthand, sql: SELECT 1, cache: 1h }
              own:
                get: /own
                sql: SELECT 1
                request-directives: ignore
                cache:
                  jitter: 99%
                  stale-while-revalidate: off
                  stale-if-error: 0s
                  negative-ttl: off
                  coalesce: off
                  compress: true
                  warm: { every: 2m }
              write: { post: /write, sql: DELETE FROM t WHERE true, returns: none }
            """
        let result = parse(source)
        #expect(result.diagnostics == [])
        let routes = try #require(result.manifest).routes
        #expect(routes.map(\.requestDirectives) == [.honor, .honor, .ignore, .ignore])
        var inherited = CachePolicy(
            ttl: .seconds(120),
            jitter: 0,
            staleWhileRevalidate: .seconds(1),
            staleIfError: .seconds(2),
            negativeTTL: .seconds(3),
            coalesce: .fleet,
            compress: false,
            warm: WarmPolicy(every: .seconds(60), atStart: false)
        )
        #expect(routes[0].cache == inherited)
        inherited.ttl = .seconds(3600)
        #expect(routes[1].cache == inherited)
        #expect(
            routes[2].cache
                == CachePolicy(
                    ttl: .seconds(120),
                    jitter: 99,
                    coalesce: .off,
                    warm: WarmPolicy(every: .seconds(120))
                )
        )
        #expect(routes[3].cache == nil)
    }

    @Test("Values of what is warmed are read by the types of the inputs, of every group a GET route has")
    func warmedValues() throws {
        let policy = try policy(
            """
            get: /r/{id}
            path: { id: uuid }
            query:
              m: decimal
              t: { type: timestamp, optional: true }
              yes: { one-of: [yes, no], default: no }
              ids: "[int]"
              names: { type: "[string]", default: [x] }
              s: { type: string, default: a }
            header:
              lang: { from: Accept-Language, one-of: [en, de], default: en }
              agent: { type: string, from: User-Agent, optional: true }
            context: { user: int }
            sql: SELECT :id AS id, :m AS m, :t AS t, :yes AS yes, :ids AS ids, :names AS names, :s AS s, :lang AS lang, :agent AS agent, :user AS user
            returns: one
            cache:
              warm:
                every: 30s
                with:
                  - id: F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6
                    m: 1.50
                    t: 2024-02-29 12:30:00+01:00
                    yes: yes
                    ids: [01, "2", 1]
                    names: [""]
                    s: "~"
                    lang: de
                    agent: curl
                    user: "007"
                  - { id: f81d4fae-7dec-11d0-a765-00a0c91e6bf6, m: 2, ids: [0], user: 1 }
            """
        )
        #expect(
            policy.warm?.inputs == [
                [
                    "id": ["f81d4fae-7dec-11d0-a765-00a0c91e6bf6"], "m": ["1.5"], "t": ["2024-02-29T11:30:00Z"],
                    "yes": ["yes"], "ids": ["1", "2", "1"], "names": [""], "s": ["~"], "lang": ["de"],
                    "agent": ["curl"], "user": ["7"],
                ],
                ["id": ["f81d4fae-7dec-11d0-a765-00a0c91e6bf6"], "m": ["2"], "ids": ["0"], "user": ["1"]],
            ]
        )
    }

    @Test("Sets that are alike are still two when the bytes of a value, the order of a list or a name is another")
    func alike() throws {
        let policy = try policy(
            #"""
            get: /r
            query: { s: { type: string, optional: true }, o: { type: string, optional: true }, l: { type: "[int]", default: [1] } }
            sql: SELECT :s AS s, :o AS o, :l AS l
            returns: one
            cache:
              warm:
                every: 30s
                with: [ {}, { s: "" }, { o: "" }, { s: "é" }, { s: "é" }, { l: [1, 2] }, { l: [2, 1] } ]
            """#
        )
        #expect(policy.warm?.inputs.count == 7)
    }

    @Test("A default for what is warmed is read anew for each route, by its own inputs")
    func warmedDefaults() throws {
        let source = """
            version: 1
            namespace: n
            defaults: { returns: one, cache: { warm: { every: 30s, with: [ { n: 01 } ] } } }
            routes:
              a: { get: /a, query: { n: int }, sql: "SELECT :n" }
              b: { get: /b, query: { n: string }, sql: "SELECT :n" }
              c: { post: /c, sql: DELETE FROM t WHERE true, returns: none }
              d: { get: /d, sql: SELECT 1, cache: { warm: { every: 5s } } }
              e: { get: /e, sql: SELECT 1, cache: { warm: off } }
            """
        let result = parse(source)
        #expect(result.diagnostics == [])
        let routes = try #require(result.manifest).routes
        #expect(routes.map(\.cache?.warm?.inputs) == [[["n": ["1"]]], [["n": ["01"]]], nil, [[:]], nil])
    }
}
