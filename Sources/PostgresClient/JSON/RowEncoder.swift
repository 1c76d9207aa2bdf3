import CPostgres
import NIOCore

/// Turns the rows of a result into JSON, a slice at a time, so that a large answer holds up nobody else on its thread.
struct RowEncoder {
    private let result: OpaquePointer
    private let plan: ResultPlan
    private let rowCount: Int
    private let maximumSize: Int
    private var row = 0
    private var buffer = ByteBuffer()

    /// The bytes that a `ByteBuffer` can hold.
    static let bufferLimit = Int(UInt32.max)

    /// - Parameters:
    ///   - result: a result with rows; it has to outlive the encoder.
    ///   - maximumSize: the bytes that the answer may have, room for the worst case of its last row included.
    init(result: OpaquePointer, plan: ResultPlan, maximumSize: Int = RowEncoder.bufferLimit) {
        self.result = result
        self.plan = plan
        self.maximumSize = min(maximumSize, Self.bufferLimit)
        let rows = Int(PQntuples(result))
        rowCount = plan.shape == .many ? rows : min(1, rows)
        buffer = ByteBufferAllocator().buffer(capacity: 512)
        if plan.shape == .many { buffer.writeInteger(UInt8(ascii: "[")) }
    }

    /// Encodes rows until about `budget` more bytes are written. True when all rows are.
    ///
    /// - Throws: ``PostgresError/Code/answerTooLarge``.
    mutating func encode(budget: Int) throws(PostgresError) -> Bool {
        let limit = buffer.writerIndex + budget
        while row < rowCount {
            try encodeRow()
            row += 1
            if buffer.writerIndex >= limit {
                reserveForRest()
                return row == rowCount
            }
        }
        return true
    }

    /// The answer, once all rows are encoded.
    mutating func answer() -> JSONAnswer {
        let rows = Int(PQntuples(result))
        switch plan.shape {
        case .many:
            buffer.writeInteger(UInt8(ascii: "]"))
            return JSONAnswer(body: buffer, rowCount: rows)
        case .one, .value:
            return JSONAnswer(body: rowCount == 0 ? nil : buffer, rowCount: rows)
        case .none:
            return JSONAnswer(body: nil, rowCount: rows)
        }
    }

    private mutating func encodeRow() throws(PostgresError) {
        let row = Row(result: result, index: Int32(truncatingIfNeeded: row))
        let plan = plan
        let room = row.room(plan)
        // The bracket at the end needs a byte.
        guard room < maximumSize - buffer.writerIndex else {
            throw PostgresError(.answerTooLarge, "the answer needs more than \(maximumSize) bytes")
        }
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: room) { raw in
            let start = raw.baseAddress!.assumingMemoryBound(to: UInt8.self)
            return row.write(plan, to: start) - start
        }
    }

    /// Makes room for the rows that are left, judging by those that are done, so that the buffer seldom moves.
    ///
    /// It doubles at most: the rows so far may be much larger than all that follow.
    private mutating func reserveForRest() {
        let average = buffer.readableBytes / row + 1
        let estimate = (rowCount - row) * (average + average / 16) + 1
        let room = min(estimate, max(1 << 20, buffer.readableBytes), Self.bufferLimit - buffer.writerIndex)
        buffer.reserveCapacity(minimumWritableBytes: room)
    }
}

/// A row in libpq's memory.
private struct Row {
    let result: OpaquePointer
    let index: Int32

    /// Rows up to this worst-case size are written without looking at their bytes first.
    private static let smallRow = 1 << 16

    @inline(__always)
    private func length(_ field: Int) -> Int {
        Int(PQgetlength(result, index, Int32(truncatingIfNeeded: field)))
    }

    @inline(__always)
    private func isNull(_ field: Int) -> Bool {
        PQgetisnull(result, index, Int32(truncatingIfNeeded: field)) != 0
    }

    @inline(__always)
    private func bytes(_ field: Int) -> UnsafePointer<UInt8> {
        UnsafeRawPointer(PQgetvalue(result, index, Int32(truncatingIfNeeded: field))!).assumingMemoryBound(
            to: UInt8.self
        )
    }

    /// The room that ``write(_:to:)`` needs at most.
    func room(_ plan: ResultPlan) -> Int {
        let fixed = plan.keys.count + 16
        var room = fixed
        for field in plan.columns.indices { room += ValueWriter.roomAtMost(length(field)) }
        guard room > Self.smallRow else { return room }
        room = fixed
        for (field, column) in plan.columns.enumerated() {
            room += ValueWriter.room(column.rule, bytes(field), length(field))
        }
        return room
    }

    /// Writes the row, after a comma unless it is the first; returns the place after it.
    func write(_ plan: ResultPlan, to start: UnsafeMutablePointer<UInt8>) -> UnsafeMutablePointer<UInt8> {
        var writer = ValueWriter(at: start)
        if index > 0 { writer.write(",") }
        plan.keys.withUnsafeBufferPointer { keys in
            plan.columns.withUnsafeBufferPointer { columns in
                var keyStart = 0
                for field in columns.indices {
                    let column = columns[field]
                    if let keys = keys.baseAddress { writer.copy(keys + keyStart, column.keyEnd - keyStart) }
                    keyStart = column.keyEnd
                    let length = length(field)
                    if length == 0, isNull(field) {
                        writer.writeNull()
                    } else {
                        writer.write(column.rule, bytes(field), length)
                    }
                }
            }
        }
        if plan.shape != .value { writer.write("}") }
        return writer.position
    }
}
