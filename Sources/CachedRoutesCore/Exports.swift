// Generated code and the app need inputs, types and signatures without an import of their own.
@_exported public import RouteModel
