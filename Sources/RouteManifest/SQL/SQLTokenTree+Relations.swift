import SQLSyntax

extension SQLTokenTree {
    /// The names of the tables and queries behind each FROM and JOIN, without their schemas.
    var relations: [String] {
        tokens.indices.compactMap { index in
            guard isKeyword(index, "from", "join") else { return nil }
            var name = index + 1
            while isWord(name, "only", "lateral") { name += 1 }
            while isPunctuation(name + 1, ".") { name += 2 }
            return isPunctuation(name + 1, "(") ? nil : SQLCatalogName(self, name)?.text
        }
    }
}
