import NIOCore
import RouteModel
import Synchronization

/// Makes concurrent misses of one identity share one piece of work.
///
/// The work runs detached from the request that started it, so that a client which leaves fails nobody. It has the deadline of
/// the request that started it; each waiter has its own.
final class FlightControl<Outcome: Sendable>: Sendable {
    /// What a flight's work comes to.
    struct Landing: Sendable {
        /// What the waiters get.
        let outcome: Outcome
        /// Completes when the answer is in the store, or will not be; `nil`: at once.
        var settled: EventLoopFuture<Void>?
    }

    /// How a waiter got its outcome.
    struct Arrival: Sendable {
        let outcome: Outcome
        /// Whether another request had started the work.
        let isCollapsed: Bool
    }

    private struct Waiter {
        let continuation: CheckedContinuation<Outcome, Never>
        /// Ends the waiter or, in the one who started the flight, the flight at its deadline.
        var timer: Scheduled<Void>?

        func resume(returning outcome: Outcome) {
            timer?.cancel()
            continuation.resume(returning: outcome)
        }
    }

    private typealias Board = FlightBoard<Waiter, Outcome>

    private struct Progress {
        var ticket: Board.Ticket?
        var isLeader = false
    }

    private let board = Mutex(Board())
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
    var count: Int { board.withLock { $0.count } }

    /// How many flights have left the board; to be read before the store is asked.
    var departures: UInt64 { departureCount.load(ordering: .acquiring) }

    /// The outcome of the flight `id`, started by `work` where there is none.
    ///
    /// - Parameters:
    ///   - departures: ``departures`` before the caller looked into the store.
    ///   - work: does the work; it is told whether the store may have the answer by now.
    func outcome(
        of id: FlightID,
        departuresBeforeLookup departures: UInt64,
        deadline: NIODeadline,
        on eventLoop: any EventLoop,
        work: @escaping @Sendable (_ mayBeStored: Bool) async -> Landing
    ) async -> Arrival {
        let progress = Mutex(Progress())
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let joining = board.withLock {
                    $0.join(id, Waiter(continuation: continuation), departuresBeforeLookup: departures)
                }
                let ticket: Board.Ticket
                let task: Task<Void, Never>?
                switch joining {
                case .landed(let outcome):
                    continuation.resume(returning: outcome)
                    return
                case .wait(let waiting):
                    ticket = waiting
                    task = nil
                case .lead(let leading, let mayBeStored):
                    ticket = leading
                    task = Task.detached { self.land(leading, await work(mayBeStored)) }
                }
                progress.withLock { $0 = Progress(ticket: ticket, isLeader: task != nil) }
                let timer = eventLoop.scheduleTask(deadline: deadline) {
                    if let task {
                        for waiter in self.depart(ticket) {
                            waiter.resume(returning: self.deadlineExceeded)
                        }
                        task.cancel()
                    } else {
                        self.leave(ticket, with: self.deadlineExceeded)
                    }
                }
                if !board.withLock({ $0.update(ticket) { $0.timer = timer } }) { timer.cancel() }
                if Task.isCancelled { leave(ticket, with: cancelled) }
            }
        } onCancel: {
            if let ticket = progress.withLock({ $0.ticket }) { leave(ticket, with: cancelled) }
        }
        return Arrival(outcome: outcome, isCollapsed: !progress.withLock { $0.isLeader })
    }

    private func land(_ ticket: Board.Ticket, _ landing: Landing) {
        for waiter in board.withLock({ $0.land(ticket, with: landing.outcome) }) {
            waiter.resume(returning: landing.outcome)
        }
        if let settled = landing.settled {
            settled.whenComplete { _ in _ = self.depart(ticket) }
        } else {
            _ = depart(ticket)
        }
    }

    /// The count is there for everybody before the flight is gone: who does not see the flight sees the count.
    private func depart(_ ticket: Board.Ticket) -> [Waiter] {
        board.withLock { board in
            let waiters = board.depart(ticket)
            departureCount.store(board.departures, ordering: .releasing)
            return waiters
        }
    }

    private func leave(_ ticket: Board.Ticket, with outcome: Outcome) {
        board.withLock { $0.leave(ticket) }?.resume(returning: outcome)
    }
}
