/// The weights of what a client accepts (RFC 9110, 12.4.2).
enum QualityValue {
    /// The weight in thousandths that `parameter` gives, for instance 500 for `q=0.5`; `nil` where it gives none.
    static func thousandths(_ parameter: Substring) -> Int? {
        var rest = parameter.utf8.trimmed
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

    /// What a member of a list stands for and its weight, which is 1000 where it has none; `nil` where something other
    /// than a weight follows.
    static func split(_ member: Substring) -> (item: Substring, thousandths: Int)? {
        let item = member.utf8.prefix { $0 != 0x3B }
        var weight = 1000
        if item.endIndex < member.endIndex {
            guard let given = thousandths(member[item.endIndex...].dropFirst()) else { return nil }
            weight = given
        }
        return (Substring(item.trimmed), weight)
    }
}

extension Substring.UTF8View {
    /// The bytes without the spaces and tabs around them (RFC 9110, 5.6.3).
    var trimmed: Substring.UTF8View {
        var rest = drop { $0 == 0x20 || $0 == 0x09 }
        while rest.last == 0x20 || rest.last == 0x09 { rest.removeLast() }
        return rest
    }
}
