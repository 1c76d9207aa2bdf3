import SQLSyntax

/// The names of types in PostgreSQL's catalog.
enum SQLTypeNameResolver {
    private static let synonyms = [
        "int": "int4", "integer": "int4", "smallint": "int2", "bigint": "int8", "real": "float4", "decimal": "numeric",
        "dec": "numeric", "boolean": "bool", "char": "bpchar", "character": "bpchar",
    ]

    /// The catalog's name of a type, such as `int4` for `integer`; `nil` if it is unknown.
    static func internalName(_ words: [String], of name: SQLCatalogName?, isQuoted: Bool) -> String? {
        guard let name else { return nil }
        if isQuoted { return name.text }
        switch (name.text, words.dropFirst().first { $0 != "array" }) {
        case ("float", nil), ("double", "precision"?): return "float8"
        case ("character", "varying"?), ("char", "varying"?): return "varchar"
        case ("bit", "varying"?): return "varbit"
        case ("timestamp", "with"?): return "timestamptz"
        case ("time", "with"?): return "timetz"
        case ("timestamp", "without"?): return "timestamp"
        case ("time", "without"?): return "time"
        case (let text, nil): return synonyms[text] ?? text
        default: return nil
        }
    }
}
