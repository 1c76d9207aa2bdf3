import PostgresClient
import Synchronization

/// Up to which place of the log a standby has to have replayed for its answers to be kept: the last commit of this process.
///
/// Without it an answer that a standby gives before a commit has reached it would be kept for a whole ttl after the purge
/// that followed the commit.
final class ReplicaFence: Sendable {
    /// What is known of the last commit.
    enum Height: Sendable, Equatable {
        /// Nothing has been committed here.
        case none
        /// The commit lies before this place.
        case at(PostgresPosition)
        /// Something was committed, or may have been, and it is not known where. The number tells one such time from the
        /// next.
        case unknown(UInt64)
    }

    private let state = Mutex((height: Height.none, number: UInt64(0)))

    /// What is known now.
    var height: Height { state.withLock { $0.height } }

    /// Something was committed, or may have been; where is to be found out.
    func raise() -> Height {
        state.withLock { state in
            state.number += 1
            state.height = .unknown(state.number)
            return state.height
        }
    }

    /// The place that was asked for at `height`. It counts unless something has been committed since.
    func settle(_ height: Height, at position: PostgresPosition) {
        state.withLock { state in
            if state.height == height { state.height = .at(position) }
        }
    }
}
