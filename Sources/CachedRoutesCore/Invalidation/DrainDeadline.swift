import NIOCore
import Synchronization

/// A deadline that starts with its first use, shared by services that stop one after the other.
final class DrainDeadline: Sendable {
    private let timeout: TimeAmount
    private let deadline = Mutex<NIODeadline?>(nil)

    init(_ timeout: TimeAmount) {
        self.timeout = timeout
    }

    /// Returns the deadline, which the first call sets.
    ///
    /// - Parameter now: the time.
    func begin(at now: NIODeadline) -> NIODeadline {
        deadline.withLock { deadline in
            if let deadline { return deadline }
            let end = now + timeout
            deadline = end
            return end
        }
    }
}
