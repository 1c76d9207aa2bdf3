import Synchronization
import TestServers

/// A server that greets as Redis does and answers every other command as a test says; `nil`: not at all.
enum OddReplyServer {
    /// Runs a server while `body` does, which is given its URL.
    static func with(
        _ answer: @escaping @Sendable (_ words: [String]) -> String?,
        _ body: (String) async throws -> Void
    ) async throws {
        let greeted = Mutex<Set<Int>>([])
        try await FakeRedisServer.with(
            { request in
                if greeted.withLock({ $0.contains(request.connection) }) {
                    return answer(request.words).map { .send($0) } ?? .nothing
                }
                // The handshake ends with PING.
                if request.words.first == "PING" { greeted.withLock { _ = $0.insert(request.connection) } }
                return FakeRedisServer.handshake(request) ?? .send("+OK\r\n")
            },
            body
        )
    }
}
