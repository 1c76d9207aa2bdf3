#if HTTP2
    import HTTPConnections
    import NIOCore
    import NIOHTTP1
    import NIOHTTP2
    import NIOSSL
    import NIOTLS

    extension ServerConnections {
        /// Adds the handler that adds those of the protocol which the client has chosen in TLS (ALPN, RFC 7301).
        func addNegotiation(to channel: any Channel, _ connection: ConnectionHandler) throws {
            let bound = NIOLoopBound(connection, eventLoop: channel.eventLoop)
            try channel.pipeline.syncOperations.addHandler(
                ApplicationProtocolNegotiationHandler { result, channel in
                    channel.eventLoop.makeCompletedFuture {
                        if case .negotiated("h2") = result {
                            try addHTTP2(to: channel, bound.value)
                        } else {
                            try addHTTP1(to: channel, bound.value)
                        }
                    }
                }
            )
        }

        /// Adds the handlers of HTTP/2.
        private func addHTTP2(to channel: any Channel, _ connection: ConnectionHandler) throws {
            connection.becomesMultiplexed()
            let bound = NIOLoopBound(connection, eventLoop: channel.eventLoop)
            let streams = StreamCancellation()
            let boundStreams = NIOLoopBound(streams, eventLoop: channel.eventLoop)
            // Announces the end of the connection at a shutdown (RFC 9113, 6.8). The time limits are the `ConnectionHandler`'s.
            let management = NIOHTTP2ServerConnectionManagementHandler(
                eventLoop: channel.eventLoop,
                configuration: .init(maxIdleTime: nil, maxAge: nil, maxGraceTime: nil, keepalive: nil)
            )
            _ = try channel.pipeline.syncOperations.configureHTTP2Pipeline(
                mode: .server,
                connectionConfiguration: NIOHTTP2Handler.ConnectionConfiguration(),
                streamConfiguration: NIOHTTP2Handler.StreamConfiguration(),
                streamDelegate: management.http2StreamDelegate
            ) { stream in
                stream.eventLoop.makeCompletedFuture {
                    let messages = MessageHandler(
                        core,
                        reports: RequestActivityReporter(connection: bound.value, isStream: true),
                        decoder: nil,
                        early: nil
                    )
                    try stream.pipeline.syncOperations.addHandlers(HTTP2FramePayloadToHTTP1ServerCodec(), messages)
                    boundStreams.value.add(messages)
                }
            }
            try channel.pipeline.syncOperations.addHandler(management)
            connection.whenCut { streams.cut() }
        }
    }

    /// Cancels the app's work for the streams of a connection.
    private final class StreamCancellation {
        private struct Stream {
            weak var messages: MessageHandler?
        }

        private var streams: [Stream] = []

        func add(_ messages: MessageHandler) {
            streams.removeAll { $0.messages == nil }
            streams.append(Stream(messages: messages))
        }

        func cut() {
            for stream in streams { stream.messages?.cut() }
        }
    }

    extension TLSConfiguration {
        /// The same, with HTTP/2 in front of HTTP/1.1 unless the app has chosen the protocols.
        var offeringHTTP2: TLSConfiguration {
            guard applicationProtocols.isEmpty else { return self }
            var configuration = self
            configuration.applicationProtocols = ["h2", "http/1.1"]
            return configuration
        }
    }
#elseif TLS
    import NIOSSL

    extension TLSConfiguration {
        /// The same: HTTP/2 is not part of this build.
        var offeringHTTP2: TLSConfiguration { self }
    }
#endif
