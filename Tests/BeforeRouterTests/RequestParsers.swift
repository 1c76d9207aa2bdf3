import HTTPTypes
import NIOCore
import NIOEmbedded
import NIOHTTP1
import NIOHTTPTypes

@testable import CachedRoutesHummingbird
@testable import HTTPFrontend

/// A request as one of the two parsers reads it.
struct ReadRequest: Equatable {
    var method: String
    var target: String
    /// Names and values, without the blanks around these.
    var fields: [String]
    /// The bytes of the body that have come.
    var body: [UInt8]

    init(_ bytes: ArraySlice<UInt8>, _ head: RequestHead) {
        func text(_ range: Range<Int>) -> String {
            String(
                decoding: bytes[(bytes.startIndex + range.lowerBound)..<(bytes.startIndex + range.upperBound)],
                as: UTF8.self
            )
        }
        method = String(decoding: bytes.prefix { $0 != 0x20 }, as: UTF8.self)
        target = text(head.target)
        fields = head.fields.map { "\(text($0.name)): \(text($0.value))" }
        body = Array(bytes.dropFirst(head.length).prefix(head.bodyLength))
    }

    init(_ head: HTTPRequestHead) {
        func trimmed(_ value: String) -> String {
            let blanks: Set<UInt8> = [0x20, 0x09]
            let value = value.utf8.drop(while: blanks.contains)
            return String(decoding: value.reversed().drop(while: blanks.contains).reversed(), as: UTF8.self)
        }
        // NIO has a spelling of its own for this one.
        method = head.method == .MSEARCH ? "M-SEARCH" : head.method.rawValue
        target = head.uri
        fields = head.headers.map { "\($0.name): \(trimmed($0.value))" }
        body = []
    }
}

/// The requests of a connection as the server's own decoder and rules let them through.
struct DecodedConnection {
    var requests: [ReadRequest] = []
    /// The rules have refused a request after those.
    var isRefused = false
    /// The decoder has found something that is no request after those.
    var hasFailed = false

    init(_ pieces: [ArraySlice<UInt8>], limits: NIOHTTPDecoderLimitConfiguration) throws {
        let decoder = UpgradeIgnoringRequestDecoder(limits: limits)
        let client = Client()
        let parsed = Parsed()
        let messages = HTTP1MessageHandler(ConnectedClientRegistry(paths: nil))
        let server = Server()
        let channel = EmbeddedChannel(
            handlers: [client, ByteToMessageHandler(decoder), parsed, messages, server]
        )
        messages.connect(to: nil, decoder: decoder, beforeRouter: nil, value: nil)
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        for piece in pieces where !client.isRefused && !server.hasFailed {
            try channel.writeInbound(ByteBuffer(bytes: piece))
        }
        // Those that came through, as the decoder read them: the types of the app have lost some of their bytes.
        requests = Array(parsed.requests.prefix(server.requests))
        isRefused = client.isRefused
        hasFailed = server.hasFailed
        _ = try? channel.finish()
    }

    /// Sees the answers of the rules.
    private final class Client: ChannelDuplexHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundIn = HTTPServerResponsePart

        var isRefused = false

        func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
            if case .head(let head) = unwrapOutboundIn(data), head.status != .continue { isRefused = true }
            promise?.succeed()
        }
    }

    /// Sees the requests as the decoder reads them.
    private final class Parsed: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart

        var requests: [ReadRequest] = []
        private var hasFailed = false

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            if !hasFailed {
                switch unwrapInboundIn(data) {
                case .head(let head): requests.append(ReadRequest(head))
                case .body(let bytes): requests[requests.count - 1].body += bytes.readableBytesView
                case .end: break
                }
            }
            context.fireChannelRead(data)
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            hasFailed = true
            context.fireErrorCaught(error)
        }
    }

    /// Counts the requests, and answers each at its end, with the end of an answer alone.
    private final class Server: ChannelInboundHandler {
        typealias InboundIn = HTTPRequestPart
        typealias OutboundOut = HTTPResponsePart

        var requests = 0
        var hasFailed = false

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            guard !hasFailed else { return }
            switch unwrapInboundIn(data) {
            case .head: requests += 1
            case .body: break
            case .end: context.write(wrapOutboundOut(.end(nil)), promise: nil)
            }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { hasFailed = true }
    }
}

/// The requests of a connection as the reader in front of the router reads them, up to what it leaves to the router.
struct FrontConnection {
    struct Request {
        let read: ReadRequest
        /// A stored answer may be given.
        let mayBeAnswered: Bool
        let isOrdinary: Bool
    }

    var requests: [Request] = []
    /// The reader waits for the rest of a head.
    var isIncomplete = false

    init(_ bytes: [UInt8], longestHead: Int, mostFields: Int) {
        var reader = RequestHeadReader(longestHead: longestHead, mostFields: mostFields)
        var rest = bytes[...]
        while !rest.isEmpty {
            switch reader.read(ByteBuffer(bytes: rest)) {
            case .incomplete:
                isIncomplete = true
                return
            case .foreign: return
            case .head:
                let head = reader.head
                let request = Request(
                    read: ReadRequest(rest, head),
                    mayBeAnswered: head.mayBeAnswered,
                    isOrdinary: head.isOrdinary
                )
                requests.append(request)
                guard !head.endsConnection else { return }
                rest = rest.dropFirst(head.length).dropFirst(head.bodyLength)
            }
        }
    }
}
