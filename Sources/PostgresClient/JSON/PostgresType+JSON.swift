extension PostgresType {
    /// Indicates a built-in array type whose elements are converted without the server.
    package var isArray: Bool { JSONColumnEncoding(typeOID: oid)?.isArray ?? false }
}
