import RouteModel

/// Compares the entries of a manifest's lock with the routes of the manifest.
struct RouteLockChecks {
    let lock: StoredLock
    let use: LockUse

    /// An entry of the lock for a route.
    struct Entry {
        /// The description of the statement.
        var statement: LockedStatement
        /// Indicates that the description is of the statement that the route has now.
        var isCurrent: Bool
    }

    /// The labels of the lock's enums.
    var enums: [String: [String]] { if case .read(let document) = lock { document.lock.enums } else { [:] } }

    // MARK: - Entries

    /// The entry of a route, or `nil` after an error and where there is no lock.
    func entry(of statement: StatementToCheck, reportingTo diagnostics: Diagnostics) -> Entry? {
        guard case .read(let document) = lock else { return nil }
        let route = statement.route
        let entry = document.entry(of: route, digest: statement.digest)
        if let (message, notes) = document.fault(of: entry, route: route) {
            report(message, at: statement.sourceLocation, notes: notes, diagnostics)
        }
        switch entry {
        case .none: return nil
        case .other(let locked, _): return use == .build ? nil : Entry(statement: locked, isCurrent: false)
        case .current(let locked, let places):
            guard let fault = Self.fault(in: locked, of: statement) else {
                return Entry(statement: locked, isCurrent: true)
            }
            report("\(document.fileName): \(fault) of route '\(route)'", at: places.parameters, diagnostics)
            return use == .build ? nil : Entry(statement: locked, isCurrent: false)
        }
    }

    /// The fault in an entry that was changed by hand; `nil` if there is none.
    private static func fault(in entry: LockedStatement, of statement: StatementToCheck) -> String? {
        guard let occurrences = entry.occurrences else {
            let count = statement.statement.names.count
            return entry.parameters.count == count
                ? nil : "there are \(entry.parameters.count) types for the \(count) parameters"
        }
        let count = statement.statement.occurrences.count
        guard occurrences.count == count else { return "there are \(occurrences.count) types for \(count) occurrences" }
        return occurrences.allSatisfy(entry.parameters.indices.contains) ? nil : "an occurrence has no type among those"
    }

    /// Reports that the lock is no longer that of the manifest: an error for a build, and nothing while it is being edited.
    private func report(
        _ message: String,
        at location: Location,
        notes: [Diagnostic.Note] = [],
        _ diagnostics: Diagnostics
    ) {
        let message = "\(message); \(RouteLockReader.cure)"
        switch use {
        case .build: diagnostics.error(message, at: location, notes: notes)
        case .tablesOnly: diagnostics.warning(message, at: location, notes: notes)
        case .serving, .ignored: break
        }
    }

    /// Warns of entries for which the manifest has no route with SQL.
    ///
    /// - Parameter isFaulty: `true` if the manifest has errors, which may stand for such a route.
    func checkUse(by manifest: DraftManifest, isFaulty: Bool, reportingTo diagnostics: Diagnostics) {
        guard case .read(let document) = lock, !isFaulty else { return }
        let names = Set(manifest.routes.filter { !$0.isHandler }.map(\.name))
        for (name, place) in document.routes where !names.contains(name) {
            let isHandler = manifest.routes.contains { $0.name == name }
            let what = isHandler ? "route '\(name)', which has a handler" : "a route '\(name)', and there is none"
            diagnostics.warning("this lock has an entry of \(what); \(RouteLockReader.cure)", at: place)
        }
    }

    // MARK: - Tables

    /// Sets the tables of a GET route with `tables: auto` to those of its entry, or reports that they are unknown.
    ///
    /// - Parameters:
    ///   - route: the route.
    ///   - statement: its statement; `nil` if it has none, or if an error has been reported about it.
    ///   - entry: its entry; `nil` if there is none.
    func resolveTables(
        _ route: inout DraftRoute,
        statement: StatementToCheck?,
        entry: Entry?,
        reportingTo diagnostics: Diagnostics
    ) {
        guard route.method == .get, let automatic = route.settings.cache.tables?.automatic else { return }
        guard !route.isHandler else {
            // A default is for the routes with SQL alone.
            guard route.location < automatic.location else { return }
            diagnostics.error(
                "'tables: auto' is about the tables of SQL; write '\(automatic.list)' with those that the handler reads",
                at: automatic.location
            )
            return
        }
        guard statement != nil else { return }
        if case .absent = lock, use == .build || use == .tablesOnly {
            diagnostics.error(
                "'tables: auto' needs a lock, and there is none; run cached-routes check --write, or write '\(automatic.list)'",
                at: automatic.location
            )
        }
        guard case .read(let document) = lock else { return }
        guard let entry else {
            // An error of a build has been reported.
            guard use == .tablesOnly else { return }
            diagnostics.error(
                "'tables: auto' of route '\(route.name)' needs an entry in \(document.fileName); run cached-routes check --write",
                at: automatic.location
            )
            return
        }
        let locked = entry.statement
        if let fault = AutomaticTablesFault(tables: locked.tables, hasUnknownTables: locked.hasUnknownTables) {
            diagnostics.report(
                fault.name,
                message: fault.message(for: route.name),
                severity: .error,
                allowed: route.settings.allowed,
                at: automatic.location
            )
        }
        route.settings.cache.tables?.names = locked.tables
    }
}
