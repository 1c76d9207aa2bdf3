import RouteModel

/// Identifies a flight by the whole key and the tag versions that its request has read. A request with other versions
/// starts another flight.
struct FlightID: Hashable, Sendable {
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
    var group: Group = .all
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
    private var lastDepartures = [UInt64](repeating: 0, count: 256)
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
        if let flight = flights[id], let outcome = flight.outcome {
            if isAcceptable(outcome) { return .landed(outcome) }
            _ = depart(Ticket(id: id, number: flight.number, waiter: 0))
        }
        lastNumber += 1
        let isFirst = flights[id] == nil
        let number = flights[id]?.number ?? lastNumber
        flights[id, default: Flight(number: number)].waiters[lastNumber] = waiter
        let ticket = Ticket(id: id, number: number, waiter: lastNumber)
        return isFirst ? .lead(ticket, mayBeStored: lastDepartures[Self.classOf(id)] > departures) : .wait(ticket)
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
        guard var flight = flights[ticket.id], flight.number == ticket.number, flight.outcome == nil else { return [] }
        let waiters = flight.waiters.values
        flight.waiters = [:]
        flight.outcome = outcome
        flights[ticket.id] = flight
        return Array(waiters)
    }

    /// Takes a flight off the board.
    ///
    /// - Returns: the waiters without an outcome.
    mutating func depart(_ ticket: Ticket) -> [Waiter] {
        guard let flight = flights[ticket.id], flight.number == ticket.number else { return [] }
        flights[ticket.id] = nil
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

    private static func classOf(_ id: FlightID) -> Int { id.hashValue & 255 }
}
