import RouteManifest
import Testing

/// Manifests that end too early, with and without a line break.
@Suite struct TextEndTests {
    private static let whole = """
        version: 1
        namespace: shop
        defaults: { timeout: 2s, cache: { ttl: 60s, stale-if-error: 10m } }
        routes:
          listUsers:
            get: /users
            public: true
            query:
              limit: { type: int, default: 20, min: 1, max: 100 }
              ids: { type: "[uuid]", optional: true }
              ? name
              : type: string
            sql: |
              SELECT id, name FROM users WHERE id = ANY(:ids) AND name = :name ORDER BY id LIMIT :limit
          getUser:
            get: '/users/{id}'
            public: true
            path: { id: int }
            cache:
              tags: [ users, "user:{id}" ]
            returns: one
            sql: >-
              SELECT id, name FROM users
              WHERE id = :id
        """

    @Test func `No place is behind the end of a text, wherever that is`() {
        for count in 0...Self.whole.count {
            let source = String(Self.whole.prefix(count))
            let lines = source.split(separator: "\n", omittingEmptySubsequences: false)
            for diagnostic in parse(source).diagnostics {
                let places = [diagnostic.location] + diagnostic.notes.map(\.location)
                for place in places {
                    let isThere = place.line <= lines.count && place.column <= lines[place.line - 1].count + 1
                    #expect(isThere, "\(count): \(diagnostic)")
                }
            }
        }
    }

    @Test(arguments: [
        ("version: 1\nroutes: [a", "2:9: error: this '[' is never closed; ']' is missing"),
        ("version: 1\nroutes: {a: 1", "2:9: error: this '{' is never closed; '}' is missing"),
        ("version: 1\nnamespace: \"abc", "2:12: error: this text never ends; close it with \""),
        ("version: 1\nnamespace: 'abc", "2:12: error: this text never ends; close it with '"),
        ("version: 1\nroutes", "2:1: error: a key needs ':' and a blank behind it: 'routes:'"),
        ("version: 1\nroutes: *", "2:9: error: text that begins with '*' needs quotes: \"*\""),
    ])
    func `A fault at the end of a text stands at the same place with a line break and without`(
        source: String,
        expected: String
    ) {
        #expect(lines(source).first == expected)
        #expect(lines(source + "\n").first == expected)
    }
}
