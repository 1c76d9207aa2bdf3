extension PostgresType {
    /// A built-in array type with a rule of its own for its elements.
    package var isArray: Bool { JSONColumnEncoding(typeOID: oid)?.isArray ?? false }
}
