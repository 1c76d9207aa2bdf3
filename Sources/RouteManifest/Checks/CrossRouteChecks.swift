import RouteModel

/// Checks the routes of a target against each other.
struct CrossRouteChecks {
    let diagnostics: Diagnostics

    func check(_ manifests: [DraftManifest]) {
        checkTypes(manifests)
        checkPaths(manifests.flatMap(\.routes))
        checkNames(manifests)
        for manifest in manifests {
            checkContext(manifest.routes)
            checkGeneratedNames(manifest)
            PreconditionChecks(diagnostics: diagnostics, unreadRoutes: manifest.unreadRoutes).check(manifest.routes)
        }
        checkInvalidations(manifests)
        TargetInvalidationChecks(diagnostics: diagnostics).check(manifests.flatMap(\.routes))
    }

    /// Reports two manifests that generate types of one name, which would clash in the module.
    private func checkTypes(_ manifests: [DraftManifest]) {
        var first: [String: DraftManifest] = [:]
        for manifest in manifests {
            guard let other = first[manifest.typeName] else {
                first[manifest.typeName] = manifest
                continue
            }
            let folder = manifest.file.split(separator: "/").dropLast().last.map(String.init) ?? ""
            let isUsable = folder != "." && (try? GeneratedTypeName.from(fileName: "\(folder).routes.yaml")) != nil
            let name = isUsable && manifest.file.hasSuffix("/routes.yaml") ? folder : "books"
            diagnostics.error(
                "two manifests of the target generate the type '\(manifest.typeName)', which has its name from the file; "
                    + "rename this one, such as '\(name).routes.yaml'",
                at: manifest.location,
                notes: [.init("the other one", at: other.location)]
            )
        }
    }

    /// Reports two routes of one namespace and name. Purges, logs and metrics identify a route by these.
    private func checkNames(_ manifests: [DraftManifest]) {
        var first: [[String]: DraftRoute] = [:]
        for manifest in manifests {
            guard let namespace = manifest.namespace else { continue }
            for route in manifest.routes {
                guard let other = first[[namespace, route.name]] else {
                    first[[namespace, route.name]] = route
                    continue
                }
                // Within one manifest this is a duplicate key, which is reported when the YAML is read.
                guard other.location.file != route.location.file else { continue }
                diagnostics.error(
                    "the namespace '\(namespace)' has two routes called '\(route.name)', of which purges could not tell "
                        + "one from the other; rename one of them, or give one of the manifests another namespace",
                    at: route.location,
                    notes: [.init("the other one", at: other.location)]
                )
            }
        }
    }

    /// Checks the tags of manifests that share a namespace, and with it their tags.
    private func checkInvalidations(_ manifests: [DraftManifest]) {
        // A manifest whose namespace could not be read may belong to any namespace.
        guard !manifests.contains(where: { $0.isFaulty && $0.namespace == nil }) else { return }
        for namespace in manifests.compactMap(\.namespace).withoutRepetitions {
            let members = manifests.filter { $0.namespace == namespace }
            // The tags of a faulty manifest are incomplete.
            guard !members.contains(where: \.isFaulty) else { continue }
            InvalidatedTagChecks(diagnostics: diagnostics, namespace: namespace).check(members.flatMap(\.routes))
        }
    }

    /// Reports two routes of one method whose paths match the same requests.
    ///
    /// A literal segment and an input at the same position don't conflict: the literal takes precedence at the first
    /// segment in which the paths differ.
    private func checkPaths(_ routes: [DraftRoute]) {
        var first: [[String]: DraftRoute] = [:]
        for route in routes {
            guard let method = route.methodName, let path = route.path else { continue }
            let shape = path.segments.map { segment in
                switch segment {
                case .literal(let text): text
                case .input: "{}"
                }
            }
            guard let other = first[[method] + shape] else {
                first[[method] + shape] = route
                continue
            }
            let isFromOtherManifest = other.location.file != route.location.file
            let requests = "'\(method.uppercased()) \(PathTemplate(segments: path.segments))'"
            let place =
                other.basePath == route.basePath || other.basePath == "/"
                ? "" : ", under 'base-path: \(other.basePath)'"
            diagnostics.error(
                "route '\(route.name)' matches the same requests as '\(other.name)'"
                    + (isFromOtherManifest ? " of another manifest, \(requests)" : "")
                    + cure(for: route, isFromOtherManifest),
                at: route.methodLocation,
                notes: [.init("'\(other.name)' is here\(place)", at: other.methodLocation)]
            )
        }
    }

    /// The suggestion at the end of the message about a path that another route has too.
    private func cure(for route: DraftRoute, _ isFromOtherManifest: Bool) -> String {
        if isFromOtherManifest { return "; one of the two needs another path, or 'base-path'" }
        let isInput = route.path?.segments.last.map { if case .input = $0 { true } else { false } } ?? false
        let hasQuery = route.inputs.contains { $0.group == .query }
        let word = String(route.name.prefix { $0.isLowercase })
        let start = route.pathText.hasSuffix("/") ? route.pathText : route.pathText + "/"
        let example = isInput || word.isEmpty ? "" : ", such as '\(start)\(word)'"
        let reason = hasQuery ? ", since the query does not count" : ""
        return "\(reason); give one of the two another path\(example)\(hasQuery ? ", or make one route of both" : "")"
    }

    /// Reports context inputs of one name and different types in one manifest. A manifest has one `Context` type, in
    /// which each name has one value.
    private func checkContext(_ routes: [DraftRoute]) {
        var first: [String: (type: InputType, location: Location)] = [:]
        for input in routes.flatMap(\.inputs) where input.group == .context {
            guard let type = input.type else { continue }
            guard let other = first[input.name] else {
                first[input.name] = (type.value, type.location)
                continue
            }
            guard other.type != type.value else { continue }
            diagnostics.error(
                "context input '\(input.name)' is \(type.value) here and \(other.type) in another route; write one type in both",
                at: type.location,
                notes: [.init("\(other.type) here", at: other.location)]
            )
        }
    }

    /// Names that a route can't have: those of the types that generated code uses, and of the generated type's own property.
    private static let reservedNames = SwiftIdentifierRules.reserved.union(["routes"])

    private func checkGeneratedNames(_ manifest: DraftManifest) {
        var owners: [String: DraftRoute] = [:]
        for route in manifest.routes where SwiftIdentifierRules.problem(with: route.name) == nil {
            if Self.reservedNames.contains(route.name) {
                diagnostics.error(
                    "a route cannot be called '\(route.name)': generated code uses that name; call it something else, such as '\(route.name.prefix(1).lowercased() + route.name.dropFirst())Route'",
                    at: route.location
                )
                continue
            }
            for name in Self.generatedNames(of: route, isLocked: manifest.lockedRoutes.contains(route.name)) {
                if let other = owners[name], other.name != route.name {
                    diagnostics.error(
                        "routes '\(other.name)' and '\(route.name)' would both generate '\(name)'; give this one another name",
                        at: route.location,
                        notes: [.init("'\(other.name)' is here", at: other.location)]
                    )
                    break
                }
                owners[name] = route
            }
        }
    }

    /// The names that a route adds to the generated type: its member and, with a handler, its input and output types or,
    /// with SQL and a lock, those of its rows and its response.
    private static func generatedNames(of route: DraftRoute, isLocked: Bool) -> [String] {
        let type = SwiftIdentifierRules.capitalized(route.name)
        guard route.isHandler else {
            guard isLocked else { return [route.name] }
            switch route.settings.returns?.value ?? .many {
            case .none: return [route.name]
            case .value: return [route.name, type + "Response"]
            default: return [route.name, type + "Row", type + "Response"]
            }
        }
        return [route.name] + (route.inputs.isEmpty ? [] : [type + "Input"]) + [type + "Output"]
    }
}
