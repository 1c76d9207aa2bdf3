import RouteModel

/// A route's statement after its checks.
struct CheckedStatement {
    /// The text in the manifest or in a `.sql` file.
    var text: SQLText
    /// The statement as it is sent; `nil` after an error.
    var statement: DraftStatement?
    /// The places of the columns before the first `*`.
    var columns: [Location] = []
    /// Indicates an error about the statement's columns or about a statement that writes.
    var isKnownFaulty = false
}

extension RouteValidator {
    /// The statement with all that is needed to check it on a database; `nil` if it can't be sent.
    func statementToCheck(_ checked: CheckedStatement, of route: DraftRoute) -> StatementToCheck? {
        guard let statement = checked.statement, !checked.text.isChanged, let method = route.method else { return nil }
        let inputs = route.inputs.compactMap(\.input)
        let parameters = statement.names.compactMap { ParameterBinding(named: $0, in: inputs) }
        // An input that could not be read has an error of its own, and no type.
        guard parameters.count == statement.names.count else { return nil }
        var places: [String: Location] = [:]
        for (name, parameter) in zip(statement.names, parameters) {
            places[name] = route.inputs.first { $0.name == inputs[parameter.index].name }?.location
        }
        let types = parameters.map { $0.type(in: inputs) }
        let returns = route.settings.returns?.value ?? .many
        let notNull = route.settings.notNull.map { StatementToCheck.Name($0.value, at: $0.location) }
        let tables = method == .get ? route.settings.cache.tables : nil
        return StatementToCheck(
            manifest: manifest,
            route: route.name,
            sourceLocation: route.sourceLocation,
            statement: LocatedStatement(
                sql: statement.sql,
                names: statement.names,
                text: checked.text,
                map: statement.map
            ),
            types: types,
            texts: parameters.map { parameter in
                let input = inputs[parameter.index]
                guard !parameter.isPresence, input.type.scalar == .string else { return [] }
                return input.oneOf + (input.defaultValue?.texts ?? []).filter { !input.oneOf.contains($0) }
            },
            inputLocations: places,
            returns: returns,
            returnsLocation: route.settings.returns?.location,
            isRead: method == .get,
            tables: tables?.placesByName,
            tablesLocation: tables?.automatic?.location ?? tables?.location,
            isAutomatic: tables?.automatic != nil,
            errors: route.settings.errorPlaces,
            notNull: notNull,
            allowed: route.settings.allowed,
            columnPlaces: checked.columns,
            isKnownFaulty: checked.isKnownFaulty,
            digest: StatementDigest.hexadecimal(
                sql: statement.sql,
                names: statement.names,
                types: types,
                nullable: parameters.map { !$0.isPresence && inputs[$0.index].isNullable },
                returns: returns,
                notNull: notNull.map(\.text)
            )
        )
    }
}
