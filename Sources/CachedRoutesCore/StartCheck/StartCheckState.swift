import ClientSupport
import NIOCore

/// Decides which statement is prepared when, what is logged, and if the service is ready. A value type: its owner
/// prepares, waits and logs.
///
/// The database gets few statements at once, and pauses: after a round, while it is unavailable, and between two
/// attempts with the same statement.
struct StartCheckState: Sendable {
    /// The next thing to do.
    enum Step: Sendable, Hashable {
        /// Prepare the statement with this number.
        case prepare(Int)
        /// Wait until this time, for a result or for a further statement; `nil` sets no time.
        case wait(until: NIODeadline?)
    }

    /// The result of an attempt.
    enum Outcome: Sendable, Hashable {
        case prepared
        /// The database can't prepare the statement.
        ///
        /// - Parameter error: the reason, without users' values.
        case faulty(error: String)
        /// The database has not decided in time, because something holds the statement up.
        case undecided
        /// The database can't be asked now.
        case unavailable
    }

    /// A line for the log.
    enum Line: Sendable, Hashable {
        case fault(Route, error: String)
        /// The number of faults for which there are no lines of their own.
        case moreFaults(Int)
        /// A statement that was faulty can be prepared now.
        case mended(Route)
    }

    /// The route of a statement.
    struct Route: Sendable, Hashable {
        let name: String
        /// The location of its declaration.
        let location: String?
    }

    private struct Statement {
        let route: Route
        /// The time from which on it may be prepared; `nil` if it is being prepared, or never has to be again.
        var due: NIODeadline?
        /// Indicates that the database has decided about it at least once.
        var isDecided = false
        /// The reason for which it can't be prepared; `nil` if it can, or nothing is known.
        var fault: String?
        /// The number of attempts in a row without a decision.
        var failures = 0
    }

    private var statements: [Statement] = []
    private let mode: StartCheckMode
    private let concurrency: Int
    private var running = 0
    /// The end of the current round; `nil` between two rounds.
    private var roundEnd: NIODeadline?
    /// The time before which nothing is prepared.
    private var resumption: NIODeadline?
    /// The number of attempts in a row for which the database was unavailable.
    private var outages = 0
    private var lines = 0
    private var untold = 0

    /// The time for which statements are prepared without a pause.
    private static let round = TimeAmount.seconds(60)
    /// The time between two rounds, and between two attempts with a faulty statement.
    private static let pause = TimeAmount.seconds(10)
    private static let outageBackoff = ExponentialBackoff(minimum: .milliseconds(500), maximum: .seconds(10))
    private static let undecidedBackoff = ExponentialBackoff(minimum: .seconds(2), maximum: .seconds(60))
    /// The number of faults that are logged one by one.
    private static let mostLines = 20

    /// - Parameter concurrency: the number of statements that may be prepared at once, at least 1.
    init(mode: StartCheckMode, concurrency: Int) {
        self.mode = mode
        self.concurrency = max(1, concurrency)
    }

    /// Adds a statement, whose number is the number of those that were added before.
    mutating func add(_ route: Route, now: NIODeadline) {
        statements.append(Statement(route: route, due: now))
    }

    /// The status for the service's readiness.
    var status: StartCheckStatus {
        guard mode == .fail else { return .passed }
        guard statements.allSatisfy(\.isDecided) else { return .checking }
        let faulty = Set(statements.filter { $0.fault != nil }.map(\.route.name))
        return faulty.isEmpty ? .passed : .faulty(faulty.sorted())
    }

    /// Returns the next step. A statement to prepare counts as running until ``ended(_:_:now:random:)``.
    mutating func next(now: NIODeadline) -> Step {
        guard running < concurrency else { return .wait(until: nil) }
        let waiting = statements.enumerated().compactMap { number, statement in
            statement.due.map { (due: $0, number: number) }
        }
        guard let (due, next) = waiting.min(by: { $0 < $1 }) else {
            if running == 0 { roundEnd = nil }
            return .wait(until: nil)
        }
        if let resumption, now < resumption {
            if running == 0 { roundEnd = nil }
            return .wait(until: max(resumption, due))
        }
        guard due <= now else {
            if running == 0 { roundEnd = nil }
            return .wait(until: due)
        }
        if let roundEnd, roundEnd <= now {
            self.roundEnd = nil
            resumption = now + Self.pause
            return .wait(until: resumption)
        }
        if roundEnd == nil { roundEnd = now + Self.round }
        statements[next].due = nil
        running += 1
        return .prepare(next)
    }

    /// Records the result of an attempt.
    ///
    /// - Parameters:
    ///   - number: the number of the statement.
    ///   - outcome: the result.
    ///   - now: the time.
    ///   - random: a number from 0 to 1, which varies the pauses.
    /// - Returns: the lines to log.
    mutating func ended(_ number: Int, _ outcome: Outcome, now: NIODeadline, random: Double) -> [Line] {
        running -= 1
        let statement = statements[number]
        var result: [Line] = []
        switch outcome {
        case .prepared:
            decide(number, fault: nil)
            if statement.fault != nil { result.append(.mended(statement.route)) }
        case .faulty(let error):
            decide(number, fault: error)
            // A migration that comes second mends it.
            if mode == .fail { statements[number].due = now + Self.pause }
            if statement.fault != error { result += tell(.fault(statement.route, error: error)) }
        case .undecided:
            outages = 0
            statements[number].failures += 1
            let failures = statements[number].failures
            statements[number].due = now + Self.undecidedBackoff.delay(afterFailures: failures, random: random)
        case .unavailable:
            outages += 1
            statements[number].due = now
            resumption = now + Self.outageBackoff.delay(afterFailures: outages, random: random)
        }
        guard untold > 0, running == 0, statements.allSatisfy(\.isDecided) else { return result }
        result.append(.moreFaults(untold))
        (lines, untold) = (0, 0)
        return result
    }

    private mutating func decide(_ number: Int, fault: String?) {
        outages = 0
        statements[number].failures = 0
        statements[number].isDecided = true
        statements[number].fault = fault
    }

    private mutating func tell(_ line: Line) -> [Line] {
        guard lines < Self.mostLines else {
            untold += 1
            return []
        }
        lines += 1
        return [line]
    }
}
