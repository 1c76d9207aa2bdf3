import Foundation
import PostgresClient
import TestServers
import Testing

/// Walks through all types that the server ships, in whatever version it has.
@Suite(.timeLimit(.minutes(3))) struct CatalogTests {
    @Test func everyShippedTypeGivesTheBytesOfRowToJSON() async throws {
        let url = try PostgresServer.shared.get().url
        let oracle = try Oracle(url)
        try oracle.value(CatalogSamples.setUp)
        let catalog = try Catalog(oracle)
        var covered: Set<Int> = []
        var selections: [[String]] = []
        for type in catalog.types where type.kind != "array" {
            covered.formUnion([type.oid, type.arrayOID])
            switch catalog.sample(of: type) {
            case .none: Issue.record("no sample of \(type.sqlName) and no reason why there is none")
            case .noColumn:
                let attempt = "DO $$ BEGIN PERFORM NULL::\(type.sqlName); RAISE 'accepted'; END $$"
                #expect(try oracle.failure(attempt)?.contains("accepted") == false, "\(type.sqlName) makes a column")
            case .onlyNull:
                let attempt = "DO $$ BEGIN PERFORM '1'::\(type.sqlName); RAISE 'accepted'; END $$"
                #expect(try oracle.failure(attempt)?.contains("accepted") == false, "\(type.sqlName) has values")
                selections.append(type.expressions([], isText: false))
            case .texts(let texts):
                selections.append(type.expressions(texts.map { literal($0, type.sqlName) }, isText: true))
            case .expressions(let values):
                selections.append(type.expressions(values, isText: false))
            }
        }
        let left = catalog.types.filter { !covered.contains($0.oid) }
        #expect(left.isEmpty, "types that are nobody's arrays: \(left.map(\.sqlName))")
        #expect(selections.count > 250)
        let all = selections
        try await withClient(url, configure: { $0.maximumPreparedStatements = 8 }) { client async throws in
            for expressions in all { await compare(expressions, client, oracle) }
        }
    }

    @Test func tablesOfTheCatalogGiveTheBytesOfRowToJSON() async throws {
        let url = try PostgresServer.shared.get().url
        let oracle = try Oracle(url)
        try oracle.value(CatalogSamples.setUp)
        // Rows that come with a new cluster, of tables that the server doesn't update behind anybody's back.
        let tables = [
            "pg_type", "pg_proc", "pg_operator", "pg_rewrite", "pg_aggregate", "pg_cast", "pg_collation", "pg_am",
            "pg_amop", "pg_opclass", "pg_conversion", "pg_ts_config", "pg_ts_dict", "pg_language", "pg_namespace",
        ]
        var queries = tables.map { table in
            let key = table == "pg_aggregate" ? "aggfnoid" : "oid"
            return "SELECT * FROM \(table) WHERE \(key) < 13000 ORDER BY \(key) LIMIT 40"
        }
        queries += tables.map { "SELECT array_agg(t ORDER BY t::text) AS v FROM (SELECT * FROM \($0) LIMIT 3) AS t" }
        queries.append("SELECT * FROM pg_stats WHERE tablename = 'catalog_samples' ORDER BY attname")
        let owner = "starelid = 'catalog_samples'::regclass"
        queries.append("SELECT s AS v FROM pg_statistic AS s WHERE \(owner) ORDER BY staattnum")
        let all = queries
        let answers = try await withClient(url) { client async throws in
            var answers: [String?] = []
            for query in all { answers.append(try await client.body(query)) }
            return answers
        }
        for (query, answer) in zip(queries, answers) {
            let expected = try oracle.rows(query)
            #expect(answer == expected, "\(query)")
        }
    }

    /// Settings that ``TypeTests`` leaves alone, and all values that depend on any: the server converts many itself.
    @Test func valuesDoNotShowTheSettingsOfRoleAndDatabase() async throws {
        let server = try PostgresServer.shared.get()
        let administrator = try Oracle(server.url)
        try await blocking { _ = try administrator.value("CREATE DATABASE odd_catalog TEMPLATE template0") }
        try administrator.value("CREATE ROLE odd_catalog LOGIN SUPERUSER")
        for (name, value) in [
            ("DateStyle", "'Postgres, DMY'"), ("IntervalStyle", "sql_standard"), ("bytea_output", "escape"),
            ("extra_float_digits", "-15"), ("TimeZone", "'Asia/Kathmandu'"), ("xmlbinary", "hex"),
            ("array_nulls", "on"), ("escape_string_warning", "off"), ("backslash_quote", "on"),
            ("quote_all_identifiers", "on"), ("timezone_abbreviations", "'Australia'"), ("search_path", "public"),
            ("default_transaction_isolation", "serializable"), ("default_transaction_deferrable", "on"),
        ] {
            try administrator.value("ALTER DATABASE odd_catalog SET \(name) = \(value)")
            try administrator.value("ALTER ROLE odd_catalog IN DATABASE odd_catalog SET \(name) = \(value)")
        }
        let url = "postgres://odd_catalog@127.0.0.1:\(server.port)/odd_catalog"
        let oracle = try Oracle(url)
        try oracle.value(CatalogSamples.setUp)
        let catalog = try Catalog(oracle)
        let selections = catalog.types.compactMap { type -> [String]? in
            guard case .texts(let texts) = CatalogSamples.all[type.name], type.kind == "own" else { return nil }
            return type.expressions(texts.map { literal($0, type.sqlName) }, isText: true)
        }
        #expect(selections.count > 80)
        // In composites and ranges of them, where no column has the type itself.
        let hidden = [
            "ROW('1.1'::float4, '0.1'::float8, '\\x00ff'::bytea, '1 day 2:03'::interval, '2024-02-03 04:05'::timestamptz)",
            "ARRAY[ROW('2024-02-03'::date, '2024-02-03 04:05'::timestamp, '04:05+01'::timetz, '{0.1}'::float4[])]",
            "tstzrange('2024-02-03 04:05Z', NULL)", "ARRAY[tstzmultirange(tstzrange('2024-02-03 04:05Z', NULL))]",
            "json_build_array('2024-02-03 04:05Z'::timestamptz, '1 day 2:03'::interval, '\\x00'::bytea, '0.1'::float8)",
            "to_jsonb(ARRAY['2024-02-03 04:05Z'::timestamptz])", "xmlforest('\\x00ff'::bytea AS b, '0.1'::float8 AS f)",
            "'2024-02-03 04:05Z'::timestamptz::text", "'1 day 2:03'::interval::text || '\\x00'::bytea::text",
        ]
        try await withClient(url) { client async throws in
            for expressions in selections + [hidden] { await compare(expressions, client, oracle) }
            #expect(try await client.body("SHOW quote_all_identifiers", shape: .value) == "\"on\"")
        }
    }
}
