import RouteModel

/// Compares the entries of a manifest's lock with the routes of the manifest.
struct RouteLockChecks {
    let lock: ManifestLock

    /// An entry of the lock for a route.
    struct Entry {
        /// What the lock says about the route's statement.
        var statement: LockedStatement
        /// Indicates that it is about the statement that the route has now.
        var isCurrent: Bool
    }

    /// The labels of the lock's enums.
    var enums: [String: [String]] { if case .read(let document, _) = lock { document.lock.enums } else { [:] } }

    // MARK: - Entries

    /// The entry of a route, or `nil` after an error and where there is no lock.
    func entry(of statement: StatementToCheck, reportingTo diagnostics: Diagnostics) -> Entry? {
        guard case .read(let document, let use) = lock else { return nil }
        let name = statement.route
        guard let entries = document.lock.routes[name], !entries.isEmpty else {
            report(
                "\(document.fileName) has no entry of route '\(name)'",
                use,
                at: statement.sourceLocation,
                diagnostics
            )
            return nil
        }
        let places = document.statements[name]?.first
        guard entries.count == 1, entries[0].digest == statement.digest else {
            report(
                "\(document.fileName) describes another statement of route '\(name)'",
                use,
                at: statement.sourceLocation,
                notes: places.map { [.init("described here", at: $0.entry)] } ?? [],
                diagnostics
            )
            return use == .build ? nil : Entry(statement: entries[0], isCurrent: false)
        }
        if let fault = Self.fault(in: entries[0], of: statement) {
            report(
                "\(document.fileName): \(fault) of route '\(name)'",
                use,
                at: places?.parameters ?? statement.sourceLocation,
                diagnostics
            )
            return use == .build ? nil : Entry(statement: entries[0], isCurrent: false)
        }
        return Entry(statement: entries[0], isCurrent: true)
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

    /// Reports that the lock is no longer that of the manifest: an error for a build.
    private func report(
        _ message: String,
        _ use: LockUse,
        at location: Location,
        notes: [Diagnostic.Note] = [],
        _ diagnostics: Diagnostics
    ) {
        let message = "\(message); \(RouteLockReader.cure)"
        if use == .build {
            diagnostics.error(message, at: location, notes: notes)
        } else {
            diagnostics.warning(message, at: location, notes: notes)
        }
    }

    /// Warns of entries for which the manifest has no route with SQL.
    ///
    /// - Parameter isFaulty: `true` if the manifest has errors, which may stand for such a route.
    func checkUse(by manifest: DraftManifest, isFaulty: Bool, reportingTo diagnostics: Diagnostics) {
        guard case .read(let document, _) = lock, !isFaulty else { return }
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
        if case .absent = lock {
            diagnostics.error(
                "'tables: auto' needs a lock, and there is none; run cached-routes check --write, or write '\(automatic.list)'",
                at: automatic.location
            )
        }
        guard case .read(let document, let use) = lock else { return }
        guard let entry else {
            // An error of a build has been reported.
            guard use != .build else { return }
            diagnostics.error(
                "'tables: auto' of route '\(route.name)' needs an entry in \(document.fileName); run cached-routes check --write",
                at: automatic.location
            )
            return
        }
        if entry.statement.hasUnknownTables {
            diagnostics.report(
                .unknownTables,
                message:
                    "'tables: auto' can't know all that the SQL of route '\(route.name)' reads, as a function, a materialized "
                    + "view or a foreign table hides it; name the tables, or write 'allow: [ unknown-tables ]' if those it "
                    + "knows are enough",
                severity: .error,
                allowed: route.settings.allowed,
                at: automatic.location
            )
        }
        route.settings.cache.tables?.names = entry.statement.tables
    }
}
