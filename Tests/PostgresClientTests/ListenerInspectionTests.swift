import Logging
import NIOCore
import Synchronization
import TestServers
import Testing

@testable import PostgresClient

/// Messages from the level notice on.
private final class Messages: Sendable {
    private let lines = Mutex<[String]>([])
    var all: [String] { lines.withLock { $0 } }

    var logger: Logger {
        Logger(label: "test") { _ in Handler(messages: self) }
    }

    private struct Handler: LogHandler {
        let messages: Messages
        var logLevel = Logger.Level.notice
        var metadata: Logger.Metadata = [:]

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) { messages.lines.withLock { $0.append("\(event.message)") } }
    }
}

/// The tables that a listener asks for, and how often it has asked.
private final class Inspected: Sendable {
    private let state: Mutex<(tables: [String], count: Int)>

    init(_ tables: [String]) { state = Mutex((tables, 0)) }

    var count: Int { state.withLock { $0.count } }

    func replace(by tables: [String]) { state.withLock { $0.tables = tables } }

    func next() -> [String] {
        state.withLock { state in
            state.count += 1
            return state.tables
        }
    }
}

/// Inspections that fail: a session goes on without them, and no table is believed meanwhile.
extension ListenerTests {
    private func database(_ name: String, _ options: String = "") async throws -> (PostgresServer, url: String) {
        let server = try PostgresServer.shared.get()
        _ = try await blocking {
            try server.psql("DROP DATABASE IF EXISTS \(name) WITH (FORCE)")
            try server.psql("CREATE DATABASE \(name) \(options)")
        }
        return (server, "postgres://postgres@127.0.0.1:\(server.port)/\(name)")
    }

    private var missed: Int { heard.events.filter { $0 == "missed" }.count }

    private func limits(timeout: TimeAmount = .seconds(20)) -> ListeningSessionStateMachine.Limits {
        ListeningSessionStateMachine.Limits(
            pingInterval: .milliseconds(10),
            timeout: timeout,
            inspectionInterval: .milliseconds(20),
            settleTimeout: .seconds(20)
        )
    }

    @Test func anInspectionThatFailsEndsNoSessionAndMakesTablesUntrusted() async throws {
        let (_, url) = try await database(
            "lt_latin",
            "ENCODING 'LATIN1' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'"
        )
        let oracle = try Oracle(url)
        let inspected = Inspected(["lt"])
        let messages = Messages()
        let handler = heard.handler(inspecting: { inspected.next() })
        try await withListener(url, limits: limits(), handler, messages.logger) { listener in
            try await poll("an answer") { listener.lastAnswer != nil }
            for (round, odd) in ["\"€uro\"", "\"дом\""].enumerated() {
                inspected.replace(by: ["lt", odd])
                let count = inspected.count
                try await poll("inspections that fail") { inspected.count >= count + 4 }
                #expect(listener.lastAnswer == nil)
                // What is notified is heard all the same, and whoever waits for it goes on.
                let payload = "while it fails \(round)"
                try oracle.value(#"NOTIFY "odd ""channel""", '\#(payload)'"#)
                await listener.settle()
                #expect(heard.has(payload))
                #expect(listener.lastAnswer == nil)
                inspected.replace(by: ["lt"])
                try await poll("an answer") { listener.lastAnswer != nil }
            }
            #expect(missed == 1)
            #expect(heard.events.last == "lt: there is no such table")
        }
        #expect(
            messages.all
                == Array(
                    repeating: [
                        "Tables can't be inspected, so none counts as unchanged; trying again",
                        "Tables are inspected again",
                    ],
                    count: 2
                ).flatMap { $0 }
        )
    }

    @Test func anInspectionThatTakesTooLongEndsNoSession() async throws {
        let (_, url) = try await database("lt_locked")
        let oracle = try Oracle(url)
        let inspected = Inspected(["lt"])
        let handler = heard.handler(inspecting: { inspected.next() })
        let logger = Messages().logger
        try await withListener(url, limits: limits(timeout: .milliseconds(1200)), handler, logger) { listener in
            try await poll("an answer") { listener.lastAnswer != nil }
            try oracle.value("BEGIN")
            try oracle.value("LOCK TABLE pg_catalog.pg_inherits IN ACCESS EXCLUSIVE MODE")
            let count = inspected.count
            try await poll("inspections that fail") { inspected.count >= count + 3 }
            #expect(listener.lastAnswer == nil)
            try oracle.value("ROLLBACK")
            try await poll("an answer") { listener.lastAnswer != nil }
            #expect(missed == 1)
        }
    }

    @Test func aRolesOwnTimeLimitIsNotThatOfAnInspection() async throws {
        let (server, _) = try await database("lt_hasty")
        _ = try await blocking {
            try server.psql(
                """
                DROP ROLE IF EXISTS lt_hasty; CREATE ROLE lt_hasty LOGIN; ALTER ROLE lt_hasty SET statement_timeout = '1ms'
                """
            )
        }
        let url = "postgres://lt_hasty@127.0.0.1:\(server.port)/lt_hasty"
        let inspected = Inspected((0..<500).map { "table\($0)" })
        let handler = heard.handler(inspecting: { inspected.next() })
        try await withListener(url, limits: limits(), handler, Messages().logger) { listener in
            try await poll("an answer") { listener.lastAnswer != nil }
            #expect(missed == 1)
        }
    }

    @Test func aSessionThatEndsBeforeItsFirstInspectionPurgesNothing() async throws {
        let (_, url) = try await database("lt_ended")
        let oracle = try Oracle(url)
        let other = try Oracle(url)
        try oracle.value("BEGIN")
        try oracle.value("LOCK TABLE pg_catalog.pg_inherits IN ACCESS EXCLUSIVE MODE")
        let inspected = Inspected(["lt"])
        let handler = heard.handler(inspecting: { inspected.next() })
        let messages = Messages()
        try await withListener(url, limits: limits(), handler, messages.logger) { listener in
            for round in 1...3 {
                try await poll("an inspection") { inspected.count >= round }
                // In a session of its own: a transaction sees the sessions that were there when it first looked.
                try other.value(
                    """
                    SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
                    WHERE application_name = 'listener-tests' AND datname = 'lt_ended'
                    """
                )
            }
            try await poll("an inspection") { inspected.count >= 4 }
            #expect(heard.events == [])
            #expect(listener.lastAnswer == nil)
            // What is notified before the inspection has been answered is not lost.
            try oracle.value("ROLLBACK")
            try await poll("an answer") { listener.lastAnswer != nil }
            #expect(missed == 1)
        }
        #expect(
            messages.all == [
                "Listening for changes in PostgreSQL fails, trying again",
                "Listening for changes in PostgreSQL works again",
            ]
        )
    }
}
