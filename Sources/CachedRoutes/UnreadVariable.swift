import CachedRoutesCore
import Logging
import RouteModel

#if Postgres
    import PostgresClient
#endif

/// An environment variable that is not read but may be meant for the service: it looks misspelt, or has one of the
/// service's prefixes.
struct UnreadVariable: Sendable, Hashable {
    let name: String
    /// The variable that may be meant.
    let suggestion: String?

    private static let prefixes = ["CACHE_", "DATABASE_", "REDIS_"]

    /// Endings of variables that platforms set for every program: the parts of a server's URL, and the links of Docker
    /// and Kubernetes.
    private static let foreignEndings = [
        "DB", "HOST", "HOSTNAME", "NAME", "PASS", "PASSWORD", "PORT", "USER", "USERNAME",
    ]
    private static let foreignParts = ["_PORT_", "_SERVICE_"]

    /// Returns the variables that look like one that is read, and those with one of the service's prefixes that are not
    /// commonly set for other programs.
    ///
    /// - Parameters:
    ///   - names: the names of the variables that are set.
    ///   - known: the names of the variables that are read.
    static func all(in names: [String], besides known: [String]) -> [UnreadVariable] {
        let readable = Set(known)
        let set = Set(names)
        return names.filter { !readable.contains($0) }.compactMap { name in
            if let meant = synonyms.first(where: { $0.names.contains(name.uppercased()) })?.meant {
                // If both are set, this one is another program's.
                guard set.contains(meant) else { return UnreadVariable(name: name, suggestion: meant) }
            }
            if name.hasPrefix("PG") { return UnreadVariable(libpq: name) }
            // Two edits in a long name are a typing error; in a short one they make another word.
            let similar = known.filter { name.count >= 8 && $0.count >= 8 }
            let limit = min(2, name.count / 6)
            if let meant = MisspellingSuggestion.closest(to: name, among: similar, within: limit) {
                return UnreadVariable(name: name, suggestion: meant)
            }
            guard prefixes.contains(where: name.hasPrefix), !isForeign(name) else { return nil }
            return UnreadVariable(name: name, suggestion: MisspellingSuggestion.closest(to: name, among: known))
        }
    }

    /// Names that other programs use for variables that are read here under another name.
    private static let synonyms: [(meant: String, names: Set<String>)] = [
        (
            "DATABASE_URL",
            [
                "DB_URL", "DB_URI", "DB_DSN", "DATABASE_DSN", "DATABASE_CONNECTION_STRING", "PG_URL", "PGURL", "PG_URI",
                "POSTGRES_URL", "POSTGRES_URI", "POSTGRES_DSN", "POSTGRESQL_URL",
            ]
        ),
        ("REDIS_URL", ["REDIS_DSN", "REDIS_CONNECTION_STRING", "CACHE_URL", "VALKEY_URL"]),
        (
            "REDIS_TLS_CA_FILE",
            [
                "REDIS_CA", "REDIS_CA_CERT", "REDIS_CA_FILE", "REDIS_SSL_CA", "REDIS_SSL_CA_CERTS", "REDIS_SSL_CA_FILE",
                "REDIS_TLS_CA", "REDIS_TLS_CA_CERT", "REDIS_TLS_CA_CERT_FILE",
            ]
        ),
        (
            "REDIS_TLS_CERTIFICATE_FILE",
            [
                "REDIS_CERT_FILE", "REDIS_SSL_CERT", "REDIS_SSL_CERT_FILE", "REDIS_SSL_CERTFILE", "REDIS_TLS_CERT",
                "REDIS_TLS_CERT_FILE", "REDIS_TLS_CERTIFICATE",
            ]
        ),
        (
            "REDIS_TLS_KEY_FILE",
            ["REDIS_KEY_FILE", "REDIS_SSL_KEY", "REDIS_SSL_KEY_FILE", "REDIS_SSL_KEYFILE", "REDIS_TLS_KEY"]
        ),
        (
            "REDIS_TLS_SERVER_NAME",
            ["REDIS_SNI", "REDIS_SSL_SNI", "REDIS_TLS_HOST", "REDIS_TLS_HOSTNAME", "REDIS_TLS_SERVER", "REDIS_TLS_SNI"]
        ),
        (
            "REDIS_TLS_VERIFY",
            [
                "REDIS_SSL_CERT_REQS", "REDIS_SSL_VERIFY", "REDIS_TLS_INSECURE", "REDIS_TLS_SKIP_VERIFY",
                "REDIS_TLS_VERIFICATION",
            ]
        ),
        (
            "DATABASE_POOL_MAX",
            [
                "DATABASE_POOL", "DATABASE_POOL_SIZE", "DATABASE_POOL_LIMIT", "DATABASE_MAX_CONNECTIONS",
                "DATABASE_CONNECTION_LIMIT", "DB_POOL", "DB_POOL_SIZE", "DB_POOL_MAX",
            ]
        ),
        ("CACHE_MEMORY", ["CACHE_SIZE", "CACHE_MAX_MEMORY", "CACHE_MEMORY_LIMIT"]),
    ]

    /// A variable that is one letter, or one transposition, from one of libpq's; `nil` if it is libpq's, or another
    /// program's, such as the server's `PGDATA`.
    private init?(libpq name: String) {
        let known = Self.libpqVariables
        guard !known.contains(name), name.count >= 6,
            let meant = MisspellingSuggestion.closest(to: name, among: known.filter { !name.hasPrefix($0) }, within: 1)
        else { return nil }
        self.init(name: name, suggestion: meant)
    }

    /// The variables that libpq reads; none if the program has no libpq.
    private static var libpqVariables: [String] {
        #if Postgres
            PostgresConfiguration.variables
        #else
            []
        #endif
    }

    private init(name: String, suggestion: String?) {
        self.name = name
        self.suggestion = suggestion
    }

    private static func isForeign(_ name: String) -> Bool {
        foreignParts.contains(where: name.contains) || foreignEndings.contains { name.hasSuffix("_\($0)") }
    }

    /// Logs the name without the value, which may be a secret.
    func log(to logger: Logger) {
        let hint = suggestion.map { "; did you mean \($0)?" } ?? ""
        let reader = name.hasPrefix("PG") ? "libpq" : "CachedRoutes"
        logger.notice("\(reader) does not read the environment variable \(name)\(hint)")
    }
}
