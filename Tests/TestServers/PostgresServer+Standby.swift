import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension PostgresServer {
    /// Makes a streaming replica of this server, which has to run, and starts it.
    ///
    /// It has a folder and a port of its own and the settings of this server.
    ///
    /// - Parameter settings: further lines for the replica's configuration.
    public func standby(settings: [String: String] = [:]) throws -> PostgresServer {
        try PostgresServer(settings: self.settings.merging(settings) { $1 }, isStarted: true) { standby in
            let arguments = [
                "--pgdata", standby.data.path, "--dbname", url, "--write-recovery-conf", "--wal-method=stream",
                "--checkpoint=fast", "--no-sync",
            ]
            try ServerCommand.asServerUser("pg_basebackup", arguments).run()
        }
    }

    /// Whether the server is a standby that has not been promoted.
    public var isInRecovery: Bool {
        get throws { try psql("SELECT pg_is_in_recovery()") == "t" }
    }

    /// Makes a standby a primary and returns when it is one.
    public func promote() throws {
        guard try psql("SELECT pg_promote()") == "t" else {
            throw ServerProcess.StartError(description: "the standby on port \(port) was not promoted")
        }
    }

    /// Lets a standby take in what its primary sends without showing it to anyone.
    public func pauseReplay() throws {
        try psql("SELECT pg_wal_replay_pause()")
        // Asking for the pause is one thing, and the pause another.
        try waitUntil("the replay to pause", answers: "paused", "SELECT pg_get_wal_replay_pause_state()")
    }

    /// Ends ``pauseReplay()``.
    public func resumeReplay() throws {
        try psql("SELECT pg_wal_replay_resume()")
    }

    /// Waits until this standby shows everything that has been committed on `primary` by now.
    public func waitUntilCaughtUp(with primary: PostgresServer) throws {
        let position = try primary.flushedPosition()
        try waitUntil("the standby to catch up", answers: "t", "SELECT pg_last_wal_replay_lsn() >= '\(position)'")
    }

    /// Waits until this standby has got, but not necessarily shows, what has been committed on `primary` by now.
    public func waitUntilReceived(from primary: PostgresServer) throws {
        let position = try primary.flushedPosition()
        try waitUntil("the log", answers: "t", "SELECT pg_last_wal_receive_lsn() >= '\(position)'")
    }

    /// The servers commit without waiting for their disks. One commit here does, and what came before goes with it.
    private func flushedPosition() throws -> String {
        try psql("SET synchronous_commit = local; SELECT pg_logical_emit_message(true, 'test', '')")
    }

    /// Asks for 20 s at most.
    private func waitUntil(_ event: String, answers expected: String, _ sql: String) throws {
        for _ in 0..<400 {
            if try psql(sql) == expected { return }
            usleep(50_000)
        }
        throw ServerProcess.StartError(description: "waited in vain for \(event) on port \(port)")
    }
}
