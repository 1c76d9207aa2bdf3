public import CachedRoutes
import HTTPConnections
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
    /// An HTTP/1.1 server for an app with cached routes.
    ///
    /// Hummingbird gives every response the time of its sending as `Date`. With this server a reused answer keeps the date of its
    /// making, which is what caches downstream count its age from (RFC 9110, 6.6.1). And a statement whose last client has
    /// left is cancelled, rather than running to its timeout.
    ///
    /// Hits of routes with `before-router: true` are answered here, before the app's router and its middleware.
    ///
    /// Clients have time limits and share bounded memory, and a shutdown ends whatever they do: ``CachedRoutesConfiguration`` lists
    /// the settings. A client that closes its side of the connection has left.
    ///
    /// - Parameter configuration: the channel's configuration; its `idleTimeout` replaces the service's.
    /// - Parameter beforeRouter: how hits are answered before the router.
    /// - Parameter runsPublicRoutesOnEventLoops: whether requests of public routes with `sql` are answered on the event loops of
    ///   their connections, which saves the hops to other threads and back. It is so for a path after its first request, and
    ///   includes the middleware such a request goes through, which must not block or compute for long then, nor await actors
    ///   whose other callers do. All other requests, and handlers, run where tasks of an app do. Answers from `sql` are made on
    ///   event loops in any case: that is this library's code alone.
    public static func cachedRoutes(
        _ service: CachedRoutesService,
        configuration: HTTP1Channel.Configuration = .init(),
        beforeRouter: BeforeRouterConfiguration = .init(),
        runsPublicRoutesOnEventLoops: Bool = true
    ) -> HTTPServerBuilder {
        let additional = configuration.additionalChannelHandlers
        return HTTPServerBuilder { [configuration] responder in
            // Before a socket is there.
            try service.checkRoutes()
            var configuration = configuration
            let paths = service.answersBeforeRouters ? LearnedPaths() : nil
            let clients = ConnectedClients(paths: paths)
            let front = paths.map { BeforeRouterHandler.Shared(service, $0, configuration, beforeRouter) }
            var limits = service.connectionLimits
            limits.idle = configuration.idleTimeout ?? limits.idle
            // A part of their time is for tasks that have been cancelled.
            let patience = min(TimeAmount.milliseconds(100), .nanoseconds(limits.shutdown.nanoseconds / 4))
            limits.shutdown = limits.shutdown - patience
            let tasks = ServingTasks(time: limits.shutdown, patience: patience)
            // One handler watches the connection, and sees more of it.
            configuration.idleTimeout = nil
            configuration.additionalChannelHandlers = {
                [DisconnectDetector(clients), OriginalDateHandler()] + additional()
            }
            return WatchedChannel(
                base: HTTP1Channel(
                    responder: runsPublicRoutesOnEventLoops
                        ? EventLoopRequests.answered(by: responder) : Self.untilTheEnd(responder),
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

    /// A responder that answers nothing behind the last response of a connection.
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

extension BeforeRouterHandler.Shared {
    init(
        _ service: CachedRoutesService,
        _ paths: LearnedPaths,
        _ configuration: HTTP1Channel.Configuration,
        _ beforeRouter: BeforeRouterConfiguration
    ) {
        let limits = configuration.httpDecoder
        self.init(
            service: service,
            paths: paths,
            fields: ConstantFields(beforeRouter),
            accessLog: beforeRouter.accessLog,
            // What the router would refuse is its to refuse.
            longestHead: min(16 * 1024, limits.maxHeaderListSize, limits.maxHeaderFieldSize),
            mostFields: min(100, limits.maxHeaderFieldCount)
        )
    }
}

/// HTTP/1.1 connections whose clients are watched.
struct WatchedChannel: ServerChildChannel {
    let base: HTTP1Channel
    let connections: ConnectionRegistry
    let limits: ConnectionLimits
    let clients: ConnectedClients
    let tasks: ServingTasks
    /// What is answered before the router; `nil`: nothing.
    let beforeRouter: BeforeRouterHandler.Shared?
    let decoderLimits: NIOHTTPDecoderLimitConfiguration
    /// Whether a connection's task runs on its event loop, from where its responder has to send what must not run there.
    let runsOnEventLoops: Bool

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<HTTP1Channel.Value> {
        connections.accepted(channel) { [tasks] in tasks.shutdownBegan(on: $0) }
        do {
            let connection = ConnectionHandler(connections, limits: limits)
            // Next to the socket, below TLS, which is there.
            try channel.pipeline.syncOperations.addHandler(connection, position: .first)
            if let beforeRouter {
                // Before the codec, which is added next, and behind TLS.
                try channel.pipeline.syncOperations.addHandler(BeforeRouterHandler(beforeRouter, on: connection))
            }
        } catch {
            return channel.eventLoop.makeFailedFuture(error)
        }
        return base.setup(channel: channel, logger: logger).flatMapThrowing { value in
            let pipeline = channel.pipeline.syncOperations
            let codec = try pipeline.handler(type: HTTP1ToHTTPServerCodec.self)
            let presence = try pipeline.handler(type: DisconnectDetector.self)
            try Self.replaceDecoder(in: pipeline, limits: decoderLimits)
            try pipeline.addHandler(VersionHandler(presence), position: .before(codec))
            presence.isBehind(
                try pipeline.handler(type: ConnectionHandler.self),
                beforeRouter == nil ? nil : try pipeline.handler(type: BeforeRouterHandler.self),
                for: value
            )
            return value
        }
    }

    /// Has requests read by a decoder that goes on after each, and refused by their heads where they have to be.
    private static func replaceDecoder(
        in pipeline: ChannelPipeline.SynchronousOperations,
        limits: NIOHTTPDecoderLimitConfiguration
    ) throws {
        let stopping = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
        let decoder = ContinuingRequestDecoder(limits: limits)
        try pipeline.addHandler(ByteToMessageHandler(decoder), position: .before(stopping))
        try pipeline.addHandler(RequestRulesHandler(decoder), position: .after(stopping))
        // At once: nothing has been read yet.
        pipeline.removeHandler(stopping, promise: nil)
    }

    func handle(value: HTTP1Channel.Value, logger: Logger) async {
        let client = clients.client(of: value.channel)
        client?.serve()
        // Once for the connection: all its requests are answered in this task.
        await ConnectedClient.$current.withValue(client) {
            let eventLoop = value.channel.eventLoop
            // A task of its own, so that a shutdown can cancel it, and need not wait for it.
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
    /// The address and port a service was told to listen on.
    ///
    /// A server with this configuration survives the lack of file descriptors from its beginning; with another one, from its first
    /// connection on. That takes its ``availableConnectionsDelegate``.
    public init(_ configuration: CachedRoutesConfiguration) {
        self.init(
            address: .hostname(configuration.host, port: configuration.port),
            // Of a port that the system chooses nobody knows the number before.
            availableConnectionsDelegate: configuration.port == 0
                ? nil : FirstConnectionDelegate(port: configuration.port)
        )
    }
}

extension HTTPField.Name {
    /// Carries the date of an answer past the framework, which overwrites `Date`.
    static let originalDate = HTTPField.Name("Cached-Routes-Date")!
}

/// Puts the date of an answer back into `Date`.
final class OriginalDateHandler: ChannelOutboundHandler, RemovableChannelHandler {
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .head(var head) = unwrapOutboundIn(data),
            let original = head.headerFields.firstIndex(where: { $0.name == .originalDate })
        else {
            context.write(data, promise: promise)
            return
        }
        let date = HTTPField(name: .date, value: head.headerFields[original].value)
        // In its own place, where it stands in answers before the router, too; the framework's is behind the others.
        head.headerFields[original] = date
        if let current = head.headerFields.indices.last(where: { $0 != original && head.headerFields[$0].name == .date }
        ) {
            head.headerFields.remove(at: current)
        }
        context.write(wrapOutboundOut(.head(head)), promise: promise)
    }
}
