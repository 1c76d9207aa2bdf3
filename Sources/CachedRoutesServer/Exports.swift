// Apps need the service and the types of routes wherever they serve routes.
@_exported public import CachedRoutes
