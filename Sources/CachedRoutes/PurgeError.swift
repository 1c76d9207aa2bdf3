/// The reason for which nothing is purged.
public struct PurgeError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A kind of error. More kinds may be added.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// No GET route of the name was added.
        public static let unknownRoute = Code(kind: .unknownRoute)

        /// The kinds of this version.
        enum Kind: Hashable, Sendable {
            case unknownRoute
        }

        /// The kind.
        let kind: Kind

        /// The name of the code.
        public var description: String { "\(kind)" }
    }

    /// The kind of error.
    public let code: Code
    /// The error in a sentence.
    public let message: String

    /// The code and the message.
    public var description: String { "\(code): \(message)" }

    static func unknownRoute(_ name: String) -> PurgeError {
        PurgeError(code: .unknownRoute, message: "no GET route is called '\(name)'")
    }
}
