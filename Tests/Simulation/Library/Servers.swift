/// A value of a server. The expiry is by the server's clock, in microseconds.
struct Cell {
    var value: UInt32 = 0
    var expiry: Int64 = 0
}

/// A lock in a server.
struct LockCell {
    var key: UInt8
    var name: UInt64
    var owner: UInt32
    var expiry: Int64
}

/// A change that goes from a primary to its replica.
struct Change {
    var key: UInt8
    var name: UInt64 = 0
    var value: UInt32
    var expiry: Int64
}

/// One Redis.
struct Node {
    var isUp = true
    /// Indicates that it knows that it is a replica.
    var isReplica = false
    /// Changes with each start.
    var runID: UInt8 = 0
    /// `master_replid`: changes when a server becomes the primary; a replica takes that of its primary.
    var replicationID: UInt8 = 0
    /// The time by the global clock at which it learnt that it is a replica.
    var deposedAt: Int64 = 0
    var clock = Clock()
    var cells = [Cell](repeating: Cell(), count: Key.stored)
    var locks: [LockCell] = []
    var snapshot = [Cell](repeating: Cell(), count: Key.stored)

    mutating func reset(runID: UInt8, replicationID: UInt8) {
        isUp = true
        isReplica = false
        self.runID = runID
        self.replicationID = replicationID
        deposedAt = 0
        for key in 0..<Key.stored {
            cells[key] = Cell()
            snapshot[key] = Cell()
        }
        locks.removeAll(keepingCapacity: true)
    }

    /// The number of the value of a key; 0 for none.
    func value(_ key: Int, at time: Int64) -> UInt32 {
        cells[key].expiry > time ? cells[key].value : 0
    }

    mutating func apply(_ change: Change) {
        let key = Int(change.key)
        if key < Key.stored {
            cells[key] = Cell(value: change.value, expiry: change.expiry)
            return
        }
        locks.removeAll { $0.key == change.key && $0.name == change.name }
        if change.value != 0 {
            locks.append(LockCell(key: change.key, name: change.name, owner: change.value, expiry: change.expiry))
        }
    }
}

/// A primary and its replica: the nodes with the numbers 2n and 2n + 1.
struct Shard {
    /// The node that was promoted last.
    var primary = 0
    /// The node that the address, Sentinel or the slot map names.
    var published = 0
    /// The number of promotions by Sentinels, and the number for which ``published`` is the primary.
    var configEpoch: UInt16 = 0
    var publishedEpoch: UInt16 = 0
    /// Indicates that the replica gets each change.
    var isInSync = true
    /// The changes that the replica has not got yet.
    var stream = Queue<Change>()
    var failedOverAt = Int64.min / 2

    var replica: Int { primary ^ 1 }
}

/// A clock that differs from the global one.
struct Clock {
    var offset: Int64 = 0
    /// Parts per million.
    var drift: Int64 = 0

    func time(at now: Int64) -> Int64 { now &+ offset &+ now &* drift / 1_000_000 }
}

/// The hash slot that moves from one shard to the other, key by key.
struct Migration {
    enum Phase: UInt8 {
        case none, moving, over
    }

    var phase = Phase.none
    var key = 0
    var from = 0

    var to: Int { from ^ 1 }
}
