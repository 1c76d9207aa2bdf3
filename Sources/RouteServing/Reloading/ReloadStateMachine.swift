package import CachedRoutesCore
package import RouteManifest
import RouteModel

/// Decides what is served when files change: which routes are exchanged, what a database is asked before, and what people are
/// told.
///
/// A reload is what the deployment of another version is for an app: the service, its store and its connections stay, and
/// fingerprints decide what may be reused.
///
/// A value type: its owner reads files, asks the database, exchanges routes, and prints.
package struct ReloadStateMachine: Sendable {
    /// The result of an action, or a change of files. Results of an older generation of contents exchange no routes.
    package enum Event: Sendable {
        /// The manifests are others from now on. Their contents follow.
        case found(ServedManifests)
        /// The contents of files are these now.
        case changed(FileContents)
        /// The database has said this about the statements that it was asked for, by the paths of their manifests. Those that
        /// are missing it has refused, or it could not be asked.
        case described([String: LockPatch], generation: Int)
        /// The database has not answered for so long that requests wait no longer.
        case late(generation: Int)
        /// The routes were exchanged, or were not for these reasons.
        case exchanged(problems: [RouteProblem], generation: Int)
        /// The database finds this about the statements that were to be checked.
        case checked([Diagnostic], generation: Int)
    }

    /// An action of the owner.
    package enum Action: Sendable {
        /// Watch these files besides the manifests. It comes first, and alone where the contents of some are not known yet.
        case watch(Set<String>)
        /// Ask the database about statements.
        case ask([ManifestReading.Statement], generation: Int)
        /// Use these canned responses from now on.
        case use(CannedFiles)
        /// Exchange the routes.
        case exchange(ServedTable, generation: Int)
        /// Check statements that are served on the database, whose word changes nothing.
        case check([ManifestReading.Statement], generation: Int)
        /// Give all requests this response.
        case refuse(BrokenManifest)
        /// Tell people.
        case report(Report)
    }

    /// A message to people.
    package enum Report: Hashable, Sendable {
        /// There are errors.
        case broken([Diagnostic])
        /// Warnings of the build that were not reported before.
        case warnings([Diagnostic])
        /// The findings of the database about statements that are served.
        case findings([Diagnostic])
        /// Routes were exchanged.
        ///
        /// - Parameters:
        ///   - changes: the changes.
        ///   - endsErrors: true if there were errors before.
        case served(RouteChanges, endsErrors: Bool)
        /// Canned responses have changed, and no route has.
        case canned
        /// Files have changed, and nothing that is served.
        case unchanged
        /// The lock beside a manifest is out of date for routes, which a build refuses.
        case outdatedLock(file: String, routes: [String])
    }

    private var manifests: ServedManifests
    private let folder: String?
    private let handler: @Sendable (RouteDescription) -> RouteDefinition.Handler
    private var contents: FileContents = [:]
    /// The manifests as these contents have them.
    private var plainReading: ManifestReading?
    /// The number of the contents.
    private var generation = 0
    /// The table that is served, or was before the errors.
    private var table: ServedTable?
    private var isBroken = false
    private var canned = CannedFiles()
    /// The table that is being exchanged, and the reading that it is made of.
    private var pending: (table: ServedTable, reading: ManifestReading)?
    /// The routes whose statements the database checks, since the exchange of a generation.
    private var check: (generation: Int, routes: Set<String>)?
    /// Indicates that routes are not exchanged before the database has answered.
    private var isWaiting = false
    /// What the database has said, by the paths of manifests.
    private var patches: [String: LockPatch] = [:]
    /// The digests of the statements that the database was asked for and has had its time for.
    private var asked: Set<String> = []
    private var reportedWarnings: Set<Diagnostic> = []
    private var reportedLocks: [String: [String]] = [:]

    /// Creates a machine that serves nothing yet.
    ///
    /// - Parameters:
    ///   - manifests: the manifests.
    ///   - folder: the folder of canned responses; `nil` without.
    ///   - handler: returns the handler of a route that a method of the app answers.
    package init(
        _ manifests: ServedManifests,
        cannedFrom folder: String? = nil,
        handler: @escaping @Sendable (RouteDescription) -> RouteDefinition.Handler = { $0.stub }
    ) {
        self.manifests = manifests
        self.folder = folder
        self.handler = handler
    }

    /// Takes an event.
    ///
    /// - Returns: the actions, in their order.
    package mutating func handle(_ event: Event) -> [Action] {
        switch event {
        case .found(let manifests):
            self.manifests = manifests
            plainReading = nil
            return []
        case .changed(let contents):
            generation += 1
            self.contents = contents
            plainReading = nil
            isWaiting = false
            pending = nil
            return read()
        case .described(let new, let generation):
            let before = patches
            for (manifest, patch) in new { merge(patch, into: manifest) }
            guard generation == self.generation, isWaiting || patches != before else { return [] }
            isWaiting = false
            return read(isAnswered: true)
        case .late(let generation):
            guard generation == self.generation, isWaiting else { return [] }
            isWaiting = false
            return read(isAnswered: true)
        case .exchanged(let problems, let generation):
            return exchanged(problems, generation)
        case .checked(let diagnostics, let generation):
            guard generation == check?.generation else { return [] }
            check = nil
            return diagnostics.isEmpty ? [] : [.report(.findings(diagnostics))]
        }
    }

    private mutating func merge(_ patch: LockPatch, into manifest: String) {
        guard var known = patches[manifest] else {
            patches[manifest] = patch
            return
        }
        known.server = patch.server
        known.enums.merge(patch.enums) { _, new in new }
        known.routes.merge(patch.routes) { _, new in new }
        patches[manifest] = known
    }

    // MARK: - Reading

    /// Reads the manifests.
    ///
    /// - Parameter isAnswered: true if the database was asked about these contents, and has had its time.
    private mutating func read(isAnswered: Bool = false) -> [Action] {
        // Without patches first, to see which entries they have to stand for.
        let plain = plainReading ?? manifests.read(contents)
        plainReading = plain
        let found = cannedFiles(for: plain)
        let files = plain.files.union(found.files).union([folder].compactMap { $0 })
        guard plain.isComplete, files.allSatisfy({ contents[$0] != nil }) else { return [.watch(files)] }
        let needed = Self.outdated(plain).filter {
            plain.fileLocks[$0.manifest] != nil || $0.statement.isAutomatic
        }
        let patches = patches(for: needed)
        let reading = patches.isEmpty ? plain : manifests.read(contents, patches: patches)
        var actions: [Action] = isAnswered ? [] : [.watch(files.union(reading.files))]
        let errors = (reading.hasErrors ? reading.diagnostics : found.diagnostics).filter { $0.severity == .error }
        guard errors.isEmpty else {
            isBroken = true
            return actions + [.refuse(BrokenManifest(errors)), .report(.broken(errors))]
        }
        let unknown = needed.filter { !isPatched($0) }
        if !isAnswered, !unknown.isEmpty {
            let mayWait = unknown.contains { !asked.contains($0.statement.digest) }
            actions.append(.ask(unknown, generation: generation))
            if mayWait {
                isWaiting = true
                return actions
            }
        }
        if isAnswered { asked.formUnion(needed.map(\.statement.digest)) }
        actions += report(reading.diagnostics + found.diagnostics, outdated: needed)
        let change = exchange(reading, open: unknown)
        guard found != canned else { return actions + change }
        canned = found
        if case .report(.unchanged)? = change.first { return actions + [.use(found), .report(.canned)] }
        return actions + [.use(found)] + change
    }

    /// The canned responses; those from before while there are errors, which hide the names of routes.
    private func cannedFiles(for reading: ManifestReading) -> CannedFiles {
        guard let folder else { return CannedFiles() }
        guard !reading.hasErrors else { return canned }
        let handlers = reading.manifests.flatMap(\.manifest.routes).filter { $0.source == .handler }.map(\.name)
        return CannedFiles(in: folder, contents, handlers: Set(handlers))
    }

    /// The statements that the entries of locks are not about.
    private static func outdated(_ reading: ManifestReading) -> [ManifestReading.Statement] {
        let locks = reading.fileLocks.mapValues { RouteLockReader.read($0).document }
        return reading.statements.filter { one in
            guard let lock = locks[one.manifest] ?? nil else { return true }
            return !lock.describes(one.statement.route, digest: one.statement.digest)
        }
    }

    /// Tells whether the database has described a statement.
    private func isPatched(_ statement: ManifestReading.Statement) -> Bool {
        patches[statement.manifest]?.routes[statement.statement.route]?.digest == statement.statement.digest
    }

    /// The entries of patches for these statements.
    private func patches(for statements: [ManifestReading.Statement]) -> [String: LockPatch] {
        var used: [String: LockPatch] = [:]
        for one in statements where isPatched(one) {
            guard let patch = patches[one.manifest], let entry = patch.routes[one.statement.route] else { continue }
            var part = used[one.manifest] ?? LockPatch(server: patch.server, enums: patch.enums)
            part.routes[one.statement.route] = entry
            used[one.manifest] = part
        }
        return used
    }

    // MARK: - Serving

    private mutating func exchange(_ reading: ManifestReading, open: [ManifestReading.Statement]) -> [Action] {
        // Changes of tables that are not known would purge nothing.
        let uncached = Set(open.filter(\.statement.isAutomatic).map { [$0.manifest, $0.statement.route] })
        let descriptions = reading.manifests.map { one in
            one.manifest.descriptions(path: one.path).map { description in
                uncached.contains([one.path, description.name]) ? description.uncached : description.stubbed
            }
        }
        let new = ServedTable(descriptions, after: table, handler: handler)
        if !isBroken, let table, table.descriptions == new.descriptions { return [.report(.unchanged)] }
        pending = (new, reading)
        return [.exchange(new, generation: generation)]
    }

    private mutating func exchanged(_ problems: [RouteProblem], _ generation: Int) -> [Action] {
        guard generation == self.generation, let (new, reading) = pending else { return [] }
        pending = nil
        guard problems.isEmpty else {
            isBroken = true
            let diagnostics = problems.map { Diagnostic(.error, $0.message, at: place(of: $0, in: reading)) }
            return [.refuse(BrokenManifest(diagnostics)), .report(.broken(diagnostics))]
        }
        let changes = RouteChanges(from: table?.descriptions ?? [], to: new.descriptions)
        defer {
            table = new
            isBroken = false
        }
        let report = Action.report(.served(changes, endsErrors: isBroken))
        let names = Set(changes.added + changes.changed).union(check?.routes ?? [])
        let changed = reading.statements.filter { names.contains($0.statement.route) }
        guard !changed.isEmpty else { return [report] }
        check = (generation, names)
        return [report, .check(changed, generation: generation)]
    }

    /// The place of the route that can't be served; that of the first manifest if it is not known.
    private func place(of problem: RouteProblem, in reading: ManifestReading) -> Location {
        let places = reading.manifests.flatMap { one in
            one.manifest.routes.compactMap(\.manifestLocation).map {
                Location(file: one.path, line: $0.line, column: $0.column)
            }
        }
        return places.first { "\($0.file):\($0.line)" == problem.location }
            ?? Location(file: manifests.paths.first ?? "", line: 1, column: 1)
    }

    /// The warnings, and the locks that are out of date, each once.
    private mutating func report(_ diagnostics: [Diagnostic], outdated: [ManifestReading.Statement]) -> [Action] {
        var actions: [Action] = []
        let warnings = diagnostics.filter { $0.severity == .warning && reportedWarnings.insert($0).inserted }
        if !warnings.isEmpty { actions.append(.report(.warnings(warnings))) }
        let routes = Dictionary(grouping: outdated, by: \.manifest).mapValues { $0.map(\.statement.route) }
        for manifest in manifests.paths {
            guard let routes = routes[manifest] else {
                reportedLocks[manifest] = nil
                continue
            }
            guard reportedLocks.updateValue(routes, forKey: manifest) != routes else { continue }
            actions.append(.report(.outdatedLock(file: LockText.file(of: manifest), routes: routes)))
        }
        return actions
    }
}
