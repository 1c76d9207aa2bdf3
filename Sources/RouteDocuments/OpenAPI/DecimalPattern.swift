/// Regular expressions for decimals in their written form, `-12.50`, that lie between bounds.
///
/// JSON Schema compares numbers only, and a decimal of a path or a query is a text: as a number of binary floating point it would
/// be another one. The expressions have no lookahead, which not all readers of schemas know.
struct DecimalPattern {
    private static let any = #"[0-9]+(\.[0-9]+)?"#

    /// The expression for the decimals between bounds; `nil` where none is known, which is for a positive least value beside a
    /// greatest one, and for a negative greatest one.
    ///
    /// - Parameters:
    ///   - minimum: the least value in canonical form; `nil` for none.
    ///   - maximum: the greatest value in canonical form; `nil` for none.
    ///   - exponent: the expression for what may stand behind the digits, where there are no bounds but zero.
    static func text(minimum: String?, maximum: String?, exponent: String = "") -> String? {
        let (low, high) = (minimum.map(Bound.init), maximum.map(Bound.init))
        switch (low, high) {
        case (nil, nil): return "^-?\(any)\(exponent)$"
        case (let low?, nil) where low.isZero: return #"^(-0+(\.0+)?|\#(any))\#(exponent)$"#
        case (let low?, nil) where low.isNegative: return "^(-\(low.notAbove)|\(any))$"
        case (let low?, nil): return "^\(low.notBelow)$"
        case (nil, let high?) where !high.isNegative: return "^(-\(any)|\(high.notAbove))$"
        case (let low?, let high?) where low.isZero && !high.isNegative:
            return #"^(-0+(\.0+)?|\#(high.notAbove))$"#
        case (let low?, let high?) where low.isNegative && !high.isNegative:
            return "^(-\(low.notAbove)|\(high.notAbove))$"
        default: return nil
        }
    }

    /// The digits of a bound, without its sign.
    private struct Bound {
        let isNegative: Bool
        let whole: [Int]
        let fraction: [Int]

        init(_ canonical: String) {
            isNegative = canonical.hasPrefix("-")
            let parts = canonical.drop { $0 == "-" }.split(separator: ".", maxSplits: 1)
            func digits(_ text: Substring) -> [Int] { text.compactMap(\.wholeNumberValue) }
            whole = parts.first.map(digits) ?? [0]
            let decimals = parts.count > 1 ? digits(parts[1]) : []
            fraction = Array(decimals.reversed().drop { $0 == 0 }.reversed())
        }

        var isZero: Bool { whole == [0] && fraction.isEmpty }

        private static func text(_ digits: some Sequence<Int>) -> String { digits.map { "\($0)" }.joined() }
        private static func oneOf(_ range: ClosedRange<Int>) -> String {
            range.count == 1 ? "\(range.lowerBound)" : "[\(range.lowerBound)-\(range.upperBound)]"
        }

        /// The decimals without a sign that are not above.
        var notAbove: String {
            var smaller: [String] = []
            if whole.count > 1 { smaller.append(whole.count == 2 ? "[0-9]" : "[0-9]{1,\(whole.count - 1)}") }
            for (index, digit) in whole.enumerated() where digit > (index == 0 && whole.count > 1 ? 1 : 0) {
                let least = index == 0 && whole.count > 1 ? 1 : 0
                smaller.append(
                    Self.text(whole[..<index]) + Self.oneOf(least...(digit - 1))
                        + Self.anyDigits(whole.count - index - 1)
                )
            }
            var fractions = ["0+"]
            for (index, digit) in fraction.enumerated() {
                let prefix = Self.text(fraction[..<index])
                if digit > 0 { fractions.append(prefix + Self.oneOf(0...(digit - 1)) + "[0-9]*") }
                fractions.append(prefix + "\(digit)" + (index == fraction.count - 1 ? "0*" : ""))
            }
            let equal = Self.text(whole) + #"(\.(\#(fractions.joined(separator: "|"))))?"#
            let less = smaller.isEmpty ? "" : #"(\#(smaller.joined(separator: "|")))(\.[0-9]+)?|"#
            return "0*(\(less)\(equal))"
        }

        /// The decimals without a sign that are not below.
        var notBelow: String {
            var larger = ["[1-9][0-9]{\(whole.count),}"]
            for (index, digit) in whole.enumerated() where digit < 9 {
                larger.append(
                    Self.text(whole[..<index]) + Self.oneOf((digit + 1)...9) + Self.anyDigits(whole.count - index - 1)
                )
            }
            let more = #"(\#(larger.joined(separator: "|")))(\.[0-9]+)?"#
            guard let last = fraction.last else { return #"0*(\#(more)|\#(Self.text(whole))(\.[0-9]+)?)"# }
            var fractions: [String] = []
            for (index, digit) in fraction.enumerated() where digit < 9 {
                fractions.append(Self.text(fraction[..<index]) + Self.oneOf((digit + 1)...9) + "[0-9]*")
            }
            fractions.append(Self.text(fraction.dropLast()) + "\(last)[0-9]*")
            return #"0*(\#(more)|\#(Self.text(whole))\.(\#(fractions.joined(separator: "|"))))"#
        }

        private static func anyDigits(_ count: Int) -> String {
            switch count {
            case 0: ""
            case 1: "[0-9]"
            default: "[0-9]{\(count)}"
            }
        }
    }
}
