/// The tables whose changes purge a route's responses.
public struct TablePolicy: Sendable, Hashable {
    /// The names of the tables as their triggers send them: `users`, or `audit.events` outside the schema `public`.
    public package(set) var names: [String]
    /// The shortest time between two purges by the same table: changes within it are collected and purge once at its
    /// end. Zero purges after each change.
    public package(set) var minimumInterval: Duration

    /// Makes a policy. Arguments that are left out have the defaults of a manifest.
    ///
    /// - Parameters:
    ///   - names: the names of the tables.
    ///   - minimumInterval: must not be negative.
    public init(_ names: [String], minimumInterval: Duration = .zero) {
        precondition(minimumInterval >= .zero, "an interval is not negative")
        self.names = names
        self.minimumInterval = minimumInterval
    }
}
