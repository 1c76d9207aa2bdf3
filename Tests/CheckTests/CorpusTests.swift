import PostgresClient
import RouteCheck
import RouteManifest
import SQLCorpus
import TestServers
import Testing

@Suite("The corpus of SQL")
struct CorpusTests {
    private static let database = Result { try CheckDatabase("check_corpus", SQLCorpus.schema) }

    @Test("Statements that a service can run have no error", arguments: SQLCorpus.ManifestForm.allCases)
    func reads(_ form: SQLCorpus.ManifestForm) async throws {
        let statements = SQLCorpus.reads.filter { form == .quoted || $0.isBlockText }
        let text = SQLCorpus.manifest(of: statements, form: form)
        let result = try await blocking { try Self.database.get().check(text) }
        let errors = result.diagnostics.filter { $0.severity == .error }
        #expect(errors.isEmpty, "\(errors.prefix(20).map(\.description).joined(separator: "\n"))")
    }

    @Test("Statements that write have no error")
    func writes() async throws {
        let writes = SQLCorpus.writes[0]
        let returns = writes.map { $0.returnsRows ? "many" : "none" }
        let text = SQLCorpus.manifest(of: writes.map(\.statement), form: .quoted, returns: returns)
        let result = try await blocking { try Self.database.get().check(text) }
        let errors = result.diagnostics.filter { $0.severity == .error }
        #expect(errors.isEmpty, "\(errors.prefix(20).map(\.description).joined(separator: "\n"))")
    }

    @Test("A column that is never NULL in a lock is never NULL in a result")
    func nullability() async throws {
        let statements = SQLCorpus.reads
        let text = SQLCorpus.manifest(of: statements, form: .quoted)
        let wrong = try await blocking { () -> (wrong: [String], certain: Int) in
            let database = try Self.database.get()
            let lock = try database.check(text).locks[0]
            let session = try InspectionSession(url: database.url)
            var wrong: [String] = []
            var certain = 0
            for (number, statement) in statements.enumerated() {
                guard let columns = lock?.routes["s\(number)"]?.first?.columns else { continue }
                let rows = try session.rows(statement.withConstants)
                for (index, column) in columns.enumerated() where !column.isNullable {
                    certain += 1
                    if rows.contains(where: { $0[index] == nil }) { wrong.append("\(column.name) of \(statement.sql)") }
                }
            }
            return (wrong, certain)
        }
        #expect(wrong.wrong.isEmpty, "\(wrong.wrong.prefix(10))")
        #expect(wrong.certain > 100)
    }

    @Test("Two databases with other OIDs have one lock")
    func stability() async throws {
        let text = SQLCorpus.manifest(of: SQLCorpus.reads, form: .quoted)
        let locks = try await blocking {
            let other = try CheckDatabase("check_corpus_again", "CREATE TYPE unused AS ENUM ('x');" + SQLCorpus.schema)
            return [try Self.database.get().check(text).locks[0], try other.check(text).locks[0]]
        }
        #expect(locks[0] == locks[1] && locks[0] != nil)
    }
}
