import ClientSupport
import NIOCore
import Synchronization

/// The end of the warming of a response whose route is served no longer.
///
/// It ends a sleep at once, because those of warming may last for hours, and keep the route. It ends nothing else: a response
/// that is being made may be the one that a client waits for.
final class WarmingRetirement: Sendable {
    private struct State {
        var hasBegun = false
        var sleep: Task<Bool, Never>?
    }

    private let state = Mutex(State())

    /// Indicates that the response is not to be made any more.
    var hasBegun: Bool { state.withLock { $0.hasBegun } }

    /// Ends the warming.
    func begin() {
        let sleep = state.withLock { state in
            state.hasBegun = true
            return state.sleep
        }
        sleep?.cancel()
    }

    /// Sleeps for a time of an event loop's clock.
    ///
    /// - Returns: `false` if the warming has ended, or the task is cancelled.
    func sleep(for time: TimeAmount, on eventLoop: any EventLoop) async -> Bool {
        let sleep = Task { (try? await eventLoop.sleep(for: time)) != nil }
        let hasBegun = state.withLock { state in
            state.sleep = sleep
            return state.hasBegun
        }
        if hasBegun { sleep.cancel() }
        let hasSlept = await withTaskCancellationHandler {
            await sleep.value
        } onCancel: {
            sleep.cancel()
        }
        state.withLock { $0.sleep = nil }
        return hasSlept && !self.hasBegun
    }
}
