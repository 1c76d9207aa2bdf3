import NIOCore

/// Finds out which server is the primary by asking all of its Sentinels at once, for all who want to know it.
///
/// Each promotion has a higher `config-epoch`, and Sentinels believe the highest that they hear of. So does this: a Sentinel
/// that lags behind is not believed, and a primary that is promoted again, after another one was, is another location. An
/// answer takes the replies of more than half of the Sentinels, as many as have to agree on a promotion, or of all that reply
/// within ``limit``.
///
/// Sentinels that have not replied when the primary is found may still do so: their replies serve those who ask until the
/// round is over.
///
/// ```
/// idle ──a question──▶ asking ──all replies, or the limit──▶ idle
///   └─────────────────────┴───────────stop──────────────────────▶ stopped
/// ```
struct RedisSentinelQueryStateMachine<Waiter> {
    typealias Endpoint = RedisConfiguration.Endpoint
    typealias Location = RedisServerLocation

    enum Action {
        /// Ask all Sentinels, and pass the number of the round with their replies.
        case ask(round: Int)
        /// Call ``timerFired(now:)`` at this time and not at an earlier setting.
        case setTimer(NIODeadline)
        case cancelTimer
        /// Close what remains of the round: no more replies are wanted.
        case closeQuestions(round: Int)
        case deliver([Waiter], Location)
        case fail([Waiter], RedisError)
        case reportSwitch(former: Location, new: Location)
        /// Have all connections lead to this server; `nil` closes them until it is known which one it is. Comes last, because
        /// connections that are closed lead to questions.
        case move(to: Location?)
    }

    private struct Round {
        let deadline: NIODeadline
        let isOfAnnouncement: Bool
        /// The replies in the order of their arrival, with the positions of their Sentinels.
        var answers: [(sentinel: Int, answer: RedisSentinelAnswer, time: NIODeadline)] = []

        var locations: [Location] {
            answers.compactMap { if case .primary(let location) = $0.answer { location } else { nil } }
        }
    }

    /// The primary of the highest `config-epoch` that any Sentinel has told.
    private struct Primary {
        var location: Location
        /// The lowest `config-epoch` of replies that count. It is above the primary's own once a Sentinel has announced a
        /// successor.
        var leastEpoch: UInt64
        /// The time at which ``leastEpoch`` was set, or at which a reply confirmed the primary last.
        var since: NIODeadline
        /// The Sentinel that has announced the successor, and the first round in which it knows its `config-epoch`.
        var announcer: (sentinel: Int, round: Int)?

        init(_ location: Location, since: NIODeadline) {
            (self.location, leastEpoch, self.since) = (location, location.configEpoch, since)
        }

        /// Indicates that no successor has been announced.
        var isCurrent: Bool { location.configEpoch >= leastEpoch }
    }

    /// The times of the first and of the last failure of a server.
    private struct Failures {
        let first: NIODeadline
        var last: NIODeadline
    }

    private enum State {
        case idle
        case asking(Round)
        case stopped
    }

    /// The longest time for which an answer waits for the replies of further Sentinels.
    static var limit: TimeAmount { .milliseconds(500) }
    /// The time within which Sentinels hear of a promotion from each other, and make a replica of the former primary. Of one
    /// that is alive they wait for about ten seconds.
    static var longestReplacement: TimeAmount { .seconds(15) }
    /// The largest number of servers that are remembered as unusable.
    static var mostUnusable: Int { 32 }

    private let sentinels: [Endpoint]
    private let primaryName: String
    private var state = State.idle
    private var round = 0
    private var waiters: [Waiter] = []
    /// Indicates that all Sentinels are to be asked once more after the round.
    private var mustAskAgain = false
    /// `nil` until a Sentinel has named a primary.
    private var primary: Primary?
    /// The servers that could not be used since they were last in use, or promoted.
    private var unusable: [Endpoint: Failures] = [:]

    /// Makes a state machine.
    ///
    /// - Parameters:
    ///   - sentinels: the addresses of the Sentinels.
    ///   - primaryName: the name by which they know the primary.
    init(sentinels: [Endpoint], primaryName: String) {
        self.sentinels = sentinels
        self.primaryName = primaryName
    }

    // MARK: Questions

    /// Adds somebody who wants to know the primary.
    mutating func locate(_ waiter: Waiter, now: NIODeadline) -> [Action] {
        switch state {
        case .stopped: return [.fail([waiter], Self.stopped)]
        case .idle:
            waiters.append(waiter)
            return begin(now: now)
        case .asking(let round):
            waiters.append(waiter)
            if canAnswer(round) { return deliver() }
            // A reply from before its server's failure says nothing about the server that is to be used instead.
            return isOutdated(round) ? begin(now: now) : []
        }
    }

    /// Asks in case a promotion has been missed.
    mutating func check(now: NIODeadline) -> [Action] {
        switch state {
        case .stopped: return []
        case .idle: return begin(now: now)
        case .asking:
            // The replies that are there may be older than the reason for the question.
            mustAskAgain = true
            return []
        }
    }

    /// Records that a Sentinel has announced a promotion. The announcement lacks the `config-epoch`, so all are asked for it.
    mutating func announced(_ change: RedisSentinelSwitch, by sentinel: Int, now: NIODeadline) -> [Action] {
        if case .stopped = state { return [] }
        var actions: [Action] = []
        // The replies that are there are older, but not many announcements come at a time.
        if case .asking(let round) = state, round.isOfAnnouncement {
            mustAskAgain = true
        } else {
            actions = begin(now: now, isOfAnnouncement: true)
        }
        if let former = primary, former.isCurrent, former.location.endpoint == change.former,
            change.former != change.new, former.leastEpoch < .max
        {
            primary?.leastEpoch = former.leastEpoch + 1
            primary?.since = now
            primary?.announcer = (sentinel, mustAskAgain ? round + 1 : round)
            actions.append(.move(to: nil))
        }
        return actions
    }

    /// Begins a round, in place of the current one if there is one.
    private mutating func begin(now: NIODeadline, isOfAnnouncement: Bool = false) -> [Action] {
        var actions: [Action] = []
        if case .asking = state { actions.append(.closeQuestions(round: round)) }
        round += 1
        mustAskAgain = false
        let deadline = now + Self.limit
        state = .asking(Round(deadline: deadline, isOfAnnouncement: isOfAnnouncement))
        return actions + [.setTimer(deadline), .ask(round: round)]
    }

    // MARK: Answers

    /// Takes a Sentinel's reply, or the failure of its question.
    ///
    /// - Parameters:
    ///   - answer: the reply.
    ///   - sentinel: the position of the Sentinel.
    ///   - round: the round in which it was asked.
    ///   - now: the current time.
    mutating func answered(
        _ answer: RedisSentinelAnswer,
        by sentinel: Int,
        round: Int,
        now: NIODeadline
    ) -> [Action] {
        guard case .asking(var ongoing) = state, round == self.round, sentinels.indices.contains(sentinel),
            !ongoing.answers.contains(where: { $0.sentinel == sentinel })
        else { return [] }
        ongoing.answers.append((sentinel, answer, now))
        state = .asking(ongoing)
        var changes: [Action] = []
        if case .primary(let location) = answer {
            if isNew(location) || location == current {
                changes = replace(with: location, now: now)
            } else if let primary, let announcer = primary.announcer, announcer.sentinel == sentinel,
                announcer.round <= round
            {
                // What it has announced came before the primary.
                changes = replace(with: primary.location, now: now)
            }
        }
        guard ongoing.answers.count < sentinels.count else {
            return [.cancelTimer] + end(ongoing, changes, now: now)
        }
        return (canAnswer(ongoing) ? deliver() : []) + changes
    }

    /// Ends the round if its time is over.
    mutating func timerFired(now: NIODeadline) -> [Action] {
        guard case .asking(let ongoing) = state else { return [] }
        guard ongoing.deadline <= now else { return [.setTimer(ongoing.deadline)] }
        return [.closeQuestions(round: round)] + end(ongoing, now: now)
    }

    private mutating func end(_ ended: Round, _ changes: [Action] = [], now: NIODeadline) -> [Action] {
        state = .idle
        var changes = changes
        if let other = substitute(in: ended, now: now) { changes += replace(with: other, now: now) }
        var actions: [Action] = []
        if current != nil, !ended.locations.isEmpty {
            actions = deliver()
        } else if !waiters.isEmpty {
            actions = [.fail(waiters, failure(ended))]
            waiters = []
        }
        return actions + (mustAskAgain ? begin(now: now) : []) + changes
    }

    private mutating func deliver() -> [Action] {
        guard !waiters.isEmpty, let current else { return [] }
        defer { waiters = [] }
        return [.deliver(waiters, current)]
    }

    // MARK: Servers

    /// Takes a location for the primary's. The same one is confirmed by that, and its announced successor is forgotten.
    private mutating func replace(with location: Location, now: NIODeadline) -> [Action] {
        let former = primary?.location
        primary = Primary(location, since: now)
        guard let former, former != location else { return [] }
        let report = Action.reportSwitch(former: former, new: location)
        // Of two addresses for one number, each that can't be used leads to the other: by the next attempt, not at once.
        if former.configEpoch == location.configEpoch, !isUsable(former) { return [report] }
        // It was promoted after it had failed.
        if former.configEpoch < location.configEpoch { unusable[location.endpoint] = nil }
        return [report, .move(to: location)]
    }

    /// Records that a server can't be used.
    mutating func failed(_ location: Location, now: NIODeadline) {
        // The server may have been promoted since.
        if let primary, location.configEpoch < primary.leastEpoch { return }
        unusable[location.endpoint, default: Failures(first: now, last: now)].last = now
        guard unusable.count > Self.mostUnusable else { return }
        // The order of equal times is that of the addresses, so that the outcome does not depend on a hash.
        let oldest = unusable.min { ($0.value.last, "\($0.key)") < ($1.value.last, "\($1.key)") }
        if let oldest { unusable[oldest.key] = nil }
    }

    /// Records that a connection to a server is ready, which may have been replaced meanwhile.
    mutating func connected(_ location: Location) -> [Action] {
        if case .stopped = state { return [] }
        guard location == current else { return [.move(to: current)] }
        unusable[location.endpoint] = nil
        return []
    }

    /// Ends the current round and fails all who wait, as will those who ask later.
    mutating func stop() -> [Action] {
        if case .stopped = state { return [] }
        var actions: [Action] = []
        if case .asking = state { actions = [.cancelTimer, .closeQuestions(round: round)] }
        state = .stopped
        let left = waiters
        waiters = []
        return left.isEmpty ? actions : actions + [.fail(left, Self.stopped)]
    }

    private static var stopped: RedisError { RedisError(.shutDown, "the client has been shut down") }

    // MARK: Choices

    /// The primary; `nil` if none is known, or only one whose successor has been announced.
    private var current: Location? { primary.flatMap { $0.isCurrent ? $0.location : nil } }

    /// Indicates that a Sentinel has told of a promotion.
    private func isNew(_ location: Location) -> Bool {
        guard let primary else { return true }
        return location.configEpoch > primary.location.configEpoch
    }

    /// Indicates that the primary is known by enough replies, and is not known to be unusable.
    private func canAnswer(_ round: Round) -> Bool {
        guard let current, isUsable(current) else { return false }
        return round.locations.count * 2 > sentinels.count
    }

    private func isUsable(_ location: Location) -> Bool { unusable[location.endpoint] == nil }

    /// The location to use in place of the primary of the highest `config-epoch`, by all replies of a round.
    ///
    /// Sentinels have several addresses for one `config-epoch` where some know the server by its name, or where the primary
    /// was configured anew (`SENTINEL MONITOR`). That also lowers the `config-epoch`, as does the loss of all who knew the
    /// highest one.
    private func substitute(in round: Round, now: NIODeadline) -> Location? {
        let named = round.locations
        guard let primary, let highest = named.map(\.configEpoch).max() else { return nil }
        let candidates = named.filter { $0.configEpoch == highest }
        func isNamedByMost(_ location: Location) -> Bool { named.count { $0 == location } * 2 > sentinels.count }
        if highest < primary.leastEpoch {
            // Until then, those who lag behind will hear of it.
            guard primary.since + Self.longestReplacement <= now else { return nil }
            return candidates.first(where: isNamedByMost)
                ?? (primary.isCurrent && isUsable(primary.location) ? nil : leastRecentlyFailed(candidates))
        }
        if isUsable(primary.location) { return candidates.first { isNamedByMost($0) && isUsable($0) } }
        return leastRecentlyFailed(candidates)
    }

    /// The location that has had the most time to become usable again, or has not failed.
    private func leastRecentlyFailed(_ locations: [Location]) -> Location? {
        func lastFailure(_ location: Location) -> NIODeadline {
            unusable[location.endpoint]?.last ?? .uptimeNanoseconds(0)
        }
        return locations.min { lastFailure($0) < lastFailure($1) }
    }

    /// Indicates that a Sentinel named a server before its failure became known.
    ///
    /// Of a server that stays away the first failure counts: each further one would outdate the replies again, and slow
    /// Sentinels would never be heard.
    private func isOutdated(_ round: Round) -> Bool {
        round.answers.contains { answer in
            guard case .primary(let location) = answer.answer, let failures = unusable[location.endpoint] else {
                return false
            }
            return answer.time < failures.first
        }
    }

    // MARK: Errors

    /// The error of a round without an answer.
    private func failure(_ round: Round) -> RedisError {
        RedisSentinelQueryFailure(
            primaryName: primaryName,
            answers: sentinels.indices.map { position in
                (sentinels[position], round.answers.first { $0.sentinel == position }?.answer)
            },
            limit: Self.limit
        ).error
    }
}
