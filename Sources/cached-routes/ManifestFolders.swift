import Foundation

/// Finds manifests among the files that SwiftPM gives to targets: those in a folder, and in the folders that links there lead to.
enum ManifestFolders {
    /// Returns the manifests in a folder and its subfolders, without hidden ones, sorted by their paths, which begin with the folder.
    ///
    /// Each folder is visited once, so that links that lead around in a loop end, and a manifest has one path. That through links is
    /// taken where there is no other.
    static func manifests(under folder: String) -> [String] {
        var folders = [folder]
        var links: [String] = []
        var visited: Set<String> = []
        var manifests: [String] = []
        while let path = folders.popLast() ?? links.popLast() {
            guard visited.insert(plain(path)).inserted else { continue }
            let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
            for name in names where !name.hasPrefix(".") {
                let child = "\(path)/\(name)"
                var isFolder: ObjCBool = false
                guard FileManager.default.fileExists(atPath: child, isDirectory: &isFolder) else { continue }
                if !isFolder.boolValue {
                    if name == "routes.yaml" || name.hasSuffix(".routes.yaml") { manifests.append(child) }
                } else if (try? FileManager.default.destinationOfSymbolicLink(atPath: child)) != nil {
                    links.append(child)
                } else {
                    folders.append(child)
                }
            }
            // The first of several links to one folder, whatever order the system gives.
            links.sort(by: >)
        }
        return manifests.sorted()
    }

    /// The path of a folder without links.
    static func plain(_ path: String) -> String {
        URL(filePath: path).resolvingSymlinksInPath().path(percentEncoded: false)
    }
}
