import ClientSupport
import NIOCore
import NIOPosix

/// The short reason for which no connection could be opened.
struct RedisConnectError: Error, CustomStringConvertible {
    /// NIO's error, which lists the errors of all attempted addresses, or a ``RedisTLSFailure``.
    let underlying: any Error

    /// The failure of TLS, if that is the reason.
    var tlsFailure: RedisTLSFailure? { underlying as? RedisTLSFailure }

    var description: String {
        guard let error = underlying as? NIOConnectionError else { return Self.reason(underlying) }
        if let failure = error.connectionErrors.first {
            var reasons: [String] = []
            for reason in error.connectionErrors.map({ Self.reason($0.error) }) where !reasons.contains(reason) {
                reasons.append(reason)
            }
            return reasons.isEmpty ? Self.reason(failure.error) : reasons.joined(separator: ", ")
        }
        let isUnknown = error.dnsAError != nil || error.dnsAAAAError != nil
        return isUnknown ? "the host's name is not known" : "the host's name has no address"
    }

    private static func reason(_ error: any Error) -> String {
        switch error {
        case let error as IOError: SystemErrorDetails.message(of: error.errnoCode)
        case ChannelError.connectTimeout(let limit): "no answer within \(limit.nanoseconds / 1_000_000) ms"
        case is SocketAddressError: "the host's name is not known"
        default: "\(error)"
        }
    }
}
