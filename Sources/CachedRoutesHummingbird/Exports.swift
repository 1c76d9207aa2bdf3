// An app needs the service and the routes' types wherever it adds routes.
@_exported public import CachedRoutes
