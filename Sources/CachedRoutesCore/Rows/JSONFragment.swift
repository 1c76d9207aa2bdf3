import RouteModel

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A `json` or `jsonb` of a row, or a value of a type that the server turns into JSON, such as a composite.
///
/// Objects are equal whatever the order of their members is. Objects with two members of one name, which the type `json` allows,
/// and strings with half of a surrogate pair can't be decoded.
public enum JSONFragment: Sendable {
    /// A member of an object.
    public struct Member: Hashable, Sendable {
        /// The name.
        public var name: String
        /// The value.
        public var value: JSONFragment

        /// Makes a member.
        ///
        /// - Parameters:
        ///   - name: the name, which no other member of the object has.
        ///   - value: the value.
        public init(_ name: String, _ value: JSONFragment) {
            self.name = name
            self.value = value
        }
    }

    /// JSON's `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A number, with all its digits.
    case number(ExactDecimal)
    /// A string.
    case string(String)
    /// An array.
    case array([JSONFragment])
    /// An object with its members in their order.
    case object([Member])

    /// The member of an object; `nil` if there is none, or if the value is no object.
    ///
    /// - Parameter name: the member's name.
    public subscript(_ name: String) -> JSONFragment? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name.utf8.elementsEqual(name.utf8) }?.value
    }

    /// The element of an array; `nil` if there is none, or if the value is no array.
    ///
    /// - Parameter index: the element's index, from 0.
    public subscript(_ index: Int) -> JSONFragment? {
        guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
        return elements[index]
    }

    /// The value as another type.
    ///
    /// - Parameter type: the type to decode.
    /// - Returns: the decoded value.
    /// - Throws: `DecodingError` if the value is of another form.
    public func decoded<Value: Decodable>(as type: Value.Type = Value.self) throws -> Value {
        try RowDecoder().decode(type, from: RowEncoder().encode(self))
    }

    /// Makes the value of JSON that has been read.
    init(_ value: JSONValue) {
        switch value.kind {
        case .null: self = .null
        case .true: self = .bool(true)
        case .false: self = .bool(false)
        case .number: self = .number(ExactDecimal(number: value.bytes))
        case .string: self = .string(String(decoding: value.text, as: UTF8.self))
        case .array: self = .array(value.elements.map(JSONFragment.init))
        case .object:
            self = .object(
                value.members.map { Member(String(decoding: $0.name, as: UTF8.self), JSONFragment($0.value)) }
            )
        }
    }
}

extension JSONFragment: Hashable {
    /// Tells whether two values are the same JSON, whatever the order of members and the scale of numbers is.
    ///
    /// - Parameters:
    ///   - left: a value.
    ///   - right: another one.
    public static func == (left: JSONFragment, right: JSONFragment) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.number(let left), .number(let right)): left == right
        case (.string(let left), .string(let right)): left == right
        case (.array(let left), .array(let right)): left == right
        case (.object(let left), .object(let right)): left.count == right.count && sorted(left) == sorted(right)
        default: false
        }
    }

    /// Hashes the value.
    ///
    /// - Parameter hasher: receives the value.
    public func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0)
        case .bool(let flag): hasher.combine(flag)
        case .number(let number): hasher.combine(number)
        case .string(let text): hasher.combine(text)
        case .array(let elements): hasher.combine(elements)
        case .object(let members): hasher.combine(Self.sorted(members))
        }
    }

    private static func sorted(_ members: [Member]) -> [Member] {
        members.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }
}

extension JSONFragment: ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral, ExpressibleByStringLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    /// Makes a `true` or `false`.
    ///
    /// - Parameter value: the flag.
    public init(booleanLiteral value: Bool) { self = .bool(value) }

    /// Makes a number.
    ///
    /// - Parameter value: the number.
    public init(integerLiteral value: Int) { self = .number(ExactDecimal(value)) }

    /// Makes a string.
    ///
    /// - Parameter value: the text.
    public init(stringLiteral value: String) { self = .string(value) }

    /// Makes an array.
    ///
    /// - Parameter elements: the elements.
    public init(arrayLiteral elements: JSONFragment...) { self = .array(elements) }

    /// Makes an object.
    ///
    /// - Parameter elements: the members, each with another name.
    public init(dictionaryLiteral elements: (String, JSONFragment)...) {
        self = .object(elements.map { Member($0.0, $0.1) })
    }
}

extension JSONFragment: Codable {
    /// A name of any member.
    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }

        init?(intValue: Int) { nil }
    }

    /// Reads any JSON.
    ///
    /// - Parameter decoder: the decoder of the value.
    /// - Throws: what the decoder throws.
    public init(from decoder: any Decoder) throws {
        if let decoder = decoder as? JSONValueDecoder {
            self.init(decoder.value)
        } else if let object = try? decoder.container(keyedBy: Name.self) {
            self = .object(
                try object.allKeys.map { Member($0.stringValue, try object.decode(JSONFragment.self, forKey: $0)) }
            )
        } else if var array = try? decoder.unkeyedContainer() {
            var elements: [JSONFragment] = []
            while !array.isAtEnd { elements.append(try array.decode(JSONFragment.self)) }
            self = .array(elements)
        } else {
            try self.init(scalarFrom: decoder.singleValueContainer())
        }
    }

    private init(scalarFrom container: any SingleValueDecodingContainer) throws {
        if container.decodeNil() {
            self = .null
        } else if let flag = try? container.decode(Bool.self) {
            self = .bool(flag)
        } else if let number = try? container.decode(Decimal.self) {
            self = .number(ExactDecimal(number))
        } else {
            self = .string(try container.decode(String.self))
        }
    }

    /// Writes the JSON.
    ///
    /// - Parameter encoder: the encoder of the value.
    /// - Throws: `EncodingError` where an encoder other than ``RowEncoder`` would round a number.
    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .null:
            var container = encoder.singleValueContainer()
            try container.encodeNil()
        case .bool(let flag): try flag.encode(to: encoder)
        case .number(let number): try number.encode(to: encoder)
        case .string(let text): try text.encode(to: encoder)
        case .array(let elements):
            var container = encoder.unkeyedContainer()
            for element in elements { try container.encode(element) }
        case .object(let members):
            var container = encoder.container(keyedBy: Name.self)
            for member in members { try container.encode(member.value, forKey: Name(stringValue: member.name)) }
        }
    }
}
