extension Document {
    /// The object with another member at its end, if there is a value.
    func adding(_ name: String, _ value: Document?) -> Document {
        guard case .object(let members) = self, let value else { return self }
        return .object(members + [Member(name, value)])
    }

    /// The object with a description as its first member.
    func described(_ text: String) -> Document {
        guard case .object(let members) = self else { return self }
        return .object([Member("description", .string(text))] + members)
    }
}
