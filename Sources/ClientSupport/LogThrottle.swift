package import NIOCore

/// Lets one message through in each interval, and counts the others.
///
/// A value type: the caller guards it with the lock of its own state and passes the time.
package struct LogThrottle: Sendable {
    private let interval: TimeAmount
    /// The end of the interval that the last logged message began.
    private var end: NIODeadline?
    private var suppressed = 0

    /// - Parameter interval: the shortest time between two logged messages.
    package init(interval: TimeAmount) {
        self.interval = interval
    }

    /// Takes a message.
    ///
    /// - Parameter now: the time of the message.
    /// - Returns: the number of messages that were suppressed since the last logged one, if this message is to be logged;
    ///   `nil` if it is suppressed.
    package mutating func admit(at now: NIODeadline) -> Int? {
        if let end, now < end {
            suppressed += 1
            return nil
        }
        end = now + interval
        defer { suppressed = 0 }
        return suppressed
    }
}
