import NIOCore

/// Finds out the address of a primary by asking all of its Sentinels at once, for all who want to know it.
///
/// The first address counts, unless its server is known to be unusable: a Sentinel that lags behind would otherwise lead
/// to the former primary for as long as it replies first. An unusable server is named only if all Sentinels that reply
/// within ``limit`` name it, or other unusable ones, since it may be usable again.
///
/// Sentinels that have not replied when an address is found may still do so: their replies serve those who ask until the
/// round is over.
///
/// ```
/// idle ──a question──▶ asking ──all replies, or the limit──▶ idle
///   └─────────────────────┴───────────stop──────────────────────▶ stopped
/// ```
struct RedisSentinelQueryStateMachine<Waiter> {
    typealias Endpoint = RedisConfiguration.Endpoint

    /// The number of replies that an answer needs.
    enum Thoroughness: Equatable {
        /// The first usable address, perhaps of a reply that has arrived already.
        case first
        /// All replies to a question that is asked from now on. An address counts that more than half of the Sentinels name,
        /// as many as a failover needs: one that lags behind must not lead away from a primary that works.
        case all
    }

    enum Action {
        /// Ask all Sentinels, and pass the number of the round with their replies.
        case ask(round: Int)
        /// Call ``timerFired(now:)`` at this time and not at an earlier setting.
        case setTimer(NIODeadline)
        case cancelTimer
        /// Close what remains of the round: no more replies are wanted.
        case closeQuestions(round: Int)
        case deliver([Waiter], Endpoint)
        case fail([Waiter], RedisError)
    }

    private struct Round {
        let deadline: NIODeadline
        /// The replies in the order of their arrival, with the positions of their Sentinels.
        var answers: [(sentinel: Int, answer: RedisSentinelAnswer, time: NIODeadline)] = []
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

    /// The longest time for which an address waits for the replies of further Sentinels.
    static var limit: TimeAmount { .milliseconds(500) }
    /// The time within which Sentinels make a replica of a former primary. Of one that is alive they wait for about ten
    /// seconds.
    static var longestReplacement: TimeAmount { .seconds(15) }
    /// The largest number of servers that are remembered as unusable.
    static var mostUnusable: Int { 32 }

    private let sentinels: [Endpoint]
    private let primaryName: String
    private var state = State.idle
    private var round = 0
    /// Those who wait for the first usable address.
    private var waiters: [Waiter] = []
    /// Those who wait for all replies of the current round, and of the next one.
    private var thoroughWaiters: [Waiter] = []
    private var nextThoroughWaiters: [Waiter] = []
    /// The servers that could not be used since they were last in use.
    private var unusable: [Endpoint: Failures] = [:]
    /// The former primaries that a Sentinel has reported as replaced, and the times until which they may still call
    /// themselves primaries.
    private var replaced: [Endpoint: NIODeadline] = [:]
    /// The address that was delivered or used last.
    private(set) var current: Endpoint?

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

    /// Adds somebody who wants to know the address.
    mutating func locate(_ waiter: Waiter, _ thoroughness: Thoroughness, now: NIODeadline) -> [Action] {
        switch state {
        case .stopped: return [.fail([waiter], Self.stopped)]
        case .idle:
            add(waiter, thoroughness)
            return begin(now: now)
        case .asking(let round):
            switch thoroughness {
            case .all:
                // The replies that are there may be older than the reason for the question.
                nextThoroughWaiters.append(waiter)
                return []
            case .first:
                waiters.append(waiter)
                if let endpoint = usable(in: round) { return deliver(endpoint) }
                // A reply from before its server's failure says nothing about the server that is to be used instead.
                return isOutdated(round) ? begin(now: now) : []
            }
        }
    }

    private mutating func add(_ waiter: Waiter, _ thoroughness: Thoroughness) {
        switch thoroughness {
        case .first: waiters.append(waiter)
        case .all: thoroughWaiters.append(waiter)
        }
    }

    /// Begins a round, in place of the current one if there is one.
    private mutating func begin(now: NIODeadline) -> [Action] {
        var actions: [Action] = []
        if case .asking = state { actions.append(.closeQuestions(round: round)) }
        round += 1
        thoroughWaiters += nextThoroughWaiters
        nextThoroughWaiters = []
        let deadline = now + Self.limit
        state = .asking(Round(deadline: deadline))
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
        guard case .asking(var current) = state, round == self.round, sentinels.indices.contains(sentinel),
            !current.answers.contains(where: { $0.sentinel == sentinel })
        else { return [] }
        current.answers.append((sentinel, answer, now))
        state = .asking(current)
        guard current.answers.count < sentinels.count else { return [.cancelTimer] + end(current, now: now) }
        guard !waiters.isEmpty, let endpoint = usable(in: current) else { return [] }
        return deliver(endpoint)
    }

    /// Ends the round if its time is over.
    mutating func timerFired(now: NIODeadline) -> [Action] {
        guard case .asking(let current) = state else { return [] }
        guard current.deadline <= now else { return [.setTimer(current.deadline)] }
        return [.closeQuestions(round: round)] + end(current, now: now)
    }

    private mutating func end(_ ended: Round, now: NIODeadline) -> [Action] {
        state = .idle
        var actions: [Action] = []
        let thorough = thoroughWaiters
        thoroughWaiters = []
        if let endpoint = named(byMostIn: ended) {
            if !thorough.isEmpty { actions.append(.deliver(thorough, endpoint)) }
        } else if !thorough.isEmpty {
            actions.append(.fail(thorough, failure(ended)))
        }
        if let endpoint = usable(in: ended) ?? leastRecentlyFailed(in: ended, now: now) {
            actions += deliver(endpoint)
        } else if !waiters.isEmpty {
            actions.append(.fail(waiters, failure(ended)))
            waiters = []
        }
        return nextThoroughWaiters.isEmpty ? actions : actions + begin(now: now)
    }

    private mutating func deliver(_ endpoint: Endpoint) -> [Action] {
        guard !waiters.isEmpty else { return [] }
        defer { waiters = [] }
        current = endpoint
        // Only if all name it, so it is the primary again.
        replaced[endpoint] = nil
        return [.deliver(waiters, endpoint)]
    }

    // MARK: Servers

    /// Records that a server can't be used.
    mutating func failed(_ endpoint: Endpoint, now: NIODeadline) {
        unusable[endpoint, default: Failures(first: now, last: now)].last = now
        guard unusable.count > Self.mostUnusable else { return }
        // The order of equal times is that of the addresses, so that the outcome does not depend on a hash.
        let oldest = unusable.min { ($0.value.last, "\($0.key)") < ($1.value.last, "\($1.key)") }
        if let oldest {
            unusable[oldest.key] = nil
            replaced[oldest.key] = nil
        }
    }

    /// Records that a connection to a server is ready.
    ///
    /// - Returns: the address to use in its place, because a Sentinel has reported the server as replaced meanwhile; `nil`
    ///   if the server may be used.
    mutating func connected(_ endpoint: Endpoint, now: NIODeadline) -> Endpoint? {
        if isReplaced(endpoint, now: now) { return current }
        unusable[endpoint] = nil
        replaced[endpoint] = nil
        current = endpoint
        return nil
    }

    /// Records that a Sentinel has told of a new primary. Nobody has to wait for the others.
    mutating func switched(_ change: RedisSentinelSwitch, now: NIODeadline) -> [Action] {
        if case .stopped = state { return [] }
        if change.former != change.new {
            failed(change.former, now: now)
            replaced[change.former] = now + Self.longestReplacement
        }
        unusable[change.new] = nil
        replaced[change.new] = nil
        current = change.new
        return deliver(change.new)
    }

    /// Ends the current round and fails all who wait, as will those who ask later.
    mutating func stop() -> [Action] {
        if case .stopped = state { return [] }
        var actions: [Action] = []
        if case .asking = state { actions = [.cancelTimer, .closeQuestions(round: round)] }
        state = .stopped
        let left = waiters + thoroughWaiters + nextThoroughWaiters
        (waiters, thoroughWaiters, nextThoroughWaiters) = ([], [], [])
        return left.isEmpty ? actions : actions + [.fail(left, Self.stopped)]
    }

    private static var stopped: RedisError { RedisError(.shutDown, "the client has been shut down") }

    // MARK: Choices

    /// The first address of a server that is not known to be unusable.
    private func usable(in round: Round) -> Endpoint? {
        addresses(in: round).first { unusable[$0] == nil }
    }

    private func isReplaced(_ endpoint: Endpoint, now: NIODeadline) -> Bool {
        replaced[endpoint].map { now < $0 } ?? false
    }

    /// The unusable server that has had the most time to become usable again. Former primaries come last, because they
    /// may accept commands.
    private func leastRecentlyFailed(in round: Round, now: NIODeadline) -> Endpoint? {
        func rank(_ endpoint: Endpoint) -> (Int, NIODeadline) {
            (isReplaced(endpoint, now: now) ? 1 : 0, unusable[endpoint]?.last ?? .uptimeNanoseconds(0))
        }
        return addresses(in: round).min { rank($0) < rank($1) }
    }

    /// The address that more than half of all Sentinels name; of an unusable server only if no other one is named.
    private func named(byMostIn round: Round) -> Endpoint? {
        let all = addresses(in: round)
        let usable = all.filter { unusable[$0] == nil }
        let named = usable.isEmpty ? all : usable
        return named.first { endpoint in named.count { $0 == endpoint } * 2 > sentinels.count }
    }

    /// Indicates that a Sentinel named a server before its failure became known.
    ///
    /// Of a server that stays away the first failure counts: each further one would outdate the replies again, and slow
    /// Sentinels would never be heard.
    private func isOutdated(_ round: Round) -> Bool {
        round.answers.contains { answer in
            guard case .primary(let endpoint) = answer.answer, let failures = unusable[endpoint] else { return false }
            return answer.time < failures.first
        }
    }

    private func addresses(in round: Round) -> [Endpoint] {
        round.answers.compactMap { if case .primary(let endpoint) = $0.answer { endpoint } else { nil } }
    }

    // MARK: Errors

    /// The error of a round without an address.
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
