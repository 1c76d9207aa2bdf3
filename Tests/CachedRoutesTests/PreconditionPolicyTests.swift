import CachedRoutesTesting
import HTTPTypes
import NIOCore
import RouteModel
import Synchronization
import Testing

@testable import CachedRoutes
@testable import CachedRoutesCore

@Suite("A write with a precondition")
struct PreconditionPolicyTests {
    /// The statements that were asked, with their values.
    private final class Log: Sendable {
        let lines = Mutex<[String]>([])

        func note(_ text: String) { lines.withLock { $0.append(text) } }
    }

    private let log = Log()
    private let get: RouteDefinition

    init() {
        get = RouteDefinition(
            RouteDeclaration(
                "getThing",
                RouteSignature(
                    namespace: "test",
                    fingerprint: "00000000",
                    method: .get,
                    path: "/things/{id}",
                    inputs: [
                        RouteInput(.path, "id", .int, min: "1"),
                        RouteInput(.query, "view", .string, from: "v", default: "all"),
                        RouteInput(.query, "pages", .list(.int), default: []),
                        RouteInput(
                            .header,
                            "lang",
                            .string,
                            from: "Accept-Language",
                            default: "en",
                            oneOf: ["en", "de"]
                        ),
                        RouteInput(.context, "userID", .int),
                    ]
                ),
                .read(CachePolicy()),
                returns: .one
            ),
            .sql("SELECT", binding: ["id", "view", "pages", "lang", "userID"])
        )
    }

    private enum Kind: CaseIterable { case named, required, unnamed, handler }

    private func write(_ kind: Kind, unknownQuery: RouteDeclaration.UnknownQuery = .ignore) -> CompiledRoute {
        let signature = RouteSignature(
            namespace: "test",
            fingerprint: "00000000",
            method: .put,
            path: "/things/{id}",
            inputs: [
                RouteInput(.path, "id", .int), RouteInput(.query, "dry", .bool, default: "false"),
                RouteInput(.context, "userID", .int),
            ]
        )
        let log = log
        guard kind != .handler else {
            return CompiledRoute(
                RouteDefinition(
                    RouteDeclaration("handled", signature, .write(WritePolicy())),
                    .handler({ _ in
                        log.note("handler")
                        return HandlerResponse(bytes: ByteBuffer(string: "done"), contentType: "text/plain")
                    })
                )
            )
        }
        return CompiledRoute(
            RouteDefinition(
                RouteDeclaration(
                    "setThing",
                    signature,
                    .write(WritePolicy()),
                    returns: .value,
                    unknownQuery: unknownQuery
                ),
                .sql("UPDATE", binding: ["id"]),
                precondition: kind == .unnamed ? nil : PreconditionPolicy(get, required: kind == .required)
            )
        )
    }

    /// A service whose GET route answers this for every thing; `nil`: there is none.
    private func service(_ body: String?) -> CachedRoutesService {
        let log = log
        let database = CannedDatabase { query, values in
            let texts = (0..<values.count).map { values.texts(at: $0).joined(separator: "+") }
            log.note("\(query.sql) \(texts.joined(separator: ","))")
            return query.access.isWrite ? "true" : body
        }
        return CachedRoutesService.testing(database: database)
    }

    private func send(
        _ service: CachedRoutesService,
        _ route: CompiledRoute,
        _ fields: HTTPFields,
        _ target: String = "/things/7"
    ) async -> RouteResponse {
        log.lines.withLock { $0 = [] }
        return await service.respond(
            to: RouteRequest(method: .put, target: target, headerFields: fields),
            of: route,
            context: DictionaryContext(values: ["userID": "3"])
        )
    }

    private static let tag = "\"\(EntityTag.opaque(for: ByteBuffer(string: "{}")))\""
    private static let date = "Thu, 01 Jan 2099 00:00:00 GMT"

    /// Conditions, and the status of a write of each kind to a thing that is there, and to one that is not.
    private static let table: [(name: String, fields: HTTPFields, there: [Int], absent: [Int])] = [
        ("nothing", [:], [200, 428, 200, 200], [200, 428, 200, 200]),
        ("If-Modified-Since", [.ifModifiedSince: date], [200, 428, 200, 200], [200, 428, 200, 200]),
        ("If-Match", [.ifMatch: tag], [200, 200, 412, 412], [412, 412, 412, 412]),
        ("If-Match another", [.ifMatch: #""nope""#], [412, 412, 412, 412], [412, 412, 412, 412]),
        ("If-Match any", [.ifMatch: "*"], [200, 200, 412, 412], [412, 412, 412, 412]),
        ("If-Match malformed", [.ifMatch: "nope"], [412, 412, 412, 412], [412, 412, 412, 412]),
        ("If-None-Match any", [.ifNoneMatch: "*"], [412, 412, 412, 412], [200, 200, 412, 412]),
        ("If-None-Match", [.ifNoneMatch: tag], [412, 428, 412, 412], [200, 428, 412, 412]),
        ("If-None-Match another", [.ifNoneMatch: #""x""#], [200, 428, 412, 412], [200, 428, 412, 412]),
        ("If-None-Match malformed", [.ifNoneMatch: "x"], [412, 412, 412, 412], [412, 412, 412, 412]),
        ("If-Unmodified-Since", [.ifUnmodifiedSince: date], [412, 412, 412, 412], [412, 412, 412, 412]),
        ("both", [.ifMatch: tag, .ifUnmodifiedSince: date], [200, 200, 412, 412], [412, 412, 412, 412]),
    ]

    @Test("is done, or answered 412 or 428 and not done, by what its request says and what there is")
    func outcomes() async {
        for (name, fields, there, absent) in Self.table {
            for (body, statuses) in [("{}", there), (nil, absent)] {
                let service = service(body)
                for (kind, status) in zip(Kind.allCases, statuses) {
                    let response = await send(service, write(kind), fields)
                    #expect(response.status.code == status, "\(name), \(kind), \(body ?? "absent")")
                    let isDone = log.lines.withLock { $0.contains { $0.hasPrefix("UPDATE") || $0 == "handler" } }
                    #expect(isDone == (status == 200), "\(name), \(kind)")
                    guard status != 200 else { continue }
                    #expect(response.headerFields[.contentType] == "application/problem+json")
                    #expect(response.headerFields[.cacheControl] == "no-store")
                    #expect(response.text.contains(#""status":\#(status),"detail":""#))
                }
            }
        }
    }

    @Test("asks the GET route with its own path and context, and with the request's query and header")
    func values() async {
        let service = service("{}")
        let cases: [(target: String, language: String?, asked: String)] = [
            ("/things/007", nil, "SELECT 7,all,,en,3"),
            ("/things/7?v=short&dry=true", "de", "SELECT 7,short,,de,3"),
            ("/things/7?pages=1&pages=02&other=x&view=no", "fr", "SELECT 7,all,1+2,en,3"),
        ]
        for (target, language, expected) in cases {
            var fields: HTTPFields = [.ifMatch: "*"]
            fields[.acceptLanguage] = language
            #expect(await send(service, write(.named), fields, target).status == .ok)
            #expect(log.lines.withLock { $0.first } == expected)
            #expect(log.lines.withLock { $0.count } == 2)
        }
    }

    @Test("refuses a query that the GET route would refuse, and only where there is a condition")
    func refusals() async {
        let service = service("{}")
        let refused = await send(service, write(.named), [.ifMatch: "*"], "/things/7?pages=x")
        #expect(refused.status == .badRequest && refused.text.contains(#""input":"pages""#))
        #expect(log.lines.withLock { $0 } == [])
        #expect(await send(service, write(.named), [:], "/things/7?pages=x").status == .ok)
        // What the GET route refuses is nothing that it has: no condition can be compared.
        #expect(await send(service, write(.named), [.ifNoneMatch: "*"], "/things/0").status == .preconditionFailed)
        #expect(await send(service, write(.named), [:], "/things/0").status == .ok)
        // The request's own faults come first (RFC 9110, 13.2.1).
        #expect(await send(service, write(.required), [:], "/things/x").status == .badRequest)
        #expect(await send(service, write(.unnamed), [.ifMatch: "*"], "/things/x").status == .badRequest)
    }

    @Test(
        "that is required is met by a request that says which state it changes",
        arguments: [
            (.ifMatch, "*", .ok), (.ifNoneMatch, "*", .preconditionFailed),
            (.ifNoneMatch, "\"other\"", .preconditionRequired),
            (.ifNoneMatch, "W/\"other\", \"y\"", .preconditionRequired), (.ifUnmodifiedSince, "x", .preconditionFailed),
            (.ifModifiedSince, "x", .preconditionRequired),
        ] as [(HTTPField.Name, String, HTTPResponse.Status)]
    )
    func required(name: HTTPField.Name, value: String, status: HTTPResponse.Status) async {
        let service = service("{}")
        #expect(await send(service, write(.required), [name: value], "/things/7").status == status)
    }

    @Test("knows the names of the GET route's query where others are rejected")
    func unknownQuery() async {
        let service = service("{}")
        let route = write(.named, unknownQuery: .reject)
        #expect(await send(service, route, [.ifMatch: "*"], "/things/7?v=short&dry=true").status == .ok)
        #expect(await send(service, route, [.ifMatch: "*"], "/things/7?view=short").status == .badRequest)
    }

    @Test("fails as its condition's statement does, and the write is not done")
    func failures() async {
        for (kind, status) in [
            (RouteDatabaseError.Code.unavailable, 503), (.failed, 500), (.contended, 503), (.deadlineExceeded, 504),
        ] {
            let log = log
            let database = CannedDatabase { query, _ throws(RouteDatabaseError) in
                log.note(query.sql)
                throw RouteDatabaseError(kind, "")
            }
            let service = CachedRoutesService.testing(database: database)
            #expect(await send(service, write(.named), [.ifMatch: "*"]).status.code == status)
            #expect(log.lines.withLock { $0 } == ["SELECT"])
        }
    }
}
