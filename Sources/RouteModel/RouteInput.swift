/// An input a route declares: where it comes from, its type and what it may be.
///
/// The generated routes, the generator's own checks and the command line tool build the same descriptors, so that a value has
/// one canonical form everywhere.
public struct RouteInput: Hashable, Sendable {
    /// Where a value comes from.
    public enum Group: String, Hashable, Sendable, CaseIterable {
        /// A `{name}` segment of the path.
        case path
        /// The query string.
        case query
        /// A request header field.
        case header
        /// The authenticated request, through the app.
        case context
        /// A member of the JSON object in the request's body. It is in no key.
        case body
    }

    /// A default: one canonical text, or a list's elements.
    public struct Default: Hashable, Sendable, ExpressibleByStringLiteral, ExpressibleByArrayLiteral {
        /// The canonical texts; one for a single value.
        public let texts: [String]

        /// A default from canonical texts.
        public init(texts: [String]) { self.texts = texts }
        /// The default of a single value.
        public init(stringLiteral text: String) { texts = [text] }
        /// The default of a list.
        public init(arrayLiteral texts: String...) { self.texts = texts }
    }

    /// The name, unique in its route over all groups.
    public let name: String
    /// Where the value comes from.
    public let group: Group
    /// The value's type.
    public let type: InputType
    /// The name that a request has for the value: of a header field, of a query parameter, of a member of the body. It is the
    /// input's own name where the manifest says no other.
    public let wireName: String
    /// The header field a header input is read from.
    public let field: String?
    /// Whether the value may be absent without a default; it is then SQL NULL.
    public let isOptional: Bool
    /// True where JSON's `null` is SQL NULL, apart from absence; only for optional inputs of a body.
    public let isNullable: Bool
    /// The value used when the request has none, in canonical text.
    public let defaultValue: Default?
    /// The least value, in canonical text.
    public let minimum: String?
    /// The greatest value, in canonical text.
    public let maximum: String?
    /// The least length of a string, in Unicode scalars.
    public let minimumLength: Int?
    /// The greatest length of a string, in Unicode scalars.
    public let maximumLength: Int?
    /// The only canonical texts allowed, compared as UTF-8 bytes; empty: any.
    public let oneOf: [String]

    let minimumBound: Bound?
    let maximumBound: Bound?
    /// The decimals in `oneOf`, which are compared by value.
    let oneOfDecimals: [DecimalText]
    let nameBytes: [UInt8]

    /// Declares an input. Texts of values are canonical, as ``InputValues`` prints them.
    ///
    /// - Parameter source: the name that a request has for the value, of a header, query or body input; `nil`: `name`.
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
    }

    /// Appends the canonical form of `raw`, which is already percent-decoded, to `output`.
    ///
    /// - Throws: ``InputError`` when `raw` is not a value of this input; `output` is then as it was.
    public func appendCanonical(
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

    /// Whether a query's value is refused because its last blank was sent as the `+` that it stands for there.
    private func isPlusMissing(_ raw: ArraySlice<UInt8>) -> Bool {
        guard group == .query, let blank = raw.lastIndex(of: UInt8(ascii: " ")) else { return false }
        var (meant, output) = (raw, [] as [UInt8])
        meant[blank] = UInt8(ascii: "+")
        return (try? CanonicalForm.append(meant, as: type.scalar, isInBody: false, to: &output)) != nil
    }

    /// Appends the canonical form of a JSON value, which is not JSON's `null` unless the input is of type `json`.
    ///
    /// - Throws: ``InputError`` when `value` is not a value of this input; `output` is then as it was.
    func appendCanonical(_ value: JSONValue, to output: inout [UInt8]) throws(InputError) {
        switch (type.scalar, value.kind) {
        case (.json, _):
            // JSON has no canonical form: numbers, escapes and blanks stay as the client wrote them.
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
    /// - Throws: ``InputError`` when `text` is not a value of this input.
    public func canonical(_ text: String) throws(InputError) -> String {
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
