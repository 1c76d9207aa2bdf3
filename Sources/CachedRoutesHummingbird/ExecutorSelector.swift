import CachedRoutes
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore

/// Chooses the executor of a request: the event loop of its connection, or the global concurrent executor.
///
/// A hop between threads costs more than most parts of a request, so requests that only this library's code serves stay
/// on the event loop. All other code is the app's, and runs on the threads that it would have with any other server.
/// The router decides: a path stays on the event loop once, and as long as, the router has given it to a route that may
/// run there.
struct ExecutorSelector: Sendable {
    private let paths = RoutedPaths()

    /// Wraps a responder for connections whose tasks run on their event loops.
    static func answered(by responder: @escaping HTTPChannelHandler.Responder) -> HTTPChannelHandler.Responder {
        let requests = ExecutorSelector()
        return { request, writer, channel in
            try await requests.respond(to: request, writer: writer, channel: channel, by: responder)
        }
    }

    /// Responds to a request of the current task's client, on the event loop.
    private func respond(
        to request: Request,
        writer: consuming ResponseWriter,
        channel: any Channel,
        by responder: HTTPChannelHandler.Responder
    ) async throws {
        try ConnectedClient.checkEnd()
        let path = EventLoopRequestTarget(request)
        let isKnown = path.map(paths.knows) ?? false
        if isKnown {
            try await responder(request, writer, channel)
        } else {
            var writer = Optional(writer)
            try await withTaskExecutorPreference(globalConcurrentExecutor) {
                guard let writer = writer.take() else { return }
                try await responder(request, writer, channel)
            }
        }
        // Taken in any case, so that it does not remain for the next request.
        let routedRequest = ConnectedClient.current?.takeRoutedRequest()
        guard let path else { return }
        if let routedRequest, path.isOf(routedRequest) {
            if !isKnown { paths.add(path.bytes, isHead: path.isHead, route: routedRequest.route) }
        } else if isKnown {
            paths.remove(path.bytes, isHead: path.isHead)
        }
    }
}

/// The path of a request that may run on the event loop.
private struct EventLoopRequestTarget {
    let target: String
    let isHead: Bool

    init?(_ request: Request) {
        guard request.method == .get || request.method == .head, let target = request.head.path else { return nil }
        self.target = target
        isHead = request.method == .head
    }

    /// The path without the query.
    var bytes: [UInt8] { Array(text) }

    var text: Substring.UTF8View { target.utf8.prefix { $0 != UInt8(ascii: "?") } }

    /// Indicates that a route has received the request as the client sent it. If an app has rewritten the request,
    /// nothing is learned.
    func isOf(_ routedRequest: RoutedRequest) -> Bool {
        routedRequest.isHead == isHead && routedRequest.target == target
    }
}

extension RoutedPaths {
    fileprivate func knows(_ path: EventLoopRequestTarget) -> Bool {
        path.text.withContiguousStorageIfAvailable {
            route(of: UnsafeRawBufferPointer($0), isHead: path.isHead) != nil
        } ?? false
    }
}
