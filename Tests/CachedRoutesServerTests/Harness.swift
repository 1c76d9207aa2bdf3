import CachedRoutes
import CachedRoutesServer
import CachedRoutesTesting
import HTTPTypes
import NIOCore
import NIOHTTP1
import Synchronization
import TestApp

/// The routes of a test as a manifest would give them.
struct Table: RouteSet {
    typealias Context = User
    var routes: [RouteDefinition]
}

/// The context of the routes `mine`.
struct User: RouteContext {
    var id: String?
    func text(of name: String) -> String? { name == "user" ? id : nil }
}

/// Routes of a manifest.
enum Routes {
    static func signature(
        _ method: RouteSignature.Method,
        _ path: PathTemplate,
        _ inputs: [RouteInput] = []
    ) -> RouteSignature {
        RouteSignature(namespace: "server", fingerprint: "0badcafe", method: method, path: path, inputs: inputs)
    }

    /// `GET /r?page=0`.
    static let list = RouteDefinition(
        RouteDeclaration(
            "list",
            signature(.get, "/r", [RouteInput(.query, "page", .int, default: "0")]),
            .read(CachePolicy(compress: false)),
            returns: .many,
            isPublic: true
        ),
        .sql("SELECT 1", binding: ["page"])
    )

    /// `POST /r` with a body of at most 64 bytes.
    static let create = RouteDefinition(
        RouteDeclaration(
            "create",
            signature(.post, "/r", [RouteInput(.body, "name", .string)]),
            .write(WritePolicy(maxRequestBody: 64)),
            returns: .value,
            timeout: .milliseconds(500)
        ),
        .sql("INSERT", binding: ["name"])
    )

    /// `GET /mine`, which needs a user.
    static let mine = RouteDefinition(
        RouteDeclaration(
            "mine",
            signature(.get, "/mine", [RouteInput(.context, "user", .string)]),
            .read(CachePolicy()),
            returns: .many
        ),
        .sql("SELECT 1", binding: ["user"])
    )

    /// `PUT /mine`, which needs a user and a body.
    static let replaceMine = RouteDefinition(
        RouteDeclaration(
            "replaceMine",
            signature(.put, "/mine", [RouteInput(.context, "user", .string), RouteInput(.body, "name", .string)]),
            .write(WritePolicy(maxRequestBody: 64)),
            returns: .value
        ),
        .sql("UPDATE", binding: ["user", "name"])
    )

    static let all = [list, create, mine, replaceMine]
}

/// The requests that a server has logged.
final class Logged: Sendable {
    private let requests = Mutex<[AccessLogEntry]>([])
    var all: [AccessLogEntry] { requests.withLock { $0 } }
    func add(_ request: AccessLogEntry) { requests.withLock { $0.append(request) } }
}

/// A server on a socket.
struct RunningServer {
    let port: Int
    let service: CachedRoutesService
    let database: CannedDatabase
    let log: LogRecorder

    /// Runs a server while `body` runs.
    static func run(
        _ routes: [RouteDefinition] = Routes.all,
        database: CannedDatabase = CannedDatabase(json: "[1]"),
        configure: (inout CachedRoutesServer.Configuration) -> Void = { _ in },
        context: @escaping @Sendable (ServerRequest) async throws -> User? = { _ in nil },
        _ body: (RunningServer) async throws -> Void
    ) async throws {
        let log = LogRecorder()
        let service = CachedRoutesService.testing(database: database, logger: log.logger)
        var configuration = CachedRoutesServer.Configuration()
        configure(&configuration)
        try await withCachedRoutesServer(service, configuration: configuration) {
            CachedRoutesServer(Table(routes: routes), on: service, configuration: $0, context: context)
        } _: { port in
            try await body(RunningServer(port: port, service: service, database: database, log: log))
        }
    }

    /// Sends a request on a connection of its own.
    func send(
        _ method: String,
        _ target: String,
        _ fields: [(String, String)] = [],
        body: String? = nil
    ) async throws -> HTTPClient.Response {
        try await HTTPClient.request(.init(rawValue: method), target, port: port, fields: fields, body: body)
    }

    /// Sends bytes on a connection of its own, and closes that side of it unless a request says that it is the last one:
    /// a client that closes its side gives up responses that are still to be made.
    func answers(_ text: String, heads: Set<Int> = []) async throws -> [WireAnswers.Answer] {
        let connection = try await RawConnection.open(text, port: port)
        if !text.contains("Connection: close") { try? await connection.finish() }
        return WireAnswers(try await connection.transcript, heads: heads).answers
    }

    /// The bytes of a request.
    static func request(_ line: String, _ fields: String..., body: String = "") -> String {
        "\(line) HTTP/1.1\r\nHost: a\r\n" + fields.map { $0 + "\r\n" }.joined() + "\r\n" + body
    }
}

extension [WireAnswers.Answer] {
    /// The status codes.
    var statuses: [String] { map { String($0.statusLine.dropFirst(9).prefix(3)) } }
}
