import ClientSupport
import NIOCore

/// Decides when to connect, and what to do with commands meanwhile, for a slot that holds one connection after another.
struct RedisReconnectStateMachine {
    private enum State {
        /// Not started, or before the end of the first attempt to connect.
        case beginning
        case connected(since: NIODeadline)
        /// The connection ended without an outage, and the attempt to replace it has not ended.
        case replacing
        /// Waiting for the next attempt or making it. `takesRetries` is set until that attempt has failed once.
        case away(takesRetries: Bool)
        case stopped
    }

    private let backoff: ExponentialBackoff
    private var state = State.beginning
    /// The number of failed attempts in a row.
    private var failures = 0
    /// The number of consecutive connections that ended soon.
    private var shortLives = 0
    /// The number of attempts since the last connection that were given up for another server.
    private var replacements = 0

    init(backoff: ExponentialBackoff) {
        self.backoff = backoff
    }

    enum Disposition {
        case connection
        /// Wait for the current attempt, within the command's deadline.
        case wait
        case fail(RedisError)
    }

    /// Decides what to do with a command.
    ///
    /// - Parameter isRetry: tells that the command was on a connection that has just ended, and may wait for the first
    ///   attempt to replace it.
    func route(isRetry: Bool) -> Disposition {
        switch state {
        case .connected: .connection
        case .beginning, .replacing: .wait
        case .away(let takesRetries) where takesRetries && isRetry: .wait
        case .away: .fail(RedisError(.unavailable, "there is no connection to the server"))
        case .stopped: .fail(RedisError(.shutDown, "the client has been shut down"))
        }
    }

    /// Indicates that no more connections are to be opened.
    var isStopped: Bool { if case .stopped = state { true } else { false } }

    /// Indicates that there is a connection that has finished its handshake.
    var isConnected: Bool { if case .connected = state { true } else { false } }

    /// Records that a connection has finished its handshake.
    mutating func connected(now: NIODeadline) {
        guard !isStopped else { return }
        state = .connected(since: now)
        replacements = 0
    }

    /// The reason for the end of a connection or of an attempt.
    enum Cause: Sendable {
        /// The server is or may be unavailable.
        case outage
        /// The server closes idle connections. It is available.
        case idleClose
        /// A value was too long to be read.
        case value
        /// Another server has become the primary.
        case replacement
    }

    /// The consequences of the end of a connection or of an attempt.
    struct Ending {
        /// The wait before the next attempt; `nil` for no more.
        var delay: TimeAmount?
        /// Indicates that the end need not be logged.
        var isQuiet = false
    }

    /// Records that a connection was lost or an attempt failed.
    ///
    /// A connection that did not last longer than the longest wait counts as another failed attempt, so that a server
    /// that accepts connections and drops them at once is not flooded.
    ///
    /// - Parameters:
    ///   - now: the current time.
    ///   - random: a number from 0 to 1 for the wait.
    ///   - cause: the reason for the end.
    /// - Returns: the wait before the next attempt.
    mutating func ended(now: NIODeadline, random: Double, cause: Cause = .outage) -> Ending {
        switch state {
        case .stopped: return Ending()
        case .connected(let since):
            let hasLasted = now - since >= Self.shortestQuietLife
            shortLives = hasLasted ? 0 : shortLives + 1
            if cause != .outage, shortLives <= Self.mostShortLives {
                state = .replacing
                let isQuiet = cause == .idleClose && hasLasted || cause == .replacement
                return Ending(delay: .zero, isQuiet: isQuiet)
            }
            if now - since > backoff.maximum { failures = 0 }
            state = .away(takesRetries: true)
        case .beginning, .replacing, .away:
            state = .away(takesRetries: false)
            // The attempts before were made to another server.
            if cause == .replacement, replacements < Self.mostReplacements {
                replacements += 1
                failures = 0
                return Ending(delay: .zero, isQuiet: true)
            }
        }
        failures += 1
        return Ending(delay: backoff.delay(afterFailures: failures, random: random))
    }

    /// The shortest lifetime of a connection whose end need not be logged, and the number of consecutive shorter ones
    /// after which reconnecting slows down.
    private static let shortestQuietLife = TimeAmount.milliseconds(500)
    private static let mostShortLives = 3
    /// The number of attempts in a row after whose replacement the next one is made at once. More of them are a quarrel of
    /// those who name the server.
    private static let mostReplacements = 3

    /// Ends all attempts; commands fail from now on.
    mutating func stop() {
        state = .stopped
    }
}
