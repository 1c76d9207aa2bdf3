import NIOCore

/// Whose turn it is to make an answer that several processes miss at once. A value type: it decides, others lock, read and wait.
///
/// One process has the lock and makes the answer; the others look for it in the store at growing intervals, for a bounded time,
/// and then make it alone.
struct FillLockStateMachine: Sendable, Hashable {
    enum Step: Sendable, Hashable {
        /// The answer is in the store.
        case take
        /// Make the answer, with the lock.
        case lead
        /// Make the answer, and give the lock back before where it was taken.
        case alone
        /// Wait so long, then ask for the lock and look into the store once more.
        case wait(TimeAmount)
    }

    /// When waiting ends.
    let bound: NIODeadline
    private var hasWaited = false
    private var pause = TimeAmount.milliseconds(5)
    private static let longestPause = TimeAmount.milliseconds(40)

    init(bound: NIODeadline) {
        self.bound = bound
    }

    /// The next step, after the lock was asked for and then the store.
    ///
    /// In this order, because who gives the lock back has put the answer into the store before.
    mutating func next(_ lock: LockResult, isStored: Bool, at now: NIODeadline) -> Step {
        if isStored { return .take }
        switch lock {
        // Who had the lock has put nothing into the store: the others need not wait for this one in their turn.
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
