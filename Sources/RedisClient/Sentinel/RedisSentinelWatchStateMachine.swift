import ClientSupport
import NIOCore

/// Keeps a subscription to the announcements of one Sentinel at a time, so that a new primary is noticed before
/// connections to the former one break, or if they never do.
///
/// ```
/// idle ──start──▶ subscribing ──subscribed──▶ watching
///                   ▲    └────────lost───────────┤
///                   └────────── waiting ◀────────┘     and from each: ──stop──▶ stopped
/// ```
///
/// A Sentinel that does not reply to a ping within ``patience`` is left, and the next one is subscribed to. Announcements
/// may have been missed meanwhile, so after each subscription all are asked. A Sentinel that has lost the others would announce
/// nothing, so all are also asked every ``checkInterval``.
struct RedisSentinelWatchStateMachine {
    enum Action: Equatable {
        /// Connect to a Sentinel and subscribe. The number of the attempt has to be passed with its events.
        case subscribe(sentinel: Int, attempt: Int)
        /// Send a ping.
        case ping(attempt: Int)
        /// Close the connection of the attempt, whose later events are ignored.
        case close(attempt: Int)
        /// Call ``timerFired(now:random:)`` at this time and not at an earlier setting.
        case setTimer(NIODeadline)
        case cancelTimer
        /// Ask all Sentinels, in case a promotion was missed.
        case check
        /// The Sentinel has announced a promotion.
        case announced(RedisSentinelSwitch, sentinel: Int)
        /// No Sentinel can be subscribed to: each has been tried since the last subscription. Reported by every
        /// further attempt that fails.
        case reportBlind
        /// A Sentinel is subscribed to again, after ``reportBlind``.
        case reportSight
    }

    private enum State {
        case idle
        case subscribing(deadline: NIODeadline)
        case watching(Watch)
        case waiting(until: NIODeadline)
        case stopped
    }

    private struct Watch {
        let since: NIODeadline
        var nextCheck: NIODeadline
        var nextPing: NIODeadline
        /// The time of the ping to which no reply has come.
        var unanswered: NIODeadline?
    }

    /// The longest time to a subscription, and to the reply to a ping.
    static let patience = TimeAmount.seconds(1)
    /// The interval between pings.
    static let pingInterval = TimeAmount.seconds(1)
    /// The interval between questions while nothing is announced. A Sentinel that has lost the others is
    /// rare, and a question costs each Sentinel one connection of each process.
    static let checkInterval = TimeAmount.seconds(10)
    /// The waits between attempts.
    static let backoff = ExponentialBackoff(minimum: .milliseconds(10), maximum: .seconds(1))

    private let count: Int
    private let primaryName: String
    private var state = State.idle
    /// The Sentinel of the current attempt, or of the last one.
    private var sentinel: Int
    private var attempt = 0
    /// The number of failed attempts in a row; a subscription that ended soon counts as one.
    private var failures = 0
    /// The number of attempts since the last subscription.
    private var missed = 0
    private var isBlind = false

    /// Makes a state machine.
    ///
    /// - Parameters:
    ///   - count: the number of Sentinels.
    ///   - primaryName: the name by which they know the primary.
    ///   - first: the position of the first Sentinel to subscribe to.
    init(count: Int, primaryName: String, first: Int) {
        self.count = count
        self.primaryName = primaryName
        sentinel = first
    }

    /// Begins to watch.
    mutating func start(now: NIODeadline) -> [Action] {
        guard case .idle = state else { return [] }
        return subscribe(now: now)
    }

    private mutating func subscribe(now: NIODeadline) -> [Action] {
        attempt += 1
        let deadline = now + Self.patience
        state = .subscribing(deadline: deadline)
        return [.setTimer(deadline), .subscribe(sentinel: sentinel, attempt: attempt)]
    }

    /// Records that the Sentinel has confirmed the subscription.
    mutating func subscribed(_ attempt: Int, now: NIODeadline) -> [Action] {
        guard case .subscribing = state, attempt == self.attempt else { return [] }
        let watch = Watch(since: now, nextCheck: now + Self.checkInterval, nextPing: now + Self.pingInterval)
        state = .watching(watch)
        missed = 0
        var actions: [Action] = [.setTimer(watch.nextPing), .check]
        if isBlind { actions.append(.reportSight) }
        isBlind = false
        return actions
    }

    /// Takes an announcement. Malformed ones, and those about other primaries, are ignored.
    mutating func received(_ message: String, _ attempt: Int) -> [Action] {
        guard case .watching = state, attempt == self.attempt,
            let change = RedisSentinelSwitch(message, of: primaryName)
        else { return [] }
        return [.announced(change, sentinel: sentinel)]
    }

    /// Records the reply to a ping.
    mutating func ponged(_ attempt: Int) {
        guard case .watching(var watch) = state, attempt == self.attempt else { return }
        watch.unanswered = nil
        state = .watching(watch)
    }

    /// Records that the connection has ended or could not be opened, or that the subscription was refused.
    ///
    /// - Parameters:
    ///   - attempt: the attempt.
    ///   - now: the current time.
    ///   - random: a number from 0 to 1 for the wait.
    mutating func lost(_ attempt: Int, now: NIODeadline, random: Double) -> [Action] {
        guard attempt == self.attempt else { return [] }
        switch state {
        case .idle, .waiting, .stopped: return []
        case .subscribing: break
        case .watching(let watch): if now - watch.since > Self.backoff.maximum { failures = 0 }
        }
        failures += 1
        missed += 1
        sentinel = (sentinel + 1) % count
        let next = now + Self.backoff.delay(afterFailures: failures, random: random)
        state = .waiting(until: next)
        var actions: [Action] = [.setTimer(next)]
        if missed >= count {
            isBlind = true
            actions.append(.reportBlind)
        }
        return actions
    }

    /// Does what is due.
    ///
    /// - Parameters:
    ///   - now: the current time.
    ///   - random: a number from 0 to 1 for the wait.
    mutating func timerFired(now: NIODeadline, random: Double) -> [Action] {
        switch state {
        case .idle, .stopped: return []
        case .waiting(let until): return until <= now ? subscribe(now: now) : [.setTimer(until)]
        case .subscribing(let deadline):
            guard deadline <= now else { return [.setTimer(deadline)] }
            return [.close(attempt: attempt)] + lost(attempt, now: now, random: random)
        case .watching(var watch):
            if let unanswered = watch.unanswered, unanswered + Self.patience <= now {
                return [.close(attempt: attempt)] + lost(attempt, now: now, random: random)
            }
            var actions: [Action] = []
            if watch.nextPing <= now, watch.unanswered == nil {
                watch.unanswered = now
                watch.nextPing = now + Self.pingInterval
                actions.append(.ping(attempt: attempt))
            }
            if watch.nextCheck <= now {
                watch.nextCheck = now + Self.checkInterval
                actions.append(.check)
            }
            state = .watching(watch)
            let next = watch.unanswered.map { $0 + Self.patience } ?? watch.nextPing
            return [.setTimer(min(next, watch.nextCheck))] + actions
        }
    }

    /// Ends the watch.
    mutating func stop() -> [Action] {
        defer { state = .stopped }
        switch state {
        case .idle, .stopped: return []
        case .waiting: return [.cancelTimer]
        case .subscribing, .watching: return [.cancelTimer, .close(attempt: attempt)]
        }
    }
}
