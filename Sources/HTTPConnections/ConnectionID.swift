import Synchronization

/// The number of a connection, which no other connection of the process has or had.
package struct ConnectionID: Hashable, Sendable {
    private static let last = Atomic<UInt64>(0)

    private let number: UInt64

    /// A new number.
    package init() {
        number = Self.last.wrappingAdd(1, ordering: .relaxed).newValue
    }
}
