import Metrics
import NIOCore

/// The commands that wait until they can be sent, each until its deadline. It is confined to its event loop.
final class RedisUnsentCommands {
    private var queue: RedisUnsentCommandQueue
    private var timer: Scheduled<Void>?
    private let eventLoop: any EventLoop
    private let metrics: RedisMetrics
    /// The object of the wait, in words.
    private let object: String

    /// - Parameter object: the object of the wait, in words for error messages.
    init(
        waitingFor object: String,
        _ configuration: RedisConfiguration,
        eventLoop: any EventLoop,
        metrics: RedisMetrics
    ) {
        self.object = object
        self.eventLoop = eventLoop
        self.metrics = metrics
        queue = RedisUnsentCommandQueue(configuration)
    }

    /// Has a command wait. It fails if too many do, and if its deadline comes first.
    func append(_ request: RedisRequest) {
        switch queue.append(request) {
        case .accepted(let timerAt):
            if let timerAt { setTimer(timerAt) }
        case .refused:
            metrics.sheds.increment()
            request.fail(RedisError(.overloaded, "\(queue.count) commands wait for \(object) already"))
        }
    }

    /// Removes and returns all commands.
    func removeAll() -> CircularBuffer<RedisRequest> {
        timer?.cancel()
        return queue.removeAll()
    }

    private func setTimer(_ deadline: NIODeadline) {
        timer?.cancel()
        timer = eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { self.deadlineReached() }
    }

    private func deadlineReached() {
        let (late, timerAt) = queue.timerFired(now: eventLoop.now)
        if let timerAt { setTimer(timerAt) }
        for request in late {
            metrics.unavailable.increment()
            request.fail(RedisError(.unavailable, "\(object) did not come in time"))
        }
    }
}
