// Apps and generated code need requests, responses, inputs and tags without another import.
@_exported public import CachedRoutesCore
