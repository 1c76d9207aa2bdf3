import NIOCore

/// The reasons for which no Sentinel names the primary, or its announced successor.
struct RedisSentinelQueryFailure {
    let primaryName: String
    /// The Sentinels with their replies; `nil` for those that have not replied.
    let answers: [(sentinel: RedisConfiguration.Endpoint, answer: RedisSentinelAnswer?)]
    let limit: TimeAmount

    /// The error, with the code `handshakeFailed` if a Sentinel refuses the login or its certificate is not accepted.
    var error: RedisError {
        let refusal = answers.lazy.compactMap { Self.refusal($0.answer) }.first
        var message = "\(outcome) the primary '\(primaryName)': \(details)"
        if refusal?.kind == .notAuthenticated || refusal?.kind == .passwordUnknown {
            message += "; Sentinels have a login of their own (sentinel-user, sentinel-password)"
        }
        if refusal == nil, let failure = answers.lazy.compactMap({ Self.tlsFailure($0.answer) }).first {
            return RedisError(.handshakeFailed, message, underlying: failure)
        }
        let underlying = answers.lazy.compactMap { Self.serverError($0.answer) }.first
        return RedisError(refusal == nil ? .unavailable : .handshakeFailed, message, underlying: underlying)
    }

    private var outcome: String {
        // A primary that is named and not used has an announced successor.
        let subject = answers.contains { Self.isAddress($0.answer) } ? "successor" : "address"
        return answers.count == 1
            ? "the Sentinel does not name the \(subject) of"
            : "none of \(answers.count) Sentinels names the \(subject) of"
    }

    /// The reasons, each with the Sentinels that have it.
    private var details: String {
        var groups: [(reason: String, sentinels: [String])] = []
        for (sentinel, answer) in answers {
            let reason = reason(answer)
            if let index = groups.firstIndex(where: { $0.reason == reason }) {
                groups[index].sentinels.append("\(sentinel)")
            } else {
                groups.append((reason, ["\(sentinel)"]))
            }
        }
        return groups.map { "\($0.sentinels.joined(separator: ", ")): \($0.reason)" }.joined(separator: "; ")
    }

    private func reason(_ answer: RedisSentinelAnswer?) -> String {
        switch answer {
        case nil: "no reply within \(limit.nanoseconds / 1_000_000) ms"
        case .unknownName: "no primary of this name is known"
        case .failure(let error): error.message
        case .primary(let location): "it is \(location.endpoint)"
        }
    }

    /// Indicates that a Sentinel has named an address.
    private static func isAddress(_ answer: RedisSentinelAnswer?) -> Bool {
        if case .primary = answer { true } else { false }
    }

    private static func serverError(_ answer: RedisSentinelAnswer?) -> RedisServerError? {
        guard case .failure(let error) = answer else { return nil }
        return error.underlying as? RedisServerError
    }

    /// A failure of TLS that does not go away by itself.
    private static func tlsFailure(_ answer: RedisSentinelAnswer?) -> RedisTLSFailure? {
        guard case .failure(let error) = answer, let failure = error.tlsFailure, failure.isRefusal else { return nil }
        return failure
    }

    /// The refusal of a login or of a command.
    private static func refusal(_ answer: RedisSentinelAnswer?) -> RedisCommandRefusal? {
        guard let refusal = serverError(answer).flatMap({ RedisCommandRefusal($0) }) else { return nil }
        return [.notAuthenticated, .passwordUnknown, .noPermission, .protectedMode].contains(refusal.kind)
            ? refusal : nil
    }
}
