import NIOCore

/// The time after which the server itself ends a statement (`statement_timeout`): slightly longer than its caller
/// waits, so that a process that dies leaves nothing running.
///
/// A session has the longest limit that one of its statements has needed. Only a statement that needs a longer one
/// takes an extra round trip to set it, which is rare.
struct StatementTimeout: Comparable {
    /// No limit has been set.
    static let unset = StatementTimeout(order: 0)
    /// There is no limit.
    static let unlimited = StatementTimeout(order: .max)

    private let order: Int64

    private init(order: Int64) { self.order = order }

    /// The limit for a statement whose caller waits for this time, in whole seconds, so that there are few different
    /// limits.
    init(above time: TimeAmount) {
        let milliseconds = time.nanoseconds / 1_000_000
        guard milliseconds < Self.longest else {
            self = .unlimited
            return
        }
        order = (max(0, milliseconds) + Self.margin + 999) / 1000 * 1000
    }

    /// The limit in milliseconds; `nil` if there is none.
    var milliseconds: Int64? { order == .max || order == 0 ? nil : order }

    /// The margin after the caller's wait in milliseconds, so that the client's own cancel request comes first.
    private static let margin: Int64 = 500
    /// The wait in milliseconds from which on there is no limit: one day.
    private static let longest: Int64 = 86_400_000

    static func < (left: StatementTimeout, right: StatementTimeout) -> Bool { left.order < right.order }
}
