import Foundation
import Logging
import NIOCore
import NIOPosix
import RedisClient
import TestServers

/// The lookup of a hit in each kind of Redis, from the read to the values: the processor time that it takes this process, and
/// how many times that of a plain Redis it is. The servers are processes of their own and don't count.
///
/// Rounds of all kinds alternate, so that whatever else the machine does concerns all of them.
enum RedisBenchmark {
    /// Lookups of a round, which takes about 20 ms.
    private static let lookups = 4_000
    /// Lookups in flight on the event loop: each completed one begins the next.
    private static let concurrency = 32
    private static let keys = 512
    private static let tags = 3
    private static let entrySize = 1024

    private struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// A client of one kind of Redis.
    private struct Kind: Sendable {
        let name: String
        let client: RedisClient
        let eventLoop: any EventLoop
    }

    static func run(rounds: Int, only wanted: String? = nil) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let servers = try await blocking { try Servers() }
        var kinds: [Kind] = []
        var runs: [Task<Void, any Error>] = []
        for (name, configuration) in servers.configurations where wanted.map({ name.contains($0) }) ?? true {
            var configuration = configuration
            configuration.commandTimeout = .seconds(20)
            let client = try RedisClient(
                configuration: configuration,
                eventLoopGroup: group,
                logger: Logger(label: "benchmark") { _ in SwiftLogNoOpLogHandler() }
            )
            runs.append(Task { try await client.run() })
            let kind = Kind(name: name, client: client, eventLoop: group.any())
            try await fill(kind)
            kinds.append(kind)
        }
        try await measure(kinds, rounds: rounds)
        for run in runs { run.cancel() }
        for run in runs { try? await run.value }
        try await group.shutdownGracefully()
        try await blocking { servers.stop() }
    }

    // MARK: - The measurement

    private static func measure(_ kinds: [Kind], rounds: Int) async throws {
        var times = [[Double]](repeating: [], count: kinds.count)
        // The first round does not count.
        for round in 0...rounds {
            let order = round.isMultiple(of: 2) ? Array(kinds.indices) : kinds.indices.reversed()
            for index in order {
                let time = try await processorTime(of: kinds[index])
                if round > 0 { times[index].append(time) }
            }
        }
        print("an entry of \(entrySize) bytes and \(tags) tag versions, \(concurrency) lookups in flight")
        print("processor time of the client for each, in µs, in \(rounds) rounds of \(lookups); and times plain\n")
        print("| | median | times | tenth | times |")
        print("|---|---|---|---|---|")
        let measured = times.map { times in
            // Whatever else the machine does makes rounds dearer, never cheaper.
            let sorted = times.sorted().map { $0 / Double(lookups) * 1e6 }
            return (median: sorted[sorted.count / 2], tenth: sorted[sorted.count / 10])
        }
        for (kind, time) in zip(kinds, measured) {
            print(
                "| \(kind.name) | \(time.median.formatted(digits: 2)) |",
                "\((time.median / measured[0].median).formatted(digits: 2)) | \(time.tenth.formatted(digits: 2)) |",
                "\((time.tenth / measured[0].tenth).formatted(digits: 2)) |"
            )
        }
    }

    private static func processorTime(of kind: Kind) async throws -> Double {
        let start = processorTime()
        let chains = (0..<concurrency).map { chain in
            kind.eventLoop.flatSubmit {
                let promise = kind.eventLoop.makePromise(of: Void.self)
                lookUp(chain, of: kind, completing: promise)
                return promise.futureResult
            }
        }
        try await EventLoopFuture.andAllSucceed(chains, on: kind.eventLoop).get()
        return processorTime() - start
    }

    /// Looks up every so manieth key, one after the other.
    private static func lookUp(_ number: Int, of kind: Kind, completing promise: EventLoopPromise<Void>) {
        guard number < lookups else { return promise.succeed() }
        // An odd factor, so that all keys have their turn.
        let names = names[(number &* 40_503) % keys]
        let lookup = kind.client.read(names, longElements: 1, on: kind.eventLoop) { result in
            // As the store reads it: the entry's bytes, and each tag version with the server that it is bound to.
            let values = try result.get()
            guard values.count == 1 + tags, let entry = values.bytes(at: 0), entry.readableBytes == entrySize else {
                throw Failure(description: "an entry is missing")
            }
            for position in 1...tags {
                guard
                    values.withUnsafeReadableBytes(at: position, { String(decoding: $0, as: UTF8.self) })?.utf8.count
                        == 15,
                    values.serverID(at: position) != nil
                else {
                    throw Failure(description: "a tag version is missing")
                }
            }
        }
        lookup.whenComplete { result in
            switch result {
            case .success: lookUp(number + concurrency, of: kind, completing: promise)
            case .failure(let error): promise.fail(error)
            }
        }
    }

    /// The processor time of this process, of the user's and of the system's code, in seconds.
    private static func processorTime() -> Double {
        // POSIX fixes CLOCKS_PER_SEC, a macro that Swift does not import, at a million.
        Double(clock()) / 1e6
    }

    // MARK: - The keys

    /// The keys of each lookup: an entry, its route, its table, and a tag.
    private static let names: [[RedisCommand.Argument]] = (0..<keys).map { number in
        [
            "users-api:3f9a01c2:/api/v1/users/\(number)?skip=40&limit=20", "users-api;route;users_\(number % 16)",
            "users-api;table;public.users_\(number % 8)", "users-api;tag;users:\(number)",
        ].map { .bytes(Array($0.utf8)) }
    }

    private static func fill(_ kind: Kind) async throws {
        let entry = RedisCommand.Argument.bytes([UInt8](repeating: UInt8(ascii: "x"), count: entrySize))
        for names in names {
            for (position, name) in names.enumerated() {
                let value = position == 0 ? entry : .string("0123456789abcde")
                try await kind.client.perform(.set(name, value), on: kind.eventLoop).get()
            }
        }
    }

    // MARK: - The servers

    private final class Servers: Sendable {
        let configurations: [(name: String, RedisConfiguration)]
        private let stops: [@Sendable () -> Void]

        init() throws {
            var configurations: [(name: String, RedisConfiguration)] = []
            var stops: [@Sendable () -> Void] = []
            let plain = try RedisServer()
            configurations.append(("plain", try RedisConfiguration(url: plain.url)))
            stops.append { plain.stop() }
            #if RedisTLS
                let authority = try CertificateAuthority()
                let server = try RedisServer(tls: try authority.issue(for: "localhost"))
                var configuration = try RedisConfiguration(url: "rediss://localhost:\(server.tlsPort)")
                configuration.tls?.trustRoots = .file(path: authority.certificate.path)
                configurations.append(("TLS", configuration))
                stops.append {
                    server.stop()
                    authority.remove()
                }
            #endif
            for primaries in 1...3 {
                var options = RedisCluster.Options()
                options.primaries = primaries
                options.replicas = 0
                let cluster = try RedisCluster(options)
                let name = "cluster of \(primaries) \(primaries == 1 ? "primary" : "primaries")"
                configurations.append((name, try RedisConfiguration(url: cluster.url)))
                stops.append { cluster.stop() }
            }
            self.configurations = configurations
            self.stops = stops
        }

        func stop() { for stop in stops { stop() } }
    }
}
