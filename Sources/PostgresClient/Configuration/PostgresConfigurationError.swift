/// A value for libpq that is wrong for any server.
public struct PostgresConfigurationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A kind of error. More kinds may be added.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The value of a parameter is not one that libpq accepts.
        public static let invalidValue = Code(kind: .invalidValue)
        /// The connection string can't be read, or its values do not fit together.
        public static let invalidConnection = Code(kind: .invalidConnection)

        /// The kinds of this version.
        enum Kind: Hashable, Sendable {
            case invalidValue, invalidConnection
        }

        /// The kind.
        let kind: Kind

        /// The name of the code.
        public var description: String { "\(kind)" }
    }

    /// The origin of a value.
    enum Source: Sendable, Hashable {
        case connectionString
        /// An environment variable that libpq reads.
        case variable(String)
        case serviceFile
        /// One of libpq's environment variables, but it is unknown which one.
        case environment
    }

    /// A reason for refusing a value.
    enum Reason: Sendable, Hashable {
        /// The value of a parameter is not the expected one.
        ///
        /// - Parameters:
        ///   - parameter: the name of the parameter.
        ///   - value: the value; `nil` if it may be a part of a password.
        ///   - expectation: the expected values, in words.
        case value(parameter: String, value: String?, expectation: String)
        /// Any other reason: the end of a sentence that begins with the origin.
        case other(String)
    }

    let source: Source
    let reason: Reason

    /// The kind of error.
    public var code: Code {
        switch reason {
        case .value: .invalidValue
        case .other: .invalidConnection
        }
    }

    /// A sentence about the error, without anything that may be secret.
    ///
    /// - Parameter name: the name of the connection string's setting for the operator.
    public func message(ofConnectionString name: String) -> String {
        switch (reason, source) {
        case (.value(_, let value, let expectation), .variable(let variable)):
            "\(variable)='\(value ?? "…")' is not \(expectation)"
        case (.value(let parameter, let value, let expectation), _):
            "\(subject(name)): \(parameter)\(value.map { " '\($0)'" } ?? "") is not \(expectation)"
        case (.other(let text), _): "\(subject(name)) \(text)"
        }
    }

    /// The sentence for a connection string without a name of its own.
    public var message: String { message(ofConnectionString: "the connection string") }

    /// The code and the message.
    public var description: String { "\(code): \(message)" }

    private func subject(_ name: String) -> String {
        switch source {
        case .connectionString: name
        case .variable(let variable): variable
        case .serviceFile: "libpq's service file"
        case .environment: "the environment of libpq (PGHOST, PGPORT, …)"
        }
    }
}
