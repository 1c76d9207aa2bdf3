import RouteManifest
import RouteModel
import Testing

@Suite struct DesignExampleTests {
    @Test("The example of the design is read whole")
    func example() {
        #expect(
            lines(
                designExample,
                files: ["sql/get_user.sql": "SELECT id, email FROM users WHERE id = :id AND lang = :lang\n"]
            ) == [
                "40:10: warning: this SQL has no LIMIT: the answer has as many rows as there are; add one, such as 'LIMIT 100', or write "
                    + "'allow: [ no-limit ]' if that is meant [no-limit]",
                "57:39: warning: 'every' is longer than the ttl of route 'usage': from the end of the ttl until the next "
                    + "run, requests make the answers themselves; write a shorter 'every', or a longer 'ttl' [warm-gap]",
                "57:19: note: the ttl is here",
            ]
        )
    }

    @Test("The example is a manifest")
    func manifest() throws {
        let result = parse(
            designExample,
            files: ["sql/get_user.sql": "SELECT id, email FROM users WHERE id = :id AND lang = :lang\n"]
        )
        #expect(result.diagnostics.map(\.severity) == [.warning, .warning])
        let manifest = try #require(result.manifest)
        #expect(manifest.routes.map(\.name) == ["listUsers", "getUser", "myOrders", "createUser", "usage"])
        #expect(manifest.routes.map(\.cache?.ttl) == [.seconds(60), .seconds(300), .seconds(15), nil, .seconds(10)])
        #expect(manifest.routes[0].cache?.staleWhileRevalidate == .seconds(30))
        #expect(manifest.routes[0].cache?.staleIfError == .seconds(600))
        #expect(manifest.routes.map(\.cache?.beforeRouter) == [.hits, .off, .off, nil, .off])
        #expect(manifest.routes[1].cache?.negativeTTL == .seconds(10))
        #expect(manifest.routes.map(\.cache?.tags) == [["users"], ["users", "user:{id}"], [], nil, []])
        #expect(manifest.routes[4].cache?.warm == WarmPolicy(every: .seconds(60), with: [["days": ["7"]]]))
        #expect(manifest.routes.allSatisfy { $0.timeout == .seconds(2) })
        #expect(manifest.routes[0].signature.path.description == "/api/v1/users")
        #expect(manifest.routes[3].signature.method == .post)
        #expect(
            manifest.routes[3].signature.inputs == [
                RouteInput(.body, "email", .string), RouteInput(.body, "full_name", .string, maxLength: 200),
            ]
        )
        #expect(manifest.routes[3].status == 201)
        #expect(
            manifest.routes[3].write
                == .init(
                    isolation: nil,
                    retries: 0,
                    maxRequestBody: 1 << 20,
                    invalidates: ["users"],
                    targets: [.route("listUsers", in: "users-api")]
                )
        )
        #expect(manifest.contextInputs.map(\.name) == ["userID"])
    }

    @Test("No damage to a manifest makes the parser crash or say nothing", arguments: [1, 2, 3, 4] as [UInt64])
    func damage(seed: UInt64) {
        var state = seed
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        let pieces = [
            "{", "}", "[", "]", ":", "'", "\"", "\n", "\t", "\r\n", " ", "  ", "|", ">", "&a ", "*a", "- ", "? ", "$$",
            ":id", "#", "é", "\\",
        ]
        for _ in 0..<100 {
            var scalars = Array(designExample.unicodeScalars)
            for _ in 0...random(4) {
                let place = random(scalars.count)
                if random(2) == 0 {
                    scalars.removeSubrange(place..<min(scalars.count, place + 1 + random(20)))
                } else {
                    scalars.insert(contentsOf: pieces[random(pieces.count)].unicodeScalars, at: place)
                }
            }
            var text = String.UnicodeScalarView()
            text.append(contentsOf: scalars)
            #expect(!lines(String(text)).isEmpty)
        }
    }

    private let designExample = """
        # yaml-language-server: $schema=<path or URL of the shipped routes.schema.json>
        version: 1
        namespace: users-api              # required: the first part of every key
        base-path: /api/v1
        defaults: { timeout: 2s, cache: { ttl: 60s, jitter: 10% } }
        routes:
          listUsers:                      # a Swift identifier, unique
            get: /users                   # get | post | put | patch | delete; segments may be {name}
            summary: List users, a page at a time
            query:
              skip:  { type: int, default: 0, min: 0 }
              limit: { type: int, default: 20, min: 1, max: 20000 }
            sql: |
              SELECT id, email, full_name, is_active, created_at, bio
              FROM users ORDER BY id LIMIT :limit OFFSET :skip
            returns: many                 # many | one | value | none
            public: true
            cache:
              stale-while-revalidate: 30s
              stale-if-error: 10m
              before-router: true
              tags:
                - users
          getUser:
            get: /users/{id}
            path: { id: int }             # shorthand for { type: int }
            header:
              lang: { from: Accept-Language, one-of: [en, de], default: en }
            sql-file: sql/get_user.sql
            returns: one                  # no row: 404
            cache:
              ttl: 5m
              negative-ttl: 10s
              tags:
                - users
                - user:{id}
          myOrders:
            get: /me/orders
            context: { userID: uuid }     # given by the app from the authenticated request; none: 401
            sql: SELECT id, total, placed_at FROM orders WHERE user_id = :userID ORDER BY id
            returns: many
            cache: 15s                    # shorthand for { ttl: 15s }
          createUser:
            post: /users
            body: { email: string, full_name: { type: string, max-length: 200 } }
            sql: |
              INSERT INTO users (email, full_name) VALUES (:email, :full_name)
              RETURNING id, email, full_name
            returns: one
            status: 201
            invalidates:
              - users
          usage:
            get: /usage
            query: { days: { type: int, default: 7, min: 1, max: 90 } }
            handler: swift                # instead of sql: a method of the generated handlers protocol
            cache: { ttl: 10s, warm: { every: 1m, with: [ { days: 7 } ] } }
        """
}
