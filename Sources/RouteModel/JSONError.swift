/// The reason for refusing bytes as a JSON text.
package struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A kind of error in a JSON text.
    package enum Reason: Hashable, Sendable {
        /// A byte is not allowed where it stands.
        case malformed
        /// The text ends before its value is complete.
        case incomplete
        /// A string has bytes that are not UTF-8.
        case invalidUTF8
        /// An escape denotes one half of a surrogate pair without the other half.
        case loneSurrogate
        /// Objects and arrays are nested more deeply than is allowed.
        case tooDeep
        /// An object has two members with the same name.
        case duplicateName
    }

    /// The kind of error.
    package let reason: Reason
    /// The offset of the byte at which the reader stopped, from 0.
    package let offset: Int

    /// Makes an error from its parts.
    package init(_ reason: Reason, at offset: Int) {
        self.reason = reason
        self.offset = offset
    }

    /// The rest of a sentence for the client about its text; it quotes none of the text.
    package var description: String {
        switch reason {
        case .malformed: "is not valid JSON at byte \(offset)"
        case .incomplete: "ends at byte \(offset), before its JSON does"
        case .invalidUTF8: "is not valid UTF-8 at byte \(offset)"
        case .loneSurrogate: "has half of a surrogate pair at byte \(offset)"
        case .tooDeep: "is nested too deeply at byte \(offset)"
        case .duplicateName: "has a name at byte \(offset) that its object has already"
        }
    }
}
