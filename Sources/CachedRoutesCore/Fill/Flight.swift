import RouteModel

/// Identifies a flight by the whole key and the tag versions that its request has read. A request with other versions
/// starts another flight.
///
/// It is an object with its hash value because a flight is found by its identity at each of its events, and nearly
/// always by the same object.
final class FlightID: Hashable, Sendable {
    /// The requests that may join a flight.
    enum Group: Hashable, Sendable {
        /// Those with the same key and tag versions.
        case all
        /// Those of an epoch, by its number (``EpochCoalescer``).
        case epoch(UInt64)
        /// A single request, by a number of its own.
        case single(UInt64)
        /// Those that want another form of one stored response, by the time at which it was made. No query is part of it, so
        /// they do not wait for one.
        case form(storedAt: Int64)
    }

    let key: CacheKey
    let tokens: [TagVersion]
    let group: Group
    /// The hash value of the parts.
    private let hash: Int

    init(key: CacheKey, tokens: [TagVersion], group: Group = .all) {
        self.key = key
        self.tokens = tokens
        self.group = group
        var hasher = Hasher()
        hasher.combine(key)
        hasher.combine(tokens)
        hasher.combine(group)
        hash = hasher.finalize()
    }

    static func == (one: FlightID, other: FlightID) -> Bool {
        one === other
            || one.hash == other.hash && one.group == other.group && one.key == other.key && one.tokens == other.tokens
    }

    func hash(into hasher: inout Hasher) { hasher.combine(hash) }

    /// A number below `count`, which has to be a power of two, that is the same for equal identities.
    func classNumber(below count: Int) -> Int { hash & (count - 1) }
}

/// The flights in progress and their waiters. A value type without locks, timers or tasks.
///
/// A flight that has landed stays on the board until its response is stored, so that a request that has just missed the
/// response there does not start another one. A flight also has a number, because another flight of the same identity
/// may have started when it ends.
struct SingleFlightStateMachine<Waiter, Outcome> {
    struct Ticket: Hashable, Sendable {
        let id: FlightID
        let number: UInt64
        let waiter: UInt64
    }

    enum Joining {
        /// The caller starts the flight.
        ///
        /// - Parameter mayBeStored: true if a flight of this identity may have left the board since the caller's
        ///   lookup, so that the caller should look again.
        case lead(Ticket, mayBeStored: Bool)
        /// The caller waits.
        case wait(Ticket)
        /// The flight has landed.
        case landed(Outcome)
    }

    private struct Flight {
        let number: UInt64
        var waiters: [UInt64: Waiter] = [:]
        var outcome: Outcome?
    }

    private var flights: [FlightID: Flight] = [:]
    private var lastNumber: UInt64 = 0
    /// The value of ``departures`` when the last flight of each class of identities left the board.
    private var lastDepartures = [UInt64](repeating: 0, count: Self.classCount)
    /// The number of flights that have left the board.
    private(set) var departures: UInt64 = 0

    /// The number of flights on the board.
    var count: Int { flights.count }

    /// The number of waiters without an outcome.
    var waiterCount: Int { flights.values.reduce(0) { $0 + $1.waiters.count } }

    /// Adds a waiter to the flight `id`.
    ///
    /// - Parameters:
    ///   - id: identifies the flight.
    ///   - waiter: the waiter.
    ///   - departures: ``departures`` before the caller's lookup.
    ///   - isAcceptable: returns true if the outcome of a landed flight may still be used. Otherwise the flight leaves
    ///     the board, so that the callers that join now share a new one.
    mutating func join(
        _ id: FlightID,
        _ waiter: Waiter,
        departuresBeforeLookup departures: UInt64,
        isAcceptable: (Outcome) -> Bool = { _ in true }
    ) -> Joining {
        var place = flights.index(forKey: id)
        if let landed = place, let outcome = flights.values[landed].outcome {
            if isAcceptable(outcome) { return .landed(outcome) }
            _ = depart(Ticket(id: id, number: flights.values[landed].number, waiter: 0))
            place = nil
        }
        lastNumber += 1
        if let place {
            flights.values[place].waiters[lastNumber] = waiter
            return .wait(Ticket(id: id, number: flights.values[place].number, waiter: lastNumber))
        }
        flights[id] = Flight(number: lastNumber, waiters: [lastNumber: waiter])
        let mayBeStored = lastDepartures[Self.classOf(id)] > departures
        return .lead(Ticket(id: id, number: lastNumber, waiter: lastNumber), mayBeStored: mayBeStored)
    }

    /// Changes a waiter.
    ///
    /// - Returns: `false` if the waiter has its outcome already.
    mutating func update(_ ticket: Ticket, _ change: (inout Waiter) -> Void) -> Bool {
        guard let flight = flights.index(forKey: ticket.id), flights.values[flight].number == ticket.number,
            let waiter = flights.values[flight].waiters.index(forKey: ticket.waiter)
        else { return false }
        // In place: copying all waiters for each of them would take quadratic time.
        change(&flights.values[flight].waiters.values[waiter])
        return true
    }

    /// Gives a flight its outcome.
    ///
    /// - Returns: the waiters for the outcome; none if the flight has left the board.
    mutating func land(_ ticket: Ticket, with outcome: Outcome) -> [Waiter] {
        guard let place = flights.index(forKey: ticket.id), flights.values[place].number == ticket.number,
            flights.values[place].outcome == nil
        else { return [] }
        let waiters = flights.values[place].waiters.values
        flights.values[place].waiters = [:]
        flights.values[place].outcome = outcome
        return Array(waiters)
    }

    /// Takes a flight off the board.
    ///
    /// - Returns: the waiters without an outcome.
    mutating func depart(_ ticket: Ticket) -> [Waiter] {
        guard let place = flights.index(forKey: ticket.id), flights.values[place].number == ticket.number else {
            return []
        }
        let flight = flights.remove(at: place).value
        departures += 1
        lastDepartures[Self.classOf(ticket.id)] = departures
        return Array(flight.waiters.values)
    }

    /// Removes a waiter. The flight goes on for the others; a flight that has not landed and has no waiters left leaves
    /// the board.
    ///
    /// - Returns: `nil` if the waiter has its outcome already.
    mutating func leave(_ ticket: Ticket) -> (waiter: Waiter, endsFlight: Bool)? {
        guard flights[ticket.id]?.number == ticket.number,
            let waiter = flights[ticket.id]?.waiters.removeValue(forKey: ticket.waiter)
        else { return nil }
        let isDeserted = flights[ticket.id].map { $0.waiters.isEmpty && $0.outcome == nil } ?? false
        if isDeserted { _ = depart(ticket) }
        return (waiter, isDeserted)
    }

    /// Indicates that a flight is on the board and has not landed.
    func isInTheAir(_ ticket: Ticket) -> Bool {
        flights[ticket.id].map { $0.number == ticket.number && $0.outcome == nil } ?? false
    }

    /// So many that a departure is rarely taken for one of another identity, after which the store is read once more.
    private static var classCount: Int { 4096 }

    private static func classOf(_ id: FlightID) -> Int { id.classNumber(below: classCount) }
}
