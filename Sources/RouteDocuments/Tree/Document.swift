/// A tree of values as JSON has them, whose members keep their order.
package indirect enum Document: Hashable, Sendable {
    case object([Member])
    case array([Document])
    case string(String)
    /// A number in JSON's spelling.
    case number(String)
    case bool(Bool)
    case null

    /// A name and its value.
    package struct Member: Hashable, Sendable {
        package var name: String
        package var value: Document

        package init(_ name: String, _ value: Document) {
            self.name = name
            self.value = value
        }
    }

    package static func number(_ value: some BinaryInteger) -> Document { .number(String(value)) }

    /// The value of an object's member.
    package subscript(name: String) -> Document? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }
}

extension Document: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    package init(stringLiteral value: String) { self = .string(value) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(integerLiteral value: Int) { self = .number(value) }
    package init(arrayLiteral elements: Document...) { self = .array(elements) }
    package init(dictionaryLiteral elements: (String, Document)...) { self = .object(elements.map(Member.init)) }
}
