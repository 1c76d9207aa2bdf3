import NIOCore

/// The commands that wait for a connection, in the order of their arrival, and the single timer for all of them.
struct RedisUnsentCommandQueue {
    private let timeout: TimeAmount
    private let mostCommands: Int
    private let mostBytes: Int
    private var requests = CircularBuffer<RedisRequest>()
    private var bytes = 0
    /// The time for which the timer is set; `nil` if it is not set.
    private var timerAt: NIODeadline?

    init(_ configuration: RedisConfiguration) {
        timeout = TimeAmount(configuration.commandTimeout)
        mostCommands = configuration.maximumPendingCommands
        mostBytes = configuration.maximumPendingBytes
    }

    var count: Int { requests.count }

    enum Admission: Equatable {
        /// The command waits. If there is a time, the timer has to be set for it, in place of an earlier setting.
        case accepted(timerAt: NIODeadline?)
        /// Too many commands or bytes are waiting.
        case refused
    }

    /// Adds a command, in constant time.
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

    /// Removes the commands that have waited for too long.
    ///
    /// - Parameter now: the current time.
    /// - Returns: the commands whose deadlines have passed, and the time for which to set the timer next.
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

    /// Removes and returns all commands. The timer is no longer needed.
    mutating func removeAll() -> CircularBuffer<RedisRequest> {
        defer { (requests, bytes, timerAt) = ([], 0, nil) }
        return requests
    }

    private func deadline(of request: RedisRequest) -> NIODeadline {
        min(request.deadline, request.askedAt + timeout)
    }
}
