// The app and generated code need requests, responses, inputs and tags without an import of their own.
@_exported public import CachedRoutesCore
