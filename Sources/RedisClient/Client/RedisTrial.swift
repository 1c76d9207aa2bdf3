import NIOCore

/// Finds out if a server that did not answer in time does now, by reads for which nobody waits.
///
/// A server that gives little at a time may answer one read well and keep many waiting. So the same read is sent once, then several
/// times at once, then many times; each round has to be done in half of a command's timeout. Where a round has brought many
/// bytes, the server is not slow.
struct RedisTrial {
    enum Step: Equatable {
        /// Send the read so many times.
        case send(Int)
        /// Replies are to come.
        case wait
        /// The server can be used.
        case passed
        /// It can't.
        case failed
    }

    /// The number of reads in each round. The last is about what a busy service has under way on one connection.
    private static let rounds = [1, 8, 64]
    /// So many bytes show that there is room for as many replies as there may be.
    private static let enoughBytes = 256 * 1024

    private let limit: TimeAmount
    private let most: Int
    private var round = 0
    private var awaited = 0
    private var bytes = 0
    private var start: NIODeadline
    /// True once a read has been answered.
    private(set) var hasAnswers = false

    /// A trial of a connection on which reads have this timeout, and on which so many commands may wait.
    init(timeout: TimeAmount, most: Int, now: NIODeadline) {
        self.most = most
        limit = .nanoseconds(timeout.nanoseconds / 2)
        start = now
    }

    /// The first step.
    mutating func begin() -> Step { next(now: start) }

    /// A reply of so many bytes has come.
    mutating func answered(bytes count: Int, now: NIODeadline) -> Step {
        hasAnswers = true
        bytes += count
        awaited -= 1
        guard awaited == 0 else { return .wait }
        // One alone has the whole of the timeout, which the connection sees to: it may be long.
        if round > 1, now - start > limit { return .failed }
        if bytes >= Self.enoughBytes || round == Self.rounds.count { return .passed }
        return next(now: now)
    }

    private mutating func next(now: NIODeadline) -> Step {
        awaited = min(most, Self.rounds[round])
        round += 1
        bytes = 0
        start = now
        return .send(awaited)
    }
}
