/// What the plugin asks for: `[--root <folder>] (--manifest <path> --output <path>)… (--sql <path>)…`.
struct Arguments {
    /// A manifest and the file that is generated from it.
    struct Job {
        let manifest: String
        let output: String
    }

    /// Why the arguments are not understood.
    struct UsageError: Error, CustomStringConvertible {
        let description =
            "usage: cached-routes-generator [--root <folder>] (--manifest <path> --output <path>)… (--sql <path>)…"
    }

    /// The folder of the package: messages at run time name manifests from there.
    private(set) var root: String?
    private(set) var jobs: [Job] = []
    /// The statements' files that manifests may name: those whose changes run the tool again.
    private(set) var sqlFiles: Set<String> = []

    /// - Throws: ``UsageError`` for anything but the form above.
    init(_ arguments: [String]) throws(UsageError) {
        var rest = arguments[...]
        var manifest: String?
        while let option = rest.popFirst() {
            guard let path = rest.popFirst() else { throw UsageError() }
            switch (option, manifest) {
            case ("--manifest", nil): manifest = path
            case ("--output", let pending?):
                jobs.append(Job(manifest: pending, output: path))
                manifest = nil
            case ("--root", nil): root = path
            case ("--sql", nil): sqlFiles.insert(path)
            default: throw UsageError()
            }
        }
        guard manifest == nil, !jobs.isEmpty else { throw UsageError() }
    }
}
