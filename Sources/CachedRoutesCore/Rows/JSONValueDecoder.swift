import RouteModel

/// The decoder of a value in a text that has been read.
struct JSONValueDecoder: Decoder {
    let value: JSONValue
    let codingPath: [any CodingKey]

    var userInfo: [CodingUserInfoKey: Any] { [:] }

    init(_ value: JSONValue, at path: [any CodingKey]) {
        self.value = value
        codingPath = path
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard value.kind == .object else { throw mismatch([String: Any].self, "an object") }
        return KeyedDecodingContainer(JSONObjectContainer(Array(value.members), at: codingPath))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard value.kind == .array else { throw mismatch([Any].self, "an array") }
        return JSONArrayContainer(Array(value.elements), at: codingPath)
    }

    func singleValueContainer() throws -> any SingleValueDecodingContainer { self }

    /// The error about a value of another kind.
    func mismatch(_ type: Any.Type, _ expected: String) -> DecodingError {
        let description = "Expected \(expected) and found a value of the kind '\(value.kind)'."
        let context = DecodingError.Context(codingPath: codingPath, debugDescription: description)
        return value.kind == .null ? .valueNotFound(type, context) : .typeMismatch(type, context)
    }

    private func number<Number: LosslessStringConvertible>(_ type: Number.Type) throws -> Number {
        guard value.kind == .number else { throw mismatch(type, "a number") }
        guard let number = Number(String(decoding: value.bytes, as: UTF8.self)) else {
            let context = DecodingError.Context(codingPath: codingPath, debugDescription: "The number is no \(type).")
            throw DecodingError.dataCorrupted(context)
        }
        return number
    }

    private func finite<Number: LosslessStringConvertible & BinaryFloatingPoint>(
        _ type: Number.Type
    ) throws -> Number {
        let number = try number(type)
        guard number.isFinite else {
            let context = DecodingError.Context(codingPath: codingPath, debugDescription: "The number is too large.")
            throw DecodingError.dataCorrupted(context)
        }
        return number
    }
}

extension JSONValueDecoder: SingleValueDecodingContainer {
    func decodeNil() -> Bool { value.kind == .null }

    func decode(_ type: Bool.Type) throws -> Bool {
        guard value.kind == .true || value.kind == .false else { throw mismatch(type, "true or false") }
        return value.kind == .true
    }

    func decode(_ type: String.Type) throws -> String {
        guard value.kind == .string else { throw mismatch(type, "a string") }
        return String(decoding: value.text, as: UTF8.self)
    }

    func decode(_ type: Double.Type) throws -> Double { try finite(type) }
    func decode(_ type: Float.Type) throws -> Float { try finite(type) }
    func decode(_ type: Int.Type) throws -> Int { try number(type) }
    func decode(_ type: Int8.Type) throws -> Int8 { try number(type) }
    func decode(_ type: Int16.Type) throws -> Int16 { try number(type) }
    func decode(_ type: Int32.Type) throws -> Int32 { try number(type) }
    func decode(_ type: Int64.Type) throws -> Int64 { try number(type) }
    func decode(_ type: UInt.Type) throws -> UInt { try number(type) }
    func decode(_ type: UInt8.Type) throws -> UInt8 { try number(type) }
    func decode(_ type: UInt16.Type) throws -> UInt16 { try number(type) }
    func decode(_ type: UInt32.Type) throws -> UInt32 { try number(type) }
    func decode(_ type: UInt64.Type) throws -> UInt64 { try number(type) }
    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try Value(from: self) }
}

/// The members of an object.
private struct JSONObjectContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let codingPath: [any CodingKey]
    private let members: [JSONValue.Member]
    /// The members by name where there are more than a search should walk through.
    private let index: [ArraySlice<UInt8>: JSONValue]

    init(_ members: [JSONValue.Member], at path: [any CodingKey]) {
        codingPath = path
        self.members = members
        index =
            members.count <= 16
            ? [:] : Dictionary(members.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    }

    var allKeys: [Key] { members.compactMap { Key(stringValue: String(decoding: $0.name, as: UTF8.self)) } }

    func contains(_ key: Key) -> Bool { value(named: key.stringValue) != nil }
    func decodeNil(forKey key: Key) throws -> Bool { try decoder(key).decodeNil() }
    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        try Value(from: decoder(key))
    }

    func nestedContainer<NestedKey: CodingKey>(
        keyedBy type: NestedKey.Type,
        forKey key: Key
    ) throws -> KeyedDecodingContainer<NestedKey> { try decoder(key).container(keyedBy: type) }
    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try decoder(key).unkeyedContainer()
    }
    func superDecoder() throws -> any Decoder { try decoder(JSONKey.super) }
    func superDecoder(forKey key: Key) throws -> any Decoder { try decoder(key) }

    // The standard library calls these for values of its own types.
    func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try decoder(key).decode(type) }
    func decode(_ type: String.Type, forKey key: Key) throws -> String { try decoder(key).decode(type) }
    func decode(_ type: Double.Type, forKey key: Key) throws -> Double { try decoder(key).decode(type) }
    func decode(_ type: Float.Type, forKey key: Key) throws -> Float { try decoder(key).decode(type) }
    func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try decoder(key).decode(type) }
    func decode(_ type: Int8.Type, forKey key: Key) throws -> Int8 { try decoder(key).decode(type) }
    func decode(_ type: Int16.Type, forKey key: Key) throws -> Int16 { try decoder(key).decode(type) }
    func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 { try decoder(key).decode(type) }
    func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 { try decoder(key).decode(type) }
    func decode(_ type: UInt.Type, forKey key: Key) throws -> UInt { try decoder(key).decode(type) }
    func decode(_ type: UInt8.Type, forKey key: Key) throws -> UInt8 { try decoder(key).decode(type) }
    func decode(_ type: UInt16.Type, forKey key: Key) throws -> UInt16 { try decoder(key).decode(type) }
    func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 { try decoder(key).decode(type) }
    func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 { try decoder(key).decode(type) }

    private func value(named name: String) -> JSONValue? {
        index.isEmpty
            ? members.first { $0.name.elementsEqual(name.utf8) }?.value : index[ArraySlice(Array(name.utf8))]
    }

    private func decoder(_ key: some CodingKey) throws -> JSONValueDecoder {
        guard let value = value(named: key.stringValue) else {
            let description = "There is no member '\(key.stringValue)'."
            throw DecodingError.keyNotFound(key, .init(codingPath: codingPath, debugDescription: description))
        }
        return JSONValueDecoder(value, at: codingPath + [key])
    }
}

/// The elements of an array.
private struct JSONArrayContainer: UnkeyedDecodingContainer {
    let codingPath: [any CodingKey]
    private let elements: [JSONValue]
    private(set) var currentIndex = 0

    init(_ elements: [JSONValue], at path: [any CodingKey]) {
        codingPath = path
        self.elements = elements
    }

    var count: Int? { elements.count }
    var isAtEnd: Bool { currentIndex == elements.count }

    mutating func decodeNil() throws -> Bool {
        let isNull = try decoder().decodeNil()
        if isNull { currentIndex += 1 }
        return isNull
    }

    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        try advancing { try Value(from: $0) }
    }
    mutating func nestedContainer<NestedKey: CodingKey>(
        keyedBy type: NestedKey.Type
    ) throws -> KeyedDecodingContainer<NestedKey> { try advancing { try $0.container(keyedBy: type) } }
    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        try advancing { try $0.unkeyedContainer() }
    }
    mutating func superDecoder() throws -> any Decoder { try advancing { $0 } }

    // The standard library calls these for values of its own types.
    mutating func decode(_ type: Bool.Type) throws -> Bool { try advancing { try $0.decode(type) } }
    mutating func decode(_ type: String.Type) throws -> String { try advancing { try $0.decode(type) } }
    mutating func decode(_ type: Double.Type) throws -> Double { try advancing { try $0.decode(type) } }
    mutating func decode(_ type: Float.Type) throws -> Float { try advancing { try $0.decode(type) } }
    mutating func decode(_ type: Int.Type) throws -> Int { try advancing { try $0.decode(type) } }
    mutating func decode(_ type: Int8.Type) throws -> Int8 { try advancing { try $0.decode(type) } }
    mutating func decode(_ type: Int16.Type) throws -> Int16 { try advancing { try $0.decode(type) } }
    mutating func decode(_ type: Int32.Type) throws -> Int32 { try advancing { try $0.decode(type) } }
    mutating func decode(_ type: Int64.Type) throws -> Int64 { try advancing { try $0.decode(type) } }
    mutating func decode(_ type: UInt.Type) throws -> UInt { try advancing { try $0.decode(type) } }
    mutating func decode(_ type: UInt8.Type) throws -> UInt8 { try advancing { try $0.decode(type) } }
    mutating func decode(_ type: UInt16.Type) throws -> UInt16 { try advancing { try $0.decode(type) } }
    mutating func decode(_ type: UInt32.Type) throws -> UInt32 { try advancing { try $0.decode(type) } }
    mutating func decode(_ type: UInt64.Type) throws -> UInt64 { try advancing { try $0.decode(type) } }

    private func decoder() throws -> JSONValueDecoder {
        let path = codingPath + [JSONKey(index: currentIndex)]
        guard !isAtEnd else {
            let context = DecodingError.Context(codingPath: path, debugDescription: "The array has no more elements.")
            throw DecodingError.valueNotFound(Any.self, context)
        }
        return JSONValueDecoder(elements[currentIndex], at: path)
    }

    /// Goes to the next element if `body` throws no error.
    private mutating func advancing<Value>(_ body: (JSONValueDecoder) throws -> Value) throws -> Value {
        let value = try body(decoder())
        currentIndex += 1
        return value
    }
}
