import Fuzzing
import NIOCore
import NIOHTTP1
import Testing

@testable import HTTPFrontend

/// The reader in front of the router, beside the decoder and the rules of the server itself.
///
/// A request that two parsers on one connection read differently hides another one: whatever the reader takes for a head, the
/// server has to take for the same head, with the same body, and to go on in the same place.
@Suite("Heads of requests that nobody has thought of")
struct RequestHeadFuzzTests {
    private static let parts = 8

    @Test("are read alike in front of the router and by it", arguments: 0..<parts)
    func alike(part: Int) throws {
        let cases = FuzzCases(100_000, part: part, of: Self.parts)
        var heads = 0
        var compared = 0
        for seed in cases {
            var random = SeededRandom(seed: seed)
            let bytes = RequestGenerator.connection(&random)
            let limits = Limits(&random)
            let front = FrontConnection(bytes, longestHead: limits.longestHead, mostFields: limits.mostFields)
            heads += front.requests.count
            if !front.requests.isEmpty {
                let pieces = random.oneIn(8) ? Self.pieces(of: bytes, &random) : [bytes[...]]
                let decoded = try DecodedConnection(pieces, limits: limits.decoder)
                compared += 1
                if let difference = Self.difference(front, decoded) {
                    Issue.record("seed \(seed): \(difference)\n\(escaped(bytes))")
                }
            }
            if random.oneIn(8), let fault = try Self.faultOfCut(bytes, limits, &random) {
                Issue.record("seed \(seed): \(fault)\n\(escaped(bytes))")
            }
        }
        // A generator that makes nothing but rubbish would show nothing.
        if cases.count >= 1000 {
            #expect(compared > cases.count / 6 && heads > cases.count / 4, "\(compared), \(heads)")
        }
    }

    /// Limits as the server takes them from those of its decoder.
    private struct Limits {
        var decoder = NIOHTTPDecoderLimitConfiguration()

        init(_ random: inout SeededRandom) {
            guard random.oneIn(10) else { return }
            decoder.maxHeaderFieldSize = random.number(20...300)
            decoder.maxHeaderListSize = random.number(20...300)
            decoder.maxHeaderFieldCount = random.number(1...8)
        }

        var longestHead: Int { min(16 * 1024, decoder.maxHeaderListSize, decoder.maxHeaderFieldSize) }
        var mostFields: Int { min(100, decoder.maxHeaderFieldCount) }
    }

    private static func difference(_ front: FrontConnection, _ decoded: DecodedConnection) -> String? {
        for (index, request) in front.requests.enumerated() {
            guard index < decoded.requests.count else {
                guard decoded.isRefused || decoded.hasFailed else {
                    return "request \(index) is no request to the router: \(request.read)"
                }
                if request.mayBeAnswered { return "request \(index) may be answered and the router refuses it" }
                if request.isOrdinary, decoded.isRefused { return "request \(index) is ordinary and against the rules" }
                return nil
            }
            guard request.read == decoded.requests[index] else {
                return "request \(index) is\n\(request.read), and to the router\n\(decoded.requests[index])"
            }
        }
        return nil
    }

    /// What is wrong with how the reader takes bytes that end somewhere, or come in pieces.
    private static func faultOfCut(_ bytes: [UInt8], _ limits: Limits, _ random: inout SeededRandom) throws -> String? {
        let cut = Array(bytes.prefix(random.below(bytes.count + 1)))
        var whole = RequestHeadReader(longestHead: limits.longestHead, mostFields: limits.mostFields)
        let result = whole.read(ByteBuffer(bytes: cut))
        var reader = RequestHeadReader(longestHead: limits.longestHead, mostFields: limits.mostFields)
        var buffer = ByteBuffer()
        var last = RequestHeadReader.Result.incomplete
        for piece in pieces(of: cut, &random) where last == .incomplete {
            buffer.writeBytes(piece)
            last = reader.read(buffer)
        }
        // More than is read may be there before its end is seen.
        if last != result, !(last == .foreign && cut.count > limits.longestHead) {
            return "the first \(cut.count) bytes are \(result) at once, and \(last) in pieces"
        }
        if last == .head, result == .head, reader.head != whole.head { return "the head is another one in pieces" }
        guard result == .incomplete else { return nil }
        let decoded = try DecodedConnection([cut[...]], limits: limits.decoder)
        return decoded.requests.isEmpty
            ? nil : "the first \(cut.count) bytes are no head yet, and a request to the router"
    }

    private static func pieces(of bytes: [UInt8], _ random: inout SeededRandom) -> [ArraySlice<UInt8>] {
        var rest = bytes[...]
        var pieces: [ArraySlice<UInt8>] = []
        while !rest.isEmpty {
            let length = random.oneIn(3) ? 1 : random.number(1...60)
            pieces.append(rest.prefix(length))
            rest = rest.dropFirst(length)
        }
        return pieces
    }
}
