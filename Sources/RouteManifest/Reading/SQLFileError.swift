/// An error that prevented a `.sql` file from being read.
public struct SQLFileError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A kind of error. More kinds may be added.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The file does not exist.
        public static let notFound = Code(kind: .notFound)
        /// The file could not be read.
        public static let unreadable = Code(kind: .unreadable)

        /// The kinds of this version.
        package enum Kind: Hashable, Sendable {
            case notFound, unreadable
        }

        /// The kind.
        package let kind: Kind

        /// The name of the code.
        public var description: String { "\(kind)" }
    }

    /// The kind of error.
    public let code: Code
    /// The reason in words.
    public let message: String

    /// The code and the message.
    public var description: String { "\(code): \(message)" }

    /// The error of a file that does not exist.
    public static let notFound = SQLFileError(code: .notFound, message: "the file does not exist")

    /// The error of a file that could not be read.
    ///
    /// - Parameter reason: the reason that the system gave.
    public static func unreadable(_ reason: String) -> SQLFileError {
        SQLFileError(code: .unreadable, message: reason)
    }
}
