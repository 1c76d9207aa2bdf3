import RouteManifest
import RouteModel

extension Manifests {
    /// Routes that know their places in the manifest, as those that are read from one do.
    static let located = manifest(
        "LocatedRoutes",
        namespace: "located",
        routes: [
            at(
                4,
                route(
                    "getNote",
                    path: "/notes/{id}",
                    inputs: [RouteInput(.path, "id", .int)],
                    source: .sql(PositionalStatement(sql: "SELECT text FROM notes WHERE id = $1", parameters: [0])),
                    returns: .one
                )
            ),
            at(
                9,
                route(
                    "removeNote",
                    method: .delete,
                    path: "/notes/{id}",
                    inputs: [RouteInput(.path, "id", .int)],
                    source: .sql(PositionalStatement(sql: "DELETE FROM notes WHERE id = $1", parameters: [0])),
                    returns: .none,
                    kind: .write(WritePolicy()),
                    precondition: ManifestPreconditionPolicy(route: "getNote", isRequired: true)
                )
            ),
            at(12, route("count", path: "/notes/count", source: .handler)),
        ]
    )

    /// A route at a line of its manifest.
    private static func at(_ line: Int, _ route: ManifestRoute) -> ManifestRoute {
        var route = route
        route.manifestLocation = Location(file: "/app/located.routes.yaml", line: line, column: 3)
        return route
    }
}
