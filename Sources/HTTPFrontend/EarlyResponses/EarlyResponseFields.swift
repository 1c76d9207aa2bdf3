package import HTTPTypes
import NIOCore

/// The fields that responses have beside those of their routes, in the bytes of HTTP/1.1.
package struct EarlyResponseFields: Sendable {
    /// The treatment of requests with `Origin`.
    package enum Origins: Sendable {
        /// They are not answered early.
        case passedOn
        /// Their responses have these fields.
        case any(HTTPFields)
        /// The responses to requests of these origins have fields of their own.
        case listed([String: HTTPFields])
    }

    private enum OriginFields: Sendable {
        case passedOn
        case any(ByteBuffer)
        case listed([String: ByteBuffer])
    }

    /// The fields of all responses.
    let all: ByteBuffer
    private let origins: OriginFields

    /// Creates fields.
    ///
    /// - Parameters:
    ///   - all: the fields of all responses.
    ///   - origins: the treatment of requests with `Origin`.
    package init(all: HTTPFields, origins: Origins) {
        self.all = Self.bytes(of: all)
        self.origins =
            switch origins {
            case .passedOn: .passedOn
            case .any(let fields): .any(Self.bytes(of: fields))
            case .listed(let fields): .listed(fields.mapValues(Self.bytes))
            }
    }

    /// Indicates that requests with `Origin` are not answered early.
    var passesOnOrigins: Bool { if case .passedOn = origins { true } else { false } }

    /// Returns the additional fields of a response; `nil` if there are none.
    ///
    /// - Parameter values: returns the values of the request's `Origin` fields.
    func fields(forOrigins values: () -> [String]) -> ByteBuffer? {
        switch origins {
        case .passedOn: return nil
        case .any(let fields): return fields
        case .listed(let fields):
            let values = values()
            return values.count == 1 ? fields[values[0]] : nil
        }
    }

    private static func bytes(of fields: HTTPFields) -> ByteBuffer {
        ByteBuffer(string: fields.map { "\($0.name.rawName): \($0.value)\r\n" }.joined())
    }
}
