import CachedRoutesCore
import PostgresClient

/// Up to which place of the log a standby has to have replayed for its answers to be kept: the last commit of this process.
///
/// Without it an answer that a standby gives before a commit has reached it would be kept for a whole ttl after the purge
/// that followed the commit.
struct ReplicaWatermark {
    /// What is known of the last commit.
    enum Height: Sendable, Equatable {
        /// Nothing has been committed here.
        case none
        /// The commit lies before this place.
        case at(PostgresLSN)
        /// Something was committed, or may have been, and where is not known yet.
        case unknown
    }

    /// What is known now.
    private(set) var height = Height.none
    /// How many commits there have been: a place that is asked for now lies behind all of them.
    private(set) var round = 0
    private var isSettling = false

    /// Whether an answer may be kept.
    ///
    /// - Parameter position: how far the server that gave it had replayed the log; `nil`: it was a primary.
    func allows(_ position: PostgresLSN?) -> Bool {
        switch (position, height) {
        case (nil, _), (_, .none): true
        case (let position?, .at(let commit)): position >= commit
        case (_, .unknown): false
        }
    }

    /// Something was committed, or may have been.
    ///
    /// - Returns: whether the caller has to find out where, by ``round`` and ``settle(_:at:)``; one does it for all.
    mutating func raise() -> Bool {
        round += 1
        height = .unknown
        defer { isSettling = true }
        return !isSettling
    }

    /// The primary's log ended here when `round` began.
    ///
    /// - Returns: whether that settles it: nothing has been committed since.
    mutating func settle(_ round: Int, at position: PostgresLSN) -> Bool {
        guard round == self.round else { return false }
        height = .at(position)
        isSettling = false
        return true
    }

    /// Nobody finds out any more; the next commit begins anew.
    mutating func giveUp() {
        isSettling = false
    }
}
