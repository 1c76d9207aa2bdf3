import CachedRoutesTesting
import HTTPTypes
import NIOCore
import NIOHTTP1
import RouteModel
import TestApp
import TestServers
import Testing

@testable import CachedRoutes
@testable import CachedRoutesCore

@Suite("Writes and the answers of their own path (RFC 9110, 13; RFC 9111, 4.4)")
struct TargetTests {
    private static func signature(
        _ method: RouteSignature.Method,
        _ path: PathTemplate,
        _ inputs: [RouteInput] = []
    ) -> RouteSignature {
        RouteSignature(namespace: "target", fingerprint: "0badcafe", method: method, path: path, inputs: inputs)
    }

    private static let id = RouteInput(.path, "id", .string)

    /// `GET /d/{id}` with a variant for each query, language and user, as the generator makes it beside a write of its path.
    private static let document = RouteDefinition(
        RouteDeclaration(
            "getDocument",
            signature(
                .get,
                "/d/{id}",
                [
                    id, RouteInput(.query, "view", .string, default: "all"),
                    RouteInput(.header, "lang", .string, from: "Accept-Language", default: "en", oneOf: ["en", "de"]),
                ]
            ),
            .read(CachePolicy(negativeTTL: .seconds(30), tags: ["/d/{id}"])),
            returns: .one
        ),
        .sql("SELECT 1", binding: ["id", "view", "lang"])
    )

    /// `GET /mine/{id}`, whose answers are each user's own.
    private static let mine = RouteDefinition(
        RouteDeclaration(
            "getMine",
            signature(.get, "/mine/{id}", [id, RouteInput(.context, "userID", .int)]),
            .read(CachePolicy(tags: ["/mine/{id}"])),
            returns: .one
        ),
        .sql("SELECT 1", binding: ["id", "userID"])
    )

    /// `GET /d`, whose path has no inputs.
    private static let list = RouteDefinition(
        RouteDeclaration(
            "listDocuments",
            signature(.get, "/d", [RouteInput(.query, "page", .int, default: "1")]),
            .read(CachePolicy()),
            returns: .many
        ),
        .sql("SELECT 1", binding: ["page"])
    )

    private static func write(
        _ method: RouteSignature.Method,
        _ path: PathTemplate,
        _ targets: [TargetInvalidation],
        precondition: PreconditionPolicy? = nil
    ) -> RouteDefinition {
        let inputs = path.inputNames.isEmpty ? [] : [id]
        return RouteDefinition(
            RouteDeclaration(
                "\(method)\(path)",
                signature(method, path, inputs),
                .write(WritePolicy(targets: targets)),
                returns: .value
            ),
            .sql("UPDATE", binding: inputs.map(\.name)),
            precondition: precondition
        )
    }

    private static let routes =
        [document, mine, list]
        + [RouteSignature.Method.put, .patch, .delete, .post].flatMap { method in
            [
                write(
                    method,
                    "/d/{id}",
                    [.path("/d/{id}", in: "target")],
                    precondition: method == .post ? nil : PreconditionPolicy(document)
                ),
                write(method, "/mine/{id}", [.path("/mine/{id}", in: "target")]),
                write(method, "/d", [.route("listDocuments", in: "target")]),
                // A path that is the list's for one value only.
                write(method, "/{id}", [.route("listDocuments", in: "target", where: ["id": "d"])]),
            ]
        }

    private static let context: @Sendable (HTTPFields) -> [String: String]? = { fields in
        fields[.init("User")!].map { ["userID": $0] }
    }

    /// The variants of three resources.
    private static let variants: [(target: String, fields: [(String, String)])] = [
        ("/d/1", []), ("/d/1?view=short", []), ("/d/1", [("Accept-Language", "de")]),
        ("/d/1?view=short", [("Accept-Language", "de")]), ("/d/2", []), ("/d/a%2Fb", []), ("/mine/1", [("User", "1")]),
        ("/mine/1", [("User", "2")]), ("/mine/2", [("User", "1")]), ("/d", []), ("/d?page=2", []),
    ]

    /// The variants that are purged; all of them are stored afterwards.
    private func purged(_ app: Harness) async throws -> [Int] {
        var purged: [Int] = []
        for (index, variant) in Self.variants.enumerated() {
            let status = try await app.send(.GET, variant.target, variant.fields).cacheStatus ?? ""
            if status.contains("detail=purged") {
                purged.append(index)
            } else {
                #expect(status.contains("hit"), "\(status)")
            }
            try await app.stored(variant.target, variant.fields)
        }
        return purged
    }

    @Test("A write purges all variants of its own path, and no other", arguments: Backing.allCases)
    func variants(backing: Backing) async throws {
        let database = CannedDatabase(json: "[1]")
        try await Harness.run(Self.routes, on: backing, database: database, context: Self.context) { app async throws in
            for variant in Self.variants { try await app.stored(variant.target, variant.fields) }
            for method in [HTTPMethod.PUT, .PATCH, .DELETE, .POST] {
                for (target, expected) in [
                    ("/d/1", [0, 1, 2, 3]), ("/d/1?view=x", [0, 1, 2, 3]), ("/d/a%2Fb", [5]), ("/d/a%2fb", [5]),
                    ("/d/%32", [4]), ("/mine/1", [6, 7]), ("/d", [9, 10]), ("/d/3", []), ("/e", []),
                ] {
                    #expect(try await app.send(method, target).status == 200)
                    #expect(try await purged(app) == expected, "\(method) \(target)")
                }
            }
        }
    }

    @Test("What a client was told is absent is there once it has been put", arguments: Backing.allCases)
    func created(backing: Backing) async throws {
        let database = CannedDatabase { query, _ in query.access.isWrite ? "true" : nil }
        try await Harness.run(Self.routes, on: backing, database: database) { app async throws in
            let absent = try await app.stored("/d/1")
            #expect(absent.status == 404)
            #expect(try await app.send(.PUT, "/d/1").status == 200)
            app.database.answer(json: #"{"id":1}"#)
            let answer = try await app.send(.GET, "/d/1")
            #expect(answer.status == 200 && answer.text == #"{"id":1}"#)
            #expect(try await app.stored("/d/1").status == 200)
        }
    }

    @Test(
        "A comparison that refuses a write purges what the client may have seen: all variants of the path, and no other",
        arguments: Backing.allCases
    )
    func compared(backing: Backing) async throws {
        let database = CannedDatabase(json: "[1]")
        try await Harness.run(Self.routes, on: backing, database: database, context: Self.context) { app async throws in
            for variant in Self.variants { try await app.stored(variant.target, variant.fields) }
            for method in [HTTPMethod.PUT, .PATCH, .DELETE] {
                for (target, fields, expected) in [
                    ("/d/1", [("If-Match", #""nope""#)], [0, 1, 2, 3]),
                    ("/d/1?view=short", [("If-Match", #""nope", "no""#)], [0, 1, 2, 3]),
                    ("/d/%32", [("If-None-Match", "*")], [4]),
                    ("/d/a%2fb", [("If-Match", "*"), ("If-None-Match", "*")], [5]),
                    ("/d/3", [("If-Match", "\"\"")], []),
                ] {
                    let answer = try await app.send(method, target, fields)
                    #expect(answer.status == 412)
                    #expect(try await purged(app) == expected, "\(method) \(target) \(fields)")
                }
            }
            // What a client was told is there, and is there no more.
            app.database.answer(json: nil)
            #expect(try await app.send(.DELETE, "/d/1", [("If-Match", "*")]).status == 412)
            #expect(try await app.send(.GET, "/d/1").status == 404)
            #expect(try await app.send(.GET, "/d/2").status == 200)
        }
    }

    @Test("A write that is to purge nothing purges nothing when a comparison refuses it")
    func comparedWithoutTargets() async throws {
        let route = Self.write(.patch, "/d/{id}", [], precondition: PreconditionPolicy(Self.document))
        try await Harness.run([Self.document, route]) { app async throws in
            try await app.stored("/d/1")
            #expect(try await app.send(.PATCH, "/d/1", [("If-Match", #""nope""#)]).status == 412)
            #expect(try await app.send(.GET, "/d/1").cacheStatus?.hasPrefix("CachedRoutes; hit") == true)
        }
    }

    @Test("What Redis could not be told when a comparison refused a write is told later, and the refusal says so")
    func comparedWithoutRedis() async throws {
        let redis = try await blocking { try RedisServer() }
        defer { redis.stop() }
        try await Harness.run(
            Self.routes,
            redis: redis,
            database: CannedDatabase(json: "[1]"),
            clock: ManualClock(),
            configure: {
                // The purge is tried for so long, and again when the service stops.
                $0.redisCommandTimeout = .milliseconds(500)
                $0.drainTimeout = .milliseconds(500)
            }
        ) { app async throws in
            try await app.stored("/d/1")
            redis.stop()
            let answer = try await app.send(.PUT, "/d/1", [("If-Match", #""nope""#)])
            #expect(answer.status == 412)
            #expect(answer["Cached-Routes-Purge"] == "queued")
            #expect(answer["Content-Type"] == "application/problem+json")
            #expect(app.log.lines.contains { $0.hasPrefix("warning A purge did not reach Redis") })
        }
    }

    @Test("Why a condition refuses a write is told to the client, and to the log at debug")
    func reasons() async throws {
        let handler = RouteDefinition(
            RouteDeclaration("putByHandler", Self.signature(.put, "/h/{id}", [Self.id]), .write(WritePolicy())),
            .handler({ _ in HandlerResponse(status: 204) })
        )
        let strict = Self.write(.put, "/s/{id}", [], precondition: PreconditionPolicy(Self.document, required: true))
        let dated = ("If-Unmodified-Since", "Thu, 01 Jan 2099 00:00:00 GMT")
        let match = ("If-Match", #""secret""#)
        let number = RouteInput(.path, "id", .string, maxLength: 1)
        let short = RouteDefinition(
            RouteDeclaration(
                "getShort",
                Self.signature(.get, "/short/{id}", [number]),
                .read(CachePolicy()),
                returns: .one
            ),
            .sql("SELECT 1", binding: ["id"])
        )
        let long = Self.write(.put, "/long/{id}", [], precondition: PreconditionPolicy(short))
        let cases: [(HTTPMethod, String, [(String, String)], Int, String, String)] = [
            (.POST, "/d/1", [match], 412, "can't be made conditional", "no precondition"),
            (.PUT, "/h/1", [match], 412, "can't be made conditional", "handler"),
            (.POST, "/d/1", [dated], 412, "can't be made conditional", "no precondition"),
            (
                .PUT, "/d/1", [dated], 412, "send 'If-Match' with the 'ETag' that GET answers with",
                "If-Unmodified-Since"
            ),
            (.PUT, "/d/1", [("If-Match", "secret")], 412, "in double quotes", "If-Match"),
            (.PUT, "/d/1", [("If-None-Match", "secret")], 412, "in double quotes", "If-None-Match"),
            (.PUT, "/s/1", [], 428, "needs 'If-Match'", "required"),
            (.PUT, "/s/1", [("If-None-Match", #""secret""#)], 428, "needs 'If-Match'", "required"),
            (.PUT, "/long/secret", [match], 412, "not as the request's conditions say", "getShort"),
        ]
        try await Harness.run(Self.routes + [handler, strict, short, long]) { app async throws in
            for (method, target, fields, status, detail, reason) in cases {
                let count = app.log.lines.count
                let answer = try await app.send(method, target, fields)
                #expect(answer.status == status, "\(method) \(target) \(fields)")
                #expect(answer.text.contains(detail), "\(answer.text)")
                let lines = app.log.lines.dropFirst(count).filter { $0.contains("condition") }
                #expect(lines.count == 1, "\(method) \(target) \(fields): \(lines)")
                let line = lines.first ?? ""
                #expect(line.hasPrefix("debug ") && line.contains(reason) && line.contains("route="), "\(line)")
                #expect(!line.contains("secret"))
            }
        }
    }

    @Test(
        "A write that is refused without a comparison purges nothing, and one of unknown outcome does",
        arguments: Backing.allCases
    )
    func refused(backing: Backing) async throws {
        let database = CannedDatabase(json: "[1]")
        try await Harness.run(Self.routes, on: backing, database: database, context: Self.context) { app async throws in
            for variant in Self.variants { try await app.stored(variant.target, variant.fields) }
            let kinds: [(RouteDatabaseError.Code, Int)] = [
                (.unavailable, 503), (.overloaded, 503), (.contended, 503), (.deadlineExceeded, 504), (.badValue, 400),
                (.conflict, 409), (.forbidden, 403), (.refused, 400), (.failed, 500), (.preconditionFailed, 412),
            ]
            for (kind, status) in kinds {
                app.database.answer { query, _ throws(RouteDatabaseError) in
                    guard query.access.isWrite else { return "[1]" }
                    throw RouteDatabaseError(kind, "")
                }
                #expect(try await app.send(.PUT, "/d/1").status == status)
                // A route without inputs has no value that a client could mend.
                #expect(try await app.send(.PUT, "/d").status == (kind == .badValue ? 500 : status))
                #expect(try await purged(app) == [], "\(kind)")
            }
            app.database.answer(json: "[1]")
            for (method, fields, status) in [
                (HTTPMethod.PUT, [("If-Match", "nope")], 412), (.PUT, [("If-None-Match", "nope")], 412),
                (.POST, [("If-Match", "*")], 412),
                (.PUT, [("If-Unmodified-Since", "Thu, 01 Jan 2099 00:00:00 GMT")], 412),
                (.PUT, [("Content-Length", "2"), ("Content-Type", "application/json")], 400),
            ] {
                let body = status == 400 ? "{}" : nil
                let answer = try await HTTPClient.request(
                    method,
                    "/d/1",
                    port: app.port,
                    fields: fields.filter { $0.0 != "Content-Length" },
                    body: body
                )
                #expect(answer.status == status, "\(fields)")
                #expect(try await purged(app) == [], "\(fields)")
            }
            app.database.answer { query, _ throws(RouteDatabaseError) in
                guard query.access.isWrite else { return "[1]" }
                throw RouteDatabaseError(.outcomeUnknown, "")
            }
            #expect(try await app.send(.PUT, "/d/1").status == 504)
            #expect(try await purged(app) == [0, 1, 2, 3])
        }
    }

    @Test("The tag of an answer, by GET, HEAD or compressed, is one that a write can be conditional on")
    func tags() async throws {
        let text = #"{"text":"\#(String(repeating: "x", count: 4000))"}"#
        let database = CannedDatabase { query, values in
            query.access.isWrite ? "true" : values.text(at: 1) == "short" ? "{}" : text
        }
        try await Harness.run(Self.routes, database: database) { app async throws in
            try await app.stored("/d/1")
            let tag = try #require(try await app.send(.GET, "/d/1")["ETag"])
            #expect(try await app.send(.HEAD, "/d/1")["ETag"] == tag)
            let forms = [tag, "\(tag.dropLast())-gzip\"", "\"x\", \(tag)", "*"]
            for form in forms {
                for method in [HTTPMethod.PUT, .PATCH, .DELETE] {
                    let answer = try await app.send(method, "/d/1", [("If-Match", form)])
                    #expect(answer.status == 200, "\(form)")
                    #expect(answer.cacheStatus == "CachedRoutes; fwd=method")
                }
                // It is the tag of another representation.
                guard form != "*" else { continue }
                let other = try await app.send(.PUT, "/d/1?view=short", [("If-Match", form)])
                #expect(other.status == 412)
            }
            #expect(try await app.send(.PUT, "/d/1", [("If-Match", "W/\(tag)")]).status == 412)
            #expect(try await app.send(.PUT, "/d/1", [("If-Match", "\"x\""), ("If-Match", tag)]).status == 200)
            // Nothing changes for requests that read.
            #expect(try await app.send(.GET, "/d/1", [("If-Match", "\"nope\"")]).status == 200)
            #expect(try await app.send(.HEAD, "/d/1", [("If-Match", "\"nope\"")]).status == 200)
            #expect(try await app.send(.GET, "/d/1", [("If-None-Match", tag)]).status == 304)
        }
    }
}
