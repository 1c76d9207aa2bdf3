import RouteModel

/// Reads statements from the manifest and from `.sql` files.
struct SQLReader {
    let reader: NodeReader
    /// The manifest's file. Paths of `.sql` files are relative to its folder.
    let file: String
    let readFile: (String) throws(SQLFileError) -> String
    /// The paths of existing `.sql` files relative to the manifest's folder, for suggestions.
    var files: [String] = []

    /// Reads a statement in the manifest.
    func inline(_ node: YAMLNode) -> SQLText? {
        if node.isNull, node.scalar?.text.isEmpty ?? false {
            reader.diagnostics.error(
                "'sql' has no value; write the statement here, or use 'sql-file'",
                at: node.location
            )
            return nil
        }
        if let elements = node.sequence, elements.count != 1 {
            reader.diagnostics.error(
                "'sql' must be one statement, not a list; put them into one with WITH, or make a route of each",
                at: node.location
            )
            return nil
        }
        guard let scalar = reader.scalar(node, named: "'sql'", expected: "a statement") else { return nil }
        var sql = SQLText(text: scalar.text, places: scalar.places)
        let changes = Diagnostics()
        SQLScalarChecks(diagnostics: changes, scalar: scalar, sql: sql).check()
        sql.isChanged = changes.hasErrors
        reader.diagnostics.add(changes)
        return checked(sql)
    }

    /// Reads a statement in a file of its own.
    func file(_ node: YAMLNode) -> SQLText? {
        guard let scalar = reader.scalar(node, named: "'sql-file'", expected: "the path of a .sql file") else {
            return nil
        }
        var path = scalar.text
        while path.hasPrefix("./") { path.removeFirst(2) }
        if let problem = Self.problem(with: path) {
            reader.diagnostics.error("'sql-file' \(problem)", at: scalar.location)
            return nil
        }
        do throws(SQLFileError) {
            return checked(Self.normalised(try readFile(path), file: displayed(path)))
        } catch {
            let reason =
                switch error.code.kind {
                case .notFound: "does not exist beside the manifest\(hint(for: path))"
                case .unreadable: "cannot be read: \(error.message)"
                }
            reader.diagnostics.error("'sql-file' '\(path)' \(reason)", at: scalar.location)
            return nil
        }
    }

    /// The suggestion for a missing file: another path at which there is one.
    private func hint(for path: String) -> String {
        let parts = path.split(separator: "/")
        let candidates = parts.indices.dropFirst().map { parts[$0...].joined(separator: "/") } + ["sql/\(path)"]
        let found = candidates.first { (try? readFile($0)) != nil } ?? closest(to: path)
        if let found { return " (did you mean '\(found)'?)" }
        return "; create it, or correct the path, which begins in the manifest's folder"
    }

    /// The file with the most similar path, or with the most similar name in another folder.
    private func closest(to path: String) -> String? {
        func name(_ path: String) -> String { String(path.split(separator: "/").last ?? "") }
        let files = self.files.sorted()
        if let file = MisspellingSuggestion.closest(to: path, among: files, within: max(1, name(path).count / 3)) {
            return file
        }
        return MisspellingSuggestion.closest(to: name(path), among: files.map(name)).flatMap { found in
            files.first { name($0) == found }
        }
    }

    private static func problem(with path: String) -> String? {
        let last = path.split { "/\\:".contains($0) }.last.map(String.init) ?? ""
        let example = "'sql/\(last.hasSuffix(".sql") ? last : "list_users.sql")'"
        let segments = path.split(separator: "/", omittingEmptySubsequences: false)
        if path.hasPrefix("/") || path.hasPrefix("~") || path.contains("\\") || path.contains(":")
            || segments.contains("..")
        {
            return
                "'\(path)' is no path inside the target's folder; move the file there, and write its path from the "
                + "manifest's folder, such as \(example)"
        }
        if segments.contains(where: { $0.isEmpty || $0 == "." }) {
            return "must be the path of a file, without empty parts; write it as in \(example)"
        }
        // Other files are not inputs of the build plugin, so changes in them would go unnoticed.
        if !path.hasSuffix(".sql") {
            return "must name a file that ends in '.sql'; write '\(path).sql', and call the file so"
        }
        return nil
    }

    /// The file's path in diagnostics, in the folder of the manifest.
    private func displayed(_ path: String) -> String {
        guard let slash = file.lastIndex(of: "/") else { return path }
        return file[...slash] + path
    }

    /// The text with CRLF replaced by LF, as YAML does too, so that a statement is the same in every checkout.
    private static func normalised(_ text: String, file: String) -> SQLText {
        let source = SourceText(text, file: file)
        var kept: [Unicode.Scalar] = []
        var indices: [Int] = []
        for (index, scalar) in source.scalars.enumerated() {
            if scalar == "\r", index + 1 < source.scalars.count, source.scalars[index + 1] == "\n" { continue }
            kept.append(scalar)
            indices.append(index)
        }
        indices.append(source.scalars.count)
        let places = SourceMap(source: source, indices: indices, fallback: source.location(at: 0))
        return SQLText(text: SourceText.string(kept[...]), places: places)
    }

    private func checked(_ sql: SQLText) -> SQLText? {
        guard let offset = sql.text.utf8.enumerated().first(where: { $0.element == 0 })?.offset else { return sql }
        reader.diagnostics.error("SQL cannot contain NUL; remove the character", at: sql.location(at: offset))
        return nil
    }
}
