/// Parses the weights of content negotiation (RFC 9110, 12.4.2).
enum QualityValue {
    /// Parses a weight in thousandths, such as 500 for `q=0.5`; `nil` if `parameter` is not a weight.
    static func thousandths(_ parameter: Substring) -> Int? { thousandths(bytes: parameter.utf8) }

    /// Splits a member of a list into its item and its weight, which is 1000 by default; `nil` if something other than
    /// a weight follows.
    static func split<Bytes: BidirectionalCollection<UInt8>>(_ member: Bytes) -> (item: Bytes, thousandths: Int)?
    where Bytes.SubSequence == Bytes {
        let item = member.prefix { $0 != 0x3B }
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
        guard let name = rest.popFirst(), name == 0x71 || name == 0x51, rest.popFirst() == 0x3D,
            let whole = rest.popFirst(), whole == 0x30 || whole == 0x31
        else { return nil }
        var weight = whole == 0x31 ? 1000 : 0
        guard let point = rest.popFirst() else { return weight }
        guard point == 0x2E else { return nil }
        var unit = 100
        for digit in rest {
            guard unit > 0, (0x30...0x39).contains(digit) else { return nil }
            weight += Int(digit - 0x30) * unit
            unit /= 10
        }
        return weight <= 1000 ? weight : nil
    }
}

extension BidirectionalCollection<UInt8> where SubSequence == Self {
    /// The bytes without the spaces and tabs around them (RFC 9110, 5.6.3).
    var trimmed: Self {
        var rest = drop { $0 == 0x20 || $0 == 0x09 }
        while rest.last == 0x20 || rest.last == 0x09 { rest.removeLast() }
        return rest
    }
}
