/// The encoder of a value that becomes the contents of a node.
struct JSONNodeEncoder: Encoder {
    let codingPath: [any CodingKey]
    private let node: JSONNode

    var userInfo: [CodingUserInfoKey: Any] { [:] }

    init(_ node: JSONNode, at path: [any CodingKey]) {
        self.node = node
        codingPath = path
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        node.becomeObject()
        return KeyedEncodingContainer(JSONObjectEncodingContainer(node, at: codingPath))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        node.becomeArray()
        return JSONArrayEncodingContainer(node, at: codingPath)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { self }

    /// Writes the text of a number.
    func write(_ number: String) { node.setScalar(number) }

    /// Writes a number, which has to be finite.
    private func write(_ number: some BinaryFloatingPoint & CustomStringConvertible) throws {
        guard number.isFinite else {
            let context = EncodingError.Context(codingPath: codingPath, debugDescription: "JSON has no \(number).")
            throw EncodingError.invalidValue(number, context)
        }
        write(number.description)
    }
}

extension JSONNodeEncoder: SingleValueEncodingContainer {
    func encodeNil() { node.setScalar("null") }
    func encode(_ value: Bool) { node.setScalar(value ? "true" : "false") }
    func encode(_ value: String) { node.setString(value) }
    func encode(_ value: Double) throws { try write(value) }
    func encode(_ value: Float) throws { try write(value) }
    func encode(_ value: Int) { write("\(value)") }
    func encode(_ value: Int8) { write("\(value)") }
    func encode(_ value: Int16) { write("\(value)") }
    func encode(_ value: Int32) { write("\(value)") }
    func encode(_ value: Int64) { write("\(value)") }
    func encode(_ value: UInt) { write("\(value)") }
    func encode(_ value: UInt8) { write("\(value)") }
    func encode(_ value: UInt16) { write("\(value)") }
    func encode(_ value: UInt32) { write("\(value)") }
    func encode(_ value: UInt64) { write("\(value)") }
    func encode(_ value: some Encodable) throws { try value.encode(to: self) }
}

/// The members of an object.
private struct JSONObjectEncodingContainer<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let codingPath: [any CodingKey]
    private let node: JSONNode

    init(_ node: JSONNode, at path: [any CodingKey]) {
        self.node = node
        codingPath = path
    }

    func encodeNil(forKey key: Key) { encoder(key).encodeNil() }
    func encode(_ value: Bool, forKey key: Key) { encoder(key).encode(value) }
    func encode(_ value: String, forKey key: Key) { encoder(key).encode(value) }
    func encode(_ value: Double, forKey key: Key) throws { try encoder(key).encode(value) }
    func encode(_ value: Float, forKey key: Key) throws { try encoder(key).encode(value) }
    func encode(_ value: Int, forKey key: Key) { encoder(key).encode(value) }
    func encode(_ value: Int8, forKey key: Key) { encoder(key).encode(value) }
    func encode(_ value: Int16, forKey key: Key) { encoder(key).encode(value) }
    func encode(_ value: Int32, forKey key: Key) { encoder(key).encode(value) }
    func encode(_ value: Int64, forKey key: Key) { encoder(key).encode(value) }
    func encode(_ value: UInt, forKey key: Key) { encoder(key).encode(value) }
    func encode(_ value: UInt8, forKey key: Key) { encoder(key).encode(value) }
    func encode(_ value: UInt16, forKey key: Key) { encoder(key).encode(value) }
    func encode(_ value: UInt32, forKey key: Key) { encoder(key).encode(value) }
    func encode(_ value: UInt64, forKey key: Key) { encoder(key).encode(value) }
    func encode(_ value: some Encodable, forKey key: Key) throws { try value.encode(to: encoder(key)) }

    func nestedContainer<NestedKey: CodingKey>(
        keyedBy type: NestedKey.Type,
        forKey key: Key
    ) -> KeyedEncodingContainer<NestedKey> { encoder(key).container(keyedBy: type) }
    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer { encoder(key).unkeyedContainer() }
    func superEncoder() -> any Encoder { encoder(JSONKey.super) }
    func superEncoder(forKey key: Key) -> any Encoder { encoder(key) }

    private func encoder(_ key: some CodingKey) -> JSONNodeEncoder {
        JSONNodeEncoder(node.member(key.stringValue), at: codingPath + [key])
    }
}

/// The elements of an array.
private struct JSONArrayEncodingContainer: UnkeyedEncodingContainer {
    let codingPath: [any CodingKey]
    private let node: JSONNode

    init(_ node: JSONNode, at path: [any CodingKey]) {
        self.node = node
        codingPath = path
    }

    var count: Int { node.count }

    func encodeNil() { encoder().encodeNil() }
    func encode(_ value: Bool) { encoder().encode(value) }
    func encode(_ value: String) { encoder().encode(value) }
    func encode(_ value: Double) throws { try encoder().encode(value) }
    func encode(_ value: Float) throws { try encoder().encode(value) }
    func encode(_ value: Int) { encoder().encode(value) }
    func encode(_ value: Int8) { encoder().encode(value) }
    func encode(_ value: Int16) { encoder().encode(value) }
    func encode(_ value: Int32) { encoder().encode(value) }
    func encode(_ value: Int64) { encoder().encode(value) }
    func encode(_ value: UInt) { encoder().encode(value) }
    func encode(_ value: UInt8) { encoder().encode(value) }
    func encode(_ value: UInt16) { encoder().encode(value) }
    func encode(_ value: UInt32) { encoder().encode(value) }
    func encode(_ value: UInt64) { encoder().encode(value) }
    func encode(_ value: some Encodable) throws { try value.encode(to: encoder()) }

    func nestedContainer<NestedKey: CodingKey>(keyedBy type: NestedKey.Type) -> KeyedEncodingContainer<NestedKey> {
        encoder().container(keyedBy: type)
    }
    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { encoder().unkeyedContainer() }
    func superEncoder() -> any Encoder { encoder() }

    /// The encoder of the next element.
    private func encoder() -> JSONNodeEncoder {
        let key = JSONKey(index: node.count)
        return JSONNodeEncoder(node.appendElement(), at: codingPath + [key])
    }
}
