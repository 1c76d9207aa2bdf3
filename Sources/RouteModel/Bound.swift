/// A declared minimum or maximum, parsed once so that comparing a value doesn't parse it again.
enum Bound: Hashable, Sendable {
    case integer(Int64)
    case double(Double)
    case decimal(DecimalText)
    case text([UInt8])

    init(_ canonical: String, _ type: InputType.Scalar) {
        let bytes = Array(canonical.utf8)
        switch type.kind {
        case .int, .int32: self = .integer(Int64(canonical) ?? 0)
        case .double: self = .double(Double(canonical) ?? 0)
        case .decimal: self = .decimal(DecimalText(canonical: bytes[...]))
        case .timestamp: self = .text(Self.comparable(bytes[...]))
        case .bool, .string, .uuid, .date, .json: self = .text(bytes)
        }
    }

    func isGreater(than canonical: ArraySlice<UInt8>) -> Bool { order(to: canonical) > 0 }
    func isLess(than canonical: ArraySlice<UInt8>) -> Bool { order(to: canonical) < 0 }

    /// Compares the bound with a value: negative if the bound is less, positive if it is greater.
    private func order(to canonical: ArraySlice<UInt8>) -> Int {
        switch self {
        case .integer(let bound):
            let value = CanonicalForm.integer(canonical) ?? 0
            return bound < value ? -1 : bound > value ? 1 : 0
        case .double(let bound):
            let value = Double(String(decoding: canonical, as: UTF8.self)) ?? 0
            return bound < value ? -1 : bound > value ? 1 : 0
        case .decimal(let bound):
            let value = DecimalText(canonical: canonical)
            return bound < value ? -1 : value < bound ? 1 : 0
        case .text(let bound):
            let value = Self.comparable(canonical)
            return bound.lexicographicallyPrecedes(value) ? -1 : value.lexicographicallyPrecedes(bound) ? 1 : 0
        }
    }

    /// The part of a canonical text that sorts by its bytes: a timestamp without its final `Z`, so that a fraction
    /// makes the text longer.
    private static func comparable(_ canonical: ArraySlice<UInt8>) -> [UInt8] {
        canonical.last == UInt8(ascii: "Z") ? Array(canonical.dropLast()) : Array(canonical)
    }
}

/// A canonical decimal, split so that it compares by value: zeros at the end of its fraction are ignored.
struct DecimalText: Hashable, Sendable, Comparable {
    private let isNegative: Bool
    private let whole: [UInt8]
    private let fraction: [UInt8]

    init(canonical: ArraySlice<UInt8>) {
        isNegative = canonical.first == UInt8(ascii: "-")
        let digits = isNegative ? canonical.dropFirst() : canonical
        let parts = digits.split(separator: UInt8(ascii: "."), maxSplits: 1)
        whole = parts.first.map(Array.init) ?? []
        let decimals = parts.count > 1 ? parts[1] : []
        fraction = Array(decimals.dropLast(decimals.reversed().prefix { $0 == UInt8(ascii: "0") }.count))
    }

    static func < (left: DecimalText, right: DecimalText) -> Bool {
        if left.isNegative != right.isNegative { return left.isNegative }
        let (low, high) = left.isNegative ? (right, left) : (left, right)
        if low.whole.count != high.whole.count { return low.whole.count < high.whole.count }
        if low.whole != high.whole { return low.whole.lexicographicallyPrecedes(high.whole) }
        return low.fraction.lexicographicallyPrecedes(high.fraction)
    }
}
