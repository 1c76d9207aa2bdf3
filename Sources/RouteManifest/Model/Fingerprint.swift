import RouteModel

/// The part of a key that changes whenever the shape of a route's answers may.
///
/// It covers what two versions of a manifest can have different while the rest of the key stays the same: the version of the
/// entry format, the path with its base path, names (also those in requests), groups and types of inputs, the statement with
/// the inputs behind its parameters or else the handler's `revision`, `returns` and `status`; and the tags and tables that
/// purge answers, so that what was stored without one of them is never taken for an answer that a purge would have reached.
/// Values, and with them defaults and limits, stand in the key itself. How long an answer lives, where else it is kept, who
/// may have it, what a write purges and what people call it change nothing in it.
struct Fingerprint {
    /// The version of the entry format (`CR2`).
    static let entryVersion = 2

    /// What answers are made from.
    enum Source {
        /// A statement as it is sent, and the inputs behind `$1`, `$2`, ….
        case sql(String, parameters: [String])
        /// The app's own code.
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

    /// Eight hexadecimal digits.
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
        // Nothing at all where there are none: entries of before there were tags stay valid.
        if !tags.isEmpty { text.add("tags", tags.map(\.description)) }
        if let tables {
            let (seconds, attoseconds) = tables.minimumInterval.components
            text.add("tables", ["\(seconds * 1000 + attoseconds / 1_000_000_000_000_000)"] + tables.names)
        }
        return String(Hash128(text.bytes).hexadecimal.prefix(8))
    }

    /// The name that requests have for an input, where it is not the input's own. Fields are named in any case.
    private static func requestName(of input: RouteInput) -> String {
        if let field = input.field { return field.lowercased() }
        return input.wireName.utf8.elementsEqual(input.name.utf8) ? "" : input.wireName
    }

    /// Texts with their lengths before them, so that no two lists of fields are written alike.
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
