import HTTPFrontend
import RouteDocuments
import RouteModel

/// The routes that a path without a route may have meant.
struct NearestRoutes {
    /// The routes, the nearest first, with the reasons.
    private let found: [(route: ListedRoute, reason: String)]

    /// Finds routes whose paths are spelled almost like a path, or begin or end like it.
    ///
    /// - Parameters:
    ///   - url: a path with its query, or a URL.
    ///   - routes: the routes.
    init(to url: String, among routes: [ListedRoute]) {
        let path = url.prefix { $0 != "?" }
        let rest = path.firstRange(of: "://").map { path[$0.upperBound...].drop { $0 != "/" } } ?? path
        let segments = PathNormalization.segments(of: String(rest))
        let candidates = routes.compactMap { route -> (cost: Int, route: ListedRoute, reason: String)? in
            guard let (cost, reason) = Self.difference(segments, route.declaration.signature.path) else { return nil }
            return (cost, route, reason)
        }
        found = candidates.enumerated().sorted { ($0.element.cost, $0.offset) < ($1.element.cost, $1.offset) }.prefix(3)
            .map { ($0.element.route, $0.element.reason) }
    }

    /// A line for each route.
    var lines: [String] {
        found.map { route, reason in
            "near: \(route.method) \(route.declaration.signature.path) (\(route.name)): \(reason)"
        }
    }

    private static func difference(_ path: [String], _ template: PathTemplate) -> (cost: Int, reason: String)? {
        let segments = template.segments
        if segments.count == path.count {
            var misspelt: [(written: String, meant: String, cost: Int)] = []
            for (segment, written) in zip(segments, path) {
                guard case .literal(let meant) = segment, meant != written else { continue }
                let cost = MisspellingSuggestion.distance(written.lowercased(), meant.lowercased())
                guard cost <= max(1, meant.count / 3) else { return nil }
                misspelt.append((written, meant, max(1, cost)))
            }
            guard misspelt.count < max(2, path.count) else { return nil }
            let words = misspelt.map { "'\($0.written)' for '\($0.meant)'" }.joined(separator: ", ")
            return (misspelt.map(\.cost).reduce(0, +), "the path has \(words)")
        }
        if segments.count > path.count, !path.isEmpty, matches(path, segments.suffix(path.count)) {
            let missing = PathTemplate(segments: Array(segments.dropLast(path.count)))
            return (3, "the path lacks '\(missing)' before it")
        }
        if segments.count < path.count, !segments.isEmpty, matches(Array(path.suffix(segments.count)), segments[...]) {
            let more = path.dropLast(segments.count).map { "/\($0)" }.joined()
            return (4, "the path has '\(more)' before it; a prefix of the app's router is not known here")
        }
        if segments.count == path.count + 1, !path.isEmpty, matches(path, segments.prefix(path.count)) {
            return (5, "the path lacks '\(PathTemplate(segments: Array(segments.suffix(1))))' behind it")
        }
        return nil
    }

    /// Indicates that segments have the same literals, at least one.
    private static func matches(_ path: [String], _ template: ArraySlice<PathTemplate.Segment>) -> Bool {
        var hasLiteral = false
        for (written, segment) in zip(path, template) {
            guard case .literal(let text) = segment else { continue }
            guard text == written else { return false }
            hasLiteral = true
        }
        return hasLiteral
    }
}
