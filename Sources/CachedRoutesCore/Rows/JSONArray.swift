/// An array of a row, of one or more dimensions, whose elements may be NULL.
///
/// PostgreSQL's lower bounds are not in JSON. An element of a `JSONArray<JSONFragment>` that is an array itself can't be told from a
/// further dimension: such arrays are read with one dimension.
public struct JSONArray<Element: Codable & Hashable & Sendable>: Hashable, Sendable {
    /// The elements of all dimensions, those of the last dimension next to each other; `nil` for NULL.
    public let elements: [Element?]
    /// The number of elements in each dimension, beginning with the outermost; empty for an array without elements.
    public let dimensions: [Int]

    /// Makes an array of one dimension.
    ///
    /// - Parameter elements: the elements.
    public init(_ elements: [Element?]) {
        self.init(elements, dimensions: elements.isEmpty ? [] : [elements.count])
    }

    /// Makes an array of several dimensions.
    ///
    /// - Parameters:
    ///   - elements: the elements of all dimensions.
    ///   - dimensions: the number of elements in each dimension, whose product is the number of `elements`.
    public init(_ elements: [Element?], dimensions: [Int]) {
        precondition(
            dimensions.isEmpty ? elements.isEmpty : dimensions.reduce(1, *) == elements.count,
            "the dimensions \(dimensions) are not those of \(elements.count) elements"
        )
        self.elements = elements
        self.dimensions = dimensions
    }

    /// The element with an index in each dimension.
    ///
    /// - Parameter indices: the indices, from 0, as many as there are dimensions.
    public subscript(_ indices: Int...) -> Element? {
        precondition(indices.count == dimensions.count, "the array has \(dimensions.count) dimensions")
        var position = 0
        for (index, count) in zip(indices, dimensions) {
            precondition((0..<count).contains(index), "the index \(index) is out of range")
            position = position * count + index
        }
        return elements[position]
    }
}

extension JSONArray: ExpressibleByArrayLiteral {
    /// Makes an array of one dimension.
    ///
    /// - Parameter elements: the elements.
    public init(arrayLiteral elements: Element?...) { self.init(elements) }
}

extension JSONArray: Codable {
    /// Reads nested JSON arrays.
    ///
    /// - Parameter decoder: the decoder of the value.
    /// - Throws: `DecodingError` if an element is of another type, or if arrays side by side differ in length.
    public init(from decoder: any Decoder) throws {
        var reader = Reader()
        try reader.read(decoder.unkeyedContainer(), depth: 0)
        elements = reader.elements
        dimensions = reader.dimensions == [0] ? [] : reader.dimensions
    }

    /// Writes nested JSON arrays.
    ///
    /// - Parameter encoder: the encoder of the value.
    /// - Throws: what the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container: any UnkeyedEncodingContainer = encoder.unkeyedContainer()
        var position = 0
        try write(dimensions[...], from: &position, to: &container)
    }

    private func write(
        _ dimensions: ArraySlice<Int>,
        from position: inout Int,
        to container: inout any UnkeyedEncodingContainer
    ) throws {
        guard let count = dimensions.first else { return }
        for _ in 0..<count {
            guard dimensions.count == 1 else {
                var nested: any UnkeyedEncodingContainer = container.nestedUnkeyedContainer()
                try write(dimensions.dropFirst(), from: &position, to: &nested)
                continue
            }
            if let element = elements[position] { try container.encode(element) } else { try container.encodeNil() }
            position += 1
        }
    }

    /// Collects elements and the lengths of dimensions.
    private struct Reader {
        var elements: [Element?] = []
        var dimensions: [Int] = []
        /// The depth of the arrays that have elements; `nil` before the first element.
        private var innermost: Int?

        private static var hasOneDimension: Bool { Element.self == JSONFragment.self }

        mutating func read(_ container: any UnkeyedDecodingContainer, depth: Int) throws {
            var container = container
            let isFirst = dimensions.count == depth
            // The length is known at the end; what is nested comes behind it.
            if isFirst { dimensions.append(0) }
            var count = 0
            while !container.isAtEnd {
                if !Self.hasOneDimension, let nested = try? container.nestedUnkeyedContainer() {
                    guard innermost.map({ $0 > depth }) ?? true else { throw Self.irregular(container) }
                    try read(nested, depth: depth + 1)
                } else {
                    guard innermost.map({ $0 == depth }) ?? (dimensions.count == depth + 1) else {
                        throw Self.irregular(container)
                    }
                    innermost = depth
                    elements.append(try container.decodeNil() ? nil : container.decode(Element.self))
                }
                count += 1
            }
            if isFirst { dimensions[depth] = count }
            guard dimensions[depth] == count else { throw Self.irregular(container) }
        }

        private static func irregular(_ container: any UnkeyedDecodingContainer) -> DecodingError {
            .dataCorruptedError(in: container, debugDescription: "The nested arrays differ in length or depth.")
        }
    }
}
