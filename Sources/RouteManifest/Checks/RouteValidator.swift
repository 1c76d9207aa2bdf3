import RouteModel
import SQLSyntax

/// Checks a route as a whole, and builds the validated route.
struct RouteValidator {
    /// The collector for this route alone.
    let diagnostics: Diagnostics
    let namespace: String
    /// The index of the manifest among the sources of its target.
    let manifest: Int
    let lock: RouteLockChecks
    /// Indicates that the manifest had errors when it was read, so that no route of it is built.
    let isFaulty: Bool
    /// The routes of the manifest that declare an input under `context`, by the input's name.
    let contextRoutes: [String: String]

    /// Checks a route.
    ///
    /// - Returns: the validated route, or `nil` after errors; and the statement if it can be checked on a database, which
    ///   errors elsewhere don't prevent.
    func check(_ draft: DraftRoute) -> (route: CheckedRoute?, statement: StatementToCheck?) {
        var route = draft
        checkNames(route)
        InputNameChecks(diagnostics: diagnostics).check(route.inputs)
        checkPath(route)
        checkStatus(route)
        checkPublic(route)
        checkBeforeRouter(route)
        warnOfNegativeTTL(route)
        let warm = WarmChecks(reader: .forManifest(diagnostics), route: route).check()
        let tags = TagChecks(diagnostics: diagnostics, route: route).check()
        var statement: CheckedStatement?
        if case .sql(let sql) = route.source { statement = checkSQL(sql, route) }
        let toCheck = statement.flatMap { statementToCheck($0, of: route) }
        let entry = toCheck.flatMap { lock.entry(of: $0, reportingTo: diagnostics) }
        lock.resolveTables(&route, statement: toCheck, entry: entry, reportingTo: diagnostics)
        let locked = entry.flatMap { $0.isCurrent ? $0.statement : nil }
        return (build(route, statement: statement?.statement, locked: locked, warm: warm, tags: tags), toCheck)
    }

    private func checkNames(_ route: DraftRoute) {
        var first: [String: DraftInput] = [:]
        for input in route.inputs {
            guard let earlier = first[input.name] else {
                first[input.name] = input
                continue
            }
            let (one, other) = earlier.location < input.location ? (earlier, input) : (input, earlier)
            diagnostics.error(
                "input '\(input.name)' is declared twice; give this one another name, or remove it",
                at: other.location,
                notes: [.init("first here, under '\(one.group.rawValue)'", at: one.location)]
            )
        }
    }

    private func checkPath(_ route: DraftRoute) {
        guard let path = route.path else { return }
        let inputs = route.inputs.filter { $0.group == .path }
        // An undeclared name in the path and an input that the path lacks are one mistake: a misspelled name.
        var unused = inputs.filter { input in !path.names.contains { $0.name == input.name } }
        for (name, location) in path.names where !inputs.contains(where: { $0.name == name }) {
            let closest = MisspellingSuggestion.closest(to: name, among: unused.map(\.name)) ?? unused.first?.name
            unused.removeAll { $0.name == closest }
            guard !route.mayMissInputs else { continue }
            let declaration = "\(name): \(YAMLSuggestions.type(ofInput: name))"
            let hint =
                closest.map { closest in
                    let close = MisspellingSuggestion.text(for: name, among: [closest])
                    return close.isEmpty ? "; write '{\(closest)}', or declare '\(declaration)'" : close
                } ?? (inputs.isEmpty ? "; add 'path: { \(declaration) }'" : "; add '\(declaration)' to it")
            diagnostics.error("'{\(name)}' is not declared under 'path'\(hint)", at: location)
        }
        for input in unused {
            let start = route.pathText.hasSuffix("/") ? route.pathText : route.pathText + "/"
            diagnostics.error(
                "path input '\(input.name)' does not stand in the path; write "
                    + "'\(route.methodName ?? "get"): \(start){\(input.name)}', or declare it under 'query'",
                at: input.location
            )
        }
    }

    private func checkStatus(_ route: DraftRoute) {
        guard let status = route.settings.status, [204, 205].contains(status.value ?? 0) else { return }
        let returns = route.settings.returns?.value ?? .many
        if route.isHandler {
            diagnostics.error(
                "status \(status.value ?? 0) has no body, but a handler returns one; leave 'status' out",
                at: status.location
            )
        } else if returns != .none {
            diagnostics.error(
                "status \(status.value ?? 0) has no body; write 'returns: none' too, or leave 'status' out",
                at: status.location
            )
        }
    }

    private func checkPublic(_ route: DraftRoute) {
        guard route.method == .get, let isPublic = route.settings.isPublic, isPublic.value,
            let input = route.inputs.first(where: { $0.group == .context })
        else { return }
        let cure =
            route.location < isPublic.location ? "remove 'public: true'" : "write 'public: false' in this route"
        diagnostics.error(
            "route '\(route.name)' cannot be public: its answers differ for each '\(input.name)' of the context; \(cure)",
            at: isPublic.location,
            notes: [.init("'\(input.name)' comes from the request's context", at: input.location)]
        )
    }

    /// Checks the route's own setting only. A default applies to the routes for which it has a meaning.
    private func checkBeforeRouter(_ route: DraftRoute) {
        guard route.method == .get, let setting = route.settings.cache.beforeRouter, setting.value != .off,
            route.location < setting.location, !(route.settings.isPublic?.value ?? false)
        else { return }
        diagnostics.error(
            "'before-router' gives answers before the app's middleware sees who asks; add 'public: true' to the route, or "
                + "leave it out",
            at: setting.location
        )
    }

    /// Checks the route's own setting only. A default applies to the routes for which it has a meaning.
    private func warnOfNegativeTTL(_ route: DraftRoute) {
        guard route.method == .get, !route.isHandler, let ttl = route.settings.cache.negativeTTL, ttl.value != nil,
            route.location < ttl.location
        else { return }
        let returns = route.settings.returns?.value ?? .many
        guard returns == .many || returns == .none else { return }
        diagnostics.report(
            .noEffect,
            message: "'negative-ttl' has no effect: with 'returns: \(returns.rawValue)' there is no 404; leave it out",
            allowed: route.settings.allowed,
            at: ttl.location
        )
    }

    /// The names of the inputs. If some could not be read, every name that the statement uses counts as an input.
    private func inputNames(of route: DraftRoute, _ sql: SQLText) -> [String] {
        let names = route.inputs.map(\.name) + route.inputs.compactMap(\.presenceName)
        return route.mayMissInputs ? names + SQLInputScanner(sql.text).inputs.map(\.text) : names
    }

    /// Hints for names in the statement that no input has.
    private func nameHints(for route: DraftRoute) -> [String: String] {
        // A client that could give such a value could read and change what belongs to others.
        let context = contextRoutes.mapValues { "; declare it as route '\($0)' does, under 'context'" }
        return context.merging(InputNameChecks.presenceHints(for: route.inputs)) { $1 }
    }

    /// Checks a statement.
    private func checkSQL(_ sql: SQLText, _ route: DraftRoute) -> CheckedStatement {
        let checks = SQLChecks(
            diagnostics: diagnostics,
            sql: sql,
            inputNames: inputNames(of: route, sql),
            nameHints: nameHints(for: route),
            reportedNames: route.undeclaredPathNames.union(route.misdeclaredNames),
            allowed: route.settings.allowed
        )
        let (statement, scanner, tree) = checks.check(inputs: route.inputs, isRead: route.method.map { $0 == .get })
        var checked = CheckedStatement(text: sql, statement: statement)
        guard let tree, !sql.isChanged, let method = route.method else { return checked }
        let outline = SQLStatementOutline(tree, in: tree.tokens.indices)
        let isRead = method == .get
        // What a database would say too.
        let known = Diagnostics()
        let knownChecks = checks.reporting(to: known)
        if isRead {
            knownChecks.checkReading(scanner)
            knownChecks.checkExplain(tree)
            if route.settings.cache.isOff != true { checks.warnOfChangingFunctions(scanner) }
        } else {
            knownChecks.checkWriting(scanner, outline: outline, returns: route.settings.returns, inputs: route.inputs)
            if route.settings.precondition != nil { checks.warnOfUpsert(tree) }
        }
        checks.checkSession(tree, isRead: isRead)
        let returns = route.settings.returns?.value ?? .many
        if let outline {
            knownChecks.checkInto(outline, isRead: isRead)
            if statement != nil { knownChecks.checkColumns(outline, returns: returns) }
            checked.columns = checks.columnPlaces(of: outline)
        }
        checked.isKnownFaulty = known.hasErrors || route.settings.values.unread.contains("returns")
        diagnostics.add(known)
        guard let outline else { return checked }
        DeclaredTableChecks(diagnostics: diagnostics, route: route).check(tree)
        let isKnown = route.settings.values.unread.isDisjoint(with: ["returns", "allow"]) && !route.hasUnknownKeys
        if isRead, returns == .many, outline.isQuery, isKnown {
            checks.warnWithoutLimit(scanner, outline: outline, inputs: route.inputs)
        }
        return checked
    }

    // MARK: - The validated route

    private func build(
        _ route: DraftRoute,
        statement: DraftStatement?,
        locked: LockedStatement?,
        warm: WarmPolicy?,
        tags: [TagTemplate]
    ) -> CheckedRoute? {
        let inputs = route.inputs.compactMap(\.input)
        guard !isFaulty, !diagnostics.hasErrors, let method = route.method, let path = route.path,
            inputs.count == route.inputs.count
        else {
            return nil
        }
        let source: ManifestRoute.Source
        let printed: Fingerprint.Source
        switch route.source {
        case .handler?:
            source = .handler
            printed = .handler
        case .sql?:
            guard let statement else { return nil }
            let parameters = statement.names.compactMap { ParameterBinding(named: $0, in: inputs) }
            var positional = PositionalStatement(sql: statement.sql, parameters: parameters)
            positional.locked = locked
            source = .sql(positional)
            printed = .sql(statement.sql, parameters: statement.names, locked: locked)
        case nil: return nil
        }
        let template = PathTemplate(segments: path.segments)
        let isWrite = method != .get
        let scope = route.scope(method)
        var built = BuildTimeSettings()
        route.settings.values.assign(to: &built, in: scope)
        var declaration = RouteDeclaration(
            route.name,
            RouteSignature(namespace: namespace, fingerprint: "", method: method, path: template, inputs: inputs),
            isWrite ? .write(route.settings.writePolicy(in: scope, invalidates: tags)) : .read(.off),
            errors: route.settings.errors(in: scope)
        )
        route.settings.values.assign(to: &declaration, in: scope)
        if !isWrite {
            let cache = route.settings.cache
            let isPublic = declaration.isPublic
            declaration.kind = .read(cache.policy(in: scope, warm: warm, tags: tags, isPublic: isPublic))
        }
        let fingerprint = Fingerprint(
            path: template,
            inputs: inputs,
            source: printed,
            revision: built.revision,
            returns: declaration.returns,
            status: declaration.status,
            tags: isWrite ? [] : tags,
            tables: isWrite ? nil : route.settings.cache.tables?.policy
        )
        declaration.signature = declaration.signature.with(fingerprint: fingerprint.digits)
        let precondition = route.settings.precondition(in: scope)
        let checked = ManifestRoute(
            declaration,
            source: source,
            precondition: precondition.map {
                ManifestPreconditionPolicy(route: $0.route.value, isRequired: $0.isRequired)
            },
            summary: route.summary,
            manifestLocation: route.location
        )
        return CheckedRoute(
            route: checked,
            fingerprint: fingerprint,
            purgesTarget: isWrite && built.invalidatesTarget
        )
    }
}
