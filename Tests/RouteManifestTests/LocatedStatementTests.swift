import Fuzzing
import RouteManifest
import Testing

/// A text of a file with the place of each scalar of the value that the text stands for.
private struct WrittenText {
    let lineEnd: String
    private(set) var text = String.UnicodeScalarView()
    /// The places of the value's scalars.
    private(set) var places: [(line: Int, column: Int)] = []
    private var line = 1
    private var column = 1

    init(lineEnd: String) { self.lineEnd = lineEnd }

    /// Writes what is no part of the value.
    mutating func put(_ string: String) {
        for scalar in string.unicodeScalars {
            if scalar == "\n" {
                text.append(contentsOf: lineEnd.unicodeScalars)
                line += 1
                column = 1
            } else {
                text.append(scalar)
                column += 1
            }
        }
    }

    /// Writes the text for a scalar of the value.
    mutating func put(value string: String) {
        places.append((line, column))
        put(string)
    }

    /// Adds a scalar of the value for which nothing is written, such as the second of two line breaks.
    mutating func putPlace() { places.append((line, column)) }
}

/// The ways to write a statement.
private enum Style: CaseIterable {
    case plain, single, double, literal, numberedLiteral, folded, file

    /// Blanks that the style keeps.
    var blanks: [String] {
        switch self {
        case .plain: [" ", "  "]
        case .single, .folded: [" ", "\n"]
        case .double, .literal, .numberedLiteral, .file: [" ", "\n", "\n  ", "\t", " \n\n"]
        }
    }

    var prefixes: [String] {
        switch self {
        case .plain: ["", "/* é */ "]
        case .single, .folded: ["", "/* é */ ", "-- ü\n"]
        default: ["", "/* é */ ", "-- ü\n\n", "/* :a */\n"]
        }
    }

    /// Writes a value behind `sql: `. The key is indented by four blanks.
    func write(_ value: String, to output: inout WrittenText, _ random: inout SeededRandom) {
        let scalars = Array(value.unicodeScalars)
        switch self {
        case .file: for scalar in scalars { output.put(value: "\(scalar)") }
        case .literal, .numberedLiteral:
            output.put(self == .literal ? "|-" : "|3-")
            output.put("\n       ")
            for (index, scalar) in scalars.enumerated() {
                output.put(value: "\(scalar)")
                let isEmpty = index + 1 < scalars.count && scalars[index + 1] == "\n"
                if scalar == "\n", !isEmpty { output.put("       ") }
            }
        case .folded:
            output.put(">-\n      ")
            for (index, scalar) in scalars.enumerated() {
                if scalar == "\n" {
                    output.put(value: "\n")
                    output.put("\n      ")
                } else if scalar == " ", mayFold(scalars, index), random.oneIn(3) {
                    output.put(value: "\n")
                    output.put("      ")
                } else {
                    output.put(value: "\(scalar)")
                }
            }
        case .plain, .single, .double:
            if self == .single { output.put("'") }
            if self == .double { output.put("\"") }
            for (index, scalar) in scalars.enumerated() {
                if self == .double, let escape = escape(scalar, &random) {
                    output.put(value: escape)
                } else if scalar == "\n" {
                    output.put(value: "\n")
                    output.put("\n      ")
                } else if scalar == " ", mayFold(scalars, index), random.oneIn(3) {
                    output.put(value: "\n")
                    output.put("      ")
                } else {
                    output.put(value: self == .single && scalar == "'" ? "''" : "\(scalar)")
                }
                if self == .double, random.oneIn(20), index + 1 < scalars.count, scalars[index + 1] != " " {
                    output.put("\\\n      ")
                }
            }
            if self == .single { output.put("'") }
            if self == .double { output.put("\"") }
        }
    }

    /// Tells whether a blank may be written as a line break: it stands between two other characters.
    private func mayFold(_ scalars: [Unicode.Scalar], _ index: Int) -> Bool {
        index > 0 && index + 1 < scalars.count && ![" ", "\n", "\t"].contains(scalars[index - 1])
            && ![" ", "\n", "\t"].contains(scalars[index + 1])
    }

    private func escape(_ scalar: Unicode.Scalar, _ random: inout SeededRandom) -> String? {
        switch scalar {
        case "\n": "\\n"
        case "\t": "\\t"
        case "\"": "\\\""
        case "\\": "\\\\"
        case "é": random.pick(["\\xe9", "\\u00E9", "\\U000000e9", "é"])
        case "s" where random.oneIn(10): "\\x73"
        // A blank before what follows a break would be lost.
        case " ": "\\x20"
        default: nil
        }
    }
}

@Suite struct LocatedStatementTests {
    /// Columns of a result. `¤a¤` stands for the input `a`.
    private static let items = [
        "¤a¤", "x=¤b¤", "coalesce(¤a¤,¤b¤)", "'é'||¤a¤", "\"ä b\"", "1+¤a¤-¤a¤", "'it''s'", "/* ü :zz */¤a¤::text",
        "f(x,¤b¤)", "(SELECT¤a¤)", "$q$ :zz 𝄞$q$", "'𝄞'||¤b¤||'é'", "é.y", "E'\\'é'||¤b¤", "a[1:2]",
    ]

    @Test("Each byte of a sent statement has the place of its character, whatever the style")
    func places() throws {
        var located = 0
        for seed in FuzzCases(400) {
            var random = SeededRandom(seed: seed)
            let style = random.pick(Style.allCases)
            let lineEnd = random.pick(["\n", "\r\n"])
            let prefix = random.pick(style.prefixes)
            let suffix = random.pick(style == .plain ? ["", ";"] : ["", ";", " ; -- ä"])
            var core = "SELECT"
            for number in 0...random.below(6) {
                core +=
                    (number == 0 ? "" : ",") + random.pick(style.blanks) + random.pick(Self.items) + " AS c\(number)"
            }
            core += random.pick(style.blanks) + "FROM t LIMIT 1"
            let (value, expected, inputs) = Self.sent(core, from: prefix.unicodeScalars.count)
            let (set, file, places) = Self.read(prefix + value + suffix, style, lineEnd, &random)
            let message: Comment = "seed \(seed), \(style): \(prefix + value + suffix)"
            guard let statement = set.statements.first?.statement else {
                // A comment or a name over lines that YAML joins is refused.
                #expect("\(set.diagnostics)".contains("error: YAML "), "\(message): no statement: \(set.diagnostics)")
                continue
            }
            located += 1
            #expect(statement.sql.unicodeScalars.elementsEqual(expected.map { $0.scalar }), message)
            func place(_ index: Int) -> Location {
                Location(file: file, line: places[index].line, column: places[index].column)
            }
            var byte = 0
            for (scalar, index) in expected {
                // A blank may stand for a line break, at either end of which its place is as good.
                defer { byte += UTF8.width(scalar) }
                guard !scalar.properties.isWhitespace else { continue }
                for offset in byte..<byte + UTF8.width(scalar) {
                    #expect(statement.location(ofSentByte: offset) == place(index), message)
                }
            }
            // Behind the last character, which is the digit of LIMIT.
            var end = place(expected[expected.count - 1].index)
            end.column += 1
            if style != .double { #expect(statement.location(ofSentByte: byte) == end, message) }
            #expect(statement.start == place(prefix.unicodeScalars.count), message)
            let occurrences = statement.occurrences
            #expect(occurrences.map { statement.names[$0.parameter] } == inputs.map(\.0), message)
            for (occurrence, (_, index)) in zip(occurrences, inputs) {
                #expect(statement.location(ofSentByte: occurrence.sentByte) == place(index), message)
            }
        }
        #expect(located > 0)
    }

    /// The value for a text with `¤a¤` for inputs; the scalars of the sent statement, each with the index of its scalar in
    /// the value; and the occurrences of inputs.
    ///
    /// - Parameter start: the index in the value of the text's first scalar.
    private static func sent(
        _ text: String,
        from start: Int
    ) -> (value: String, sent: [(scalar: Unicode.Scalar, index: Int)], inputs: [(String, Int)]) {
        var value = ""
        var sent: [(scalar: Unicode.Scalar, index: Int)] = []
        var inputs: [(String, Int)] = []
        var names: [String] = []
        for (number, part) in text.split(separator: "¤", omittingEmptySubsequences: false).enumerated() {
            let part = String(part)
            let index = start + value.unicodeScalars.count
            guard number % 2 == 1 else {
                for (offset, scalar) in part.unicodeScalars.enumerated() { sent.append((scalar, index + offset)) }
                value += part
                continue
            }
            if !names.contains(part) { names.append(part) }
            if let last = sent.last?.scalar, last.properties.isXIDContinue || last == "$" { sent.append((" ", index)) }
            for scalar in "$\((names.firstIndex(of: part) ?? 0) + 1)".unicodeScalars { sent.append((scalar, index)) }
            inputs.append((part, index))
            value += ":\(part)"
        }
        return (value, sent, inputs)
    }

    /// Reads a manifest with a statement in a style.
    private static func read(
        _ value: String,
        _ style: Style,
        _ lineEnd: String,
        _ random: inout SeededRandom
    ) -> (set: ManifestSet, file: String, places: [(line: Int, column: Int)]) {
        var manifest = WrittenText(lineEnd: lineEnd)
        manifest.put("version: 1\nnamespace: n\nroutes:\n  r:\n    get: /r\n    query: { a: int, b: int }\n")
        manifest.put("    allow: [ unused-input ]\n")
        var written = WrittenText(lineEnd: lineEnd)
        if style == .file {
            manifest.put("    sql-file: r.sql\n")
            style.write(value, to: &written, &random)
            written.putPlace()
        } else {
            manifest.put("    sql: ")
            style.write(value, to: &manifest, &random)
            manifest.putPlace()
            manifest.put("\n    summary: é\n")
        }
        let source = ManifestSet.Source(file: "routes.yaml", text: String(manifest.text), typeName: "Routes")
        let bom = random.oneIn(3) ? "\u{FEFF}" : ""
        let set = ManifestSet([source]) { _, _ throws(SQLFileError) in bom + String(written.text) }
        return style == .file ? (set, "r.sql", written.places) : (set, "routes.yaml", manifest.places)
    }

    @Test("A place beyond a statement is at its end, and one before it at its start")
    func limits() throws {
        let source = "version: 1\nnamespace: n\nroutes:\n  r: { get: /r, sql: SELECT 1 LIMIT 1 }\n"
        let set = ManifestSet([.init(file: "f", text: source, typeName: "Routes")]) { _, _ throws(SQLFileError) in
            throw .notFound
        }
        let statement = try #require(set.statements.first).statement
        #expect(statement.location(ofSentByte: 100) == Location(file: "f", line: 4, column: 38))
        #expect(statement.location(ofSentByte: 16) == Location(file: "f", line: 4, column: 38))
        #expect(statement.location(ofSentByte: -1) == Location(file: "f", line: 4, column: 22))
    }
}
