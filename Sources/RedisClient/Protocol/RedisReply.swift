public import NIOCore

/// A reply of the server, or an element of one.
///
/// Strings of more than 16 bytes are slices of one buffer, so accessing an element copies nothing. Shorter ones are stored with
/// their types, and ``bytes`` copies them.
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
        /// Null.
        case null
        /// An array of replies.
        case array
    }

    /// An entry of the flat list of a reply's values. An array precedes its elements.
    struct Node: Sendable {
        /// The length of the longest string that is stored in the node, so that it needs no buffer.
        static let inlineCapacity = MemoryLayout<(UInt64, UInt64)>.size

        var kind: Kind
        /// The bytes of a string of at most ``inlineCapacity`` bytes, or else ``first`` and nothing more.
        private var content: (UInt64, UInt64)
        /// For a string, the number of bytes; for an array, the number of elements.
        var count: Int
        /// Indicates that an array contains an array.
        var hasArrays = false
        /// Indicates that the array is of the values in the replies to a repeated command, each an array of one.
        var isOfRepeatedCommand = false
        /// Indicates that one of those replies is an error, which is an element in the place of the value.
        var hasErrors = false
        /// Indicates that one of those replies is neither an array of one value nor an error.
        var hasUnexpectedReplies = false
        /// Indicates an element in the place of the value in such a reply.
        var isUnexpected = false

        init(kind: Kind, first: Int, count: Int) {
            self.kind = kind
            content = (UInt64(bitPattern: Int64(first)), 0)
            self.count = count
        }

        /// Makes a string of at most ``inlineCapacity`` bytes.
        init(kind: Kind, bytes: UnsafeRawBufferPointer) {
            self.init(kind: kind, first: 0, count: bytes.count)
            withUnsafeMutableBytes(of: &content) { $0.copyBytes(from: bytes) }
        }

        /// For a longer string, the offset of its first byte; for an integer, its value; for an array, the index behind its
        /// last descendant, once it is known.
        var first: Int {
            get { Int(truncatingIfNeeded: Int64(bitPattern: content.0)) }
            set { content.0 = UInt64(bitPattern: Int64(newValue)) }
        }

        var isString: Bool {
            switch kind {
            case .bulkString, .status, .error: true
            case .integer, .null, .array: false
            }
        }

        /// The bytes of a string; `nil` for any other type.
        ///
        /// - Parameter storage: the bytes of the reply.
        func bytes(in storage: ByteBuffer?) -> ByteBuffer? {
            guard isString else { return nil }
            guard count <= Self.inlineCapacity else { return storage?.getSlice(at: first, length: count) }
            return withUnsafeBytes(of: content) { ByteBuffer(bytes: $0[..<count]) }
        }

        /// Calls a function with the bytes of a string, and returns its result; `nil` for any other type.
        ///
        /// - Parameter storage: the bytes of the reply.
        func withUnsafeReadableBytes<Result>(
            in storage: ByteBuffer?,
            _ body: (UnsafeRawBufferPointer) -> Result?
        ) -> Result? {
            guard isString else { return nil }
            guard count <= Self.inlineCapacity else {
                return storage?.withUnsafeReadableBytes { bytes in
                    body(UnsafeRawBufferPointer(rebasing: bytes[first..<(first + count)]))
                }
            }
            return withUnsafeBytes(of: content) { body(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
        }
    }

    private let node: Node
    private let index: Int
    private let tape: [Node]
    /// The bytes of all strings that the nodes don't have; `nil` if there are none.
    let storage: ByteBuffer?
    /// The identity of the data of the server that sent the reply: 15 characters that change when the server restarts, or
    /// becomes a primary after another one was (a hash of its `run_id` and `master_replid`, and of the Sentinels'
    /// `config-epoch`). `nil` if the user may not call `INFO`.
    public internal(set) var serverID: String?
    /// The identity of a server that has replied behind `ASKING`: none that a later reply has to have.
    ///
    /// While a slot moves, a key that is not at its former node is read at its new one. Both nodes decide together which
    /// value counts, so that neither one's identity vouches for it: if the former one fails over, or the move is given up
    /// and begun again, a purge is carried out at the former node, and the new one still has the value.
    static let movingServerID = "moving"

    /// A null that no server has sent, for where there is no reply.
    static let placeholder = RedisReply(scalar: Node(kind: .null, first: 0, count: 0), storage: nil)

    /// Makes a reply that is not an array.
    init(scalar: Node, storage: ByteBuffer?, serverID: String? = nil) {
        node = scalar
        index = 0
        tape = []
        self.storage = storage
        self.serverID = serverID
    }

    /// Makes the reply at an index of the flat list.
    init(tape: [Node], at index: Int = 0, storage: ByteBuffer?, serverID: String? = nil) {
        node = tape[index]
        self.index = index
        self.tape = tape
        self.storage = storage
        self.serverID = serverID
    }

    /// The type of the reply.
    public var kind: Kind { node.kind }

    /// The bytes of a bulk string, a status or an error; `nil` for any other type. They share the reply's memory, except for at
    /// most 16 bytes, which are copied.
    public var bytes: ByteBuffer? { node.bytes(in: storage) }

    /// The number of bytes of all strings in the whole reply, of which this may be an element.
    var byteCount: Int {
        tape.isEmpty ? (node.isString ? node.count : 0) : tape.reduce(0) { $0 + ($1.isString ? $1.count : 0) }
    }

    /// The bytes as text with invalid UTF-8 repaired; `nil` if ``bytes`` is.
    public var string: String? { node.withUnsafeReadableBytes(in: storage) { String(decoding: $0, as: UTF8.self) } }

    /// The value of an integer; `nil` for any other type.
    public var integer: Int64? { node.kind == .integer ? Int64(node.first) : nil }

    /// Indicates that the reply is null.
    public var isNull: Bool { node.kind == .null }

    /// Indicates that the reply is the status `OK`.
    public var isOK: Bool {
        node.kind == .status && node.withUnsafeReadableBytes(in: storage) { $0.elementsEqual("OK".utf8) } ?? false
    }

    /// Indicates that this is the reply to an `MGET` for each of so many keys, and has a value for each.
    func hasValues(ofKeys count: Int) -> Bool {
        guard self.count == count, !node.hasErrors, !node.hasUnexpectedReplies, !node.hasArrays else { return false }
        // A command for one key is not repeated, and its value not examined yet.
        return node.isOfRepeatedCommand || count == 1 && kind(at: 0) != .error
    }

    /// Indicates that the reply is an error, or that a reply to a repeated command is one.
    var isOrHasError: Bool { node.kind == .error || node.hasErrors }

    /// The errors of the reply: its own, or those among the replies to a repeated command.
    var errors: [RedisServerError] {
        node.hasErrors ? (0..<count).compactMap { self[$0].error } : error.map { [$0] } ?? []
    }

    /// The server's error; `nil` if the reply is not an error.
    public var error: RedisServerError? {
        node.kind == .error ? RedisServerError(message: string ?? "") : nil
    }

    /// The number of an array's elements; 0 for any other type.
    public var count: Int { node.kind == .array ? node.count : 0 }

    /// An element of an array. Access takes constant time unless arrays are nested, which they are in no reply to an
    /// ordinary read.
    public subscript(position: Int) -> RedisReply {
        RedisReply(tape: tape, at: place(of: position), storage: storage, serverID: serverID)
    }

    /// The type of an array's element, without making a reply of it.
    package func kind(at position: Int) -> Kind { node(at: position).kind }

    /// The bytes of an array's element, see ``bytes``, without making a reply of it.
    package func bytes(at position: Int) -> ByteBuffer? { node(at: position).bytes(in: storage) }

    /// Calls a function with the bytes of an array's element, and returns its result; `nil` if ``bytes`` of the element is.
    func withUnsafeReadableBytes<Result>(
        at position: Int,
        _ body: (UnsafeRawBufferPointer) -> Result?
    ) -> Result? {
        node(at: position).withUnsafeReadableBytes(in: storage, body)
    }

    /// The node of an array's element.
    func node(at position: Int) -> Node { tape[place(of: position)] }

    /// An array of one element of this array, as if a repeated command had been sent for it alone.
    func singleReply(at position: Int) -> RedisReply {
        let start = place(of: position)
        let element = tape[start]
        var array = Node(kind: .array, first: 0, count: 1)
        array.isOfRepeatedCommand = true
        array.hasErrors = element.kind == .error
        array.hasUnexpectedReplies = element.isUnexpected
        var own = [array] + tape[start..<Self.end(of: start, in: tape)]
        Self.closeArrays(in: &own)
        return RedisReply(tape: own, storage: storage, serverID: serverID)
    }

    /// The index of an array's element in the flat list.
    private func place(of position: Int) -> Int {
        precondition(position >= 0 && position < count, "the array has \(count) elements")
        guard node.hasArrays else { return index + 1 + position }
        var next = index + 1
        for _ in 0..<position { next = Self.end(of: next, in: tape) }
        return next
    }

    /// Indicates the reply to `PING` without an argument, on a subscribed or any other connection.
    var isPong: Bool {
        kind == .status ? string == "PONG" : count == 2 && self[0].string == "pong"
    }

    /// Indicates a message of a subscribed channel.
    var isMessage: Bool { count == 3 && self[0].string == "message" }

    /// Returns the reply.
    ///
    /// - Throws: ``RedisServerError`` if it is an error reply.
    public func get() throws(RedisServerError) -> RedisReply {
        if let error { throw error }
        return self
    }

    private static func end(of index: Int, in tape: [Node]) -> Int {
        tape[index].kind == .array ? tape[index].first : index + 1
    }

    /// Sets the end of each array and whether it contains arrays, so that elements can be skipped. Going backwards,
    /// each node is visited once.
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

/// An error reply, such as `OOM command not allowed when used memory > 'maxmemory'.`
public struct RedisServerError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The whole text.
    public let message: String

    /// The first word of an error reply. Servers, modules and proxies have words of their own.
    public struct Code: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
        /// The word.
        public let description: String

        /// The code with this word.
        public init(stringLiteral word: String) { description = word }
    }

    /// The first word, which names the kind of error: `ERR`, `OOM`, `NOPERM`, `READONLY`, `LOADING` and so on.
    public var code: Code { Code(stringLiteral: String(message.prefix { $0 != " " })) }

    /// The text without the command's arguments, for logs: keys contain users' inputs, and a login its password.
    ///
    /// Redis reports an unknown command as `ERR unknown command 'MGET', with args beginning with: 'key' …`.
    public var description: String {
        guard let arguments = message.firstRange(of: ", with args beginning with") else { return message }
        return String(message[..<arguments.lowerBound])
    }
}
