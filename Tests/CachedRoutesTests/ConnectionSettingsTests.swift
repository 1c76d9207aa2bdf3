import NIOCore
import TestApp
import Testing

@testable import CachedRoutes
@testable import CachedRoutesCore

@Suite("Settings of clients' connections")
struct ConnectionSettingsTests {
    private func problems(_ environment: [String: String]) -> [String] {
        do {
            _ = try CachedRoutesConfiguration(environment: CachedRoutesEnvironment(environment))
            return []
        } catch {
            return error.problems
        }
    }

    @Test("They are read, and what can't be used is said for each")
    func reading() throws {
        let configuration = try CachedRoutesConfiguration(environment: [
            "HTTP_HEAD_TIMEOUT": "3s", "HTTP_IDLE_TIMEOUT": "4s", "HTTP_WRITE_TIMEOUT": "5s",
            "HTTP_MAX_CONNECTIONS": "60",
            "CLIENT_BUFFER_BYTES": "7MiB", "SHUTDOWN_TIMEOUT": "18s",
        ])
        #expect(configuration.httpHeadTimeout == .seconds(3) && configuration.httpIdleTimeout == .seconds(4))
        #expect(configuration.httpWriteTimeout == .seconds(5) && configuration.httpMaximumConnections == 60)
        #expect(configuration.clientBufferBytes == 7 << 20 && configuration.shutdownTimeout == .seconds(18))
        for name in ["HTTP_HEAD_TIMEOUT", "HTTP_IDLE_TIMEOUT", "HTTP_WRITE_TIMEOUT", "SHUTDOWN_TIMEOUT"] {
            for value in ["0s", "10", "-1s", "2d", "soon"] {
                #expect(
                    problems([name: value]) == ["\(name)='\(value)' is not a duration from 1s to 1d, such as 30s or 5m"]
                )
            }
        }
        #expect(problems(["HTTP_MAX_CONNECTIONS": "0"]).count == 1)
        #expect(problems(["CLIENT_BUFFER_BYTES": "many"]).count == 1)
    }

    @Test(
        "The time of a shutdown is shared, and its parts are no longer than all of it",
        arguments: [1, 100, 2000, 20_000, 600_000]
    )
    func shutdown(milliseconds: Int) {
        for drain in [1, 500, 5000, 600_000] {
            var configuration = CachedRoutesConfiguration()
            configuration.shutdownTimeout = .milliseconds(milliseconds)
            configuration.drainTimeout = .milliseconds(drain)
            let times = ShutdownTimes(configuration)
            #expect(times.clients + times.drain + times.close == .milliseconds(Int64(milliseconds)))
            #expect(times.drain <= .milliseconds(Int64(drain)))
            #expect(times.clients >= .milliseconds(Int64(milliseconds / 4)))
        }
        let usual = ShutdownTimes(CachedRoutesConfiguration())
        #expect(usual.clients == .seconds(13) && usual.drain == .seconds(5) && usual.close == .seconds(2))
    }

    private static func excess(_ drain: String, _ most: String) -> String {
        "CACHE_DRAIN_TIMEOUT='\(drain)' is more than half of SHUTDOWN_TIMEOUT, within which it lies: \(most) at most"
    }

    @Test(
        "A writer's time that is more than half of the shutdown's is an error where somebody has set it",
        arguments: [
            (["CACHE_DRAIN_TIMEOUT": "30s"], excess("30s", "10s")),
            (["CACHE_DRAIN_TIMEOUT": "10001ms"], excess("10001ms", "10s")),
            (["CACHE_DRAIN_TIMEOUT": "10s"], nil),
            (["CACHE_DRAIN_TIMEOUT": "3s", "SHUTDOWN_TIMEOUT": "2s"], excess("3s", "1s")),
            (["CACHE_DRAIN_TIMEOUT": "2s", "SHUTDOWN_TIMEOUT": "2s"], excess("2s", "1s")),
            (["CACHE_DRAIN_TIMEOUT": "6m", "SHUTDOWN_TIMEOUT": "10m"], excess("6m", "5m")),
            (["CACHE_DRAIN_TIMEOUT": "1s", "SHUTDOWN_TIMEOUT": "1501ms"], excess("1s", "750ms")),
            (["CACHE_DRAIN_TIMEOUT": "1s", "SHUTDOWN_TIMEOUT": "2s"], nil), (["SHUTDOWN_TIMEOUT": "2s"], nil),
            (
                ["CACHE_DRAIN_TIMEOUT": "soon", "SHUTDOWN_TIMEOUT": "2s"],
                "CACHE_DRAIN_TIMEOUT='soon' is not a duration from 100ms to 1d, such as 500ms, 10s or 5m"
            ),
        ] as [([String: String], String?)]
    )
    func drain(environment: [String: String], problem: String?) {
        #expect(problems(environment) == (problem.map { [$0] } ?? []))
    }

    @Test("A default that does not fit into the shutdown is cut to half of it, and the log says so once")
    func cutDrain() throws {
        for (environment, drain, note) in [
            ([:], 5000, nil), (["SHUTDOWN_TIMEOUT": "10s"], 5000, nil),
            (["SHUTDOWN_TIMEOUT": "8s"], 4000, "4s, half of SHUTDOWN_TIMEOUT; its default is 5s"),
            (["SHUTDOWN_TIMEOUT": "2500ms"], 1250, "1250ms, half of SHUTDOWN_TIMEOUT; its default is 5s"),
            (["SHUTDOWN_TIMEOUT": "8s", "CACHE_DRAIN_TIMEOUT": "3s"], 3000, nil),
        ] as [([String: String], Int64, String?)] {
            let log = LogRecorder()
            let service = try CachedRoutesService(
                environment: CachedRoutesEnvironment(environment),
                logger: log.logger
            )
            #expect(service.configuration.drainTimeout == .milliseconds(drain))
            #expect(ShutdownTimes(service.configuration).drain == .milliseconds(drain))
            #expect(
                log.lines.filter { $0.contains("CACHE_DRAIN_TIMEOUT") }
                    == (note.map { ["info CACHE_DRAIN_TIMEOUT is \($0) "] } ?? [])
            )
        }
    }

    @Test("Settings of Redis that have no effect without it are noted once")
    func withoutRedis() throws {
        for (more, isNoted) in [([:], true), (["REDIS_URL": "redis://127.0.0.1:1"], false)]
            as [([String: String], Bool)]
        {
            let log = LogRecorder()
            let settings = ["REDIS_COMMAND_TIMEOUT": "1s", "CACHE_AFTER_RESTART": "keep", "CACHE_WRITE_BYTES": "2MiB"]
            _ = try CachedRoutesService(
                environment: CachedRoutesEnvironment(settings.merging(more) { $1 }),
                logger: log.logger
            )
            let line = "info Without REDIS_URL these have no effect: REDIS_COMMAND_TIMEOUT, CACHE_AFTER_RESTART "
            #expect(log.lines.filter { $0.contains("no effect") } == (isNoted ? [line] : []))
        }
    }

    /// A variable, its least value, and one that is a little less.
    private static let bounds: [(name: String, least: String, less: String, expectation: String)] =
        [
            ("REDIS_COMMAND_TIMEOUT", "5ms", "4ms"), ("REDIS_CONNECT_TIMEOUT", "10ms", "9ms"),
            ("DATABASE_LEASE_TIMEOUT", "10ms", "9ms"), ("DATABASE_CONNECT_TIMEOUT", "100ms", "99ms"),
            ("CACHE_DRAIN_TIMEOUT", "100ms", "99ms"),
        ].map { ($0, $1, $2, "a duration from \($1) to 1d, such as 500ms, 10s or 5m") }
        + [
            ("DATABASE_POOL_IDLE", "1s", "999ms"), ("DATABASE_POOL_KEEPALIVE", "1s", "999ms"),
            ("DATABASE_POOL_LIFETIME", "10s", "9999ms"), ("HTTP_HEAD_TIMEOUT", "1s", "999ms"),
            ("HTTP_IDLE_TIMEOUT", "1s", "999ms"), ("HTTP_WRITE_TIMEOUT", "1s", "999ms"),
            ("SHUTDOWN_TIMEOUT", "1s", "999ms"),
        ].map { ($0, $1, $2, "a duration from \($1) to 1d, such as 30s or 5m") }
        + ["CACHE_MEMORY", "CACHE_WRITE_BYTES", "CLIENT_BUFFER_BYTES"].map {
            ($0, "1MiB", "1023KiB", "a size with a unit, 1MiB or more, such as 16MiB or 1GiB")
        }
        + [
            ("HTTP_MAX_CONNECTIONS", "16", "15", "a whole number from 16 to 10000000"),
            ("DATABASE_POOL_WAITERS", "1", "0", "a whole number from 1 to 1000000"),
            ("DATABASE_POOL_MAX", "1", "0", "a whole number from 1 to 10000"),
            ("CACHE_WARM_CONCURRENCY", "1", "0", "a whole number from 1 to 1000"),
            ("CACHE_WRITE_ENTRIES", "1", "0", "a whole number from 1 to 1000000"),
        ]

    @Test("A value that defeats itself is refused with the variable, the value and the bound", arguments: bounds)
    func bound(name: String, least: String, less: String, expectation: String) {
        #expect(problems([name: least]) == [])
        for value in [less, "1ms", "1B", "0"] where value != least {
            #expect(problems([name: value]) == ["\(name)='\(value)' is not \(expectation)"])
        }
    }

    @Test("Every default is one that may be set")
    func defaults() throws {
        let configuration = CachedRoutesConfiguration()
        let durations = [
            ("REDIS_COMMAND_TIMEOUT", configuration.redisCommandTimeout),
            ("REDIS_CONNECT_TIMEOUT", configuration.redisConnectTimeout),
            ("DATABASE_LEASE_TIMEOUT", configuration.databaseLeaseTimeout),
            ("DATABASE_CONNECT_TIMEOUT", configuration.databaseConnectTimeout),
            ("DATABASE_POOL_IDLE", configuration.databaseIdleTimeout),
            ("DATABASE_POOL_KEEPALIVE", configuration.databaseKeepAlive),
            ("DATABASE_POOL_LIFETIME", configuration.databaseConnectionLifetime),
            ("CACHE_DRAIN_TIMEOUT", configuration.drainTimeout),
            ("HTTP_HEAD_TIMEOUT", configuration.httpHeadTimeout), ("HTTP_IDLE_TIMEOUT", configuration.httpIdleTimeout),
            ("HTTP_WRITE_TIMEOUT", configuration.httpWriteTimeout), ("SHUTDOWN_TIMEOUT", configuration.shutdownTimeout),
        ]
        var environment = Dictionary(uniqueKeysWithValues: durations.map { ($0, "\($1.milliseconds)ms") })
        environment["CACHE_MEMORY"] = "\(configuration.memoryBudget)B"
        environment["CACHE_WRITE_BYTES"] = "\(configuration.writeQueueBytes)B"
        environment["CLIENT_BUFFER_BYTES"] = "\(configuration.clientBufferBytes)B"
        environment["HTTP_MAX_CONNECTIONS"] = "\(configuration.httpMaximumConnections)"
        environment["DATABASE_POOL_WAITERS"] = "\(configuration.databasePoolWaiters)"
        #expect(problems(environment) == [])
    }

    @Test("A pool whose least is more than its most is refused with both")
    func pool() {
        func problem(_ least: String, _ most: String) -> String {
            "DATABASE_POOL_MIN is \(least), which is more than DATABASE_POOL_MAX, which is \(most)"
        }
        #expect(problems(["DATABASE_POOL_MIN": "17"]) == [problem("17", "16")])
        #expect(problems(["DATABASE_POOL_MIN": "3", "DATABASE_POOL_MAX": "2"]) == [problem("3", "2")])
        #expect(problems(["DATABASE_POOL_MIN": "2", "DATABASE_POOL_MAX": "2"]) == [])
    }

    @Test(
        "Connections leave a quarter of the file descriptors",
        arguments: [
            (20, 16), (256, 192), (1024, 768), (65_536, 49_152), (1 << 20, 65_536), (Int.max, 65_536),
        ]
    )
    func descriptors(limit: Int, connections: Int) {
        #expect(FileDescriptorBudget.connections(within: limit) == connections)
    }
}
