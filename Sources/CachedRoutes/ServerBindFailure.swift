import CachedRoutesCore
import NIOCore

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The reason why a server can't listen.
struct ServerBindFailure: CustomStringConvertible {
    /// True if the fault lasts until the configuration is changed.
    let isOfConfiguration: Bool
    /// The fault and its remedy in a sentence.
    let description: String

    /// Converts an error from the start of a server; `nil` if it does not concern listening.
    ///
    /// - Parameters:
    ///   - error: the error.
    ///   - environment: the variables from which an app may have its address. Other apps set it in code.
    init?(_ error: any Error, _ environment: CachedRoutesEnvironment) {
        let configuration = (try? CachedRoutesConfiguration(environment: environment)) ?? CachedRoutesConfiguration()
        if let host = Self.unknownHost(error) {
            isOfConfiguration = true
            description = "can't listen on '\(host)': the host is unknown; set HOST to an address of this machine"
            return
        }
        guard let error = error as? IOError, "\(error)".hasPrefix("bind(") || "\(error)".hasPrefix("listen(") else {
            return nil
        }
        let (reason, cure, isOfConfiguration) =
            switch error.errnoCode {
            case EADDRINUSE: ("the port is in use", "end the process that uses it, or set PORT", false)
            case EADDRNOTAVAIL: ("this machine does not have the address", "set HOST", true)
            case EACCES: ("the port is for privileged processes", "set PORT to 1024 or more", true)
            default: ("\(error)", "set HOST and PORT", false)
            }
        self.isOfConfiguration = isOfConfiguration
        let name = configuration.host.contains(":") ? "[\(configuration.host)]" : configuration.host
        description =
            "can't listen: \(reason); the environment (HOST, PORT) says \(name):\(configuration.port): \(cure)"
    }

    /// Returns the name of a host that could not be resolved.
    private static func unknownHost(_ error: any Error) -> String? {
        switch error {
        case let error as SocketAddressError.UnknownHost: error.host
        case SocketAddressError.unknown(let host, _): host
        default: nil
        }
    }
}
