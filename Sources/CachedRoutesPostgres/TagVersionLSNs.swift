import CachedRoutesCore
import PostgresClient
import Synchronization

/// Up to which place of the primary's log a standby has to have replayed for its answers to be kept under given tokens.
///
/// What was committed before a token was there lies before the place where the log ends once the token has been seen: whoever
/// purged the one before it had committed first. So the primary is asked once for each value of a token. The place can't be put
/// into the token by whoever creates it: between his asking for it and his creating the token others commit and purge.
final class TagVersionLSNs: Sendable {
    private struct State {
        var known = LRUCache<TagVersion, PostgresLSN>(budget: 10_000)
        var askings: [TagVersion: Task<PostgresLSN?, Never>] = [:]
    }

    private let state = Mutex(State())
    private let ask: @Sendable () async throws -> PostgresLSN?

    /// - Parameter ask: says where the primary's log ends now.
    init(_ ask: @escaping @Sendable () async throws -> PostgresLSN?) {
        self.ask = ask
    }

    /// Finds the place that lies behind everything that was committed before one of the tokens was there; `nil` where the primary
    /// can't say.
    func floor(under tokens: [TagVersion]) -> Task<PostgresLSN?, Never> {
        var highest = PostgresLSN(offset: 0)
        let unknown = state.withLock { state in
            tokens.filter { token in
                guard let position = state.known.value(for: token, at: 0) else { return true }
                highest = max(highest, position)
                return false
            }
        }
        let asking = unknown.isEmpty ? nil : asking(for: unknown)
        return Task { [highest] in
            guard let asking else { return highest }
            return await asking.value.map { max(highest, $0) }
        }
    }

    /// One asking is for all who have seen the same tokens by then.
    private func asking(for tokens: [TagVersion]) -> Task<PostgresLSN?, Never> {
        state.withLock { state in
            if let first = state.askings[tokens[0]], tokens.allSatisfy({ state.askings[$0] == first }) { return first }
            let asking = Task { [self] in
                let position = try? await ask()
                end(tokens, position ?? nil)
                return position ?? nil
            }
            for token in tokens { state.askings[token] = asking }
            return asking
        }
    }

    private func end(_ tokens: [TagVersion], _ position: PostgresLSN?) {
        state.withLock { state in
            for token in tokens {
                state.askings[token] = nil
                if let position { _ = state.known.insert(position, for: token, cost: 1, expiry: .max) }
            }
        }
    }
}
