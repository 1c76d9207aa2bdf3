import ArgumentParser
import Foundation
import RedisClient

extension RedisConfiguration {
    /// Reads a URL, with the variables about TLS. Warns on standard error if certificates are not checked.
    ///
    /// - Parameters:
    ///   - url: the URL.
    ///   - environment: the environment of the process.
    /// - Throws: `RedisConfigurationError` if the URL, `ValidationError` if a variable can't be used.
    init(url: String, environment: [String: String]) throws {
        try self.init(url: url)
        let variables = RedisTLSVariables { name in
            environment[name].map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }.flatMap {
                $0.isEmpty ? nil : $0
            }
        }
        if let problem = variables.apply(to: &self).first { throw ValidationError(problem) }
        if tls?.verification == RedisTLSConfiguration.Verification.none {
            FileHandle.standardError.write(Data("warning: \(RedisTLSVariables.warning)\n".utf8))
        }
    }
}
