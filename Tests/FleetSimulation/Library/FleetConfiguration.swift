/// A fleet of processes behind one store, and the load on it.
package struct FleetConfiguration: Sendable {
    /// The requests that share a query.
    package enum Coalescing: String, Sendable, CaseIterable {
        /// Those of a process.
        case process
        /// Those of all processes, by a lock in the store.
        case fleet
    }

    package var processes = 100
    package var keys = 1_000_000
    /// The exponent of Zipf's law: the n-th key is asked for n^-exponent times as often as the first.
    package var exponent = 1.0
    /// The requests of the whole fleet in a second, evenly spread over the processes.
    package var requestsPerSecond = 20_000.0
    package var seconds = 300.0
    package var seed: UInt64 = 1

    package var coalescing = Coalescing.fleet
    /// The time in seconds for which a response may be kept in a process's memory; 0 for not at all.
    package var near = 0.0
    /// The size of that memory in bytes.
    package var nearBudget = 64 << 20
    /// The ttl in seconds, and the part of it in per cent by which it is shortened at most.
    package var ttl = 60.0
    package var jitter = 10
    package var bodySize = 1_000
    /// The time limit of a request in seconds.
    package var timeLimit = 10.0

    /// The purges of a tag in a second, each by one process, and the changes of a table, which all processes hear of.
    package var purgesPerSecond = 10.0
    package var tableChangesPerSecond = 0.0
    package var routes = 20
    package var tables = 8
    /// The number of keys that share a tag.
    package var keysPerTag = 10

    /// The primaries of the cluster; 0 for one server, which reads all keys of a lookup by one command.
    package var primaries = 3
    /// The event loops of a process, each with a connection to each server.
    package var eventLoops = 2
    /// The time to a server and back is twice the shortest delay and, on average, twice the variable part.
    package var shortestDelay = 0.000_1
    package var variableDelay = 0.000_2
    /// The same for a query.
    package var shortestQuery = 0.005
    package var variableQuery = 0.020

    package init() {}
}
