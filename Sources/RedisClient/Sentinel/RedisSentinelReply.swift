/// A Sentinel's replies to the question for a primary, or the reason why there are none.
enum RedisSentinelAnswer: Sendable {
    /// The primary's address, and the `config-epoch` for which it is the primary.
    case primary(RedisServerLocation)
    /// The Sentinel knows no primary of this name.
    case unknownName
    /// The Sentinel can't be reached, refuses to answer, or sent something else.
    case failure(RedisError)

    /// The commands of the question, which are sent together.
    ///
    /// Only the first names the new primary from the moment that it has been promoted, and only the second has the
    /// `config-epoch`. If the address is the same before and after, it is that of the `config-epoch`: a Sentinel changes both at
    /// once.
    static func commands(_ primaryName: String) -> [RedisCommand] {
        ["GET-MASTER-ADDR-BY-NAME", "MASTER", "GET-MASTER-ADDR-BY-NAME"].map {
            RedisCommand("SENTINEL", [.string($0), .string(primaryName)], isIdempotentRead: true)
        }
    }

    /// Reads the replies to ``commands(_:)``.
    init(_ replies: [RedisReply]) {
        do throws(RedisError) {
            guard let before = try Self.endpoint(replies[0]) else {
                self = .unknownName
                return
            }
            let configEpoch = try Self.configEpoch(replies[1])
            guard try Self.endpoint(replies[2]) == before else {
                throw RedisError(.unavailable, "it replaces the primary at the moment")
            }
            self = .primary(RedisServerLocation(endpoint: before, configEpoch: configEpoch))
        } catch {
            self = .failure(error)
        }
    }

    /// Reads a reply to `SENTINEL GET-MASTER-ADDR-BY-NAME`: null, or an array of a host and a port.
    private static func endpoint(_ reply: RedisReply) throws(RedisError) -> RedisConfiguration.Endpoint? {
        try throwError(of: reply)
        if reply.isNull { return nil }
        guard reply.count == 2, let endpoint = RedisConfiguration.Endpoint(reply[0].string, reply[1].string) else {
            throw RedisError(.protocolViolation, "the reply is no host and port")
        }
        return endpoint
    }

    /// Reads a reply to `SENTINEL MASTER`: an array of names, each with a value behind it.
    private static func configEpoch(_ reply: RedisReply) throws(RedisError) -> UInt64 {
        try throwError(of: reply)
        for position in stride(from: 0, to: reply.count - 1, by: 2) where reply[position].string == "config-epoch" {
            guard let text = reply[position + 1].string, let number = UInt64(digits: text) else { break }
            return number
        }
        throw RedisError(.protocolViolation, "the reply to SENTINEL MASTER has no config-epoch")
    }

    private static func throwError(of reply: RedisReply) throws(RedisError) {
        if let error = reply.error { throw RedisError(.handshakeFailed, "\(error)", underlying: error) }
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
            let number = port.flatMap({ Int(digits: $0) }), (1...65_535).contains(number)
        else { return nil }
        self = .tcp(host: host, port: number)
    }
}
