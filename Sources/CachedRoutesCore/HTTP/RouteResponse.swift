public import HTTPTypes
public import NIOCore

/// A response that is ready to be sent.
public struct RouteResponse: Sendable {
    /// The status.
    public var status: HTTPResponse.Status {
        // A head that is made later has the status that it was made for.
        didSet { head = .fields(headerFields) }
    }
    /// The header fields, with `Content-Length` if there is or could be a body, and the `Date` of a response that may
    /// be reused.
    public var headerFields: HTTPFields {
        get {
            switch head {
            case .fields(let fields): return fields
            case .deferred(let deferred):
                var head = HTTPTypesHead()
                deferred.write(into: &head)
                return head.fields
            }
        }
        set { head = .fields(newValue) }
        _modify {
            var fields = headerFields
            // With one owner the fields are changed in place.
            head = .fields([:])
            defer { head = .fields(fields) }
            yield &fields
        }
    }
    /// The body; empty for HEAD, 204 and 304.
    public var body: ByteBuffer
    private var head: Head

    /// The origin of the header fields.
    private enum Head {
        case fields(HTTPFields)
        /// They are made when they are read or written.
        case deferred(any DeferredResponseHead)
    }

    /// Makes a response.
    ///
    /// - Parameters:
    ///   - status: the status.
    ///   - headerFields: the header fields.
    ///   - body: the body; empty for HEAD, 204 and 304.
    package init(status: HTTPResponse.Status, headerFields: HTTPFields, body: ByteBuffer = ByteBuffer()) {
        self.status = status
        head = .fields(headerFields)
        self.body = body
    }

    /// Makes a response whose header fields are made when they are read or written.
    init(_ head: some DeferredResponseHead) {
        status = HTTPResponse.Status(code: head.status)
        self.head = .deferred(head)
        body = head.body
    }

    /// Writes the head in the bytes of HTTP/1.1, without the empty line that ends it.
    ///
    /// - Parameters:
    ///   - bytes: the buffer that the head is appended to.
    ///   - now: the time of day, in milliseconds since 1970, for a response without a `Date`.
    package func writeHead(to bytes: inout ByteBuffer, now: Int64) {
        var wire = WireHead()
        switch head {
        case .fields(let fields):
            wire.begin(status: status.code)
            for field in fields { wire.add(field) }
            if fields[.date] == nil { wire.add(.date, date: now) }
        case .deferred(let head): head.write(into: &wire)
        }
        bytes.writeBytes(wire.bytes)
    }
}

extension HTTPField.Name {
    static let cacheStatus = HTTPField.Name("Cache-Status")!
}
