import NIOCore
import RouteModel
import Synchronization

/// Makes concurrent misses of one identity share one piece of work.
///
/// The work runs detached from the request that started it, so that a client which leaves fails nobody. It has the deadline of
/// the request that started it; each waiter has its own. When the last one who waits has left, the flight leaves the board and
/// then its work is cancelled: nobody can join work that is being given up.
final class SingleFlight<Outcome: Sendable>: Sendable {
    /// What a flight's work comes to.
    struct Completion: Sendable {
        /// What the waiters get.
        let outcome: Outcome
        /// Completes when the answer is in the store, or will not be; `nil`: at once.
        var settled: EventLoopFuture<Void>?
        /// Whether the work itself has noticed that the deadline has passed.
        var isGivenUp = false
    }

    /// How a waiter got its outcome.
    struct WaiterResult: Sendable {
        let outcome: Outcome
        /// Whether another request had started the work.
        let isCollapsed: Bool
        /// Whether the work was given up at the deadline of the request that had started it.
        let isGivenUp: Bool
    }

    private struct Ending: Sendable {
        let outcome: Outcome
        var isGivenUp = false
    }

    private struct Waiter {
        let continuation: CheckedContinuation<Ending, Never>
        /// Ends the wait at the waiter's own deadline.
        var timer: Scheduled<Void>?

        func resume(_ ending: Ending) {
            timer?.cancel()
            continuation.resume(returning: ending)
        }
    }

    private typealias Board = SingleFlightStateMachine<Waiter, Outcome>

    private struct Progress {
        var ticket: Board.Ticket?
        var isLeader = false
    }

    private struct Work {
        let task: Task<Void, Never>
        /// Ends the flight at its deadline.
        let timer: Scheduled<Void>

        func cancel() {
            timer.cancel()
            task.cancel()
        }
    }

    private struct State {
        var board = Board()
        /// The work of the flights in the air, by their numbers.
        var work: [UInt64: Work] = [:]
    }

    /// More waiters are not resumed where the flight ended.
    private static var mostResumed: Int { 64 }

    private let state = Mutex(State())
    private let departureCount = Atomic<UInt64>(0)
    private let deadlineExceeded: Outcome
    private let cancelled: Outcome

    /// - Parameters:
    ///   - deadlineExceeded: what those get whose deadline passes.
    ///   - cancelled: what a cancelled waiter gets.
    init(deadlineExceeded: Outcome, cancelled: Outcome) {
        self.deadlineExceeded = deadlineExceeded
        self.cancelled = cancelled
    }

    /// The number of flights on the board.
    var count: Int { state.withLock { $0.board.count } }

    /// The number of waiters without an outcome.
    var waiterCount: Int { state.withLock { $0.board.waiterCount } }

    /// How many flights have left the board; to be read before the store is asked.
    var departures: UInt64 { departureCount.load(ordering: .acquiring) }

    /// The outcome of the flight `id`, started by `work` where there is none.
    ///
    /// - Parameters:
    ///   - departures: ``departures`` before the caller looked into the store.
    ///   - client: who waits; leaves the flight when it leaves.
    ///   - executor: where the work is done; `nil`: where tasks run that say nothing else.
    ///   - isAcceptable: whether the outcome of a flight that landed before, and whose answer is not in the store yet, can be
    ///     given to the caller.
    ///   - work: does the work; it is told whether the store may have the answer by now.
    func outcome(
        of id: FlightID,
        departuresBeforeLookup departures: UInt64,
        deadline: NIODeadline,
        client: ClientConnection? = nil,
        on eventLoop: any EventLoop,
        executor: (any TaskExecutor)? = nil,
        isAcceptable: @Sendable (Outcome) -> Bool = { _ in true },
        work: @escaping @Sendable (_ mayBeStored: Bool) async -> Completion
    ) async -> WaiterResult {
        if client?.hasLeft ?? false { return WaiterResult(outcome: cancelled, isCollapsed: false, isGivenUp: false) }
        let progress = Mutex(Progress())
        let leave = { @Sendable [self] in
            if let ticket = progress.withLock({ $0.ticket }) { self.leave(ticket, with: cancelled) }
        }
        let registration = client?.whenLeft(leave)
        defer { if let registration { client?.forget(registration) } }
        let ending = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let joining = state.withLock { state in
                    defer { departureCount.store(state.board.departures, ordering: .releasing) }
                    return state.board.join(
                        id,
                        Waiter(continuation: continuation),
                        departuresBeforeLookup: departures,
                        isAcceptable: isAcceptable
                    )
                }
                let ticket: Board.Ticket
                switch joining {
                case .landed(let outcome):
                    continuation.resume(returning: Ending(outcome: outcome))
                    return
                case .wait(let waiting):
                    ticket = waiting
                    progress.withLock { $0 = Progress(ticket: ticket) }
                    wait(ticket, until: deadline, on: eventLoop)
                case .lead(let leading, let mayBeStored):
                    ticket = leading
                    progress.withLock { $0 = Progress(ticket: ticket, isLeader: true) }
                    start(ticket, until: deadline, on: eventLoop, executor) { await work(mayBeStored) }
                }
                if Task.isCancelled || client?.hasLeft ?? false { self.leave(ticket, with: cancelled) }
            }
        } onCancel: {
            leave()
        }
        return WaiterResult(
            outcome: ending.outcome,
            isCollapsed: !progress.withLock { $0.isLeader },
            isGivenUp: ending.isGivenUp
        )
    }

    private func wait(_ ticket: Board.Ticket, until deadline: NIODeadline, on eventLoop: any EventLoop) {
        let timer = eventLoop.scheduleTask(deadline: deadline) { self.leave(ticket, with: self.deadlineExceeded) }
        if !state.withLock({ $0.board.update(ticket) { $0.timer = timer } }) { timer.cancel() }
    }

    /// The flight's deadline is its own: it holds when the one who started it has left.
    private func start(
        _ ticket: Board.Ticket,
        until deadline: NIODeadline,
        on eventLoop: any EventLoop,
        _ executor: (any TaskExecutor)?,
        _ work: @escaping @Sendable () async -> Completion
    ) {
        let task = Task.detached(executorPreference: executor) { self.land(ticket, await work()) }
        let timer = eventLoop.scheduleTask(deadline: deadline) {
            let ending = Ending(outcome: self.deadlineExceeded, isGivenUp: true)
            let (waiters, work) = self.depart(ticket)
            Self.resume(waiters, ending)
            work?.cancel()
        }
        let work = Work(task: task, timer: timer)
        let isInTheAir = state.withLock { state in
            let isInTheAir = state.board.isInTheAir(ticket)
            if isInTheAir { state.work[ticket.number] = work }
            return isInTheAir
        }
        // It has landed by now, or everybody has left.
        if !isInTheAir { work.cancel() }
    }

    private func land(_ ticket: Board.Ticket, _ completion: Completion) {
        let (waiters, work) = state.withLock { state in
            let waiters = state.board.land(ticket, with: completion.outcome)
            let work = state.work.removeValue(forKey: ticket.number)
            // Before anybody is resumed: who comes back at once shall not meet this flight again.
            if completion.settled == nil { depart(ticket, &state) }
            return (waiters, work)
        }
        work?.timer.cancel()
        Self.resume(waiters, Ending(outcome: completion.outcome, isGivenUp: completion.isGivenUp))
        completion.settled?.whenComplete { _ in
            _ = self.depart(ticket)
        }
    }

    /// A crowd, each with a timer to be found and a thread to be woken, would hold up an event loop.
    private static func resume(_ waiters: [Waiter], _ ending: Ending) {
        guard waiters.count > mostResumed else { return waiters.forEach { $0.resume(ending) } }
        Task.detached(executorPreference: globalConcurrentExecutor) {
            for waiter in waiters { waiter.resume(ending) }
        }
    }

    /// The count is there for everybody before the flight is gone: who does not see the flight sees the count.
    private func depart(_ ticket: Board.Ticket) -> ([Waiter], Work?) {
        state.withLock { state in
            let waiters = depart(ticket, &state)
            return (waiters, state.work.removeValue(forKey: ticket.number))
        }
    }

    @discardableResult
    private func depart(_ ticket: Board.Ticket, _ state: inout State) -> [Waiter] {
        let waiters = state.board.depart(ticket)
        departureCount.store(state.board.departures, ordering: .releasing)
        return waiters
    }

    private func leave(_ ticket: Board.Ticket, with outcome: Outcome) {
        let (waiter, work): (Waiter?, Work?) = state.withLock { state in
            guard let (waiter, endsFlight) = state.board.leave(ticket) else { return (nil, nil) }
            guard endsFlight else { return (waiter, nil) }
            departureCount.store(state.board.departures, ordering: .releasing)
            return (waiter, state.work.removeValue(forKey: ticket.number))
        }
        work?.cancel()
        waiter?.resume(Ending(outcome: outcome))
    }
}
