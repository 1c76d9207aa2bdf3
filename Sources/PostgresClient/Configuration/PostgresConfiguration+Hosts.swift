import CPostgres
import NIOCore

extension PostgresConfiguration {
    /// The number of hosts that a connection string names.
    public enum Hosts: Sendable, Hashable {
        /// One host or none.
        case one
        /// Several hosts, separated by commas.
        case several
        /// Unknown, because a service file determines it.
        case unknown
    }

    /// The number of hosts that the connection string names or, if it names none, libpq's environment.
    public var hosts: Hosts {
        let parameters = parameters
        let names = Self.hostNames(parameters)
        if names.count > 1 { return .several }
        return names.isEmpty && (parameters["service"] != nil || System.environmentVariable("PGSERVICE") != nil)
            ? .unknown : .one
    }

    /// The environment variables that libpq reads, sorted.
    package static let variables: [String] = {
        guard let options = PQconninfoParse("", nil) else { return [] }
        defer { PQconninfoFree(options) }
        var variables: Set<String> = ["PGPASSFILE", "PGSERVICEFILE", "PGSYSCONFDIR", "PGLOCALEDIR"]
        var option = options
        while option.pointee.keyword != nil {
            if let variable = option.pointee.envvar { variables.insert(String(cString: variable)) }
            option += 1
        }
        return variables.sorted()
    }()

    /// The time limit of an attempt to connect: libpq allows the connection timeout for each host, and tries them twice
    /// for a standby.
    var attemptTimeout: TimeAmount {
        let rounds = session == .preferStandby ? 2 : 1
        return .nanoseconds(connectTimeout.nanoseconds * Int64(max(1, Self.hostNames(parameters).count) * rounds))
    }

    private static func hostNames(_ parameters: [String: String]) -> [Substring] {
        for (keyword, variable) in [("hostaddr", "PGHOSTADDR"), ("host", "PGHOST")] {
            if let names = parameters[keyword] ?? System.environmentVariable(variable) {
                return names.split(separator: ",", omittingEmptySubsequences: false)
            }
        }
        return []
    }

    /// The parameters of the connection string.
    private var parameters: [String: String] {
        guard let url, let options = PQconninfoParse(url, nil) else { return [:] }
        defer { PQconninfoFree(options) }
        var parameters: [String: String] = [:]
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val { parameters[String(cString: keyword)] = String(cString: value) }
            option += 1
        }
        return parameters
    }
}
