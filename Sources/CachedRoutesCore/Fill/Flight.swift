package import RouteModel

/// Identifies a flight by the whole key and the tag versions that its request has read. A request with other versions
/// starts another flight.
///
/// It is an object with its hash value because a flight is found by its identity at each of its events, and nearly
/// always by the same object.
package final class FlightID: Hashable, Sendable {
    /// The requests that may join a flight.
    package enum Group: Hashable, Sendable {
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

    package let key: CacheKey
    package let tokens: [TagVersion]
    package let group: Group
    /// The hash value of the parts.
    private let hash: Int

    package init(key: CacheKey, tokens: [TagVersion], group: Group = .all) {
        self.key = key
        self.tokens = tokens
        self.group = group
        var hasher = Hasher()
        hasher.combine(key)
        hasher.combine(tokens)
        hasher.combine(group)
        hash = hasher.finalize()
    }

    package static func == (one: FlightID, other: FlightID) -> Bool {
        one === other
            || one.hash == other.hash && one.group == other.group && one.key == other.key && one.tokens == other.tokens
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(hash) }

    /// A number below `count`, which has to be a power of two, that is the same for equal identities.
    func classNumber(below count: Int) -> Int { hash & (count - 1) }
}

/// The flights in progress and their waiters. It has no locks, timers or tasks.
///
/// A flight that has landed stays on the board until its response is stored, so that a request that has just missed the
/// response there does not start another one. A flight also has a number, because another flight of the same identity
/// may have started when it ends.
package struct SingleFlightStateMachine<Waiter, Outcome> {
    package struct Ticket: Hashable, Sendable {
        package let id: FlightID
        package let number: UInt64
        package let waiter: UInt64
    }

    package enum Joining {
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

    /// An object, because reading one part of a value in a dictionary copies the others.
    private final class Flight {
        /// The number of the flight and of the waiter that has started it.
        let number: UInt64
        /// The waiter that has started the flight, apart from the others: most flights have no others.
        private var leader: Waiter?
        private var others: [UInt64: Waiter] = [:]
        private(set) var outcome: Outcome?

        init(number: UInt64, leader: Waiter) {
            self.number = number
            self.leader = leader
        }

        var waiterCount: Int { others.count + (leader == nil ? 0 : 1) }

        func add(_ waiter: Waiter, _ number: UInt64) { others[number] = waiter }

        /// Changes a waiter in place: copying all waiters for each of them would take quadratic time.
        ///
        /// - Returns: `false` if there is no such waiter.
        func update(_ number: UInt64, _ change: (inout Waiter) -> Void) -> Bool {
            if number == self.number {
                guard leader != nil else { return false }
                change(&leader!)
                return true
            }
            guard let waiter = others.index(forKey: number) else { return false }
            change(&others.values[waiter])
            return true
        }

        /// Removes and returns a waiter.
        func remove(_ number: UInt64) -> Waiter? {
            number == self.number ? leader.take() : others.removeValue(forKey: number)
        }

        /// Removes and returns all waiters.
        func removeAll() -> [Waiter] {
            defer { others = [:] }
            guard let leader = leader.take() else { return Array(others.values) }
            return others.isEmpty ? [leader] : [leader] + others.values
        }

        /// Sets the outcome, and removes and returns all waiters.
        func land(with outcome: Outcome) -> [Waiter] {
            self.outcome = outcome
            return removeAll()
        }
    }

    private var flights: [FlightID: Flight] = [:]
    private var lastNumber: UInt64 = 0
    /// The value of ``departures`` when the last flight of each class of identities left the board.
    private var lastDepartures = [UInt64](repeating: 0, count: Self.classCount)
    /// The number of flights that have left the board.
    package private(set) var departures: UInt64 = 0

    package init() {}

    /// The number of flights on the board.
    package var count: Int { flights.count }

    /// The number of waiters without an outcome.
    package var waiterCount: Int { flights.values.reduce(0) { $0 + $1.waiterCount } }

    /// Adds a waiter to the flight `id`.
    ///
    /// - Parameters:
    ///   - id: identifies the flight.
    ///   - waiter: the waiter.
    ///   - departures: ``departures`` before the caller's lookup.
    ///   - isAcceptable: returns true if the outcome of a landed flight may still be used. Otherwise the flight leaves
    ///     the board, so that the callers that join now share a new one.
    package mutating func join(
        _ id: FlightID,
        _ waiter: Waiter,
        departuresBeforeLookup departures: UInt64,
        isAcceptable: (Outcome) -> Bool = { _ in true }
    ) -> Joining {
        lastNumber += 1
        if let flight = flights[id] {
            guard let outcome = flight.outcome else {
                flight.add(waiter, lastNumber)
                return .wait(Ticket(id: id, number: flight.number, waiter: lastNumber))
            }
            if isAcceptable(outcome) { return .landed(outcome) }
            _ = depart(Ticket(id: id, number: flight.number, waiter: 0))
        }
        flights[id] = Flight(number: lastNumber, leader: waiter)
        let mayBeStored = lastDepartures[Self.classOf(id)] > departures
        return .lead(Ticket(id: id, number: lastNumber, waiter: lastNumber), mayBeStored: mayBeStored)
    }

    /// Changes a waiter.
    ///
    /// - Returns: `false` if the waiter has its outcome already.
    package mutating func update(_ ticket: Ticket, _ change: (inout Waiter) -> Void) -> Bool {
        flight(of: ticket)?.update(ticket.waiter, change) ?? false
    }

    /// Gives a flight its outcome.
    ///
    /// - Returns: the waiters for the outcome; none if the flight has left the board.
    package mutating func land(_ ticket: Ticket, with outcome: Outcome) -> [Waiter] {
        guard let flight = flight(of: ticket), flight.outcome == nil else { return [] }
        return flight.land(with: outcome)
    }

    /// Takes a flight off the board.
    ///
    /// - Returns: the waiters without an outcome.
    package mutating func depart(_ ticket: Ticket) -> [Waiter] {
        guard let flight = flight(of: ticket) else { return [] }
        flights[ticket.id] = nil
        departures += 1
        lastDepartures[Self.classOf(ticket.id)] = departures
        return flight.removeAll()
    }

    /// Removes a waiter. The flight goes on for the others; a flight that has not landed and has no waiters left leaves
    /// the board.
    ///
    /// - Returns: `nil` if the waiter has its outcome already.
    package mutating func leave(_ ticket: Ticket) -> (waiter: Waiter, endsFlight: Bool)? {
        guard let flight = flight(of: ticket), let waiter = flight.remove(ticket.waiter) else { return nil }
        let isDeserted = flight.waiterCount == 0 && flight.outcome == nil
        if isDeserted { _ = depart(ticket) }
        return (waiter, isDeserted)
    }

    /// Returns the flight of a ticket, if it is on the board.
    private func flight(of ticket: Ticket) -> Flight? {
        guard let flight = flights[ticket.id], flight.number == ticket.number else { return nil }
        return flight
    }

    /// Indicates that a flight is on the board and has not landed.
    package func isInTheAir(_ ticket: Ticket) -> Bool {
        flight(of: ticket).map { $0.outcome == nil } ?? false
    }

    /// So many that a departure is rarely taken for one of another identity, after which the store is read once more.
    private static var classCount: Int { 4096 }

    private static func classOf(_ id: FlightID) -> Int { id.classNumber(below: classCount) }
}
