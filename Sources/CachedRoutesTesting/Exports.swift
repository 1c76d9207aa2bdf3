// Tests name services, statuses and header fields without another import.
@_exported public import CachedRoutes
@_exported public import HTTPTypes
