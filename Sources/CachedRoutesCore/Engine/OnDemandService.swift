import ServiceLifecycle

/// A service that begins once somebody wants it.
package final class OnDemandService: Service {
    private let whenWanted: AsyncStream<Void>
    private let wanted: AsyncStream<Void>.Continuation
    private let body: @Sendable () async throws -> Void

    package init(_ body: @escaping @Sendable () async throws -> Void) {
        self.body = body
        (whenWanted, wanted) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// The service is wanted.
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
