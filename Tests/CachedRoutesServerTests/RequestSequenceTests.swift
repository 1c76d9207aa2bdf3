import HTTPFrontend
import NIOCore
import NIOHTTP1
import Testing

@testable import CachedRoutesServer

/// A step without its payload.
private enum Name: Equatable {
    case wait, begin(String), body(Int), end, interrupted, refuse, refuseMalformed, close

    init(_ step: RequestSequence.Step) {
        self =
            switch step {
            case .wait: .wait
            case .begin(let head): .begin(head.uri)
            case .body(let bytes): .body(bytes.readableBytes)
            case .end: .end
            case .interrupted: .interrupted
            case .refuse: .refuse
            case .refuseMalformed: .refuseMalformed
            case .close: .close
            }
    }
}

extension RequestSequence {
    fileprivate mutating func step(isWritable: Bool = true) -> Name { Name(next(isWritable: isWritable)) }

    fileprivate mutating func receive(request target: String, body: Int...) {
        receive(.head(HTTPRequestHead(version: .http1_1, method: .POST, uri: target)))
        for count in body { receive(.body(ByteBuffer(repeating: 1, count: count))) }
        receive(.end)
    }
}

@Suite("The order of requests on a connection")
struct RequestSequenceTests {
    @Test("A request is served after the response to the one before")
    func order() {
        var sequence = RequestSequence()
        sequence.receive(request: "/a")
        sequence.receive(request: "/b")
        #expect(sequence.step() == .begin("/a"))
        #expect(sequence.step() == .wait)
        sequence.answered(isLast: false)
        #expect(sequence.step() == .begin("/b"))
        sequence.answered(isLast: false)
        #expect(sequence.step() == .wait)
    }

    @Test("A body waits until it is wanted, and its end is told even if it has arrived before")
    func body() {
        var sequence = RequestSequence()
        sequence.receive(request: "/a", body: 3, 4)
        #expect(sequence.step() == .begin("/a"))
        #expect(sequence.step() == .wait)
        sequence.wantsBody()
        #expect(
            [sequence.step(), sequence.step(), sequence.step(), sequence.step()] == [.body(3), .body(4), .end, .wait]
        )
        sequence.receive(request: "/b")
        sequence.answered(isLast: false)
        #expect(sequence.step() == .begin("/b"))
        sequence.wantsBody()
        #expect(sequence.step() == .end)
    }

    @Test("The rest of a body is discarded once its request has a response, and is no request")
    func discardedBody() {
        var sequence = RequestSequence()
        sequence.receive(request: "/a", body: 3)
        #expect(sequence.step() == .begin("/a"))
        sequence.answered(isLast: false)
        #expect(sequence.step() == .wait)
        sequence.receive(request: "/b")
        #expect(sequence.step() == .begin("/b"))
    }

    @Test("A client that does not receive gets no further response")
    func unwritable() {
        var sequence = RequestSequence()
        sequence.receive(request: "/a")
        #expect(sequence.step(isWritable: false) == .wait)
        #expect(sequence.step() == .begin("/a"))
    }

    @Test("No more is read while many parts wait")
    func queue() {
        var sequence = RequestSequence()
        while sequence.mayRead { sequence.receive(request: "/a") }
        for _ in 0..<RequestSequence.longestQueue / 2 {
            #expect(sequence.step() == .begin("/a"))
            sequence.answered(isLast: false)
        }
        #expect(sequence.step() == .wait)
        #expect(sequence.mayRead)
    }

    @Test("After the last response nothing is served, and everything is read")
    func last() {
        var sequence = RequestSequence()
        sequence.receive(request: "/a")
        sequence.receive(request: "/b")
        #expect(sequence.step() == .begin("/a"))
        sequence.answered(isLast: true)
        for _ in 0...RequestSequence.longestQueue { sequence.receive(request: "/c") }
        #expect(sequence.step() == .wait)
        #expect(sequence.mayRead)
    }

    @Test("A request that breaks the rules is refused after the response to the one before, and nothing follows")
    func refused() {
        var sequence = RequestSequence()
        sequence.receive(request: "/a")
        sequence.receive(.refused(RequestHeadRules.Refusal(status: .badRequest, detail: "")))
        sequence.receive(request: "/b")
        #expect(sequence.step() == .begin("/a"))
        #expect(sequence.step() == .wait)
        sequence.answered(isLast: false)
        #expect(sequence.step() == .refuse)
        #expect(sequence.step() == .wait)
    }

    @Test("Malformed bytes are refused between requests, and interrupt a body that is read", arguments: [false, true])
    func malformed(isWanted: Bool) {
        var sequence = RequestSequence()
        sequence.receive(.head(HTTPRequestHead(version: .http1_1, method: .POST, uri: "/a")))
        sequence.receive(.malformed)
        #expect(sequence.step() == .begin("/a"))
        #expect(sequence.step() == .wait)
        if isWanted {
            sequence.wantsBody()
            #expect([sequence.step(), sequence.step()] == [.interrupted, .wait])
        }
        sequence.answered(isLast: false)
        #expect([sequence.step(), sequence.step()] == [.refuseMalformed, .wait])
    }

    @Test("A connection whose client has closed its side ends after all responses")
    func inputClosed() {
        var sequence = RequestSequence()
        sequence.receive(request: "/a")
        sequence.inputClosed()
        #expect(sequence.step() == .begin("/a"))
        #expect(sequence.step() == .wait)
        sequence.answered(isLast: false)
        #expect([sequence.step(), sequence.step()] == [.close, .wait])
    }
}
