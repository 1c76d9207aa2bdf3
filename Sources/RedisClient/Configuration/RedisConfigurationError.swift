/// The reason for refusing a configuration. The description says what to change and never contains a password.
public struct RedisConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The reason in words.
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
