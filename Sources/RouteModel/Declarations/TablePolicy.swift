/// The tables whose changes purge a route's answers.
public struct TablePolicy: Sendable, Hashable {
    /// The names of the tables, each as its trigger gives it: `users`, or `audit.events` outside of the schema `public`.
    public package(set) var names: [String]
    /// The time for which answers are kept at least before the next change of a table purges them; zero: none.
    public package(set) var minimumInterval: Duration

    /// A policy from its parts. An argument that is left out has the value of a manifest that doesn't name its setting.
    public init(_ names: [String], minimumInterval: Duration = .zero) {
        precondition(minimumInterval >= .zero, "an interval is not negative")
        self.names = names
        self.minimumInterval = minimumInterval
    }
}
