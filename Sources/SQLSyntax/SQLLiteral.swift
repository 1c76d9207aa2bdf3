/// String constants as SQL spells them.
public enum SQLLiteral {
    /// The text as a string constant that means the same whether `standard_conforming_strings` is on or off.
    public static func quoted(_ text: String) -> String {
        let hasBackslash = text.utf8.contains(UInt8(ascii: "\\"))
        var literal = hasBackslash ? "E'" : "'"
        // By scalars: a quote and the combining mark behind it are one character.
        for scalar in text.unicodeScalars {
            if scalar == "'" || scalar == "\\" { literal.unicodeScalars.append(scalar) }
            literal.unicodeScalars.append(scalar)
        }
        return literal + "'"
    }
}
