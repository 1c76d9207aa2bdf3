import CachedRoutes
import NIOCore
import PostgresClient
import RouteManifest
import RouteModel
import SQLCorpus
import TestServers
import Testing

@testable import CachedRoutesPostgres

@Suite(.timeLimit(.minutes(2))) struct CorpusTests {
    @Test("Each read of the corpus gives the bytes of row_to_json, its inputs being constants there")
    func reads() async throws {
        let statements = SQLCorpus.reads
        let bound = try BoundStatements(statements, SQLCorpus.manifest(of: statements, form: .quoted))
        let oracle = try CorpusOracle(schema: "corpus_reads")
        let url = oracle.url
        let answers = try await withClient(url) { client async throws in
            var answers: [Result<String?, any Error>] = []
            for (statement, parameters) in bound.all {
                answers.append(await Result { try await client.answer(statement, parameters) })
            }
            return answers
        }
        var rows = 0
        for (statement, answer) in zip(statements, answers) {
            let expected = try oracle.answer(to: statement)
            if expected != "[]" { rows += 1 }
            #expect((try? answer.get()) == expected, "\(statement.sql)\n\(statement.inputs)\n\(answer)")
        }
        // Statements that find nothing would show little.
        #expect(rows * 10 > statements.count * 9)
        try oracle.drop()
    }

    @Test(
        "Each write of the corpus answers and leaves what the server does with constants",
        arguments: SQLCorpus.writes.indices
    )
    func writes(round: Int) async throws {
        let writes = SQLCorpus.writes[round]
        let statements = writes.map(\.statement)
        let source = SQLCorpus.manifest(
            of: statements,
            form: .quoted,
            returns: writes.map { $0.returnsRows ? "many" : "none" }
        )
        let bound = try BoundStatements(statements, source)
        let oracle = try CorpusOracle(schema: "corpus_writes_\(round)")
        let own = try CorpusOracle(schema: "corpus_own_writes_\(round)")
        let url = own.url
        let answers = try await withClient(url) { client async throws in
            var answers: [Result<String?, any Error>] = []
            for (statement, parameters) in bound.all {
                let result = await Result { try await client.change(statement, parameters) }
                answers.append(result.map { answer in answer.body.map { String(buffer: $0) } })
            }
            return answers
        }
        for (write, answer) in zip(writes, answers) {
            let expected = write.returnsRows ? try oracle.answer(to: write.statement) : nil
            if !write.returnsRows { try oracle.run(write.statement) }
            if case .failure(let error) = answer {
                Issue.record("\(write.statement.sql)\n\(write.statement.inputs)\n\(error)")
            } else {
                #expect(try answer.get() == expected, "\(write.statement.sql)\n\(write.statement.inputs)")
            }
        }
        for table in try oracle.tables() {
            #expect(try own.rows(of: table) == oracle.rows(of: table), "\(table)")
        }
        try oracle.drop()
        try own.drop()
    }
}

/// Statements as their manifest binds them, with values for their parameters.
private struct BoundStatements {
    private(set) var all: [(statement: PostgresStatement, parameters: [String?])] = []

    init(_ statements: [Statement], _ source: String) throws {
        let result = ManifestParser.parse(source: source, file: "routes.yaml", typeName: "Routes") {
            _ throws(SQLFileError) in throw .notFound
        }
        let manifest = try #require(result.manifest, "\(result.diagnostics.filter { $0.severity == .error })")
        for (route, statement) in zip(manifest.routes, statements) {
            guard case .sql(let bound) = route.source else { continue }
            let inputs = bound.parameters.map { route.signature.inputs[$0.index] }
            let query = PostgresStatement(
                sql: bound.sql,
                parameters: inputs.map { ParameterTypeCandidates($0.type) },
                shape: route.returns == .none ? .none : .many
            )
            let values = inputs.map { input in statement.inputs.first { $0.name == input.name }?.value }
            all.append((query, values))
        }
    }
}

/// A schema with the tables of the corpus, in which the server itself runs statements with constants.
private struct CorpusOracle {
    let schema: String
    private let oracle: Oracle
    /// The server with this schema's tables.
    let url: String

    init(schema: String) throws {
        let server = try PostgresServer.shared.get()
        self.schema = schema
        url = "\(server.url)?options=-c%20search_path%3D\(schema)"
        oracle = try Oracle(server.url)
        try oracle.value("DROP SCHEMA IF EXISTS \(schema) CASCADE")
        try oracle.value("CREATE SCHEMA \(schema)")
        try oracle.value("SET search_path = \(schema)")
        try oracle.value(SQLCorpus.schema)
        // A statement answers as it stands: nothing is put around it.
        try oracle.value(
            """
            CREATE FUNCTION rows_of_statement(statement text) RETURNS SETOF text LANGUAGE plpgsql AS $$
            DECLARE answer record;
            BEGIN
                FOR answer IN EXECUTE statement LOOP RETURN NEXT pg_catalog.row_to_json(answer); END LOOP;
            END $$
            """
        )
    }

    /// The rows of a statement with constants as `row_to_json` gives them, in an array.
    func answer(to statement: Statement) throws -> String {
        let text = statement.withConstants.replacing("'", with: "''").replacing("\\", with: "\\\\")
        return try oracle.value(
            "SELECT '[' || coalesce(string_agg(json, ','), '') || ']' FROM rows_of_statement(E'\(text)') AS json"
        ) ?? ""
    }

    /// Runs a statement with constants that answers nothing.
    func run(_ statement: Statement) throws { try oracle.value(statement.withConstants) }

    /// The names of the schema's tables.
    func tables() throws -> [String] {
        let names = try oracle.value(
            "SELECT string_agg(quote_ident(relname), ',') FROM pg_class "
                + "WHERE relkind IN ('r', 'p') AND relnamespace = '\(schema)'::regnamespace"
        )
        return (names ?? "").split(separator: ",").map(String.init)
    }

    /// All rows of a table, in the order of their texts.
    func rows(of table: String) throws -> String? {
        try oracle.value("SELECT json_agg(t ORDER BY t::text) FROM \(table) AS t")
    }

    /// Removes the schema.
    func drop() throws { try oracle.value("DROP SCHEMA \(schema) CASCADE") }
}

extension PostgresClient {
    /// The answer to a statement that writes.
    fileprivate func change(_ statement: PostgresStatement, _ parameters: [String?]) async throws -> JSONAnswer {
        var values = PostgresParameters()
        for parameter in parameters {
            if let parameter { values.append(parameter) } else { values.appendNull() }
        }
        return try await write(statement, values, deadline: .seconds(20))
    }
}
