/// The settings of a route that writes.
public struct WritePolicy: Sendable, Hashable {
    /// A transaction isolation level (PostgreSQL manual, 13.2).
    public struct Isolation: Hashable, Sendable, CustomStringConvertible, ExtensibleEnum {
        /// Each statement sees what was committed before it began.
        public static let readCommitted = Isolation(.readCommitted)
        /// The transaction sees what was committed before its first statement began.
        public static let repeatableRead = Isolation(.repeatableRead)
        /// Transactions behave as if they had run one after another.
        public static let serializable = Isolation(.serializable)

        /// The values of this version.
        package enum Kind: String, Hashable, Sendable, CaseIterable {
            case readCommitted = "read-committed"
            case repeatableRead = "repeatable-read"
            case serializable
        }

        /// The value.
        package let kind: Kind

        /// Makes a choice.
        package init(_ kind: Kind) { self.kind = kind }

        /// The spelling in a manifest.
        public var description: String { rawValue }
    }

    /// The isolation level of the transaction; `nil` for the server's default.
    public package(set) var isolation: Isolation?
    /// The number of times that the transaction is repeated after a serialization failure (SQLSTATE 40001) or a
    /// deadlock (40P01).
    public package(set) var retries: Int
    /// The size in bytes of the largest request body that is read. Larger ones are refused with 413.
    public package(set) var maxRequestBody: Int
    /// The tags that are purged after the commit and before the response.
    public package(set) var invalidates: [TagTemplate]
    /// The stored responses that are purged at the same time because they belong to the path that the write changes.
    public package(set) var targets: [TargetInvalidation]

    /// Makes a policy. Arguments that are left out have the defaults of a manifest.
    ///
    /// - Parameters:
    ///   - isolation: the isolation level; `nil` for the server's default.
    ///   - retries: must not be negative.
    ///   - maxRequestBody: a positive size in bytes.
    ///   - invalidates: the tags to purge.
    ///   - targets: the stored responses to purge.
    public init(
        isolation: Isolation? = nil,
        retries: Int = 0,
        maxRequestBody: Int = 1 << 20,
        invalidates: [TagTemplate] = [],
        targets: [TargetInvalidation] = []
    ) {
        precondition(retries >= 0, "retries are counted from 0")
        precondition(maxRequestBody > 0, "a body limit is positive")
        self.isolation = isolation
        self.retries = retries
        self.maxRequestBody = maxRequestBody
        self.invalidates = invalidates
        self.targets = targets
    }
}
