import RouteModel

/// The payload of a `NOTIFY` by which SQL purges what it names:
/// `{"tags": ["books", {"tag": "user:{id}", "with": {"id": 7}}], "routes": ["listUsers"], "namespace": "shop"}`.
///
/// It begins with a brace, as no table's name does. A tag is complete, or a template with the values of its inputs, which are
/// percent-encoded as those of requests are. Without a namespace it is about those of all manifests.
struct PurgeNotice: Equatable {
    /// Why a payload can't be understood.
    struct Fault: Error, Equatable, CustomStringConvertible {
        let description: String
    }

    private(set) var namespace: String?
    private(set) var tags: [[UInt8]] = []
    private(set) var routes: [String] = []

    /// Whether a payload is a purge notice, well-formed or not.
    static func isOne(_ payload: String) -> Bool { payload.utf8.first == 0x7B }

    /// Reads a payload.
    init(_ payload: String) throws(Fault) {
        let value: JSONValue
        do { value = try JSONValue(Array(payload.utf8)) } catch { throw Fault(description: "it \(error)") }
        guard value.kind == .object else { throw Fault(description: "it is not a JSON object") }
        for member in value.members {
            let name = String(decoding: member.name, as: UTF8.self)
            switch name {
            case "namespace": namespace = try Self.text(member.value, "'namespace'")
            case "routes":
                routes = try Self.elements(member.value, "'routes'").map { route throws(Fault) in
                    try Self.text(route, "a route")
                }
            case "tags":
                tags = try Self.elements(member.value, "'tags'").map { tag throws(Fault) in try Self.tag(tag) }
            default: throw Fault(description: "'\(name)' is not one of 'tags', 'routes' and 'namespace'")
            }
        }
        guard !tags.isEmpty || !routes.isEmpty else { throw Fault(description: "it names no tags and no routes") }
    }

    /// The tokens to be purged in these namespaces.
    func names(in namespaces: [String]) -> [TokenName] {
        namespaces.filter { self.namespace == nil || self.namespace == $0 }.flatMap { namespace in
            tags.map { .tag($0, in: namespace) } + routes.map { .route($0, in: namespace) }
        }.withoutRepetitions
    }

    private static func text(_ value: JSONValue, _ what: String) throws(Fault) -> String {
        guard value.kind == .string, !value.text.isEmpty else { throw Fault(description: "\(what) is not a text") }
        return String(decoding: value.text, as: UTF8.self)
    }

    private static func elements(_ value: JSONValue, _ what: String) throws(Fault) -> [JSONValue] {
        guard value.kind == .array else { throw Fault(description: "\(what) is not a list") }
        return Array(value.elements)
    }

    private static func tag(_ value: JSONValue) throws(Fault) -> [UInt8] {
        guard value.kind == .object else {
            return try complete(try text(value, "a tag"), values: [:])
        }
        var template: String?
        var values: [String: [UInt8]] = [:]
        for member in value.members {
            switch String(decoding: member.name, as: UTF8.self) {
            case "tag": template = try text(member.value, "'tag'")
            case "with":
                guard member.value.kind == .object else { throw Fault(description: "'with' is not an object") }
                for input in member.value.members {
                    values[String(decoding: input.name, as: UTF8.self)] = try canonical(input.value)
                }
            case let name: throw Fault(description: "'\(name)' of a tag is not one of 'tag' and 'with'")
            }
        }
        guard let template else { throw Fault(description: "an element of 'tags' has no 'tag'") }
        return try complete(template, values: values)
    }

    private static func canonical(_ value: JSONValue) throws(Fault) -> [UInt8] {
        switch value.kind {
        case .string: Array(value.text)
        case .number, .true, .false: Array(value.bytes)
        case .null, .object, .array:
            throw Fault(description: "a value under 'with' is not a text, a number, true or false")
        }
    }

    private static func complete(_ template: String, values: [String: [UInt8]]) throws(Fault) -> [UInt8] {
        var tag: [UInt8] = []
        for part in TagTemplate(template).parts {
            switch part {
            case .text(let text):
                guard text.utf8.allSatisfy(TagTemplate.allows) else {
                    throw Fault(
                        description: """
                            '\(text)' can't stand in a tag; give it as a value: {"tag": "user:{name}", "with": {"name": …}}
                            """
                    )
                }
                tag.append(contentsOf: text.utf8)
            case .input(let name):
                guard let value = values[name] else {
                    throw Fault(description: "the tag '\(template)' has no value for {\(name)} under 'with'")
                }
                PercentEncoding.append(value, to: &tag, spaceAsPlus: false)
            }
        }
        return tag
    }
}
