import CachedRoutes
import CachedRoutesHummingbird
import Foundation
import Hummingbird
import NIOCore
import TestApp
import Testing

/// Code of an app that goes on whatever it is told.
enum StubbornCode: String, CaseIterable {
    /// Sleeps in a loop, and takes no notice of its cancellation.
    case sleeps
    /// Blocks a thread.
    case blocks
    /// Sends a body that never ends.
    case sends
    /// Sleeps in a middleware, before the router has seen the request.
    case middleware

    private static let entered = Gate()

    /// Waits until a request has come to it.
    static func arrival() async { await entered.arrivals(1) }

    fileprivate static func goOn() async {
        Task { await entered.pass() }
        while true { try? await Task.sleep(for: .milliseconds(50)) }
    }

    func add(to router: Router<BasicRequestContext>) {
        if self == .middleware { router.add(middleware: StubbornMiddleware()) }
        router.get("stubborn") { _, _ -> Response in
            switch self {
            case .sleeps, .middleware: await Self.goOn()
            case .blocks:
                Task { await Self.entered.pass() }
                while true { usleep(50_000) }
            case .sends:
                return Response(
                    status: .ok,
                    body: ResponseBody { writer in
                        Task { await Self.entered.pass() }
                        while true {
                            try? await writer.write(ByteBuffer(string: "more\n"))
                            try? await Task.sleep(for: .milliseconds(1))
                        }
                    }
                )
            }
            return Response(status: .ok)
        }
    }
}

private struct StubbornMiddleware: RouterMiddleware {
    func handle(
        _ request: Request,
        context: BasicRequestContext,
        next: (Request, BasicRequestContext) async throws -> Response
    ) async throws -> Response {
        await StubbornCode.goOn()
        return try await next(request, context)
    }
}

@Suite("SIGTERM", .serialized)
struct StubbornCodeTests {
    @Test(
        "ends a process whose code takes no notice of it, whether the client has left or not",
        arguments: StubbornCode.allCases,
        ["stays", "leaves"]
    )
    func ends(code: StubbornCode, client: String) async {
        // For the process of its own, where nobody else changes the environment.
        setenv("CACHED_ROUTES_TEST_VARIABLE", "\(code.rawValue) \(client)", 1)
        await #expect(processExitsWith: .success) {
            let words = ProcessInfo.processInfo.environment["CACHED_ROUTES_TEST_VARIABLE"]!.split(separator: " ")
            let code = StubbornCode(rawValue: String(words[0]))!
            // Where the shutdown does not end the process, a signal does.
            alarm(20)
            let service = try CachedRoutesService(
                environment: [
                    "SHUTDOWN_TIMEOUT": "1s", "CACHE_DRAIN_TIMEOUT": "500ms",
                    "DATABASE_URL": "postgres://127.0.0.1:1/x",
                ]
            )
            let router = Router()
            code.add(to: router)
            let app = Application(
                router: router,
                server: .cachedRoutes(service),
                configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
                services: [service],
                onServerRunning: { channel in
                    let port = channel.localAddress?.port ?? 0
                    Task {
                        let request = "GET /stubborn HTTP/1.1\r\nHost: a\r\n\r\n"
                        let connection = try await RawConnection.open(request, port: port)
                        await StubbornCode.arrival()
                        if words[1] == "leaves" { try await connection.close() }
                        kill(getpid(), SIGTERM)
                    }
                },
                logger: service.logger
            )
            try await app.runService()
        }
    }
}
