import Metrics
import Synchronization

/// Keeps the values of counters.
final class QueryCounters: MetricsFactory {
    private final class Handler: CounterHandler {
        let value = Atomic<Int64>(0)

        func increment(by amount: Int64) { value.add(amount, ordering: .relaxed) }

        func reset() { value.store(0, ordering: .relaxed) }
    }

    private let handlers = Mutex<[String: Handler]>([:])

    func value(_ label: String) -> Int64 {
        handlers.withLock { $0[label] }?.value.load(ordering: .relaxed) ?? 0
    }

    func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        handlers.withLock { handlers in
            let handler = handlers[label] ?? Handler()
            handlers[label] = handler
            return handler
        }
    }

    func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        NOOPMetricsHandler.instance
    }

    func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler { NOOPMetricsHandler.instance }

    func destroyCounter(_ handler: any CounterHandler) {}

    func destroyRecorder(_ handler: any RecorderHandler) {}

    func destroyTimer(_ handler: any TimerHandler) {}
}
