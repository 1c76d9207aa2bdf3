package import NIOCore

/// Decides which process makes a response that several of them miss at once. A value type: its owner locks, reads and
/// waits.
///
/// One process holds the lock and makes the response. The others look for the response in the store at growing
/// intervals, for a bounded time, and then make it on their own.
package struct FillLockStateMachine: Sendable, Hashable {
    package enum Step: Sendable, Hashable {
        /// The response is in the store.
        case take
        /// Make the response while holding the lock.
        case lead
        /// Make the response without the lock. Release the lock first if it was acquired.
        case alone
        /// Wait for this time, then try to acquire the lock and look into the store again.
        case wait(TimeAmount)
    }

    /// The end of the wait.
    package let bound: NIODeadline
    private var hasWaited = false
    private var pause = TimeAmount.milliseconds(5)
    private static let longestPause = TimeAmount.milliseconds(40)

    package init(bound: NIODeadline) {
        self.bound = bound
    }

    /// Returns the next step after an attempt to acquire the lock and a lookup.
    ///
    /// The lookup has to come second, because an owner stores the response before it releases the lock.
    package mutating func next(_ lock: LockResult, isStored: Bool, at now: NIODeadline) -> Step {
        if isStored { return .take }
        switch lock {
        // The previous owner has stored nothing, so the other processes need not wait for this one.
        case .acquired: return hasWaited ? .alone : .lead
        case .unavailable: return .alone
        case .held:
            guard now < bound else { return .alone }
            hasWaited = true
            let wait = min(pause, bound - now)
            pause = min(pause * 2, Self.longestPause)
            return .wait(wait)
        }
    }
}
