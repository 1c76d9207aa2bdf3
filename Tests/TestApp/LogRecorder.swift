public import Logging
import Synchronization

/// Keeps what is logged, a line each.
public final class LogRecorder: LogHandler, Sendable {
    private let kept = Mutex<[String]>([])

    /// A recorder of nothing yet.
    public init() {}

    /// What was logged.
    public var lines: [String] { kept.withLock { $0 } }
    /// A logger that logs here.
    public var logger: Logger { Logger(label: "recorded") { _ in self } }

    /// Not kept.
    public var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }
    /// `debug`.
    public var logLevel: Logger.Level {
        get { .debug }
        set {}
    }
    /// Not kept.
    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }

    /// Keeps a line.
    public func log(event: LogEvent) {
        let metadata = (event.metadata ?? [:]).map { "\($0.key)=\($0.value)" }.sorted().joined(separator: " ")
        kept.withLock { $0.append("\(event.level) \(event.message) \(metadata)") }
    }
}
