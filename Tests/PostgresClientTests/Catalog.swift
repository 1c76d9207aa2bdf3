import Foundation
import PostgresClient
import TestServers
import Testing

/// The types that a server ships.
struct Catalog {
    /// A type of `pg_type`.
    struct ShippedType: Decodable {
        let oid: Int
        let name: String
        /// As SQL names it, with its schema.
        let sqlName: String
        /// `array` for the array type of another one, `row` for the rows of a table or view, `own` for others.
        let kind: String
        /// 0 where there is none.
        let arrayOID: Int
        let attributes: [Attribute]?
    }

    /// A column of a table or view.
    struct Attribute: Decodable {
        let type: String
        /// For an array the element's type.
        let name: String
        let isArray: Bool
    }

    let types: [ShippedType]

    init(_ oracle: Oracle) throws {
        // What initdb makes has numbers below 16384.
        let sql = """
            SELECT json_agg(r) FROM (
                SELECT t.oid::int, t.typname AS name, format('%I.%I', n.nspname, t.typname) AS "sqlName",
                    CASE WHEN EXISTS (SELECT FROM pg_type AS e WHERE e.typarray = t.oid) THEN 'array'
                        WHEN t.typtype = 'c' THEN 'row' ELSE 'own' END AS kind,
                    t.typarray::int AS "arrayOID",
                    (
                        SELECT json_agg(json_build_object(
                            'type', format('%I.%I', an.nspname, a.typname), 'name', coalesce(e.typname, a.typname),
                            'isArray', e.oid IS NOT NULL
                        ) ORDER BY attnum)
                        FROM pg_attribute JOIN pg_type AS a ON a.oid = atttypid
                            JOIN pg_namespace AS an ON an.oid = a.typnamespace LEFT JOIN pg_type AS e ON e.typarray = a.oid
                        WHERE attrelid = t.typrelid AND attnum > 0
                    ) AS attributes
                FROM pg_type AS t JOIN pg_namespace AS n ON n.oid = t.typnamespace WHERE t.oid < 16384 ORDER BY t.oid
            ) AS r
            """
        let list = try #require(try oracle.value(sql))
        types = try JSONDecoder().decode([ShippedType].self, from: Data(list.utf8))
    }

    /// What a query can have of a type; of the rows of a table one that is full and one that is empty.
    func sample(of type: ShippedType) -> CatalogSamples.Sample? {
        guard type.kind == "row" else { return CatalogSamples.all[type.name] }
        let attributes = type.attributes ?? []
        let values = attributes.enumerated().map { value(of: $1, number: $0) }
        let nulls = attributes.map { _ in "NULL" }
        return .expressions([values, nulls].map { "ROW(\($0.joined(separator: ", ")))::\(type.sqlName)" })
    }

    /// A value for a column; which one depends on its number.
    private func value(of attribute: Attribute, number: Int) -> String {
        let null = "NULL::\(attribute.type)"
        let values: [String]
        switch CatalogSamples.all[attribute.name] {
        case .texts(let texts): values = texts.map { literal($0, attribute.isArray ? "text" : attribute.type) }
        case .expressions(let expressions): values = expressions
        case .onlyNull, .noColumn, .none: return null
        }
        let some = values[number % values.count]
        return attribute.isArray ? "ARRAY[NULL, \(some), \(values[0])]::\(attribute.type)" : some
    }
}

extension Catalog.ShippedType {
    /// NULL, these values, and arrays of them of all forms.
    ///
    /// - Parameter isText: whether the type and its arrays can be read from text.
    func expressions(_ values: [String], isText: Bool) -> [String] {
        let null = "NULL::\(sqlName)"
        var all = [null] + values
        guard arrayOID != 0 else { return all }
        all.append("ARRAY[\(null)]")
        guard let first = values.first, let last = values.last else { return all }
        let line = "ARRAY[\(([null] + values + [null]).joined(separator: ", "))]"
        let table = "ARRAY[ARRAY[\(null), \(first)], ARRAY[\(last), \(first)], ARRAY[\(last), \(null)]]"
        all += [line, table, "(\(line))[1:0]", "CASE WHEN false THEN \(line) END"]
        all += ["array_fill(\(last), ARRAY[2, 1, 2], ARRAY[-1, 0, 3])"]
        if isText {
            all.append("('[-1:\(values.count)]=' || (\(line))::text)::\(sqlName)[]")
            all.append("('[0:2][5:6]=' || (\(table))::text)::\(sqlName)[]")
        }
        return all
    }
}

/// An SQL literal of this type.
func literal(_ text: String, _ type: String) -> String {
    "\(quote(text))::\(type)"
}

/// An SQL literal.
///
/// It goes by code points: a quote that a combining mark follows is no quote among Swift's characters.
func quote(_ text: String) -> String {
    "'\(String(String.UnicodeScalarView(text.unicodeScalars.flatMap { $0 == "'" ? [$0, $0] : [$0] })))'"
}

/// Expects that the client answers a query of these expressions as the server's `row_to_json` does, and names those for
/// which it doesn't.
func compare(_ expressions: [String], _ client: PostgresClient, _ oracle: Oracle) async {
    func query(_ expressions: some Sequence<String>) -> String {
        "SELECT " + expressions.enumerated().map { "\($1) AS c\($0)" }.joined(separator: ", ")
    }
    func isEqual(_ query: String) async -> Bool {
        guard let answer = try? await client.body(query), let expected = try? oracle.rows(query) else { return false }
        return answer == expected
    }
    guard await !isEqual(query(expressions)) else { return }
    var isFound = false
    for expression in expressions where await !isEqual(query([expression])) {
        isFound = true
        let answer = await Result { try await client.body(query([expression])) }
        let expected = (try? oracle.rows(query([expression]))) ?? "an error"
        Issue.record("\(expression.prefix(600)) gives \(answer) instead of \(expected.prefix(600))")
    }
    if !isFound { Issue.record("wrong only together: \(query(expressions).prefix(2000))") }
}

extension Result where Failure == any Error {
    /// What an asynchronous closure returns or throws.
    init(_ body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}
