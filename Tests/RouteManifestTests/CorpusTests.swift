import RouteManifest
import RouteModel
import SQLCorpus
import Testing

@Suite struct CorpusTests {
    @Test("The corpus is as large and as varied as it says")
    func size() {
        let reads = Set(SQLCorpus.reads.map(\.sql))
        let writes = Set(SQLCorpus.writes.joined().map(\.statement.sql))
        #expect(reads.count >= 1_600)
        #expect(writes.count >= 400)
        #expect(reads.isDisjoint(with: writes))
        let types = Set(SQLCorpus.reads.flatMap(\.inputs).map(\.type))
        let scalars = ["int", "int32", "double", "decimal", "bool", "string", "uuid", "date", "timestamp"]
        #expect(types.isSuperset(of: scalars + ["[int]", "[string]", "[uuid]"]))
        #expect(SQLCorpus.writes.joined().flatMap(\.statement.inputs).contains { $0.type == "json" })
    }

    @Test(
        "Each read is accepted, and its parameters stand where its inputs do",
        arguments: SQLCorpus.ManifestForm.allCases
    )
    func reads(form: SQLCorpus.ManifestForm) throws {
        let statements = SQLCorpus.reads.filter { form == .quoted || $0.isBlockText }
        #expect(statements.count >= 1_200)
        check(statements, SQLCorpus.manifest(of: statements, form: form))
    }

    @Test(
        "Each write is accepted, and its parameters stand where its inputs do",
        arguments: SQLCorpus.ManifestForm.allCases
    )
    func writes(form: SQLCorpus.ManifestForm) throws {
        let writes = SQLCorpus.writes.joined().filter { form == .quoted || $0.statement.isBlockText }
        let returns = writes.map { $0.returnsRows ? "many" : "none" }
        check(
            writes.map(\.statement),
            SQLCorpus.manifest(of: writes.map(\.statement), form: form, returns: returns)
        )
    }

    @Test("A write that answers rows is told from one that does not")
    func returning() {
        let writes = SQLCorpus.writes.joined().filter { !$0.returnsRows }
        let source = SQLCorpus.manifest(of: writes.map(\.statement), form: .quoted, returns: writes.map { _ in "many" })
        let errors = parse(source).diagnostics.filter { $0.severity == .error }
        #expect(errors.count == writes.count)
        #expect(
            errors.allSatisfy {
                $0.message.hasSuffix("a statement that returns nothing; add RETURNING, or write 'returns: none'")
            }
        )
    }

    @Test("A write is not accepted as a read, whatever stands between its words")
    func writesAsReads() {
        // Only a body has JSON, so that it would be an error of its own.
        let statements = SQLCorpus.writes.joined().map(\.statement).filter { statement in
            !statement.inputs.contains { $0.type == "json" }
        }
        let source = SQLCorpus.manifest(of: statements, form: .quoted)
        let errors = parse(source).diagnostics.filter { $0.severity == .error }
        for error in errors {
            #expect(error.message.hasPrefix("a GET route cannot write"), "\(error)")
        }
        let lines = source.split(separator: "\n", omittingEmptySubsequences: false)
        let sqlLines = lines.indices.filter { lines[$0].hasPrefix("    sql: ") }
        #expect(sqlLines.count == statements.count)
        let found = Set(errors.map { $0.location.line - 1 })
        for (line, statement) in zip(sqlLines, statements) { #expect(found.contains(line), "\(statement.sql)") }
    }

    private func check(_ statements: [Statement], _ source: String) {
        let (manifest, diagnostics) = parse(source)
        let lines = source.split(separator: "\n", omittingEmptySubsequences: false)
        for error in diagnostics where error.severity == .error {
            Issue.record("\(error): \(lines[error.location.line - 1])")
        }
        guard let manifest else { return }
        #expect(manifest.routes.count == statements.count)
        for (route, statement) in zip(manifest.routes, statements) {
            guard case .sql(let bound) = route.source else {
                Issue.record("\(route.name) has no statement")
                continue
            }
            let names = bound.parameters.map { route.signature.inputs[$0.index].name }
            let difference = Self.difference(of: bound.sql, names, from: statement)
            #expect(difference == nil, "\(statement.sql)\nis bound as\n\(bound.sql)")
        }
    }

    /// The first difference of a bound statement from that of the corpus, which knows the places of its inputs itself.
    private static func difference(of bound: String, _ names: [String], from statement: Statement) -> String? {
        var rest = Substring(bound).utf8
        var used: Set<Int> = []
        func take(_ text: some StringProtocol) -> Bool {
            guard rest.starts(with: text.utf8) else { return false }
            rest = rest.dropFirst(text.utf8.count)
            return true
        }
        let parts = statement.coreParts
        for (index, part) in parts.enumerated() {
            switch part {
            case .text(let text):
                guard take(text) else { return "'\(text)' expected before '\(Substring(rest))'" }
            case .input(let name, _):
                // A blank keeps a parameter from being joined to the word before it.
                if index > 0, case .text(let before) = parts[index - 1], before.utf8.last.map(isNamePart) ?? false {
                    guard take(" ") else { return "a blank expected before '\(Substring(rest))'" }
                }
                let digits = rest.dropFirst().prefix { (0x30...0x39).contains($0) }
                guard take("$"), let number = Int(Substring(digits)), names.indices.contains(number - 1),
                    take(Substring(digits)), names[number - 1] == name
                else { return "a parameter for '\(name)' expected before '\(Substring(rest))'" }
                used.insert(number)
            }
        }
        guard rest.isEmpty else { return "'\(Substring(rest))' at the end" }
        return used.count == names.count ? nil : "unused parameters"
    }

    private static func isNamePart(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x24, 0x80...: true
        default: false
        }
    }
}
