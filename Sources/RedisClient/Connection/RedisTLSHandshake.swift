#if RedisTLS
    import ClientSupport
    import NIOCore
    import NIOSSL
    import NIOTLS

    /// The handler behind NIO's for TLS, which says when the handshake is finished and translates errors. It is confined to its
    /// event loop.
    final class RedisTLSHandshake: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias InboundOut = ByteBuffer

        private let configuration: RedisTLSConfiguration
        private let host: String
        private let channel: any Channel
        private let promise: EventLoopPromise<any Channel>
        private var timer: Scheduled<Void>?
        private var context: RedisTLSContext?
        private var isFinished = false
        /// Indicates that the server has sent something after the handshake, so it has accepted the client.
        private var isAccepted = false

        /// Waits for the handshake on a connected channel that does not read yet.
        ///
        /// - Parameters:
        ///   - configuration: the TLS configuration.
        ///   - host: the host that the channel is connected to.
        ///   - channel: the channel.
        ///   - timeout: the time limit for connecting, for messages.
        ///   - deadline: the end of that time.
        init(
            _ configuration: RedisTLSConfiguration,
            host: String,
            channel: any Channel,
            timeout: TimeAmount,
            deadline: NIODeadline
        ) {
            self.configuration = configuration
            self.host = host
            self.channel = channel
            promise = channel.eventLoop.makePromise()
            timer = channel.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) {
                self.fail(RedisTLSFailure(.timedOut(milliseconds: timeout.nanoseconds / 1_000_000)))
            }
            channel.closeFuture.assumeIsolated().whenComplete { _ in self.fail(RedisTLSFailure(.closed)) }
        }

        /// Completes with the channel, or fails with a ``RedisConnectError``.
        var finished: EventLoopFuture<any Channel> { promise.futureResult }

        /// Watches the connection until the handshake begins.
        func start() {
            do {
                try channel.pipeline.syncOperations.addHandler(self)
                channel.setOption(.autoRead, value: true).whenFailure { _ in }
            } catch {
                fail(error)
            }
        }

        /// Begins the handshake, unless the connection has ended.
        ///
        /// - Parameter result: the files' contents.
        func begin(_ result: Result<RedisTLSContext, any Error>) {
            guard !isFinished else { return }
            do {
                let context = try result.get()
                self.context = context
                let handler = try context.handler(serverName: serverName)
                try channel.pipeline.syncOperations.addHandler(handler, position: .first)
            } catch let fault as RedisTLSConfiguration.Fault {
                let isOfSystem = fault.setting == .trustRoots && configuration.trustRoots == .system
                fail(RedisTLSFailure(isOfSystem ? .authorities(fault.reason) : .file(fault.reason)))
            } catch {
                fail(failure(error) ?? RedisTLSFailure(.other("\(error)")))
            }
        }

        /// The name to ask for; `nil` for an address, which is never asked for.
        private var serverName: String? {
            if let serverName = configuration.serverName { return serverName }
            if HostNameSyntax.isAddress(host) { return nil }
            return host.hasSuffix(".") ? String(host.dropLast()) : host
        }

        /// Indicates that the server has asked for a client certificate and there is none.
        private var lacksCertificate: Bool { context?.lacksCertificate ?? false }

        private func failure(_ error: any Error) -> RedisTLSFailure? {
            RedisTLSFailure(
                error,
                name: serverName ?? host,
                certificate: try? channel.pipeline.syncOperations.nioSSL_peerCertificate(),
                now: System.secondsSince1970,
                hasCertificate: configuration.certificateFile != nil
            )
        }

        private func fail(_ error: any Error) {
            guard !isFinished else { return }
            isFinished = true
            timer?.cancel()
            promise.fail(RedisConnectError(underlying: error))
            channel.close(promise: nil)
        }

        // MARK: The channel

        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            if case .handshakeCompleted? = event as? TLSUserEvent, !isFinished {
                isFinished = true
                timer?.cancel()
                promise.succeed(channel)
            }
            context.fireUserInboundEventTriggered(event)
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            // With TLS the client speaks first.
            guard self.context != nil else { return fail(RedisTLSFailure(.notTLS)) }
            isAccepted = true
            context.fireChannelRead(data)
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            guard isFinished else {
                let failure = failure(error)
                // A server with TLS 1.2 says no more than that it refuses.
                guard failure?.kind == .refused, lacksCertificate else { return fail(failure ?? error) }
                return fail(RedisTLSFailure(.certificateRequired))
            }
            // A server that refuses the client's side of a handshake of TLS 1.3 says so after it, and its message may be lost
            // with the connection.
            if !isAccepted, lacksCertificate {
                context.fireErrorCaught(RedisTLSFailure(.certificateRequired))
            } else if case NIOSSLError.uncleanShutdown = error {
                // The end of the connection follows, and replies tell whether they are complete.
            } else {
                context.fireErrorCaught(failure(error) ?? error)
            }
        }
    }
#endif
