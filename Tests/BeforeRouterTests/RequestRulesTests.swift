import HTTPTypes
import NIOCore
import NIOEmbedded
import NIOHTTP1
import NIOHTTPTypes
import Testing

@testable import CachedRoutesHummingbird
@testable import HTTPFrontend

/// A channel with the decoder and the handler of messages, as the server has them, and nothing behind them.
private final class Connection {
    let channel = EmbeddedChannel()

    init() throws {
        let decoder = UpgradeIgnoringRequestDecoder(limits: NIOHTTPDecoderLimitConfiguration())
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(HTTPResponseEncoder())
        try pipeline.addHandler(ByteToMessageHandler(decoder))
        let messages = HTTP1MessageHandler(ConnectedClientRegistry(paths: nil))
        try pipeline.addHandler(messages)
        messages.connect(to: nil, decoder: decoder, beforeRouter: nil, value: nil)
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    }

    /// The targets of the requests that come through.
    func targets(_ bytes: String, inPiecesOf size: Int = .max) throws -> [String] {
        var rest = Array(bytes.utf8)[...]
        var targets: [String] = []
        while !rest.isEmpty {
            try channel.writeInbound(ByteBuffer(bytes: rest.prefix(size)))
            rest = rest.dropFirst(size)
            while let part = try channel.readInbound(as: HTTPRequestPart.self) {
                if case .head(let head) = part { targets.append(head.path ?? "") }
            }
        }
        return targets
    }

    func answer(_ status: HTTPResponse.Status = .ok) throws {
        try channel.writeOutbound(
            HTTPResponsePart.head(HTTPResponse(status: status, headerFields: [.contentLength: "0"]))
        )
        try channel.writeOutbound(HTTPResponsePart.end(nil))
    }

    /// What has been sent.
    func sent() throws -> String {
        var text = ""
        while let bytes = try channel.readOutbound(as: ByteBuffer.self) { text += String(buffer: bytes) }
        return text
    }
}

@Suite("Requests by their heads (RFC 9112)")
struct RequestRulesTests {
    private static func request(_ fields: String..., version: String = "1.1", target: String = "/a") -> String {
        "GET \(target) HTTP/\(version)\r\n" + fields.map { $0 + "\r\n" }.joined() + "\r\n"
    }

    @Test(
        "are refused for a missing, doubled or malformed Host, for codings that are not understood, and as CONNECT",
        arguments: [
            request(), request("Host: a", "Host: a"), request("Host: a", "host: b"), request("Host: a b"),
            request("Host: a/b"), request("Host: a@b"), request("Host: a, b"), request("Host: a:x"),
            request("Host: a:80:80"), request("Host: a:99999"), request("Host: [::1"), request("Host: []"),
            request("Host: [::1]x"), request("Host: a%2"), request("Host: é"), request("Host: a", "Host:"),
            request("Host: a", "Host: a", version: "1.0"), request("Host: a b", version: "1.0"),
            request("Host: a", "Transfer-Encoding: xchunked"), request("Host: a", "Transfer-Encoding: gzip, chunked"),
            request("Host: a", "Transfer-Encoding: identity"),
            request("Host: a", "Transfer-Encoding: chunked, chunked"),
            request("Host: a", "Transfer-Encoding: chunked", "Transfer-Encoding: chunked"),
            request("Host: a", "Transfer-Encoding:"), request("Host: a", "Transfer-Encoding: chunked", version: "1.0"),
            request("Host: a", "Upgrade: x", "Connection: upgrade x"),
            request("Host: a", "Upgrade: x", "Connection: upgraded"),
            request("Host: a", "Upgrade:", "Connection: upgrade"),
            "CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n",
        ]
    )
    func refused(_ request: String) throws {
        let connection = try Connection()
        // A parser's own refusal is one as well.
        let targets = (try? connection.targets(request + Self.request("Host: a", target: "/next"))) ?? []
        #expect(targets == [])
        let sent = try connection.sent()
        if !sent.isEmpty {
            #expect(
                sent.hasPrefix("HTTP/1.1 400 Bad Request\r\n") || sent.hasPrefix("HTTP/1.1 501 Not Implemented\r\n")
            )
            #expect(sent.contains("\r\nConnection: close\r\n") && sent.contains("application/problem+json"))
            #expect(sent.split(separator: "HTTP/1.1").count == 1)
        }
        _ = try? connection.channel.finish()
    }

    @Test(
        "are passed on with any Host that RFC 3986 allows",
        arguments: [
            "", "a", "A.example", "a:80", "a:", "127.0.0.1:8080", "[::1]", "[::1]:80", "[v1.a:b]", "a_b.c~d", "a%20b",
            "xn--bcher-kva.example", "a!$&'()*+,;=b", "a:65535",
            "a ", "a\t", "\t a:80 \t ", " ",
        ]
    )
    func passedOn(_ host: String) throws {
        let connection = try Connection()
        #expect(try connection.targets(Self.request("Host: \(host)")) == ["/a"])
        #expect(try connection.sent() == "")
        _ = try? connection.channel.finish()
    }

    @Test("are passed on without Host as HTTP/1.0, and with chunked bodies")
    func others() throws {
        let connection = try Connection()
        let chunked = "POST /b HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n"
        let old = Self.request(version: "1.0")
        #expect(try connection.targets(chunked + chunked + old) == ["/b", "/b", "/a"])
        _ = try? connection.channel.finish()
    }

    @Test("are refused after the answers to earlier ones, and later ones are not looked at")
    func order() throws {
        let connection = try Connection()
        let fine = Self.request("Host: a")
        #expect(try connection.targets(fine + fine + Self.request() + fine) == ["/a", "/a"])
        #expect(try connection.sent() == "")
        try connection.answer()
        #expect(try connection.sent().hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(try connection.targets(fine) == [])
        try connection.answer(.created)
        let sent = try connection.sent()
        #expect(sent.hasPrefix("HTTP/1.1 201 Created\r\n") && sent.contains("HTTP/1.1 400 Bad Request\r\n"))
        #expect(try connection.targets(fine) == [])
        #expect(try connection.sent() == "")
    }

    @Test(
        "go on after an upgrade that nobody takes up, wherever reads end",
        arguments: [
            ["Upgrade: h2c", "Connection: Upgrade, HTTP2-Settings", "HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA"],
            ["Upgrade: websocket", "Connection: keep-alive, Upgrade"], ["Connection: UPGRADE", "Upgrade: TLS/1.2"],
            ["Upgrade: x", "Proxy-Connection: upgrade"], ["Upgrade: x", "Connection:   upgrade   "],
            ["Upgrade: x", "Connection: keep-alive", "Connection: upgrade"], ["Upgrade: x", "Connection: , upgrade ,"],
            ["Upgrade: x"], ["Upgrade: x", "Connection: keep-alive"], ["Connection: upgrade"],
            ["Upgrade: x", "Upgrade: y", "Connection: upgrade, upgrade"],
            ["Upgrade: x", "Connection: te,upgrade"],
        ],
        [1, 7, 64, .max]
    )
    func upgrade(_ fields: [String], _ size: Int) throws {
        let head = "Host: a\r\n" + fields.map { $0 + "\r\n" }.joined()
        let connection = try Connection()
        let text = [
            "GET /1 HTTP/1.1\r\n\(head)\r\n", Self.request("Host: a", target: "/2"),
            "POST /3 HTTP/1.1\r\n\(head)Content-Length: 5\r\n\r\nGET /", Self.request("Host: a", target: "/4"),
            "POST /5 HTTP/1.1\r\n\(head)Transfer-Encoding: chunked\r\n\r\n5\r\nGET /\r\n0\r\n\r\n",
            "HEAD /6 HTTP/1.1\r\n\(head)\r\n", "GET /7 HTTP/1.1\r\n\(head)\r\n", Self.request("Host: a", target: "/8"),
        ].joined()
        #expect(try connection.targets(text, inPiecesOf: size) == (1...8).map { "/\($0)" })
        #expect(try connection.sent() == "")
        _ = try? connection.channel.finish()
    }
}
