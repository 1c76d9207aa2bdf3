import RouteManifest
import RouteModel

/// Lists of routes, for people and for scripts.
package enum RouteListing {
    /// A line for each route under a line with the names of the columns, which are padded.
    ///
    /// - Parameter routes: the routes in the order of the list.
    package static func text(of routes: [ListedRoute]) -> String {
        let header = ["METHOD", "PATH", "ROUTE", "TTL", "TAGS", "TABLES", "KEY", "SETTINGS"]
        let lines = [header] + routes.map { columns(of: $0).map { $0.isEmpty ? "-" : $0 } }
        let widths = header.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
        return lines.map { line in
            var text = ""
            for (column, cell) in line.enumerated() {
                text += cell
                guard column < header.count - 1 else { break }
                text += String(repeating: " ", count: widths[column] - cell.count + 2)
            }
            return text + "\n"
        }.joined()
    }

    private static func columns(of route: ListedRoute) -> [String] {
        let declaration = route.declaration
        let tables = route.hasUnknownTables ? "auto (no lock)" : list(declaration.cache?.tables?.names ?? [])
        return [
            route.method,
            declaration.signature.path.description,
            declaration.name,
            lifetime(of: declaration),
            declaration.write == nil ? list(declaration.cache?.tags.map(\.description) ?? []) : purges(of: route),
            tables,
            declaration.cache == nil ? "" : declaration.signature.keyPattern,
            settings(of: route),
        ]
    }

    private static func list(_ texts: [String]) -> String { texts.joined(separator: ", ") }

    private static func purges(of route: ListedRoute) -> String {
        route.purges.isEmpty ? "" : "purges \(list(route.purges))"
    }

    /// The ttl with the windows and the lifetime of a 404.
    private static func lifetime(of declaration: RouteDeclaration) -> String {
        guard declaration.write == nil else { return "" }
        guard let cache = declaration.cache else { return "off" }
        var parts = [QuantityNotation.text(of: cache.ttl)]
        if cache.staleWhileRevalidate > .zero {
            parts.append("stale \(QuantityNotation.text(of: cache.staleWhileRevalidate))")
        }
        if cache.staleIfError > .zero { parts.append("on error \(QuantityNotation.text(of: cache.staleIfError))") }
        if let ttl = cache.negativeTTL { parts.append("404 \(QuantityNotation.text(of: ttl))") }
        return list(parts)
    }

    /// What else decides about responses.
    private static func settings(of route: ListedRoute) -> String {
        let declaration = route.declaration
        var parts: [String] = []
        if route.isHandler { parts.append("handler") }
        if declaration.isPublic { parts.append("public") }
        if declaration.status != 200 { parts.append("status \(declaration.status)") }
        if let precondition = route.description.precondition { parts.append("precondition \(precondition.route)") }
        if let cache = declaration.cache {
            switch cache.near.kind {
            case .off: break
            case .life: parts.append("near")
            case .atMost(let limit): parts.append("near \(QuantityNotation.text(of: limit))")
            }
            if let warm = cache.warm {
                let count = warm.inputs.count == 1 ? "" : " ×\(warm.inputs.count)"
                parts.append("warm \(QuantityNotation.text(of: warm.every))\(count)")
            }
            if cache.coalesce != .process { parts.append("coalesce \(cache.coalesce)") }
            if !cache.compress { parts.append("no gzip") }
            if cache.beforeRouter != .off {
                parts.append(cache.beforeRouter == .all ? "before-router all" : "before-router")
            }
        }
        return list(parts)
    }
}
