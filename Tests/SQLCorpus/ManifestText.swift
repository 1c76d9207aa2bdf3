extension SQLCorpus {
    /// A way to write statements in a manifest.
    public enum ManifestForm: Sendable, CaseIterable {
        /// `sql: |`, with lines as they are.
        case block
        /// `sql: "…"`, in which any character can be written.
        case quoted
    }

    /// A manifest with a route for each statement, `s0`, `s1` and so on.
    ///
    /// - Parameter returns: the `returns` of each route, for statements that write; `nil` for reads.
    public static func manifest(of statements: [Statement], form: ManifestForm, returns: [String]? = nil) -> String {
        var lines = ["version: 1", "namespace: corpus", "routes:"]
        for (number, statement) in statements.enumerated() {
            lines.append("  s\(number):")
            lines.append("    \(returns == nil ? "get" : "post"): /s\(number)")
            if let returns { lines.append("    returns: \(returns[number])") }
            if !statement.inputs.isEmpty { lines.append(returns == nil ? "    query:" : "    body:") }
            for input in statement.inputs {
                let optional = input.isOptional ? ", optional: true" : ""
                lines.append("      \(input.name): { type: \"\(input.type)\"\(optional) }")
            }
            switch form {
            case .block:
                lines.append("    sql: |2")
                let text = statement.sql.split(separator: "\n", omittingEmptySubsequences: false)
                lines += text.map { $0.isEmpty ? "" : "      \($0)" }
            case .quoted: lines.append("    sql: \"\(escaped(statement.sql))\"")
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func escaped(_ text: String) -> String {
        text.unicodeScalars.map { scalar in
            switch scalar {
            case "\\", "\"": "\\\(scalar)"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                "\\x" + (scalar.value < 0x10 ? "0" : "") + String(scalar.value, radix: 16)
            default: String(scalar)
            }
        }.joined()
    }
}

extension Statement {
    /// The lines of a YAML block keep the statement byte for byte: YAML has LF for every line break, and no other
    /// control characters than that and the tabulator.
    public var isBlockText: Bool {
        sql.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F || $0 == "\n" || $0 == "\t" }
    }
}
