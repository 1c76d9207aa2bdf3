import ServiceLifecycle

/// A service that starts when it is needed for the first time.
package final class OnDemandService: Service {
    private let whenWanted: AsyncStream<Void>
    private let wanted: AsyncStream<Void>.Continuation
    private let body: @Sendable () async throws -> Void

    /// Creates a service that runs `body` when it is needed.
    package init(_ body: @escaping @Sendable () async throws -> Void) {
        self.body = body
        (whenWanted, wanted) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Starts the service, unless it has started.
    func want() {
        wanted.yield()
    }

    func run() async throws {
        await cancelWhenGracefulShutdown { [whenWanted] in
            for await _ in whenWanted { break }
        }
        if !Task.isShuttingDownGracefully { try await body() }
    }
}
