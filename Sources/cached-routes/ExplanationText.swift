import CachedRoutes
import CachedRoutesCore
import HTTPTypes
import NIOCore
import RouteDocuments
import RouteModel

/// The text about one request: a line a subject, indented below the request.
enum ExplanationText {
    /// Returns the lines about a request.
    static func block(_ request: RequestOptions.Request) -> String {
        var lines = [request.title]
        func add(_ subject: String, _ text: String) { lines.append(line(subject, text)) }
        guard let (route, result) = request.found else {
            for (number, reason) in request.reasons.enumerated() { add(number == 0 ? "no route" : "", reason) }
            return lines.map { $0 + "\n" }.joined()
        }
        add("route", title(of: route))
        switch result {
        case .refused(let response):
            add("refused", "\(response.status.code) \(response.status.reasonPhrase)")
            add("", String(buffer: response.body))
            for reason in request.reasons { add("", reason) }
        case .explained(let explanation):
            for (subject, text) in subjects(explanation, route) { add(subject, text) }
        }
        return lines.map { $0 + "\n" }.joined()
    }

    /// An indented line.
    static func line(_ subject: String, _ text: String) -> String {
        let padding = String(repeating: " ", count: max(1, 10 - subject.count))
        return "  \(subject)\(padding)\(text)"
    }

    /// The name of a route with its place.
    static func title(of route: ListedRoute) -> String {
        route.name + (route.declaration.location.map { "  (\($0))" } ?? "")
    }

    private static func subjects(_ explanation: RequestExplanation, _ route: ListedRoute) -> [(String, String)] {
        var subjects: [(String, String)] = []
        if !explanation.inputs.isEmpty {
            subjects.append(("inputs", explanation.inputs.map(text).joined(separator: " · ")))
        }
        if !explanation.ignoredQuery.isEmpty {
            subjects.append(("ignored", explanation.ignoredQuery.map(printable).joined(separator: ", ")))
        }
        switch explanation.bypass {
        case .write:
            let purges = explanation.purges.map(name).joined(separator: " · ")
            subjects.append(("purges", purges.isEmpty ? "nothing" : purges))
        case let bypass?: subjects.append(("stored", "never: \(reason(bypass))"))
        case nil:
            if let key = explanation.key { subjects += texts(of: key, explanation) }
            var versions = explanation.tagVersions.map(name)
            if route.hasUnknownTables { versions.append("tables: auto, unknown without a lock that fits") }
            subjects.append(("versions", versions.joined(separator: " · ")))
            if let cache = explanation.route.cache { subjects.append(("fresh", lifetime(of: cache))) }
        }
        if route.isHandler { subjects.append(("made by", "the app's method '\(route.name)'")) }
        return subjects
    }

    private static func texts(of key: CacheKey, _ explanation: RequestExplanation) -> [(String, String)] {
        var texts = [("key", "\(key)")]
        if key.isCut {
            let stored = String(decoding: key.stored, as: UTF8.self)
            texts.append(("in Redis", "\(stored), because the key is longer than \(CacheKey.longestStored) bytes"))
        }
        if explanation.coding == .gzip { texts.append(("form", "gzip, under the key with ';gzip' behind it")) }
        return texts
    }

    // MARK: - Inputs

    /// The name of an input with its value and the value's origin.
    private static func text(_ input: RequestExplanation.Input) -> String {
        let name = input.declaration.name
        guard input.isPresent else {
            if input.isNull { return "\(name) = null" }
            guard case .standard(let sent) = input.origin, !sent.isEmpty else { return "\(name) absent" }
            return "\(name) absent (\(value(sent)) is no value of it)"
        }
        let notes: [String] =
            switch input.origin {
            case .sent: input.isDefault ? ["also its default"] : []
            case .normalised(let sent):
                ["sent as \(value(sent, isList: input.declaration.type.isList))"]
                    + (input.isDefault ? ["also its default"] : [])
            case .standard(let sent):
                sent.isEmpty ? ["default"] : ["default, in place of \(value(sent))"]
            }
        let note = notes.isEmpty ? "" : " (\(notes.joined(separator: ", ")))"
        return "\(name) = \(value(of: input))\(note)"
    }

    /// The value of an input, in brackets if it is a list.
    static func value(of input: RequestExplanation.Input) -> String {
        if input.isNull { return "null" }
        guard input.isPresent else { return "absent" }
        return value(input.texts, isList: input.declaration.type.isList)
    }

    private static func value(_ texts: [String], isList: Bool = false) -> String {
        let text = texts.map(printable).joined(separator: ", ")
        return isList ? "[\(text)]" : text
    }

    /// The text, in quotes if it has anything but plain characters. What can't be seen is written by its number.
    static func printable(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\"") }
        guard !isPlain || text.isEmpty else { return text }
        return JSONStringEscaper.quoted(text).unicodeScalars.reduce(into: "") { quoted, scalar in
            if scalar.isVisible {
                quoted.unicodeScalars.append(scalar)
            } else {
                quoted += JSONStringEscaper.quoted(String(scalar), isASCII: true).dropFirst().dropLast()
            }
        }
    }

    // MARK: - Keys and times

    /// The kind and the name of a tag version, such as `tag user:7`.
    static func name(_ key: TagVersionKey) -> String {
        let parts = "\(key)".split(separator: ";", maxSplits: 2, omittingEmptySubsequences: false)
        return parts.count == 3 ? "\(parts[1]) \(parts[2])" : "\(key)"
    }

    /// The reason why no stored response is looked up.
    static func reason(_ bypass: RequestExplanation.Bypass) -> String {
        switch bypass {
        case .write: "the route writes"
        case .uncached: "the route has 'cache: off'"
        case .authorization: "the request has Authorization, and the route is not 'public: true'"
        case .noStore: "the request says Cache-Control: no-store, which the route honors"
        }
    }

    private static func lifetime(of cache: CachePolicy) -> String {
        func text(_ duration: Duration) -> String { QuantityNotation.text(of: duration) }
        var parts = [text(cache.ttl) + (cache.jitter > 0 ? " less up to \(cache.jitter) %" : "")]
        if cache.staleWhileRevalidate > .zero {
            parts.append("stale-while-revalidate \(text(cache.staleWhileRevalidate))")
        }
        if cache.staleIfError > .zero { parts.append("stale-if-error \(text(cache.staleIfError))") }
        if let ttl = cache.negativeTTL { parts.append("404 for \(text(ttl))") }
        return parts.joined(separator: " · ")
    }
}

extension Unicode.Scalar {
    /// Indicates a character that a terminal shows, and that does nothing to others.
    fileprivate var isVisible: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
        default: true
        }
    }
}
