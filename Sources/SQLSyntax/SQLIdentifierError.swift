/// The error about a text that is not a qualified name.
public struct SQLIdentifierError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A kind of error. More kinds may be added.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// A part that is neither plain nor quoted, or text after the last part.
        public static let malformed = Code(kind: .malformed)
        /// A double quote without its closing one.
        public static let unterminated = Code(kind: .unterminated)
        /// Double quotes with nothing between them.
        public static let empty = Code(kind: .empty)

        /// The kinds of this version.
        package enum Kind: Hashable, Sendable {
            case malformed, unterminated, empty
        }

        /// The kind.
        package let kind: Kind

        /// The name of the code.
        public var description: String { "\(kind)" }
    }

    /// The kind of error.
    public let code: Code
    /// The error in words, without the text.
    public let message: String

    /// The code and the message.
    public var description: String { "\(code): \(message)" }

    static let malformed = SQLIdentifierError(code: .malformed, message: "the text is not a qualified name")
    static let unterminated = SQLIdentifierError(code: .unterminated, message: "a double quote is not closed")
    static let empty = SQLIdentifierError(code: .empty, message: "a name in double quotes is empty")
}
