package import CachedRoutesCore
import RouteModel

/// Values of context inputs that a person gives, in place of an app that authenticates requests.
package struct GivenContext: RouteContext {
    /// The name of the request field that gives values, such as `memberID=7&role=admin`.
    package static let fieldName = "Cached-Routes-Context"

    private let values: [String: String]

    /// Creates values.
    ///
    /// - Parameter values: the values by the names of their inputs.
    package init(_ values: [String: String] = [:]) { self.values = values }

    /// Tells whether a host is this machine for itself.
    ///
    /// - Parameter host: a name or an address, in brackets or not.
    package static func isLoopback(_ host: String) -> Bool {
        ["localhost", "::1", "[::1]"].contains(host.lowercased()) || isIPv4Loopback(host)
    }

    /// Creates the values of a request: those of its field, over those for all requests.
    ///
    /// - Parameters:
    ///   - field: the value of the field, `application/x-www-form-urlencoded`.
    ///   - authority: the host and port that the request is for, as the client says. The name of another host that leads here
    ///     is a trick of a page in a browser, whose scripts could be anybody by the field.
    ///   - others: the values for all requests.
    ///   - names: the names of all context inputs.
    /// - Throws: `HandlerError` with 400 if the field is malformed, or has a name that no input has, and with 403 for another
    ///   host.
    package init(
        field: String,
        to authority: String?,
        over others: [String: String],
        names: Set<String>
    ) throws(HandlerError) {
        guard Self.isLoopback(Self.host(of: authority ?? "")) else {
            throw HandlerError(
                status: 403,
                "The field '\(Self.fieldName)' is for requests to localhost or a loopback address."
            )
        }
        var values = others
        for pair in field.utf8.split(separator: UInt8(ascii: "&")) {
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            let texts = parts.map { Self.decoded($0) }
            guard texts.count == 2, let name = texts[0], let value = texts[1], !name.isEmpty else {
                throw HandlerError(
                    status: 400,
                    "The field '\(Self.fieldName)' is not like 'name=value&other=value', percent-encoded."
                )
            }
            guard names.contains(name) else {
                let known = names.sorted().map { "'\($0)'" }.joined(separator: ", ")
                throw HandlerError(
                    status: 400,
                    "The field '\(Self.fieldName)' has '\(name)', and no route has such a context input; there are \(known)."
                )
            }
            values[name] = value
        }
        self.values = values
    }

    private static func isIPv4Loopback(_ host: String) -> Bool {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    /// The host of an authority: without a port.
    private static func host(of authority: String) -> String {
        guard let colon = authority.lastIndex(of: ":"), authority.last != "]" else { return authority }
        return String(authority[..<colon])
    }

    private static func decoded(_ bytes: Substring.UTF8View) -> String? {
        var decoded: [UInt8] = []
        guard PercentEncoding.decode(bytes, into: &decoded, plusAsSpace: true) else { return nil }
        return String(validating: decoded, as: UTF8.self)
    }

    package func text(of name: String) -> String? { values[name] }
}
