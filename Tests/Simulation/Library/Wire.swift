/// A queue that keeps its memory.
struct Queue<Element> {
    private var items: [Element] = []
    private var head = 0

    var isEmpty: Bool { head == items.count }
    var count: Int { items.count - head }
    var first: Element? { head < items.count ? items[head] : nil }

    subscript(index: Int) -> Element { items[head + index] }

    mutating func append(_ item: Element) { items.append(item) }

    /// Removes and returns the first element. There has to be one.
    mutating func removeFirst() -> Element {
        let item = items[head]
        head += 1
        if head == items.count { removeAll() }
        return item
    }

    mutating func removeAll() {
        items.removeAll(keepingCapacity: true)
        head = 0
    }
}

/// The keys of the store: three entries, four tag versions, and a place for the locks of each entry. Each has a hash slot of its
/// own.
enum Key {
    static let entries = 3
    static let route = 3
    /// The tags of the two rows and of the list of both, in the order of the entries that carry them.
    static let firstTag = 4
    static let list = 6
    /// The number of keys that can be moved: all but locks.
    static let stored = 7
    static let firstLock = 7
    static let count = 10

    static func name(_ key: Int) -> String {
        [
            "entry 0", "entry 1", "list", "route's version", "tag 0", "tag 1", "list's tag", "lock 0", "lock 1",
            "lock of the list",
        ][key]
    }

    static func names(of mask: UInt16) -> String {
        (0..<count).filter { mask & 1 << $0 != 0 }.map(name).joined(separator: ", ")
    }
}

/// A command to a server. It is a copy of all that its sender needs when the reply comes.
struct Command {
    enum Kind: UInt8 {
        /// INFO replication.
        case information
        /// MGET of an entry and its versions.
        case readTogether
        /// GET.
        case read
        /// SET NX PX of a tag version.
        case createVersion
        /// SET PX of an entry.
        case write
        /// UNLINK.
        case unlink
        /// SET NX PX of a lock.
        case lock
        /// EVAL of the script that removes a lock if its owner has it.
        case unlock
    }

    var kind: Kind
    var key: UInt8
    /// The part of the sender's question, or its attempt.
    var part: UInt8 = 0
    var isAsking = false
    var redirections: UInt8 = 0
    /// Indicates that an old primary has said that another server has the key by now.
    var isExcused = false
    var sender: UInt8
    var keys: UInt16 = 0
    /// The sender's question; replies to earlier ones are dropped.
    var question: UInt32
    /// The number of a tag version or an entry, or the owner of a lock.
    var value: UInt32 = 0
    /// The first step in which the server may get it.
    var due: Int32 = 0
    var name: UInt64 = 0
    /// The lifetime in microseconds.
    var life: Int64 = 0
    /// The time by the clock of the sender's process.
    var sentAt: Int64 = 0
}

/// The reply to a command.
struct Reply {
    enum Status: UInt8 {
        /// A value, or what was asked is done.
        case done
        /// SET NX has found a value.
        case refused
        case readOnly
        case moved
        case ask
        /// No reply: the connection was lost, or there was none.
        case lost
    }

    var command: Command
    var status: Status
    /// The numbers of an entry and of versions; 0 for none.
    var entry: UInt32 = 0
    var first: UInt32 = 0
    var second: UInt32 = 0
    /// The identity of the server that has sent it, as the connection knows it; of INFO, as the server says.
    var identity: UInt16 = 0
    /// The shard of a redirection.
    var shard: UInt8 = 0
    var isPrimary = true
    /// Indicates that a server has executed it that is no longer the primary, so that nothing is promised.
    var isExcused = false
    /// The step of the execution.
    var step: Int32 = 0
    /// The first step in which the client may get it.
    var due: Int32 = 0
}

/// A connection of one event loop of a process to one shard.
struct Connection {
    enum State: UInt8 {
        case closed, opening, open
    }

    var state = State.closed
    var node = 0
    /// The `config-epoch` for which Sentinels have named the server.
    var configEpoch: UInt16 = 0
    var identity: UInt16 = 0
    /// The time by the process's clock at which the server was last asked for its identity.
    var learntAt: Int64 = 0
    var mustLearn = false
    /// The time by the process's clock of the next attempt to connect.
    var retryAt: Int64 = 0
    var requests = Queue<Command>()
    var replies = Queue<Reply>()

    /// The oldest command without a reply that has arrived.
    var oldest: Command? { replies.first?.command ?? requests.first }
}

/// Commands that were sent on a connection which its client has closed since. The server still executes them, in their order.
struct OrphanedCommands {
    let node: Int
    let life: UInt8
    var commands = Queue<Command>()
    var due: Int32
}
