/// The reason for which a reachable server refuses sessions, until the server or the configuration is changed.
public struct PostgresSessionRefusal: Sendable, Hashable {
    /// The server's SQLSTATE; `nil` if it asks for a password and none is configured.
    public let sqlState: String?

    /// Makes a refusal; `nil` for the SQLSTATE of a server that is starting, shutting down, at its limits, or
    /// unavailable behind a pooler.
    init?(sqlState: String) {
        guard !["08", "53", "57", "58", "XX"].contains(sqlState.prefix(2)) else { return nil }
        self.sqlState = sqlState
    }

    private init() { sqlState = nil }

    /// The server asks for a password, and none is configured.
    static let passwordMissing = PostgresSessionRefusal()

    /// A phrase about the remedy.
    public var cure: String {
        switch sqlState {
        case nil: "give the password in the connection string, PGPASSWORD or .pgpass"
        case "28P01": "the user or the password is wrong: look at the connection string, PGUSER, PGPASSWORD and .pgpass"
        case "28000": "let the server have this role (CREATE ROLE … LOGIN) and an entry for it in pg_hba.conf"
        case "3D000": "create the database, or name another one in the connection string"
        case "42501": "GRANT CONNECT ON DATABASE … TO the role"
        default: "look at the server's log (SQLSTATE \(sqlState ?? ""))"
        }
    }
}
