public import NIOCore

/// A reply of the server, or an element of one.
///
/// All bytes of a reply lie one after another in one buffer; ``bytes`` gives slices of it, so taking an element copies
/// nothing.
public struct RedisReply: Sendable {
    /// The types of RESP2.
    public enum Kind: UInt8, Hashable, Sendable {
        /// A simple string such as `OK`.
        case status
        /// An error.
        case error
        /// A binary string.
        case bulkString
        /// A number.
        case integer
        /// No value.
        case null
        /// A list of replies.
        case array
    }

    /// An entry of the tape. An array stands before its elements.
    struct Node: Sendable {
        var kind: Kind
        /// Bytes: where they begin. Integer: its value. Array: the index of the node after its last descendant, once
        /// known.
        var first: Int
        /// Bytes: how many. Array: how many elements.
        var count: Int
        /// Whether an array has an array among its elements.
        var hasArrays = false
    }

    private let node: Node
    private let index: Int
    private let tape: [Node]
    private let storage: ByteBuffer
    /// Tells the server that gave the reply from all others, and from itself before its last restart: a digest of its `run_id`,
    /// of 15 characters. `nil` where the user may not call `INFO`.
    public internal(set) var serverID: String?

    /// A reply that is no array.
    init(scalar: Node, storage: ByteBuffer) {
        node = scalar
        index = 0
        tape = []
        self.storage = storage
    }

    /// The element at `index` of a tape.
    init(tape: [Node], at index: Int = 0, storage: ByteBuffer) {
        node = tape[index]
        self.index = index
        self.tape = tape
        self.storage = storage
    }

    /// What the reply is.
    public var kind: Kind { node.kind }

    /// The bytes of a bulk string, a status or an error; `nil` for anything else. Shares the reply's memory.
    public var bytes: ByteBuffer? {
        switch node.kind {
        case .bulkString, .status, .error: storage.getSlice(at: node.first, length: node.count)
        case .integer, .null, .array: nil
        }
    }

    /// The bytes of all strings in the reply that this is, or is a part of.
    var byteCount: Int { storage.readableBytes }

    /// The bytes as text, invalid UTF-8 repaired; `nil` where ``bytes`` is.
    public var string: String? { bytes.map { String(buffer: $0) } }

    /// The value of an integer.
    public var integer: Int64? { node.kind == .integer ? Int64(node.first) : nil }

    /// Whether there is no value.
    public var isNull: Bool { node.kind == .null }

    /// Whether this is the status `OK`.
    public var isOK: Bool { node.kind == .status && string == "OK" }

    /// The server's error, if this is one.
    public var error: RedisServerError? {
        node.kind == .error ? RedisServerError(message: string ?? "") : nil
    }

    /// How many elements an array has; 0 for anything else.
    public var count: Int { node.kind == .array ? node.count : 0 }

    /// An element of an array. Constant time unless arrays are nested, as in no reply to an ordinary read.
    public subscript(position: Int) -> RedisReply {
        precondition(position >= 0 && position < count, "the array has \(count) elements")
        guard node.hasArrays else {
            return RedisReply(tape: tape, at: index + 1 + position, storage: storage)
        }
        var next = index + 1
        for _ in 0..<position { next = Self.end(of: next, in: tape) }
        return RedisReply(tape: tape, at: next, storage: storage)
    }

    /// True for the answer to `PING` without an argument, on a connection that has subscribed or on any other.
    var isPong: Bool {
        kind == .status ? string == "PONG" : count == 2 && self[0].string == "pong"
    }

    /// True for a message of a channel that the connection has subscribed to.
    var isMessage: Bool { count == 3 && self[0].string == "message" }

    /// The reply itself, or the server's error thrown.
    public func get() throws(RedisServerError) -> RedisReply {
        if let error { throw error }
        return self
    }

    private static func end(of index: Int, in tape: [Node]) -> Int {
        tape[index].kind == .array ? tape[index].first : index + 1
    }

    /// Notes for every array where it ends and whether it holds arrays, so that elements can be skipped. From the back,
    /// each node is looked at once.
    static func closeArrays(in tape: inout [Node]) {
        for index in tape.indices.reversed() where tape[index].kind == .array {
            var next = index + 1
            for _ in 0..<tape[index].count {
                if tape[next].kind == .array { tape[index].hasArrays = true }
                next = end(of: next, in: tape)
            }
            tape[index].first = next
        }
    }
}

/// An error reply, for instance `OOM command not allowed when used memory > 'maxmemory'.`
public struct RedisServerError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The whole text.
    public let message: String

    /// The first word, which names the kind of error: `ERR`, `OOM`, `NOPERM`, `READONLY`, `LOADING` …
    public var code: Substring { message.prefix { $0 != " " } }

    /// The text without arguments of the command, for logs: keys hold inputs of users, and a login its password.
    ///
    /// Of a command that it does not know, Redis says `ERR unknown command 'MGET', with args beginning with: 'key' …`.
    public var description: String {
        guard let arguments = message.firstRange(of: ", with args beginning with") else { return message }
        return String(message[..<arguments.lowerBound])
    }
}
