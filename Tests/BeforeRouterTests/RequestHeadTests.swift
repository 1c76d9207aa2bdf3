import NIOCore
import Testing

@testable import HTTPFrontend

private func read(_ text: String, longestHead: Int = 16 * 1024, mostFields: Int = 100) -> (
    RequestHeadReader.Result, RequestHead
) {
    var reader = RequestHeadReader(longestHead: longestHead, mostFields: mostFields)
    let result = reader.read(ByteBuffer(string: text))
    return (result, reader.head)
}

private func slice(_ text: String, _ range: Range<Int>) -> String {
    String(decoding: Array(text.utf8)[range], as: UTF8.self)
}

private let ordinary = "GET /users?skip=1 HTTP/1.1\r\nHost: a\r\nAccept:  text/html \t\r\nX-Empty:\r\n\r\n"

@Suite("Heads of requests (RFC 9112)")
struct RequestHeadTests {
    @Test("An ordinary head is read whole")
    func whole() {
        let (result, head) = read(ordinary + "GET /next")
        #expect(result == .head)
        #expect(head.method == .get)
        #expect(slice(ordinary, head.target) == "/users?skip=1")
        #expect(slice(ordinary, head.path) == "/users")
        #expect(head.length == ordinary.utf8.count)
        #expect(head.isOrdinary && !head.endsConnection && !head.hasOrigin && head.bodyLength == 0)
        #expect(head.fields.map { slice(ordinary, $0.name) } == ["Host", "Accept", "X-Empty"])
        #expect(head.fields.map { slice(ordinary, $0.value) } == ["a", "text/html", ""])
    }

    @Test("Nothing less than a whole head is one, wherever it is cut")
    func cut() {
        var reader = RequestHeadReader(longestHead: 1024, mostFields: 100)
        var buffer = ByteBuffer()
        for (position, byte) in ordinary.utf8.enumerated() {
            buffer.writeInteger(byte)
            #expect(reader.read(buffer) == (position + 1 == ordinary.utf8.count ? .head : .incomplete))
        }
        #expect(reader.head == read(ordinary).1)
        // The reader begins anew with the next request.
        #expect(reader.read(ByteBuffer(string: "HEAD / HTTP/1.1\r\nHost: b\r\n\r\n")) == .head)
        #expect(reader.head.method == .head)
        #expect(reader.head.fields.count == 1)
    }

    @Test(
        "What has two readings is not read",
        arguments: [
            "GET / HTTP/1.0\r\nHost: a\r\n\r\n", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", "GET /\r\nHost: a\r\n\r\n",
            "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", "GET /  HTTP/1.1\r\nHost: a\r\n\r\n", " GET / HTTP/1.1\r\n\r\n",
            "get / HTTP/1.1\r\nHost: a\r\n\r\n", "G\u{1}T / HTTP/1.1\r\nHost: a\r\n\r\n", "\r\nGET / HTTP/1.1\r\n\r\n",
            "GET / HTTP/1.1\nHost: a\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\nB: c\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n", "GET / HTTP/1.1\r\nHost : a\r\n\r\n",
            "GET / HTTP/1.1\r\n: a\r\n\r\n", "GET / HTTP/1.1\r\nHost\r\n\r\n", "GET / HTTP/1.1\r\nA: b\rc\r\n\r\n",
            "GET / HTTP/1.1\r\nA: b\0c\r\n\r\n", "GET / HTTP/1.1\r\nA: b\u{7F}\r\n\r\n",
            "GET / HTTP/1.1\r\nA(: b\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
            "CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n",
            "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n",
            "POST / HTTP/1.1\r\nContent-Length: +1\r\n\r\n", "POST / HTTP/1.1\r\nContent-Length: 1, 1\r\n\r\n",
            "POST / HTTP/1.1\r\nContent-Length:\r\n\r\n", "POST / HTTP/1.1\r\nContent-Length: 1234567890123456\r\n\r\n",
            "POST / HTTP/1.1\r\nContent-Length: 1\r\nTRANSFER-ENCODING: x\r\n\r\n",
        ]
    )
    func foreign(text: String) {
        #expect(read(text).0 == .foreign)
    }

    @Test(
        "What a cache does not answer is known by its head",
        arguments: [
            "GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nhost: b\r\n\r\n",
            "GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n", "GET //a/b HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /#f HTTP/1.1\r\nHost: a\r\n\r\n", "GET /\u{E9} HTTP/1.1\r\nHost: a\r\n\r\n",
            "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nX: \u{E9}\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\ntrailer: x\r\n\r\n",
        ]
    )
    func unusual(text: String) {
        let (result, head) = read(text)
        #expect(result == .head)
        #expect(!head.isOrdinary)
        #expect(!head.endsConnection)
        #expect(head.length == text.utf8.count)
    }

    @Test("Bodies, origins and ends of connections are noticed in any case")
    func fields() {
        let post = read("POST /a HTTP/1.1\r\nHOST: a\r\ncontent-LENGTH: 12 \r\n\r\n").1
        #expect(post.method == .other && post.bodyLength == 12 && !post.isOrdinary)
        let origin = read("GET / HTTP/1.1\r\nHost: a\r\nORIGIN: null\r\n\r\n").1
        #expect(origin.hasOrigin && origin.isOrdinary)
        let kept = read("GET / HTTP/1.1\r\nHost: a\r\nConnection: Keep-Alive\r\n\r\n").1
        #expect(kept.isOrdinary && !kept.endsConnection)
        for value in ["close", "Close", "keep-alive, close", "x"] {
            let closed = read("GET / HTTP/1.1\r\nHost: a\r\nConnection: \(value)\r\n\r\n").1
            #expect(!closed.isOrdinary && closed.endsConnection)
            let proxied = read("GET / HTTP/1.1\r\nHost: a\r\nProxy-Connection: \(value)\r\n\r\n").1
            #expect(!proxied.isOrdinary && proxied.endsConnection)
        }
    }

    @Test("A head has its limits")
    func limits() {
        let head = "GET / HTTP/1.1\r\nHost: a\r\nB: c\r\n\r\n"
        #expect(read(head, longestHead: head.utf8.count).0 == .head)
        #expect(read(head, longestHead: head.utf8.count - 1).0 == .foreign)
        #expect(read(String(repeating: "A", count: 100), longestHead: 99).0 == .foreign)
        #expect(read(String(repeating: "A", count: 99), longestHead: 99).0 == .incomplete)
        #expect(read(head, mostFields: 2).0 == .head)
        #expect(read(head, mostFields: 1).0 == .foreign)
    }
}
