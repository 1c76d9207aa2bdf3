package import CachedRoutesCore
package import RouteManifest
import RouteModel

extension RouteDescription {
    /// The route without a cache, if it reads: no response of it is looked up, stored or warmed.
    package var uncached: RouteDescription {
        guard self.write == nil else { return self }
        var route = self
        route.declaration.kind = .read(nil)
        return route
    }

    /// The route without its place in the manifest, which changes where lines are inserted above it.
    package var withoutLocation: RouteDescription {
        var route = self
        route.declaration.location = nil
        return route
    }

    /// The route as it is served where there is no code of the app: the response of a stub is never stored.
    package var stubbed: RouteDescription { isHandler ? uncached : self }

    /// The handler of a stub: a problem document that names the method of the app.
    package var stub: RouteDefinition.Handler {
        let name = self.name
        return { _ in
            throw HandlerError(
                status: 501,
                "This route is answered by the app's method '\(name)', and cached-routes serve has no Swift. A file "
                    + "'\(name).json' in the folder of --canned can answer it."
            )
        }
    }
}
