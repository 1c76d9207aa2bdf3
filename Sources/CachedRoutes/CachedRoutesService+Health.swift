public import CachedRoutesCore
import HTTPConnections
import HTTPTypes
import Logging
import NIOCore

extension CachedRoutesService {
    /// Returns the response to `GET /health`: 200 while the process runs.
    public func health() -> RouteResponse { StatusDocument(.ok, "ok").response }

    /// Returns the response to `GET /ready`: 503 from the start of a shutdown on and while PostgreSQL is unavailable,
    /// and 200 otherwise. A 200 says `degraded`, with the reason, while Redis is unavailable or refuses commands, and,
    /// with the names of the tables, while responses made from tables are not stored.
    ///
    /// Under ``CachedRoutesConfiguration/StatementCheck/fail`` it is also 503 until the database has prepared the
    /// statement of each route: `checking` before it has decided about all of them, and then `faulty`, with the names
    /// of the routes whose statements it can't prepare.
    ///
    /// PostgreSQL has one second to respond.
    public func readiness() async -> RouteResponse {
        if connections.isShuttingDown { return StatusDocument(.serviceUnavailable, "stopping").response }
        return await readinessCheck.response(
            statements: engine.startCheckStatus,
            untrustedTables: engine.untrustedTables
        )
    }
}

/// Checks that requests can be served.
struct ReadinessCheck: Sendable {
    let database: (any RouteDatabase)?
    /// Returns the reason why the store is degraded; `nil` if it is not.
    let storeProblem: @Sendable () -> String?
    let eventLoop: any EventLoop
    let logger: Logger

    private static let timeout = TimeAmount.seconds(1)

    /// - Parameters:
    ///   - statements: the result of preparing the routes' statements.
    ///   - untrustedTables: the tables whose responses are not stored now.
    func response(statements: StartCheckStatus, untrustedTables: [String]) async -> RouteResponse {
        do {
            try await database?.ping(deadline: eventLoop.now + Self.timeout)
        } catch {
            logger.debug("PostgreSQL does not respond", metadata: ["error": "\(error)"])
            return StatusDocument(.serviceUnavailable, "unavailable").responseForNow
        }
        switch statements {
        case .passed: break
        case .checking: return StatusDocument(.serviceUnavailable, "checking").responseForNow
        case .faulty(let routes):
            var document = StatusDocument(.serviceUnavailable, "faulty")
            document.faultyRoutes = routes
            return document.response
        }
        let problem = storeProblem()
        let isWhole = problem == nil && untrustedTables.isEmpty
        var document = StatusDocument(.ok, isWhole ? "ok" : "degraded")
        document.redisProblem = problem
        document.untrustedTables = untrustedTables
        return document.response
    }
}

/// The JSON document of a service's state.
private struct StatusDocument {
    let status: HTTPResponse.Status
    let name: String
    var redisProblem: String?
    var untrustedTables: [String] = []
    var faultyRoutes: [String] = []

    init(_ status: HTTPResponse.Status, _ name: String) {
        self.status = status
        self.name = name
    }

    private var json: String {
        var text = #"{"status":"\#(name)""#
        if let redisProblem {
            text += #","redis":"#
            Problem.append(redisProblem, to: &text)
        }
        Self.append(untrustedTables, as: "untrustedTables", to: &text)
        Self.append(faultyRoutes, as: "routes", to: &text)
        return text + "}"
    }

    /// Appends a list, unless it is empty.
    private static func append(_ names: [String], as member: String, to text: inout String) {
        guard !names.isEmpty else { return }
        for (index, name) in names.enumerated() {
            text += index == 0 ? #","\#(member)":["# : ","
            Problem.append(name, to: &text)
        }
        text += "]"
    }

    /// The response with a state that is soon another one.
    var responseForNow: RouteResponse {
        var response = response
        response.headerFields[.retryAfter] = "1"
        return response
    }

    var response: RouteResponse {
        let body = ByteBuffer(string: json)
        return RouteResponse(
            status: status,
            headerFields: [
                .contentType: "application/json",
                .contentLength: String(body.readableBytes),
                .cacheControl: "no-store",
            ],
            body: body
        )
    }
}
