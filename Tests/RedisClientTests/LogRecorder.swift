import Logging
import Synchronization

/// A log handler that keeps what is logged and lets a test wait for a message instead of sleeping.
final class LogRecorder: Sendable {
    struct Entry: Sendable {
        let level: Logger.Level
        let message: String
        let reason: String
        let cure: String
    }

    private struct State {
        var entries: [Entry] = []
        var waiters: [(message: String, count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())

    var logger: Logger {
        Logger(label: "test") { _ in Handler(recorder: self) }
    }

    func entries(_ level: Logger.Level) -> [Entry] {
        state.withLock { $0.entries.filter { $0.level == level } }
    }

    /// Returns when `message` has been logged `count` times.
    func wait(for message: String, count: Int = 1) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.entries.count(where: { $0.message == message }) >= count { return true }
                state.waiters.append((message, count, continuation))
                return false
            }
            if isThere { continuation.resume() }
        }
    }

    private func record(_ entry: Entry) {
        let due = state.withLock { state in
            state.entries.append(entry)
            let isDue = { (waiter: (message: String, count: Int, continuation: CheckedContinuation<Void, Never>)) in
                state.entries.count(where: { $0.message == waiter.message }) >= waiter.count
            }
            let due = state.waiters.filter(isDue)
            state.waiters.removeAll(where: isDue)
            return due
        }
        for waiter in due { waiter.continuation.resume() }
    }

    private struct Handler: LogHandler {
        let recorder: LogRecorder
        var metadata: Logger.Metadata = [:]
        var logLevel: Logger.Level = .trace

        func log(event: LogEvent) {
            let (reason, cure) = (text("redis.reason", event), text("redis.cure", event))
            recorder.record(Entry(level: event.level, message: "\(event.message)", reason: reason, cure: cure))
        }

        private func text(_ key: String, _ event: LogEvent) -> String {
            event.metadata?[key].map { "\($0)" } ?? ""
        }

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }
    }
}
