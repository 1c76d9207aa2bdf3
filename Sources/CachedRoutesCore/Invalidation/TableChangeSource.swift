/// A database that announces changes of tables, by notifications.
package protocol TableChangeSource: Sendable {
    /// Indicates that every change that was announced up to a few seconds ago, by the source's own clock, has been
    /// handled.
    var isHeard: Bool { get }

    /// Requests an inspection of the tables before the next one is due.
    func inspectSoon()

    /// Returns when all announcements from before the call have been handled, after a bounded time.
    func settle() async

    /// Indicates that a text can be the name of a table in an announcement.
    func isTableName(_ text: String) -> Bool

    /// Passes announcements to a handler until the task is cancelled or the service shuts down.
    ///
    /// - Parameters:
    ///   - handler: handles announcements and inspections.
    ///   - tables: returns the names of the tables to inspect.
    /// - Throws: an error that ends the service.
    func run(_ handler: TableChangeHandler, tables: @escaping @Sendable () -> [String]) async throws
}

/// A table as an inspection of the catalog found it.
package struct InspectedTable: Hashable, Sendable {
    /// The reason why not all changes of a table are announced.
    package struct Fault: Hashable, Sendable, CustomStringConvertible {
        /// The reason as the end of a sentence.
        package let description: String
        /// The command that mends it; `nil` if there is none.
        package let remedy: String?

        /// Creates a fault.
        ///
        /// - Parameters:
        ///   - description: the reason as the end of a sentence.
        ///   - remedy: the command that mends it; `nil` if there is none.
        package init(_ description: String, remedy: String? = nil) {
            self.description = description
            self.remedy = remedy
        }
    }

    /// The table's name.
    package let name: String
    /// A digest of everything that the catalog says of the table and its parts.
    package let digest: String
    /// The reason why not all changes are announced; `nil` if all are.
    package let fault: Fault?

    /// Creates a table.
    ///
    /// - Parameters:
    ///   - name: the table's name.
    ///   - digest: a digest of everything that the catalog says of it.
    ///   - fault: the reason why not all changes are announced; `nil` if all are.
    package init(name: String, digest: String, fault: Fault?) {
        self.name = name
        self.digest = digest
        self.fault = fault
    }
}

/// A period in which announcements may have been lost.
package enum TableChangeGap: Sendable, Hashable {
    /// The period before the process listened for the first time.
    case beforeFirstSession
    /// The period in which a lost connection was replaced.
    case betweenSessions
    /// The queue of announcements overflowed.
    case tooMany
}

/// The way in which changes of tables become known to a service.
package enum TableChangeDetectionMode: Sendable {
    /// A source announces them.
    case announced(any TableChangeSource)
    /// Changes stay unknown, and no response that was made from a table is stored.
    case unannounced
    /// Other code purges after changes: responses made from tables are stored, and there is no `LISTEN`.
    case assumed
}
