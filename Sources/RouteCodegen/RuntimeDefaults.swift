import RouteManifest
import RouteModel

/// What the runtime's initializers take when an argument is left out; generated calls leave those arguments out.
enum RuntimeDefaults {
    static let timeout = Duration.seconds(5)
    static let jitter = 10
    static let staleWindow = Duration.zero
    static let maxBody = 16 << 20
    static let maxRequestBody = 1 << 20
    static let retries = 0
    static let read = ManifestRoute.ReadPreference.primary
    static let coalesce = ManifestCachePolicy.Coalesce.process
    static let compress = true
    static let warmInputs: [[String: [String]]] = [[:]]
    static let warmAtStart = true
    static let tags: [TagTemplate] = []
    static let minimumInterval = Duration.zero
    static let near = ManifestNearCache.off
    static let beforeRouter = false
    static let requestDirectives = ManifestRoute.RequestDirectives.ignore
    static let unknownQuery = ManifestRoute.UnknownQuery.ignore

    /// The status of an answer that is not an error.
    static func status(_ returns: ManifestRoute.Returns) -> Int { returns == .none ? 204 : 200 }
}
