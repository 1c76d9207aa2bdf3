import CPostgres
import NIOCore

/// Converts rows to JSON, directly from libpq's memory to one growing buffer.
struct RowEncoder {
    private let plan: RowEncodingPlan
    private let maximumSize: Int
    private var buffer: ByteBuffer
    /// The number of rows that the server has returned.
    private(set) var rowCount = 0

    /// The largest size of a `ByteBuffer`.
    static let bufferLimit = Int(UInt32.max)

    /// Makes an encoder.
    ///
    /// - Parameters:
    ///   - plan: the conversion.
    ///   - maximumSize: the largest size of the JSON in bytes, including room for the worst case of its last row.
    init(plan: RowEncodingPlan, maximumSize: Int = RowEncoder.bufferLimit) {
        self.plan = plan
        self.maximumSize = min(maximumSize, Self.bufferLimit)
        buffer = ByteBufferAllocator().buffer(capacity: 512)
        if plan.shape == .many { buffer.writeInteger(UInt8(ascii: "[")) }
    }

    /// Continues in the memory of `other`, whose content is lost.
    mutating func move(into other: inout ByteBuffer) {
        swap(&buffer, &other)
        buffer.clear()
        buffer.writeBuffer(&other)
    }

    /// The number of bytes written.
    var size: Int { buffer.writerIndex }

    /// Encodes the rows of a result with the plan's columns.
    ///
    /// - Throws: ``PostgresError/Code/answerTooLarge``.
    mutating func append(_ result: OpaquePointer) throws(PostgresError) {
        let count = Int(PQntuples(result))
        let wanted = plan.shape == .many ? count : min(count, rowCount == 0 ? 1 : 0)
        var written = 0
        var room: Int?
        while written < wanted { written += try append(result, from: written, to: wanted, room: &room) }
        rowCount += count
    }

    /// Takes the complete JSON. The encoder must not be used afterwards.
    mutating func answer(position: PostgresLSN? = nil) -> JSONAnswer {
        // Moved and not copied: a buffer with two owners is copied by the next write.
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

    /// Writes a row, and those behind it that fit in the buffer as it is then: each access to the buffer has a cost.
    ///
    /// - Parameters:
    ///   - result: the rows.
    ///   - start: the index of the row.
    ///   - end: the index behind the last row.
    ///   - measured: the room that the row needs, if it has been measured; then that of the row behind those that were
    ///     written.
    /// - Returns: the number of rows that were written.
    private mutating func append(
        _ result: OpaquePointer,
        from start: Int,
        to end: Int,
        room measured: inout Int?
    ) throws(PostgresError) -> Int {
        let plan = plan
        let hasRows = rowCount > 0
        func row(_ index: Int) -> LibpqRow {
            LibpqRow(result: result, index: Int32(truncatingIfNeeded: index), isFirst: !hasRows && index == 0)
        }
        var room = measured ?? row(start).room(plan)
        measured = nil
        // The closing bracket needs one byte.
        guard room < maximumSize - buffer.writerIndex else {
            throw PostgresError(.answerTooLarge, "the answer needs more than \(maximumSize) bytes")
        }
        let left = maximumSize - buffer.writerIndex
        var next = start
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: room) { raw in
            let first = raw.baseAddress!.assumingMemoryBound(to: UInt8.self)
            let limit = min(raw.count, left - 1)
            var position = first
            repeat {
                position = row(next).write(plan, to: position)
                next += 1
                guard next < end else { break }
                room = row(next).room(plan)
            } while room <= limit - (position - first)
            return position - first
        }
        if next < end { measured = room }
        return next - start
    }
}

/// A row in libpq's memory.
private struct LibpqRow {
    let result: OpaquePointer
    let index: Int32
    /// Indicates that no row precedes this one.
    let isFirst: Bool

    /// The worst-case size up to which rows are written without measuring their values first.
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

    /// Returns the largest number of bytes that ``write(_:to:)`` writes.
    func room(_ plan: RowEncodingPlan) -> Int {
        let fixed = plan.keys.count + 16
        var room = fixed
        for column in plan.columns { room += JSONValueWriter.roomAtMost(length(column.field)) }
        guard room > Self.smallRow else { return room }
        room = fixed
        for column in plan.columns {
            room += JSONValueWriter.room(column.rule, source: bytes(column.field), count: length(column.field))
        }
        return room
    }

    /// Writes the row, with a leading comma unless it is the first one.
    ///
    /// - Returns: the position behind the written bytes.
    func write(_ plan: RowEncodingPlan, to start: UnsafeMutablePointer<UInt8>) -> UnsafeMutablePointer<UInt8> {
        var writer = JSONValueWriter(at: start)
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
