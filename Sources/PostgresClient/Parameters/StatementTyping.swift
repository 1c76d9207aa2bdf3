import NIOCore
import Synchronization

/// The types of a statement's parameters as far as this process knows them; all connections share them.
final class StatementTyping: Sendable {
    private struct State {
        var chosen: TypedStatement?
        var refusal: (error: PostgresError, until: NIODeadline)?
    }

    private let state = Mutex(State())
    /// A statement that no types make right is searched through again after this time, not at each request.
    private static let pause = TimeAmount.seconds(10)

    /// The types that were chosen last.
    var chosen: TypedStatement? { state.withLock { $0.chosen } }

    /// Keeps the types that a search has found.
    func choose(_ statement: TypedStatement) {
        state.withLock { state in
            state.chosen = statement
            state.refusal = nil
        }
    }

    /// Keeps the first error of a search that has found none.
    func refuse(_ first: PostgresError, now: NIODeadline = .now()) {
        state.withLock { $0.refusal = (first, now + Self.pause) }
    }

    /// Whether a search that began with this error has lately found nothing.
    func isRefused(_ first: PostgresError, now: NIODeadline = .now()) -> Bool {
        state.withLock { state in
            guard let refusal = state.refusal, now < refusal.until else { return false }
            return refusal.error.sqlState == first.sqlState && refusal.error.position == first.position
                && refusal.error.message == first.message
        }
    }
}
