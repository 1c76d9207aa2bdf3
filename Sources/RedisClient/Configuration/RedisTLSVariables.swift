/// The environment variables about TLS to Redis.
package struct RedisTLSVariables: Sendable {
    /// The warning about connections to servers whose certificates are not checked.
    package static let warning =
        "REDIS_TLS_VERIFY=none: the certificate of Redis is not checked, so whoever is on the path to it can read and change "
        + "all responses, and learns the password"

    private let authorityFile: String?
    private let certificateFile: String?
    private let keyFile: String?
    private let serverName: String?
    private let verification: String?

    /// Takes the values; `nil` for a variable that is not set.
    package init(
        authorityFile: String?,
        certificateFile: String?,
        keyFile: String?,
        serverName: String?,
        verification: String?
    ) {
        self.authorityFile = authorityFile
        self.certificateFile = certificateFile
        self.keyFile = keyFile
        self.serverName = serverName
        self.verification = verification
    }

    /// Reads the variables.
    ///
    /// - Parameter value: returns the value of a variable; `nil` if it is not set.
    package init(_ value: (_ name: String) -> String?) {
        authorityFile = value(Self.name(.trustRoots))
        certificateFile = value(Self.name(.certificateFile))
        keyFile = value(Self.name(.privateKeyFile))
        serverName = value(Self.name(.serverName))
        verification = value(Self.name(.verification))
    }

    /// Sets the TLS of a configuration whose URL says that it has TLS.
    ///
    /// - Returns: the problems, a sentence each, if the variables don't fit the URL or each other.
    package func apply(to configuration: inout RedisConfiguration) -> [String] {
        guard var tls = configuration.tls else {
            if names.isEmpty { return [] }
            let verb = names.count == 1 ? "has" : "have"
            return [
                "\(names.joined(separator: ", ")) \(verb) no effect on a connection without TLS: begin the URL of Redis with "
                    + "rediss, as in rediss://"
            ]
        }
        if let authorityFile { tls.trustRoots = .file(path: authorityFile) }
        tls.certificateFile = certificateFile
        tls.privateKeyFile = keyFile
        tls.serverName = serverName
        if let verification {
            guard let verification = RedisTLSConfiguration.Verification(rawValue: verification) else {
                return ["REDIS_TLS_VERIFY='\(verification)' is not one of full, none"]
            }
            tls.verification = verification
        }
        configuration.tls = tls
        guard let fault = tls.fault() else { return [] }
        return [fault.setting.map { "\(Self.name($0)): \(fault.reason)" } ?? fault.reason]
    }

    /// The variables that are set.
    private var names: [String] {
        let values = [authorityFile, certificateFile, keyFile, serverName, verification]
        return zip(RedisTLSConfiguration.Setting.allCases, values).filter { $1 != nil }.map { Self.name($0.0) }
    }

    private static func name(_ setting: RedisTLSConfiguration.Setting) -> String {
        switch setting {
        case .trustRoots: "REDIS_TLS_CA_FILE"
        case .certificateFile: "REDIS_TLS_CERTIFICATE_FILE"
        case .privateKeyFile: "REDIS_TLS_KEY_FILE"
        case .serverName: "REDIS_TLS_SERVER_NAME"
        case .verification: "REDIS_TLS_VERIFY"
        }
    }
}
