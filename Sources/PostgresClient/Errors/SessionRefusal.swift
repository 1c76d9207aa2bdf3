/// The reason for which a server that can be reached gives no session. It stays until somebody changes the server or the
/// configuration.
public struct SessionRefusal: Sendable, Hashable {
    /// The server's SQLSTATE; `nil`: it asks for a password, and none is given.
    public let sqlState: String?

    /// A refusal with this SQLSTATE; `nil` for a server that starts, shuts down, has no room, or is away behind a pooler.
    init?(sqlState: String) {
        guard !["08", "53", "57", "58", "XX"].contains(sqlState.prefix(2)) else { return nil }
        self.sqlState = sqlState
    }

    private init() { sqlState = nil }

    /// The server asks for a password, and none is given.
    static let passwordMissing = SessionRefusal()

    /// What to do about it.
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
