import CachedRoutes
import Foundation
import PostgresClient
import RouteCodegen
import RouteManifest
import TestServers
import Testing

/// Bodies that the client makes, read into the types of generated rows and written again. PostgreSQL compares the JSON.
@Suite(.timeLimit(.minutes(3))) struct RowTypeTests {
    /// Numbers with more digits than Foundation's `Decimal` has.
    private static let tooLongForFoundation: Set<String> = ["123456789012345678901234567890.12345678901234567890"]

    @Test func theRowsOfAllTypesAreGeneratedAsTheirGolden() throws {
        let text = RoutesFile(RowCatalogue.manifest, fileName: "catalogue.routes.yaml").text
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Goldens/CatalogueRoutes.swift")
        if ProcessInfo.processInfo.environment["UPDATE_GOLDENS"] == "1" {
            return try Data(text.utf8).write(to: file)
        }
        #expect(try text.utf8.elementsEqual(Data(contentsOf: file)))
    }

    @Test func eachValueDecodesIntoTheRowOfItsTypeAndEncodesToEqualJSON() async throws {
        let url = try PostgresServer.shared.get().url
        let oracle = try Oracle(url)
        try oracle.value(TypeTests.types)
        let rows = Dictionary(uniqueKeysWithValues: RowCatalogue.rows.map { ($0.type, $0.row) })
        let expressions = TypeTests.expressions
        let answers = try await withClient(url) { client async throws in
            var answers: [String] = []
            for expression in expressions { answers.append(try await client.body("SELECT \(expression) AS v") ?? "") }
            return answers
        }
        var seen: Set<String> = []
        for (expression, answer) in zip(expressions, answers) {
            let type = try typeName(of: expression, oracle)
            seen.insert(type)
            let row = try #require(rows[type], "no row of \(type)")
            expectRoundTrip(row, answer, oracle, expression)
            if !Self.tooLongForFoundation.contains(expression) {
                expectFoundationRoundTrip(row, answer, oracle, expression)
            }
        }
        #expect(seen == Set(rows.keys))
    }

    @Test func eachShippedTypeDecodesIntoTheTypeOfItsColumnsAndEncodesToEqualJSON() async throws {
        let url = try PostgresServer.shared.get().url
        let oracle = try Oracle(url)
        try oracle.value(CatalogSamples.setUp)
        let catalog = try Catalog(oracle)
        var queries: [(sql: String, type: RowType, name: String)] = []
        for type in catalog.types where type.kind != "array" {
            let values: [String]
            var isText = false
            switch catalog.sample(of: type) {
            case .none, .noColumn: continue
            case .onlyNull: values = []
            case .texts(let texts):
                values = texts.map { literal($0, type.sqlName) }
                isText = true
            case .expressions(let expressions): values = expressions
            }
            let all = type.expressions(values, isText: isText)
            for part in [all.prefix(1 + values.count), all.dropFirst(1 + values.count)] where !part.isEmpty {
                let name = try typeName(of: part[part.startIndex], oracle)
                let columns = part.enumerated().map { "\($1) AS c\($0)" }.joined(separator: ", ")
                queries.append(("SELECT \(columns)", RowType(of: name, enums: []), name))
            }
        }
        #expect(queries.count > 500)
        let all = queries.map(\.sql)
        let answers = try await withClient(url, configure: { $0.maximumPreparedStatements = 8 }) {
            client async throws in
            var answers: [String] = []
            for sql in all { answers.append(try await client.body(sql) ?? "") }
            return answers
        }
        for (query, answer) in zip(queries, answers) {
            expectMemberRoundTrip(query.type.swiftType, answer, oracle, query.name)
        }
    }

    /// The type as a lock names it: of a domain the base type, and of a user's type with its schema.
    private func typeName(of expression: String, _ oracle: Oracle) throws -> String {
        let sql = """
            SELECT CASE WHEN base < 16384 THEN '' ELSE 'public.' END || format_type(base, NULL) FROM (
                SELECT CASE WHEN typbasetype = 0 THEN oid ELSE typbasetype END AS base
                -- A literal without a type is text once it is a column.
                FROM pg_type WHERE oid = (SELECT pg_typeof(v) FROM (SELECT \(expression) AS v) AS s)
            ) AS t
            """
        return try #require(try oracle.value(sql))
    }

    private func expectRoundTrip<Row: Codable>(_ row: Row.Type, _ body: String, _ oracle: Oracle, _ name: String) {
        do {
            let rows = try RowDecoder().decode([Row].self, from: body.utf8)
            let text = String(decoding: try RowEncoder().encode(rows), as: UTF8.self)
            expectEqual(text, body, oracle, name)
        } catch {
            Issue.record("\(name.prefix(200)) as \(Row.self): \(error) in \(body.prefix(400))")
        }
    }

    private func expectFoundationRoundTrip<Row: Codable>(
        _ row: Row.Type,
        _ body: String,
        _ oracle: Oracle,
        _ name: String
    ) {
        do {
            let rows = try JSONDecoder().decode([Row].self, from: Data(body.utf8))
            let text = String(decoding: try JSONEncoder().encode(rows), as: UTF8.self)
            expectEqual(text, body, oracle, name)
        } catch {
            Issue.record("\(name.prefix(200)) as \(Row.self) by Foundation: \(error) in \(body.prefix(400))")
        }
    }

    private func expectMemberRoundTrip<Value: Codable>(
        _ type: Value.Type,
        _ body: String,
        _ oracle: Oracle,
        _ name: String
    ) { expectRoundTrip([String: Value?].self, body, oracle, name) }

    private func expectEqual(_ text: String, _ body: String, _ oracle: Oracle, _ name: String) {
        guard text != body else { return }
        let isEqual = (try? oracle.value("SELECT \(quote(text))::jsonb = \(quote(body))::jsonb")) == "t"
        if !isEqual { Issue.record("\(name.prefix(200)) gives \(text.prefix(400)) instead of \(body.prefix(400))") }
    }
}

extension RowType {
    /// The type that generated code has.
    fileprivate var swiftType: any (Codable & Hashable & Sendable).Type {
        func array<Element: Codable & Hashable & Sendable>(
            of element: Element.Type
        ) -> any (Codable & Hashable & Sendable).Type { JSONArray<Element>.self }
        switch self {
        case .int16: return Int16.self
        case .int32: return Int32.self
        case .int: return Int.self
        case .exactDecimal: return ExactDecimal.self
        case .float: return JSONFloat<Float>.self
        case .double: return JSONFloat<Double>.self
        case .bool: return Bool.self
        case .uuid: return LowercaseUUID.self
        case .timestamp: return TimestampText.self
        case .bytes: return HexBytes.self
        case .text, .enumeration: return String.self
        case .array(let element): return array(of: element.swiftType)
        case .json: return JSONFragment.self
        }
    }
}
