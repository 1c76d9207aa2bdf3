import Foundation
import TestServers

/// A primary with a replica, and three Sentinels.
///
/// Invalidation is promised as with a single server, except for purges at a primary after the promotion of another one; these
/// are left out here but for `--two-primaries`. A primary that hangs is resumed before Sentinels count it as failed, is killed
/// before it goes on, or goes on after all processes have left it. In a failover by command the harness makes it a replica, and
/// no client gets an answer before: Sentinels leave a former primary as it is for about ten seconds. One that was killed comes
/// back empty and takes itself for a primary as long, but no Sentinel names it.
struct SentinelRedis: RedisUnderTest {
    private let sentinels: RedisSentinels
    private let tls: TestTLS?
    private let hasTwoPrimaries: Bool

    /// The time in milliseconds for which the primary may hang before Sentinels promote its replica.
    private static let downAfter = 1000

    init(_ options: Options) async throws {
        hasTwoPrimaries = options.hasTwoPrimaries
        let hasTLS = options.hasTLS
        (sentinels, tls) = try await blocking {
            let tls = hasTLS ? try TestTLS() : nil
            var options = RedisSentinels.Options()
            options.identity = tls?.identity
            options.sentinelLines = [
                "sentinel down-after-milliseconds \(RedisSentinels.primaryName) \(Self.downAfter)"
            ]
            return (try RedisSentinels(options), tls)
        }
    }

    var faults: [Fault] {
        let faults: [Fault] = [
            .redisPaused, .redisStutters, .redisKilled, .redisFlushed, .connectionsKilled, .sentinelKilled,
            .primaryKilled, .primaryKilled, .primaryHangs, .primaryReturns, .failoverOrdered, .failoverLosesWrites,
            .failoverAndBack,
        ]
        let ofTwoPrimaries: [Fault] = [.primaryResumed, .failoverBesidePrimary]
        return faults + (hasTwoPrimaries ? Array(repeating: ofTwoPrimaries, count: 10).flatMap { $0 } : [])
    }

    let measuredFaults: [Fault] = [.primaryKilled, .failoverOrdered]

    func isServing() async -> Bool {
        let role = try? await blocking {
            try RedisServerConnection(port: try sentinels.primary().port).send("ROLE").elements.first?.text
        }
        return role == "master"
    }

    func environment(of process: Int) -> [String: String] {
        ["REDIS_URL": sentinels.url].merging(tls?.environment ?? [:]) { $1 }
    }

    func stop() async {
        sentinels.stop()
        tls?.remove()
    }

    func inject(_ fault: Fault, _ random: inout SeededGenerator) async throws -> Bool {
        func milliseconds(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
        let primary = try await blocking { try sentinels.primary() }
        var isDone = true
        switch fault {
        case .redisPaused:
            primary.pause()
            try await sleep(milliseconds(50...Self.downAfter * 6 / 10))
            primary.resume()
        case .redisStutters:
            // The pauses are about as long as the timeout of a command.
            for _ in 0..<8 {
                primary.pause()
                try await sleep(milliseconds(80...220))
                primary.resume()
                try await sleep(milliseconds(10...150))
            }
        case .redisKilled:
            try await blocking {
                try primary.restart()
                // It may have been told to be a replica when it was started first.
                try ask(primary, "REPLICAOF", "NO", "ONE")
            }
        case .redisFlushed: _ = try await blocking { try ask(primary, "FLUSHALL") }
        case .connectionsKilled:
            let kind = ["normal", "pubsub"].randomElement(using: &random) ?? "normal"
            let isOfSentinels = Bool.random(using: &random)
            isDone = try await blocking {
                let command = ["CLIENT", "KILL", "TYPE", kind, "SKIPME", "yes"]
                let ports = isOfSentinels ? sentinels.sentinels.map(\.port) : [primary.port]
                return try ports.map { try ask($0, command).text }.contains { $0 != "0" }
            }
        case .sentinelKilled:
            let sentinel = sentinels.sentinels[Int.random(in: sentinels.sentinels.indices, using: &random)]
            sentinel.kill()
            try await sleep(milliseconds(100...3000))
            try await blocking { try sentinel.restart() }
        case .primaryKilled, .primaryHangs:
            if fault == .primaryKilled { primary.kill() } else { primary.pause() }
            try await waitForPromotion(insteadOf: primary)
            try await sleep(milliseconds(0...1000))
            try await blocking { try primary.restart() }
        case .primaryResumed:
            primary.pause()
            try await waitForPromotion(insteadOf: primary)
            primary.resume()
        case .primaryReturns:
            primary.pause()
            try await waitForPromotion(insteadOf: primary)
            // Attempts to connect that began before are over as well.
            try await sleep(2_500)
            primary.resume()
            // To itself it is the primary still, and Sentinels leave it as it is for some eight seconds.
            try await sleep(milliseconds(0...1500))
            let successor = try await blocking { try sentinels.primary() }
            successor.kill()
            try await waitForPromotion(insteadOf: successor)
            try await sleep(milliseconds(0...1000))
            try await blocking { try successor.restart() }
        case .failoverBesidePrimary: _ = try await blocking { try sentinels.failover() }
        case .failoverOrdered: try await failover(from: primary)
        case .failoverLosesWrites:
            let replica = try await blocking { try sentinels.replicas()[0] }
            try await cutReplication(of: replica)
            _ = try await blocking { try ask(primary, "CLIENT", "KILL", "TYPE", "replica") }
            try await sleep(milliseconds(100...1000))
            primary.kill()
            try await waitForPromotion(insteadOf: primary)
            try await mendReplication(of: replica)
            try await blocking { try primary.restart() }
        case .failoverAndBack:
            // The old primary is not restarted, and does not get its successor's writes.
            try await cutReplication(of: primary)
            try await failover(from: primary)
            let successor = try await blocking {
                let successor = try sentinels.primary()
                try ask(primary, "REPLICAOF", "127.0.0.1", "\(sentinels.port(of: successor))")
                return successor
            }
            // Sentinels see it as a replica before it can be promoted.
            try await blocking { try sentinels.waitUntilReady() }
            try await sleep(milliseconds(100...1000))
            successor.kill()
            try await waitForPromotion(insteadOf: successor)
            try await mendReplication(of: primary)
            try await blocking { try successor.restart() }
        default: throw HarnessError.unknown(fault, "a primary with Sentinels")
        }
        try await settle(isHelped: milliseconds(1...4) > 1)
        return isDone
    }

    /// Makes a failover on command, in which the old primary does not answer its clients before it has become a replica.
    private func failover(from primary: RedisServer) async throws {
        try await blocking {
            let successor = try sentinels.replicas()[0]
            let connection = try RedisServerConnection(port: primary.port)
            // The other commands are the first to be executed after the pause, in which Sentinels promote the successor.
            try connection.post([
                ["CLIENT", "PAUSE", "4000", "ALL"],
                ["REPLICAOF", "127.0.0.1", "\(sentinels.port(of: successor))"],
                ["CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"],
                ["CLIENT", "KILL", "TYPE", "pubsub"],
            ])
            _ = try? sentinels.failover()
            _ = try retrying { try sentinels.waitForPrimary(otherThan: primary) }
            // Until the pause is over it answers nobody else either.
            usleep(4_000_000)
        }
    }

    private func waitForPromotion(insteadOf former: RedisServer) async throws {
        _ = try await blocking { try retrying { try sentinels.waitForPrimary(otherThan: former) } }
    }

    /// Sends a command to a server.
    @discardableResult
    private func ask(_ server: RedisServer, _ words: String...) throws -> RedisServerReply {
        try ask(server.port, words)
    }

    @discardableResult
    private func ask(_ port: Int, _ words: [String]) throws -> RedisServerReply {
        try retrying { try RedisServerConnection(port: port).send(words.map { Array($0.utf8) }) }
    }

    /// Tries several times, because a Sentinel that gives a server another role closes all its connections, also the harness's.
    private func retrying<Result>(_ body: () throws -> Result) throws -> Result {
        for _ in 0..<3 {
            if let result = try? body() { return result }
            usleep(100_000)
        }
        return try body()
    }

    /// Keeps a server from getting another one's data.
    private func cutReplication(of server: RedisServer) async throws {
        _ = try await blocking {
            try ask(server, "CONFIG", "SET", "masteruser", "nobody", "masterauth", "wrong")
        }
    }

    private func mendReplication(of server: RedisServer) async throws {
        _ = try await blocking { try ask(server, "CONFIG", "SET", "masteruser", "", "masterauth", "") }
    }

    /// Waits until the other server is a replica with the primary's data.
    ///
    /// - Parameter isHelped: tells it at once to be one; Sentinels take about ten seconds.
    private func settle(isHelped: Bool) async throws {
        try await blocking {
            let end = Date(timeIntervalSinceNow: 40)
            var isTold = !isHelped
            while true {
                try sentinels.waitUntilReady()
                let primary = try retrying { try sentinels.primary() }
                let port = sentinels.port(of: primary)
                let replicas = sentinels.servers.filter { $0 !== primary }
                if !isTold {
                    for replica in replicas { try ask(replica, "REPLICAOF", "127.0.0.1", "\(port)") }
                    isTold = true
                }
                let states = try replicas.map { try ask($0, "INFO", "replication").text }
                let isPrimary = try ask(primary, "INFO", "replication").text.contains("role:master")
                let areReplicas = states.allSatisfy {
                    $0.contains("master_port:\(port)\r\n") && $0.contains("master_link_status:up")
                }
                if isPrimary && areReplicas { return }
                if Date() > end { throw HarnessError("the replica does not follow: \(states)") }
                usleep(50_000)
            }
        }
    }
}
