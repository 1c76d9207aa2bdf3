import RouteManifest

/// Differences between the lock of a statement and what a database says.
struct LockFindings {
    private let statement: StatementToCheck
    private let lock: StoredLock
    private let lockFile: String

    /// - Parameter lockFile: the name of the lock's file, without its folder.
    init(_ statement: StatementToCheck, _ lock: StoredLock, lockFile: String) {
        self.statement = statement
        self.lock = lock
        self.lockFile = lockFile
    }

    /// The entry of a statement in a lock.
    private struct Entry {
        let document: RouteLockDocument
        let locked: LockedStatement
        let places: RouteLockDocument.StatementPlaces
    }

    /// Returns the statement's entry, or reports that it is of another statement or missing. Of a lock that can't be read nothing
    /// more is said.
    private func entry(cure: String, _ findings: inout Findings) -> Entry? {
        switch lock {
        case .unreadable: return nil
        case .absent:
            findings.error("there is no \(lockFile); \(cure)", at: statement.sourceLocation)
            return nil
        case .read(let document):
            let entry = document.entry(of: statement.route, digest: statement.digest)
            if let (message, notes) = document.fault(of: entry, route: statement.route) {
                findings.error("\(message); \(cure)", at: statement.sourceLocation, notes: notes)
            }
            guard case .current(let locked, let places) = entry else { return nil }
            return Entry(document: document, locked: locked, places: places)
        }
    }

    /// Reports differences.
    func check(_ description: StatementFacts.Description, _ builder: LockBuilder, _ findings: inout Findings) {
        guard let entry = entry(cure: "run cached-routes check --write, and commit it", &findings) else { return }
        for difference in differences(entry, description, builder) {
            findings.error(
                "\(difference.text(entry.document.fileName, "the database")); run cached-routes check --write",
                at: place(of: difference.part, description),
                notes: [Self.note(difference.part, entry)]
            )
        }
    }

    /// Reports what a coming schema does to the deployed statement of the lock.
    ///
    /// Types of parameters are chosen anew by each process, so that another one matters only if no value can be read as it.
    func checkNext(_ outcome: StatementFacts.Outcome, _ builder: LockBuilder, _ findings: inout Findings) {
        let cure = "the deployed statements are those of the lock: run cached-routes check --write where they are"
        guard let entry = entry(cure: cure, &findings) else { return }
        let isBroken = "'\(statement.route)' does not survive"
        if case .refused(let error) = outcome {
            let place = statement.location(of: error)
            findings.error(
                "\(isBroken): \(error.message) [\(error.state)]",
                at: place,
                notes: error.notes(at: place),
                state: error.state
            )
        }
        guard case .described(let description) = outcome else { return }
        if let refusal = description.conversionError {
            let place = statement.location(ofColumn: refusal.column)
            findings.error(
                "\(isBroken): PostgreSQL can't turn these columns into JSON: \(refusal.error.message) [\(refusal.error.state)]",
                at: place,
                notes: refusal.error.notes(at: place),
                state: refusal.error.state
            )
        }
        for input in ParameterFindings.unreadable(statement, description) {
            findings.error("\(isBroken): \(input.text)", at: input.location)
        }
        for difference in differences(entry, description, builder) where concernsDeployed(difference, description) {
            let text = difference.text(entry.document.fileName, "the next database")
            let breaks = difference.breaksDeployed
            let diagnostic = Diagnostic(
                breaks ? .error : .warning,
                breaks ? "\(isBroken): \(text)" : text,
                at: place(of: difference.part, description),
                notes: [Self.note(difference.part, entry)]
            )
            findings.add(Finding(diagnostic))
        }
    }

    /// Indicates a difference that clients of the deployed statement may see. A further label of an enum is one if it can be in a
    /// response.
    private func concernsDeployed(_ difference: LockDifference, _ description: StatementFacts.Description) -> Bool {
        switch difference.part {
        case .parameters, .parameter: false
        // Deployed routes with `tables: auto` are purged by the changes of the lock's tables.
        case .tables: statement.isAutomatic && description.relations?.error == nil && difference.breaksDeployed
        case .column, .columns: true
        case .enumeration(let type): difference.breaksDeployed || column(of: type, description) != nil
        }
    }

    private func differences(
        _ entry: Entry,
        _ description: StatementFacts.Description,
        _ builder: LockBuilder
    ) -> [LockDifference] {
        LockDifference.all(
            entry.locked,
            builder.locked(statement, description),
            labels: (entry.document.lock.enums, builder.enums(description)),
            names: description.inputNames(in: statement.statement)
        )
    }

    // MARK: - Places

    /// The place of a part in the SQL or in the manifest, as far as there is one, else that of the statement.
    private func place(of part: LockDifference.Part, _ description: StatementFacts.Description) -> Location {
        let place: Location?
        switch part {
        case .parameters, .columns: place = nil
        case .parameter(let index): place = location(ofParameter: index, description)
        case .column(_, let found): place = found.map(statement.location(ofColumn:))
        case .tables: place = statement.tablesLocation
        case .enumeration(let type):
            place =
                column(of: type, description).map(statement.location(ofColumn:))
                ?? description.parameters.firstIndex { LockDifference.elementType($0.name) == type }
                .flatMap { location(ofParameter: $0, description) }
        }
        return place ?? statement.statement.start
    }

    private func location(ofParameter index: Int, _ description: StatementFacts.Description) -> Location? {
        description.occurrences(in: statement.statement).first { $0.type == index }
            .map { statement.statement.location(ofSentByte: $0.sentByte) }
    }

    /// The index of the first column with values of an enum, or with arrays of them.
    private func column(of type: String, _ description: StatementFacts.Description) -> Int? {
        description.columns.firstIndex { LockDifference.elementType($0.type.name) == type }
    }

    /// A note at the place of a part in the lock.
    private static func note(_ part: LockDifference.Part, _ entry: Entry) -> Diagnostic.Note {
        let places = entry.places
        let place: Location
        switch part {
        case .parameters, .parameter: place = places.parameters
        case .column(let index?, _) where places.columns.indices.contains(index): place = places.columns[index]
        case .column, .columns: place = places.columns.first ?? places.entry
        case .tables: place = places.tables
        case .enumeration(let type): place = entry.document.enums[type] ?? places.entry
        }
        return .init("the lock says so here", at: place)
    }
}
