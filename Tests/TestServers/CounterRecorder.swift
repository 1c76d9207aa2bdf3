package import Metrics
import Synchronization

/// Keeps the values of counters, and of no other metrics.
package final class CounterRecorder: MetricsFactory {
    private final class Handler: CounterHandler {
        let value = Atomic<Int64>(0)

        func increment(by amount: Int64) { value.add(amount, ordering: .relaxed) }

        func reset() { value.store(0, ordering: .relaxed) }
    }

    private let handlers = Mutex<[String: Handler]>([:])

    package init() {}

    /// Returns the value of a counter; 0 if there is none of this label.
    package func value(_ label: String) -> Int64 {
        handlers.withLock { $0[label] }?.value.load(ordering: .relaxed) ?? 0
    }

    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        handlers.withLock { handlers in
            let handler = handlers[label] ?? Handler()
            handlers[label] = handler
            return handler
        }
    }

    package func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        NOOPMetricsHandler.instance
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        NOOPMetricsHandler.instance
    }

    package func destroyCounter(_ handler: any CounterHandler) {}

    package func destroyRecorder(_ handler: any RecorderHandler) {}

    package func destroyTimer(_ handler: any TimerHandler) {}
}
