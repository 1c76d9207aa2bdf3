import RouteManifest
import RouteModel
import Testing

@Suite struct CacheSettingsTests {
    @Test("A route says everything about its cache")
    func everything() throws {
        let source = oneRoute(
            """
            get: /r
            sql: SELECT 1
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
            """
        )
        let result = parse(source)
        #expect(result.diagnostics == [])
        let route = try #require(result.manifest).routes[0]
        #expect(route.requestDirectives == .honor)
        #expect(
            route.cache
                == ManifestCachePolicy(
                    ttl: .seconds(300),
                    jitter: 25,
                    staleWhileRevalidate: .seconds(30),
                    staleIfError: .milliseconds(1500),
                    negativeTTL: .seconds(10),
                    clientTTL: .seconds(1),
                    maxBody: 1 << 20,
                    coalesce: .fleet,
                    compress: false
                )
        )
    }

    @Test("What nobody names has its built-in value")
    func builtIn() throws {
        let route = try #require(parse(oneRoute("get: /r\nsql: SELECT 1")).manifest).routes[0]
        #expect(route.requestDirectives == .ignore)
        let cache = try #require(route.cache)
        #expect(cache == ManifestCachePolicy())
        #expect(cache.ttl == .seconds(60))
        #expect(cache.jitter == 10)
        #expect(cache.staleWhileRevalidate == .zero)
        #expect(cache.staleIfError == .zero)
        #expect(cache.negativeTTL == nil)
        #expect(cache.clientTTL == nil)
        #expect(cache.maxBody == 16 << 20)
        #expect(cache.coalesce == .process)
        #expect(cache.compress)
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
            routes:
              inherited: { get: /inherited, sql: SELECT 1 }
              shorthand: { get: /shorthand, sql: SELECT 1, cache: 1h }
              own:
                get: /own
                sql: SELECT 1
                request-directives: ignore
                cache:
                  jitter: 99%
                  stale-while-revalidate: 0s
                  stale-if-error: 0s
                  negative-ttl: 0s
                  coalesce: off
                  compress: true
              write: { post: /write, sql: DELETE FROM t, returns: none }
            """
        let result = parse(source)
        #expect(result.diagnostics == [])
        let routes = try #require(result.manifest).routes
        #expect(routes.map(\.requestDirectives) == [.honor, .honor, .ignore, .ignore])
        var inherited = ManifestCachePolicy(
            ttl: .seconds(120),
            jitter: 0,
            staleWhileRevalidate: .seconds(1),
            staleIfError: .seconds(2),
            negativeTTL: .seconds(3),
            coalesce: .fleet,
            compress: false
        )
        #expect(routes[0].cache == inherited)
        inherited.ttl = .seconds(3600)
        #expect(routes[1].cache == inherited)
        #expect(
            routes[2].cache
                == ManifestCachePolicy(ttl: .seconds(120), jitter: 99, coalesce: .off)
        )
        #expect(routes[3].cache == nil)
    }
}
