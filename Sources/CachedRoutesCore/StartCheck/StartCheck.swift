import ClientSupport
import Logging
import NIOCore
import ServiceLifecycle
import Synchronization

/// Prepares the statements of all routes in the background, before requests need them, and logs those that the database
/// can't prepare.
///
/// A statement that was prepared is known to the connections from then on, so the first requests are faster as well.
package final class StartCheck: Service {
    private struct State {
        var machine: StartCheckState
        var queries: [SQLStatement] = []
        /// The namespaces and names of the routes, which may be added at several places.
        var known: Set<[String]> = []
    }

    private enum Event {
        case ended
        case added
        case timer(NIODeadline)
    }

    private let database: any PreparingDatabase
    private let eventLoop: any EventLoop
    private let logger: Logger
    private let state: Mutex<State>
    private let additions: AsyncStream<Void>
    private let addition: AsyncStream<Void>.Continuation

    /// The time limit for one statement.
    private static let timeout = TimeAmount.seconds(10)

    /// Makes a check; `nil` if the database can't prepare statements, or nothing is to be checked.
    ///
    /// - Parameters:
    ///   - database: the database of the routes.
    ///   - mode: the consequence of a fault.
    ///   - maximumConnections: the number of statements that can run at the same time, of which the check uses at most a
    ///     quarter.
    ///   - eventLoop: measures the time.
    ///   - logger: takes a line for each fault.
    init?(
        of database: (any RouteDatabase)?,
        mode: StartCheckMode,
        maximumConnections: Int,
        eventLoop: any EventLoop,
        logger: Logger
    ) {
        guard mode != .off, let database = database as? any PreparingDatabase else { return nil }
        self.database = database
        self.eventLoop = eventLoop
        self.logger = logger
        state = Mutex(State(machine: StartCheckState(mode: mode, concurrency: min(2, maximumConnections / 4))))
        (additions, addition) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// The status for the service's readiness.
    var status: StartCheckStatus { state.withLock { $0.machine.status } }

    /// Adds a route. Its statement, if it has one, is prepared soon, once.
    func add(_ route: RouteDefinition) {
        guard case .sql(let query) = route.source else { return }
        let now = eventLoop.now
        state.withLock { state in
            guard state.known.insert([route.signature.namespace, route.name]).inserted else { return }
            state.queries.append(query)
            state.machine.add(StartCheckState.Route(name: route.name, location: route.location), now: now)
        }
        addition.yield()
    }

    /// Prepares statements until the service is shut down.
    package func run() async throws {
        await cancelWhenGracefulShutdown { [self] in
            await withTaskGroup(of: Event.self) { group in
                var isListening = false
                var timer: NIODeadline?
                while !Task.isCancelled {
                    switch state.withLock({ $0.machine.next(now: eventLoop.now) }) {
                    case .prepare(let number):
                        group.addTask { await self.prepare(number) }
                        continue
                    case .wait(let end):
                        if !isListening {
                            isListening = true
                            group.addTask { await self.waitForAddition() }
                        }
                        if let end, timer.map({ end < $0 }) ?? true {
                            timer = end
                            group.addTask { await self.wait(until: end) }
                        }
                    }
                    switch await group.next() {
                    case .added: isListening = false
                    case .timer(let end): if timer == end { timer = nil }
                    case .ended, nil: break
                    }
                }
                group.cancelAll()
            }
        }
    }

    private func waitForAddition() async -> Event {
        for await _ in additions { break }
        return .added
    }

    private func wait(until end: NIODeadline) async -> Event {
        try? await eventLoop.sleep(until: end)
        return .timer(end)
    }

    private func prepare(_ number: Int) async -> Event {
        let query = state.withLock { $0.queries[number] }
        var outcome = StartCheckState.Outcome.prepared
        do throws(RouteDatabaseError) {
            try await database.prepare(query, deadline: eventLoop.now + Self.timeout)
        } catch {
            outcome = StartCheckState.Outcome(error)
        }
        let lines = state.withLock { [now = eventLoop.now] in
            $0.machine.ended(number, outcome, now: now, random: .random(in: 0...1))
        }
        for line in lines { log(line) }
        return .ended
    }

    private func log(_ line: StartCheckState.Line) {
        switch line {
        case .fault(let route, let error):
            logger.error("A statement can't be prepared", metadata: metadata(of: route, error: error))
        case .moreFaults(let count):
            logger.error("\(count) more statements can't be prepared")
        case .mended(let route):
            logger.notice("A statement can be prepared again", metadata: metadata(of: route))
        }
    }

    private func metadata(of route: StartCheckState.Route, error: String? = nil) -> Logger.Metadata {
        var metadata: Logger.Metadata = ["route": "\(route.name)"]
        if let location = route.location { metadata["manifest"] = "\(location)" }
        if let error { metadata["error"] = "\(error)" }
        return metadata
    }
}

extension StartCheckState.Outcome {
    /// The outcome of an attempt that has failed. What is no fault of the statement decides nothing.
    fileprivate init(_ error: RouteDatabaseError) {
        switch error.code.kind {
        case .unavailable, .overloaded: self = .unavailable
        case .deadlineExceeded, .cancelled, .contended, .outcomeUnknown: self = .undecided
        case .preconditionFailed, .badValue, .conflict, .forbidden, .refused, .failed:
            self = .faulty(error: error.description)
        }
    }
}
