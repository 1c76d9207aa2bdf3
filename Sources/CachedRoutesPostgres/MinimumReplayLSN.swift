import CachedRoutesCore
import PostgresClient

/// The LSN up to which a standby must have replayed the WAL for its results to be stored: that of this process's last
/// commit.
///
/// Without it a result from a standby that has not replayed a commit would stay stored for a whole ttl after the purge
/// that followed the commit.
struct MinimumReplayLSN {
    /// The LSN of the last commit, as far as it is known.
    enum LastCommit: Sendable, Equatable {
        /// This process has committed nothing.
        case none
        /// The commit lies before this LSN.
        case at(PostgresLSN)
        /// A transaction was committed, or may have been, and its LSN is not known yet.
        case unknown
    }

    /// The last commit of this process.
    private(set) var lastCommit = LastCommit.none
    /// The number of commits so far: an LSN that is read from now on lies behind all of them.
    private(set) var round = 0
    private var isSettling = false

    /// Indicates that a result may be stored.
    ///
    /// - Parameter position: the LSN up to which the server had replayed the WAL; `nil` for a primary.
    func allows(_ position: PostgresLSN?) -> Bool {
        switch (position, lastCommit) {
        case (nil, _), (_, .none): true
        case (let position?, .at(let commit)): position >= commit
        case (_, .unknown): false
        }
    }

    /// Notes a transaction that was committed, or may have been.
    ///
    /// - Returns: `true` if the caller has to read the LSN and call ``settle(_:at:)``; another caller does so
    ///   otherwise.
    mutating func raise() -> Bool {
        round += 1
        lastCommit = .unknown
        defer { isSettling = true }
        return !isSettling
    }

    /// Takes the end of the primary's WAL as it was read during a round.
    ///
    /// - Returns: `true` if the last commit lies before it; `false` if there were commits since.
    mutating func settle(_ round: Int, at position: PostgresLSN) -> Bool {
        guard round == self.round else { return false }
        lastCommit = .at(position)
        isSettling = false
        return true
    }

    /// Gives up reading the LSN; the next commit starts again.
    mutating func giveUp() {
        isSettling = false
    }
}
