import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What a server says to a command.
public enum RedisServerReply: Sendable, Hashable {
    /// A status such as `OK`, or a bulk string.
    case string([UInt8])
    /// A number.
    case integer(Int)
    /// No value.
    case null
    /// Several replies.
    case array([RedisServerReply])
    /// A refusal, with its first word.
    case error(String)

    /// The text of a string; that of a number in digits; empty for everything else.
    public var text: String {
        switch self {
        case .string(let bytes): String(decoding: bytes, as: UTF8.self)
        case .integer(let number): String(number)
        case .null, .array, .error: ""
        }
    }

    /// The replies within an array; none for everything else.
    public var elements: [RedisServerReply] {
        if case .array(let elements) = self { elements } else { [] }
    }

    /// The bytes of a string; none for everything else.
    public var bytes: [UInt8] {
        if case .string(let bytes) = self { bytes } else { [] }
    }
}

/// A connection on which a test administers a server: it blocks, and has nothing in common with the client under test.
public final class RedisServerConnection {
    private let descriptor: Int32
    private let port: Int
    private var received: [UInt8] = []
    private var position = 0

    /// Connects, and logs in where there is a password.
    ///
    /// - Parameter user: who logs in; `nil`: the default user.
    public init(port: Int, user: String? = nil, password: String? = nil) throws {
        guard let descriptor = LoopbackSocket.connect(to: port) else {
            throw ServerProcess.StartError(description: "nobody listens on port \(port)")
        }
        self.descriptor = descriptor
        self.port = port
        if let password { try send((["AUTH"] + [user, password].compactMap { $0 }).map { Array($0.utf8) }) }
    }

    deinit {
        LoopbackSocket.close(descriptor)
    }

    /// Sends a command and waits for the reply.
    ///
    /// - Throws: `ServerProcess.StartError` when there is no reply, or when it is an error.
    @discardableResult
    public func send(_ arguments: String..., within seconds: Double = 5) throws -> RedisServerReply {
        try send(arguments.map { Array($0.utf8) }, within: seconds)
    }

    /// Waits for a message, on a connection that subscribes to some.
    ///
    /// - Returns: `nil` where none came in time.
    public func message(within seconds: Double) throws -> RedisServerReply? {
        if position == received.count {
            var waited = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&waited, 1, Int32(seconds * 1000)) > 0 else { return nil }
        }
        return try reply(Date(timeIntervalSinceNow: 5), [])
    }

    /// Sends a command and waits for the reply.
    ///
    /// - Parameter seconds: how long to wait.
    /// - Throws: `ServerProcess.StartError` when there is no reply, or when it is an error.
    @discardableResult
    public func send(_ arguments: [[UInt8]], within seconds: Double = 5) throws -> RedisServerReply {
        let deadline = Date(timeIntervalSinceNow: seconds)
        try post([arguments], deadline)
        let reply = try reply(deadline, arguments)
        if case .error(let words) = reply { throw failure(arguments, "says \(words)") }
        return reply
    }

    /// Sends several commands in one piece, and does not wait for the replies: the server executes them one after the other, before
    /// those of anybody else.
    public func post(_ commands: [[String]]) throws {
        try post(commands.map { $0.map { Array($0.utf8) } }, Date(timeIntervalSinceNow: 5))
    }

    private func post(_ commands: [[[UInt8]]], _ deadline: Date) throws {
        var bytes: [UInt8] = []
        for command in commands {
            bytes += Array("*\(command.count)\r\n".utf8)
            for argument in command { bytes += Array("$\(argument.count)\r\n".utf8) + argument + [13, 10] }
        }
        var unsent = bytes[...]
        while !unsent.isEmpty {
            guard let count = LoopbackSocket.send(unsent, to: descriptor) else { throw failure(commands[0], "is gone") }
            unsent = unsent.dropFirst(count)
            if !unsent.isEmpty { try wait(POLLOUT, deadline, commands[0]) }
        }
    }

    private func reply(_ deadline: Date, _ arguments: [[UInt8]]) throws -> RedisServerReply {
        let line = try line(deadline, arguments)
        let rest = String(decoding: line.dropFirst(), as: UTF8.self)
        switch line.first {
        case UInt8(ascii: "+"): return .string(Array(line.dropFirst()))
        case UInt8(ascii: "-"): return .error(rest)
        case UInt8(ascii: ":"): return .integer(Int(rest) ?? 0)
        case UInt8(ascii: "$"):
            guard let count = Int(rest), count >= 0 else { return .null }
            while received.count - position < count + 2 { try receive(deadline, arguments) }
            defer { position += count + 2 }
            return .string(Array(received[position..<position + count]))
        case UInt8(ascii: "*"):
            guard let count = Int(rest), count >= 0 else { return .null }
            return .array(try (0..<count).map { _ in try reply(deadline, arguments) })
        default: throw failure(arguments, "says \(String(decoding: line, as: UTF8.self))")
        }
    }

    /// The bytes before the next line break.
    private func line(_ deadline: Date, _ arguments: [[UInt8]]) throws -> [UInt8] {
        while true {
            if let end = received[position...].firstIndex(of: 10) {
                defer { position = end + 1 }
                return Array(received[position..<max(position, end - 1)])
            }
            try receive(deadline, arguments)
        }
    }

    private func receive(_ deadline: Date, _ arguments: [[UInt8]]) throws {
        if position == received.count {
            received.removeAll(keepingCapacity: true)
            position = 0
        }
        try wait(POLLIN, deadline, arguments)
        guard let bytes = LoopbackSocket.receive(from: descriptor) else { throw failure(arguments, "is gone") }
        received += bytes
    }

    private func wait(_ event: Int32, _ deadline: Date, _ arguments: [[UInt8]]) throws {
        var waited = pollfd(fd: descriptor, events: Int16(event), revents: 0)
        let milliseconds = Int32(max(0, deadline.timeIntervalSinceNow * 1000).rounded(.up))
        guard poll(&waited, 1, milliseconds) > 0 else { throw failure(arguments, "does not answer") }
    }

    private func failure(_ arguments: [[UInt8]], _ words: String) -> ServerProcess.StartError {
        let command = arguments.prefix(4).map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
        return ServerProcess.StartError(description: "Redis on port \(port) \(words); asked \(command)")
    }
}
