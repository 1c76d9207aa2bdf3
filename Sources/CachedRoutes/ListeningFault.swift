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
struct ListeningFault: CustomStringConvertible {
    /// Whether it lasts until somebody changes the configuration.
    let isOfConfiguration: Bool
    /// A sentence with what to do.
    let description: String

    /// The fault that an error from the start of a server is; `nil`: it is about something else.
    ///
    /// - Parameter environment: where an app may have its address from. Others have told theirs to the server themselves.
    init?(_ error: any Error, _ environment: CachedRoutesEnvironment) {
        let configuration = (try? CachedRoutesConfiguration(environment: environment)) ?? CachedRoutesConfiguration()
        if let host = Self.unknownHost(error) {
            isOfConfiguration = true
            description = "can't listen on '\(host)': there is no such host; set HOST to an address of this machine"
            return
        }
        guard let error = error as? IOError, "\(error)".hasPrefix("bind(") || "\(error)".hasPrefix("listen(") else {
            return nil
        }
        let (reason, cure, isOfConfiguration) =
            switch error.errnoCode {
            case EADDRINUSE: ("the port is in use", "end the process that has it, or set PORT", false)
            case EADDRNOTAVAIL: ("the address is none of this machine's", "set HOST", true)
            case EACCES: ("the port is for privileged processes", "set PORT to 1024 or more", true)
            default: ("\(error)", "set HOST and PORT", false)
            }
        self.isOfConfiguration = isOfConfiguration
        let name = configuration.host.contains(":") ? "[\(configuration.host)]" : configuration.host
        description =
            "can't listen: \(reason); the environment (HOST, PORT) says \(name):\(configuration.port): \(cure)"
    }

    /// The name that nobody could resolve.
    private static func unknownHost(_ error: any Error) -> String? {
        switch error {
        case let error as SocketAddressError.UnknownHost: error.host
        case SocketAddressError.unknown(let host, _): host
        default: nil
        }
    }
}
