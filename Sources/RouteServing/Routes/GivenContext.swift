package import CachedRoutesCore
package import HTTPTypes
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

    /// Creates the values of a request: those of its field, if it has one, over those for all requests.
    ///
    /// - Parameters:
    ///   - fields: the fields of the request.
    ///   - authority: the host and port that the request is for, as the client says.
    ///   - others: the values for all requests.
    ///   - inputs: the context inputs of all routes.
    /// - Throws: `HandlerError`, see ``init(field:to:over:inputs:)``.
    package init(
        _ fields: HTTPFields,
        to authority: String?,
        over others: [String: String] = [:],
        inputs: [RouteInput]
    ) throws(HandlerError) {
        guard let name = HTTPField.Name(Self.fieldName), let field = fields[name] else {
            self.init(others)
            return
        }
        try self.init(field: field, to: authority, over: others, inputs: inputs)
    }

    /// Creates the values of a request: those of its field, over those for all requests.
    ///
    /// - Parameters:
    ///   - field: the value of the field, `application/x-www-form-urlencoded`.
    ///   - authority: the host and port that the request is for, as the client says. The name of another host that leads here
    ///     is a trick of a page in a browser, whose scripts could be anybody by the field.
    ///   - others: the values for all requests.
    ///   - inputs: the context inputs of all routes.
    /// - Throws: `HandlerError` with 400 if the field is malformed, has a name twice or one that no input has, or a value that is
    ///   none of its input, and with 403 for another host.
    package init(
        field: String,
        to authority: String?,
        over others: [String: String],
        inputs: [RouteInput]
    ) throws(HandlerError) {
        guard Self.isLoopback(Self.host(of: authority ?? "")) else {
            throw HandlerError(
                status: 403,
                "The field '\(Self.fieldName)' is for requests to localhost or a loopback address."
            )
        }
        var values = others
        var given: Set<String> = []
        for pair in field.utf8.split(separator: UInt8(ascii: "&")) {
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            let texts = parts.map { Self.decoded($0) }
            guard texts.count == 2, let name = texts[0], let value = texts[1], !name.isEmpty else {
                throw HandlerError(
                    status: 400,
                    "The field '\(Self.fieldName)' is not like 'name=value&other=value', percent-encoded."
                )
            }
            if let problem = Self.problem(with: value, of: name, inputs) {
                throw HandlerError(
                    status: 400,
                    "The field '\(Self.fieldName)' has a value that can't be used: \(problem)."
                )
            }
            guard given.insert(name).inserted else {
                throw HandlerError(status: 400, "The field '\(Self.fieldName)' has '\(name)' twice.")
            }
            values[name] = value
        }
        self.values = values
    }

    /// Returns the reason why a value can't be that of a context input; `nil` if it can.
    ///
    /// Routes may have inputs of one name and several types; a value may be one of any.
    ///
    /// - Parameters:
    ///   - value: the value.
    ///   - name: the name of the input.
    ///   - inputs: the context inputs of all routes.
    package static func problem(with value: String, of name: String, _ inputs: [RouteInput]) -> String? {
        let own = inputs.filter { $0.name == name }
        guard !own.isEmpty else {
            let names = Set(inputs.map(\.name)).sorted().map { "'\($0)'" }.joined(separator: ", ")
            return "no route has a context input '\(name)'"
                + (names.isEmpty ? ", nor any other" : "; there are \(names)")
        }
        var reason: InputError?
        for input in own {
            do throws(InputError) {
                _ = try input.canonical(value)
                return nil
            } catch {
                // Values of the type that the declaration doesn't allow are for the routes to refuse.
                guard !error.isOfType else { return nil }
                reason = reason ?? error
            }
        }
        return reason.map { "'\(name)' \($0)" }
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
