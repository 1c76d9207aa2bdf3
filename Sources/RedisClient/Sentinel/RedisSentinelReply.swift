/// A Sentinel's reply to the question for the address of a primary, or the reason why there is none.
enum RedisSentinelAnswer: Sendable {
    /// The address of the primary.
    case primary(RedisConfiguration.Endpoint)
    /// The Sentinel knows no primary of this name.
    case unknownName
    /// The Sentinel can't be reached, refuses to answer, or sent something else.
    case failure(RedisError)

    /// Reads a reply to `SENTINEL GET-MASTER-ADDR-BY-NAME`: null, or an array of a host and a port.
    init(_ reply: RedisReply) {
        if let error = reply.error {
            self = .failure(RedisError(.handshakeFailed, "\(error)", underlying: error))
        } else if reply.isNull {
            self = .unknownName
        } else if reply.count == 2, let endpoint = RedisConfiguration.Endpoint(reply[0].string, reply[1].string) {
            self = .primary(endpoint)
        } else {
            self = .failure(RedisError(.protocolViolation, "the reply is no host and port"))
        }
    }
}

/// A message of a Sentinel about a primary that another server has replaced.
struct RedisSentinelSwitch: Equatable {
    /// The channel on which Sentinels publish such messages.
    static let channel = "+switch-master"

    /// The address of the former primary.
    let former: RedisConfiguration.Endpoint
    /// The address of the new primary.
    let new: RedisConfiguration.Endpoint

    /// Makes a value from its parts.
    init(former: RedisConfiguration.Endpoint, new: RedisConfiguration.Endpoint) {
        self.former = former
        self.new = new
    }

    /// Reads a message `name former-host former-port new-host new-port`; `nil` if it is malformed or is about another
    /// primary than `primaryName`.
    init?(_ message: String, of primaryName: String) {
        let words = message.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard words.count == 5, words[0] == primaryName,
            let former = RedisConfiguration.Endpoint(words[1], words[2]),
            let new = RedisConfiguration.Endpoint(words[3], words[4])
        else { return nil }
        self.init(former: former, new: new)
    }
}

extension RedisConfiguration.Endpoint {
    /// Makes an endpoint of a host and a decimal port; `nil` if they are none.
    fileprivate init?(_ host: String?, _ port: String?) {
        guard let host, !host.isEmpty, host.utf8.allSatisfy({ (UInt8(ascii: "!")...UInt8(ascii: "~")).contains($0) }),
            let port, port.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let number = Int(port), (1...65_535).contains(number)
        else { return nil }
        self = .tcp(host: host, port: number)
    }
}
