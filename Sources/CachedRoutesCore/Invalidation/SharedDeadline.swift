import NIOCore
import Synchronization

/// A deadline that begins with its first use. Services that stop one after the other share it.
final class SharedDeadline: Sendable {
    private let timeout: TimeAmount
    private let deadline = Mutex<NIODeadline?>(nil)

    init(_ timeout: TimeAmount) {
        self.timeout = timeout
    }

    /// The deadline; it is set by the first call.
    func begin() -> NIODeadline {
        deadline.withLock { deadline in
            if let deadline { return deadline }
            let end = NIODeadline.now() + timeout
            deadline = end
            return end
        }
    }
}
