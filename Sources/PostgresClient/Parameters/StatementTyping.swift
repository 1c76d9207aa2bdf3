import ClientSupport
import NIOCore
import Synchronization

/// The known types of a statement's parameters, and the search for them. All connections share both.
///
/// One execution of the statement searches at a time while others wait, because types that the server infers meanwhile
/// may differ from the final ones, and so may the result. An unfinished search is continued by the next execution.
final class StatementTyping: Sendable {
    /// The way in which an execution gets its types.
    enum Beginning {
        /// The types are known.
        case known(TypedStatement)
        /// A recent search has found no types. This is the statement as it was written, about which the server may
        /// decide differently now.
        case refused(TypedStatement)
        /// The execution has to search.
        case search(Turn)
        /// Another execution is searching.
        case taken
    }

    /// The right to search, which ends with this object.
    final class Turn {
        private let typing: StatementTyping
        /// The next statement to prepare.
        private(set) var statement: TypedStatement

        fileprivate init(_ typing: StatementTyping, _ statement: TypedStatement) {
            self.typing = typing
            self.statement = statement
        }

        deinit { typing.endTurn() }

        /// Records that the server has refused to prepare ``statement``.
        func refused(_ error: PostgresError, now: NIODeadline) -> ParameterTypeSearch.Step {
            advance(now) { $0.search.refused(error) }
        }

        /// Records that ``statement`` has been prepared, with parameters of these types.
        func described(_ parameterOIDs: [UInt32], now: NIODeadline) -> ParameterTypeSearch.Step {
            advance(now) { $0.search.described(parameterOIDs) }
        }

        private func advance(
            _ now: NIODeadline,
            _ body: (inout Progress) -> ParameterTypeSearch.Step
        ) -> ParameterTypeSearch.Step {
            let step = typing.advance(now: now, body)
            if case .prepare(let next) = step { statement = next }
            return step
        }
    }

    fileprivate struct Progress {
        var search: ParameterTypeSearch
        var next: TypedStatement
        var changed: NIODeadline
    }

    private struct Waiter {
        let id: UInt64
        let continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var chosen: TypedStatement?
        var refusal: (error: PostgresError, until: NIODeadline)?
        var progress: Progress?
        var isTaken = false
        /// The time at which possibly outdated types were dropped.
        var renewed: NIODeadline?
        var waiters: [Waiter] = []
        var lastWaiter: UInt64 = 0
    }

    private let sql: String
    private let parameters: [ParameterTypeCandidates]
    private let state = Mutex(State())
    /// The time after which a statement without possible types is searched again.
    private static let pause = TimeAmount.seconds(10)
    /// The time for which newly found types are not searched again.
    private static let rest = TimeAmount.seconds(5)
    /// The time for which an unfinished search is worth continuing, because the database may change.
    private static let patience = TimeAmount.seconds(60)

    init(sql: String, parameters: [ParameterTypeCandidates]) {
        self.sql = sql
        self.parameters = parameters
    }

    /// Provides the known types, or the right to search if no execution has it.
    func begin(now: NIODeadline) -> Beginning {
        state.withLock { state in
            if let chosen = state.chosen { return .known(chosen) }
            guard !state.isTaken else { return .taken }
            if let progress = state.progress, now < progress.changed + Self.patience {
                state.isTaken = true
                return .search(Turn(self, progress.next))
            }
            var search = ParameterTypeSearch(sql: sql, parameters: parameters)
            let first = search.begin()
            guard search.hasChoice else {
                state.chosen = first
                return .known(first)
            }
            if let refusal = state.refusal, now < refusal.until { return .refused(search.plain) }
            state.refusal = nil
            state.progress = Progress(search: search, next: first, changed: now)
            state.isTaken = true
            return .search(Turn(self, first))
        }
    }

    /// Drops types with which the statement can't be prepared any more.
    func forget(_ statement: TypedStatement) {
        state.withLock { state in
            if state.chosen == statement { state.chosen = nil }
        }
    }

    /// Drops the types because their reasons may have changed, at most once in a while because one change causes many
    /// errors.
    func renew(now: NIODeadline) {
        state.withLock { state in
            if let renewed = state.renewed, now < renewed + Self.rest { return }
            state.renewed = now
            state.chosen = nil
        }
    }

    /// Drops the result of a search that found nothing.
    func forgetRefusal() {
        state.withLock { $0.refusal = nil }
    }

    /// Indicates that a recent search found nothing, and that this was the error of the statement as it was written.
    func isRefused(_ first: PostgresError, now: NIODeadline) -> Bool {
        state.withLock { state in
            guard let refusal = state.refusal, now < refusal.until else { return false }
            return refusal.error.sqlState == first.sqlState && refusal.error.position == first.position
                && refusal.error.message == first.message
        }
    }

    private func advance(
        now: NIODeadline,
        _ body: (inout Progress) -> ParameterTypeSearch.Step
    ) -> ParameterTypeSearch.Step {
        state.withLock { state in
            guard var progress = state.progress else {
                return .failed(PostgresError(.invalidStatement, "the statement can't be prepared"))
            }
            let step = body(&progress)
            switch step {
            case .prepare(let next):
                progress.next = next
                progress.changed = now
                state.progress = progress
            case .chosen(let statement):
                state.chosen = statement
                state.refusal = nil
                state.progress = nil
            case .failed(let error):
                state.refusal = (progress.search.firstError ?? error, now + Self.pause)
                state.progress = nil
            }
            return step
        }
    }

    private func endTurn() {
        let waiters = state.withLock { state in
            state.isTaken = false
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.continuation.resume() }
    }

    // MARK: - Waiting

    /// Waits until no execution is searching, the deadline has passed, or the task is cancelled.
    ///
    /// - Parameters:
    ///   - deadline: the longest wait.
    ///   - eventLoop: measures the time.
    func waitForTurn(until deadline: NIODeadline, on eventLoop: any EventLoop) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.waitForTurn() }
            group.addTask { try? await eventLoop.sleep(until: deadline) }
            await group.next()
            group.cancelAll()
        }
    }

    private func waitForTurn() async {
        let id = state.withLock { state in
            state.lastWaiter += 1
            return state.lastWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let waits = state.withLock { state in
                    if state.isTaken { state.waiters.append(Waiter(id: id, continuation: continuation)) }
                    return state.isTaken
                }
                if !waits { continuation.resume() }
                // The task was cancelled before the continuation was stored.
                if waits, Task.isCancelled { resume(id) }
            }
        } onCancel: {
            resume(id)
        }
    }

    private func resume(_ id: UInt64) {
        let waiter = state.withLock { state in
            state.waiters.firstIndex { $0.id == id }.map { state.waiters.remove(at: $0) }
        }
        waiter?.continuation.resume()
    }
}
