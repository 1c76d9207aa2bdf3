import Synchronization

/// A place where work waits until a test opens it.
public final class Gate: Sendable {
    private struct State {
        var isOpen = false
        var arrived = 0
        var waiting: [CheckedContinuation<Void, Never>] = []
        var watching: [(count: Int, CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())

    /// A closed gate.
    public init() {}

    /// Waits until the gate is open.
    public func pass() async {
        await withCheckedContinuation { continuation in
            let (isOpen, seen) = state.withLock { state in
                state.arrived += 1
                let seen = state.watching.filter { $0.count <= state.arrived }.map(\.1)
                state.watching.removeAll { $0.count <= state.arrived }
                if !state.isOpen { state.waiting.append(continuation) }
                return (state.isOpen, seen)
            }
            for watcher in seen { watcher.resume() }
            if isOpen { continuation.resume() }
        }
    }

    /// Waits until `count` have come to the gate.
    public func arrivals(_ count: Int) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.arrived >= count { return true }
                state.watching.append((count, continuation))
                return false
            }
            if isThere { continuation.resume() }
        }
    }

    /// Lets everybody through from now on.
    public func open() {
        let waiting = state.withLock { state in
            state.isOpen = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }
}

/// Something that a test turns on.
public final class Switch: Sendable {
    private let state = Atomic(false)

    /// Something that is off.
    public init() {}

    /// Whether it is on.
    public var isOn: Bool { state.load(ordering: .acquiring) }
    /// Turns it on.
    public func turnOn() { state.store(true, ordering: .releasing) }
}

/// A number that only grows.
public final class Tally: Sendable {
    private let state = Atomic(0)

    /// Nothing yet.
    public init() {}

    /// How often ``add()`` was called.
    public var value: Int { state.load(ordering: .acquiring) }
    /// Adds one.
    public func add() { state.add(1, ordering: .acquiringAndReleasing) }
}
