public import HTTPTypes
import RouteModel

/// The scripts of other origins that may read responses (CORS, as the Fetch standard defines it).
///
/// The methods are those of the routes of a path, and need no setting.
public struct CrossOriginPolicy: Sendable {
    private enum Origins: Sendable {
        case any
        case listed([String])
    }

    private let origins: Origins
    private let requestHeaders: [HTTPField.Name]
    private let exposedHeaders: [HTTPField.Name]
    private let maxAge: Duration
    private let allowsCredentials: Bool

    /// The request fields that are allowed by default: those that routes, and closures that authenticate, usually read.
    public static let usualRequestHeaders: [HTTPField.Name] = [.authorization, .contentType, .ifMatch, .ifNoneMatch]

    /// Allows scripts of any origin to read responses. They can't send cookies or other credentials of the browser.
    ///
    /// - Parameters:
    ///   - requestHeaders: the fields that scripts may send, besides those that the standard always allows.
    ///   - exposedHeaders: the response fields that scripts may read, besides those that the standard always exposes.
    ///   - maxAge: the time for which browsers may cache the response to a preflight request.
    public static func anyOrigin(
        requestHeaders: [HTTPField.Name] = usualRequestHeaders,
        exposedHeaders: [HTTPField.Name] = [.eTag],
        maxAge: Duration = .seconds(600)
    ) -> CrossOriginPolicy {
        CrossOriginPolicy(
            origins: .any,
            requestHeaders: requestHeaders,
            exposedHeaders: exposedHeaders,
            maxAge: maxAge,
            allowsCredentials: false
        )
    }

    /// Allows scripts of some origins to read responses.
    ///
    /// - Parameters:
    ///   - origins: the origins, such as `https://example.org` or `http://localhost:3000`.
    ///     ``CachedRoutesServer/run()`` throws an error if one of them has another form.
    ///   - requestHeaders: the fields that scripts may send, besides those that the standard always allows.
    ///   - exposedHeaders: the response fields that scripts may read, besides those that the standard always exposes.
    ///   - maxAge: the time for which browsers may cache the response to a preflight request.
    ///   - allowsCredentials: true if scripts may send cookies and other credentials of the browser.
    public static func origins(
        _ origins: [String],
        requestHeaders: [HTTPField.Name] = usualRequestHeaders,
        exposedHeaders: [HTTPField.Name] = [.eTag],
        maxAge: Duration = .seconds(600),
        allowsCredentials: Bool = false
    ) -> CrossOriginPolicy {
        CrossOriginPolicy(
            origins: .listed(origins),
            requestHeaders: requestHeaders,
            exposedHeaders: exposedHeaders,
            maxAge: maxAge,
            allowsCredentials: allowsCredentials
        )
    }

    // MARK: - Responses

    /// The origins that are listed; `nil` if any origin is allowed.
    var listedOrigins: [String]? {
        switch origins {
        case .any: nil
        case .listed(let origins): origins
        }
    }

    /// Returns the fields of responses to scripts of an origin, besides `Vary`; `nil` if the origin is not allowed.
    ///
    /// - Parameter origin: the value of the request's `Origin`.
    func fields(for origin: String) -> HTTPFields? {
        var fields: HTTPFields
        switch origins {
        case .any: fields = [.accessControlAllowOrigin: "*"]
        case .listed(let origins):
            guard origins.contains(origin) else { return nil }
            fields = [.accessControlAllowOrigin: origin]
            if allowsCredentials { fields[.accessControlAllowCredentials] = "true" }
        }
        return fields
    }

    /// The fields that responses which are not to preflight requests have as well.
    var exposingFields: HTTPFields {
        exposedHeaders.isEmpty ? [:] : [.accessControlExposeHeaders: Self.list(exposedHeaders)]
    }

    /// Returns the fields of the response to a preflight request, besides those of all responses to its origin.
    ///
    /// - Parameter methods: the methods of the path.
    func preflightFields(methods: String) -> HTTPFields {
        var fields: HTTPFields = [.accessControlAllowMethods: methods]
        if !requestHeaders.isEmpty { fields[.accessControlAllowHeaders] = Self.list(requestHeaders) }
        fields[.accessControlMaxAge] = String(max(0, maxAge.components.seconds))
        return fields
    }

    private static func list(_ names: [HTTPField.Name]) -> String {
        names.map(\.rawName).joined(separator: ", ")
    }

    // MARK: - Mistakes

    /// The problems of the listed origins, a sentence each.
    var problems: [String] {
        (listedOrigins ?? []).filter { !Self.isOrigin($0) }.map { origin in
            "'\(origin)' is not an origin that a browser sends: write the scheme and the host in lowercase, and the port "
                + "unless it is the scheme's own, such as https://example.org or http://localhost:3000"
        }
    }

    /// Indicates that a text is an origin as browsers serialize it (RFC 6454, 6.2).
    private static func isOrigin(_ text: String) -> Bool {
        guard let colon = text.firstIndex(of: ":"), text[colon...].hasPrefix("://") else { return false }
        let scheme = text[..<colon]
        let authority = text[colon...].dropFirst(3)
        let isWritable = text.utf8.allSatisfy {
            (UInt8(ascii: "!")...UInt8(ascii: "~")).contains($0)
                && !(UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0)
        }
        guard isWritable, !scheme.isEmpty, !authority.isEmpty,
            !authority.contains(where: { "/?#@\\*,".contains($0) })
        else { return false }
        let port = authority.hasPrefix("[") ? authority.drop { $0 != "]" }.dropFirst() : authority.drop { $0 != ":" }
        guard !port.isEmpty else { return true }
        guard port.first == ":", let number = UInt16(port.dropFirst()), String(number) == port.dropFirst() else {
            return false
        }
        return !(scheme == "http" && number == 80 || scheme == "https" && number == 443)
    }
}
