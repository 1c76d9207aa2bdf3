/// The text of an input's value as a request has it; made by generated code.
public struct InputText: Hashable, Sendable {
    enum Kind: Hashable {
        case absent
        case null
        case single(String)
        case list([String])
    }

    let kind: Kind

    /// The text of a value that is never absent.
    public static func required(_ value: some CanonicalTextConvertible) -> InputText {
        InputText(kind: .single(value.canonicalText))
    }

    /// The text of a value that may be absent.
    public static func optional(_ value: (some CanonicalTextConvertible)?) -> InputText {
        InputText(kind: value.map { .single($0.canonicalText) } ?? .absent)
    }

    /// The texts of a list's elements.
    public static func list(_ values: [some CanonicalTextConvertible]) -> InputText {
        InputText(kind: .list(values.map(\.canonicalText)))
    }

    /// The texts of the elements of a list that may be absent.
    public static func optionalList(_ values: [some CanonicalTextConvertible]?) -> InputText {
        values.map { .list($0) } ?? InputText(kind: .absent)
    }

    /// The text of a nullable value.
    public static func nullable(_ value: NullableInput<some CanonicalTextConvertible>) -> InputText {
        switch value {
        case .absent: InputText(kind: .absent)
        case .null: InputText(kind: .null)
        case .value(let value): .required(value)
        }
    }

    /// The texts of the elements of a nullable list.
    public static func nullableList(_ values: NullableInput<[some CanonicalTextConvertible]>) -> InputText {
        switch values {
        case .absent: InputText(kind: .absent)
        case .null: InputText(kind: .null)
        case .value(let values): .list(values)
        }
    }

    /// The text of a single value, or those of a list's elements; empty without a value.
    var texts: [String] {
        switch kind {
        case .absent, .null: []
        case .single(let text): [text]
        case .list(let texts): texts
        }
    }
}
