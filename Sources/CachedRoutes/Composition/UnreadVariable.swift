import Logging
import RouteModel

/// A variable of the environment that may be meant for the service, and is not read: a misspelt one, or one with a prefix of the
/// service's own.
struct UnreadVariable: Sendable, Hashable {
    let name: String
    /// The variable that may be meant.
    let suggestion: String?

    private static let prefixes = ["CACHE_", "DATABASE_", "REDIS_"]

    /// What platforms set for every program beside a server of that name: its parts, and the links of Docker and Kubernetes.
    private static let foreignEndings = [
        "DB", "HOST", "HOSTNAME", "NAME", "PASS", "PASSWORD", "PORT", "USER", "USERNAME",
    ]
    private static let foreignParts = ["_PORT_", "_SERVICE_"]

    /// The variables among `names` that look like one of those that are read, and all others with a prefix of the service's own
    /// but those that are commonly there for other programs.
    static func all(in names: [String], besides known: [String]) -> [UnreadVariable] {
        let readable = Set(known)
        return names.filter { !readable.contains($0) }.compactMap { name in
            // Two edits in a long name are a slip; in a short one they make another word.
            let similar = known.filter { name.count >= 8 && $0.count >= 8 }
            let limit = min(2, name.count / 6)
            if let meant = Suggestion.closest(to: name, among: similar, within: limit) {
                return UnreadVariable(name: name, suggestion: meant)
            }
            guard prefixes.contains(where: name.hasPrefix), !isForeign(name) else { return nil }
            return UnreadVariable(name: name, suggestion: Suggestion.closest(to: name, among: known))
        }
    }

    private static func isForeign(_ name: String) -> Bool {
        foreignParts.contains(where: name.contains) || foreignEndings.contains { name.hasSuffix("_\($0)") }
    }

    /// Says so; a value may be a secret.
    func log(to logger: Logger) {
        let hint = suggestion.map { "; did you mean \($0)?" } ?? ""
        logger.notice("The environment variable \(name) is none that CachedRoutes reads\(hint)")
    }
}
