import CachedRoutes
import Foundation
import NIOHTTP1
import TestApp
import TestServers
import Testing

@Suite("Routes that read from a replica", .serialized)
struct ReplicaTests {
    private static func servers() throws -> (primary: PostgresServer, standby: PostgresServer) {
        let primary = try PostgresServer()
        do {
            try primary.psql(AccountsTable.schema)
            try primary.psql("INSERT INTO accounts (name) VALUES ('one'), ('two'), ('three'), ('four')")
            let standby = try primary.standby()
            try standby.waitUntilCaughtUp(with: primary)
            return (primary, standby)
        } catch {
            primary.stop()
            throw error
        }
    }

    private func get(_ id: Int, _ port: Int) async throws -> HTTPClient.Response {
        try await HTTPClient.request(.GET, "/accounts/\(id)", port: port)
    }

    private func account(_ id: Int, _ name: String, version: Int) -> String {
        #"{"id":\#(id),"name":"\#(name)","balance":\#(version),"version":\#(version)}"#
    }

    @Test("keep no answer of a replica that lags behind a write of this service, and take writes to the promoted one")
    func replicas() async throws {
        let (primary, standby) = try await blocking { try Self.servers() }
        defer {
            standby.stop()
            primary.stop()
        }
        let url = "postgres://postgres@127.0.0.1:\(primary.port),127.0.0.1:\(standby.port)/postgres"
        try await withApp(redis: nil, postgres: url, table: AccountsTable(read: .replica)) { port in
            // Answers come from the standby: it is frozen in time, and they are what it shows.
            #expect(try await get(1, port).cacheStatus == "CachedRoutes; fwd=uri-miss; stored")
            try await blocking { try standby.pauseReplay() }
            let written = try await HTTPClient.send(.PATCH, "/accounts/2", #"{"amount":1}"#, port: port)
            #expect(written.text == "1")
            for _ in 0..<2 {
                let behind = try await get(2, port)
                #expect(behind.text == account(2, "two", version: 0))
                #expect(behind.cacheStatus == "CachedRoutes; fwd=uri-miss", "served and not stored")
            }
            try await blocking {
                try standby.resumeReplay()
                try standby.waitUntilCaughtUp(with: primary)
            }
            let current = try await get(2, port)
            #expect(current.text == account(2, "two", version: 1))
            #expect(current.cacheStatus == "CachedRoutes; fwd=uri-miss; stored")

            // Without the standby the primary answers.
            try await blocking { standby.kill() }
            #expect(try await get(3, port).text == account(3, "three", version: 0))
            try await blocking {
                try standby.start()
                try standby.waitUntilCaughtUp(with: primary)
            }

            // The primary goes, the standby is promoted: writes go on without a restart of the service.
            try await blocking {
                primary.kill()
                try standby.promote()
            }
            try await poll("a write on the promoted standby", every: .milliseconds(100)) {
                try await HTTPClient.send(.PATCH, "/accounts/4", #"{"amount":1}"#, port: port).status == 200
            }
            #expect(try await get(4, port).status == 200)
        }
    }

    @Test("keep no answer of a replica that lags behind a write of another process")
    func otherProcess() async throws {
        let (primary, standby) = try await blocking { try Self.servers() }
        defer {
            standby.stop()
            primary.stop()
        }
        let redis = try await blocking { try RedisServer() }
        defer { redis.stop() }
        let url = "postgres://postgres@127.0.0.1:\(primary.port),127.0.0.1:\(standby.port)/postgres"
        let table = AccountsTable(read: .replica)
        try await withApp(redis: redis.url, postgres: url, table: table) { writer in
            try await withApp(redis: redis.url, postgres: url, table: table) { reader in
                try await poll("the old answer is stored") {
                    try await get(2, reader).cacheStatus?.hasPrefix("CachedRoutes; hit") == true
                }
                try await blocking { try standby.pauseReplay() }
                let written = try await HTTPClient.send(.PATCH, "/accounts/2", #"{"amount":1}"#, port: writer)
                #expect(written.text == "1")
                for status in ["fwd=miss; detail=purged", "fwd=miss; detail=purged"] {
                    let behind = try await get(2, reader)
                    #expect(behind.text == account(2, "two", version: 0))
                    #expect(behind.cacheStatus == "CachedRoutes; \(status)", "served and not stored")
                }
                try await blocking {
                    try standby.resumeReplay()
                    try standby.waitUntilCaughtUp(with: primary)
                }
                for port in [reader, writer] {
                    #expect(try await get(2, port).text == account(2, "two", version: 1))
                }
                try await poll("the new answer is stored") {
                    try await get(2, reader).cacheStatus?.hasPrefix("CachedRoutes; hit") == true
                }
            }
        }
    }

    @Test("are answered through PgBouncer in transaction mode when statements are not named")
    func pooler() async throws {
        let (server, pooler) = try await blocking {
            let server = try PostgresServer.shared.get()
            return (server, try PgBouncer(for: server, poolSize: 3))
        }
        defer { pooler.stop() }
        try await blocking {
            try server.psql("DROP TABLE IF EXISTS accounts; DROP FUNCTION IF EXISTS refuse")
            try server.psql(AccountsTable.schema)
        }
        try await withApp(
            redis: nil,
            postgres: pooler.url,
            table: AccountsTable(timeout: .seconds(20)),
            environment: ["DATABASE_STATEMENTS": "unnamed", "DATABASE_POOL_MAX": "12", "DATABASE_LEASE_TIMEOUT": "15s"]
        ) { port in
            let created = try await accounts(24, port)
            #expect(created.count == 24 && created.allSatisfy { $0 == 201 })
            let taken = try await HTTPClient.send(.POST, "/accounts", #"{"name":"n1"}"#, port: port)
            #expect(taken.status == 409)
            let read = try await HTTPClient.request(.GET, "/accounts/1", port: port)
            #expect(read.status == 200)
            #expect(try await HTTPClient.request(.GET, "/writing", port: port).status == 500)
        }
        let prepared = try server.psql("SELECT count(*) FROM accounts")
        #expect(prepared == "24")
    }

    /// The statuses of so many new accounts at once.
    private func accounts(_ count: Int, _ port: Int) async throws -> [Int] {
        try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 1...count {
                group.addTask {
                    try await HTTPClient.send(.POST, "/accounts", #"{"name":"n\#(number)"}"#, port: port).status
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }
}
