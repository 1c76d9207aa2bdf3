/// The reason for which there is no TLS connection to a server, in words for an operator.
struct RedisTLSFailure: Error, Hashable, CustomStringConvertible {
    /// A kind of failure.
    enum Kind: Hashable {
        /// A file can't be used; the text is the reason.
        case file(String)
        /// The operating system's certificate authorities can't be used; the text is the reason.
        case authorities(String)
        /// The certificate is not issued by a trusted authority, or is not valid now.
        case untrusted(Validity)
        /// The certificate is for other names; the text is the name or address that was looked for.
        case wrongName(String)
        /// The certificates of servers can't have such a name.
        case impossibleName(String)
        /// The server does not know the name that it was asked for.
        case unknownName(String)
        /// The other side sent something else than TLS.
        case notTLS
        /// Both sides have no version of TLS in common.
        case version
        /// The server wants a client certificate and there is none.
        case certificateRequired
        /// The server does not accept the client's certificate; the text is TLS' name of the reason.
        case certificateRefused(String)
        /// The server ended the handshake without saying why.
        case refused
        /// The server closed the connection during the handshake.
        case closed
        /// The handshake was not finished in time.
        case timedOut(milliseconds: Int64)
        /// Any other failure; the text is TLS' name of it.
        case other(String)
    }

    /// The time for which a certificate that was not accepted is valid.
    enum Validity: Hashable {
        case expired, notYetValid, validOrUnknown
    }

    let kind: Kind

    init(_ kind: Kind) { self.kind = kind }

    /// Indicates that nothing changes until an operator does something.
    var isRefusal: Bool {
        switch kind {
        case .file, .authorities, .untrusted, .wrongName, .impossibleName, .unknownName, .notTLS, .version,
            .certificateRequired, .certificateRefused, .refused:
            true
        case .closed, .timedOut, .other: false
        }
    }

    var description: String {
        switch kind {
        case .file(let reason), .authorities(let reason): reason
        case .untrusted(.expired): "the server's certificate has expired"
        case .untrusted(.notYetValid): "the server's certificate is not valid yet"
        case .untrusted(.validOrUnknown):
            "the server's certificate is not trusted: no trusted authority has issued it, or an authority's certificate has "
                + "expired or is missing"
        case .wrongName(let name): "the server's certificate is not for '\(name)'"
        case .impossibleName(let name): "no certificate can be for '\(name)', which is not a host's name in DNS"
        case .unknownName(let name): "the server has no certificate for '\(name)'"
        case .notTLS: "the server does not speak TLS at this port"
        case .version: "the server does not speak TLS 1.2 or 1.3"
        case .certificateRequired: "the server asks for a client certificate"
        case .certificateRefused(let reason): "the server does not accept the client's certificate (\(reason))"
        case .refused: "the server refuses the TLS handshake"
        case .closed: "the server closed the connection during the TLS handshake"
        case .timedOut(let limit): "the TLS handshake was not finished within \(limit) ms"
        case .other(let reason): "TLS failed (\(reason))"
        }
    }

    /// The remedy.
    var cure: String? {
        switch kind {
        case .file: "bring the file back; it is read for each new connection"
        case .authorities: "install them (ca-certificates), or name a file of them (REDIS_TLS_CA_FILE)"
        case .untrusted(.expired), .untrusted(.notYetValid): "renew the server's certificate, or set the clock right"
        case .untrusted(.validOrUnknown):
            "name a file with the authority that has issued it (REDIS_TLS_CA_FILE), and let the server send the certificates "
                + "of intermediate authorities"
        case .wrongName, .impossibleName:
            "name the server as its certificate does, in the URL or by REDIS_TLS_SERVER_NAME"
        case .unknownName: "ask for a name that the server has (REDIS_TLS_SERVER_NAME)"
        case .notTLS:
            "use the server's port for TLS (tls-port), or begin the URL with redis in place of rediss, for connections without TLS"
        case .version: "let the server speak TLS 1.2 or 1.3 (tls-protocols)"
        case .certificateRequired:
            "name a certificate and its key (REDIS_TLS_CERTIFICATE_FILE, REDIS_TLS_KEY_FILE), or set tls-auth-clients no"
        case .certificateRefused:
            "name a certificate of an authority that the server trusts, and that is valid (REDIS_TLS_CERTIFICATE_FILE)"
        case .refused:
            "see the server's log; it may ask for a client certificate (REDIS_TLS_CERTIFICATE_FILE), or have no cipher that "
                + "the client has"
        case .closed, .timedOut: "see that the port is the server's for TLS (tls-port)"
        case .other: nil
        }
    }
}

#if RedisTLS
    import NIOSSL

    extension RedisTLSFailure {
        /// Translates an error of NIO's handler for TLS.
        ///
        /// - Parameters:
        ///   - error: the error.
        ///   - name: the server's name or address, as it was looked for in the certificate.
        ///   - certificate: the server's certificate, if it is known.
        ///   - now: the time of day in seconds since 1970.
        ///   - hasCertificate: tells that the server was sent a client certificate.
        /// - Returns: `nil` for an error that TLS has nothing to do with.
        init?(_ error: any Error, name: String, certificate: NIOSSLCertificate?, now: Int, hasCertificate: Bool) {
            switch error {
            case let error as NIOSSLExtraError where error == .failedToValidateHostname: kind = .wrongName(name)
            case let error as NIOSSLExtraError where error == .serverHostnameImpossibleToMatch:
                kind = .impossibleName(name)
            case let error as NIOSSLExtraError: kind = .other("\(error)")
            case NIOSSLError.handshakeFailed(let error), let error as BoringSSLError:
                guard let reason = Self.reason(error) else {
                    kind = .other("\(error)")
                    return
                }
                kind = Self.kind(reason, name, certificate, now, hasCertificate)
            case let error as NIOSSLError: kind = .other("\(error)")
            default: return nil
            }
        }

        /// BoringSSL's name of the first error.
        private static func reason(_ error: BoringSSLError) -> String? {
            guard case .sslError(let stack) = error, let first = stack.first else { return nil }
            if first == .eofDuringHandshake { return "EOF" }
            // Error: 268435581 error:1000007d:SSL routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED at /…/handshake.cc:298
            let text = first.description
            guard let start = text.firstRange(of: "OPENSSL_internal:")?.upperBound else { return text }
            return String(text[start...].prefix { $0 != " " })
        }

        private static func kind(
            _ reason: String,
            _ name: String,
            _ certificate: NIOSSLCertificate?,
            _ now: Int,
            _ hasCertificate: Bool
        ) -> Kind {
            switch reason {
            case "EOF": return .closed
            case "CERTIFICATE_VERIFY_FAILED":
                guard let certificate else { return .untrusted(.validOrUnknown) }
                if now > certificate.notValidAfter { return .untrusted(.expired) }
                if now < certificate.notValidBefore { return .untrusted(.notYetValid) }
                return .untrusted(.validOrUnknown)
            case "WRONG_VERSION_NUMBER", "HTTP_REQUEST", "INVALID_OUTER_RECORD_TYPE": return .notTLS
            case "UNSUPPORTED_PROTOCOL", "TLSV1_ALERT_PROTOCOL_VERSION", "NO_SUPPORTED_VERSIONS_ENABLED":
                return .version
            default: break
            }
            guard let alert = alert(reason) else { return .other(reason) }
            switch alert {
            case "CERTIFICATE_REQUIRED": return .certificateRequired
            case "UNRECOGNIZED_NAME": return .unknownName(name)
            case "HANDSHAKE_FAILURE": return .refused
            case "BAD_CERTIFICATE", "UNSUPPORTED_CERTIFICATE", "CERTIFICATE_REVOKED", "CERTIFICATE_EXPIRED",
                "CERTIFICATE_UNKNOWN", "UNKNOWN_CA", "ACCESS_DENIED", "DECRYPT_ERROR":
                let words = alert.lowercased().replacing("_", with: " ").replacing(
                    "unknown ca",
                    with: "unknown authority"
                )
                return hasCertificate ? .certificateRefused(words) : .certificateRequired
            default: return .other(reason)
            }
        }

        /// The name of the alert by which the server has ended the connection.
        private static func alert(_ reason: String) -> String? {
            for prefix in ["TLSV1_ALERT_", "SSLV3_ALERT_", "TLSV1_"] where reason.hasPrefix(prefix) {
                return String(reason.dropFirst(prefix.count))
            }
            return nil
        }
    }
#endif
