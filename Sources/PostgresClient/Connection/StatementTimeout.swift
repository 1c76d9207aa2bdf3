import NIOCore

/// The time after which the server ends a statement by itself (`statement_timeout`): a little more than anybody waits for it, so
/// that a process that dies leaves nothing running.
///
/// A session has the longest limit that one of its statements needed. It is set where a longer one comes, which few do: no query
/// has a round trip for it.
struct StatementTimeout: Comparable {
    /// No limit has been set.
    static let unset = StatementTimeout(order: 0)
    /// There is no limit.
    static let unlimited = StatementTimeout(order: .max)

    private let order: Int64

    private init(order: Int64) { self.order = order }

    /// The limit for a statement that somebody waits for, for so long: in whole seconds, so that few differ.
    init(above time: TimeAmount) {
        let milliseconds = time.nanoseconds / 1_000_000
        guard milliseconds < Self.longest else {
            self = .unlimited
            return
        }
        order = (max(0, milliseconds) + Self.margin + 999) / 1000 * 1000
    }

    /// The limit in milliseconds; `nil`: there is none.
    var milliseconds: Int64? { order == .max || order == 0 ? nil : order }

    /// Our own request to cancel comes first.
    private static let margin: Int64 = 500
    /// A wait of more than a day sets no limit.
    private static let longest: Int64 = 86_400_000

    static func < (left: StatementTimeout, right: StatementTimeout) -> Bool { left.order < right.order }
}
