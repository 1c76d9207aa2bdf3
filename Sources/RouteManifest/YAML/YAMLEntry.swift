/// A key and its value.
struct YAMLEntry {
    let key: String
    let keyLocation: Location
    let value: YAMLNode

    /// Whether nothing but blanks stands before the key in its line, as it does in braces.
    var isOnLineOfItsOwn: Bool {
        guard let source = value.scalar?.source else { return true }
        return source.line(keyLocation.line).indent + 1 == keyLocation.column
    }
}
