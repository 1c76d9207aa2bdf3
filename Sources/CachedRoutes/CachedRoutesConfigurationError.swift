/// The error of a configuration, or of routes, with which a service can't run. It contains no secrets.
public struct CachedRoutesConfigurationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A kind of error. More kinds may be added.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// Values of the configuration can't be used.
        public static let invalidConfiguration = Code(kind: .invalidConfiguration)
        /// Routes that were added can't be served.
        public static let invalidRoutes = Code(kind: .invalidRoutes)

        /// The kinds of this version.
        enum Kind: Hashable, Sendable {
            case invalidConfiguration, invalidRoutes
        }

        /// The kind.
        let kind: Kind

        /// The name of the code.
        public var description: String { "\(kind)" }
    }

    /// The kind of error.
    public let code: Code
    /// The problems, a sentence each.
    public let problems: [String]

    /// Makes an error.
    ///
    /// - Parameters:
    ///   - code: the kind of error.
    ///   - problems: the problems, a sentence each.
    package init(_ code: Code = .invalidConfiguration, problems: [String]) {
        self.code = code
        self.problems = problems
    }

    /// The problems, one in each line.
    public var message: String { problems.joined(separator: "\n") }

    /// The code and the message.
    public var description: String { "\(code): \(message)" }
}
