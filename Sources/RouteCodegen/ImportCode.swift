import RouteManifest

/// The import declarations of a generated file.
///
/// They compile with and without `InternalImportsByDefault` in the user's module, and with any access level of the same
/// imports in other files.
struct ImportCode {
    let access: Manifest.Access
    let modules: [String]
    let usesFoundation: Bool

    /// Writes the declarations.
    func write(to writer: inout SourceWriter) {
        let others = Set(modules).subtracting(["CachedRoutes"])
        switch access {
        case .internal:
            writeImports(others.union(["CachedRoutes"]), to: &writer)
            writeFoundation("import", to: &writer)
        case .public:
            writer.line("public import CachedRoutes")
            writeImports(others, to: &writer)
            writeFoundation("public import", to: &writer)
        case .package:
            writeImports(others, to: &writer)
            if !others.isEmpty { writer.separate() }
            // Without the feature an import without an access level is public, and would conflict with `package import`
            // in another file.
            writer.line("#if hasFeature(InternalImportsByDefault)")
            writer.indented {
                $0.line("package import CachedRoutes")
                writeFoundation("package import", to: &$0)
            }
            writer.line("#else")
            writer.indented {
                $0.line("import CachedRoutes")
                writeFoundation("import", to: &$0)
            }
            writer.line("#endif")
        }
    }

    private func writeImports(_ modules: Set<String>, to writer: inout SourceWriter) {
        for module in modules.sorted() { writer.line("import \(module)") }
    }

    private func writeFoundation(_ keyword: String, to writer: inout SourceWriter) {
        guard usesFoundation else { return }
        writer.separate()
        writer.line("#if canImport(FoundationEssentials)")
        writer.indented { $0.line("\(keyword) FoundationEssentials") }
        writer.line("#else")
        writer.indented { $0.line("\(keyword) Foundation") }
        writer.line("#endif")
    }
}
