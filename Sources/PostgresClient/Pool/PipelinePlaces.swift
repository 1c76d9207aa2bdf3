/// The places behind queries that are under way: for each connection that runs queries side by side, how many there are,
/// and which statements it has prepared, as far as the pool knows.
struct PipelinePlaces {
    private struct Connection {
        /// The queries on it.
        var load = 0
        /// More may be sent to it.
        var isOpen = false
        /// The statements that have been run on it.
        var groups: Set<UInt64> = []
    }

    /// The largest number of queries on a connection.
    let depth: Int
    private let maximumGroups: Int
    private var connections: [UInt64: Connection] = [:]
    /// The number of open connections.
    private(set) var openCount = 0

    /// - Parameters:
    ///   - depth: the largest number of queries on a connection; 1: queries have it for themselves.
    ///   - maximumGroups: the number of statements that a connection remembers.
    init(depth: Int, maximumGroups: Int) {
        self.depth = depth
        self.maximumGroups = maximumGroups
    }

    /// The places that queries which do not begin on an idle connection can have on this many connections.
    func places(of connections: Int) -> Int { connections * (depth - 1) }

    /// A query begins on an idle connection.
    mutating func begin(_ group: UInt64, on id: UInt64, isShared: Bool) {
        guard depth > 1 else { return }
        let isOpen = isShared && connections[id]?.groups.contains(group) == true
        connections[id, default: Connection()].load = 1
        setOpen(isOpen, id)
    }

    /// A query takes a place behind others.
    mutating func join(_ id: UInt64) {
        connections[id]?.load += 1
    }

    /// A query leaves its place.
    ///
    /// - Parameter group: the query's statement, if the connection has run it.
    mutating func leave(_ id: UInt64, having group: UInt64?) {
        guard depth > 1, var connection = connections[id] else { return }
        connection.load -= 1
        if let group, !connection.groups.contains(group) {
            if connection.groups.count >= maximumGroups { connection.groups = [] }
            connection.groups.insert(group)
        }
        connections[id] = connection
        if connection.load <= 0 { setOpen(false, id) }
    }

    /// No query may join those on a connection, until all have left.
    mutating func seal(_ id: UInt64) {
        setOpen(false, id)
    }

    /// A connection has ended.
    mutating func remove(_ id: UInt64) {
        setOpen(false, id)
        connections[id] = nil
    }

    private mutating func setOpen(_ isOpen: Bool, _ id: UInt64) {
        guard let connection = connections[id], connection.isOpen != isOpen else { return }
        connections[id]?.isOpen = isOpen
        openCount += isOpen ? 1 : -1
    }

    /// Indicates that an open connection has run the group's statement.
    func isKnown(_ group: UInt64) -> Bool {
        connections.values.contains { $0.isOpen && $0.groups.contains(group) }
    }

    /// The connection with the fewest queries on which one of the group has a place.
    ///
    /// - Parameters:
    ///   - group: the query's statement.
    ///   - reserved: this number of open connections, those with the fewest queries, take no more, so that they become idle for
    ///     queries that need one for themselves.
    ///   - isUsable: tells whether a connection may be used.
    func place(for group: UInt64, reserved: Int, isUsable: (UInt64) -> Bool) -> UInt64? {
        guard openCount > reserved else { return nil }
        var best: (load: Int, id: UInt64)?
        if reserved > 0 {
            let open = connections.filter(\.value.isOpen).sorted { ($0.value.load, $0.key) < ($1.value.load, $1.key) }
            return open.dropFirst(reserved).first { hasRoom($0.key, for: group) && isUsable($0.key) }?.key
        }
        for (id, connection) in connections where connection.isOpen {
            if let best, best < (load: connection.load, id: id) { continue }
            if hasRoom(id, for: group), isUsable(id) { best = (load: connection.load, id: id) }
        }
        return best?.id
    }

    private func hasRoom(_ id: UInt64, for group: UInt64) -> Bool {
        guard let connection = connections[id] else { return false }
        return connection.load < depth && connection.groups.contains(group)
    }
}
