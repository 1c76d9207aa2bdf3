import HTTPTypes

/// The fields without which an answer with a status may not be sent (RFC 9110, 15).
///
/// | status | field | section |
/// |---|---|---|
/// | 401 | `WWW-Authenticate` | 15.5.2 |
/// | 405 | `Allow` | 15.5.6 |
/// | 407 | `Proxy-Authenticate` | 15.5.8 |
/// | 426 | `Upgrade` | 15.5.22 |
///
/// Those of 206 and 304 are not here, because an answer with such a status is refused in any case. Where the RFC says "SHOULD", as
/// of `Location` with redirects or of `Content-Range` with 416, an answer without the field is sent.
enum RequiredFields {
    private struct Requirement {
        let name: HTTPField.Name
        let section: String
        /// A field without content is none.
        var hasContent = false
    }

    private static let proxyAuthenticate = HTTPField.Name("Proxy-Authenticate")
    private static let upgrade = HTTPField.Name("Upgrade")

    /// The requirement of a status, but for 401: what that needs is there by ``addChallenge(to:status:)``.
    private static func requirement(of status: Int) -> Requirement? {
        switch status {
        case 405: Requirement(name: .allow, section: "15.5.6")
        case 407: proxyAuthenticate.map { Requirement(name: $0, section: "15.5.8", hasContent: true) }
        case 426: upgrade.map { Requirement(name: $0, section: "15.5.22") }
        default: nil
        }
    }

    /// The fault of an answer that has not the field that its status asks for; `nil`: it has it, or none is asked for.
    static func problem(status: Int, fields: HTTPFields) -> HandlerResponse.Invalid? {
        guard let requirement = requirement(of: status) else { return nil }
        let isThere = requirement.hasContent ? hasContent(requirement.name, fields) : fields.contains(requirement.name)
        guard !isThere else { return nil }
        var text = text(status, requirement)
        // The status is not a handler's then.
        if let reason = ReservedFields.reason(against: requirement.name) {
            text += ", which a handler can't set: \(reason)"
        }
        return HandlerResponse.Invalid(text, field: requirement.name)
    }

    /// The fault of a problem that a handler has thrown, which has no fields; `nil`: its status asks for none.
    static func problem(of problem: HandlerError) -> HandlerResponse.Invalid? {
        guard let requirement = requirement(of: problem.status) else { return nil }
        if ReservedFields.reason(against: requirement.name) != nil {
            return Self.problem(status: problem.status, fields: [:])
        }
        let text = text(problem.status, requirement)
        return HandlerResponse.Invalid(
            "\(text), and a HandlerError has no fields; return a HandlerResponse with it",
            field: requirement.name
        )
    }

    private static func text(_ status: Int, _ requirement: Requirement) -> String {
        "an answer with \(status) needs '\(requirement.name)' (RFC 9110, \(requirement.section))"
    }

    /// Gives an answer with 401 a challenge where it has none (RFC 9110, 15.5.2).
    static func addChallenge(to fields: inout HTTPFields, status: Int) {
        guard status == 401, !hasContent(.wwwAuthenticate, fields) else { return }
        fields[.wwwAuthenticate] = Problem.challenge
    }

    private static func hasContent(_ name: HTTPField.Name, _ fields: HTTPFields) -> Bool {
        fields[values: name].contains { value in value.utf8.contains { $0 != 0x20 && $0 != 0x09 } }
    }
}
