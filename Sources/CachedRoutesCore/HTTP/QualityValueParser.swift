/// Parses the weights of content negotiation (RFC 9110, 12.4.2).
enum QualityValueParser {
    /// Parses a weight in thousandths, such as 500 for `q=0.5`; `nil` if `parameter` is not a weight.
    static func thousandths(_ parameter: Substring) -> Int? { thousandths(bytes: parameter.utf8) }

    /// Splits a member of a list into its item and its weight, which is 1000 by default; `nil` if something other than
    /// a weight follows.
    static func split<Bytes: BidirectionalCollection<UInt8>>(_ member: Bytes) -> (item: Bytes, thousandths: Int)?
    where Bytes.SubSequence == Bytes {
        let item = member.prefix { $0 != UInt8(ascii: ";") }
        var weight = 1000
        if item.endIndex < member.endIndex {
            guard let given = thousandths(bytes: member[item.endIndex...].dropFirst()) else { return nil }
            weight = given
        }
        return (item.trimmed, weight)
    }

    private static func thousandths<Bytes: BidirectionalCollection<UInt8>>(bytes: Bytes) -> Int?
    where Bytes.SubSequence == Bytes {
        var rest = bytes.trimmed
        guard let name = rest.popFirst(), name == UInt8(ascii: "q") || name == UInt8(ascii: "Q"),
            rest.popFirst() == UInt8(ascii: "="),
            let whole = rest.popFirst(), whole == UInt8(ascii: "0") || whole == UInt8(ascii: "1")
        else { return nil }
        var weight = whole == UInt8(ascii: "1") ? 1000 : 0
        guard let point = rest.popFirst() else { return weight }
        guard point == UInt8(ascii: ".") else { return nil }
        var unit = 100
        for digit in rest {
            guard unit > 0, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            weight += Int(digit - UInt8(ascii: "0")) * unit
            unit /= 10
        }
        return weight <= 1000 ? weight : nil
    }
}

extension BidirectionalCollection<UInt8> where SubSequence == Self {
    /// The bytes without the spaces and tabs around them (RFC 9110, 5.6.3).
    var trimmed: Self {
        var rest = drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        while rest.last == UInt8(ascii: " ") || rest.last == UInt8(ascii: "\t") { rest.removeLast() }
        return rest
    }
}
