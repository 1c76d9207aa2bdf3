// Apps need the service and the types of routes wherever they add routes.
@_exported public import CachedRoutes
