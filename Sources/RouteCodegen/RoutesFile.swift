public import RouteManifest
import RouteModel

/// The Swift file that is generated from a manifest.
///
/// A route is generated as a descriptor, not as code that parses, builds the key and binds: the runtime and the command
/// line tool do this from the same `RouteInput` values. A key is therefore the same wherever it is built, and a bug in
/// reading values is fixed in one place, without generating code again. Generated code adds what needs types: the
/// structs of inputs, the names of each route's types, the handlers protocol, the context.
///
/// The text depends only on the manifest's contents, name and path.
public struct RoutesFile: Sendable {
    /// The file's text.
    public let text: String

    /// Generates the file for `manifest`.
    ///
    /// - Parameters:
    ///   - manifest: the manifest.
    ///   - fileName: the name of the manifest's file.
    ///   - path: the path of the manifest in messages at run time, such as `Sources/App/routes.yaml`; `nil` for
    ///     `fileName`.
    public init(_ manifest: Manifest, fileName: String, path: String? = nil) {
        text = ManifestTranslation(manifest, fileName: SourceWriter.comment(fileName), path: path ?? fileName).text
    }
}

/// Translates one manifest to a Swift file.
private struct ManifestTranslation {
    private let manifest: Manifest
    private let fileName: String
    private let access: String
    private let routes: [RouteCode]
    private let enums: EnumNames
    private let rows: [RowCode]

    init(_ manifest: Manifest, fileName: String, path: String) {
        self.manifest = manifest
        self.fileName = fileName
        let access = manifest.access == .internal ? "" : "\(manifest.access.rawValue) "
        self.access = access
        let swiftNames = SwiftNames(manifest)
        let (names, enums) = (swiftNames.routes, swiftNames.enums)
        self.enums = enums
        rows = zip(manifest.routes, names).compactMap { RowCode($0, names: $1, enums: enums, access: access) }
        let members = Dictionary(
            zip(manifest.routes.map(\.name), names.map(\.member)),
            uniquingKeysWith: { first, _ in first }
        )
        routes = manifest.descriptions(path: path).enumerated().map { index, route in
            let summary = manifest.routes[index].summary
            return RouteCode(route: route, summary: summary, names: names[index], access: access, members: members)
        }
    }

    private var handlerRoutes: [RouteCode] { routes.filter(\.isHandler) }
    private var contextInputs: [InputCode] { manifest.contextInputs.map(InputCode.init) }

    var text: String {
        var writer = SourceWriter()
        writer.line("// Generated from \(fileName) by CachedRoutesPlugin. Do not edit: the next build overwrites it.")
        writer.separate()
        let usesFoundation = (contextInputs + routes.flatMap(\.inputs)).contains(where: \.needsFoundation)
        ImportCode(access: manifest.access, modules: manifest.imports, usesFoundation: usesFoundation).write(
            to: &writer
        )
        writer.separate()
        writer.documentation("The routes of `\(fileName)`, under the namespace `\(manifest.namespace)`.")
        writer.block("\(access)struct \(manifest.typeName): RouteSet") {
            writeTable(to: &$0)
            writeHandlers(to: &$0)
            writeContext(to: &$0)
            for route in routes {
                $0.separate()
                route.writeMember(to: &$0)
                route.writeNamespace(in: manifest.typeName, to: &$0)
            }
            enums.write(access: access, to: &$0)
            for row in rows { row.write(to: &$0) }
            writeAliases(to: &$0)
        }
        return writer.text
    }

    private func writeTable(to writer: inout SourceWriter) {
        writer.documentation("The routes in the manifest's order.")
        writer.line("\(access)let routes: [RouteDefinition]")
        writer.separate()
        let hasHandlers = !handlerRoutes.isEmpty
        writer.documentation(
            hasHandlers
                ? "The table, with `handlers` behind the routes that say `handler: swift`."
                : "The table; every route is answered by a statement."
        )
        writer.block("\(access)init(\(hasHandlers ? "handlers: some Handlers" : ""))") {
            $0.expression(.array(routes.map(\.reference)), after: "routes = ")
        }
    }

    /// Writes type aliases for the library's types, because types of the user's module would otherwise take precedence.
    private func writeAliases(to writer: inout SourceWriter) {
        writer.separate()
        var names = ["CachePolicy", "RouteDefinition", "RouteDeclaration", "RouteInput"]
        if routes.contains(where: { !$0.route.errors.isEmpty }) { names.append("ConstraintResponse") }
        if routes.contains(where: { $0.route.cache?.warm != nil }) { names.append("WarmPolicy") }
        if routes.contains(where: { $0.route.cache?.tables != nil }) { names.append("TablePolicy") }
        if routes.contains(where: { $0.route.write != nil }) { names.append("WritePolicy") }
        if routes.contains(where: { $0.route.precondition != nil }) { names.append("PreconditionPolicy") }
        if routes.contains(where: { $0.inputs.contains(where: \.input.isNullable) }) {
            names.append("NullableInput")
        }
        if manifest.routes.contains(where: \.isLocked) { names.append("LockedColumns") }
        let columns = manifest.routes.flatMap(\.sentColumns)
        names += Set(columns.flatMap { RowType(of: $0.type, enums: manifest.enums.keys).libraryTypes })
        for name in names.sorted() {
            writer.documentation("The library's, whatever else this module calls `\(name)`.")
            writer.line("\(access)typealias \(name) = CachedRoutes.\(name)")
        }
    }

    private func writeHandlers(to writer: inout SourceWriter) {
        guard !handlerRoutes.isEmpty else { return }
        writer.separate()
        writer.documentation("The methods behind the routes that say `handler: swift`.")
        writer.block("\(access)protocol Handlers: Sendable") {
            for route in handlerRoutes {
                $0.separate()
                route.writeRequirement(to: &$0)
            }
        }
    }

    private func writeContext(to writer: inout SourceWriter) {
        guard !contextInputs.isEmpty else { return }
        writer.separate()
        writer.documentation("What the app takes from an authenticated request.")
        writer.block("\(access)struct Context: RouteContext") {
            let properties = contextInputs.map {
                (name: $0.property, type: "\($0.scalarType)?", absence: String?("nil"))
            }
            for (input, property) in zip(contextInputs, properties) {
                $0.documentation("The context input `\(input.input.name)`.")
                $0.line("\(access)var \(property.name): \(property.type)")
            }
            $0.memberwiseInitializer(properties, access: access)
            $0.separate()
            $0.documentation("The text of a context input; `nil` when the request has none.")
            $0.block("\(access)func text(of name: String) -> String?") { function in
                function.line("switch name {")
                for input in contextInputs {
                    let name = SwiftLiteral.string(input.input.name)
                    function.line("case \(name): self.\(input.property)?.canonicalText")
                }
                function.line("default: nil")
                function.line("}")
            }
        }
    }
}
