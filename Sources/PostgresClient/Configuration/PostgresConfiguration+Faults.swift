import CPostgres
import ClientSupport

extension PostgresConfiguration {
    /// Finds all values in the connection string, and in libpq's environment, that are wrong for any server.
    ///
    /// No name is resolved and no connection is opened.
    public func connectionFaults() -> [PostgresConfigurationError] {
        var message: UnsafeMutablePointer<CChar>?
        if let url {
            guard let options = PQconninfoParse(url, &message) else {
                defer { PQfreemem(message) }
                let text = message.map { String(cString: $0) } ?? "out of memory"
                return [
                    .init(source: .connectionString, reason: .other(ConnectionStringDiagnosis.reason(text, in: url)))
                ]
            }
            PQconninfoFree(options)
        }
        let settings = LibpqSettings(url: url)
        let verdict = LibpqParameterValidation(url: url)
        var faults = settings.faults
        guard let refusal = verdict.refusal else { return faults }
        let choices = settings.choiceFaults
        if !choices.isEmpty { return faults + choices }
        // The ports are checked above; here they are replaced.
        let source: PostgresConfigurationError.Source =
            if url == nil { .environment } else { .connectionString }
        faults.append(.init(source: source, reason: .other("is refused by libpq: \(refusal)")))
        return faults
    }
}

/// libpq's own check of all values except the ports, which it makes before it resolves or connects.
private struct LibpqParameterValidation {
    /// The reason for which libpq refuses the values; `nil` if it does not.
    let refusal: String?

    /// Begins to connect to port 0. libpq refuses it in its last check, just before it resolves the first host's name.
    init(url: String?) {
        // With a password, libpq does not look for one in files.
        var parameters = [("password", "x"), ("port", "0")]
        if let url { parameters.insert(("dbname", url), at: 0) }
        let connection = System.withCStrings(parameters.map { $0.0 }) { keywords in
            System.withCStrings(parameters.map { $0.1 }) { values in PQconnectStartParams(keywords, values, 1) }
        }
        defer { PQfinish(connection) }
        guard PQstatus(connection) == CONNECTION_BAD, let text = PQerrorMessage(connection) else {
            refusal = nil
            return
        }
        let message = String(cString: text)
        refusal = message.contains("invalid port number") ? nil : ConnectionStringDiagnosis.withoutSecrets(message)
    }
}

/// The values that libpq would connect with, as far as they can be checked here.
private struct LibpqSettings {
    private struct Value {
        let text: String
        let source: PostgresConfigurationError.Source
    }

    private var values: [String: Value] = [:]

    /// Reads the values of the connection string and, for parameters that it lacks, of the environment.
    ///
    /// A service file takes precedence over the environment, so the environment is ignored if there is one.
    init(url: String?) {
        guard let options = PQconninfoParse(url ?? "", nil) else { return }
        defer { PQconninfoFree(options) }
        var variables: [String: Value] = [:]
        var option = options
        while let keyword = option.pointee.keyword {
            defer { option += 1 }
            let name = String(cString: keyword)
            if let value = option.pointee.val {
                values[name] = Value(text: String(cString: value), source: .connectionString)
            } else if let variable = option.pointee.envvar.map({ String(cString: $0) }),
                let value = System.environmentVariable(variable), !value.isEmpty
            {
                variables[name] = Value(text: value, source: .variable(variable))
            }
        }
        if values["service"] == nil, variables["service"] == nil { values.merge(variables) { own, _ in own } }
    }

    private static let wholeNumbers = [
        "connect_timeout", "keepalives", "keepalives_idle", "keepalives_interval", "keepalives_count",
        "tcp_user_timeout",
    ]

    /// The wrong values that libpq would find only while connecting or waiting.
    var faults: [PostgresConfigurationError] {
        var faults = portFaults + hostFaults
        for name in Self.wholeNumbers {
            guard let value = values[name], Self.integer(value.text) == nil else { continue }
            faults.append(fault(name, of: value, expected: "a whole number"))
        }
        return faults
    }

    private static let choices: [(parameter: String, values: [String])] = [
        ("sslmode", ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"]),
        ("target_session_attrs", ["any", "read-write", "read-only", "primary", "standby", "prefer-standby"]),
        ("gssencmode", ["disable", "prefer", "require"]), ("channel_binding", ["disable", "prefer", "require"]),
        ("ssl_min_protocol_version", ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"]),
        ("ssl_max_protocol_version", ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"]),
        ("sslcertmode", ["disable", "allow", "require"]), ("sslnegotiation", ["postgres", "direct"]),
        ("load_balance_hosts", ["disable", "random"]),
    ]

    /// The values that are not among the known ones. libpq decides if it knows others.
    var choiceFaults: [PostgresConfigurationError] {
        Self.choices.compactMap { parameter, choices in
            guard let value = values[parameter], !choices.contains(value.text) else { return nil }
            return fault(parameter, of: value, expected: "one of \(choices.joined(separator: ", "))")
        }
    }

    /// Reads an integer like libpq: a number of C with optional whitespace around it that fits in 32 bits.
    private static func integer(_ text: some StringProtocol) -> Int32? {
        let blanks: Set<Unicode.Scalar> = [" ", "\t", "\n", "\u{B}", "\u{C}", "\r"]
        let scalars = text.unicodeScalars.drop { blanks.contains($0) }
        let end = scalars.lastIndex { !blanks.contains($0) }.map { scalars.index(after: $0) } ?? scalars.startIndex
        return Int32(String(String.UnicodeScalarView(scalars[..<end])))
    }

    private var portFaults: [PostgresConfigurationError] {
        guard let value = values["port"] else { return [] }
        let ports = Self.elements(value.text)
        let isRight = ports.allSatisfy { $0.isEmpty || Self.integer($0).map { (1...65_535).contains($0) } ?? false }
        guard isRight else {
            let list = ports.count > 1 ? "a list of whole numbers" : "a whole number"
            return [fault("port", of: value, expected: "\(list) from 1 to 65535")]
        }
        let hosts = values["hostaddr"] ?? values["host"]
        let count = hosts.map { Self.elements($0.text).count } ?? 1
        guard ports.count > 1, ports.count != count else { return [] }
        let hosted = count == 1 ? "1 host" : "\(count) hosts"
        return [.init(source: value.source, reason: .other("has \(ports.count) ports for \(hosted)"))]
    }

    private var hostFaults: [PostgresConfigurationError] {
        if let value = values["hostaddr"] {
            let isRight = Self.elements(value.text).allSatisfy { $0.isEmpty || HostNameSyntax.isAddress(String($0)) }
            return isRight ? [] : [fault("hostaddr", of: value, expected: "an IP address, or a list of them")]
        }
        guard let value = values["host"] else { return [] }
        var faults: [PostgresConfigurationError] = []
        for host in Self.elements(value.text) where !host.isEmpty {
            if host.hasPrefix("/") || host.hasPrefix("@") {
                // The path continues with a slash, a dot, the socket's name and the port, which has at most five
                // digits, and ends with a null.
                let room = SystemErrorDetails.longestSocketPath - "/.s.PGSQL.5432".utf8.count
                if host.utf8.count > room {
                    faults.append(fault("host", of: value, expected: "a folder of \(room) bytes at most"))
                }
            } else if !HostNameSyntax.isPossible(String(host)) {
                faults.append(
                    fault("host", of: value, expected: "a host's name, an IP address or the folder of a socket")
                )
            }
        }
        return Array(faults.prefix(1))
    }

    private static func elements(_ list: String) -> [Substring] {
        list.split(separator: ",", omittingEmptySubsequences: false)
    }

    private func fault(_ parameter: String, of value: Value, expected expectation: String) -> PostgresConfigurationError
    {
        // If '@' and the host were forgotten, the password is in the place of the port, or of the host if it contains a
        // blank.
        let mayBeSecret =
            value.source == .connectionString
            && (["host", "hostaddr", "port"].contains(parameter) || value.text.contains("@"))
        return PostgresConfigurationError(
            source: value.source,
            reason: .value(parameter: parameter, value: mayBeSecret ? nil : value.text, expectation: expectation)
        )
    }
}
