import NIOHTTP1
import RouteModel

/// Rules for request heads, and for the connection after them, that the parser does not enforce (RFC 9112).
///
/// The parser accepts more than a server may: a request with contradictory or unsupported fields has two readings, and
/// a proxy in front may have chosen the other one.
enum RequestHeadRules {
    /// The response to a request that is refused. Its connection ends.
    struct Refusal: Equatable {
        let status: HTTPResponseStatus
        let detail: String
    }

    /// Returns the refusal of a request; `nil` if it may be served.
    static func refusal(of head: HTTPRequestHead) -> Refusal? {
        if head.method == .CONNECT { return Refusal(status: .notImplemented, detail: "This server is not a proxy.") }
        return refusalOfHost(head) ?? refusalOfTransferEncoding(head) ?? refusalOfUpgrade(head)
    }

    /// Indicates that the parser reads everything after the request as another protocol, and stops.
    static func stopsParser(_ head: HTTPRequestHead) -> Bool {
        head.headers.contains(name: "Upgrade") && connectionOptions(head).contains("upgrade")
    }

    /// RFC 9112, 3.2.
    private static func refusalOfHost(_ head: HTTPRequestHead) -> Refusal? {
        var host: String?
        for field in head.headers where isHost(field.name) {
            guard host == nil else {
                return Refusal(status: .badRequest, detail: "The request has more than one Host.")
            }
            host = field.value
        }
        guard let host else {
            return head.version == .http1_0 ? nil : Refusal(status: .badRequest, detail: "The request has no Host.")
        }
        guard HostField.isValid(withoutBlanks(host)) else {
            return Refusal(status: .badRequest, detail: "The request's Host is malformed.")
        }
        return nil
    }

    /// Every request is asked, so that nothing is copied.
    private static func isHost(_ name: String) -> Bool {
        name.utf8.count == 4 && name.utf8.elementsEqual("host".utf8) { $0 | 0x20 == $1 }
    }

    /// RFC 9112, 6.1 and 6.3.
    private static func refusalOfTransferEncoding(_ head: HTTPRequestHead) -> Refusal? {
        let codings = head.headers["Transfer-Encoding"]
        guard !codings.isEmpty else { return nil }
        guard codings.count == 1, codings[0].lowercased() == "chunked", head.version != .http1_0 else {
            return Refusal(status: .badRequest, detail: "The request's Transfer-Encoding is not supported.")
        }
        return nil
    }

    /// Refuses fields that the parser might read in another way than ``stopsParser(_:)`` does.
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
