import Foundation
import RouteCodegen

let arguments: Arguments
do {
    arguments = try Arguments(Array(CommandLine.arguments.dropFirst()))
} catch {
    FileHandle.standardError.write(Data("error: \(error)\n".utf8))
    exit(2)
}

// A generator of an artifact bundle may be of another version than the library that the code is for.
if let version = arguments.codeVersion, version != GeneratedCode.version {
    let message = """
        error: this generator writes code of version \(GeneratedCode.version), and CachedRoutes needs \(version): \
        make the bundle that CACHED_ROUTES_GENERATOR names again, from the same version of CachedRoutes, or set the variable to source

        """
    FileHandle.standardError.write(Data(message.utf8))
    exit(2)
}

let generator = Generator(arguments)
for diagnostic in generator.diagnostics {
    FileHandle.standardError.write(Data("\(diagnostic)\n".utf8))
}
if generator.hasErrors { exit(1) }

for output in generator.outputs {
    do {
        try output.writeIfChanged()
    } catch {
        let message = "\(output.path):1:1: error: cannot be written: \(error.localizedDescription)\n"
        FileHandle.standardError.write(Data(message.utf8))
        exit(1)
    }
}
