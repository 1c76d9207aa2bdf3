import RouteModel

/// Reads locks.
package struct RouteLockReader {
    /// The version of the format.
    static let version = 1
    /// The way out of any fault in a lock.
    static let cure = "run cached-routes check --write, and commit it"

    private let diagnostics: Diagnostics
    private let source: SourceText
    private let bytes: [UInt8]
    /// The number of continuation bytes of UTF-8 before each byte and before the end; `nil` if there are none.
    private let continuations: [Int]?
    private let file: String

    /// Reads a lock.
    ///
    /// - Returns: the lock with the places of its parts, or `nil` if a diagnostic is an error; and all diagnostics.
    package static func read(_ text: LockText) -> (document: RouteLockDocument?, diagnostics: [Diagnostic]) {
        let diagnostics = Diagnostics()
        let document = read(text, reportingTo: diagnostics)
        return (document, diagnostics.sorted)
    }

    /// Reads a lock, or reports errors and returns `nil`.
    static func read(_ text: LockText, reportingTo diagnostics: Diagnostics) -> RouteLockDocument? {
        let found = Diagnostics()
        let document = RouteLockReader(text, diagnostics: found).read()
        diagnostics.add(found)
        return found.hasErrors ? nil : document
    }

    private init(_ text: LockText, diagnostics: Diagnostics) {
        self.diagnostics = diagnostics
        source = SourceText(text.text, file: text.file)
        bytes = Array(source.text.utf8)
        file = text.file
        let isASCII = bytes.allSatisfy { $0 < 0x80 }
        continuations =
            isASCII ? nil : bytes.reduce(into: [0]) { $0.append($0[$0.count - 1] + ($1 & 0xC0 == 0x80 ? 1 : 0)) }
    }

    private func read() -> RouteLockDocument? {
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONValue(bytes)
        } catch {
            reportJSON(error)
            return nil
        }
        guard let members = members(of: value, named: "a lock", known: ["version", "server", "enums", "routes"]) else {
            return nil
        }
        guard readVersion(members["version"], in: value) else { return nil }
        let server = require("server", members, in: value).flatMap { text($0, named: "'server'") }
        var enums: [String: [String]] = [:]
        var enumPlaces: [String: Location] = [:]
        for (name, place, value) in members["enums"].map({ entries(of: $0, named: "'enums'") }) ?? [] {
            enums[name] = texts(value, named: "the labels of '\(name)'")
            enumPlaces[name] = place
        }
        var routes: [String: [LockedStatement]] = [:]
        var routePlaces: [String: Location] = [:]
        var statementPlaces: [String: [RouteLockDocument.StatementPlaces]] = [:]
        let routesValue = require("routes", members, in: value)
        for (name, place, value) in routesValue.map({ entries(of: $0, named: "'routes'") }) ?? [] {
            routes[name] = []
            routePlaces[name] = place
            for element in elements(of: value, named: "the statements of route '\(name)'") {
                guard let (statement, places) = self.statement(element) else { continue }
                routes[name]?.append(statement)
                statementPlaces[name, default: []].append(places)
            }
        }
        guard let server else { return nil }
        return RouteLockDocument(
            lock: RouteLock(server: server, enums: enums, routes: routes),
            file: file,
            routes: routePlaces,
            statements: statementPlaces,
            enums: enumPlaces
        )
    }

    private func reportJSON(_ error: JSONError) {
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let marks = ["<<<<<<< ", "=======", ">>>>>>> "]
        if let mark = lines.first(where: { line in marks.contains { line.starts(with: $0.utf8) } }) {
            diagnostics.error(
                "this lock has the marks of two versions that were not merged; take either one, then \(Self.cure)",
                at: location(ofByte: mark.startIndex)
            )
            return
        }
        let reason =
            switch error.reason {
            case .malformed: "is no JSON from here on"
            case .incomplete: "ends in the midst of its JSON"
            case .invalidUTF8: "has bytes that are not UTF-8"
            case .loneSurrogate: "has half of a surrogate pair here"
            case .tooDeep: "is nested too deeply here"
            case .duplicateName: "has this name twice in one object"
            }
        diagnostics.error("this lock \(reason); \(Self.cure)", at: location(ofByte: error.offset))
    }

    private func readVersion(_ value: JSONValue?, in lock: JSONValue) -> Bool {
        guard let value = value ?? require("version", [:], in: lock) else { return false }
        let number = value.kind == .number ? Int(String(decoding: value.bytes, as: UTF8.self)) : nil
        switch number {
        case Self.version: return true
        case let number? where number > Self.version:
            diagnostics.error(
                "this lock has version \(number) and was made by a newer cached-routes; update the package, or \(Self.cure)",
                at: location(of: value)
            )
        default: diagnostics.error("'version' of a lock must be \(Self.version); \(Self.cure)", at: location(of: value))
        }
        return false
    }

    private func statement(
        _ value: JSONValue
    ) -> (statement: LockedStatement, places: RouteLockDocument.StatementPlaces)? {
        let known = ["statement", "parameters", "occurrences", "columns", "tables", "unknownTables"]
        guard let members = members(of: value, named: "a statement", known: known) else { return nil }
        guard let digest = require("statement", members, in: value) else { return nil }
        let columns = members["columns"].map { elements(of: $0, named: "'columns'") } ?? []
        let occurrences = members["occurrences"]?.wholeNumbers
        if let wrong = members["occurrences"], occurrences == nil {
            diagnostics.error("'occurrences' must be a list of numbers; \(Self.cure)", at: location(of: wrong))
        }
        let statement = LockedStatement(
            digest: text(digest, named: "'statement'") ?? "",
            parameters: members["parameters"].map { texts($0, named: "'parameters'") } ?? [],
            occurrences: occurrences,
            columns: columns.compactMap(column),
            tables: members["tables"].map(tables) ?? [],
            hasUnknownTables: members["unknownTables"].map { bool($0, named: "'unknownTables'") } ?? false
        )
        let entry = location(of: value)
        let places = RouteLockDocument.StatementPlaces(
            entry: entry,
            parameters: members["parameters"].map(location(of:)) ?? entry,
            columns: columns.map(location(of:)),
            tables: members["tables"].map(location(of:)) ?? entry
        )
        return (statement, places)
    }

    private func column(_ value: JSONValue) -> LockedColumn? {
        guard let members = members(of: value, named: "a column", known: ["name", "type", "nullable"]),
            let name = require("name", members, in: value).flatMap({ text($0, named: "'name'") }),
            let type = require("type", members, in: value).flatMap({ text($0, named: "'type'") })
        else { return nil }
        return LockedColumn(name, type, isNullable: members["nullable"].map { bool($0, named: "'nullable'") } ?? false)
    }

    /// Reads names of tables in their canonical spelling, which become names of triggers and keys.
    private func tables(_ value: JSONValue) -> [String] {
        var names: [String] = []
        for element in elements(of: value, named: "'tables'") {
            guard let name = text(element, named: "a table") else { continue }
            guard (try? TableNameNormalization.canonical(name)) == name else {
                diagnostics.error(
                    "'\(name)' is no name of a table as a lock has it; \(Self.cure)",
                    at: location(of: element)
                )
                continue
            }
            names.append(name)
        }
        return names
    }

    // MARK: - Values

    /// The members of an object with known names.
    private func members(of value: JSONValue, named what: String, known: [String]) -> [String: JSONValue]? {
        guard value.kind == .object else {
            reportKind(value, what, "an object")
            return nil
        }
        var members: [String: JSONValue] = [:]
        for (name, place, value) in entries(of: value, named: what) {
            if known.contains(name) {
                members[name] = value
            } else {
                diagnostics.error("\(what) has no member '\(name)'; \(Self.cure)", at: place)
            }
        }
        return members
    }

    /// The members of an object with the places of their names.
    private func entries(of value: JSONValue, named what: String) -> [(String, Location, JSONValue)] {
        guard value.kind == .object else {
            reportKind(value, what, "an object")
            return []
        }
        var names: Set<String> = []
        return value.members.compactMap { member in
            let name = String(decoding: member.name, as: UTF8.self)
            // A name with escapes is no part of the text; its value stands behind it.
            let start = member.name.startIndex - 1
            let isPart = start >= 0 && start < value.bytes.endIndex && bytes[start] == UInt8(ascii: "\"")
            let place = isPart ? location(ofByte: start) : location(of: member.value)
            guard names.insert(name).inserted else {
                diagnostics.error("\(what) has '\(name)' twice; \(Self.cure)", at: place)
                return nil
            }
            return (name, place, member.value)
        }
    }

    private func elements(of value: JSONValue, named what: String) -> [JSONValue] {
        guard value.kind == .array else {
            reportKind(value, what, "a list")
            return []
        }
        return Array(value.elements)
    }

    private func texts(_ value: JSONValue, named what: String) -> [String] {
        elements(of: value, named: what).compactMap { text($0, named: "an element of \(what)") }
    }

    private func text(_ value: JSONValue, named what: String) -> String? {
        guard value.kind == .string else {
            reportKind(value, what, "a text")
            return nil
        }
        return String(decoding: value.text, as: UTF8.self)
    }

    private func bool(_ value: JSONValue, named what: String) -> Bool {
        if value.kind != .true, value.kind != .false { reportKind(value, what, "true or false") }
        return value.kind == .true
    }

    private func require(_ name: String, _ members: [String: JSONValue], in value: JSONValue) -> JSONValue? {
        if let member = members[name] { return member }
        diagnostics.error("this has no member '\(name)'; \(Self.cure)", at: location(of: value))
        return nil
    }

    private func reportKind(_ value: JSONValue, _ what: String, _ expected: String) {
        diagnostics.error("\(what) must be \(expected); \(Self.cure)", at: location(of: value))
    }

    // MARK: - Places

    private func location(of value: JSONValue) -> Location { location(ofByte: value.bytes.startIndex) }

    private func location(ofByte offset: Int) -> Location {
        let offset = min(max(offset, 0), bytes.count)
        return source.location(at: offset - (continuations?[offset] ?? 0))
    }
}

extension JSONValue {
    /// The elements of an array of whole numbers; `nil` for anything else.
    fileprivate var wholeNumbers: [Int]? {
        guard kind == .array else { return nil }
        var numbers: [Int] = []
        for element in elements {
            guard element.kind == .number, let number = Int(String(decoding: element.bytes, as: UTF8.self)), number >= 0
            else { return nil }
            numbers.append(number)
        }
        return numbers
    }
}
