/// An entry of a mapping: a key and its value.
struct YAMLEntry {
    let key: String
    let keyLocation: Location
    let value: YAMLNode

    /// Indicates that only blanks precede the key on its line, unlike in braces.
    var isOnLineOfItsOwn: Bool {
        guard let source = value.scalar?.source else { return true }
        return source.line(keyLocation.line).indent + 1 == keyLocation.column
    }
}
