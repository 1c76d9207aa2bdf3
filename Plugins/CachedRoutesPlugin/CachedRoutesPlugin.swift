import Foundation
import PackagePlugin

/// Generates Swift code from the manifests among a target's files: `routes.yaml` and `*.routes.yaml`, in its folder or
/// below it.
///
/// One command for a target reads all its manifests, their locks and its `.sql` files. All of them are declared as inputs,
/// so the command runs only when one has changed, and SwiftPM doesn't warn of unhandled files. Files that the target
/// excludes are ignored.
@main
struct CachedRoutesPlugin: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        guard let target = target as? any SourceModuleTarget else {
            throw PluginError(
                "'\(target.name)' has no sources that Swift could be added to; use CachedRoutesPlugin in a Swift target"
            )
        }
        let generation = Generation(
            target: target.name,
            package: context.package.directoryURL,
            folder: target.directoryURL,
            files: target.sourceFiles.map(\.url),
            outputFolder: context.pluginWorkDirectoryURL
        )
        return [try generation.command(tool: context.tool(named: "cached-routes-generator").url)]
    }
}

#if canImport(XcodeProjectPlugin)
    import XcodeProjectPlugin

    extension CachedRoutesPlugin: XcodeBuildToolPlugin {
        func createBuildCommands(context: XcodePluginContext, target: XcodeTarget) throws -> [Command] {
            let generation = Generation(
                target: target.displayName,
                package: context.xcodeProject.directoryURL,
                folder: context.xcodeProject.directoryURL,
                files: target.inputFiles.map(\.url),
                outputFolder: context.pluginWorkDirectoryURL
            )
            return [try generation.command(tool: context.tool(named: "cached-routes-generator").url)]
        }
    }
#endif
