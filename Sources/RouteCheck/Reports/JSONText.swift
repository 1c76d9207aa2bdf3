import RouteModel

/// Writes JSON.
enum JSONText {
    /// A text in double quotes.
    static func string(_ text: String) -> String { JSONStringEscaper.quoted(text) }

    /// An object; members without a value are left out.
    static func object(_ members: [(name: String, json: String?)]) -> String {
        let present = members.compactMap { member in member.json.map { "\(string(member.name)):\($0)" } }
        return "{\(present.joined(separator: ","))}"
    }

    /// An array.
    static func array(_ elements: [String]) -> String { "[\(elements.joined(separator: ","))]" }
}
