package import Logging
import Metrics
package import NIOCore
import Synchronization

/// Writes entries while their answers are already on their way.
///
/// What is under way and waiting is bounded in number and bytes; beyond that an entry is not stored, which is counted. All
/// writes go out on one event loop.
package final class BackgroundWriter: Sendable {
    /// One write.
    struct Write: Sendable {
        /// What it holds in memory, in bytes.
        let bytes: Int
        /// Does it.
        let perform: @Sendable (any EventLoop) -> EventLoopFuture<Void>
        fileprivate let ended: EventLoopPromise<Void>
    }

    /// An accepted write was given up because the shutdown's deadline had come.
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

    /// A writer that writes on `eventLoop`.
    package init(limits: WriteQueueLimits, eventLoop: any EventLoop, logger: Logger) {
        state = Mutex(State(queue: WriteQueue(limits: limits)))
        self.eventLoop = eventLoop
        self.logger = logger
    }

    /// Writes under way and waiting.
    var count: Int { state.withLock { $0.queue.count } }

    /// Takes a write, unless there is no room for it or the writer is closed.
    ///
    /// - Returns: completes when the write has ended; `nil` when it was not accepted.
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
            // A promise is made for what is accepted only, because every promise has to be kept.
            let offer = state.queue.offer(
                Write(bytes: bytes, perform: perform, ended: eventLoop.makePromise(of: Void.self)),
                bytes: bytes
            )
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
            start(write)
            return write.ended.futureResult
        case .accepted(let write):
            return write.ended.futureResult
        case .refused(let isFirst):
            shed.increment()
            if isFirst {
                logger.warning("The cache can't be written as fast as answers are made; some are not stored")
            }
            return nil
        }
    }

    /// Waits until every accepted write has ended, at most until `deadline`; what still waits then is given up.
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
            for write in discarded { write.ended.fail(AbandonedError()) }
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

    private func start(_ write: Write) {
        write.perform(eventLoop).whenComplete { self.finish(write, $0) }
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
            let level: Logger.Level = isFirstFailure && !(error is any AlreadyReportedError) ? .warning : .debug
            logger.log(level: level, "An answer was not stored", metadata: ["error": "\(error)"])
        }
        write.ended.completeWith(result)
        for waiter in waiters { waiter.succeed() }
        // Not from here: a store that refuses at once would make this call itself for everything that waits.
        if let next { eventLoop.execute { self.start(next) } }
    }
}
