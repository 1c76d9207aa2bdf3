import RouteModel

/// Warns of writes that may not purge the responses of GET routes at the paths they change.
struct TargetInvalidationChecks {
    let diagnostics: Diagnostics

    /// Checks the routes of a target.
    func check(_ routes: [DraftRoute]) {
        let reads = routes.filter { $0.method == .get && $0.settings.cache.isOff != true }.compactMap(path)
        let bySize = Dictionary(grouping: reads) { $0.path.template.segments.count }
        let writes = routes.filter { ($0.method ?? .get) != .get && ($0.settings.invalidatesTarget?.value ?? true) }
        for write in writes.compactMap(path) {
            var reported: Set<String> = []
            for read in bySize[write.path.template.segments.count] ?? [] {
                let differences = PathIntersection(write: write.path, read: read.path)?.differences ?? []
                for difference in differences where reported.insert(difference.write.name).inserted {
                    warn(difference, of: write.route, against: read.route)
                }
            }
        }
    }

    private func path(of route: DraftRoute) -> (route: DraftRoute, path: PathIntersection.Path)? {
        route.path.map { path in
            (route, PathIntersection.Path(PathTemplate(segments: path.segments), route.inputs.compactMap(\.input)))
        }
    }

    private func warn(
        _ difference: (write: RouteInput, read: RouteInput),
        of write: DraftRoute,
        against read: DraftRoute
    ) {
        func place(_ input: RouteInput, in route: DraftRoute) -> Location {
            let draft = route.inputs.first { $0.group == .path && $0.name == input.name }
            return draft?.type?.location ?? draft?.location ?? route.location
        }
        let location = place(difference.write, in: write)
        // An error about the same type, such as that of a precondition, is mended there.
        guard !diagnostics.hasError(at: location) else { return }
        diagnostics.report(
            .targetTypes,
            message:
                "path input '\(difference.write.name)' is \(difference.write.type) here, and at its place in GET route "
                + "'\(read.name)' stands \(difference.read.type): where the two write a value of one path differently, as '007' and '7', this "
                + "write purges nothing of '\(read.name)'; write one type in both, or 'allow: [ target-types ]'",
            allowed: write.settings.allowed.union(read.settings.allowed),
            at: location,
            notes: [.init("\(difference.read.type) here", at: place(difference.read, in: read))]
        )
    }
}
