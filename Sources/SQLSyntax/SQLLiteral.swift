/// SQL string constants.
public enum SQLLiteral {
    /// The text as a string constant with the same meaning whether `standard_conforming_strings` is on or off.
    public static func quoted(_ text: String) -> String {
        let hasBackslash = text.utf8.contains(UInt8(ascii: "\\"))
        var literal = hasBackslash ? "E'" : "'"
        // Compares Unicode scalars, because a quote and a following combining mark are one character.
        for scalar in text.unicodeScalars {
            if scalar == "'" || scalar == "\\" { literal.unicodeScalars.append(scalar) }
            literal.unicodeScalars.append(scalar)
        }
        return literal + "'"
    }
}
