/// Why bytes are not one JSON text that can be read.
package struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong.
    package enum Reason: Hashable, Sendable {
        /// A byte that cannot stand where it does.
        case malformed
        /// The text ends before its value does.
        case incomplete
        /// A string holds bytes that are not UTF-8.
        case invalidUTF8
        /// An escape names one half of a surrogate pair without the other.
        case loneSurrogate
        /// More objects and arrays stand in each other than are read.
        case tooDeep
        /// An object has two members of one name.
        case duplicateName
    }

    /// What is wrong.
    package let reason: Reason
    /// The byte at which the reader stopped, from 0.
    package let offset: Int

    /// A fault from its parts.
    package init(_ reason: Reason, at offset: Int) {
        self.reason = reason
        self.offset = offset
    }

    /// What to tell a client of its text; it holds none of it.
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
