import Synchronization

/// Counts how often each of many calls has ended, and in which way all of them have.
public final class CallEnds: Sendable {
    private struct State {
        var times: [UInt8]
        var ways: [String: Int] = [:]
    }

    private let state: Mutex<State>

    /// The ends of so many calls, of which none has come.
    public init(_ count: Int) { state = Mutex(State(times: Array(repeating: 0, count: count))) }

    /// Counts the end of a call.
    public func note(_ number: Int, _ way: String) {
        state.withLock { state in
            state.times[number] += 1
            state.ways[way, default: 0] += 1
        }
    }

    /// Counts something else.
    public func count(_ way: String) { state.withLock { $0.ways[way, default: 0] += 1 } }

    /// The number of ends of each call.
    public var times: [UInt8] { state.withLock { $0.times } }
    /// The number of calls that ended in each way.
    public var ways: [String: Int] { state.withLock { $0.ways } }
}
