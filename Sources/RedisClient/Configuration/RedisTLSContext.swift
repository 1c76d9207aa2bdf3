#if RedisTLS
    import ClientSupport
    import NIOCore
    import NIOSSL
    import Synchronization

    /// The certificates and keys of one TLS connection, from the files of a configuration.
    struct RedisTLSContext: Sendable {
        /// The number of bytes that are read of a file at most, more than any bundle of authorities has.
        private static let longestFile = 16 << 20
        /// The capacity of the buffer for encrypted bytes that a connection retains.
        private static let retainedOutput = 256 * 1024

        private typealias Fault = RedisTLSConfiguration.Fault

        private let context: NIOSSLContext
        private let request: CertificateRequest?

        /// Reads the files. Blocks.
        ///
        /// - Throws: the reason, if a file can't be used.
        init(_ configuration: RedisTLSConfiguration) throws(RedisTLSConfiguration.Fault) {
            var settings = try Self.settings(configuration)
            if settings.certificateChain.isEmpty {
                let request = CertificateRequest()
                settings.sslContextCallback = { _, promise in
                    request.hasCome.store(true, ordering: .relaxed)
                    promise.succeed(.noChanges)
                }
                self.request = request
            } else {
                request = nil
            }
            context = try Self.context(settings, configuration)
        }

        /// Reads the files of a configuration, but not those of the operating system. Blocks.
        ///
        /// - Throws: the reason, if a file can't be used.
        static func check(_ configuration: RedisTLSConfiguration) throws(RedisTLSConfiguration.Fault) {
            var settings = try settings(configuration)
            settings.certificateVerification = .none
            _ = try context(settings, configuration)
        }

        private static func settings(
            _ configuration: RedisTLSConfiguration
        ) throws(RedisTLSConfiguration.Fault) -> TLSConfiguration {
            var settings = TLSConfiguration.makeClientConfiguration()
            settings.minimumTLSVersion = .tlsv12
            // The connection is closed in the same tick as it sends its `close_notify`: nobody waits for the server's.
            settings.shutdownTimeout = .zero
            switch configuration.verification {
            case .full: settings.certificateVerification = .fullVerification
            case .none: settings.certificateVerification = .none
            }
            if case .file(let path) = configuration.trustRoots {
                settings.trustRoots = .certificates(try certificates(path, for: .trustRoots))
            }
            guard let certificateFile = configuration.certificateFile, let keyFile = configuration.privateKeyFile else {
                return settings
            }
            settings.certificateChain = try certificates(certificateFile, for: .certificateFile).map {
                .certificate($0)
            }
            let bytes = try contents(keyFile, for: .privateKeyFile)
            guard let key = try? NIOSSLPrivateKey(bytes: bytes, format: .pem) else {
                throw Fault(
                    setting: .privateKeyFile,
                    reason: "'\(keyFile)' has no private key in PEM format, or an encrypted one"
                )
            }
            settings.privateKey = .privateKey(key)
            return settings
        }

        private static func context(
            _ settings: TLSConfiguration,
            _ configuration: RedisTLSConfiguration
        ) throws(RedisTLSConfiguration.Fault) -> NIOSSLContext {
            do {
                return try NIOSSLContext(configuration: settings)
            } catch NIOSSLError.failedToLoadPrivateKey {
                throw Fault(
                    setting: .privateKeyFile,
                    reason: "the key in '\(configuration.privateKeyFile ?? "")' is not that of the certificate in "
                        + "'\(configuration.certificateFile ?? "")'"
                )
            } catch NIOSSLError.failedToLoadCertificate {
                throw Fault(
                    setting: configuration.certificateFile == nil ? .trustRoots : .certificateFile,
                    reason: "a certificate can't be used"
                )
            } catch {
                let isOfSystem = configuration.trustRoots == .system
                let reason = isOfSystem ? "the operating system has no certificate authorities" : "TLS failed"
                throw Fault(setting: .trustRoots, reason: "\(reason) (\(error))")
            }
        }

        /// Makes the handler that encrypts a connection.
        ///
        /// - Parameter serverName: the name to ask for; `nil` for a server whose certificate is for its address.
        func handler(serverName: String?) throws -> NIOSSLClientHandler {
            var configuration = NIOSSLHandler.Configuration()
            configuration.maximumPreservedOutboundBufferCapacity = Self.retainedOutput
            return try NIOSSLClientHandler(context: context, serverHostname: serverName, configuration: configuration)
        }

        /// Indicates that the server has asked for a client certificate and there is none.
        var lacksCertificate: Bool { request?.hasCome.load(ordering: .relaxed) ?? false }

        /// The server's request for a client certificate.
        private final class CertificateRequest: Sendable {
            let hasCome = Atomic(false)
        }

        private static func certificates(
            _ path: String,
            for setting: RedisTLSConfiguration.Setting
        ) throws(RedisTLSConfiguration.Fault) -> [NIOSSLCertificate] {
            let bytes = try contents(path, for: setting)
            guard let certificates = try? NIOSSLCertificate.fromPEMBytes(bytes), !certificates.isEmpty else {
                throw Fault(setting: setting, reason: "'\(path)' has no certificates in PEM format, or a damaged one")
            }
            return certificates
        }

        private static func contents(
            _ path: String,
            for setting: RedisTLSConfiguration.Setting
        ) throws(RedisTLSConfiguration.Fault) -> [UInt8] {
            do {
                return try System.contents(ofFile: path, limit: longestFile)
            } catch {
                let reason = SystemErrorDetails.message(of: error.code)
                throw Fault(setting: setting, reason: "'\(path)' can't be read: \(reason)")
            }
        }
    }
#endif
