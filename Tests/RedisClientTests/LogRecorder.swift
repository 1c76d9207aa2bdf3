import Logging
import Synchronization
import Testing

/// A log handler that keeps what is logged and lets a test wait for a message instead of sleeping.
final class LogRecorder: Sendable {
    struct Entry: Sendable {
        let level: Logger.Level
        let message: String
        let reason: String
        let cure: String
    }

    private struct Waiter {
        let number: Int
        let message: String
        let count: Int
        let continuation: CheckedContinuation<Bool, Never>
    }

    private struct State {
        var entries: [Entry] = []
        var waiters: [Waiter] = []
        var numbers = 0

        func has(_ message: String, _ count: Int) -> Bool {
            entries.count(where: { $0.message == message }) >= count
        }
    }

    private let state = Mutex(State())

    var logger: Logger {
        Logger(label: "test") { _ in Handler(recorder: self) }
    }

    func entries(_ level: Logger.Level) -> [Entry] {
        state.withLock { $0.entries.filter { $0.level == level } }
    }

    /// Returns when `message` has been logged `count` times; what has not when the test's time is over is an issue.
    func wait(for message: String, count: Int = 1) async {
        let number = state.withLock { state in
            state.numbers += 1
            return state.numbers
        }
        let isThere = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let known: Bool? = state.withLock { state in
                    if state.has(message, count) { return true }
                    if Task.isCancelled { return false }
                    state.waiters.append(
                        Waiter(number: number, message: message, count: count, continuation: continuation)
                    )
                    return nil
                }
                if let known { continuation.resume(returning: known) }
            }
        } onCancel: {
            take { $0.number == number && !$1.has($0.message, $0.count) }.first?.continuation.resume(returning: false)
        }
        if !isThere { Issue.record("'\(message)' has not been logged") }
    }

    /// Takes the waiters away for which this holds.
    private func take(_ isWanted: (Waiter, State) -> Bool) -> [Waiter] {
        state.withLock { state in
            let wanted = state.waiters.filter { isWanted($0, state) }
            state.waiters.removeAll { waiter in wanted.contains { $0.number == waiter.number } }
            return wanted
        }
    }

    private func record(_ entry: Entry) {
        state.withLock { $0.entries.append(entry) }
        for waiter in take({ $1.has($0.message, $0.count) }) { waiter.continuation.resume(returning: true) }
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
