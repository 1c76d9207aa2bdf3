/// Writes JSON.
enum JSONText {
    /// A text in double quotes.
    static func string(_ text: String) -> String {
        var json = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": json += "\\\""
            case "\\": json += "\\\\"
            case "\n": json += "\\n"
            case "\r": json += "\\r"
            case "\t": json += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                json += "\\u00" + (scalar.value < 0x10 ? "0" : "") + String(scalar.value, radix: 16)
            default: json.unicodeScalars.append(scalar)
            }
        }
        return json + "\""
    }

    /// An object; members without a value are left out.
    static func object(_ members: [(name: String, json: String?)]) -> String {
        let present = members.compactMap { member in member.json.map { "\(string(member.name)):\($0)" } }
        return "{\(present.joined(separator: ","))}"
    }

    /// An array.
    static func array(_ elements: [String]) -> String { "[\(elements.joined(separator: ","))]" }
}
