/// The values of a route's inputs as canonical text, in the order in which the route declares the inputs.
///
/// Both the key and the statement's parameters are made from these bytes, so a query always reads what its key says.
/// Only values from a body, which exist only in routes that write, are in no key.
public struct InputValues: Sendable, Hashable {
    private var text: [UInt8] = []
    private var elements: [Range<Int>] = []
    private var slots: [Range<Int>?]
    /// The indices of the inputs that the body has as `null`, which is rare.
    private var nulls: [Int] = []

    /// The largest size in bytes of a list's elements in canonical form, for a list of `sent` bytes. Only decimals can
    /// reach it, because an exponent may stand for a hundred thousand digits.
    private static func longestList(of sent: Int) -> Int { 8 * sent + (1 << 20) }

    /// Makes room for the values of `count` inputs, all of them absent.
    package init(count: Int) {
        slots = Array(repeating: nil, count: count)
        elements.reserveCapacity(count)
        text.reserveCapacity(16 * count)
    }

    /// Sets the value of an input, or adds an element to its list, from percent-decoded bytes.
    ///
    /// All elements of a list must be added before another input's value.
    ///
    /// - Parameters:
    ///   - raw: the percent-decoded bytes.
    ///   - input: the input's declaration.
    ///   - index: the index of the input.
    /// - Throws: ``InputError`` if `raw` is not a value of the input, or if an input that is not a list has a value
    ///   already.
    package mutating func add(_ raw: ArraySlice<UInt8>, to input: RouteInput, at index: Int) throws(InputError) {
        if slots[index] != nil && !input.type.isList { throw .repeated }
        let start = text.count
        try input.appendCanonical(raw, to: &text)
        append(start..<text.count, at: index)
    }

    /// Sets the value of an input, or adds an element to its list, from any collection of percent-decoded bytes.
    ///
    /// - Parameters:
    ///   - raw: the percent-decoded bytes.
    ///   - input: the input's declaration.
    ///   - index: the index of the input.
    /// - Throws: ``InputError`` as the other method does.
    package mutating func add(_ raw: some Collection<UInt8>, to input: RouteInput, at index: Int) throws(InputError) {
        try add(Array(raw)[...], to: input, at: index)
    }

    /// Sets the value of an input from a member of a JSON body; a list takes an array.
    ///
    /// `null` is SQL NULL if the input is nullable. Otherwise it means that the member is absent, except for a required
    /// `json` input, where it is a value.
    ///
    /// - Parameters:
    ///   - value: the member's value.
    ///   - input: the input's declaration.
    ///   - index: the index of the input.
    /// - Throws: ``InputError``; the input's value is then unchanged.
    package mutating func add(_ value: JSONValue, to input: RouteInput, at index: Int) throws(InputError) {
        guard !isGiven(at: index) else { throw .repeated }
        if value.kind == .null, input.isNullable { return nulls.append(index) }
        if value.kind == .null, input.type != .json || input.isOptional || input.defaultValue != nil { return }
        guard input.type.isList else {
            let start = text.count
            try input.appendCanonical(value, to: &text)
            return append(start..<text.count, at: index)
        }
        guard value.kind == .array else { throw .notAList }
        let count = (text: text.count, elements: elements.count)
        let limit = count.text + Self.longestList(of: value.bytes.count)
        slots[index] = elements.count..<elements.count
        do throws(InputError) {
            for element in value.elements {
                guard element.kind != .null else { throw .containsNull }
                let start = text.count
                try input.appendCanonical(element, to: &text)
                append(start..<text.count, at: index)
                guard text.count <= limit else { throw .outOfRange(input.type.scalar) }
            }
        } catch {
            text.removeSubrange(count.text...)
            elements.removeSubrange(count.elements...)
            slots[index] = nil
            throw error
        }
    }

    /// Sets the default of an input without a value.
    ///
    /// - Parameters:
    ///   - input: the input's declaration.
    ///   - index: the index of the input.
    /// - Throws: ``InputError/missing`` if a required input has no default.
    package mutating func complete(_ input: RouteInput, at index: Int) throws(InputError) {
        guard !isGiven(at: index) else { return }
        guard let value = input.defaultValue else {
            if input.isOptional { return }
            throw .missing
        }
        slots[index] = elements.count..<elements.count
        for element in value.texts {
            let start = text.count
            text.append(contentsOf: element.utf8)
            append(start..<text.count, at: index)
        }
    }

    private mutating func append(_ range: Range<Int>, at index: Int) {
        elements.append(range)
        let first = slots[index]?.lowerBound ?? elements.count - 1
        precondition(
            slots[index].map { $0.upperBound == elements.count - 1 } ?? true,
            "a list's elements stand together"
        )
        slots[index] = first..<elements.count
    }

    /// The number of inputs.
    public var count: Int { slots.count }

    /// Indicates that the input has a value. A list may be present and empty, by its default or in a body.
    public func isPresent(at index: Int) -> Bool { slots[index] != nil }

    /// Indicates that the body has a nullable input as `null`.
    public func isNull(at index: Int) -> Bool { nulls.contains(index) }

    /// Indicates that the input has a value or is null.
    public func isGiven(at index: Int) -> Bool { isPresent(at: index) || isNull(at: index) }

    /// The canonical bytes of a single value; `nil` if it is absent.
    public func bytes(at index: Int) -> ArraySlice<UInt8>? {
        slots[index].flatMap { $0.isEmpty ? nil : text[elements[$0.lowerBound]] }
    }

    /// The canonical bytes of each element of a list, or of a single value; empty if it is absent.
    public func allBytes(at index: Int) -> some RandomAccessCollection<ArraySlice<UInt8>> {
        (slots[index] ?? 0..<0).lazy.map { text[elements[$0]] }
    }

    /// Calls `body` with the canonical bytes of each element of a list, or of a single value; not at all if it is
    /// absent.
    func forEachElement(at index: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        guard let slot = slots[index] else { return }
        text.withUnsafeBufferPointer { text in
            for element in slot { body(UnsafeBufferPointer(rebasing: text[elements[element]])) }
        }
    }

    /// The canonical text of a single value; `nil` if it is absent.
    public func text(at index: Int) -> String? {
        bytes(at: index).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The canonical texts of a list's elements; empty if it is absent.
    public func texts(at index: Int) -> [String] {
        allBytes(at: index).map { String(decoding: $0, as: UTF8.self) }
    }
}
