import Logging

/// Passes the service's log on, and tells of each constraint that refused a request and that `errors` doesn't name.
///
/// A service logs one such refusal in ten seconds at its level, and the others at `debug`, so that this handler takes `debug`.
struct ServeLogHandler: LogHandler {
    private var base: any LogHandler
    private let say: @Sendable (String) -> Void

    /// - Parameters:
    ///   - base: gets what the configured level lets through.
    ///   - say: prints a line.
    init(_ base: any LogHandler, say: @escaping @Sendable (String) -> Void) {
        self.base = base
        self.say = say
    }

    var metadata: Logger.Metadata {
        get { base.metadata }
        set { base.metadata = newValue }
    }

    var logLevel: Logger.Level {
        get { min(base.logLevel, .debug) }
        set { base.logLevel = newValue }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { base[metadataKey: key] }
        set { base[metadataKey: key] = newValue }
    }

    func log(event: LogEvent) {
        if let line = Self.line(event.metadata ?? [:]) { say(line) }
        if event.level >= base.logLevel { base.log(event: event) }
    }

    /// The line about the constraint in metadata; `nil` without one.
    private static func line(_ metadata: Logger.Metadata) -> String? {
        guard let constraint = metadata["constraint"], let status = metadata["status"] else { return nil }
        let route = metadata["route"].map { "\($0): " } ?? ""
        let table = metadata["table"].map { " of table \($0)" } ?? ""
        return "\(route)\(status): constraint '\(constraint)'\(table); 'errors' can give it a message"
    }
}
