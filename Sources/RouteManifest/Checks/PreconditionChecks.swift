import RouteModel

/// Checks that a write's `precondition` names a GET route whose responses it can be compared with.
struct PreconditionChecks {
    let diagnostics: Diagnostics
    /// The names of routes with errors of their own.
    let unreadRoutes: Set<String>

    /// Checks the routes of one manifest.
    func check(_ routes: [DraftRoute]) {
        for route in routes {
            // A precondition of a GET route or a handler is reported elsewhere.
            guard let precondition = route.settings.precondition, let method = route.method, method != .get,
                !route.isHandler
            else { continue }
            check(precondition.route, of: route, among: routes)
        }
    }

    private func check(_ name: Located<String>, of route: DraftRoute, among routes: [DraftRoute]) {
        let what = "'precondition' of '\(route.name)'"
        guard let target = routes.first(where: { $0.name == name.value }) else {
            guard !unreadRoutes.contains(name.value) else { return }
            let names = routes.filter(isComparable).map(\.name)
            let hint = MisspellingSuggestion.text(for: name.value, among: names)
            diagnostics.error(
                "\(what): no route of the manifest is called '\(name.value)'"
                    + (hint.isEmpty ? cure(for: route, among: routes) : hint),
                at: name.location
            )
            return
        }
        let note = Diagnostic.Note("'\(target.name)' is here", at: target.location)
        func report(_ problem: String) {
            diagnostics.error(
                "\(what): '\(target.name)' \(problem)\(cure(for: route, among: routes))",
                at: name.location,
                notes: [note]
            )
        }
        guard let method = target.method else { return }
        if method != .get {
            return report(
                "is a \(method.rawValue.uppercased()) route, and conditions speak of what a GET route answers"
            )
        }
        if target.isHandler {
            return report("has a handler, and only SQL can be asked in the transaction of a write")
        }
        if target.settings.returns?.value == RouteDeclaration.Returns.none {
            return report("answers without a body ('returns: none'), so there is nothing to compare")
        }
        guard !route.mayMissInputs, !target.mayMissInputs else { return }
        if route.undeclaredPathNames.isEmpty, target.undeclaredPathNames.isEmpty {
            checkPath(of: target, against: route, at: name.location, note: note)
        }
        // The errors about these names say what to declare.
        let reported = route.undeclaredNames.union(route.misdeclaredNames)
        for input in target.inputs
        where [.path, .context].contains(input.group) && !reported.contains(input.name) {
            check(input, of: target, in: route, at: name.location)
        }
    }

    /// Warns of a GET route whose path is neither the write's, nor above or below it.
    private func checkPath(
        of target: DraftRoute,
        against route: DraftRoute,
        at location: Location,
        note: Diagnostic.Note
    ) {
        guard let own = route.path?.segments, let other = target.path?.segments else { return }
        let count = min(own.count, other.count)
        func beginning(_ segments: [PathTemplate.Segment], of route: DraftRoute) -> PathIntersection.Path {
            PathIntersection.Path(
                PathTemplate(segments: Array(segments.prefix(count))),
                route.inputs.compactMap(\.input)
            )
        }
        guard PathIntersection(write: beginning(own, of: route), read: beginning(other, of: target)) == nil else {
            return
        }
        diagnostics.report(
            .preconditionPath,
            message:
                "'precondition' of '\(route.name)': '\(target.name)' answers at '\(PathTemplate(segments: other))', which is neither the "
                + "path of '\(route.name)' nor above or below it, though the conditions of a request speak of what is at its own "
                + "path; name the GET route of '\(PathTemplate(segments: own))', or write 'allow: [ precondition-path ]'",
            allowed: route.settings.allowed,
            at: location,
            notes: [note]
        )
    }

    /// Tells whether a precondition may name a route.
    private func isComparable(_ route: DraftRoute) -> Bool {
        guard case .sql? = route.source, route.method == .get else { return false }
        return route.settings.returns?.value != RouteDeclaration.Returns.none
    }

    /// The suggestion at the end of a message about a precondition: a route that it may name.
    private func cure(for route: DraftRoute, among routes: [DraftRoute]) -> String {
        let others = routes.filter(isComparable)
        let template = route.path.map { PathTemplate(segments: $0.segments) }
        let samePath = others.first { other in
            guard let template, let path = other.path else { return false }
            return template.hasSameShape(as: PathTemplate(segments: path.segments))
        }
        guard let other = samePath ?? others.first else { return "; name a GET route with SQL, or leave it out" }
        return "; name a GET route with SQL, such as '\(other.name)', or leave it out"
    }

    /// Checks that a write has a value for an input that the GET route requires.
    private func check(_ input: DraftInput, of target: DraftRoute, in route: DraftRoute, at location: Location) {
        let group = input.group.rawValue
        guard let type = input.type?.value else { return }
        let note = Diagnostic.Note("'\(input.name)' of '\(target.name)' is declared here", at: input.location)
        guard let own = route.inputs.first(where: { $0.name == input.name }) else {
            diagnostics.error(
                "'precondition' of '\(route.name)': '\(target.name)' has the \(group) input '\(input.name)', which "
                    + "'\(route.name)' lacks; add '\(input.name): \(type)' under '\(group)'",
                at: location,
                notes: [note]
            )
            return
        }
        guard let ownType = own.type else { return }
        if ownType.value != type {
            diagnostics.error(
                "'precondition' of '\(route.name)': '\(input.name)' is \(ownType.value) here and \(type) in "
                    + "'\(target.name)'; write one type in both",
                at: ownType.location,
                notes: [note]
            )
            return
        }
        guard let value = own.input else { return }
        // A client must not be able to choose the value of a context input, and with it the response that is compared.
        if input.group == .context, own.group != .context {
            diagnostics.error(
                "'precondition' of '\(route.name)': '\(input.name)' is a context input of '\(target.name)'; declare it under "
                    + "'context' here too",
                at: own.location,
                notes: [note]
            )
        } else if input.group == .path, own.group == .header || value.isOptional {
            diagnostics.error(
                "'precondition' of '\(route.name)': '\(input.name)' may be absent here, and '\(target.name)' needs it in its "
                    + "path; declare it under 'path', or so that it is always there",
                at: own.location,
                notes: [note]
            )
        }
    }
}
