import RouteModel

extension Document {
    /// Reads a JSON text; `nil` for any other text.
    package init?(json text: String) {
        guard let value = try? JSONValue(Array(text.utf8)) else { return nil }
        self.init(value)
    }

    private init(_ value: JSONValue) {
        switch value.kind {
        case .string: self = .string(String(decoding: value.text, as: UTF8.self))
        case .number: self = .number(String(decoding: value.bytes, as: UTF8.self))
        case .true: self = true
        case .false: self = false
        case .null: self = .null
        case .array: self = .array(value.elements.map(Document.init))
        case .object:
            self = .object(value.members.map { Member(String(decoding: $0.name, as: UTF8.self), Document($0.value)) })
        }
    }
}
