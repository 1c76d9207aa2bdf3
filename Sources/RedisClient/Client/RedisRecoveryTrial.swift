import NIOCore

/// A test of a server that was too slow, by reads for which no caller waits, before its connection is used again.
///
/// A server with little throughput may reply to one read quickly and to many slowly. So the same read is sent once,
/// then several times at once, then many times, and each round has to finish within half of the command timeout. A
/// round with many bytes shows that the server is not slow.
struct RedisRecoveryTrial {
    enum Step: Equatable {
        /// Send this number of reads.
        case send(Int)
        /// Wait for more replies.
        case wait
        /// Use the connection.
        case passed
        /// Close the connection.
        case failed
    }

    /// The numbers of reads in the rounds. The last is about the number of commands in flight on a connection of a busy
    /// service.
    private static let rounds = [1, 8, 64]
    /// The number of bytes in a round that proves enough throughput for any number of replies.
    private static let enoughBytes = 256 * 1024

    private let limit: TimeAmount
    private let most: Int
    private var round = 0
    private var awaited = 0
    private var bytes = 0
    private var start: NIODeadline
    /// Indicates that a reply has arrived.
    private(set) var hasAnswers = false

    /// Makes a test of a connection.
    ///
    /// - Parameters:
    ///   - timeout: the command timeout.
    ///   - most: the largest number of commands that may be in flight.
    ///   - now: the current time.
    init(timeout: TimeAmount, most: Int, now: NIODeadline) {
        self.most = most
        limit = .nanoseconds(timeout.nanoseconds / 2)
        start = now
    }

    /// Begins the first round.
    mutating func begin() -> Step { next(now: start) }

    /// Records a reply of `count` bytes.
    mutating func answered(bytes count: Int, now: NIODeadline) -> Step {
        hasAnswers = true
        bytes += count
        awaited -= 1
        guard awaited == 0 else { return .wait }
        // A single read may be long and has the whole command timeout, which the connection enforces.
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
