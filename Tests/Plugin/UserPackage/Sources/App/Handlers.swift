struct Handlers: Routes.Handlers {
    func usage(_ input: Routes.UsageInput) async throws -> [Int] {
        (0..<input.days).map { $0 }
    }
}

// Types of the user's own that are called like the library's.
struct RouteDefinition {}
struct RouteInput {}
struct CachePolicy {}
struct WritePolicy {}
struct ConstraintResponse {}
struct InputText {}
struct InputValues {}
protocol RouteNamespace {}
protocol RouteInputs {}
