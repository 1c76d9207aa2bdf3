/// The places behind the queries in flight: for each connection, the number of queries, and the statements that it has
/// prepared, as far as the pool knows.
struct PipelinePlaces {
    private struct Connection {
        /// The number of its queries.
        var load = 0
        /// Indicates that more queries may be sent to it.
        var isOpen = false
        /// The statements that it has run.
        var groups: Set<UInt64> = []
    }

    /// The largest number of queries on a connection.
    let depth: Int
    private let maximumGroups: Int
    private var connections: [UInt64: Connection] = [:]
    /// The number of open connections.
    private(set) var openCount = 0

    /// - Parameters:
    ///   - depth: the largest number of queries on a connection; 1 if each query has it to itself.
    ///   - maximumGroups: the number of statements that are remembered for a connection.
    init(depth: Int, maximumGroups: Int) {
        self.depth = depth
        self.maximumGroups = maximumGroups
    }

    /// Returns the number of places behind first queries that this many connections have.
    func places(of connections: Int) -> Int { connections * (depth - 1) }

    /// Records that a query begins on an idle connection.
    mutating func begin(_ group: UInt64, on id: UInt64, isShared: Bool) {
        guard depth > 1 else { return }
        let isOpen = isShared && connections[id]?.groups.contains(group) == true
        connections[id, default: Connection()].load = 1
        setOpen(isOpen, id)
    }

    /// Records that a query takes a place behind others.
    mutating func join(_ id: UInt64) {
        connections[id]?.load += 1
    }

    /// Records that a query leaves its place.
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

    /// Closes a connection to further queries until all have left.
    mutating func seal(_ id: UInt64) {
        setOpen(false, id)
    }

    /// Removes a connection that has ended.
    mutating func remove(_ id: UInt64) {
        setOpen(false, id)
        connections[id] = nil
    }

    private mutating func setOpen(_ isOpen: Bool, _ id: UInt64) {
        guard let connection = connections[id], connection.isOpen != isOpen else { return }
        connections[id]?.isOpen = isOpen
        openCount += isOpen ? 1 : -1
    }

    /// Returns true if an open connection has run the group's statement.
    func isKnown(_ group: UInt64) -> Bool {
        connections.values.contains { $0.isOpen && $0.groups.contains(group) }
    }

    /// Returns the connection with the fewest queries that has a place for a query of the group.
    ///
    /// - Parameters:
    ///   - group: the query's statement.
    ///   - reserved: the number of open connections, those with the fewest queries, that take no more, so that they
    ///     become idle for queries that need a connection to themselves.
    ///   - isUsable: returns true if a connection may be used.
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
