import CPostgres

/// A libpq connection on its way from the thread that opened it to the reactor that drives it.
///
/// Sound because libpq allows a `PGconn` to move between threads as long as one of them uses it at a time, and this
/// value is made by the one, given away, and used by the other alone.
struct LibpqConnectionHandle: @unchecked Sendable {
    let pointer: OpaquePointer

    /// Whether the server is a standby, as it reports from PostgreSQL 14 on.
    var isStandby: Bool { PQparameterStatus(pointer, "in_hot_standby").map { String(cString: $0) == "on" } ?? false }
}

/// A libpq cancel request, which holds copies of all it needs.
///
/// Sound because libpq lets a `PGcancel` be used by any thread, and this one is used and freed by a single helper
/// thread.
struct CancelRequest: @unchecked Sendable {
    private let pointer: OpaquePointer

    init?(for connection: OpaquePointer) {
        guard let pointer = PQgetCancel(connection) else { return nil }
        self.pointer = pointer
    }

    /// Sends the request and returns when the server has passed it on. Blocks, without a limit of time.
    func send() {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { message in
            _ = PQcancel(pointer, message.baseAddress, 256)
        }
        free()
    }

    /// Drops the request.
    func free() {
        PQfreeCancel(pointer)
    }
}

extension PostgresError {
    /// The error of a failed result.
    init(result: OpaquePointer) {
        func field(_ code: UnicodeScalar) -> String? {
            PQresultErrorField(result, Int32(code.value)).map { String(cString: $0) }
        }
        let sqlState = field("C")
        let message = field("M") ?? Self.trimmed(PQresultErrorMessage(result))
        self.init(sqlState.map { .server(sqlState: $0) } ?? .connectionLost, message)
        detail = field("D")
        hint = field("H")
        position = field("P").flatMap { Int($0) }
        constraint = field("n")
        table = field("t")
        column = field("c")
        let context = field("W")
        parameter = context.flatMap(Self.unreadParameter(context:))
        isMessagePlain = Self.isPlainMessage(
            sqlState: sqlState ?? "",
            hasContext: context != nil,
            sourceFunction: field("R")
        )
    }

    /// What libpq says last about a connection.
    init(_ code: Code, connection: OpaquePointer?) {
        let message = Self.trimmed(connection.flatMap { PQerrorMessage($0) })
        self.init(code, message.isEmpty ? "the connection was closed" : message)
    }

    /// Whether the server ends the session with this error: the severity is FATAL or PANIC.
    static func endsSession(_ result: OpaquePointer) -> Bool {
        // PG_DIAG_SEVERITY_NONLOCALIZED; its first letters are enough to tell FATAL and PANIC from ERROR.
        guard let severity = PQresultErrorField(result, Int32(UnicodeScalar("V").value)) else { return false }
        return severity.pointee == CChar(UInt8(ascii: "F")) || severity.pointee == CChar(UInt8(ascii: "P"))
    }

    private static func trimmed(_ text: UnsafePointer<CChar>?) -> String {
        guard let text else { return "" }
        let lines = String(cString: text).split(whereSeparator: \.isNewline)
        return lines.joined(separator: "; ")
    }
}
