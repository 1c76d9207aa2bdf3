import RouteCheck
import RouteManifest
import TestServers
import Testing

@Suite("Values and tables that the manifest itself names")
struct ManifestValueTests {
    private static let schema = """
        CREATE TYPE state AS ENUM ('on sale', 'sold out');
        CREATE TABLE products (id int NOT NULL, state state NOT NULL, states state[]);
        """
    private static let database = Result { try CheckDatabase("check_values", schema) }

    /// The messages of errors with their lines, and those of warnings with their names.
    private func check(_ routes: String) async throws -> [String] {
        let text = "version: 1\nnamespace: n\nroutes:\n" + routes
        let result = try await blocking { try Self.database.get().check(text) }
        return result.diagnostics.map { "\($0.location.line): \($0.name?.rawValue ?? "error"): \($0.message)" }
    }

    @Test("Values of one-of and defaults are labels of the enum that they are sent as")
    func labels() async throws {
        let routes = """
              list:
                get: /list
                query:
                  state: { type: string, one-of: [on sale, soldout], default: soldout }
                  states: { type: "[string]", one-of: [sold out, x y z], default: [sold out] }
                  other: { type: string, default: other }
                  text: { type: string, one-of: [free, text], optional: true }
                sql: |
                  SELECT id FROM products WHERE state = :state AND state = ANY(:states) AND 'other' = :other
                    AND (:text::text IS NULL OR id::text = :text) LIMIT 1
            """
        #expect(
            try await check(routes) == [
                "7: error: 'soldout' is no label of public.state, as which ':state' is sent (did you mean 'sold out'?)",
                "8: error: 'x y z' is no label of public.state, as which ':states' is sent",
            ]
        )
    }

    @Test("Tables of a handler are there, and announce their changes")
    func handlerTables() async throws {
        let routes = """
              made:
                get: /made
                handler: swift
                cache: { ttl: 1m, tables: [product, products] }
            """
        let found = try await check(routes)
        #expect(found.count == 2)
        #expect(found.first?.hasPrefix("7: error: changes of 'product' can't be announced: ") == true, "\(found)")
        #expect(found.last?.hasPrefix("7: no-triggers: changes of table 'products' are not announced: ") == true)
    }
}
