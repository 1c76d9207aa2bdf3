/// A declared input of a route: its origin, its type and its constraints.
///
/// The generated routes, the generator's own checks and the command line tool use the same declarations, so that a
/// value has the same canonical form everywhere.
///
/// It is an object, because every request looks at the declarations of its route's inputs.
public final class RouteInput: Hashable, Sendable {
    /// The part of a request that a value comes from.
    public struct Group: Hashable, Sendable, CustomStringConvertible, ExtensibleEnum {
        /// A `{name}` segment of the path.
        public static let path = Group(.path)
        /// The query string.
        public static let query = Group(.query)
        /// A header field.
        public static let header = Group(.header)
        /// The authenticated request, by way of the app.
        public static let context = Group(.context)
        /// A member of the JSON object in the request's body. It is part of no key.
        public static let body = Group(.body)

        /// The values of this version.
        package enum Kind: String, Hashable, Sendable, CaseIterable {
            case path, query, header, context, body
        }

        /// The value.
        package let kind: Kind

        /// Makes a choice.
        package init(_ kind: Kind) { self.kind = kind }

        /// The spelling in a manifest.
        public var description: String { rawValue }
    }

    /// A default value: one canonical text, or the canonical texts of a list's elements.
    public struct Default: Hashable, Sendable, ExpressibleByStringLiteral, ExpressibleByArrayLiteral {
        /// The canonical texts; exactly one for a single value.
        public let texts: [String]

        /// Makes a default from canonical texts.
        package init(texts: [String]) { self.texts = texts }
        /// Makes the default of a single value.
        public init(stringLiteral text: String) { texts = [text] }
        /// Makes the default of a list.
        public init(arrayLiteral texts: String...) { self.texts = texts }
    }

    /// The name, unique among all inputs of the route.
    public let name: String
    /// The part of the request that the value comes from.
    public let group: Group
    /// The type of the value.
    public let type: InputType
    /// The name of the header field, query parameter or member of the body that has the value; the same as ``name`` if
    /// the manifest does not give another.
    public let wireName: String
    /// The header field that a header input is read from.
    public let field: String?
    /// Indicates that the value may be absent without a default; it is then SQL NULL.
    public let isOptional: Bool
    /// Indicates that `null` is SQL NULL and differs from absence; only for optional inputs of a body.
    public let isNullable: Bool
    /// The value of a request that has none, in canonical text.
    public let defaultValue: Default?
    /// The least value, in canonical text.
    public let minimum: String?
    /// The greatest value, in canonical text.
    public let maximum: String?
    /// The least length of a string, in Unicode scalars.
    public let minimumLength: Int?
    /// The greatest length of a string, in Unicode scalars.
    public let maximumLength: Int?
    /// The only allowed canonical texts, compared as UTF-8 bytes; empty if all are allowed.
    public let oneOf: [String]

    let minimumBound: Bound?
    let maximumBound: Bound?
    /// The decimals of ``oneOf``, which are compared by value.
    let oneOfDecimals: [DecimalText]
    let nameBytes: [UInt8]
    /// The bytes of ``wireName``.
    package let wireNameBytes: [UInt8]

    /// Declares an input. All values are canonical texts.
    ///
    /// - Parameters:
    ///   - group: the part of the request that the value comes from.
    ///   - name: the name, unique among all inputs of the route.
    ///   - type: the type of the value.
    ///   - source: the name that a header, query or body input has in a request; `nil` if it is `name`.
    ///   - defaultValue: the value of a request that has none.
    ///   - isOptional: lets the value be absent without a default.
    ///   - isNullable: makes `null` differ from absence; only for optional inputs of a body.
    ///   - minimum: the least value.
    ///   - maximum: the greatest value.
    ///   - minimumLength: the least length of a string, in Unicode scalars.
    ///   - maximumLength: the greatest length of a string, in Unicode scalars.
    ///   - oneOf: the only allowed values; empty if all are allowed.
    public init(
        _ group: Group,
        _ name: String,
        _ type: InputType,
        from source: String? = nil,
        default defaultValue: Default? = nil,
        optional isOptional: Bool = false,
        nullable isNullable: Bool = false,
        min minimum: String? = nil,
        max maximum: String? = nil,
        minLength minimumLength: Int? = nil,
        maxLength maximumLength: Int? = nil,
        oneOf: [String] = []
    ) {
        precondition(type.scalar != .json || group == .body, "'\(name)' is JSON, which only a body has")
        precondition(source == nil || group != .path && group != .context, "'\(name)' has no other name in a request")
        precondition(
            !isNullable || group == .body && isOptional && defaultValue == nil,
            "'\(name)' is nullable, which only optional inputs of a body are"
        )
        self.name = name
        self.group = group
        self.type = type
        wireName = source ?? name
        field = group == .header ? source : nil
        self.isOptional = isOptional
        self.isNullable = isNullable
        self.defaultValue = defaultValue
        self.minimum = minimum
        self.maximum = maximum
        self.minimumLength = minimumLength
        self.maximumLength = maximumLength
        self.oneOf = oneOf
        minimumBound = minimum.map { Bound($0, type.scalar) }
        maximumBound = maximum.map { Bound($0, type.scalar) }
        oneOfDecimals = type.scalar == .decimal ? oneOf.map { DecimalText(canonical: Array($0.utf8)[...]) } : []
        nameBytes = Array(name.utf8)
        wireNameBytes = Array(wireName.utf8)
    }

    /// Indicates that two declarations are the same.
    public static func == (left: RouteInput, right: RouteInput) -> Bool {
        left === right
            || left.name == right.name && left.group == right.group && left.type == right.type
                && left.wireName == right.wireName && left.field == right.field && left.isOptional == right.isOptional
                && left.isNullable == right.isNullable && left.defaultValue == right.defaultValue
                && left.minimum == right.minimum && left.maximum == right.maximum
                && left.minimumLength == right.minimumLength && left.maximumLength == right.maximumLength
                && left.oneOf == right.oneOf
    }

    /// Hashes the parts in which most declarations differ.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(name)
        hasher.combine(group)
        hasher.combine(type)
    }

    /// Appends the canonical form of `raw` to `output`.
    ///
    /// - Parameters:
    ///   - raw: the percent-decoded value.
    ///   - output: receives the canonical bytes.
    /// - Throws: ``InputError`` if `raw` is not a value of the input; `output` is then unchanged.
    package func appendCanonical(
        _ raw: ArraySlice<UInt8>,
        to output: inout [UInt8]
    ) throws(InputError) {
        let start = output.count
        do {
            try CanonicalForm.append(raw, as: type.scalar, isInBody: group == .body, to: &output)
            try checkConstraints(output[start...])
        } catch {
            output.removeSubrange(start...)
            if case .malformed(let type) = error, isPlusMissing(raw) { throw .malformedWithoutPlus(type) }
            throw error
        }
    }

    /// Indicates that a query's value is refused only because a literal `+` in it was decoded as a space.
    private func isPlusMissing(_ raw: ArraySlice<UInt8>) -> Bool {
        guard group == .query, let blank = raw.lastIndex(of: UInt8(ascii: " ")) else { return false }
        var (meant, output) = (raw, [] as [UInt8])
        meant[blank] = UInt8(ascii: "+")
        return (try? CanonicalForm.append(meant, as: type.scalar, isInBody: false, to: &output)) != nil
    }

    /// Appends the canonical form of a JSON value to `output`.
    ///
    /// - Parameters:
    ///   - value: the value; `null` only if the input's type is `json`.
    ///   - output: receives the canonical bytes.
    /// - Throws: ``InputError`` if `value` is not a value of the input; `output` is then unchanged.
    func appendCanonical(_ value: JSONValue, to output: inout [UInt8]) throws(InputError) {
        switch (type.scalar.kind, value.kind) {
        case (.json, _):
            // JSON has no canonical form: numbers, escapes and whitespace stay as the client wrote them.
            output.append(contentsOf: value.bytes)
        case (.int, .number) where !value.isDigitsAlone, (.int32, .number) where !value.isDigitsAlone:
            var digits: [UInt8] = []
            try CanonicalForm.appendInteger(number: value.bytes, type.scalar, to: &digits)
            try appendCanonical(digits[...], to: &output)
        case (.int, .number), (.int32, .number), (.double, .number), (.decimal, .number), (.bool, .true),
            (.bool, .false):
            try appendCanonical(value.bytes[...], to: &output)
        case (.string, .string), (.uuid, .string), (.date, .string), (.timestamp, .string), (.decimal, .string):
            try appendCanonical(value.text[...], to: &output)
        default: throw .malformed(type.scalar)
        }
    }

    /// The canonical form of `text`.
    ///
    /// - Throws: ``InputError`` if `text` is not a value of the input.
    package func canonical(_ text: String) throws(InputError) -> String {
        var output: [UInt8] = []
        try appendCanonical(Array(text.utf8)[...], to: &output)
        return String(decoding: output, as: UTF8.self)
    }

    private func checkConstraints(_ canonical: ArraySlice<UInt8>) throws(InputError) {
        if let minimumBound, minimumBound.isGreater(than: canonical) {
            throw .belowMinimum(minimum ?? "")
        }
        if let maximumBound, maximumBound.isLess(than: canonical) {
            throw .aboveMaximum(maximum ?? "")
        }
        if minimumLength != nil || maximumLength != nil {
            let length = canonical.count { $0 & 0xC0 != 0x80 }
            if let minimumLength, length < minimumLength { throw .tooShort(minimumLength) }
            if let maximumLength, length > maximumLength { throw .tooLong(maximumLength) }
        }
        if !oneOf.isEmpty, !isOneOf(canonical) { throw .notOneOf(oneOf) }
    }

    private func isOneOf(_ canonical: ArraySlice<UInt8>) -> Bool {
        type.scalar == .decimal
            ? oneOfDecimals.contains(DecimalText(canonical: canonical))
            : oneOf.contains { $0.utf8.elementsEqual(canonical) }
    }

    /// Compares two canonical texts by value.
    package func areEqual(_ left: String, _ right: String) -> Bool {
        guard type.scalar == .decimal else { return left.utf8.elementsEqual(right.utf8) }
        return DecimalText(canonical: Array(left.utf8)[...]) == DecimalText(canonical: Array(right.utf8)[...])
    }
}
