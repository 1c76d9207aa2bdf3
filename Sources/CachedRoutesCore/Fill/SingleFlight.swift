import NIOCore
import RouteModel
import Synchronization

/// Coalesces concurrent misses of one identity, so that they share one piece of work.
///
/// The work is detached from the request that started it, so that a client that disconnects does not fail the other
/// requests. It has the deadline of that request; each waiter has its own. When the last waiter has left, the flight
/// leaves the board and then its work is cancelled: no request can join work that is being cancelled.
final class SingleFlight<Outcome: Sendable>: Sendable {
    /// The result of a flight's work.
    struct Completion: Sendable {
        /// The outcome for the waiters.
        let outcome: Outcome
        /// Completes when the response is stored, or will not be; `nil` if there is nothing to wait for.
        var settled: EventLoopFuture<Void>?
        /// Indicates that the work itself has noticed that its deadline has passed.
        var isGivenUp = false
    }

    /// The result for a waiter.
    struct WaiterResult: Sendable {
        let outcome: Outcome
        /// Indicates that another request had started the work.
        let isCollapsed: Bool
        /// Indicates that the work was given up at the deadline of the request that had started it.
        let isGivenUp: Bool
    }

    /// The end of a flight for its waiters.
    fileprivate struct Ending: Sendable {
        let outcome: Outcome
        var isGivenUp = false
    }

    /// A caller of
    /// ``join(_:departuresBeforeLookup:deadline:client:on:completesAnywhere:isAcceptable:work:completion:)``.
    struct Waiter: Sendable {
        fileprivate let completion: @Sendable (WaiterResult) -> Void
        /// The event loop on which the completion is called; `nil` for any thread.
        fileprivate let eventLoop: (any EventLoop)?
        fileprivate var isLeader = false
        /// Ends the wait at the waiter's own deadline.
        fileprivate var timer: Scheduled<Void>?
        /// Ends the wait when the client disconnects.
        fileprivate var departure: (client: ClientConnection, registration: ClientConnection.Registration)?

        fileprivate func resume(_ ending: Ending) {
            timer?.cancel()
            if let departure { departure.client.forget(departure.registration) }
            let result = WaiterResult(
                outcome: ending.outcome,
                isCollapsed: !isLeader,
                isGivenUp: ending.isGivenUp
            )
            guard let eventLoop, !eventLoop.inEventLoop else { return completion(result) }
            eventLoop.execute { [completion] in completion(result) }
        }
    }

    private typealias Board = SingleFlightStateMachine<Waiter, Outcome>
    /// A caller's place in a flight.
    typealias Ticket = SingleFlightStateMachine<Waiter, Outcome>.Ticket

    private struct Work {
        let ticket: Ticket
        let work: CancellableWork
        /// Ends the flight at its deadline; `nil` if the timer of the event loop does.
        var timer: Scheduled<Void>?

        func cancel() {
            timer?.cancel()
            work.cancel()
        }
    }

    /// The deadlines of the flights that an event loop ends.
    private struct Deadlines {
        /// Retained, so that no other event loop has its identity.
        let eventLoop: any EventLoop
        var queue = DeadlineQueue()
        var timer: Scheduled<Void>?
    }

    private struct State {
        var board = Board()
        /// The work of the flights in the air, by their numbers.
        var work: [UInt64: Work] = [:]
        var deadlines: [ObjectIdentifier: Deadlines] = [:]

        /// Returns the place of an event loop's deadlines.
        mutating func place(of eventLoop: any EventLoop) -> Dictionary<ObjectIdentifier, Deadlines>.Index {
            let id = ObjectIdentifier(eventLoop)
            if let place = deadlines.index(forKey: id) { return place }
            deadlines[id] = Deadlines(eventLoop: eventLoop)
            return deadlines.index(forKey: id)!
        }

        /// See ``DeadlineQueue/add(_:of:hasEnded:)``. The copy of the work lives no longer than this call, so that the
        /// work is changed in place afterwards.
        mutating func addDeadline(
            _ deadline: NIODeadline,
            of number: UInt64,
            at place: Dictionary<ObjectIdentifier, Deadlines>.Index
        ) -> DeadlineQueue.Addition {
            let work = work
            return deadlines.values[place].queue.add(deadline, of: number) { work[$0] == nil }
        }

        /// See ``DeadlineQueue/fire(_:now:hasEnded:)``.
        mutating func fireDeadlines(
            _ time: NIODeadline,
            now: NIODeadline,
            at place: Dictionary<ObjectIdentifier, Deadlines>.Index
        ) -> (late: [UInt64], next: NIODeadline?)? {
            let work = work
            return deadlines.values[place].queue.fire(time, now: now) { work[$0] == nil }
        }
    }

    /// The largest number of waiters that are resumed on the thread where the flight ended.
    private static var mostResumed: Int { 64 }

    private let state = Mutex(State())
    private let departureCount = Atomic<UInt64>(0)
    private let deadlineExceeded: Outcome
    /// The outcome for cancelled callers.
    let cancelled: Outcome

    /// - Parameters:
    ///   - deadlineExceeded: the outcome for waiters whose deadline passes.
    ///   - cancelled: the outcome for cancelled waiters.
    init(deadlineExceeded: Outcome, cancelled: Outcome) {
        self.deadlineExceeded = deadlineExceeded
        self.cancelled = cancelled
    }

    /// The number of flights on the board.
    var count: Int { state.withLock { $0.board.count } }

    /// The number of waiters without an outcome.
    var waiterCount: Int { state.withLock { $0.board.waiterCount } }

    /// The number of flights that have left the board. It has to be read before the store is.
    var departures: UInt64 { departureCount.load(ordering: .acquiring) }

    /// Joins the flight `id`, or starts it.
    ///
    /// - Parameters:
    ///   - id: identifies the flight.
    ///   - departures: ``departures`` before the caller's lookup.
    ///   - deadline: the end of the caller's wait, and of a flight that it starts.
    ///   - client: the client that waits, which leaves the flight when it disconnects.
    ///   - eventLoop: the event loop of the timers.
    ///   - completesAnywhere: true if `completion` may be called on any thread; otherwise it is called on `eventLoop`.
    ///   - isAcceptable: returns true if the caller may use the outcome of a flight that has landed, and whose response
    ///     is not stored yet.
    ///   - work: starts the work of the flight, for the first caller. Its arguments say if the response may have been
    ///     stored by now, and take the result, once, on any thread.
    ///   - completion: takes the result, once; within this call if the result is there.
    /// - Returns: the caller's place, for ``leave(_:)``; `nil` if there is nothing to wait for.
    func join(
        _ id: FlightID,
        departuresBeforeLookup departures: UInt64,
        deadline: NIODeadline,
        client: ClientConnection?,
        on eventLoop: any EventLoop,
        completesAnywhere: Bool = false,
        isAcceptable: @Sendable (Outcome) -> Bool,
        work: (_ mayBeStored: Bool, _ land: @escaping @Sendable (Completion) -> Void) -> CancellableWork,
        completion: @escaping @Sendable (WaiterResult) -> Void
    ) -> Ticket? {
        guard !(client?.hasLeft ?? false) else {
            completion(WaiterResult(outcome: cancelled, isCollapsed: false, isGivenUp: false))
            return nil
        }
        let joining = state.withLock { state in
            let joining = state.board.join(
                id,
                Waiter(completion: completion, eventLoop: completesAnywhere ? nil : eventLoop),
                departuresBeforeLookup: departures,
                isAcceptable: isAcceptable
            )
            if case .lead(let ticket, _) = joining { _ = state.board.update(ticket) { $0.isLeader = true } }
            departureCount.store(state.board.departures, ordering: .releasing)
            return joining
        }
        let ticket: Ticket
        switch joining {
        case .landed(let outcome):
            completion(WaiterResult(outcome: outcome, isCollapsed: true, isGivenUp: false))
            return nil
        case .wait(let waiting):
            ticket = waiting
            let timer = eventLoop.scheduleTask(deadline: deadline) { self.leave(waiting, with: self.deadlineExceeded) }
            if !state.withLock({ $0.board.update(waiting) { $0.timer = timer } }) { timer.cancel() }
        case .lead(let leading, let mayBeStored):
            ticket = leading
            let work = work(mayBeStored) { self.land(leading, $0) }
            start(leading, work, until: deadline, on: eventLoop)
        }
        guard let client else { return ticket }
        let registration = client.whenLeft { self.leave(ticket) }
        if !state.withLock({ $0.board.update(ticket) { $0.departure = (client, registration) } }) {
            client.forget(registration)
        } else if client.hasLeft {
            leave(ticket)
        }
        return ticket
    }

    /// Ends the wait of a caller, which gets the outcome for cancelled waiters.
    func leave(_ ticket: Ticket) { leave(ticket, with: cancelled) }

    /// Returns the outcome of the flight `id`, started with `work` if there is none.
    ///
    /// - Parameters:
    ///   - id: identifies the flight.
    ///   - departures: ``departures`` before the caller's lookup.
    ///   - deadline: the end of the caller's wait, and of a flight that it starts.
    ///   - client: the client that waits, which leaves the flight when it disconnects.
    ///   - eventLoop: the event loop of the timers.
    ///   - isAcceptable: returns true if the caller may use the outcome of a flight that has landed, and whose response
    ///     is not stored yet.
    ///   - work: starts the work of the flight, as for ``join(_:departuresBeforeLookup:deadline:client:on:completesAnywhere:isAcceptable:work:completion:)``.
    func outcome(
        of id: FlightID,
        departuresBeforeLookup departures: UInt64,
        deadline: NIODeadline,
        client: ClientConnection? = nil,
        on eventLoop: any EventLoop,
        isAcceptable: @Sendable (Outcome) -> Bool = { _ in true },
        work: (_ mayBeStored: Bool, _ land: @escaping @Sendable (Completion) -> Void) -> CancellableWork
    ) async -> WaiterResult {
        let place = Mutex<Ticket?>(nil)
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let ticket = join(
                    id,
                    departuresBeforeLookup: departures,
                    deadline: deadline,
                    client: client,
                    on: eventLoop,
                    completesAnywhere: true,
                    isAcceptable: isAcceptable,
                    work: work,
                    completion: { continuation.resume(returning: $0) }
                )
                place.withLock { $0 = ticket }
                if Task.isCancelled, let ticket { leave(ticket) }
            }
        } onCancel: {
            if let ticket = place.withLock({ $0 }) { leave(ticket) }
        }
    }

    /// Registers the work of a flight. Its deadline holds even after the caller that started it has left.
    private func start(
        _ ticket: Ticket,
        _ work: CancellableWork,
        until deadline: NIODeadline,
        on eventLoop: any EventLoop
    ) {
        let isInTheAir = state.withLock { state in
            guard state.board.isInTheAir(ticket) else { return false }
            state.work[ticket.number] = Work(ticket: ticket, work: work)
            let place = state.place(of: eventLoop)
            let addition = state.addDeadline(deadline, of: ticket.number, at: place)
            switch addition {
            case .behind: break
            case .first: setTimer(deadline, &state.deadlines.values[place])
            case .unordered:
                state.work[ticket.number]?.timer = eventLoop.scheduleTask(deadline: deadline) { self.giveUp(ticket) }
            }
            return true
        }
        // The flight has landed by now, or all callers have left.
        if !isInTheAir { work.cancel() }
    }

    /// Sets the timer of an event loop. It is not cancelled when its flight has landed: it then fires for the others,
    /// or in vain, at most once in the time limit of a route.
    private func setTimer(_ deadline: NIODeadline, _ deadlines: inout Deadlines) {
        deadlines.timer?.cancel()
        deadlines.timer = deadlines.eventLoop.scheduleTask(deadline: deadline) {
            [weak self, eventLoop = deadlines.eventLoop] in self?.timerFired(deadline, on: eventLoop)
        }
    }

    private func timerFired(_ time: NIODeadline, on eventLoop: any EventLoop) {
        let late: [Ticket] = state.withLock { state in
            let place = state.place(of: eventLoop)
            guard let (late, next) = state.fireDeadlines(time, now: eventLoop.now, at: place) else { return [] }
            state.deadlines.values[place].timer = nil
            if let next { setTimer(next, &state.deadlines.values[place]) }
            return late.compactMap { state.work[$0]?.ticket }
        }
        for ticket in late { giveUp(ticket) }
    }

    /// Ends a flight whose deadline has passed.
    private func giveUp(_ ticket: Ticket) {
        let (waiters, work) = depart(ticket)
        Self.resume(waiters, Ending(outcome: deadlineExceeded, isGivenUp: true))
        work?.cancel()
    }

    private func land(_ ticket: Ticket, _ completion: Completion) {
        let (waiters, work) = state.withLock { state in
            let waiters = state.board.land(ticket, with: completion.outcome)
            let work = state.work.removeValue(forKey: ticket.number)
            // Before any waiter is resumed: a caller that joins again at once must not find this flight.
            if completion.settled == nil { depart(ticket, &state) }
            return (waiters, work)
        }
        work?.timer?.cancel()
        Self.resume(waiters, Ending(outcome: completion.outcome, isGivenUp: completion.isGivenUp))
        completion.settled?.whenComplete { _ in
            _ = self.depart(ticket)
        }
    }

    /// Resumes waiters. Many of them are resumed on another thread: to cancel a timer and wake a thread for each of
    /// them would block an event loop for too long.
    private static func resume(_ waiters: [Waiter], _ ending: Ending) {
        guard waiters.count > mostResumed else { return waiters.forEach { $0.resume(ending) } }
        Task.detached(executorPreference: globalConcurrentExecutor) {
            for waiter in waiters { waiter.resume(ending) }
        }
    }

    /// Takes a flight off the board, and publishes the new number of departures under the same lock.
    private func depart(_ ticket: Ticket) -> ([Waiter], Work?) {
        state.withLock { state in
            let waiters = depart(ticket, &state)
            return (waiters, state.work.removeValue(forKey: ticket.number))
        }
    }

    @discardableResult
    private func depart(_ ticket: Ticket, _ state: inout State) -> [Waiter] {
        let waiters = state.board.depart(ticket)
        departureCount.store(state.board.departures, ordering: .releasing)
        return waiters
    }

    private func leave(_ ticket: Ticket, with outcome: Outcome) {
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
