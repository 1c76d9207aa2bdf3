import Fuzzing

/// Requests as odd clients send them, one after the other on a connection, and an ordinary one at the end.
struct RequestGenerator {
    private var random: SeededRandom

    /// The connection of `seed`.
    static func connection(_ random: inout SeededRandom) -> [UInt8] {
        var generator = RequestGenerator(random: random)
        defer { random = generator.random }
        return generator.connection()
    }

    /// The request at the end of every connection. It is read after the others, or not at all.
    static let last = Array("GET /last HTTP/1.1\r\nHost: last\r\n\r\n".utf8)

    private mutating func connection() -> [UInt8] {
        var bytes: [UInt8] = []
        for _ in 0..<random.pick([1, 1, 1, 2, 3]) { request(&bytes) }
        Self.mutation.apply(random.pick([0, 0, 0, 1, 1, 1, 2, 3]), to: &bytes, &random)
        return bytes + Self.last
    }

    private static let mutation = ByteMutation(pieces: [
        " ", "\t", "\r", "\n", "\0", "\r\n", "\r\n ", "\r\n\r\n", "\n\n", ":", ",", ", ", ";", "\u{7F}", "é", "\u{80}",
        "\r\nHost: b", "\r\nContent-Length: 3", "\r\nTransfer-Encoding: chunked", "\r\nConnection: close",
        "\r\nUpgrade: x", "\r\nConnection: upgrade", "HTTP/1.1", "GET / HTTP/1.1\r\n", "0\r\n\r\n", "close", "chunked",
    ])

    // MARK: - Requests

    private mutating func request(_ bytes: inout [UInt8]) {
        let body = random.oneIn(3) ? self.body() : (fields: [], bytes: [])
        var fields: [String] = []
        if !random.oneIn(24) { fields.append("Host:" + value(random.oneIn(6) ? random.pick(Self.hosts) : "a.example")) }
        fields += body.fields
        for _ in 0..<random.pick([0, 0, 1, 1, 2, 3, 5]) { fields.append(field()) }
        if random.oneIn(120) { for index in 0..<random.number(80...130) { fields.append("X-\(index): x") } }
        if random.oneIn(2) { fields.shuffle(using: &random) }
        let head =
            [
                (random.oneIn(3) ? random.pick(Self.methods) : random.pick(["GET", "HEAD", "POST"])) + blank()
                    + target()
                    + blank() + (random.oneIn(16) ? random.pick(Self.versions) : "HTTP/1.1")
            ] + fields
        for line in head {
            bytes += line.utf8
            bytes += lineEnd().utf8
        }
        bytes += lineEnd().utf8
        bytes += body.bytes
    }

    private static let methods = [
        "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "M-SEARCH", "CONNECT", "PRI", "SOURCE", "QUERY", "REPORT",
        "FOO", "G-T", "get", "Head", "GETX", "-", "", "DESCRIBE", "LINK", "UNLOCK", "MKCALENDAR", "GE", "HEADER",
    ]
    private static let versions = [
        "HTTP/1.0", "HTTP/1.0", "HTTP/2.0", "HTTP/1.2", "HTTP/0.9", "HTTP/1.1 ", "http/1.1", "HTTP/01.1", "HTTP/1.01",
        "ICE/1.0", "RTSP/1.0", "", "HTTP/1,1", "HTTP /1.1", "HTTP/1.1\t", "HTTP/3", "HTTP/1.10",
    ]
    private static let targets = [
        "/users?skip=1", "/users?skip=1&limit=2", "/a%20b", "/a?b?c", "//a/b", "*", "http://a/b", "https://a:1/?x",
        "a:80",
        "/a#f", "/?#", "/é", "/a/../b", "/;a=b", "?x", "/a|b", "/\"", "/a\\b", "/[::1]", "/\u{7F}", "/a\tb", "/{a}",
        "/^`<>",
        "http:", "http:/a", "HTTP://A/", "ftp://a/b", "http://a@b/", "http://[::1]:80/", "a", "%2F", "/%", "/%00", "//",
        "///",
        "/a\u{0B}b", "/\u{1}", "*a", "/*", "http://a", "http://a?b", "http://?", "/a=b&c", "&", "=", ".", "/.", "@",
        "[", "http2://a",
    ]
    private static let hosts = [
        "", "a", "A", "a:80", "a:", ":80", "a b", "a/b", "a@b", "a, b", "a:x", "a:99999", "[::1]", "[::1]:80", "[::1",
        "[]",
        "a%20b", "a%2", "é", "a\tb", "127.0.0.1:8080", "a_b~!$&'()*+,;=", "a,b", "\"a\"", "a;b", "[v1.a]", "[::1]x",
    ]
    private static let names = [
        "Accept", "Accept-Encoding", "Cookie", "Origin", "Expect", "Upgrade", "Connection", "Proxy-Connection",
        "Content-Length", "Transfer-Encoding", "Host", "Trailer", "TE", "If-None-Match", "Range", "Authorization",
        "Keep-Alive", "HTTP2-Settings", "X-Forwarded-For", "Content-Lengt", "Content-Lengths", "Transfer-Encodings",
        "Connectio", "Upgrades", "Hosts", "!#$%&'*+-.^_`|~", "a", "0", "Content Length", "Content-Length ", "X\tY", "",
        "É", "X:Y", "X\u{7F}", "\"x\"", "(x)", "Content_Length", "Sec-WebSocket-Key", "Transfer-encoding\t",
    ]
    private static let values: [String: [String]] = [
        "connection": connections, "proxy-connection": connections,
        "content-length": [
            "0", "3", "03", "+3", "-1", "3, 3", "3,3", "3 3", "", "0x3", "3;", "1e1", "18446744073709551615",
            "18446744073709551616", "999999999999999", "1234567890123456", "00000000000000000003", "٣", "3\t",
        ],
        "transfer-encoding": [
            "chunked", "Chunked", "CHUNKED", "gzip, chunked", "chunked, gzip", "identity", "xchunked", "chunkedx",
            "chunked;q=1", "", "chunked,", ",chunked", "chunked, chunked", "gzip", "\"chunked\"", "chun ked",
            "trailers",
        ],
        "upgrade": ["h2c", "websocket", "TLS/1.2", "", ",", "x, y"],
        "expect": ["100-continue", "100-Continue", "x", ""],
        "te": ["trailers", "chunked", "gzip;q=0.5, trailers"],
        "host": hosts,
        "origin": ["null", "https://a.example", ""],
    ]
    private static let connections = [
        "close", "Close", "keep-alive", "Keep-Alive", "KEEP-ALIVE", "upgrade", "Upgrade, HTTP2-Settings",
        "keep-alive, close",
        "close, keep-alive", "keep-alive, keep-alive", "te", "te, close", "x", "", ",", ", close", "close,", "closed",
        "xclose",
        "close x", "x close", "keep-alive x", "keep-alive,x", "upgrade,close", "upgradex", "c lose", "close;x",
        "\"close\"",
        "keep-alive\tclose", "keep-alive,\tclose", "keep-alive ,close", "keep-alivE,cloSe", "te\t", "te,,te", "te , te",
    ]

    private mutating func target() -> String {
        if random.oneIn(80) { return "/" + String(repeating: "x", count: random.number(1...20_000)) }
        return random.oneIn(3) ? random.pick(Self.targets) : "/a"
    }

    private mutating func field() -> String {
        if random.oneIn(60) { return "X-" + String(repeating: "x", count: random.number(1...2000)) + ": x" }
        if random.oneIn(60) { return "X-Long: " + String(repeating: "x ", count: random.number(1...9000)) }
        let name = random.pick(Self.names)
        let values =
            Self.values[name.lowercased()] ?? [
                "x", "x y", "a, b", "", "é", "\u{1}", "x\u{7F}", "\"x\"", "x\ty", "x\u{B}",
            ]
        return cased(name) + (random.oneIn(80) ? "" : ":") + value(random.pick(values))
    }

    private mutating func cased(_ name: String) -> String {
        switch random.below(6) {
        case 0: name.lowercased()
        case 1: name.uppercased()
        case 2: name.map { random.oneIn(2) ? $0.uppercased() : $0.lowercased() }.joined()
        default: name
        }
    }

    private mutating func value(_ text: String) -> String {
        (random.oneIn(5) ? random.pick(["", "  ", "\t", " \t ", "\r\n ", "\u{B}"]) : " ") + text
            + (random.oneIn(8) ? random.pick([" ", "\t", "  ", " \t", "\r\n\t", "\r"]) : "")
    }

    private mutating func blank() -> String {
        random.oneIn(60) ? random.pick(["  ", "\t", "", " \t", "\r", "\n"]) : " "
    }

    private mutating func lineEnd() -> String {
        random.oneIn(120) ? random.pick(["\n", "\r", "\r\r\n", "\n\r", "\r\n\r\n", "\r\n ", "\0\r\n", ""]) : "\r\n"
    }

    // MARK: - Bodies

    private mutating func body() -> (fields: [String], bytes: [UInt8]) {
        let content = random.pick([
            "", "x", "abc", "GET /b HTTP/1.1\r\nHost: a\r\n\r\n", "0\r\n\r\n", "\r\n", "\r\n\r\n",
        ])
        let length = content.utf8.count + (random.oneIn(12) ? random.number(-1...2) : 0)
        let name = cased("Content-Length") + ":" + value("\(max(0, length))")
        switch random.below(8) {
        case 0, 1:
            let coding = cased("Transfer-Encoding") + ":" + value("chunked")
            let chunk = content.isEmpty ? "" : "\(String(content.utf8.count, radix: 16))\r\n\(content)\r\n"
            let end = random.pick([
                "0\r\n\r\n", "0\r\n\r\n", "00\r\n\r\n", "0\r\nX: y\r\n\r\n", "0;a=b\r\n\r\n", "0\n\n", "0\r\n",
            ])
            return ([coding] + (random.oneIn(4) ? [name] : []), Array((chunk + end).utf8))
        case 2: return ([name, name], Array(content.utf8))
        default: return ([name], Array(content.utf8))
        }
    }
}
