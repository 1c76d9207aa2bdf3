import CachedRoutes
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore

/// Decides where a request is answered: on the event loop of its connection, or in the global pool of tasks.
///
/// A hop between threads costs more than most of what a request needs, so requests that are answered by this library's code stay
/// where they came. All other code is the app's, and gets the threads it would have with any other server. Which is which is
/// the router's to say: a path stays on the event loop when the router has given it before to a route that may be answered
/// there.
struct EventLoopRequests: Sendable {
    private let paths = KnownPaths()

    /// The responder for connections whose tasks run on their event loops.
    static func answered(by responder: @escaping HTTPChannelHandler.Responder) -> HTTPChannelHandler.Responder {
        let requests = EventLoopRequests()
        return { request, writer, channel in try await requests.respond(to: request, writer, channel, responder) }
    }

    /// Answers a request of the current task's client, whose task runs on the event loop.
    private func respond(
        to request: Request,
        _ writer: consuming ResponseWriter,
        _ channel: any Channel,
        _ responder: HTTPChannelHandler.Responder
    ) async throws {
        guard route(of: request) == nil else { return try await responder(request, writer, channel) }
        let client = ConnectedClient.current
        _ = client?.takeEventLoopRoute()
        var writer = Optional(writer)
        try await withTaskExecutorPreference(globalConcurrentExecutor) {
            guard let writer = writer.take() else { return }
            try await responder(request, writer, channel)
        }
        if let route = client?.takeEventLoopRoute() {
            paths.add(Array(Self.path(of: request)), isHead: request.method == .head, route)
        }
    }

    private func route(of request: Request) -> PlannedRoute? {
        guard request.method == .get || request.method == .head else { return nil }
        let path = Self.path(of: request)
        let isHead = request.method == .head
        return path.withContiguousStorageIfAvailable {
            paths.route(of: UnsafeRawBufferPointer($0), isHead: isHead)
        } ?? nil
    }

    private static func path(of request: Request) -> Substring.UTF8View {
        (request.head.path ?? "").utf8.prefix { $0 != 0x3F }
    }
}
