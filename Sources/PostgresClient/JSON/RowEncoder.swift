import CPostgres
import NIOCore

/// Turns rows into JSON, straight from libpq's memory into one buffer that grows.
struct RowEncoder {
    private let plan: ResultPlan
    private let maximumSize: Int
    private var buffer: ByteBuffer
    /// The rows the server has returned.
    private(set) var rowCount = 0

    /// The bytes that a `ByteBuffer` can hold.
    static let bufferLimit = Int(UInt32.max)

    /// - Parameter maximumSize: the bytes that the answer may have, room for the worst case of its last row included.
    init(plan: ResultPlan, maximumSize: Int = RowEncoder.bufferLimit) {
        self.plan = plan
        self.maximumSize = min(maximumSize, Self.bufferLimit)
        buffer = ByteBufferAllocator().buffer(capacity: 512)
        if plan.shape == .many { buffer.writeInteger(UInt8(ascii: "[")) }
    }

    /// Goes on in the memory of `other`, which is overwritten.
    mutating func move(into other: inout ByteBuffer) {
        swap(&buffer, &other)
        buffer.clear()
        buffer.writeBuffer(&other)
    }

    /// The bytes written so far.
    var size: Int { buffer.writerIndex }

    /// Encodes the rows of a result with the plan's columns.
    ///
    /// - Throws: ``PostgresError/Code/answerTooLarge``.
    mutating func append(_ result: OpaquePointer) throws(PostgresError) {
        let count = Int(PQntuples(result))
        let wanted = plan.shape == .many ? count : min(count, rowCount == 0 ? 1 : 0)
        for index in 0..<wanted {
            try append(Row(result: result, index: Int32(truncatingIfNeeded: index), isFirst: rowCount + index == 0))
        }
        rowCount += count
    }

    /// The answer, once all rows are encoded; the encoder is of no use afterwards.
    mutating func answer(position: PostgresLSN? = nil) -> JSONAnswer {
        // Taken out and not copied: a buffer that two hold is copied by the next write.
        var body = ByteBuffer()
        swap(&body, &buffer)
        switch plan.shape {
        case .many:
            body.writeInteger(UInt8(ascii: "]"))
            return JSONAnswer(body: body, rowCount: rowCount, position: position)
        case .one, .value:
            return JSONAnswer(body: rowCount == 0 ? nil : body, rowCount: rowCount, position: position)
        case .none:
            return JSONAnswer(body: nil, rowCount: rowCount, position: position)
        }
    }

    private mutating func append(_ row: Row) throws(PostgresError) {
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
}

/// A row in libpq's memory.
private struct Row {
    let result: OpaquePointer
    let index: Int32
    /// Whether no row stands before it.
    let isFirst: Bool

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
        for column in plan.columns { room += ValueWriter.roomAtMost(length(column.field)) }
        guard room > Self.smallRow else { return room }
        room = fixed
        for column in plan.columns {
            room += ValueWriter.room(column.rule, source: bytes(column.field), count: length(column.field))
        }
        return room
    }

    /// Writes the row, after a comma unless it is the first; returns the place after it.
    func write(_ plan: ResultPlan, to start: UnsafeMutablePointer<UInt8>) -> UnsafeMutablePointer<UInt8> {
        var writer = ValueWriter(at: start)
        if !isFirst { writer.write(",") }
        plan.keys.withUnsafeBufferPointer { keys in
            plan.columns.withUnsafeBufferPointer { columns in
                var keyStart = 0
                for column in columns {
                    let field = column.field
                    if let keys = keys.baseAddress { writer.copyShort(keys + keyStart, column.keyEnd - keyStart) }
                    keyStart = column.keyEnd
                    let length = length(field)
                    if length == 0, isNull(field) {
                        writer.writeNull()
                    } else {
                        writer.write(column.rule, source: bytes(field), count: length)
                    }
                }
            }
        }
        if plan.shape != .value { writer.write("}") }
        return writer.position
    }
}
