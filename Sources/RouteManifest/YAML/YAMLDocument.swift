import RouteModel
import Yams

/// The YAML document of a manifest.
final class YAMLDocument {
    let source: SourceText
    /// The original names of keys that were renamed for the parser, by their places.
    private var renamedKeys: [Location: String] = [:]
    private var rootNode: Node?

    private init(source: SourceText) { self.source = source }

    /// Parses a manifest and returns its root; `nil` after reporting an error.
    static func compose(_ source: SourceText, keys: KnownManifestKeys, reportingTo diagnostics: Diagnostics)
        -> YAMLNode?
    {
        // The deallocation of deeply nested nodes recurses too, and also happens on this stack.
        LargeStackThread.run { composed(source, keys: keys, reportingTo: diagnostics) }
    }

    private static func composed(_ source: SourceText, keys: KnownManifestKeys, reportingTo diagnostics: Diagnostics)
        -> YAMLNode?
    {
        guard checkCharacters(source, diagnostics) else { return nil }
        let document = YAMLDocument(source: source)
        var scalars = source.scalars
        while true {
            do {
                // The basic resolver leaves plain scalars as text: it knows no numbers, Booleans, dates or merge keys.
                let parser = try Parser(yaml: SourceText.string(scalars[...]), resolver: .basic, encoding: .utf8)
                let root = try parser.nextRoot()
                if let other = try parser.nextRoot() {
                    diagnostics.error(
                        "a manifest is one YAML document; another one begins here; put it into a file of its own, such as "
                            + "books.routes.yaml",
                        at: document.location(of: other)
                    )
                }
                return document.accept(root, diagnostics)
            } catch YamlError.duplicatedKeysInMapping(let names, let context) {
                let location = Location(file: source.file, line: context.mark.line, column: context.mark.column)
                let name = names.first ?? ""
                guard document.rename(name, at: location, in: &scalars) else {
                    diagnostics.error("duplicate key '\(name)'; remove one of the two", at: location)
                    return nil
                }
            } catch {
                report(error, in: source, keys: keys, reportingTo: diagnostics)
                return nil
            }
        }
    }

    private func accept(_ root: Node?, _ diagnostics: Diagnostics) -> YAMLNode? {
        guard let root else {
            diagnostics.error(Self.empty, at: source.location(at: 0))
            return nil
        }
        if let location = NodeDepthLimit.excess(of: root, in: self) {
            diagnostics.error(NodeDepthLimit.message, at: location)
            return nil
        }
        rootNode = root
        let node = YAMLNode(root, in: self)
        if !renamedKeys.isEmpty {
            var visited: Set<Location> = []
            reportDuplicates(root, visited: &visited, reportingTo: diagnostics)
        }
        if node.isNull {
            diagnostics.error(Self.empty, at: node.location)
            return nil
        }
        return node
    }

    private static let empty = "the manifest is empty; begin it with 'version: 1'"

    func location(of node: Node) -> Location {
        source.location(line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
    }

    /// The entries of a mapping. Of several with one name, the first.
    func entries(of mapping: Node.Mapping) -> [YAMLEntry] {
        var seen: Set<String> = []
        return mapping.compactMap { pair in
            let name = name(of: pair.key)
            guard seen.insert(name).inserted else { return nil }
            return YAMLEntry(key: name, keyLocation: location(of: pair.key), value: YAMLNode(pair.value, in: self))
        }
    }

    private func name(of key: Node) -> String {
        switch key {
        case .scalar(let scalar):
            renamedKeys[location(of: key)] ?? YAMLScalar.text(of: scalar, at: location(of: key), in: source)
        case .sequence: "[…]"
        case .mapping, .alias: "{…}"
        }
    }

    // MARK: - Duplicate keys

    /// Renames the key at `location` to a unique name of the same length.
    ///
    /// The parser stops at a mapping with a duplicate key and reports only its first place. With the key renamed the
    /// rest can be parsed, and both places are known. Each renaming costs another pass of the parser, so their number
    /// is limited.
    private func rename(_ name: String, at location: Location, in scalars: inout [Unicode.Scalar]) -> Bool {
        var start = source.index(line: location.line, column: location.column)
        guard start < scalars.count, renamedKeys[location] == nil else { return false }
        var end = start
        if let quote = ["\"", "'"].first(where: { $0 == scalars[start] }) {
            start += 1
            end = start
            while end < scalars.count, scalars[end] != quote, !source.isBreak(at: end) {
                end += quote == "\"" && scalars[end] == "\\" ? 2 : 1
            }
            guard end < scalars.count, scalars[end] == quote else { return false }
        } else {
            end = start + name.unicodeScalars.count
            guard end <= scalars.count, scalars[start..<end].elementsEqual(name.unicodeScalars) else { return false }
        }
        guard start < end, let first = Unicode.Scalar(0xF0000 + UInt32(renamedKeys.count)), renamedKeys.count < 100
        else { return false }
        for index in start..<end { scalars[index] = index == start ? first : "\u{E000}" }
        renamedKeys[location] = name
        return true
    }

    /// Reports duplicate keys in a node.
    ///
    /// - Parameters:
    ///   - visited: the places of the nodes that have been checked. Aliases lead to one node on several paths.
    ///   - keys: the keys on the path to the node.
    private func reportDuplicates(
        _ node: Node,
        visited: inout Set<Location>,
        reportingTo diagnostics: Diagnostics,
        under keys: [String] = []
    ) {
        switch node {
        case .scalar, .alias: return
        case .sequence(let sequence):
            guard visited.insert(location(of: node)).inserted else { return }
            for element in sequence {
                reportDuplicates(element, visited: &visited, reportingTo: diagnostics, under: keys + ["-"])
            }
        case .mapping(let mapping):
            guard visited.insert(location(of: node)).inserted else { return }
            var first: [String: Location] = [:]
            for (key, value) in mapping {
                let name = name(of: key)
                let place = location(of: key)
                if let earlier = first[name] {
                    diagnostics.error(
                        Self.message(forDuplicate: name, under: keys),
                        at: place,
                        notes: [.init("first here", at: earlier)]
                    )
                } else {
                    first[name] = place
                }
                reportDuplicates(value, visited: &visited, reportingTo: diagnostics, under: keys + [name])
            }
        }
    }

    /// The message about a duplicate key, which depends on the keys on the path to the mapping.
    private static func message(forDuplicate name: String, under keys: [String]) -> String {
        if keys == ["routes"] { return "two routes are called '\(name)'; give this one another name" }
        if keys.first == "routes", keys.count == 3, RouteInput.Group(rawValue: keys[2]) != nil {
            return "two inputs are called '\(name)'; give this one another name, or remove it"
        }
        return "duplicate key '\(name)'; remove one of the two"
    }

    // MARK: - Errors of the text itself

    /// Reports characters that YAML doesn't allow (YAML 1.2.2, 5.1), and three that only YAML 1.1 treats as line
    /// breaks, because editors don't count them.
    private static func checkCharacters(_ source: SourceText, _ diagnostics: Diagnostics) -> Bool {
        var isFine = true
        for (index, scalar) in source.scalars.enumerated() {
            switch scalar.value {
            case 0x09, 0x0A, 0x0D, 0x20...0x7E, 0xA0...0x2027, 0x202A...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD,
                0x10000...:
                continue
            case 0xFEFF:
                diagnostics.error(
                    "a byte order mark belongs at the start of a file; remove this one",
                    at: source.location(at: index)
                )
            default:
                let code = String(scalar.value, radix: 16, uppercase: true)
                let padded = String(repeating: "0", count: max(0, 4 - code.count)) + code
                diagnostics.error(
                    "the character U+\(padded) is not allowed here; write \"\\u\(padded)\" in double quotes",
                    at: source.location(at: index)
                )
            }
            isFine = false
        }
        return isFine
    }

    private static func report(
        _ error: any Error,
        in source: SourceText,
        keys: KnownManifestKeys,
        reportingTo diagnostics: Diagnostics
    ) {
        switch error {
        case YamlError.scanner(let context, let problem, let mark, _),
            YamlError.parser(let context, let problem, let mark, _),
            YamlError.composer(let context, let problem, let mark, _):
            let location = source.location(line: mark.line, column: mark.column)
            let index = source.index(line: mark.line, column: mark.column)
            let found = index < source.scalars.count ? source.scalars[index] : "\n"
            let isMapping = problem.contains("mapping values are not allowed")
            let fault = YAMLFault(
                source: source,
                problem: problem,
                index: index,
                context: context.flatMap { context in
                    guard !context.text.isEmpty else { return nil }
                    return (context.text, source.index(line: context.mark.line, column: context.mark.column))
                },
                keys: keys
            )
            let start = fault.reservedStart
            let mayEnd = problem.contains("find expected key") || problem.contains("find expected ':'")
            if found == "\t" {
                diagnostics.error(
                    "YAML is indented with spaces, not with tabs; write blanks for this tab",
                    at: location
                )
            } else if let explanation = fault.explanation {
                diagnostics.error(explanation.message, at: source.location(at: explanation.index))
            } else if let sql = source.sqlValue(upTo: location.line, mayEndBefore: mayEnd) {
                let reason = isMapping ? "text with ': ' needs quotes" : start?.message ?? problem
                reportSQL(sql, in: source, problem: reason, at: location, reportingTo: diagnostics)
            } else if let start {
                diagnostics.error(start.message, at: source.location(at: start.index))
            } else if isMapping {
                let line = source.line(location.line)
                let value = line.value
                let isPlain = !value.contains("\"") && value.first.map { !"{['|>&*!".contains($0) } ?? false
                let cure = isPlain ? line.key.map { ": \($0): \"\(value)\"" } ?? "" : ""
                diagnostics.error("text with ': ' needs quotes\(cure)", at: location)
            } else if (found == "{" && problem.contains("expected ','"))
                || (found == ":" && problem.contains("unexpected ':'"))
            {
                diagnostics.error("text with ':' or braces needs quotes inside [ ] and { }", at: location)
            } else {
                var notes: [Diagnostic.Note] = []
                if let context, !context.text.isEmpty {
                    let place = source.location(line: context.mark.line, column: context.mark.column)
                    notes = [.init(context.text, at: place)]
                }
                diagnostics.error("not YAML: \(problem)", at: location, notes: notes)
            }
        case let error as YamlError:
            diagnostics.error("not YAML: \(error)", at: source.location(at: 0))
        default:
            diagnostics.error("not YAML: \(error)", at: source.location(at: 0))
        }
    }

    /// Reports an error of the parser in SQL that begins on a line: at the YAML comment that ends the SQL, if there is
    /// one.
    private static func reportSQL(
        _ start: Int,
        in source: SourceText,
        problem: String,
        at location: Location,
        reportingTo diagnostics: Diagnostics
    ) {
        let cure = "write 'sql: |' and the SQL on the lines below, where YAML changes nothing"
        for line in stride(from: start + 1, to: location.line, by: 1) {
            var index = source.index(line: line, column: 1)
            while source.isBlank(at: index) { index += 1 }
            guard index < source.scalars.count, source.scalars[index] == "#" else { continue }
            diagnostics.error(
                "a YAML comment begins here, and ends the SQL before it; \(cure)",
                at: source.location(at: index)
            )
            return
        }
        diagnostics.error("this SQL is not YAML: \(problem); \(cure)", at: location)
    }
}

extension SourceText {
    /// The line on which the value of an `sql` key begins that extends to a line, or to the one before it: the parser
    /// may notice an error in a value only at the next key.
    fileprivate func sqlValue(upTo line: Int, mayEndBefore: Bool) -> Int? {
        for candidate in stride(from: line, to: max(line - 40, 0), by: -1) {
            var index = self.index(line: candidate, column: 1)
            while isBlank(at: index) { index += 1 }
            let start = index
            while index < scalars.count, isKeyPart(scalars[index]) { index += 1 }
            guard index > start, index < scalars.count, scalars[index] == ":" else { continue }
            guard isBlank(at: index + 1) || isBreak(at: index + 1) || index + 1 == scalars.count else { continue }
            let key = Self.string(scalars[start..<index])
            if key == "sql" { return isBlock(at: index + 1) ? nil : candidate }
            // In braces the key may be inside the line.
            let rest = Self.string(scalars[index..<(endOfLine(index))])
            if rest.contains("{"), rest.contains(" sql: ") || rest.contains("{sql: ") { return candidate }
            if candidate < line || !mayEndBefore { return nil }
        }
        return nil
    }

    private func isKeyPart(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII
            && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil || scalar == "-"
                || scalar == "_")
    }

    private func endOfLine(_ start: Int) -> Int {
        var index = start
        while index < scalars.count, !isBreak(at: index) { index += 1 }
        return index
    }

    /// Tells whether a block scalar begins at an index.
    private func isBlock(at start: Int) -> Bool {
        var index = start
        while isBlank(at: index) { index += 1 }
        return index < scalars.count && (scalars[index] == "|" || scalars[index] == ">")
    }
}
