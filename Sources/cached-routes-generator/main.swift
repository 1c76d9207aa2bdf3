import Foundation

let arguments: Arguments
do {
    arguments = try Arguments(Array(CommandLine.arguments.dropFirst()))
} catch {
    FileHandle.standardError.write(Data("error: \(error)\n".utf8))
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
