import Logging
import NIOCore
import Synchronization
import TestServers
import Testing

@testable import RedisClient

/// Handlers that keep an event loop to themselves.
@Suite(.timeLimit(.minutes(5))) struct RedisHeldUpLoopTests {
    @Test func `A loop that is held up before it sends does not make a server late`() async throws {
        let server = try RedisServer()
        try await RunningClient.with(server.url, loops: 1, configure: { $0.commandTimeout = .milliseconds(500) }) {
            running async throws in
            let (client, loop) = (running.client, running.loops[0])
            let reply = try await loop.flatSubmit {
                let reply = client.send(.get("key"), on: loop)
                // When this ends the timer is due, and the command has not left yet.
                let end = NIODeadline.now() + .milliseconds(600)
                while NIODeadline.now() < end {}
                return reply
            }.get()
            #expect(reply.isNull)
            #expect(running.count("timeouts") == 0)
            #expect(running.log.entries(.warning).isEmpty)
        }
    }

    @Test func `A loop that was held up reads what lies there, however many commands wait for it`() async throws {
        let count = 5_000
        let answers = Atomic(0)
        try await FakeRedisServer.with { request in
            guard request.words.first == "GET" else { return nil }
            answers.add(1, ordering: .relaxed)
            return .send("+fine\r\n")
        } _: { url async throws in
            try await RunningClient.with(url, loops: 1, configure: { $0.commandTimeout = .milliseconds(500) }) {
                running async throws in
                let (client, loop) = (running.client, running.loops[0])
                let results = try await loop.flatSubmit {
                    let replies = (0..<count).map { _ in client.send(.get("key"), on: loop) }
                    // Runs after the flush.
                    loop.execute {
                        let end = NIODeadline.now() + .milliseconds(600)
                        while answers.load(ordering: .relaxed) < count || NIODeadline.now() < end {}
                    }
                    return EventLoopFuture.whenAllComplete(replies, on: loop)
                }.get()
                #expect(results.filter { (try? $0.get().string) != "fine" }.isEmpty)
                #expect(running.count("timeouts") == 0)
            }
        }
    }

    @Test func `Commands that are sent in each tick do not keep a server that hangs`() async throws {
        try await FakeRedisServer.with {
            $0.words.first == "GET" ? .nothing : nil
        } _: { url async throws in
            try await RunningClient.with(url, loops: 1, configure: { $0.commandTimeout = .milliseconds(100) }) {
                running async throws in
                let isOver = Atomic(false)
                let first = running.client.send(.get("key"), on: running.loops[0])
                first.whenComplete { _ in isOver.store(true, ordering: .relaxed) }
                keepSending(running.client, on: running.loops[0]) { isOver.load(ordering: .relaxed) }
                #expect(await code { try await first.get() } == .timedOut)
            }
        }
    }
}

/// Sends a command in each tick of the loop.
private func keepSending(
    _ client: RedisClient,
    on loop: any EventLoop,
    until isOver: @escaping @Sendable () -> Bool
) {
    loop.execute {
        guard !isOver() else { return }
        _ = client.send(.get("key"), on: loop)
        keepSending(client, on: loop, until: isOver)
    }
}
