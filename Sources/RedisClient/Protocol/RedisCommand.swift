public import NIOCore

/// A command and its arguments.
///
/// Arguments are stored as they are passed. Their bytes are copied once, into the connection's output, or not at all if
/// an argument is large.
public struct RedisCommand: Sendable {
    /// One argument.
    public enum Argument: Sendable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
        /// The readable bytes of a buffer.
        case buffer(ByteBuffer)
        /// A string in UTF-8.
        case string(String)
        /// Bytes.
        case bytes([UInt8])
        /// A decimal number.
        case integer(Int64)

        /// A string in UTF-8.
        public init(stringLiteral value: String) { self = .string(value) }

        /// A decimal number.
        public init(integerLiteral value: Int64) { self = .integer(value) }

        var length: Int {
            switch self {
            case .buffer(let buffer): buffer.readableBytes
            case .string(let string): string.utf8.count
            case .bytes(let bytes): bytes.count
            case .integer(let value): value.decimalDigits
            }
        }
    }

    /// The commands whose refusals are distinguished.
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case mget = "MGET"
        case set = "SET"
        case unlink = "UNLINK"
        case del = "DEL"
        case eval = "EVAL"
        case pttl = "PTTL"
        case pexpire = "PEXPIRE"
        case type = "TYPE"
        /// Any other command.
        case other
    }

    /// The kind of the command.
    package let kind: Kind
    /// The command's name, such as `GET`.
    public let name: StaticString
    /// The arguments behind the name.
    public let arguments: [Argument]
    /// Indicates that the command only reads, so that it may be sent again if its connection turns out to be dead.
    public let isIdempotentRead: Bool
    /// The position among the arguments of the key by which a cluster's node is found; `nil` for a command that any node
    /// executes.
    public let keyPosition: Int?
    /// The number of elements of the reply, from the first one on, that may be longer than
    /// ``RedisConfiguration/maximumLaterElementSize``.
    package var longElements = 1
    /// The positions of the arguments for each of which the command is sent, with that argument alone; `nil` if it is sent
    /// once, with all of them. The replies make an array if there are several.
    ///
    /// A cluster refuses a command with keys in several slots, but a caller that reads them from one node does so at once.
    /// The commands for several nodes share the array of all keys.
    private(set) var repeatedPositions: RedisKeyPositions?

    /// Makes any command.
    ///
    /// - Parameters:
    ///   - name: the command's name.
    ///   - arguments: the arguments behind the name.
    ///   - isIdempotentRead: tells that the command only reads.
    ///   - keyPosition: the position of the first key among the arguments, by which a cluster's node is found; `nil` for a
    ///     command that any node executes.
    public init(
        _ name: StaticString,
        _ arguments: [Argument] = [],
        isIdempotentRead: Bool = false,
        keyPosition: Int? = nil
    ) {
        self.name = name
        self.arguments = arguments
        self.isIdempotentRead = isIdempotentRead
        self.keyPosition = keyPosition
        kind = .other
    }

    private init(
        kind: Kind,
        _ name: StaticString,
        _ arguments: [Argument],
        isIdempotentRead: Bool = false,
        keyPosition: Int? = 0
    ) {
        self.name = name
        self.arguments = arguments
        self.isIdempotentRead = isIdempotentRead
        self.keyPosition = keyPosition
        self.kind = kind
    }

    /// The key by which a cluster's node is found; `nil` for a command that any node executes.
    var key: Argument? {
        keyPosition.flatMap { arguments.indices.contains($0) ? arguments[$0] : nil }
    }

    /// The number of replies that the server sends.
    var replyCount: Int { repeatedPositions?.count ?? 1 }

    /// The expected shape of the reply.
    var replyShape: RedisReplyShape { RedisReplyShape(longElements: longElements, replyCount: replyCount) }

    /// The size of the encoded command in bytes.
    var encodedSize: Int {
        if let repeatedPositions {
            return repeatedPositions.reduce(0) {
                $0 + 4 + Self.bulkSize(name.utf8CodeUnitCount) + Self.bulkSize(arguments[$1].length)
            }
        }
        var size = 1 + (arguments.count + 1).decimalDigits + 2 + Self.bulkSize(name.utf8CodeUnitCount)
        for argument in arguments { size += Self.bulkSize(argument.length) }
        return size
    }

    private static func bulkSize(_ length: Int) -> Int {
        1 + length.decimalDigits + 2 + length + 2
    }
}

extension RedisCommand {
    /// `GET key`.
    public static func get(_ key: Argument) -> RedisCommand {
        RedisCommand("GET", [key], isIdempotentRead: true, keyPosition: 0)
    }

    /// `MGET key…`. The reply is an array with an element, or null, for each key.
    public static func mget(_ keys: [Argument]) -> RedisCommand {
        RedisCommand(kind: .mget, "MGET", keys, isIdempotentRead: true)
    }

    /// `MGET key…`, where the values of the first `longElements` keys may be long.
    package static func mget(_ keys: [Argument], longElements: Int) -> RedisCommand {
        var command = mget(keys)
        command.longElements = longElements
        return command
    }

    /// An `MGET key` for each of the keys at some positions, with one array of all values. The values of the first
    /// `longElements` of them may be long.
    static func mgetEach(
        _ keys: [Argument],
        at positions: RedisKeyPositions,
        longElements: Int
    ) -> RedisCommand {
        var command = RedisCommand(kind: .mget, "MGET", keys, isIdempotentRead: true, keyPosition: positions.first)
        command.longElements = longElements
        command.repeatedPositions = positions
        return command
    }

    /// `SET key value [PX milliseconds] [NX]`.
    ///
    /// - Parameters:
    ///   - key: the key.
    ///   - value: the value.
    ///   - life: the time to live, in whole milliseconds and at least one; `nil` for no expiry.
    ///   - onlyIfAbsent: leaves an existing key unchanged; the reply is then null.
    public static func set(
        _ key: Argument,
        _ value: Argument,
        expiresAfter life: Duration? = nil,
        onlyIfAbsent: Bool = false
    ) -> RedisCommand {
        var arguments = if let life { [key, value, "PX", milliseconds(life)] } else { [key, value] }
        if onlyIfAbsent { arguments.append("NX") }
        return RedisCommand(kind: .set, "SET", arguments)
    }

    /// A time to live in whole milliseconds, at least one.
    private static func milliseconds(_ life: Duration) -> Argument {
        let (seconds, attoseconds) = life.components
        return .integer(max(1, seconds * 1_000 + attoseconds / 1_000_000_000_000_000))
    }

    /// `UNLINK key…`. The reply is the number of keys that existed.
    public static func unlink(_ keys: [Argument]) -> RedisCommand {
        RedisCommand(kind: .unlink, "UNLINK", keys)
    }

    /// `DEL key…`. The reply is the number of keys that existed. Unlike `UNLINK`, it blocks the server while it frees
    /// large values.
    public static func del(_ keys: [Argument]) -> RedisCommand {
        RedisCommand(kind: .del, "DEL", keys)
    }

    /// `PEXPIRE key milliseconds`. The reply is 1, or 0 if the key does not exist.
    public static func pexpire(_ key: Argument, _ life: Duration) -> RedisCommand {
        RedisCommand(kind: .pexpire, "PEXPIRE", [key, milliseconds(life)])
    }

    /// `PTTL key`. The reply is the remaining time to live in milliseconds, -1 if the key does not expire, or -2 if it
    /// does not exist.
    public static func pttl(_ key: Argument) -> RedisCommand {
        RedisCommand(kind: .pttl, "PTTL", [key], isIdempotentRead: true)
    }

    /// `TYPE key`. The reply is a status, such as `string` or `list`, or `none` if the key does not exist.
    public static func type(_ key: Argument) -> RedisCommand {
        RedisCommand(kind: .type, "TYPE", [key], isIdempotentRead: true)
    }

    /// `EVAL script numkeys key… argument…`. The reply is the script's result.
    ///
    /// The server executes a script atomically. It may cache the text of each script, so variable parts belong in
    /// `arguments`.
    ///
    /// - Parameters:
    ///   - script: a program in Lua.
    ///   - keys: all keys that the script accesses, which are `KEYS` in the script.
    ///   - arguments: the values of `ARGV` in the script.
    public static func eval(script: Argument, keys: [Argument], arguments: [Argument] = []) -> RedisCommand {
        RedisCommand(
            kind: .eval,
            "EVAL",
            [script, .integer(Int64(keys.count))] + keys + arguments,
            keyPosition: keys.isEmpty ? nil : 2
        )
    }

    /// `PING`.
    public static var ping: RedisCommand { RedisCommand("PING", isIdempotentRead: true) }
}

extension FixedWidthInteger {
    /// The length of the number in decimal, including its sign.
    var decimalDigits: Int {
        var (digits, rest) = (self < 0 ? 2 : 1, magnitude)
        while rest >= 10 {
            rest /= 10
            digits += 1
        }
        return digits
    }
}

extension RedisCommand.Kind {
    /// Indicates that a reply confirms a command that reads nothing and has no condition.
    ///
    /// Error replies do not, nor do replies of a type that the command never has.
    func isCarriedOut(by reply: RedisReply) -> Bool {
        switch self {
        case .set: reply.isOK
        case .unlink, .del, .pexpire: (reply.integer ?? -1) >= 0
        case .mget, .eval, .pttl, .type, .other: reply.kind != .error
        }
    }
}
