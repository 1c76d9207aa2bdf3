import ConsistencyChecker
import Foundation
import NIOCore
import NIOHTTP1
import PostgresClient

/// The clients that read and write, each in a task of its own, until they are cancelled.
struct Clients: Sendable {
    /// The rows that are written through routes.
    static let rows = Array(1...8)
    /// The rows that are written past the service.
    static let foreignRows = Array(101...104)

    let processes: [ServiceProcess]
    let recorder: Recorder
    let database: PostgresClient
    let seed: UInt64

    /// Reads rows by routes of all kinds from all processes.
    func read(_ number: Int) async {
        var random = SeededGenerator(seed: seed &+ UInt64(number) &* 7919)
        let connections = processes.map { PersistentConnection(port: $0.port) }
        while !Task.isCancelled {
            let kind = RouteKind.allCases.randomElement(using: &random) ?? .tagged
            let row = (kind.hasTables ? Self.foreignRows : Self.rows).randomElement(using: &random) ?? 1
            if await !read(row, kind, connections, &random) { try? await Task.sleep(for: .milliseconds(20)) }
        }
    }

    /// Reads a row once, from one of the processes.
    ///
    /// - Returns: `true` if it was answered.
    private func read(
        _ row: Int,
        _ kind: RouteKind,
        _ connections: [PersistentConnection],
        _ random: inout SeededGenerator
    ) async -> Bool {
        let index = Int.random(in: processes.indices, using: &random)
        let incarnation = processes[index].incarnation
        let start = recorder.readBegins()
        let answer = try? await connections[index].send(.GET, "/\(kind.rawValue)/\(row)")
        // After a restart meanwhile it is unknown which life has answered.
        if processes[index].incarnation == incarnation {
            recorder.read(answer, of: row, kind, by: incarnation, from: start)
        }
        return answer != nil
    }

    /// Writes the versions of one row through the processes, one after the other.
    func write(_ row: Int) async {
        var random = SeededGenerator(seed: seed &+ UInt64(row) &* 104_729)
        let connections = processes.map { PersistentConnection(port: $0.port) }
        var version = 0
        while !Task.isCancelled {
            version += 1
            let index = Int.random(in: processes.indices, using: &random)
            let incarnation = processes[index].incarnation
            let start = recorder.writeBegins(version, of: row)
            let answer = try? await connections[index].send(.PUT, "/items/\(row)", json: "{\"version\":\(version)}")
            let isDone = answer?.status == 200 && processes[index].incarnation == incarnation
            let purge: Checker.Purge? = isDone ? (answer?.isPurgeQueued ?? false ? .queued : .done) : nil
            recorder.writeEnded(version, of: row, from: start, by: incarnation, purge)
            // An older answer is likeliest at once.
            for _ in 0..<2 {
                let kind = RouteKind.allCases.filter { !$0.hasTables }.randomElement(using: &random) ?? .tagged
                _ = await read(row, kind, connections, &random)
            }
            try? await Task.sleep(for: .milliseconds(Int.random(in: 0...300, using: &random)))
        }
    }

    private static let update = PostgresStatement(
        sql: "UPDATE notes SET version = $2 WHERE id = $1 AND version < $2",
        parameterTypes: [.int8, .int8],
        shape: .none
    )

    /// Writes the versions of one row past the service.
    func writeForeign(_ row: Int) async {
        var random = SeededGenerator(seed: seed &+ UInt64(row) &* 15_485_863)
        var version = 0
        while !Task.isCancelled {
            version += 1
            let start = recorder.writeBegins(version, of: row)
            var parameters = PostgresParameters()
            parameters.append("\(row)")
            parameters.append("\(version)")
            let deadline = NIODeadline.now() + .seconds(4)
            let answer = try? await database.write(Self.update, parameters, deadline: deadline)
            let isDone = answer?.rowCount == 1
            recorder.writeEnded(version, of: row, from: start, by: nil, isDone ? .done : nil)
            try? await Task.sleep(for: .milliseconds(Int.random(in: 50...1500, using: &random)))
        }
    }
}
