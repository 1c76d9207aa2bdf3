import RouteModel

/// The payload of a `NOTIFY` with which SQL purges tags and routes:
/// `{"tags": ["books", {"tag": "user:{id}", "with": {"id": 7}}], "routes": ["listUsers"], "namespace": "shop"}`.
///
/// It begins with a brace, unlike the name of any table. A tag is complete, or a template with the values of its
/// inputs, which are brought into the canonical form of requests' values. Without a namespace it applies to those of
/// all manifests.
struct PurgeRequest {
    /// The reason why a payload, or a part of it, can't be understood.
    struct SyntaxError: Error, Hashable, CustomStringConvertible {
        let description: String
    }

    /// A tag with the values of its inputs, in the order of its template.
    private struct Tag {
        let template: TagTemplate
        let values: [[UInt8]]
    }

    private(set) var namespace: String?
    private var tags: [Tag] = []
    private(set) var routes: [String] = []

    /// Indicates that a payload is a purge notice, well-formed or not.
    static func isOne(_ payload: String) -> Bool { payload.utf8.first == UInt8(ascii: "{") }

    /// Reads a payload.
    init(_ payload: String) throws(SyntaxError) {
        let value: JSONValue
        do { value = try JSONValue(Array(payload.utf8)) } catch { throw SyntaxError(description: "it \(error)") }
        guard value.kind == .object else { throw SyntaxError(description: "it is not a JSON object") }
        for member in value.members {
            let name = String(decoding: member.name, as: UTF8.self)
            switch name {
            case "namespace": namespace = try Self.text(member.value, "'namespace'")
            case "routes":
                routes = try Self.elements(member.value, "'routes'").map { route throws(SyntaxError) in
                    try Self.text(route, "a route")
                }
            case "tags":
                tags = try Self.elements(member.value, "'tags'").map { tag throws(SyntaxError) in try Self.tag(tag) }
            default: throw SyntaxError(description: "'\(name)' is not one of 'tags', 'routes' and 'namespace'")
            }
        }
        guard !tags.isEmpty || !routes.isEmpty else { throw SyntaxError(description: "it names no tags and no routes") }
    }

    /// Resolves the notice to the keys of tag versions.
    ///
    /// - Parameters:
    ///   - namespaces: the namespaces of this process.
    ///   - patterns: the tags of its routes.
    ///   - known: the keys of its routes that read, by the routes' names.
    /// - Returns: the keys to purge, and a fault for each tag or route that this process can't have. An unknown route
    ///   is among the keys nevertheless, because other processes may have it.
    func names(
        in namespaces: [String],
        tags patterns: TagTemplateIndex,
        routes known: [String: [TagVersionKey]]
    ) -> (names: [TagVersionKey], faults: [SyntaxError]) {
        var names: [TagVersionKey] = []
        var faults: [SyntaxError] = []
        let namespaces = namespaces.filter { namespace == nil || namespace == $0 }
        for namespace in namespaces {
            for tag in tags {
                let rendered = patterns.tags(tag.template, tag.values, in: namespace)
                names += rendered.tags.map { .tag($0, in: namespace) }
                if let fault = rendered.fault { faults.append(SyntaxError(description: fault)) }
            }
            names += routes.map { .route($0, in: namespace) }
        }
        if !namespaces.isEmpty {
            for route in routes where !names.contains(where: { known[route]?.contains($0) ?? false }) {
                faults.append(Self.unknownRoute(route, in: namespace, among: known))
            }
        }
        return (names.withoutRepetitions, faults.withoutRepetitions)
    }

    private static func unknownRoute(
        _ route: String,
        in namespace: String?,
        among known: [String: [TagVersionKey]]
    ) -> SyntaxError {
        let place = namespace.map { " in '\($0)'" } ?? ""
        let hint = MisspellingSuggestion.text(for: route, among: known.keys.filter { $0 != route }.sorted())
        return SyntaxError(description: "no GET route\(place) is called '\(route)'\(hint)")
    }

    private static func text(_ value: JSONValue, _ what: String) throws(SyntaxError) -> String {
        guard value.kind == .string, !value.text.isEmpty else {
            throw SyntaxError(description: "\(what) is not a text")
        }
        return String(decoding: value.text, as: UTF8.self)
    }

    private static func elements(_ value: JSONValue, _ what: String) throws(SyntaxError) -> [JSONValue] {
        guard value.kind == .array else { throw SyntaxError(description: "\(what) is not a list") }
        return Array(value.elements)
    }

    private static func tag(_ value: JSONValue) throws(SyntaxError) -> Tag {
        guard value.kind == .object else { return try Self.tag(try text(value, "a tag"), [:]) }
        var template: String?
        var values: [String: [UInt8]] = [:]
        for member in value.members {
            switch String(decoding: member.name, as: UTF8.self) {
            case "tag": template = try text(member.value, "'tag'")
            case "with":
                guard member.value.kind == .object else { throw SyntaxError(description: "'with' is not an object") }
                for input in member.value.members {
                    values[String(decoding: input.name, as: UTF8.self)] = try bytes(input.value)
                }
            case let name: throw SyntaxError(description: "'\(name)' of a tag is not one of 'tag' and 'with'")
            }
        }
        guard let template else { throw SyntaxError(description: "an element of 'tags' has no 'tag'") }
        return try tag(template, values)
    }

    private static func bytes(_ value: JSONValue) throws(SyntaxError) -> [UInt8] {
        switch value.kind {
        case .string: Array(value.text)
        case .number, .true, .false: Array(value.bytes)
        case .null, .object, .array:
            throw SyntaxError(description: "a value under 'with' is not a text, a number, true or false")
        }
    }

    private static func tag(_ text: String, _ values: [String: [UInt8]]) throws(SyntaxError) -> Tag {
        let template = TagTemplate(text)
        var ordered: [[UInt8]] = []
        for part in template.parts {
            switch part {
            case .text(let text):
                guard text.utf8.allSatisfy(TagTemplate.allows) else {
                    throw SyntaxError(
                        description: """
                            '\(text)' can't stand in a tag; give it as a value: {"tag": "user:{name}", "with": {"name": …}}
                            """
                    )
                }
            case .input(let name):
                guard let value = values[name] else {
                    throw SyntaxError(description: "the tag '\(template)' has no value for {\(name)} under 'with'")
                }
                ordered.append(value)
            }
        }
        return Tag(template: template, values: ordered)
    }
}
