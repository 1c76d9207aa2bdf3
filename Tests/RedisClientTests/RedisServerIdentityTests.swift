import NIOCore
import NIOEmbedded
import Testing

@testable import RedisClient

@Suite struct RedisServerIdentityTests {
    private let runID = "b2a5ee22e8e8fa1c1c1b46b3bd1cbd8bd4f5cd14"
    private let replicationID = "8371445ee47bcef8b3ad9ff7d3ebd7ec1b8bd8dc"

    @Test func `All processes compute one digest, which needs no allocation`() {
        var identity = RedisServerIdentity(runID: runID, replicationID: replicationID)
        // By another implementation of FNV-1a.
        #expect(identity.digest == "TPBJLH8wfYi5TUL")
        identity.configEpoch = 7
        #expect(identity.digest == "0tAJLH8wfYi5TUb")
        #expect(identity.digest.utf8.count == 15)
        #expect(RedisServerIdentity(runID: runID).digest.utf8.count == 15)
    }

    @Test func `Every character of all parts counts`() {
        var digests = [
            RedisServerIdentity(runID: runID, replicationID: replicationID).digest,
            RedisServerIdentity(runID: replicationID, replicationID: runID).digest,
            RedisServerIdentity(runID: runID).digest,
            RedisServerIdentity(runID: runID + replicationID).digest,
            RedisServerIdentity(runID: runID, replicationID: replicationID, configEpoch: 1).digest,
            RedisServerIdentity(runID: runID, replicationID: replicationID + " 1").digest,
            RedisServerIdentity(runID: runID, replicationID: replicationID, configEpoch: .max).digest,
        ]
        for position in runID.indices {
            for (run, replication) in [(true, false), (false, true)] {
                let other = { (text: String) in
                    String(text[..<position]) + "g" + text[text.index(after: position)...]
                }
                digests.append(
                    RedisServerIdentity(
                        runID: run ? other(runID) : runID,
                        replicationID: replication ? other(replicationID) : replicationID
                    ).digest
                )
            }
        }
        #expect(Set(digests).count == digests.count)
    }

    @Test(
        arguments: [
            ("# Server\r\nrun_id:ab\r\nredis_mode:cluster\r\n", "ab", nil, nil),
            ("role:master\r\nmaster_replid:cd\r\nmaster_replid2:ef\r\n", nil, "cd", "master"),
            ("master_replid2:ef\nrole:slave\n", nil, nil, "slave"), ("run_id:\r\nrun_id_x:1\r\n", nil, nil, nil),
            ("", nil, nil, nil),
        ] as [(String, String?, String?, String?)]
    )
    func `Fields are read from a reply`(text: String, runID: String?, replicationID: String?, role: String?) {
        let info = RedisInfo(text)
        #expect(info.runID == runID)
        #expect(info.replicationID == replicationID)
        #expect(info.role == role)
    }
}

/// The questions for the identity on a connection that is in use.
@Suite struct RedisIdentityQuestionTests {
    private final class Delegate: RedisConnectionDelegate {
        var others = 0
        var error: RedisError?

        func connectionBecameReady(_ connection: RedisConnection) {}
        func connectionHasOtherServer(_ connection: RedisConnection) { others += 1 }
        func connectionEnded(_ connection: RedisConnection, _ end: RedisConnection.End) { error = end.error }
    }

    private struct Harness {
        let channel = EmbeddedChannel()
        let delegate = Delegate()
        let connection: RedisConnection

        /// - Parameter replication: the reply to `INFO replication` in the handshake.
        init(_ replication: String = Self.replication("one")) throws {
            connection = RedisConnection(
                configuration: try RedisConfiguration(url: "redis://a"),
                deadline: channel.eventLoop.now + .hours(1),
                eventLoop: channel.eventLoop,
                metrics: RedisMetrics(),
                delegate: delegate
            )
            try channel.pipeline.syncOperations.addHandler(connection)
            try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
            channel.embeddedEventLoop.run()
            _ = try sent()
            try receive("$12\r\nrun_id:abc\r\n\r\n" + replication + "+PONG\r\n")
        }

        static func replication(_ id: String) -> String {
            let text = "role:master\r\nmaster_replid:\(id)\r\n"
            return "$\(text.utf8.count)\r\n\(text)\r\n"
        }

        func receive(_ text: String) throws {
            try channel.writeInbound(ByteBuffer(string: text))
            channel.embeddedEventLoop.run()
        }

        /// The names of the commands that have been sent since the last call.
        func sent() throws -> [String] {
            channel.embeddedEventLoop.run()
            var text = ""
            while let bytes = try channel.readOutbound(as: ByteBuffer.self) { text += String(buffer: bytes) }
            return text.split(separator: "*").map { $0.split(separator: "\r\n")[2] }.map(String.init)
        }

        func send(_ command: RedisCommand) -> EventLoopFuture<RedisReply> {
            let promise = channel.eventLoop.makePromise(of: RedisReply.self)
            connection.send(RedisRequest(command, for: .promise(promise), ticket: nil, now: channel.eventLoop.now))
            return promise.futureResult
        }

        func wait(_ time: TimeAmount) { channel.embeddedEventLoop.advanceTime(by: time) }
    }

    private func digest(_ replicationID: String?) -> String {
        RedisServerIdentity(runID: "abc", replicationID: replicationID).digest
    }

    @Test func `The identity is asked once a second, before the first command after it`() throws {
        let harness = try Harness()
        _ = harness.send(.get("a"))
        #expect(try harness.sent() == ["GET"])
        try harness.receive("$-1\r\n")
        harness.wait(.milliseconds(999))
        let early = harness.send(.get("a"))
        #expect(try harness.sent() == ["GET"])
        try harness.receive("$-1\r\n")
        #expect(try early.wait().serverID == digest("one"))
        harness.wait(.milliseconds(1))
        // Nothing is asked while nothing else is.
        #expect(try harness.sent() == [])
        let late = [harness.send(.get("a")), harness.send(.get("b"))]
        #expect(try harness.sent() == ["INFO", "GET", "GET"])
        try harness.receive(Harness.replication("one") + "$-1\r\n$1\r\nb\r\n")
        #expect(try late.map { try $0.wait().string } == [nil, "b"])
        #expect(harness.delegate.others == 0)
    }

    @Test func `Replies after another identity have it, also those that came with it`() throws {
        let harness = try Harness()
        harness.connection.doubtIdentity()
        let replies = [harness.send(.get("a")), harness.send(.mget(["b", "c"]))]
        #expect(try harness.sent() == ["INFO", "GET", "MGET"])
        try harness.receive(Harness.replication("two") + "$1\r\na\r\n*2\r\n$1\r\nb\r\n$-1\r\n")
        #expect(try replies.map { try $0.wait().serverID } == [digest("two"), digest("two")])
        #expect(try replies[1].wait()[0].serverID == digest("two"))
        #expect(harness.connection.serverID == digest("two"))
        #expect(harness.delegate.others == 1)
        let next = harness.send(.get("a"))
        #expect(try harness.sent() == ["GET"])
        try harness.receive("$-1\r\n")
        #expect(try next.wait().serverID == digest("two"))
    }

    @Test func `A command that another one has to precede immediately is asked for after neither`() throws {
        let harness = try Harness()
        harness.wait(.seconds(2))
        let promise = harness.channel.eventLoop.makePromise(of: RedisReply.self)
        let now = harness.channel.eventLoop.now
        let caching = RedisRequest(RedisCommand("CLIENT"), for: .function { _ in }, ticket: nil, now: now)
        harness.connection.send(RedisRequest(.get("a"), for: .promise(promise), ticket: nil, now: now), after: caching)
        #expect(try harness.sent() == ["INFO", "CLIENT", "GET"])
        promise.fail(RedisError(.shutDown, "the test is over"))
    }

    @Test func `A server that does not tell its replication is not asked again`() throws {
        let harness = try Harness("$0\r\n\r\n")
        harness.wait(.seconds(2))
        let reply = harness.send(.get("a"))
        #expect(try harness.sent() == ["GET"])
        try harness.receive("$-1\r\n")
        #expect(try reply.wait().serverID == digest(nil))
    }

    @Test func `A primary that has become a replica is left, also by reads`() throws {
        let harness = try Harness()
        harness.wait(.seconds(1))
        let reply = harness.send(.get("a"))
        #expect(try harness.sent() == ["INFO", "GET"])
        let text = "role:slave\r\nmaster_replid:one\r\n"
        try harness.receive("$\(text.utf8.count)\r\n\(text)\r\n$3\r\nold\r\n")
        #expect(throws: RedisError.self) { try reply.wait() }
        #expect(harness.delegate.error?.code == .connectionLost)
    }

    @Test(arguments: ["-NOPERM no\r\n", "$0\r\n\r\n", "+OK\r\n"])
    func `A server that no longer tells it is left`(answer: String) throws {
        let harness = try Harness()
        harness.wait(.seconds(1))
        let reply = harness.send(.set("a", "1"))
        _ = try harness.sent()
        try harness.receive(answer + "+OK\r\n")
        #expect(throws: RedisError.self) { try reply.wait() }
        #expect(harness.delegate.error?.code == .connectionLost)
    }
}
