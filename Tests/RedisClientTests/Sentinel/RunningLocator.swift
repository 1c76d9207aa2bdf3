import Logging
import NIOCore
import NIOPosix
import Synchronization
import TestServers
import Testing

@testable import RedisClient

/// A locator that exists while a test's body runs.
struct RunningLocator: Sendable {
    let locator: RedisSentinelLocator
    let log: LogRecorder
    let eventLoop: any EventLoop
    private let stream: AsyncStream<RedisServerLocation>
    private let continuation: AsyncStream<RedisServerLocation>.Continuation

    static func with(
        _ ports: [Int],
        credentials: RedisConfiguration.Credentials? = nil,
        name: String = RedisSentinels.primaryName,
        random: @escaping @Sendable () -> Double = { 0 },
        configure: (inout RedisConfiguration) -> Void = { _ in },
        _ body: (RunningLocator) async throws -> Void
    ) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let log = LogRecorder()
        let sentinels = RedisConfiguration.Sentinels(
            addresses: ports.map { .tcp(host: "127.0.0.1", port: $0) },
            primaryName: name,
            credentials: credentials
        )
        // Neither is for Sentinels.
        var configuration = RedisConfiguration(
            endpoint: .tcp(host: "127.0.0.1", port: 1),
            credentials: .init(password: "of the servers"),
            database: 7
        )
        configure(&configuration)
        let locator = RedisSentinelLocator(
            sentinels,
            configuration: configuration,
            eventLoop: group.any(),
            logger: log.logger,
            random: random
        )
        let (stream, continuation) = AsyncStream<RedisServerLocation>.makeStream()
        let running = RunningLocator(
            locator: locator,
            log: log,
            eventLoop: group.any(),
            stream: stream,
            continuation: continuation
        )
        let result: Result<Void, any Error>
        do {
            try await body(running)
            result = .success(())
        } catch {
            result = .failure(error)
        }
        await locator.stop()
        try await group.shutdownGracefully()
        try result.get()
    }

    /// Begins to watch.
    func watch() {
        // A server that is to be left before its successor is known is no change yet.
        locator.watch { [continuation] location in if let location { continuation.yield(location) } }
    }

    /// Waits for a change, and returns the port of the new server.
    func nextChange() async -> Int? { await nextLocation().map(Self.port) }

    /// Waits for a change, and returns the new server.
    func nextLocation() async -> RedisServerLocation? {
        var iterator = stream.makeAsyncIterator()
        return await iterator.next()
    }

    /// Waits until a server with this port is announced.
    func change(to port: Int) async {
        while let next = await nextChange(), next != port {}
    }

    /// The port of the located server.
    func locate() async throws -> Int { Self.port(try await location()) }

    /// The located server.
    func location() async throws -> RedisServerLocation { try await locator.locate(on: eventLoop).get() }

    /// The port of the located server, on a machine that may be too busy for Sentinels to reply in time.
    func located() async throws -> Int {
        for _ in 0..<20 {
            do {
                return try await locate()
            } catch let error as RedisError where error.message.contains("no reply within") {
            }
        }
        return try await locate()
    }

    /// Locates servers, which have to have this port.
    func expect(_ port: Int, times: Int = 1, _ place: SourceLocation = #_sourceLocation) async throws {
        for _ in 0..<times {
            let located = try await located()
            #expect(located == port, sourceLocation: place)
        }
    }

    /// The error with which no server is located; `nil` if one is.
    func failure() async -> RedisError? {
        do {
            _ = try await locate()
            return nil
        } catch {
            return error as? RedisError
        }
    }

    func failed(_ port: Int, epoch: UInt64 = 0) {
        locator.failed(Self.location(port, epoch), RedisError(.unavailable, "not to be used"))
    }

    func connected(_ port: Int, epoch: UInt64 = 0) { locator.connected(Self.location(port, epoch)) }

    static func location(_ port: Int, _ epoch: UInt64) -> RedisServerLocation {
        RedisServerLocation(endpoint: .tcp(host: "127.0.0.1", port: port), configEpoch: epoch)
    }

    private static func port(_ location: RedisServerLocation) -> Int {
        guard case .tcp(_, let port) = location.endpoint else { return 0 }
        return port
    }
}

/// Sentinels that reply as a test tells them to.
enum FakeSentinel {
    typealias Reply = @Sendable (FakeRedisServer.Request) -> FakeRedisServer.Answer?

    /// Runs Sentinels while `body` does, which is given their ports.
    static func with(_ sentinels: [Reply], _ body: ([Int]) async throws -> Void) async throws {
        try await with(sentinels[...], [], body)
    }

    private static func with(
        _ sentinels: ArraySlice<Reply>,
        _ ports: [Int],
        _ body: ([Int]) async throws -> Void
    ) async throws {
        guard let first = sentinels.first else { return try await body(ports) }
        try await FakeRedisServer.with(first) { url in
            let port = url.split(separator: ":").last.flatMap { Int($0) } ?? 0
            try await with(sentinels.dropFirst(), ports + [port], body)
        }
    }

    /// A Sentinel that names a port, with its `config-epoch`, and confirms subscriptions.
    static func naming(_ port: Int, epoch: UInt64 = 0) -> Reply {
        { request in
            switch request.words.first {
            case "SENTINEL" where request.words[1] == "MASTER": .send(master(port, epoch))
            case "SENTINEL": .send(address(port))
            case "SUBSCRIBE": .send(subscribed)
            default: nil
            }
        }
    }

    /// A Sentinel that names one port until it is subscribed to, when it announces another one, which it names from then on.
    static func replacing(_ former: Int, by new: Int, announcing texts: [String]? = nil) -> Reply {
        let isReplaced = Mutex(false)
        return { request in
            guard request.words.first == "SUBSCRIBE" else {
                let (port, epoch): (Int, UInt64) = isReplaced.withLock { $0 } ? (new, 1) : (former, 0)
                return naming(port, epoch: epoch)(request)
            }
            isReplaced.withLock { $0 = true }
            let texts = texts ?? ["main 127.0.0.1 \(former) 127.0.0.1 \(new)"]
            return .send(subscribed + texts.map(announcement).joined())
        }
    }

    /// A Sentinel with a view that changes, which makes an announcement with each reply to a ping of its subscriber.
    ///
    /// - Parameters:
    ///   - view: returns the port that it names, and its `config-epoch`.
    ///   - announcement: returns the text; `nil` makes none.
    static func naming(
        _ view: @escaping @Sendable () -> (port: Int, epoch: UInt64),
        announcing announcement: @escaping @Sendable () -> String?
    ) -> Reply {
        let subscriber = Mutex(-1)
        return { request in
            if request.words[0] == "SUBSCRIBE" { subscriber.withLock { $0 = request.connection } }
            if request.words[0] == "PING", request.connection == subscriber.withLock({ $0 }),
                let text = announcement()
            {
                return .send(self.announcement(text) + "+PONG\r\n")
            }
            let (port, epoch) = view()
            return naming(port, epoch: epoch)(request)
        }
    }

    /// A Sentinel with this reply to questions, which confirms subscriptions.
    static func replying(_ answer: FakeRedisServer.Answer) -> Reply {
        { request in
            switch request.words.first {
            case "SENTINEL": answer
            case "SUBSCRIBE": .send(subscribed)
            default: nil
            }
        }
    }

    static func address(_ port: Int) -> String { array(["127.0.0.1", "\(port)"]) }

    static func master(_ port: Int, _ epoch: UInt64) -> String {
        array(["name", "main", "ip", "127.0.0.1", "port", "\(port)", "flags", "master", "config-epoch", "\(epoch)"])
    }

    static let subscribed = "*3\r\n$9\r\nsubscribe\r\n$14\r\n+switch-master\r\n:1\r\n"

    static func announcement(_ text: String) -> String { array(["message", "+switch-master", text]) }

    private static func array(_ elements: [String]) -> String {
        "*\(elements.count)\r\n" + elements.map { "$\($0.utf8.count)\r\n\($0)\r\n" }.joined()
    }
}
