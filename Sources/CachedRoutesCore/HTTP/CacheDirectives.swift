import RouteModel

/// The directives of a `Cache-Control` field in order (RFC 9111, 5.2).
///
/// A malformed directive is skipped up to the comma that ends it, unless its name is one of those to repair.
struct CacheDirectives: Sequence, Sendable {
    /// The lowercase name of a directive, and its argument without quotes.
    typealias Element = (name: String, argument: String?)

    private let value: String
    private let repaired: Set<String>

    /// Parses a field's value.
    ///
    /// - Parameters:
    ///   - value: the field's lines joined by commas.
    ///   - repaired: the names of directives that count as given without an argument if they are malformed.
    init(_ value: String, repairing repaired: Set<String> = []) {
        self.value = value
        self.repaired = repaired
    }

    func makeIterator() -> Iterator { Iterator(value, repaired) }

    /// Parses a number of seconds (RFC 9111, 1.2.2); `nil` if `argument` is not one.
    ///
    /// A number above 2147483648 is reduced to it: the RFC lets it stand for any longer time.
    static func deltaSeconds(_ argument: String?) -> Int64? {
        guard let argument, !argument.isEmpty else { return nil }
        var seconds: Int64 = 0
        for byte in argument.utf8 {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            seconds = Swift.min(seconds * 10 + Int64(byte - UInt8(ascii: "0")), 2_147_483_648)
        }
        return seconds
    }

    struct Iterator: IteratorProtocol {
        private var rest: Substring.UTF8View
        private var hasUnclosedQuote = false
        private let repaired: Set<String>

        fileprivate init(_ value: String, _ repaired: Set<String>) {
            rest = value[...].utf8
            self.repaired = repaired
        }

        mutating func next() -> Element? {
            while !rest.isEmpty {
                let member = rest[..<endOfMember()]
                rest = rest[member.endIndex...].dropFirst()
                if let directive = CacheDirectives.directive(member.trimmed) { return directive }
                if let name = CacheDirectives.name(of: member.trimmed), repaired.contains(name) { return (name, nil) }
            }
            return nil
        }

        /// Finds the first comma outside quotes, or the end. A quote that is never closed quotes nothing.
        private mutating func endOfMember() -> Substring.Index {
            var index = rest.startIndex
            var openQuote: Substring.Index?
            while index < rest.endIndex {
                switch rest[index] {
                case UInt8(ascii: "\"") where !hasUnclosedQuote: openQuote = openQuote == nil ? index : nil
                case UInt8(ascii: "\\") where openQuote != nil: rest.formIndex(after: &index)
                case UInt8(ascii: ",") where openQuote == nil: return index
                default: break
                }
                // The backslash may be the last byte.
                if index < rest.endIndex { rest.formIndex(after: &index) }
            }
            guard let openQuote else { return index }
            // All later quotes are escaped within this one, so none of them is closed either and they need no second
            // scan.
            hasUnclosedQuote = true
            return rest[openQuote...].firstIndex(of: UInt8(ascii: ",")) ?? index
        }
    }

    private static func directive(_ member: Substring.UTF8View) -> Element? {
        let name = member.prefix { $0 != UInt8(ascii: "=") }
        guard name.isToken else { return nil }
        let lowercased = Substring(name).lowercased()
        guard name.endIndex < member.endIndex else { return (lowercased, nil) }
        let argument = member[name.endIndex...].dropFirst()
        if argument.isToken { return (lowercased, String(Substring(argument))) }
        return unquoted(argument).map { (lowercased, $0) }
    }

    /// The lowercase name at the start of a malformed directive.
    private static func name(of member: Substring.UTF8View) -> String? {
        let name = member.prefix(while: \.isTokenCharacter)
        return name.isEmpty ? nil : Substring(name).lowercased()
    }

    /// Decodes a quoted string (RFC 9110, 5.6.4); `nil` if `text` is not exactly one.
    private static func unquoted(_ text: Substring.UTF8View) -> String? {
        var rest = text
        guard rest.popFirst() == UInt8(ascii: "\"") else { return nil }
        var content: [UInt8] = []
        while var byte = rest.popFirst() {
            if byte == UInt8(ascii: "\"") { return rest.isEmpty ? String(decoding: content, as: UTF8.self) : nil }
            if byte == UInt8(ascii: "\\") {
                guard let escaped = rest.popFirst() else { return nil }
                byte = escaped
            }
            guard byte == 0x09 || byte >= 0x20 && byte != 0x7F else { return nil }
            content.append(byte)
        }
        return nil
    }
}
