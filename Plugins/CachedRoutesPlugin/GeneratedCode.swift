/// The generated code as a whole.
enum GeneratedCode {
    /// The version of generated code that this library is for. A generator of another version, which an artifact bundle may have,
    /// refuses to run. It is that of `Sources/RouteCodegen/GeneratedCode.swift`.
    static let version = "ccb4cc392cb91682"
}
