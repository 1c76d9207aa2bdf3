/// Why a configuration cannot be used. The description says what to change and never contains a password.
public struct RedisConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong, in words.
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
