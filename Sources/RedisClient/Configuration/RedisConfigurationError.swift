/// The reason for refusing a configuration. The message says what to change and never contains a password.
public struct RedisConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A kind of error. More kinds may be added.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The URL can't be read.
        public static let invalidURL = Code(kind: .invalidURL)
        /// The URL asks for something that the program was built without, such as TLS.
        public static let unsupported = Code(kind: .unsupported)
        /// A value is outside its range.
        public static let invalidValue = Code(kind: .invalidValue)

        /// The kinds of this version.
        enum Kind: Hashable, Sendable {
            case invalidURL, unsupported, invalidValue
        }

        /// The kind.
        let kind: Kind

        /// The name of the code.
        public var description: String { "\(kind)" }
    }

    /// The kind of error.
    public let code: Code
    /// The reason in words.
    public let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The code and the message.
    public var description: String { "\(code): \(message)" }
}
