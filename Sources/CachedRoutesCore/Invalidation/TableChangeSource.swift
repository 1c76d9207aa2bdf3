/// A database that announces changes of tables.
package protocol TableChangeSource: Sendable {
    /// Every change that was announced up to a few seconds ago has been handled.
    var isHeard: Bool { get }

    /// Has the tables inspected before the next inspection is due.
    func inspectSoon()

    /// Returns when everything that had been announced before the call has been handled, within a bound of its own.
    func settle() async

    /// True for a text that can be the name of a table in an announcement.
    func isTableName(_ text: String) -> Bool

    /// Passes announcements to `handler` until the task is cancelled or the service shuts down.
    ///
    /// - Parameter tables: gives the names of the tables to inspect.
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

        /// A fault from its parts.
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

    /// A table from its parts.
    package init(name: String, digest: String, fault: Fault?) {
        self.name = name
        self.digest = digest
        self.fault = fault
    }
}

/// A time in which announcements may have been lost.
package enum AnnouncementGap: Sendable, Hashable {
    /// The time before the process listened for the first time.
    case beforeFirstSession
    /// The time in which a lost connection was replaced.
    case betweenSessions
    /// More announcements were waiting than are kept.
    case tooMany
}

/// The way in which changes of tables become known to a service.
package enum TableChanges: Sendable {
    /// A source announces them.
    case announced(any TableChangeSource)
    /// They stay unknown, and no response that was made from a table is stored.
    case unannounced
    /// Somebody else sees to them: responses made from tables are stored and nothing is listened to.
    case assumed
}
