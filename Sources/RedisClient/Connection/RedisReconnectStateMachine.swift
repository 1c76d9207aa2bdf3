import NIOCore

/// When to connect, and what to do with commands meanwhile, for one place of a client that holds one connection after
/// another.
struct RedisReconnectStateMachine {
    private enum State {
        /// Not started, or started and not connected for the first time yet.
        case beginning
        case connected(since: NIODeadline)
        /// The connection ended without an outage, and the attempt to replace it has not ended yet.
        case replacing
        /// Waiting for the next attempt or making it. `takesRetries` until that attempt has failed once.
        case away(takesRetries: Bool)
        case stopped
    }

    private let backoff: ExponentialBackoff
    private var state = State.beginning
    /// The number of failed attempts in a row.
    private var failures = 0
    /// The number of connections in a row that have ended soon.
    private var shortLives = 0

    init(backoff: ExponentialBackoff) {
        self.backoff = backoff
    }

    enum Disposition {
        case connection
        /// Wait for the attempt that is under way, within the command's deadline.
        case wait
        case fail(RedisError)
    }

    /// What to do with a command.
    ///
    /// - Parameter isRetry: it was on a connection that has just ended, and may wait for the first attempt to replace
    ///   that.
    func route(isRetry: Bool) -> Disposition {
        switch state {
        case .connected: .connection
        case .beginning, .replacing: .wait
        case .away(let takesRetries) where takesRetries && isRetry: .wait
        case .away: .fail(RedisError(.unavailable, "there is no connection to the server"))
        case .stopped: .fail(RedisError(.shutDown, "the client has been shut down"))
        }
    }

    /// Whether attempts to connect still make sense.
    var isStopped: Bool { if case .stopped = state { true } else { false } }

    /// A connection has finished its handshake.
    mutating func connected(now: NIODeadline) {
        guard !isStopped else { return }
        state = .connected(since: now)
    }

    /// The cause of the end of a connection or of an attempt.
    enum Cause: Sendable {
        /// The server is away, or may be.
        case outage
        /// The server closes connections on which nothing happens. It is there.
        case idleClose
        /// A value was too long to be read.
        case value
    }

    /// The consequences of the end of a connection or of an attempt.
    struct Ending {
        /// The wait before the next attempt; `nil` for no more.
        var delay: TimeAmount?
        /// It is not worth a word to anybody.
        var isQuiet = false
    }

    /// A connection was lost, or an attempt failed.
    ///
    /// A connection that lasted no longer than the longest wait counts as one more failed attempt: a server that takes
    /// connections and drops them at once is not asked a hundred times a second.
    ///
    mutating func ended(now: NIODeadline, random: Double, cause: Cause = .outage) -> Ending {
        switch state {
        case .stopped: return Ending()
        case .connected(let since):
            let hasLasted = now - since >= Self.shortestQuietLife
            shortLives = hasLasted ? 0 : shortLives + 1
            if cause != .outage, shortLives <= Self.mostShortLives {
                state = .replacing
                return Ending(delay: .zero, isQuiet: cause == .idleClose && hasLasted)
            }
            if now - since > backoff.maximum { failures = 0 }
            state = .away(takesRetries: true)
        case .beginning, .replacing, .away:
            state = .away(takesRetries: false)
        }
        failures += 1
        return Ending(delay: backoff.delay(afterFailures: failures, random: random))
    }

    /// A connection that ends sooner is worth a word, and so many in a row are none to hurry back from.
    private static let shortestQuietLife = TimeAmount.milliseconds(500)
    private static let mostShortLives = 3

    /// No more attempts, no more commands.
    mutating func stop() {
        state = .stopped
    }
}
