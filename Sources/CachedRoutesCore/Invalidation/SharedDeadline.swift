import NIOCore
import Synchronization

/// A deadline that starts with its first use, shared by services that stop one after the other.
final class SharedDeadline: Sendable {
    private let timeout: TimeAmount
    private let deadline = Mutex<NIODeadline?>(nil)

    init(_ timeout: TimeAmount) {
        self.timeout = timeout
    }

    /// Returns the deadline, which the first call sets.
    func begin() -> NIODeadline {
        deadline.withLock { deadline in
            if let deadline { return deadline }
            let end = NIODeadline.now() + timeout
            deadline = end
            return end
        }
    }
}
