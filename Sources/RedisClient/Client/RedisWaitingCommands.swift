import NIOCore

/// The commands that wait for a connection, in the order in which they came, and the one timer that serves all of them.
struct RedisWaitingCommands {
    private let timeout: TimeAmount
    private let mostCommands: Int
    private let mostBytes: Int
    private var requests = CircularBuffer<RedisRequest>()
    private var bytes = 0
    /// The time for which the timer is set; `nil`: it is not.
    private var timerAt: NIODeadline?

    init(_ configuration: RedisConfiguration) {
        timeout = TimeAmount(configuration.commandTimeout)
        mostCommands = configuration.maximumPendingCommands
        mostBytes = configuration.maximumPendingBytes
    }

    var count: Int { requests.count }

    enum Admission: Equatable {
        /// It waits; if a time is given, the timer is to be set for that instead of the time before.
        case accepted(timerAt: NIODeadline?)
        /// There are too many already.
        case refused
    }

    /// Takes a command. Looks at none of those that wait already.
    mutating func append(_ request: RedisRequest) -> Admission {
        let size = request.command?.encodedSize ?? 0
        guard requests.count < mostCommands, size <= mostBytes - bytes else { return .refused }
        requests.append(request)
        bytes += size
        let deadline = deadline(of: request)
        if let timerAt, timerAt <= deadline { return .accepted(timerAt: nil) }
        timerAt = deadline
        return .accepted(timerAt: deadline)
    }

    /// The timer has fired.
    ///
    /// - Returns: the commands whose time is over, and the time for which to set the timer next.
    mutating func timerFired(now: NIODeadline) -> (late: [RedisRequest], timerAt: NIODeadline?) {
        var late: [RedisRequest] = []
        var left = CircularBuffer<RedisRequest>()
        timerAt = nil
        for request in requests {
            let deadline = deadline(of: request)
            if deadline <= now {
                late.append(request)
                bytes -= request.command?.encodedSize ?? 0
            } else {
                left.append(request)
                timerAt = min(timerAt ?? deadline, deadline)
            }
        }
        requests = left
        return (late, timerAt)
    }

    /// Gives all of them away. The timer is no longer needed.
    mutating func removeAll() -> CircularBuffer<RedisRequest> {
        defer { (requests, bytes, timerAt) = ([], 0, nil) }
        return requests
    }

    private func deadline(of request: RedisRequest) -> NIODeadline {
        min(request.deadline, request.askedAt + timeout)
    }
}
