import CachedRoutes
import CachedRoutesHummingbird
import Foundation
import HTTPFrontend
import NIOCore
import RedisClient
import RouteModel

/// The parts of a hit that is answered before the router, each alone: what they cost beside the system's calls.
enum HitBenchmark {
    private static let runs = 41
    private static let repetitions = 20_000

    static func run() throws {
        let signature = RouteSignature(
            namespace: "users-api",
            fingerprint: "3f9a01c2",
            method: .get,
            path: "/api/v1/users",
            inputs: [
                RouteInput(.query, "skip", .int, default: "0", min: "0"),
                RouteInput(.query, "limit", .int, default: "20", min: "1", max: "20000"),
            ]
        )
        var values = InputValues(count: 2)
        try values.add(Array("40".utf8)[...], to: signature.inputs[0], at: 0)
        try values.add(Array("20".utf8)[...], to: signature.inputs[1], at: 1)
        let key = signature.key(for: values)
        let body = ByteBuffer(repeating: UInt8(ascii: "x"), count: 3_400)
        let entry = CacheEntry(
            status: 200,
            storedAt: 1_700_000_000_000,
            ttl: 60_000,
            entityTag: "eab18157d5c66264513dc0329ffccace",
            lastModified: 1_700_000_000_000,
            contentType: "application/json",
            madeIn: 3,
            tokens: [
                TagVersion(value: "0123456789abcdef01234567", server: "0123456789abcde"),
                TagVersion(value: "76543210fedcba9876543210", server: "0123456789abcde"),
            ],
            body: body
        )
        let stored = EntryCoding.encode(entry, key: key)
        print("| | ns each | GB/s |")
        print("|---|---|---|")
        measure("request head of wrk", request("Host: 127.0.0.1:8080\r\n")) { head in
            var reader = RequestHeadReader(longestHead: 16_384, mostFields: 100)
            return { reader.read(head) == .head }
        }
        measure("request head of a browser", request(browser)) { head in
            var reader = RequestHeadReader(longestHead: 16_384, mostFields: 100)
            return { reader.read(head) == .head }
        }
        measure("inputs to key", ByteBuffer()) { _ in
            {
                var values = InputValues(count: 2)
                try? values.add(Array("40".utf8)[...], to: signature.inputs[0], at: 0)
                try? values.add(Array("20".utf8)[...], to: signature.inputs[1], at: 1)
                return signature.key(for: values) == key
            }
        }
        measure("entry", stored) { stored in
            { EntryCoding.decode(stored, key: key, now: 1_700_000_001_000) != nil }
        }
        var reply = ByteBuffer(string: "*3\r\n$\(stored.readableBytes)\r\n")
        reply.writeImmutableBuffer(stored)
        reply.writeString("\r\n$24\r\n0123456789abcdef01234567\r\n$24\r\n76543210fedcba9876543210\r\n")
        measure("reply of Redis: entry and two tokens", reply) { reply in
            let parser = RedisReplyParser(maximumReplySize: 1 << 30)
            var replies: [RedisReply] = []
            return {
                replies.removeAll(keepingCapacity: true)
                return parser.parse(reply, into: &replies) == nil && replies.count == 1
            }
        }
        let size = 3_600_000
        var large = ByteBuffer(string: "$\(size)\r\n")
        large.writeRepeatingByte(UInt8(ascii: "x"), count: size)
        large.writeString("\r\n")
        measure("reply of Redis: 3.6 MB in reads of 64 KiB", large, repetitions: 10) { large in
            let parser = RedisReplyParser(maximumReplySize: 1 << 30)
            return {
                var replies: [RedisReply] = []
                var rest = large
                while let piece = rest.readSlice(length: min(65_536, rest.readableBytes)), piece.readableBytes > 0 {
                    guard parser.parse(piece, into: &replies) == nil else { return false }
                }
                return replies.count == 1
            }
        }
    }

    private static let browser = """
        Host: api.example.com\r
        User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0\r
        Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r
        Accept-Language: en-US,en;q=0.5\r
        Accept-Encoding: gzip, deflate, br, zstd\r
        Connection: keep-alive\r
        Cookie: session=0123456789abcdef0123456789abcdef; theme=dark\r
        Sec-Fetch-Dest: document\r
        Sec-Fetch-Mode: navigate\r
        Sec-Fetch-Site: none\r
        If-None-Match: "eab18157d5c66264513dc0329ffccace"\r

        """

    private static func request(_ fields: String) -> ByteBuffer {
        ByteBuffer(string: "GET /api/v1/users?skip=40&limit=20 HTTP/1.1\r\n\(fields)\r\n")
    }

    /// Prints what one of many repetitions takes.
    ///
    /// - Parameter prepare: gives what is to be measured, which says whether it went well.
    private static func measure(
        _ name: String,
        _ bytes: ByteBuffer,
        repetitions: Int = HitBenchmark.repetitions,
        _ prepare: (ByteBuffer) -> () -> Bool
    ) {
        let body = prepare(bytes)
        let time = Measurement(runs: runs) {
            for _ in 0..<repetitions where !body() { fatalError("\(name) went wrong") }
        }
        let each = time.median / Double(repetitions)
        let rate = bytes.readableBytes > 0 ? (Double(bytes.readableBytes) / each / 1e9).formatted(digits: 2) : ""
        print("| \(name) | \((each * 1e9).formatted(digits: 0)) | \(rate) |")
    }
}
