public import CachedRoutes
import HTTPConnections
import HTTPFrontend
import HTTPTypes
public import Hummingbird
public import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1
import Synchronization

extension HTTPServerBuilder {
    /// Creates an HTTP/1.1 server for an app with cached routes.
    ///
    /// Hummingbird sets the `Date` of every response to the time of sending. With this server a reused response keeps
    /// the date at which it was made, from which downstream caches compute its age (RFC 9110, 6.6.1). A statement is
    /// cancelled when its last client has disconnected, rather than running to its timeout.
    ///
    /// Hits of routes with `before-router: true`, and misses with `all`, are answered here, before the app's router and
    /// its middleware.
    ///
    /// Clients have time limits and share bounded memory, and a shutdown ends in time whatever they do;
    /// ``CachedRoutesConfiguration`` lists the settings. A client that closes its side of the connection counts as
    /// disconnected.
    ///
    /// - Parameters:
    ///   - service: the service that serves the routes.
    ///   - configuration: the channel's configuration; its `idleTimeout` replaces the service's.
    ///   - beforeRouter: the configuration of responses before the router.
    ///   - runsPublicRoutesOnEventLoops: true to serve requests of public routes with `sql` on the event loops of their
    ///     connections, which saves hops between threads. This applies to a path after its first request, and includes
    ///     the middleware of such requests, which must not block or compute for long, nor await actors whose other
    ///     callers do. All other requests, and handlers, run where the tasks of any app do. Responses from `sql` are
    ///     made on event loops in any case, by this library's code alone.
    /// - Returns: the server, for `Application(router:server:)`.
    public static func cachedRoutes(
        _ service: CachedRoutesService,
        configuration: HTTP1Channel.Configuration = .init(),
        beforeRouter: BeforeRouterConfiguration = .init(),
        runsPublicRoutesOnEventLoops: Bool = true
    ) -> HTTPServerBuilder {
        let additional = configuration.additionalChannelHandlers
        return HTTPServerBuilder { [configuration] responder in
            // Before a socket is opened.
            try service.checkRoutes()
            var configuration = configuration
            let paths = service.answersBeforeRouters ? RoutedPaths() : nil
            let clients = ConnectedClientRegistry(paths: paths)
            let front = paths.map {
                EarlyResponseHandler.Shared(
                    service,
                    paths: $0,
                    configuration: configuration,
                    beforeRouter: beforeRouter
                )
            }
            var limits = service.connectionLimits
            limits.idle = configuration.idleTimeout ?? limits.idle
            // A part of the time is left for cancelled tasks to end.
            let patience = limits.patience
            limits.shutdown = limits.shutdown - patience
            let tasks = ServingTasks(time: limits.shutdown, patience: patience)
            // The `ConnectionHandler` watches idle connections instead.
            configuration.idleTimeout = nil
            configuration.additionalChannelHandlers = {
                [HTTP1MessageHandler(clients)] + additional()
            }
            return LimitedHTTP1Channel(
                base: HTTP1Channel(
                    responder: runsPublicRoutesOnEventLoops
                        ? ExecutorSelector.answered(by: responder) : Self.untilTheEnd(responder),
                    configuration: configuration
                ),
                connections: service.connections,
                limits: limits,
                clients: clients,
                tasks: tasks,
                beforeRouter: front,
                decoderLimits: NIOHTTPDecoderLimitConfiguration(configuration.httpDecoder),
                runsOnEventLoops: runsPublicRoutesOnEventLoops
            )
        }
    }

    /// Wraps a responder, so that it gets no request after the last response of a connection.
    private static func untilTheEnd(
        _ responder: @escaping HTTPChannelHandler.Responder
    ) -> HTTPChannelHandler.Responder {
        { request, writer, channel in
            try ConnectedClient.checkEnd()
            try await responder(request, writer, channel)
        }
    }
}

extension NIOHTTPDecoderLimitConfiguration {
    fileprivate init(_ limits: HTTP1Channel.Configuration.DecoderConfiguration) {
        self.init()
        maxHeaderFieldSize = limits.maxHeaderFieldSize
        maxHeaderListSize = limits.maxHeaderListSize
        maxHeaderFieldCount = limits.maxHeaderFieldCount
    }
}

extension EarlyResponseHandler.Shared {
    init(
        _ service: CachedRoutesService,
        paths: RoutedPaths,
        configuration: HTTP1Channel.Configuration,
        beforeRouter: BeforeRouterConfiguration
    ) {
        self.init(
            service: service,
            routes: paths,
            answersAllMisses: false,
            fields: EarlyResponseFields(beforeRouter),
            accessLog: beforeRouter.accessLog.map { AccessLog(log: $0) },
            limits: NIOHTTPDecoderLimitConfiguration(configuration.httpDecoder)
        )
    }
}

/// HTTP/1.1 connections with limits for their clients.
struct LimitedHTTP1Channel: ServerChildChannel {
    let base: HTTP1Channel
    let connections: ConnectionRegistry
    let limits: ConnectionTimeouts
    let clients: ConnectedClientRegistry
    let tasks: ServingTasks
    let shutdown = ServerShutdownFlag()
    /// The part of the before-router handlers that connections share; `nil` if no route is answered before the router.
    let beforeRouter: EarlyResponseHandler.Shared?
    let decoderLimits: NIOHTTPDecoderLimitConfiguration
    /// True if a connection's task runs on its event loop; its responder then moves the app's code elsewhere.
    let runsOnEventLoops: Bool

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<HTTP1Channel.Value> {
        connections.accepted(channel) { [tasks, shutdown] in
            shutdown.begin()
            tasks.shutdownBegan(on: $0)
        }
        do {
            let connection = ConnectionHandler(connections, limits: limits, shutdown: shutdown)
            // Next to the socket, before TLS, which is in the pipeline already.
            try channel.pipeline.syncOperations.addHandler(connection, position: .first)
            if let beforeRouter {
                // Behind TLS, and before the codec, which is added next.
                try channel.pipeline.syncOperations.addHandler(EarlyResponseHandler(beforeRouter, on: connection))
            }
        } catch {
            return channel.eventLoop.makeFailedFuture(error)
        }
        return base.setup(channel: channel, logger: logger).flatMapThrowing { value in
            let pipeline = channel.pipeline.syncOperations
            let messages = try pipeline.handler(type: HTTP1MessageHandler.self)
            // Nothing has been read yet, so nothing is lost.
            pipeline.removeHandler(try pipeline.handler(type: HTTP1ToHTTPServerCodec.self), promise: nil)
            messages.connect(
                to: try pipeline.handler(type: ConnectionHandler.self),
                decoder: try Self.replaceDecoder(in: pipeline, limits: decoderLimits),
                beforeRouter: beforeRouter == nil ? nil : try pipeline.handler(type: EarlyResponseHandler.self),
                value: value
            )
            return value
        }
    }

    /// Replaces NIO's decoder by one that goes on after an `Upgrade`.
    private static func replaceDecoder(
        in pipeline: ChannelPipeline.SynchronousOperations,
        limits: NIOHTTPDecoderLimitConfiguration
    ) throws -> UpgradeIgnoringRequestDecoder {
        let stopping = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
        let decoder = UpgradeIgnoringRequestDecoder(limits: limits)
        try pipeline.addHandler(ByteToMessageHandler(decoder), position: .before(stopping))
        pipeline.removeHandler(stopping, promise: nil)
        return decoder
    }

    func handle(value: HTTP1Channel.Value, logger: Logger) async {
        let client = clients.client(of: value.channel)
        client?.serve()
        // Set once for the connection: all its requests are served in this task.
        await ConnectedClient.$current.withValue(client) {
            let eventLoop = value.channel.eventLoop
            // A task of its own, which a shutdown can cancel and need not wait for.
            let number = tasks.number()
            client?.whenCut { [tasks] in tasks.cancel(number, on: eventLoop) }
            await tasks.run(
                number,
                on: eventLoop,
                executor: runsOnEventLoops ? EventLoopExecutor(eventLoop) : nil
            ) {
                await base.handle(value: value, logger: logger)
            }
        }
    }
}

extension ApplicationConfiguration {
    /// Creates a configuration with the host and port of a service's configuration.
    ///
    /// A server with this configuration survives a lack of file descriptors from its start on, thanks to its
    /// ``availableConnectionsDelegate``; with another configuration from its first connection on.
    ///
    /// - Parameter configuration: the configuration of the service.
    public init(_ configuration: CachedRoutesConfiguration) {
        self.init(
            address: .hostname(configuration.host, port: configuration.port),
            // The number of a port that the system chooses is not known yet.
            availableConnectionsDelegate: configuration.port == 0
                ? nil : ListenerPrimer(port: configuration.port)
        )
    }
}
