import RouteManifest
import RouteModel

/// The schema of a route.
enum RouteSchema {
    private static let methods = RouteSignature.Method.allCases.map(\.rawValue)
    private static let sources = ["sql", "sql-file", "handler"]

    /// The schema of a route's mapping: its method with the path, one source, inputs and settings.
    static var route: Document {
        let settings = RouteSettings.table.map(reference)
        let rules: [Document] = [
            [
                "if": ["required": ["get"]],
                "then": without(["body"] + names { !$0.isForRoutes(thatWrite: false, withHandlers: false) }),
                "else": without(names { !$0.isForRoutes(thatWrite: true, withHandlers: false) }),
            ],
            [
                "if": ["required": ["handler"]],
                "then": without(["returns"] + names(areNotForHandlers)),
            ],
            [
                "if": ["properties": ["cache": ["const": "off"]], "required": ["cache", "get"]],
                "then": without(
                    names { !$0.isForUncachedRoutes && $0.isForRoutes(thatWrite: false, withHandlers: false) }
                ),
            ],
        ]
        return [
            "type": "object",
            "properties": .object(methods.map(method) + parts + settings),
            "additionalProperties": false,
            "allOf": .array(exactlyOne(of: methods) + exactlyOne(of: sources) + rules),
        ]
    }

    /// The member for a setting, whose schema stands among the definitions.
    static func reference<Settings>(_ setting: Setting<Settings>) -> Document.Member {
        .init(setting.name, ["$ref": .string("#/definitions/setting-\(setting.name)")])
    }

    private static func areNotForHandlers(_ setting: Setting<RouteSettings>) -> Bool {
        [false, true].contains { isWrite in
            setting.isForRoutes(thatWrite: isWrite, withHandlers: false)
                && !setting.isForRoutes(thatWrite: isWrite, withHandlers: true)
        }
    }

    private static func names(_ isIncluded: (Setting<RouteSettings>) -> Bool) -> [String] {
        RouteSettings.table.filter(isIncluded).map(\.name)
    }

    private static func without(_ names: [String]) -> Document {
        ["properties": .object(names.map { .init($0, false) })]
    }

    /// The schemas of a mapping with one of these keys. A second one is a mistake at its key.
    private static func exactlyOne(of names: [String]) -> [Document] {
        let atLeastOne: Document = ["anyOf": .array(names.map { ["required": [.string($0)]] })]
        return [atLeastOne]
            + names.indices.dropLast().map { index -> Document in
                ["if": ["required": [.string(names[index])]], "then": without(Array(names[(index + 1)...]))]
            }
    }

    private static func method(_ name: String) -> Document.Member {
        .init(
            name,
            SchemaText.matching(pathPattern(hasInputs: true)).described(
                "The path of a \(name.uppercased()) route, below 'base-path'. Inputs are whole segments: `/users/{id}`."
            )
        )
    }

    /// The pattern of a path.
    static func pathPattern(hasInputs: Bool) -> String {
        let literal = #"(?!\.{1,2}(/|$))[A-Za-z0-9._~-]+"#
        let segment = hasInputs ? #"(\#(literal)|\{\#(SchemaText.identifierPattern)\})"# : "(\(literal))"
        return "^/(\(segment)(/\(segment))*/?)?$"
    }

    private static var parts: [Document.Member] {
        [
            .init(
                "summary",
                SchemaText.scalar.adding("pattern", #"^[^\u0000-\u001F\u007F]*$"#).described(
                    "A description in one line."
                )
            )
        ]
            + RouteInput.Group.allCases.map {
                .init($0.rawValue, ["$ref": .string("#/definitions/\($0.rawValue)-inputs")])
            } + [
                .init(
                    "sql",
                    ["type": "string", "minLength": 1, "description": "The statement. `:name` stands for an input."]
                ),
                .init(
                    "sql-file",
                    SchemaText.matching(#"^(?!/|~)(?!.*(\\|:|//))(?!(.*/)?\.\.(/|$)).*\.sql$"#).described(
                        "The file of the statement, by its path from the manifest's folder."
                    )
                ),
                .init(
                    "handler",
                    ["enum": ["swift"], "description": "A method of the generated protocol `Handlers` answers."]
                ),
            ]
    }
}
