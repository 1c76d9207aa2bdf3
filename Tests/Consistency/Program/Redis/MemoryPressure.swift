import Foundation
import Synchronization
import TestServers

/// Fills the memory of a Redis with values that nobody reads, and counts the service's keys that are evicted for them.
final class MemoryPressure: Sendable {
    /// The numbers of the service's keys that were evicted.
    struct Evicted: Sendable {
        var entries = 0
        var tagVersions = 0
    }

    private let port: Int
    private let state = Mutex((isRunning: true, evicted: Evicted()))

    /// Begins to fill the memory of a server.
    init(on server: RedisServer) {
        port = server.port
        Thread.detachNewThread { [self] in repeatOnNewConnections(fill) }
        Thread.detachNewThread { [self] in repeatOnNewConnections(listen) }
    }

    /// The keys that were evicted so far.
    var evicted: Evicted { state.withLock { $0.evicted } }

    /// Ends the filling.
    func stop() {
        state.withLock { $0.isRunning = false }
    }

    private var isRunning: Bool { state.withLock { $0.isRunning } }

    /// Repeats something on new connections, because the server comes and goes.
    private func repeatOnNewConnections(_ body: (RedisServerConnection) throws -> Void) {
        while isRunning {
            if let connection = try? RedisServerConnection(port: port) { try? body(connection) }
            Thread.sleep(forTimeInterval: 0.05)
        }
    }

    private func fill(_ connection: RedisServerConnection) throws {
        let value = [UInt8](repeating: UInt8(ascii: "x"), count: 8000)
        while isRunning {
            // Several times the memory in each second: LRU counts in seconds, and within one all values are of the same age.
            try connection.send([Array("SET".utf8), Array("filler:\(UInt32.random(in: 0...UInt32.max))".utf8), value])
            Thread.sleep(forTimeInterval: 0.001)
        }
    }

    private func listen(_ connection: RedisServerConnection) throws {
        try connection.send("SUBSCRIBE", "__keyevent@0__:evicted")
        while isRunning {
            guard let key = try connection.message(within: 0.5)?.elements.last?.text else { continue }
            if key.hasPrefix("filler:") { continue }
            let isTagVersion = ["items;route;", "items;tag;", "items;table;"].contains { key.hasPrefix($0) }
            state.withLock { state in
                if isTagVersion { state.evicted.tagVersions += 1 } else { state.evicted.entries += 1 }
            }
        }
    }
}
