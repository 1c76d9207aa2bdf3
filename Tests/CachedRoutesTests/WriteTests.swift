import CachedRoutesTesting
import HTTPTypes
import Logging
import NIOCore
import NIOPosix
import RouteModel
import Synchronization
import TestApp
import Testing

@testable import CachedRoutes
@testable import CachedRoutesCore

@Suite("A route that writes")
struct WriteTests {
    /// What has happened, in order.
    private final class Events: CommitFollowUp {
        let names = Mutex<[String]>([])

        func add(_ name: String) { names.withLock { $0.append(name) } }

        func committed(
            _ plan: RoutePlan,
            with values: InputValues,
            certainty: CommitCertainty
        ) async -> PurgeOutcome {
            add("\(plan.route.name) \(values.texts(at: 0)) \(certainty)")
            return .done
        }
    }

    private let events = Events()

    private func route(
        _ method: RouteSignature.Method = .put,
        returns: RouteDeclaration.Returns = .one,
        status: Int? = nil,
        errors: [String: ConstraintResponse] = [:]
    ) -> CompiledRoute {
        CompiledRoute(
            RouteDefinition(
                RouteDeclaration(
                    "change",
                    signature(method),
                    .write(WritePolicy(maxRequestBody: 100)),
                    returns: returns,
                    status: status,
                    errors: errors
                ),
                .sql("UPDATE t SET a = $2 WHERE id = $1 RETURNING id", binding: ["id", "name"])
            )
        )
    }

    private func signature(_ method: RouteSignature.Method) -> RouteSignature {
        RouteSignature(
            namespace: "test",
            fingerprint: "00000000",
            method: method,
            path: "/things/{id}",
            inputs: [RouteInput(.path, "id", .int), RouteInput(.body, "name", .string, maxLength: 5)]
        )
    }

    private func service(_ database: any RouteDatabase) -> CachedRoutesService {
        CachedRoutesService.testing(
            .memory(budget: 1 << 20),
            database: database,
            followUps: [events],
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    private func send(
        _ service: CachedRoutesService,
        _ route: CompiledRoute,
        _ body: String = #"{"name":"x"}"#,
        _ fields: HTTPFields = [.contentType: "application/json"],
        deadline: NIODeadline? = nil
    ) async -> RouteResponse {
        let request = RouteRequest(
            method: .put,
            target: "/things/7",
            headerFields: fields,
            body: ByteBuffer(string: body)
        )
        return await service.respond(to: request, of: route, context: NoContext(), deadline: deadline)
    }

    @Test("commits, follows the commit up, then answers, and nothing is stored")
    func order() async {
        let events = events
        let database = CannedDatabase { _, values in
            events.add("commit \(values.text(at: 1) ?? "")")
            return #"{"id":7}"#
        }
        let service = service(database)
        for _ in 0..<2 {
            let response = await send(service, route(status: 201))
            events.add("answer")
            #expect(response.status.code == 201)
            #expect(response.text == #"{"id":7}"#)
            #expect(response.headerFields[.contentType] == "application/json")
            #expect(response.headerFields[.contentLength] == "8")
            #expect(response.headerFields[.cacheControl] == "no-store")
            #expect(response.headerFields[.eTag] == nil)
            #expect(response.cacheStatus == "CachedRoutes; fwd=method")
        }
        let once = ["commit x", #"change ["7"] certain"#, "answer"]
        #expect(events.names.withLock { $0 } == once + once)
    }

    @Test("follows a commit up whose outcome is not known, and no failure that kept nothing")
    func unknownOutcome() async {
        let events = events
        for kind in [
            RouteDatabaseError.Code.outcomeUnknown, .unavailable, .overloaded, .deadlineExceeded, .cancelled,
            .contended,
            .badValue,
            .conflict, .forbidden, .refused, .failed,
        ] {
            events.names.withLock { $0 = [] }
            let database = CannedDatabase { _, _ throws(RouteDatabaseError) in throw RouteDatabaseError(kind, "secret")
            }
            let response = await send(service(database), route())
            let expected = kind == .outcomeUnknown ? [#"change ["7"] possible"#] : []
            #expect(events.names.withLock { $0 } == expected, "\(kind)")
            #expect(response.headerFields[.contentType] == "application/problem+json")
            #expect(!response.text.contains("secret"))
        }
    }

    @Test("follows a commit of unknown outcome up once more when it is over")
    func lateCommit() async {
        let gate = Gate()
        let database = CannedDatabase { _, _ throws(RouteDatabaseError) in
            throw RouteDatabaseError(.outcomeUnknown, "", commitIsOver: { await gate.pass() })
        }
        let response = await send(service(database), route())
        #expect(response.status == .gatewayTimeout)
        await gate.arrivals(1)
        #expect(events.names.withLock { $0.count } == 1)
        gate.open()
        while events.names.withLock({ $0.count }) < 2 { await Task.yield() }
        #expect(events.names.withLock { $0 } == [#"change ["7"] possible"#, #"change ["7"] possible"#])
    }

    @Test(
        "answers a failure by its kind",
        arguments: [
            (.unavailable, 503), (.overloaded, 503), (.contended, 503), (.deadlineExceeded, 504), (.cancelled, 504),
            (.outcomeUnknown, 504), (.badValue, 400), (.refused, 400), (.forbidden, 403), (.conflict, 409),
            (.failed, 500),
        ] as [(RouteDatabaseError.Code, Int)]
    )
    func statuses(kind: RouteDatabaseError.Code, status: Int) async {
        let database = CannedDatabase { _, _ throws(RouteDatabaseError) in throw RouteDatabaseError(kind, "") }
        let response = await send(service(database), route())
        #expect(response.status.code == status)
        #expect((response.headerFields[.retryAfter] != nil) == (status == 503))
    }

    @Test("tells clients what the manifest says of a constraint, whatever the kind of failure")
    func constraints() async {
        let errors = ["things_name_key": ConstraintResponse(422, "There is a \"thing\" of that name.")]
        for (constraint, status) in [("things_name_key", 422), ("other", 409), (nil, 409)] {
            let database = CannedDatabase { _, _ throws(RouteDatabaseError) in
                throw RouteDatabaseError(.conflict, "", constraint: constraint)
            }
            let response = await send(service(database), route(errors: errors))
            #expect(response.status.code == status)
            #expect(response.text.contains(#"There is a \"thing\" of that name."#) == (status == 422))
        }
    }

    @Test("answers without a row by 404, and `returns: none` by 204 without a body")
    func withoutBody() async {
        let database = CannedDatabase { _, _ in nil }
        let absent = await send(service(database), route())
        #expect(absent.status == .notFound)
        let none = await send(service(database), route(returns: .none))
        #expect(none.status == .noContent)
        #expect(none.headerFields[.contentLength] == nil)
        #expect(none.headerFields[.contentType] == nil)
        let accepted = await send(service(database), route(returns: .none, status: 202))
        #expect(accepted.status.code == 202)
        #expect(accepted.headerFields[.contentLength] == "0")
        #expect(events.names.withLock { $0.count } == 3, "each of them was committed")
    }

    @Test("takes JSON and says what it does not take")
    func bodies() async {
        let database = CannedDatabase(json: #"{"id":7}"#)
        let service = service(database)
        let types = [
            "application/json", "Application/JSON; charset=UTF-8", "application/merge-patch+json",
            "application/json;charset=utf8", "application/json; charset=latin1",
            " application/json ;charset=\"x;y\"; v=1",
            "application/json;", "application/problem+JSON;+json",
        ]
        for type in types {
            #expect(await send(service, route(), #"{"name":"x"}"#, [.contentType: type]).status == .ok, "\(type)")
        }
        for type in [
            "text/plain", "application/x-www-form-urlencoded", "+json", "", ";", "application/json/x", "json",
            "text/plain;application/json", "text/plain; x=a/b+json", "text/plain, a/b+json", "app lication/json",
            "application/jsonp", "/x+json", "application/+json", "application/json, text/plain",
        ] {
            let response = await send(service, route(), #"{"name":"x"}"#, [.contentType: type])
            #expect(response.status == .unsupportedMediaType, "\(type)")
        }
        #expect(await send(service, route(), #"{"name":"x"}"#, [:]).status == .unsupportedMediaType)
        for (body, input) in [
            (#"{"name":"toolong"}"#, "name"), (#"{"name":1}"#, "name"), (#"{}"#, "name"), ("", "name"),
            (#"{"name":"x","other":1}"#, "other"),
        ] {
            let response = await send(service, route(), body)
            #expect(response.status == .badRequest)
            #expect(response.text.contains(#"","input":"\#(input)","errors":["#), "\(body): \(response.text)")
        }
        for body in ["[]", "{", #"{"name":"x"}}"#, #"{"name":"x","name":"y"}"#, "\u{FEFF}{}"] {
            let response = await send(service, route(), body)
            #expect(response.status == .badRequest)
            #expect(!response.text.contains("\"input\""), "\(body): \(response.text)")
        }
        #expect(database.queryCount == types.count)
    }

    @Test("refuses a body where none is declared")
    func unwantedBody() async {
        let route = CompiledRoute(
            RouteDefinition(
                RouteDeclaration(
                    "remove",
                    RouteSignature(
                        namespace: "test",
                        fingerprint: "00000000",
                        method: .delete,
                        path: "/things/{id}",
                        inputs: [RouteInput(.path, "id", .int)]
                    ),
                    .write(WritePolicy()),
                    returns: .none
                ),
                .sql("DELETE FROM t WHERE id = $1", binding: ["id"])
            )
        )
        let service = service(CannedDatabase { _, _ in nil })
        #expect(await send(service, route, "{}").status == .badRequest)
        #expect(await send(service, route, "").status == .noContent)
    }

    @Test("runs a handler, and follows up what it may have written, in time or late")
    func handlers() async {
        struct Failure: Error {}
        let gate = Gate()
        let handled = CompiledRoute(
            RouteDefinition(
                RouteDeclaration("handled", signature(.put), .write(WritePolicy())),
                .handler({ values in
                    switch values.text(at: 1) {
                    case "late": await gate.pass()
                    case "bad": throw Failure()
                    default: break
                    }
                    return try HandlerResponse(encoding: ["name": values.text(at: 1)])
                })
            )
        )
        let service = service(CannedDatabase(json: ""))
        let good = await send(service, handled)
        #expect(good.text == #"{"name":"x"}"#)
        let bad = await send(service, handled, #"{"name":"bad"}"#)
        #expect(bad.status == .internalServerError)
        #expect(events.names.withLock { $0 } == [#"handled ["7"] certain"#, #"handled ["7"] possible"#])
        let late = await send(service, handled, #"{"name":"late"}"#, deadline: .now() + .milliseconds(20))
        #expect(late.status == .gatewayTimeout)
        #expect(events.names.withLock { $0.last } == #"handled ["7"] possible"#)
        gate.open()
        while events.names.withLock({ $0.count }) < 4 { await Task.yield() }
        #expect(events.names.withLock { $0.last } == #"handled ["7"] certain"#)
    }

    @Test("goes on when its client leaves, and is followed up")
    func cancelled() async {
        let events = events
        let gate = Gate()
        let database = WaitingDatabase(gate)
        let service = service(database)
        let request = Task { await send(service, route()) }
        await gate.arrivals(1)
        request.cancel()
        gate.open()
        #expect(await request.value.status == .ok)
        #expect(events.names.withLock { $0 } == [#"change ["7"] certain"#])
    }

    /// A database whose answers wait at a gate, and that notices cancellation.
    private struct WaitingDatabase: RouteDatabase {
        let gate: Gate

        init(_ gate: Gate) { self.gate = gate }

        func answer(
            to query: SQLStatement,
            _ values: InputValues,
            deadline: NIODeadline
        ) async throws(RouteDatabaseError) -> DatabaseAnswer {
            await gate.pass()
            guard !Task.isCancelled else { throw RouteDatabaseError(.cancelled, "") }
            return DatabaseAnswer(body: ByteBuffer(string: "{}"))
        }

        func answer(
            to query: SQLStatement,
            _ values: InputValues,
            under condition: WriteCondition,
            deadline: NIODeadline
        ) async throws(RouteDatabaseError) -> DatabaseAnswer {
            try await answer(to: query, values, deadline: deadline)
        }

        func ping(deadline: NIODeadline) async throws(RouteDatabaseError) {}
    }
}
