public import CachedRoutes
public import NIOCore
public import ServiceLifecycle
public import UnixSignals

#if TLS
    public import NIOSSL
#endif

extension CachedRoutesServer {
    /// The address that a server listens on.
    public struct Address: Sendable, Hashable {
        enum Kind: Sendable, Hashable {
            case hostname(String, port: Int)
            case unixDomainSocket(path: String)
        }

        let kind: Kind

        /// A port of a host.
        ///
        /// - Parameters:
        ///   - host: a name or an IP address of this machine.
        ///   - port: the port; 0 for one that the system chooses.
        public static func hostname(_ host: String, port: Int) -> Address {
            Address(kind: .hostname(host, port: port))
        }

        /// A Unix domain socket. A socket that an earlier process has left behind is removed.
        ///
        /// - Parameter path: the path of the socket.
        public static func unixDomainSocket(path: String) -> Address {
            Address(kind: .unixDomainSocket(path: path))
        }

        /// Returns the address for the log, with the port that the system has chosen.
        func description(_ local: SocketAddress?) -> String {
            switch kind {
            case .hostname(let host, let port):
                "\(host.contains(":") ? "[\(host)]" : host):\(local?.port ?? port)"
            case .unixDomainSocket(let path): path
            }
        }
    }

    /// The configuration of a server. Time limits and the number of connections are those of the service, see
    /// `CachedRoutesConfiguration`.
    public struct Configuration: Sendable {
        /// The address to listen on; `nil` for `HOST` and `PORT` of the service's configuration.
        public var address: Address?
        /// The value of `Server` in responses; `nil` sends none.
        public var serverName: String?
        /// The scripts of other origins that may read responses (CORS); `nil` for none.
        public var crossOrigin: CrossOriginPolicy?
        /// The proxies whose word for the address of a client is believed; `nil` for none.
        public var trustedProxies: TrustedProxies?
        /// Answers `GET /health` and `GET /ready`.
        public var answersHealth = true
        /// Takes each answered request, on the event loop of its connection: it must not block. Requests that break the
        /// rules of HTTP have no entry.
        public var accessLog: (@Sendable (AccessLogEntry) -> Void)?
        /// Is called once the server listens, with its address.
        public var onListening: (@Sendable (SocketAddress) async -> Void)?
        /// Services of the app, which are started before the server, and stop after it. The server does not wait until they are ready.
        public var services: [any Service] = []
        /// The signals that shut the server down gracefully; none if the server runs in a service group of the app's
        /// own.
        public var gracefulShutdownSignals: [UnixSignal] = [.sigterm, .sigint]

        #if TLS
            /// The identity and settings of TLS; `nil` for connections without it. With the trait `HTTP2`, HTTP/2 is
            /// offered unless `applicationProtocols` is set.
            public var tls: TLSConfiguration?
        #endif

        /// Makes a configuration of defaults.
        public init() {}
    }
}
