package import Logging
import Metrics
package import NIOCore
import Synchronization

/// Stores entries while their responses are already being sent.
///
/// The writes under way and waiting are bounded in number and bytes; an entry beyond the bounds is not stored, which is
/// counted. All writes are made on one event loop.
package final class BackgroundWriter: Sendable {
    /// One write.
    struct Write: Sendable {
        /// The memory that it holds, in bytes.
        let bytes: Int
        /// Performs the write.
        let perform: @Sendable (any EventLoop) -> EventLoopFuture<Void>
        /// Completes when the write has ended, if it had to wait for its turn; otherwise the future of `perform` does.
        fileprivate let ended: EventLoopPromise<Void>?
    }

    /// The error of an accepted write that was given up at the shutdown's deadline.
    struct AbandonedError: Error {}

    private struct State {
        var queue: WriteQueue<Write>
        var isClosed = false
        var isShedding = false
        var hasFailed = false
        var idle: [EventLoopPromise<Void>] = []
    }

    private let state: Mutex<State>
    private let eventLoop: any EventLoop
    private let logger: Logger
    private let shed = Counter(label: "cached_routes_writes_shed_total")
    private let failed = Counter(label: "cached_routes_writes_failed_total")
    private let written = Counter(label: "cached_routes_writes_total")

    /// Creates a writer whose writes are made on `eventLoop`.
    package init(limits: WriteQueueLimits, eventLoop: any EventLoop, logger: Logger) {
        state = Mutex(State(queue: WriteQueue(limits: limits)))
        self.eventLoop = eventLoop
        self.logger = logger
    }

    /// The number of writes under way and waiting.
    var count: Int { state.withLock { $0.queue.count } }

    /// Accepts a write, unless there is no room for it or the writer is closed.
    ///
    /// - Parameters:
    ///   - bytes: the memory that the write holds, in bytes.
    ///   - perform: performs the write.
    /// - Returns: a future that completes when the write has ended; `nil` if it was not accepted.
    package func offer(
        bytes: Int,
        _ perform: @escaping @Sendable (any EventLoop) -> EventLoopFuture<Void>
    ) -> EventLoopFuture<Void>? {
        enum Decision {
            case start(Write)
            case accepted(Write)
            case refused(isFirst: Bool)
        }
        let decision: Decision = state.withLock { state in
            guard !state.isClosed else { return .refused(isFirst: false) }
            // A promise is made only for an accepted write, because every promise has to be completed.
            let offer = state.queue.offer(bytes: bytes) { waits in
                Write(bytes: bytes, perform: perform, ended: waits ? eventLoop.makePromise(of: Void.self) : nil)
            }
            switch offer {
            case .start(let write):
                state.isShedding = false
                return .start(write)
            case .queued(let write):
                return .accepted(write)
            case .shed:
                defer { state.isShedding = true }
                return .refused(isFirst: !state.isShedding)
            case .tooLarge:
                return .refused(isFirst: false)
            }
        }
        switch decision {
        case .start(let write):
            return start(write)
        case .accepted(let write):
            return write.ended?.futureResult
        case .refused(let isFirst):
            shed.increment()
            if isFirst {
                logger.warning("The cache can't be written as fast as answers are made; some are not stored")
            }
            return nil
        }
    }

    /// Closes the writer, and waits until every accepted write has ended or `deadline` has passed. Writes that still
    /// wait for their turn then are given up.
    func drain(deadline: NIODeadline) async {
        let idle = eventLoop.makePromise(of: Void.self)
        let isIdle = state.withLock { state in
            state.isClosed = true
            if state.queue.count > 0 { state.idle.append(idle) }
            return state.queue.count == 0
        }
        if isIdle { idle.succeed() }
        let timer = eventLoop.scheduleTask(deadline: deadline) { [self] in
            let (discarded, underWay, waiters) = state.withLock { state in
                defer { state.idle.removeAll() }
                return (state.queue.discardWaiting(), state.queue.underWay, state.idle)
            }
            for write in discarded { write.ended?.fail(AbandonedError()) }
            if !waiters.isEmpty {
                logger.warning(
                    "Answers were not stored before the shutdown's deadline",
                    metadata: ["count": "\(discarded.count + underWay)"]
                )
            }
            for waiter in waiters { waiter.succeed() }
        }
        try? await idle.futureResult.get()
        timer.cancel()
    }

    @discardableResult
    private func start(_ write: Write) -> EventLoopFuture<Void> {
        let ended = write.perform(eventLoop)
        ended.whenComplete { self.finish(write, $0) }
        return ended
    }

    private func finish(_ write: Write, _ result: Result<Void, any Error>) {
        let (next, isFirstFailure, waiters): (Write?, Bool, [EventLoopPromise<Void>]) = state.withLock { state in
            let next = state.queue.finish(bytes: write.bytes)
            var isFirstFailure = false
            switch result {
            case .success: state.hasFailed = false
            case .failure:
                isFirstFailure = !state.hasFailed
                state.hasFailed = true
            }
            guard state.queue.count == 0 else { return (next, isFirstFailure, []) }
            defer { state.idle.removeAll() }
            return (next, isFirstFailure, state.idle)
        }
        switch result {
        case .success: written.increment()
        case .failure(let error):
            failed.increment()
            let level: Logger.Level = isFirstFailure && !(error is any AlreadyLoggedError) ? .warning : .debug
            logger.log(level: level, "An answer was not stored", metadata: ["error": "\(error)"])
        }
        write.ended?.completeWith(result)
        for waiter in waiters { waiter.succeed() }
        // Not within this call: a store that fails at once would make it recurse for every waiting write.
        if let next { eventLoop.execute { self.start(next) } }
    }
}
