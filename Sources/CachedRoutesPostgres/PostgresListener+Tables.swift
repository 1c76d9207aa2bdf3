package import CachedRoutesCore
import NIOCore
package import PostgresClient

/// Announces changes of tables by the notifications of a PostgreSQL server.
extension PostgresListener: TableChangeSource {
    /// The time after the server's last reply for which the connection counts as alive.
    private static let patience = TimeAmount.seconds(5)

    package var isHeard: Bool { hasAnswered(within: Self.patience) }

    package func isTableName(_ text: String) -> Bool { TableName(text) != nil }

    package func run(_ handler: TableChangeHandler, tables: @escaping @Sendable () -> [String]) async throws {
        try await run(
            Handler(
                tables: tables,
                missed: { await handler.missed(TableChangeGap($0)) },
                notified: { await handler.notified($0) },
                inspected: { await handler.inspected($0.map(InspectedTable.init)) }
            )
        )
    }
}

extension InspectedTable {
    /// Converts a report of the listener.
    package init(_ report: TableReport) {
        self.init(name: report.name, digest: report.digest, fault: report.fault.map(Fault.init))
    }
}

extension InspectedTable.Fault {
    fileprivate init(_ fault: TableFault) {
        self.init(
            fault.description,
            remedy: fault.isMendedByTriggers ? "cached-routes triggers | psql, as the owner of the tables" : nil
        )
    }
}

extension TableChangeGap {
    fileprivate init(_ gap: NotificationGap) {
        switch gap {
        case .beforeFirstSession: self = .beforeFirstSession
        case .betweenSessions: self = .betweenSessions
        case .tooMany: self = .tooMany
        }
    }
}
