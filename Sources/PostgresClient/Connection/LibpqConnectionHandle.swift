import CPostgres

/// A libpq connection that the thread that opened it passes to the reactor that drives it.
///
/// `Sendable` is sound because libpq allows a `PGconn` to move between threads as long as only one of them uses it at a
/// time. One thread makes this value and gives it away, and only the other one uses it from then on.
struct LibpqConnectionHandle: @unchecked Sendable {
    let pointer: OpaquePointer

    /// Indicates that the server is a standby, which servers report since PostgreSQL 14.
    var isStandby: Bool { PQparameterStatus(pointer, "in_hot_standby").map { String(cString: $0) == "on" } ?? false }
}

/// A libpq cancel request, which holds copies of all that it needs.
///
/// `Sendable` is sound because any thread may use a `PGcancel`, and only a single helper thread uses and frees this
/// one.
struct CancelRequest: @unchecked Sendable {
    private let pointer: OpaquePointer

    init?(for connection: OpaquePointer) {
        guard let pointer = PQgetCancel(connection) else { return nil }
        self.pointer = pointer
    }

    /// Sends the request, waits until the server has forwarded it, and frees it. Blocks without a time limit.
    func send() {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { message in
            _ = PQcancel(pointer, message.baseAddress, 256)
        }
        free()
    }

    /// Frees the request.
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

    /// The error with libpq's last message about a connection.
    init(_ code: Code, connection: OpaquePointer?) {
        let message = Self.trimmed(connection.flatMap { PQerrorMessage($0) })
        self.init(code, message.isEmpty ? "the connection was closed" : message)
    }

    /// Returns true if the server ends the session with this error: its severity is FATAL or PANIC.
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
