import RouteModel

/// The part of a key that changes when the shape of a route's responses may change.
///
/// It covers what can differ between two versions of a manifest while the rest of the key stays the same: the version
/// of the entry format; the path with its base path; the names (also in requests), groups and types of inputs; the
/// statement with the inputs behind its parameters, or a handler; `revision`, `returns` and `status`; and the tags and
/// tables that purge responses, so that an entry stored without one of them is never taken for one that a purge would
/// have reached.
///
/// The key itself contains the values, and with them defaults and limits. Lifetimes, other stores, access, a write's
/// invalidations and the summary don't change the fingerprint.
struct Fingerprint {
    /// The version of the entry format (`CR2`).
    static let entryVersion = 2

    /// The origin of responses.
    enum Source {
        /// A statement as sent, and the names of the inputs behind `$1`, `$2`, ….
        case sql(String, parameters: [String])
        /// The app's handler.
        case handler
    }

    var path: PathTemplate
    var inputs: [RouteInput]
    var source: Source
    var revision: String?
    var returns: RouteDeclaration.Returns
    var status: Int
    var tags: [TagTemplate]
    var tables: TablePolicy?

    /// The fingerprint: eight hexadecimal digits.
    var digits: String {
        var text = Serialisation()
        text.add("entry", ["\(Self.entryVersion)"])
        text.add(
            "path",
            path.segments.map { segment in
                switch segment {
                case .literal(let literal): "=\(literal)"
                case .input(let name): ":\(name)"
                }
            }
        )
        let described = inputs.map { [$0.group.rawValue, $0.name, $0.type.description, Self.requestName(of: $0)] }
        for input in described.sorted(by: { $0.lexicographicallyPrecedes($1) }) { text.add("input", input) }
        switch source {
        case .sql(let sql, let parameters): text.add("sql", [sql] + parameters)
        case .handler: text.add("handler", [])
        }
        text.add("revision", revision.map { [$0] } ?? [])
        text.add("returns", [returns.rawValue])
        text.add("status", ["\(status)"])
        // A route without tags adds nothing, which keeps entries valid that were stored before tags existed.
        if !tags.isEmpty { text.add("tags", tags.map(\.description)) }
        if let tables {
            let (seconds, attoseconds) = tables.minimumInterval.components
            text.add("tables", ["\(seconds * 1000 + attoseconds / 1_000_000_000_000_000)"] + tables.names)
        }
        return String(Hash128(text.bytes).hexadecimal.prefix(8))
    }

    /// The name of an input in requests if it differs from the input's own; else empty. Names of header fields are
    /// case-insensitive.
    private static func requestName(of input: RouteInput) -> String {
        if let field = input.field { return field.lowercased() }
        return input.wireName.utf8.elementsEqual(input.name.utf8) ? "" : input.wireName
    }

    /// Fields and values, each prefixed with its length, so that different lists never have the same bytes.
    private struct Serialisation {
        private(set) var bytes: [UInt8] = []

        mutating func add(_ field: String, _ values: [String]) {
            append(field)
            append("\(values.count)")
            for value in values { append(value) }
        }

        private mutating func append(_ text: String) {
            bytes.append(contentsOf: "\(text.utf8.count):".utf8)
            bytes.append(contentsOf: text.utf8)
        }
    }
}
