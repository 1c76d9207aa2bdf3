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
/// there, and for as long as its requests come to one.
struct EventLoopRequests: Sendable {
    private let paths = LearnedPaths()

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
        try ConnectedClient.checkEnd()
        let path = Path(request)
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
        // Taken in any case: it is not about the next request.
        let arrival = ConnectedClient.current?.takeEventLoopArrival()
        guard let path else { return }
        if let arrival, path.isOf(arrival) {
            if !isKnown { paths.add(path.bytes, isHead: path.isHead, arrival.route) }
        } else if isKnown {
            paths.remove(path.bytes, isHead: path.isHead)
        }
    }
}

/// What a client has asked for; of requests that may be answered on event loops.
private struct Path {
    let target: String
    let isHead: Bool

    init?(_ request: Request) {
        guard request.method == .get || request.method == .head, let target = request.head.path else { return nil }
        self.target = target
        isHead = request.method == .head
    }

    /// The path without the query.
    var bytes: [UInt8] { Array(text) }

    var text: Substring.UTF8View { target.utf8.prefix { $0 != 0x3F } }

    /// Whether a route has seen the request as the client sent it. Where an app has it see another one, nothing is learnt.
    func isOf(_ arrival: EventLoopArrival) -> Bool { arrival.isHead == isHead && arrival.target == target }
}

extension LearnedPaths {
    fileprivate func knows(_ path: Path) -> Bool {
        path.text.withContiguousStorageIfAvailable {
            route(of: UnsafeRawBufferPointer($0), isHead: path.isHead) != nil
        } ?? false
    }
}
