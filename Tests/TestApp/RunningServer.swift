public import CachedRoutes
public import CachedRoutesHummingbird
public import CachedRoutesServer
public import Hummingbird
public import HummingbirdCore
import Logging
import NIOCore
import ServiceLifecycle
import Testing

/// A server that listens on a port of its own while `body` runs, and is then shut down gracefully.
///
/// - Parameters:
///   - rewrite: makes another request of each before the router sees it.
///   - runsService: whether the service runs beside the server, as it does in an app.
public func withServer(
    _ router: Router<BasicRequestContext>,
    _ service: CachedRoutesService,
    configuration: HTTP1Channel.Configuration = .init(),
    beforeRouter: BeforeRouterConfiguration = .init(),
    runsPublicRoutesOnEventLoops: Bool = true,
    wrapping wrap: (HTTPServerBuilder) throws -> HTTPServerBuilder = { $0 },
    rewriting rewrite: @escaping @Sendable (Request) -> Request = { $0 },
    runsService: Bool = true,
    _ body: (Int) async throws -> Void
) async throws {
    let logger = service.logger
    let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
    let responder = router.buildResponder()
    let app = Application(
        responder: CallbackResponder { try await responder.respond(to: rewrite($0), context: $1) },
        server: try wrap(
            .cachedRoutes(
                service,
                configuration: configuration,
                beforeRouter: beforeRouter,
                runsPublicRoutesOnEventLoops: runsPublicRoutesOnEventLoops
            )
        ),
        configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
        services: runsService ? [service] : [],
        onServerRunning: { channel in continuation.yield(channel.localAddress?.port ?? 0) },
        logger: logger
    )
    try await run(app, ports, continuation, logger, body)
}

/// A server without a framework that listens on a port of its own while `body` runs, and is then shut down gracefully.
///
/// - Parameters:
///   - configuration: the configuration of the server, but for its address.
///   - makeServer: makes the server with the complete configuration.
public func withCachedRoutesServer(
    _ service: CachedRoutesService,
    configuration: CachedRoutesServer.Configuration = .init(),
    _ makeServer: (CachedRoutesServer.Configuration) throws -> CachedRoutesServer,
    _ body: (Int) async throws -> Void
) async throws {
    let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
    var configuration = configuration
    configuration.address = .hostname("127.0.0.1", port: 0)
    configuration.gracefulShutdownSignals = []
    configuration.onListening = { continuation.yield($0.port ?? 0) }
    try await run(try makeServer(configuration), ports, continuation, service.logger, body)
}

/// Runs a server until `body` returns.
private func run(
    _ server: any Service,
    _ ports: AsyncStream<Int>,
    _ continuation: AsyncStream<Int>.Continuation,
    _ logger: Logger,
    _ body: (Int) async throws -> Void
) async throws {
    let group = ServiceGroup(services: [server], logger: logger)
    try await withThrowingTaskGroup(of: Void.self) { tasks in
        tasks.addTask {
            defer { continuation.finish() }
            try await group.run()
        }
        var iterator = ports.makeAsyncIterator()
        guard let port = await iterator.next() else {
            try await tasks.next()
            throw CancellationError()
        }
        do {
            try await body(port)
        } catch {
            await group.triggerGracefulShutdown()
            throw error
        }
        await group.triggerGracefulShutdown()
        try await tasks.waitForAll()
    }
}

/// Asks until `isDone` says so, at most for half a minute.
public func poll(
    _ what: String,
    every pause: Duration = .milliseconds(20),
    _ isDone: () async throws -> Bool
) async throws {
    // Long, because other tests and builds may share the processors.
    let end = ContinuousClock.now + .seconds(30)
    while ContinuousClock.now < end {
        if try await isDone() { return }
        try await Task.sleep(for: pause)
    }
    Issue.record("\(what) has not happened")
}
