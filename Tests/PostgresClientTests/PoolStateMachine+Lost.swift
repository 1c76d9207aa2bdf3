import NIOCore

@testable import PostgresClient

extension PoolStateMachine {
    /// Records that a connection with one query broke.
    mutating func lost(_ id: UInt64, returning job: Job?, deadline: NIODeadline, now: NIODeadline) -> [Action] {
        lost(id, returning: job.map { [($0, deadline)] } ?? [], now: now)
    }
}
