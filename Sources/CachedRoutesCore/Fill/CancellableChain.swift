import NIOCore
import Synchronization

/// Work in several steps, each of which can be cancelled while it is under way.
final class CancellableChain: Sendable {
    private struct State {
        var isCancelled = false
        var step: CancellableWork?
    }

    private let state = Mutex(State())

    /// The whole sequence, for its cancellation.
    var cancellable: CancellableWork { CancellableWork { self.cancel() } }

    /// Starts the next step. It is started even if the sequence was cancelled, and then cancelled at once, so that it
    /// completes as cancelled work does.
    func `continue`(_ start: () -> CancellableWork) {
        let step = start()
        let isCancelled = state.withLock { state in
            state.step = step
            return state.isCancelled
        }
        if isCancelled { step.cancel() }
    }

    /// Indicates that the sequence was cancelled.
    var isCancelled: Bool { state.withLock { $0.isCancelled } }

    private func cancel() {
        let step = state.withLock { state in
            state.isCancelled = true
            return state.step
        }
        step?.cancel()
    }
}

extension CancellableWork {
    /// Starts work on an event loop: at once if it is called there.
    init(on eventLoop: any EventLoop, _ start: @escaping @Sendable () -> CancellableWork) {
        guard !eventLoop.inEventLoop else {
            self = start()
            return
        }
        let sequence = CancellableChain()
        eventLoop.execute { sequence.continue(start) }
        self = sequence.cancellable
    }
}
