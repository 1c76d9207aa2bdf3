import CachedRoutesTesting
import NIOCore
import NIOHTTP1
import TestApp
import TestServers
import Testing

@testable import CachedRoutes
@testable import CachedRoutesCore
@testable import RedisClient

@Suite("The log")
struct LogTests {
    /// The lines that a service writes at `info` and above.
    private static func kept(_ app: Harness) -> [String] {
        app.log.lines.filter { !$0.hasPrefix("debug ") && !$0.hasPrefix("trace ") }
    }

    @Test("says once in ten seconds that statements miss their deadlines, as a warning")
    func lateStatements() async throws {
        let database = CannedDatabase { _, _ throws(RouteDatabaseError) in
            // As the client of a database that the flight's end cancels.
            try? await Task.sleep(for: .seconds(60))
            throw RouteDatabaseError(.cancelled, "the task was cancelled")
        }
        try await Harness.run([route(timeout: .milliseconds(150))], database: database) { app async throws in
            for _ in 0..<3 { #expect(try await app.send(.GET, "/r").status == 504) }
            let words = "A statement passed its deadline"
            try await poll("they are counted") { app.log.lines.count { $0.contains(words) } == 3 }
            let warnings = Self.kept(app).filter { $0.contains(words) }
            #expect(warnings.count == 1 && warnings[0].hasPrefix("warning ") && warnings[0].contains("route=route"))
        }
    }

    @Test("does not blame a statement for a client that left")
    func departure() async throws {
        let now = NIODeadline.uptimeNanoseconds(1)
        let failures = DatabaseErrorResponder(logger: LogRecorder().logger, now: { now })
        let log = LogRecorder()
        let own = DatabaseErrorResponder(logger: log.logger, now: { now })
        let plan = RoutePlan(route())
        let failure = RouteDatabaseError(.cancelled, "the task was cancelled")
        #expect(own.problem(for: failure, plan) == .deadlineExceeded)
        #expect(!log.lines.contains { $0.hasPrefix("warning") })
        #expect(failures.problem(for: failure, plan, isLate: true) == .deadlineExceeded)
    }

    @Test("has the constraint and the status where 'errors' doesn't name it")
    func constraints() {
        let log = LogRecorder()
        let failures = DatabaseErrorResponder(logger: log.logger) { .uptimeNanoseconds(1) }
        let failure = RouteDatabaseError(.conflict, "23505", constraint: "notes_key", table: "notes")
        let problem = failures.problem(for: failure, RoutePlan(route()))
        #expect(problem.status == .conflict && !problem.detail.contains("notes"))
        #expect(log.lines.count == 1 && log.lines[0].contains(" constraint=notes_key "))
        #expect(log.lines[0].contains(" status=409 ") && log.lines[0].hasSuffix(" table=notes"))
        let other = RouteDatabaseError(.conflict, "23505")
        #expect(failures.problem(for: other, RoutePlan(route())).status == .conflict)
        #expect(log.lines.count == 2 && !log.lines[1].contains("status="))
    }

    @Test("says so of handlers, too")
    func lateHandlers() async throws {
        let late = handlerRoute(timeout: .milliseconds(150)) { _ in
            try await Task.sleep(for: .seconds(60))
            return HandlerResponse(status: 204)
        }
        try await Harness.run([late]) { app async throws in
            for _ in 0..<3 { #expect(try await app.send(.GET, "/h").status == 504) }
            let warnings = Self.kept(app).filter { $0.contains("A handler passed its deadline") }
            #expect(warnings.count == 1 && warnings[0].hasPrefix("warning ") && warnings[0].contains("route=handler"))
        }
    }

    @Test("has a database's and a handler's own words at debug only")
    func words() async throws {
        let database = CannedDatabase { _, _ throws(RouteDatabaseError) in
            throw RouteDatabaseError(
                .conflict,
                "23505",
                fullDescription: "Key (email)=(tom@example.org) already exists"
            )
        }
        try await Harness.run([route()], database: database) { app async throws in
            for _ in 0..<3 { #expect(try await app.send(.GET, "/r").status == 409) }
            #expect(Self.kept(app).contains { $0.contains("23505") })
            #expect(!Self.kept(app).contains { $0.contains("tom@") })
            #expect(app.log.lines.contains { $0.hasPrefix("debug ") && $0.contains("tom@") })
        }
        let refusing = handlerRoute { _ in throw HandlerError(status: 409, "tom@example.org is taken.") }
        try await Harness.run([refusing]) { app async throws in
            #expect(try await app.send(.GET, "/h").status == 409)
            #expect(Self.kept(app).contains { $0.contains("A handler refused a request") })
            #expect(!Self.kept(app).contains { $0.contains("tom@") })
            #expect(app.log.lines.contains { $0.hasPrefix("debug ") && $0.contains("tom@") })
        }
    }

    @Test(
        "names keys without inputs",
        arguments: [
            ("shop:0badcafe:get:/users/7:limit=20:userID=9", "shop:0badcafe:get:…"),
            ("shop:0badcafe:get:/users/7:;gzip", "shop:0badcafe:get:…;gzip"),
            ("shop;tag;user:tom", "shop;tag;…"), ("shop;route;getUser", "shop;route;getUser"),
            ("shop;table;users;1000", "shop;table;users;1000"), ("shop", "shop"), ("", ""), ("a:b:c", "a:b:c"),
        ]
    )
    func keys(key: String, logged: String) {
        #expect(KeyRedaction.text(Array(key.utf8)) == logged)
    }

    @Test(
        "has no arguments of commands that Redis does not know",
        arguments: [
            "ERR unknown command 'MGET', with args beginning with: 'shop:0badcafe:get:/u::userID=tom' ",
            "ERR unknown command `AUTH`, with args beginning with: `tom`, `tom`, ",
        ]
    )
    func commands(message: String) {
        let error = RedisServerError(message: message)
        #expect(error.message == message && !"\(error)".contains("tom") && "\(error)".hasPrefix("ERR unknown command"))
    }
}
