import Logging
import NIOCore
import Synchronization
import TestServers
import Testing

@testable import RedisClient

/// Replies that begin and are not whole in time.
@Suite(.timeLimit(.minutes(2))) struct RedisLongReplyTests {
    /// The commands that came, but for the handshakes.
    private final class Heard: Sendable {
        private let kept = Mutex<[FakeRedisServer.Request]>([])

        func note(_ request: FakeRedisServer.Request) { kept.withLock { $0.append(request) } }

        /// Commands on a connection; a long argument by its length.
        func on(_ connection: Int) -> [String] {
            kept.withLock { $0 }.filter { $0.connection == connection }.map { request in
                request.words.map { $0.count > 100 ? "\($0.count)" : $0 }.joined(separator: " ")
            }
        }
    }

    /// 8 MB of something longer, in every place of a reply that a key may have.
    private static func beginning(_ element: Int, of count: Int) -> String {
        let before = String(repeating: "$-1\r\n", count: element)
        return (count > 1 ? "*\(count)\r\n" : "") + before + "$100000000\r\n" + part
    }

    private static let part = String(repeating: "x", count: 8_000_000)

    @Test(arguments: [(0, 1), (0, 3), (2, 3)])
    func `A value that is too long to be read in time keeps nothing but itself from being read`(
        element: Int,
        count: Int
    ) async throws {
        let heard = Heard()
        try await FakeRedisServer.with { request in
            guard request.words.first == "GET" || request.words.first == "MGET" else { return nil }
            heard.note(request)
            return request.words.contains("long") ? .send(Self.beginning(element, of: count)) : .send("$5\r\nvalue\r\n")
        } _: { url async throws in
            _ = Self.part
            try await RunningClient.with(url, loops: 1, configure: { $0.commandTimeout = .milliseconds(500) }) {
                running async throws in
                let keys = (0..<count).map { RedisCommand.Argument.string($0 == element ? "long" : "short") }
                let command = count == 1 ? RedisCommand.get("long") : .mget(keys)
                do {
                    _ = try await running.send(command)
                    Issue.record("read")
                } catch let error as RedisError {
                    #expect(error.code == .replyTooSlow && error.element == element && error.isAboutValue, "\(error)")
                }
                // Waits for the next connection, which nothing has to be tried on, instead of failing.
                #expect(try await running.send(.get("other")).string == "value")
                #expect(heard.on(1) == ["GET other"])
            }
        }
    }

    @Test func `A server that began a reply and stopped is tried by something short of a known length`() async throws {
        let heard = Heard()
        try await FakeRedisServer.with { request in
            let isTrial = request.words.first == "PING" && request.words.count == 2
            guard request.words.first == "GET" || isTrial else { return nil }
            heard.note(request)
            switch request.connection {
            case 0: return .send("$1000\r\npart")
            // Answers one and not eight.
            case 1: return heard.on(1).count == 1 ? .send("$512\r\n\(request.words[1])\r\n") : .nothing
            // Begins.
            case 2: return .send("$512\r\npart")
            default: return isTrial ? .send("$512\r\n\(request.words[1])\r\n") : .send("$5\r\nvalue\r\n")
            }
        } _: { url async throws in
            try await RunningClient.with(url, loops: 1, configure: { $0.commandTimeout = .milliseconds(300) }) {
                running async throws in
                #expect(await code { try await running.send(.get("key")) } == .timedOut)
                await running.log.wait(for: "Redis is available again")
                #expect(heard.on(0) == ["GET key"])
                #expect(heard.on(1) == Array(repeating: "PING 512", count: 9))
                #expect(heard.on(2) == ["PING 512"])
                #expect(heard.on(3) == Array(repeating: "PING 512", count: 73))
                #expect(try await running.send(.get("key")).string == "value")
                #expect(running.log.entries(.warning).count == 1)
            }
        }
    }

    @Test func `A read that was not answered is tried until it is, or has shown to be long`() async throws {
        let heard = Heard()
        try await FakeRedisServer.with { request in
            // The handshake has a PING, too.
            guard request.words.first == "GET" || request.words.first == "PING" && request.words.count == 2 else {
                return nil
            }
            heard.note(request)
            switch request.connection {
            case 0, 1: return .nothing
            case 2: return .send(Self.beginning(0, of: 1))
            default: return .send("$5\r\nvalue\r\n")
            }
        } _: { url async throws in
            try await RunningClient.with(url, loops: 1, configure: { $0.commandTimeout = .milliseconds(300) }) {
                running async throws in
                #expect(await code { try await running.send(.get("key")) } == .timedOut)
                await running.log.wait(for: "Redis is available again")
                #expect((0..<3).map { heard.on($0) } == [["GET key"], ["GET key"], ["GET key"]])
                #expect(heard.on(3).first == "PING 512")
                #expect(try await running.send(.get("other")).string == "value")
            }
        }
    }

    @Test(arguments: [
        ("", 0, false), ("*3\r\n", 0, true), ("*3\r\n$1\r\na\r\n", 1, true),
        ("*3\r\n$1\r\na\r\n$40000\r\nxxx", 1, true),
        ("*3\r\n$40000\r\nxxx", 0, true), ("$40000\r\nxxx", 0, true), ("$50\r\nxxx", 0, true),
        ("*100\r\n" + String(repeating: "$-1\r\n", count: 50) + "$5000\r\n", 50, true),
        ("*2\r\n:1\r\n:2\r\n", 0, false),
    ])
    func `The element under way is known, however long it is`(text: String, element: Int, isInside: Bool) {
        let parser = RedisReplyParser(maximumReplySize: 1_000_000)
        var replies: [RedisReply] = []
        #expect(parser.parse(ByteBuffer(string: text), into: &replies) == nil)
        #expect(parser.currentElement == element && parser.isInsideReply == isInside)
    }

    @Test(
        arguments: [
            (
                RedisCommand.set("k", "v"), ["+OK\r\n"],
                ["+QUEUED\r\n", "$-1\r\n", ":1\r\n", "$2\r\nOK\r\n", "*0\r\n", "-ERR x\r\n"]
            ),
            (
                .unlink(["k"]), [":0\r\n", ":1\r\n"],
                ["+OK\r\n", "$-1\r\n", ":-1\r\n", "$1\r\n1\r\n", "*1\r\n:1\r\n", "-ERR x\r\n"]
            ),
            (.pexpire("k", .seconds(1)), [":0\r\n", ":1\r\n"], ["+OK\r\n", "*-1\r\n", ":-3\r\n", "-ERR x\r\n"]),
            (.eval(script: "s", keys: []), [":0\r\n", "$-1\r\n"], ["-ERR x\r\n"]),
        ] as [(RedisCommand, [String], [String])]
    )
    func `A write is carried out only where its reply says so`(
        command: RedisCommand,
        good: [String],
        bad: [String]
    ) async throws {
        let answers = Mutex((good + bad)[...])
        try await FakeRedisServer.with { request in
            request.words.first == "\(command.name)" ? .send(answers.withLock { $0.removeFirst() }) : nil
        } _: { url async throws in
            try await RunningClient.with(url, loops: 1) { running async throws in
                for text in good + bad {
                    var isDone = true
                    do { try await running.client.perform(command) } catch { isDone = false }
                    #expect(isDone == good.contains(text), "\(text)")
                }
            }
        }
    }
}
