package import PostgresClient
import RouteCheck
import RouteManifest
import SQLSyntax

/// The tables that a statement reads, and the functions that it calls.
extension DatabaseFacts {
    /// The built-in functions that write among the names that were asked about.
    struct WritingFunctions {
        fileprivate var asked: Set<String> = []
        fileprivate var writing: Set<String> = []
    }

    // MARK: - Names in texts

    /// The names in front of parentheses in a text of SQL.
    private struct CalledNames {
        /// All names.
        var all: Set<String> = []
        /// Those that may be of a function of PostgreSQL's own.
        var builtIn: Set<String> = []

        init(_ sql: String) {
            let lexer = SQLLexer(sql)
            let tree = SQLTokenTree(lexer.tokens, of: lexer.bytes)
            for index in tree.tokens.indices where tree.isPunctuation(index + 1, "(") {
                guard let name = SQLCatalogName(tree, index)?.text else { continue }
                all.insert(name)
                guard !tree.isPunctuation(index - 1, ".") || tree.isWord(index - 2, "pg_catalog") else { continue }
                builtIn.insert(name)
            }
        }
    }

    /// Asks which built-in functions write of those that texts of SQL call.
    func findWritingFunctions(in texts: [String], _ functions: inout WritingFunctions) throws(PostgresError) {
        let words = texts.reduce(into: Set<String>()) { $0.formUnion(CalledNames($1).builtIn) }
            .subtracting(functions.asked)
        guard !words.isEmpty else { return }
        var parameters = PostgresParameters()
        parameters.appendArray(words.map(\.utf8))
        let rows = try session.rows(CatalogueQueries.writingFunctions, parameters)
        functions.asked.formUnion(words)
        functions.writing.formUnion(rows.compactMap(\.first).compactMap { $0 })
    }

    // MARK: - Dependencies

    /// Returns the reason for which this session can't know what statements read, and what to do; `nil` if it can.
    package func dependencyObstacle() throws(PostgresError) -> String? {
        do throws(PostgresError) {
            try session.transaction { () throws(PostgresError) in
                try session.run("CREATE TEMPORARY VIEW \(CatalogueQueries.view) AS SELECT 1 AS one")
            }
            return nil
        } catch {
            guard error.inspectionScope == .statement else { throw error }
            let reason = "\(error.message) [\(error.sqlState ?? "")]"
            let names = try session.rows(
                "SELECT quote_ident(current_user), quote_ident(current_database()), pg_is_in_recovery()"
            )
            guard let row = names.first, let role = row[0], let database = row[1] else { return reason }
            if row[2] == "t" {
                return "this server is a standby, on which no view can be made: \(reason); name its primary"
            }
            if error.sqlState == "42501" {
                return "the role \(role) lacks the right TEMPORARY: \(reason); the owner of the database grants it by "
                    + "'GRANT TEMPORARY ON DATABASE \(database) TO \(role)'"
            }
            return reason
        }
    }

    /// Adds what the statement of a GET route reads and calls.
    ///
    /// - Throws: an error that is none of the statement.
    func addDependencies(
        of one: Prepared,
        _ types: [UInt32: CatalogueType],
        _ writing: inout WritingFunctions,
        to description: inout StatementFacts.Description
    ) throws(PostgresError) {
        var relations = RelationFacts([])
        defer { description.relations = relations }
        Self.add(CalledNames(one.sql), mention: nil, writing, to: &relations, &description.functions)
        let sql = Self.withoutParameters(one.inspected.typed.sql) { number in
            one.inspected.parameterOIDs.indices.contains(number)
                ? types[one.inspected.parameterOIDs[number]]?.fact.name : nil
        }
        let rows: [[String?]]
        do throws(PostgresError) {
            rows = try session.transaction { () throws(PostgresError) in
                try session.run(
                    "CREATE TEMPORARY VIEW \(CatalogueQueries.view) AS SELECT 1 AS one FROM (\n\(sql)\n) AS q"
                )
                return try session.rows(CatalogueQueries.dependencies(hasBodies: session.serverVersion >= 140_000))
            }
        } catch {
            guard error.inspectionScope == .statement else { throw error }
            relations.error = StatementFacts.ServerError(error, error.sqlState ?? "")
            return
        }
        let texts = rows.filter { $0[0] == "text" }
        try findWritingFunctions(in: texts.compactMap { $0[5] }, &writing)
        for row in texts {
            guard let text = row[5], let mention = row[6] else { continue }
            Self.add(CalledNames(text), mention: mention, writing, to: &relations, &description.functions)
        }
        Self.add(rows, to: &relations, functions: &description.functions)
    }

    /// Adds the functions of PostgreSQL's own, and of its extensions, among names that a text calls.
    ///
    /// - Parameter mention: the name by which the statement reaches the text; `nil` for the statement itself.
    private static func add(
        _ names: CalledNames,
        mention: String?,
        _ writing: WritingFunctions,
        to relations: inout RelationFacts,
        _ functions: inout [FunctionFact]
    ) {
        for name in names.builtIn.intersection(writing.writing).sorted() {
            if let index = functions.firstIndex(where: { $0.name == name && $0.isBuiltIn }) {
                functions[index].mentions.append(mention ?? name)
            } else {
                functions.append(FunctionFact(name, isBuiltIn: true, mentions: [mention ?? name]))
            }
        }
        for name in names.all.intersection(CatalogueQueries.opaqueFunctions).sorted() {
            relations.add(.function, name, mention: mention ?? name)
        }
    }

    /// Adds the rows of ``CatalogueQueries/dependencies(hasBodies:)``.
    private static func add(_ rows: [[String?]], to relations: inout RelationFacts, functions: inout [FunctionFact]) {
        for row in rows {
            guard let kind = row[0], let schema = row[1], let name = row[2], let mention = row[6] else { continue }
            switch kind {
            case "r", "p":
                let parts = schema == "public" ? [name] : [schema, name]
                let spelled = parts.map(SQLIdentifierSyntax.spelled).joined(separator: ".")
                relations.add(.table, spelled, mention: mention)
            case "m": relations.add(.materializedView, name, mention: mention)
            case "f": relations.add(.foreignTable, name, mention: mention)
            case "S": relations.add(.sequence, name, mention: mention)
            case "text": continue
            default:
                if row[3] == "t" { relations.add(.function, name, mention: mention) }
                guard row[4] == "t", !functions.contains(where: { $0.name == name && !$0.isBuiltIn }) else { continue }
                functions.append(FunctionFact(name, body: row[5] ?? "", mentions: [mention]))
            }
        }
    }

    /// A statement with a NULL of the same type in place of each parameter, as a view needs it.
    static func withoutParameters(_ sql: String, type: (Int) -> String?) -> String {
        let lexer = SQLLexer(sql)
        var text: [UInt8] = []
        var copied = 0
        for token in lexer.tokens where token.kind == .parameter {
            guard let number = Int(lexer.text(of: token).dropFirst()), let type = type(number - 1) else { continue }
            text += lexer.bytes[copied..<token.range.lowerBound]
            text += "(NULL::\(type))".utf8
            copied = token.range.upperBound
        }
        return String(decoding: text + lexer.bytes[copied...], as: UTF8.self)
    }
}

extension RelationFacts {
    /// Adds a relation, or a further name by which it is read.
    fileprivate mutating func add(_ kind: Relation.Kind, _ name: String, mention: String) {
        if let index = all.firstIndex(where: { $0.kind == kind && $0.name == name }) {
            if !all[index].mentions.contains(mention) { all[index].mentions.append(mention) }
        } else {
            all.append(.init(kind, name, mentions: [mention]))
        }
    }
}
