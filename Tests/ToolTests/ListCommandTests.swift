import ArgumentParser
import Foundation
import RouteDocuments
import RouteManifest
import RouteModel
import Testing

@testable import cached_routes

@Suite("cached-routes list")
struct ListCommandTests {
    private static let manifest = """
        version: 1
        namespace: shop
        base-path: /api
        routes:
          listUsers:
            get: /users
            query:
              limit: { type: int, default: 20, min: 1, max: 100 }
              after: { type: int, optional: true }
            sql: SELECT 1 AS a WHERE :after < :limit LIMIT 5
            public: true
            cache: { ttl: 90s, stale-while-revalidate: 30s, stale-if-error: 10m, tags: [ users ], tables: [ users, audit.log ], near: 5s }
          getUser:
            get: /users/{id}
            path: { id: int }
            context: { tenant: string }
            sql: SELECT 1 AS a WHERE :id = 1 AND :tenant = 'a'
            returns: one
            cache: { ttl: 5m, negative-ttl: 10s, tags: [ "user:{id}" ] }
          now: { get: /now, sql: SELECT now() AS now, returns: value, cache: off }
          usage: { get: /usage, handler: swift, cache: { warm: { every: 30m } } }
          addUser:
            post: /users
            body: { name: { type: string, from: Name, max-length: 9 } }
            sql: INSERT INTO users (name) VALUES (:name)
            returns: none
            invalidates: [ users ]
        """

    @Test("has a line a route, in columns")
    func text() async throws {
        let text = try await withManifest(Self.manifest) { try ListCommand.parse([$0]).output() }
        // The digits of fingerprints change with what shapes a response.
        let lines = text.split(separator: "\n").map { $0.replacing(/shop:[0-9a-f]{8}:/, with: "shop:00000000:") }
        // Columns are separated by two blanks at least, and each begins at the same place.
        let cells = lines.map { line in line.split(separator: /[ ]{2,}/).map(String.init) }
        let expected: [[String]] = [
            ["METHOD", "PATH", "ROUTE", "TTL", "TAGS", "TABLES", "KEY", "SETTINGS"],
            [
                "GET", "/api/users", "listUsers", "90s, stale 30s, on error 10m", "users", "audit.log, users",
                "shop:00000000:get:/api/users:after={after}&limit={limit}", "public, near 5s",
            ],
            [
                "GET", "/api/users/{id}", "getUser", "5m, 404 10s", "user:{id}", "-",
                "shop:00000000:get:/api/users/{id}::tenant={tenant}", "-",
            ],
            ["GET", "/api/now", "now", "off", "-", "-", "-", "-"],
            ["GET", "/api/usage", "usage", "1m", "-", "-", "shop:00000000:get:/api/usage:", "handler, warm 30m"],
            ["POST", "/api/users", "addUser", "-", "purges users, route listUsers", "-", "-", "status 204"],
        ]
        #expect(cells == expected, "\(text)")
        let places = lines.map { line in
            line.ranges(of: /[ ]{2,}/).map { line.distance(from: line.startIndex, to: $0.upperBound) }
        }
        #expect(Set(places).count == 1, "\(text)")
    }

    @Test("has as JSON what a script needs for requests")
    func json() async throws {
        try await withManifest(Self.manifest) { file in
            let text = try ListCommand.parse([file, "--format", "json"]).output()
            let document = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: [[String: Any]]]
            let routes = try #require(document?["routes"])
            #expect(routes.map { $0["name"] as? String } == ["listUsers", "getUser", "now", "usage", "addUser"])
            let list = routes[0]
            #expect(list["method"] as? String == "GET" && list["path"] as? String == "/api/users")
            #expect(list["location"] as? String == "\(file):5")
            let inputs = try #require(list["inputs"] as? [[String: Any]])
            #expect(
                inputs[0] as NSDictionary == [
                    "name": "limit", "in": "query", "type": "int", "default": "20", "min": "1", "max": "100",
                ]
            )
            #expect(inputs[1] as NSDictionary == ["name": "after", "in": "query", "type": "int", "optional": true])
            #expect(
                routes[2]["cache"] is NSNull && routes[2]["key"] is NSNull && routes[2]["returns"] as? String == "value"
            )
            #expect(routes[3]["source"] as? String == "handler")
            let add = routes[4]
            #expect(add["status"] as? Int == 204 && add["purges"] as? [String] == ["users", "route listUsers"])
            #expect(
                (add["inputs"] as? [[String: Any]])?.first as NSDictionary?
                    == ["name": "name", "in": "body", "type": "string", "from": "Name", "max-length": 9]
            )
        }
    }

    /// All settings, none of them a default.
    private static let settings = """
        version: 1
        namespace: shop
        routes:
          read:
            get: /read/{id}
            path: { id: int }
            sql: SELECT 1 AS a WHERE :id = 1
            returns: one
            status: 203
            timeout: 1500ms
            public: true
            unknown-query: reject
            read: replica
            concurrency: 4
            request-directives: honor
            cache: { ttl: 36h, jitter: 20%, stale-while-revalidate: 30s, stale-if-error: 1d, negative-ttl: 500ms, client-ttl: 0s, max-body: 1KiB, coalesce: fleet, compress: false, warm: { every: 1m, with: [ { id: 7 }, { id: 8 } ], at-start: false }, tags: [ all, "one:{id}" ], tables: { names: [ a, b.c ], min-interval: 2s }, near: true, before-router: true }
          other:
            get: /other
            sql: SELECT 1 AS a LIMIT 1
            public: true
            cache: { near: 7s, tables: [ a ], before-router: all }
          write:
            post: /write
            body: { name: string }
            sql: INSERT INTO a (name) VALUES (:name)
            returns: none
            isolation: serializable
            retries: 3
            max-request-body: 512B
            invalidates: [ all ]
            errors: { a_key: { status: 409, message: "taken: 'a'" } }
        """

    @Test("spells settings as manifests do, so that they can be read back")
    func spelling() async throws {
        let first = try await withManifest(Self.settings) { file in
            (try ManifestRoutes([file]).all, try ListCommand.parse([file, "--format", "json"]).output())
        }
        let document = try JSONSerialization.jsonObject(with: Data(first.1.utf8)) as? [String: [[String: Any]]]
        var manifest = "version: 1\nnamespace: shop\nroutes:\n"
        var spelled: Set<String> = []
        for (listed, route) in zip(try #require(document?["routes"]), first.0) {
            let (method, path) = (try #require(listed["method"] as? String), try #require(listed["path"] as? String))
            manifest += "  \(route.name):\n    \(method.lowercased()): \(path)\n"
            for input in route.declaration.signature.inputs {
                manifest += "    \(input.group): { \(input.name): \(input.type) }\n"
            }
            guard case .sql(let statement) = route.description.source else { continue }
            let sql = zip(1..., statement.binding).reduce(statement.sql) { $0.replacing("$\($1.0)", with: ":\($1.1)") }
            manifest += "    sql: \(sql)\n"
            var settings = try #require(listed["settings"] as? [String: Any])
            settings["cache"] = listed["cache"].flatMap { $0 is NSNull ? nil : $0 }
            spelled.formUnion(settings.keys)
            spelled.formUnion((settings["cache"] as? [String: Any] ?? [:]).keys)
            for (name, value) in settings {
                let data = try JSONSerialization.data(withJSONObject: value, options: .fragmentsAllowed)
                manifest += "    \(name): \(String(decoding: data, as: UTF8.self).replacing("\\/", with: "/"))\n"
            }
        }
        // Settings that the list has in another form, or that nothing but the build reads.
        let others = ["revision", "not-null", "invalidates-target", "precondition", "allow"]
        let all = Set(RouteSettings.table.map(\.name) + CacheSettings.table.map(\.name))
        #expect(all.subtracting(others).subtracting(spelled) == [], "each setting is in the manifest of this test")
        let second = try await withManifest(manifest) { try ManifestRoutes([$0]).all }
        for (one, other) in zip(first.0, second) {
            var (left, right) = (one.description, other.description)
            (left.declaration.location, right.declaration.location) = (nil, nil)
            #expect(left == right, "\(manifest)")
        }
        #expect(first.0.count == 3 && second.count == 3)
    }

    @Test("says so where tables are those of a lock that is not there")
    func noLock() async throws {
        let manifest =
            "version: 1\nnamespace: n\nroutes: { r: { get: /r, sql: SELECT 1 AS a FROM t LIMIT 1, cache: { tables: auto } } }\n"
        let text = try await withManifest(manifest) { try ListCommand.parse([$0]).output() }
        #expect(text.contains("  auto (no lock)  "), "\(text)")
    }

    @Test("fails where a manifest has errors or is not there")
    func failures() async throws {
        try await withManifest("version: 1\nnamespace: n\nroutes: { r: { get: /r } }\n") { file in
            #expect(throws: ExitCode(1)) { try ManifestRoutes([file]) { #expect($0.location.line == 3) } }
            #expect(throws: ExitCode(1)) { try ListCommand.parse([file + ".gone"]).output() }
        }
    }
}
