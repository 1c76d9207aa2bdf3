import ArgumentParser
import CachedRoutes
import CachedRoutesServer
import HTTPTypes
import RouteDocuments
import RouteManifest
import RouteModel
import RouteServing

/// The routes of manifests, to be described and not to be served.
struct ManifestRoutes {
    /// The routes of each manifest.
    private let manifests: [[ListedRoute]]

    /// All routes in the order of the manifests.
    var all: [ListedRoute] { manifests.flatMap { $0 } }

    /// Reads manifests and reports their errors.
    ///
    /// Locks are used as far as they fit, because the manifests may be those that are being edited.
    ///
    /// - Parameters:
    ///   - files: the manifests; empty for all under `Sources`.
    ///   - report: gets each error; prints it on the standard error if it is left out.
    /// - Throws: `ValidationError` if there is no manifest; `ExitCode` if one has an error, which has been reported then.
    init(_ files: [String], report: (Diagnostic) -> Void = ManifestFileOptions.printError) throws {
        let targets = try ManifestFileOptions.targets(of: ManifestFileOptions.files(files), lockUse: .serving)
        let errors = targets.flatMap(\.diagnostics).filter { $0.severity == .error }
        for error in errors { report(error) }
        guard errors.isEmpty else { throw ExitCode(1) }
        manifests = targets.flatMap { target in
            zip(target.sources, target.set.manifests).enumerated().map { number, pair in
                let statements = target.set.statements.filter { $0.manifest == number }
                let outdated = target.outdated(number, report: report)
                let automatic = statements.filter(\.isAutomatic).map(\.route)
                let open = Set(outdated.map(\.route))
                return pair.1.descriptions(path: pair.0.file).map { description in
                    ListedRoute(
                        description,
                        hasUnknownTables: automatic.contains(description.name) && description.cache != nil
                            && (description.cache?.tables == nil || open.contains(description.name))
                    )
                }
            }
        }
    }

    /// The description of a route.
    func description(of route: RouteDefinition) -> ListedRoute? {
        all.first { $0.name == route.name && $0.declaration.signature == route.signature }
    }

    /// The routes for a service. Where the app has a method, a request gets a problem document.
    func compiled() -> [CompiledRoute] {
        manifests.flatMap { listed in
            RouteDefinition.routes(of: listed.map(\.description)) { $0.stub }.map { CompiledRoute($0) }
        }
    }

    /// The routes as a server has them.
    ///
    /// - Throws: `ValidationError` if routes can't be served beside each other.
    func table() throws -> ReplaceableRoutes {
        let table = ReplaceableRoutes()
        let problems = table.replace(compiled()) { _ in nil }
        guard problems.isEmpty else { throw ValidationError(problems.map(\.message).joined(separator: "\n")) }
        return table
    }
}
