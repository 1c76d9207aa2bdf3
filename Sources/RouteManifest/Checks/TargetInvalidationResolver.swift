import RouteModel

/// Finds, among all routes of a target, the responses that a write purges because it changes their path.
///
/// A response whose path has inputs carries its path, as the key spells it, as a tag if a write can have this path. A
/// response whose path has no inputs is purged by the version that all responses of its route share.
struct TargetInvalidationResolver {
    private struct Read {
        let route: ManifestRoute
        let path: PathIntersection.Path
        var tag: TagTemplate? {
            let template = route.signature.path
            return template.inputNames.isEmpty ? nil : TagTemplate(template.description)
        }
    }

    private let reads: [Int: [Read]]
    private let writes: [Int: [PathIntersection.Path]]

    init(_ routes: [CheckedRoute]) {
        func path(_ route: ManifestRoute) -> PathIntersection.Path {
            PathIntersection.Path(route.signature.path, route.signature.inputs)
        }
        reads = Dictionary(
            grouping: routes.filter { $0.route.cache != nil }.map { Read(route: $0.route, path: path($0.route)) },
            by: { $0.path.template.segments.count }
        )
        writes = Dictionary(
            grouping: routes.filter(\.purgesTarget).map { path($0.route) },
            by: { $0.template.segments.count }
        )
    }

    /// The validated route with its targets if it writes, or with the tag of its path if it reads.
    func resolved(_ checked: CheckedRoute) -> ManifestRoute {
        var route = checked.route
        let path = PathIntersection.Path(route.signature.path, route.signature.inputs)
        let size = path.template.segments.count
        switch route.declaration.kind {
        case .write(var policy):
            guard checked.purgesTarget else { break }
            policy.targets = (reads[size] ?? []).compactMap { target(of: path, $0) }.withoutRepetitions
            route.declaration.kind = .write(policy)
        case .read(var policy?):
            let read = Read(route: route, path: path)
            guard let tag = read.tag, !policy.tags.contains(tag),
                (writes[size] ?? []).contains(where: { PathIntersection(write: $0, read: path) != nil })
            else { break }
            policy.tags.append(tag)
            route.declaration.kind = .read(policy)
            var fingerprint = checked.fingerprint
            fingerprint.tags = policy.tags
            route.declaration.signature = route.signature.with(fingerprint: fingerprint.digits)
        case .read(nil): break
        }
        return route
    }

    private func target(of write: PathIntersection.Path, _ read: Read) -> TargetInvalidation? {
        guard let match = PathIntersection(write: write, read: read.path) else { return nil }
        let namespace = read.route.signature.namespace
        guard read.tag != nil else { return .route(read.route.name, in: namespace, where: match.values) }
        return .path(TagTemplate(match.text), in: namespace, where: match.values)
    }
}
