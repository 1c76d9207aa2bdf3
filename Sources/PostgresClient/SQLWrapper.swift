/// Wraps a statement so that the server converts some of its columns to JSON.
enum SQLWrapper {
    /// A statement with the columns of `sql`, in which `to_json` has been applied to those marked.
    ///
    /// The names of the columns are written out, so a column that `SELECT *` gains or loses later would go unnoticed by
    /// the server, which takes only changes of the outer columns for a changed result. The condition makes it an error
    /// (SQLSTATE 42601): both sides of a UNION need equally many columns. It costs nothing at run time, because the
    /// planner removes what follows `true OR`.
    static func wrap(_ sql: String, columns: [(name: String, isConverted: Bool)]) -> String {
        let list = columns.map { column in
            let name = quote(column.name)
            return column.isConverted ? "to_json(\"_\".\(name)) AS \(name)" : "\"_\".\(name)"
        }
        let nulls = Array(repeating: "NULL", count: columns.count).joined(separator: ", ")
        return """
            SELECT \(list.joined(separator: ", ")) FROM (
            \(withoutEnd(sql))
            ) AS "_" WHERE true OR EXISTS (SELECT "_".* UNION ALL SELECT \(nulls))
            """
    }

    private static func quote(_ name: String) -> String {
        "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }

    /// The statement without its closing semicolons and whatever comments follow them.
    ///
    /// The server has accepted the statement, so what begins here also ends.
    static func withoutEnd(_ sql: String) -> String {
        let bytes = Array(sql.utf8)
        var index = 0
        var end = 0
        while index < bytes.count {
            let next = skip(bytes, index)
            switch next.kind {
            case .text: end = next.end
            case .blank, .semicolon: break
            }
            index = next.end
        }
        return String(decoding: bytes[..<end], as: UTF8.self)
    }

    private enum Kind { case text, blank, semicolon }

    /// What begins at `start`, and where it ends.
    private static func skip(_ bytes: [UInt8], _ start: Int) -> (kind: Kind, end: Int) {
        func byte(_ index: Int) -> UInt8 { index < bytes.count ? bytes[index] : 0 }
        switch byte(start) {
        case UInt8(ascii: ";"): return (.semicolon, start + 1)
        case 0x20, 0x09...0x0d: return (.blank, start + 1)
        case UInt8(ascii: "-") where byte(start + 1) == UInt8(ascii: "-"):
            let end = bytes[start...].firstIndex { $0 == 0x0a || $0 == 0x0d } ?? bytes.count
            return (.blank, end)
        case UInt8(ascii: "/") where byte(start + 1) == UInt8(ascii: "*"):
            return (.blank, endOfComment(bytes, start))
        case UInt8(ascii: "'"):
            let before = start > 0 ? bytes[start - 1] | 0x20 : 0
            let isEscape = before == UInt8(ascii: "e") && (start < 2 || !isIdentifier(bytes[start - 2]))
            return (.text, endOfQuoted(bytes, start, escapes: isEscape))
        case UInt8(ascii: "\""): return (.text, endOfQuoted(bytes, start, escapes: false))
        case UInt8(ascii: "$") where start == 0 || !isIdentifier(bytes[start - 1]):
            return (.text, endOfDollarQuoted(bytes, start))
        default: return (.text, start + 1)
        }
    }

    private static func isIdentifier(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"), 0x80...:
            true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "$"): true
        default: false
        }
    }

    private static func endOfComment(_ bytes: [UInt8], _ start: Int) -> Int {
        var depth = 0
        var index = start
        while index + 1 < bytes.count {
            switch (bytes[index], bytes[index + 1]) {
            case (UInt8(ascii: "/"), UInt8(ascii: "*")):
                depth += 1
                index += 2
            case (UInt8(ascii: "*"), UInt8(ascii: "/")):
                depth -= 1
                index += 2
                if depth == 0 { return index }
            default: index += 1
            }
        }
        return bytes.count
    }

    private static func endOfQuoted(_ bytes: [UInt8], _ start: Int, escapes: Bool) -> Int {
        let quote = bytes[start]
        var index = start + 1
        while index < bytes.count {
            if bytes[index] == quote {
                if index + 1 < bytes.count, bytes[index + 1] == quote {
                    index += 2
                } else if escapes, let next = continuation(bytes, index + 1) {
                    index = next
                } else {
                    return index + 1
                }
            } else {
                index += escapes && bytes[index] == UInt8(ascii: "\\") ? 2 : 1
            }
        }
        return bytes.count
    }

    /// Where the text of a string goes on that is continued behind a line break, still with escapes; `nil` where it is
    /// not.
    private static func continuation(_ bytes: [UInt8], _ start: Int) -> Int? {
        var index = start
        var hasLineBreak = false
        while index < bytes.count {
            switch bytes[index] {
            case 0x0a, 0x0d: hasLineBreak = true
            case 0x20, 0x09, 0x0b, 0x0c: break
            case UInt8(ascii: "-") where index + 1 < bytes.count && bytes[index + 1] == UInt8(ascii: "-"):
                index = bytes[index...].firstIndex { $0 == 0x0a || $0 == 0x0d } ?? bytes.count
                continue
            case UInt8(ascii: "'"): return hasLineBreak ? index + 1 : nil
            default: return nil
            }
            index += 1
        }
        return nil
    }

    /// The end of `$tag$ … $tag$`, or of a lone `$` as in `$1`.
    private static func endOfDollarQuoted(_ bytes: [UInt8], _ start: Int) -> Int {
        guard let tagEnd = bytes[(start + 1)...].firstIndex(where: { $0 == UInt8(ascii: "$") || !isIdentifier($0) }),
            bytes[tagEnd] == UInt8(ascii: "$"), !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[start + 1])
        else { return start + 1 }
        let tag = bytes[start...tagEnd]
        var index = tagEnd + 1
        while index + tag.count <= bytes.count {
            if bytes[index..<index + tag.count].elementsEqual(tag) { return index + tag.count }
            index += 1
        }
        return bytes.count
    }
}
