import CPostgres

/// Explains why libpq can't read a connection string.
enum ConnectionStringDiagnosis {
    private static let example = "postgresql://user:password@host/database"

    /// The end of a sentence that begins with the string's name.
    ///
    /// - Parameters:
    ///   - message: libpq's message, which quotes parts of the string, perhaps the password.
    ///   - url: the connection string.
    /// - Returns: the reason without anything that may be secret.
    static func reason(_ message: String, in url: String) -> String {
        guard let text = Text(url) else {
            return "is no libpq connection string, such as \(example)"
        }
        for start in ["invalid connection option \"", "invalid URI query parameter: \""] where message.hasPrefix(start)
        {
            return unknownParameter(String(message.dropFirst(start.count).prefix { $0 != "\"" }), text)
        }
        if message.hasPrefix("missing \"=\"") {
            return "can't be read: a word in it has no '='; put values with blanks in single quotes"
        }
        if message.hasPrefix("invalid percent-encoded token") {
            return "can't be read: a '%' is not followed by two hexadecimal digits; write '%' itself as %25"
        }
        return "can't be read: \(withoutSecrets(message, quotations: false))"
    }

    /// The two forms of a connection string.
    private enum Text {
        case uri(String)
        case pairs(String)

        /// Determines the form; `nil` if it is neither.
        init?(_ url: String) {
            if url.hasPrefix("postgresql://") || url.hasPrefix("postgres://") {
                self = .uri(url)
            } else {
                // A pair begins with a parameter's name, so other text before the first '=' is not a connection string.
                let name = url.prefix { $0 != "=" }
                guard name.count < url.count, !name.contains(":"), !name.contains("/") else { return nil }
                self = .pairs(url)
            }
        }

        /// Indicates that the name of a parameter in libpq's message may be a part of a password that is not escaped as
        /// libpq requires.
        var mayHideSecrets: Bool {
            switch self {
            case .uri(let url): url.drop { $0 != "?" }.contains("@")
            case .pairs(let pairs): pairs.lowercased().contains("pass")
            }
        }
    }

    private static func unknownParameter(_ name: String, _ text: Text) -> String {
        let closest = NameSuggestion.closest(to: name, among: parameterNames)
        guard closest != nil || !text.mayHideSecrets else {
            return
                "has a parameter that libpq doesn't know: in a user or password write '?' as %3F and '@' as %40, and outside "
                + "of a URI put values with blanks in single quotes"
        }
        return "has the parameter '\(name)', which libpq doesn't know"
            + (closest.map { "; did you mean '\($0)'?" } ?? "")
    }

    private static let parameterNames: [String] = {
        guard let options = PQconninfoParse("", nil) else { return [] }
        defer { PQconninfoFree(options) }
        var names: [String] = []
        var option = options
        while let keyword = option.pointee.keyword {
            names.append(String(cString: keyword))
            option += 1
        }
        return names
    }()

    /// A message on one line, without quotations that may contain a part of a password.
    ///
    /// - Parameters:
    ///   - message: libpq's message.
    ///   - quotations: keeps quotations without the characters that separate a password from a host.
    static func withoutSecrets(_ message: String, quotations: Bool = true) -> String {
        let line = message.split(whereSeparator: \.isNewline).joined(separator: "; ")
        // Unicode scalars, because a quote and the combining mark behind it are one character.
        let scalars = line.unicodeScalars
        guard let first = scalars.firstIndex(of: "\""), let last = scalars.lastIndex(of: "\"") else { return line }
        let quoted = scalars[scalars.index(after: first)..<last]
        if quotations, !quoted.contains("@"), !quoted.contains(":") { return line }
        return String(scalars[..<first]) + "\"…\"" + String(scalars[last...].dropFirst())
    }
}
