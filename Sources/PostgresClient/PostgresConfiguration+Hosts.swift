import CPostgres

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension PostgresConfiguration {
    /// How many hosts a connection string names.
    public enum Hosts: Sendable, Hashable {
        /// One, or none.
        case one
        /// Several, separated by commas.
        case several
        /// A service file says.
        case unknown
    }

    /// How many hosts the connection string names, and where it names none, libpq's environment.
    public var hosts: Hosts {
        var names: [String: String] = [:]
        if let url, let options = PQconninfoParse(url, nil) {
            defer { PQconninfoFree(options) }
            var option = options
            while let keyword = option.pointee.keyword {
                if let value = option.pointee.val { names[String(cString: keyword)] = String(cString: value) }
                option += 1
            }
        }
        func value(_ keyword: String, _ variable: String) -> String? {
            names[keyword] ?? getenv(variable).map { String(cString: $0) }
        }
        if [value("host", "PGHOST"), value("hostaddr", "PGHOSTADDR")].contains(where: { $0?.contains(",") ?? false }) {
            return .several
        }
        return value("service", "PGSERVICE") == nil || names["host"] != nil ? .one : .unknown
    }
}
