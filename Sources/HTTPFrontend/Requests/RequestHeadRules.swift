package import NIOHTTP1
import RouteModel

/// Rules for request heads, and for the connection after them, that the parser does not enforce (RFC 9112).
///
/// The parser accepts more than a server may: a request with contradictory or unsupported fields has two readings, and
/// a proxy in front may have chosen the other one.
package enum RequestHeadRules {
    /// The response to a request that is refused. Its connection ends.
    package struct Refusal: Equatable {
        package let status: HTTPResponseStatus
        package let detail: String

        /// Makes a refusal.
        ///
        /// - Parameters:
        ///   - status: the status of the response.
        ///   - detail: a sentence for the client.
        package init(status: HTTPResponseStatus, detail: String) {
            self.status = status
            self.detail = detail
        }
    }

    /// The result of examining a request.
    package struct Verdict: Equatable {
        /// The refusal of the request; `nil` if it may be served.
        package var refusal: Refusal?
        /// Indicates that the parser reads everything after the request as another protocol, and stops.
        package var stopsParser = false
    }

    /// Examines the head of a request.
    package static func verdict(on head: HTTPRequestHead) -> Verdict {
        if head.method == .CONNECT {
            return Verdict(refusal: Refusal(status: .notImplemented, detail: "This server is not a proxy."))
        }
        let fields = Fields(head)
        var verdict = Verdict(refusal: refusal(of: fields, in: head))
        if fields.hasTransferEncoding { verdict.refusal = verdict.refusal ?? refusalOfTransferEncoding(head) }
        if fields.hasUpgrade {
            verdict.refusal = verdict.refusal ?? refusalOfUpgrade(head)
            verdict.stopsParser = connectionOptions(head).contains("upgrade")
        }
        return verdict
    }

    /// The fields that the rules concern. Every request is examined, so they are found in one pass, and nothing is
    /// copied.
    private struct Fields {
        var hosts = 0
        var host = ""
        var hasTransferEncoding = false
        var hasUpgrade = false

        init(_ head: HTTPRequestHead) {
            for field in head.headers {
                switch field.name.utf8.count {
                case 4 where Self.isEqual(field.name, "host"):
                    hosts += 1
                    host = field.value
                case 7 where Self.isEqual(field.name, "upgrade"): hasUpgrade = true
                case 17 where Self.isEqual(field.name, "transfer-encoding"): hasTransferEncoding = true
                default: break
                }
            }
        }

        /// - Parameter other: a name of letters and hyphens, in lowercase.
        private static func isEqual(_ name: String, _ other: StaticString) -> Bool {
            let other = UnsafeBufferPointer(start: other.utf8Start, count: other.utf8CodeUnitCount)
            return name.utf8.elementsEqual(other) { $0 | 0x20 == $1 }
        }
    }

    /// Refuses a missing, repeated or malformed `Host` (RFC 9112, 3.2).
    private static func refusal(of fields: Fields, in head: HTTPRequestHead) -> Refusal? {
        switch fields.hosts {
        case 0:
            head.version == .http1_0 ? nil : Refusal(status: .badRequest, detail: "The request has no Host.")
        case 1:
            HostFieldSyntax.isValid(withoutBlanks(fields.host))
                ? nil : Refusal(status: .badRequest, detail: "The request's Host is malformed.")
        default: Refusal(status: .badRequest, detail: "The request has more than one Host.")
        }
    }

    /// Refuses transfer codings other than a single `chunked`, and any of HTTP/1.0 (RFC 9112, 6.1 and 6.3).
    private static func refusalOfTransferEncoding(_ head: HTTPRequestHead) -> Refusal? {
        let codings = head.headers["Transfer-Encoding"]
        guard !codings.isEmpty else { return nil }
        guard codings.count == 1, codings[0].lowercased() == "chunked", head.version != .http1_0 else {
            return Refusal(status: .badRequest, detail: "The request's Transfer-Encoding is not supported.")
        }
        return nil
    }

    /// Refuses fields that the parser might read in another way than ``Verdict/stopsParser`` says.
    private static func refusalOfUpgrade(_ head: HTTPRequestHead) -> Refusal? {
        let protocols = head.headers["Upgrade"]
        guard !protocols.isEmpty else { return nil }
        guard !protocols.contains("") else {
            return Refusal(status: .badRequest, detail: "The request's Upgrade is empty.")
        }
        let options = connectionOptions(head)
        let isPlain = options.allSatisfy {
            $0.utf8.allSatisfy(\.isTokenCharacter) && ($0 == "upgrade" || !$0.contains("upgrade"))
        }
        return isPlain ? nil : Refusal(status: .badRequest, detail: "The request's Connection is malformed.")
    }

    /// Returns the options of `Connection`, and of `Proxy-Connection`, which is not a standard field but read by the
    /// parser.
    private static func connectionOptions(_ head: HTTPRequestHead) -> [String] {
        (head.headers["Connection"] + head.headers["Proxy-Connection"]).flatMap { value in
            value.split(separator: ",", omittingEmptySubsequences: false).map { option in
                String(option.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()).lowercased()
            }
        }
    }

    /// Removes the blanks behind a value, which the parser leaves there although they are not part of it (RFC 9112,
    /// 5.1).
    private static func withoutBlanks(_ value: String) -> Substring.UTF8View {
        var value = value.utf8[...]
        while let last = value.last, last == UInt8(ascii: " ") || last == UInt8(ascii: "\t") { value.removeLast() }
        return value
    }
}
