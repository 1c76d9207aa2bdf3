/// The values of a statement's parameters, in order, in PostgreSQL's text format.
///
/// All values are in one buffer, each followed by a NUL, so that libpq reads them in place.
public struct PostgresParameters: Sendable {
    private var bytes: [UInt8] = []
    /// The offset of each value; -1 for NULL.
    private var offsets: [Int] = []
    /// Indicates that a value contains a NUL. Such a value must never be sent, because the server would take it to end
    /// there.
    private(set) var containsNUL = false

    /// Makes an empty list.
    public init() {}

    /// Makes an empty list with room for short values.
    ///
    /// - Parameter count: the number of values.
    public init(count: Int) {
        bytes.reserveCapacity(16 * count)
        offsets.reserveCapacity(count)
    }

    /// The number of values.
    public var count: Int { offsets.count }
    /// The bytes of all values.
    var size: Int { bytes.count }

    /// Appends a value as UTF-8 text.
    ///
    /// A value with a NUL byte makes the query fail with ``PostgresError/Code/invalidParameter``, because PostgreSQL
    /// has no such text.
    public mutating func append(bytes value: some Sequence<UInt8>) {
        // Nearly all sequences have their bytes in one place, where they need no generic code.
        if value.withContiguousStorageIfAvailable({ append($0) }) == nil {
            Array(value).withUnsafeBufferPointer { append($0) }
        }
    }

    private mutating func append(_ value: UnsafeBufferPointer<UInt8>) {
        offsets.append(bytes.count)
        bytes.append(contentsOf: value)
        if value.contains(0) { containsNUL = true }
        bytes.append(0)
    }

    /// Appends a value as text.
    public mutating func append(_ text: some StringProtocol) {
        append(bytes: text.utf8)
    }

    /// Appends SQL NULL.
    public mutating func appendNull() {
        offsets.append(-1)
    }

    /// Appends a one-dimensional array with quoted elements (`{"a","b"}`); `nil` elements are NULL.
    public mutating func appendArray(_ elements: some Sequence<(some Sequence<UInt8>)?>) {
        offsets.append(bytes.count)
        bytes.append(UInt8(ascii: "{"))
        var isFirst = true
        for element in elements {
            if !isFirst { bytes.append(UInt8(ascii: ",")) }
            isFirst = false
            guard let element else {
                bytes.append(contentsOf: "NULL".utf8)
                continue
            }
            bytes.append(UInt8(ascii: "\""))
            for byte in element {
                if byte == 0 { containsNUL = true }
                if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { bytes.append(UInt8(ascii: "\\")) }
                bytes.append(byte)
            }
            bytes.append(UInt8(ascii: "\""))
        }
        bytes.append(UInt8(ascii: "}"))
        bytes.append(0)
    }

    /// Calls `body` with a pointer for each parameter, which is `nil` for NULL.
    ///
    /// - Parameters:
    ///   - sources: the index of the value of each parameter; `nil` if the values are in the parameters' order.
    ///   - body: receives the pointers, which are valid until it returns.
    func withPointers<Result>(
        sources: [Int]? = nil,
        _ body: (UnsafeBufferPointer<UnsafePointer<CChar>?>) -> Result
    ) -> Result {
        let count = sources?.count ?? offsets.count
        return bytes.withUnsafeBytes { raw in
            let base = raw.baseAddress?.assumingMemoryBound(to: CChar.self)
            return withUnsafeTemporaryAllocation(of: UnsafePointer<CChar>?.self, capacity: max(1, count)) { pointers in
                for index in 0..<count {
                    let offset = offsets[sources?[index] ?? index]
                    pointers.initializeElement(at: index, to: offset < 0 ? nil : base.map { $0 + offset })
                }
                return body(UnsafeBufferPointer(rebasing: UnsafeBufferPointer(pointers)[..<count]))
            }
        }
    }
}
