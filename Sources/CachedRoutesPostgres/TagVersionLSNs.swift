import CachedRoutesCore
import PostgresClient
import Synchronization

/// The LSNs up to which a standby must have replayed the WAL for its results to be stored under given tag versions.
///
/// Every commit whose purge ended the previous tag version lies before the end of the WAL at a time when the new tag
/// version has been seen. So the primary is asked once for each value of a tag version. The creator of a tag version
/// can't store the LSN in it: other processes commit and purge between its reading of the LSN and its creation of the
/// tag version.
final class TagVersionLSNs: Sendable {
    private struct State {
        var known = LRUCache<TagVersion, PostgresLSN>(budget: 10_000)
        var askings: [TagVersion: Task<PostgresLSN?, Never>] = [:]
    }

    private let state = Mutex(State())
    private let ask: @Sendable () async throws -> PostgresLSN?

    /// - Parameter ask: returns the end of the primary's WAL.
    init(_ ask: @escaping @Sendable () async throws -> PostgresLSN?) {
        self.ask = ask
    }

    /// Returns an LSN behind all commits from before the creation of the tag versions; `nil` if the primary can't be
    /// asked.
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

    /// Returns a task that asks the primary, shared by all callers with the same tag versions.
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
