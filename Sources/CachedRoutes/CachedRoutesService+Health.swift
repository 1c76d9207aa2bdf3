public import CachedRoutesCore
import HTTPConnections
import HTTPTypes
import Logging
import NIOCore

extension CachedRoutesService {
    /// The response to `GET /health`: the process lives.
    public func health() -> RouteResponse { StatusDocument(.ok, "ok").response }

    /// The response to `GET /ready`: 503 from the beginning of a shutdown on and while PostgreSQL can't be asked, and 200 otherwise;
    /// `degraded` with the reason while Redis is unavailable or refuses commands, and with the names of the tables while responses
    /// made from tables are not stored.
    ///
    /// PostgreSQL is asked within one second.
    public func readiness() async -> RouteResponse {
        if connections.isShuttingDown { return StatusDocument(.serviceUnavailable, "stopping").response }
        return await readinessCheck.response(untrustedTables: engine.untrustedTables)
    }
}

/// Finds out if requests can be answered.
struct ReadinessCheck: Sendable {
    let database: (any RouteDatabase)?
    /// The reason why the store does less than it should; `nil` if it does everything.
    let storeProblem: @Sendable () -> String?
    let logger: Logger

    private static let timeout = TimeAmount.seconds(1)

    func response(untrustedTables: [String]) async -> RouteResponse {
        do {
            try await database?.ping(deadline: .now() + Self.timeout)
        } catch {
            logger.debug("PostgreSQL does not answer", metadata: ["error": "\(error)"])
            var response = StatusDocument(.serviceUnavailable, "unavailable").response
            response.headerFields[.retryAfter] = "1"
            return response
        }
        let problem = storeProblem()
        let isWhole = problem == nil && untrustedTables.isEmpty
        var document = StatusDocument(.ok, isWhole ? "ok" : "degraded")
        document.redisProblem = problem
        document.untrustedTables = untrustedTables
        return document.response
    }
}

/// The JSON document that tells of a service's state.
private struct StatusDocument {
    let status: HTTPResponse.Status
    let name: String
    var redisProblem: String?
    var untrustedTables: [String] = []

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
        if !untrustedTables.isEmpty {
            for (index, table) in untrustedTables.enumerated() {
                text += index == 0 ? #","untrustedTables":["# : ","
                Problem.append(table, to: &text)
            }
            text += "]"
        }
        return text + "}"
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
