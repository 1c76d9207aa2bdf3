import NIOCore

/// The head of a response that is made when it is known whether fields or bytes are needed. A server that writes bytes
/// makes no fields.
protocol DeferredResponseHead: Sendable {
    /// The status of the response.
    var status: Int { get }
    /// The body of the response; empty for HEAD, 204 and 304.
    var body: ByteBuffer { get }

    /// Makes the fields.
    func write(into head: inout HTTPTypesHead)
    /// Writes the bytes.
    func write(into head: inout WireHead)
}
