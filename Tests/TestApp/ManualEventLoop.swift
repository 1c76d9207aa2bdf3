public import Dispatch
public import NIOCore
import NIOEmbedded
import Synchronization

/// An event loop whose time stands still until a test advances it, and whose timers a test counts.
public final class ManualEventLoop: EventLoop {
    private struct State {
        var timers: Set<UInt64> = []
        var lastTimer: UInt64 = 0
        var watching: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let loop = NIOAsyncTestingEventLoop()
    private let state = Mutex(State())

    /// An event loop at the beginning of its time.
    public init() {}

    /// The current time, which only ``advance(by:)`` changes.
    public var now: NIODeadline { loop.now }

    /// Indicates that the caller runs on the event loop.
    public var inEventLoop: Bool { loop.inEventLoop }

    /// The number of timers that have neither fired nor been cancelled.
    public var timers: Int { state.withLock { $0.timers.count } }

    /// The number of timers that have ever been set.
    public var allTimers: UInt64 { state.withLock { $0.lastTimer } }

    /// Waits until there are so many timers.
    public func timers(_ count: Int) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.timers.count >= count { return true }
                state.watching.append((count, continuation))
                return false
            }
            if isThere { continuation.resume() }
        }
    }

    /// Moves the time forward, and fires the timers that are due then, in their order.
    public func advance(by amount: TimeAmount) async { await loop.advanceTime(by: amount) }

    /// Runs a task as soon as possible.
    public func execute(_ task: @escaping @Sendable () -> Void) { loop.execute(task) }

    /// Runs a task at a time.
    @discardableResult
    public func scheduleTask<T>(
        deadline: NIODeadline,
        _ task: @escaping @Sendable () throws -> T
    ) -> Scheduled<T> {
        let promise = makePromise(of: T.self)
        let (id, seen) = state.withLock { state in
            state.lastTimer += 1
            state.timers.insert(state.lastTimer)
            let seen = state.watching.filter { $0.count <= state.timers.count }
            state.watching.removeAll { $0.count <= state.timers.count }
            return (state.lastTimer, seen)
        }
        let timer = loop.scheduleTask(deadline: deadline) {
            self.remove(id)
            do {
                promise.assumeIsolated().succeed(try task())
            } catch {
                promise.fail(error)
            }
        }
        // An event loop that has been shut down runs nothing.
        timer.futureResult.whenFailure { error in
            self.remove(id)
            promise.fail(error)
        }
        for watcher in seen { watcher.continuation.resume() }
        return Scheduled(promise: promise) {
            self.remove(id)
            timer.cancel()
        }
    }

    /// Runs a task after a time.
    @discardableResult
    public func scheduleTask<T>(in time: TimeAmount, _ task: @escaping @Sendable () throws -> T) -> Scheduled<T> {
        scheduleTask(deadline: now + time, task)
    }

    private func remove(_ id: UInt64) { state.withLock { _ = $0.timers.remove(id) } }

    /// Cancels all timers.
    public func shutdownGracefully(queue: DispatchQueue, _ callback: @escaping @Sendable ((any Error)?) -> Void) {
        loop.shutdownGracefully(queue: queue, callback)
    }
}
