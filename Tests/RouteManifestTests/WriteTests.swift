import RouteManifest
import RouteModel
import Testing

@Suite struct WriteTests {
    @Test("A write says how it runs and what it reads from the body")
    func write() throws {
        let source = oneRoute(
            """
            patch: /r/{id}
            sql: UPDATE t SET a = :a, b = :b, c = :c, d = :d, e = :e WHERE id = :id AND u = :u RETURNING a
            body:
              a: string
              b: { type: json, optional: true }
              c: { type: "[json]", default: ['{"x": 1}', "null"] }
              d: { type: decimal, min: 0, default: 1.50 }
              e: { type: json, default: ' [1,  2] ' }
            context: { u: uuid }
            path: { id: int }
            isolation: repeatable-read
            retries: 100
            max-request-body: 64KiB
            returns: one
            status: 201
            timeout: 1s
            unknown-query: reject
            errors:
              t_a_key: { status: 409, message: "That a is taken: choose another." }
              "Odd name": { status: 599, message: m }
            """
        )
        let route = try #require(parse(source).manifest).routes[0]
        #expect(route.signature.method == .patch)
        #expect(
            route.signature.inputs == [
                RouteInput(.path, "id", .int), RouteInput(.context, "u", .uuid), RouteInput(.body, "a", .string),
                RouteInput(.body, "b", .json, optional: true),
                RouteInput(.body, "c", .list(.json), default: [#"{"x": 1}"#, "null"]),
                RouteInput(.body, "d", .decimal, default: "1.50", min: "0"),
                RouteInput(.body, "e", .json, default: "[1,  2]"),
            ]
        )
        #expect(route.write == .init(isolation: .repeatableRead, retries: 100, maxRequestBody: 65_536))
        #expect(route.cache == nil)
        #expect(route.returns == .one)
        #expect(route.status == 201)
        #expect(route.unknownQuery == .reject)
        #expect(
            route.errors == [
                "t_a_key": ConstraintResponse(409, "That a is taken: choose another."),
                "Odd name": ConstraintResponse(599, "m"),
            ]
        )
        guard case .sql(let statement) = route.source else {
            Issue.record("no statement")
            return
        }
        #expect(statement.parameters == [2, 3, 4, 5, 6, 0, 1])
    }

    @Test("What nobody names has its built-in value")
    func builtIn() throws {
        for method in ["post", "put", "patch", "delete"] {
            let source = oneRoute("\(method): /r\nbody: { a: int }\nsql: SELECT :a")
            let route = try #require(parse(source).manifest).routes[0]
            #expect(route.signature.method.rawValue == method)
            #expect(route.write == .init(isolation: nil, retries: 0, maxRequestBody: 1 << 20))
            #expect(route.status == 200)
            #expect(route.errors.isEmpty)
            #expect(route.read == .primary)
        }
        let none = try #require(parse(oneRoute("delete: /r\nsql: DELETE FROM t WHERE true\nreturns: none")).manifest)
        #expect(none.routes[0].status == 204)
    }

    @Test("Defaults hold where they make sense, and a route's own answers stand beside theirs")
    func defaults() throws {
        let source = """
            version: 1
            namespace: n
            defaults:
              isolation: serializable
              retries: 3
              max-request-body: 1KiB
              read: replica
              errors: { a: { status: 409, message: a }, b: { status: 409, message: b } }
              public: true
              revision: x
              cache: 5s
            routes:
              read: { get: /a, sql: SELECT 1 }
              readHandler: { get: /b, handler: swift }
              write:
                post: /a
                context: { u: uuid }
                sql: "SELECT :u"
                errors: { b: { status: 422, message: own }, c: { status: 400, message: c } }
              writeHandler: { put: /a, handler: swift }
              own: { get: /c, sql: SELECT 1, read: primary }
              relaxed: { delete: /a, sql: SELECT 1, isolation: read-committed, retries: 0, max-request-body: 2KiB }
            """
        let result = parse(source)
        #expect(result.diagnostics.isEmpty)
        let routes = try #require(result.manifest).routes
        let read = routes[0]
        #expect(read.read == .replica)
        #expect(read.isPublic)
        #expect(read.cache?.ttl == .seconds(5))
        #expect(read.write == nil)
        #expect(read.errors.mapValues(\.message) == ["a": "a", "b": "b"])
        #expect(routes[1].read == .primary)
        #expect(routes[1].errors.isEmpty)
        let write = routes[2]
        let targets = [TargetInvalidation.route("read", in: "n")]
        #expect(
            write.write
                == .init(isolation: .serializable, retries: 3, maxRequestBody: 1024, targets: targets)
        )
        #expect(write.read == .primary)
        #expect(!write.isPublic)
        #expect(write.cache == nil)
        #expect(write.errors.mapValues(\.message) == ["a": "a", "b": "own", "c": "c"])
        #expect(write.errors["b"]?.status == 422)
        #expect(routes[3].write == .init(isolation: nil, retries: 0, maxRequestBody: 1024, targets: targets))
        #expect(routes[3].source == .handler)
        #expect(routes[3].errors.isEmpty)
        #expect(routes[4].read == .primary)
        #expect(
            routes[5].write
                == .init(isolation: .readCommitted, retries: 0, maxRequestBody: 2048, targets: targets)
        )
    }

    @Test("A statement may be run again after a deadlock without an isolation of its own")
    func retries() throws {
        let many = try #require(parse(oneRoute("post: /r\nsql: SELECT 1\nconcurrency: 2")).manifest).routes[0]
        #expect(many.concurrency == 2)
        let route = try #require(parse(oneRoute("post: /r\nsql: SELECT 1\nretries: 2")).manifest).routes[0]
        #expect(route.write == .init(isolation: nil, retries: 2, maxRequestBody: 1 << 20))
    }

    @Test("A handler may limit its requests' bodies, and a delete may have one")
    func handler() throws {
        let source = oneRoute("delete: /r\nbody: { ids: \"[int]\" }\nhandler: swift\nmax-request-body: 10B")
        let route = try #require(parse(source).manifest).routes[0]
        #expect(route.source == .handler)
        #expect(route.write?.maxRequestBody == 10)
        #expect(route.signature.inputs == [RouteInput(.body, "ids", .list(.int))])
    }
}
