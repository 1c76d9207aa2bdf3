/// Reads `precondition`.
struct PreconditionSettingsReader {
    let reader: NodeReader

    /// Reads the name of a route, or a mapping with it.
    func read(_ entry: YAMLEntry) -> PreconditionSettings? {
        let what = "'precondition'"
        if let scalar = entry.value.scalar, !scalar.isNull {
            return reader.text(entry.value, named: what).map { PreconditionSettings(route: $0) }
        }
        let expectation = "the name of a GET route or a mapping"
        let cure = "write it as in precondition: { route: getUser, required: true }"
        guard let entries = reader.mapping(entry.value, named: what, expected: expectation, cure: cure) else {
            return nil
        }
        let keys = MappingKeys.precondition
        let known = Dictionary(uniqueKeysWithValues: keys.known(entries, reader.diagnostics).map { ($0.key, $0.value) })
        let isRequired = known["required"].flatMap { reader.bool($0, named: "'required'") }?.value ?? false
        guard let node = known["route"] else {
            if keys.misses("route", in: entries) {
                reader.diagnostics.error(
                    "'precondition' has no 'route'; add the GET route that conditions speak of, such as 'route: getUser'",
                    at: entry.keyLocation
                )
            }
            return nil
        }
        return reader.text(node, named: "'route'").map { PreconditionSettings(route: $0, isRequired: isRequired) }
    }
}
