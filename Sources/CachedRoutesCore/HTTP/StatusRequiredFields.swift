import HTTPTypes

/// The fields that a response needs because of its status (RFC 9110, 15).
///
/// | status | field | section |
/// |---|---|---|
/// | 401 | `WWW-Authenticate` | 15.5.2 |
/// | 405 | `Allow` | 15.5.6 |
/// | 407 | `Proxy-Authenticate` | 15.5.8 |
/// | 426 | `Upgrade` | 15.5.22 |
///
/// Those of 206 and 304 are left out because such responses are always refused. A field that the RFC only recommends
/// ("SHOULD"), such as `Location` with redirects or `Content-Range` with 416, is not required.
enum StatusRequiredFields {
    private struct Requirement {
        let name: HTTPField.Name
        let section: String
        /// Requires the field to have content.
        var hasContent = false
    }

    private static let proxyAuthenticate = HTTPField.Name("Proxy-Authenticate")
    private static let upgrade = HTTPField.Name("Upgrade")

    /// The requirement of a status other than 401, which ``addChallenge(to:status:)`` satisfies.
    private static func requirement(of status: Int) -> Requirement? {
        switch status {
        case 405: Requirement(name: .allow, section: "15.5.6")
        case 407: proxyAuthenticate.map { Requirement(name: $0, section: "15.5.8", hasContent: true) }
        case 426: upgrade.map { Requirement(name: $0, section: "15.5.22") }
        default: nil
        }
    }

    /// The error of a response that lacks the field that its status requires; `nil` if it has it or needs none.
    static func problem(status: Int, fields: HTTPFields) -> HandlerResponse.ValidationError? {
        guard let requirement = requirement(of: status) else { return nil }
        let isThere = requirement.hasContent ? hasContent(requirement.name, fields) : fields.contains(requirement.name)
        guard !isThere else { return nil }
        var text = text(status, requirement)
        // No handler can then use the status.
        if let reason = ReservedFields.reason(against: requirement.name) {
            text += ", which a handler can't set: \(reason)"
        }
        return HandlerResponse.ValidationError(text, field: requirement.name)
    }

    /// The error of a handler's problem, which has no fields, with a status that requires one; `nil` for other
    /// statuses.
    static func problem(of problem: HandlerError) -> HandlerResponse.ValidationError? {
        guard let requirement = requirement(of: problem.status) else { return nil }
        if ReservedFields.reason(against: requirement.name) != nil {
            return Self.problem(status: problem.status, fields: [:])
        }
        let text = text(problem.status, requirement)
        return HandlerResponse.ValidationError(
            "\(text), and a HandlerError has no fields; return a HandlerResponse with it",
            field: requirement.name
        )
    }

    private static func text(_ status: Int, _ requirement: Requirement) -> String {
        "a response with \(status) needs '\(requirement.name)' (RFC 9110, \(requirement.section))"
    }

    /// Adds a challenge to a 401 without one (RFC 9110, 15.5.2).
    static func addChallenge(to fields: inout HTTPFields, status: Int) {
        guard status == 401, !hasContent(.wwwAuthenticate, fields) else { return }
        fields[.wwwAuthenticate] = Problem.challenge
    }

    private static func hasContent(_ name: HTTPField.Name, _ fields: HTTPFields) -> Bool {
        fields[values: name].contains { value in
            value.utf8.contains { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }
        }
    }
}
