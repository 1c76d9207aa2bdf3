import RouteManifest
import RouteModel

/// The JSON Schema (draft-07) of manifests, by which editors complete and check `routes.yaml`.
///
/// It is written from the tables of settings. The reader accepts what it accepts, as far as a schema can say: names that have to
/// be those of other parts of the manifest, SQL and the largest durations are left to the reader, and numbers and truth values
/// stand without quotes.
package enum ManifestSchema {
    /// The schema.
    package static func document() -> Document {
        [
            "$schema": "http://json-schema.org/draft-07/schema#",
            "title": "A manifest of CachedRoutes (routes.yaml)",
            "type": "object",
            "properties": properties,
            "required": ["version", "namespace", "routes"],
            "additionalProperties": false,
            "definitions": .object(definitions),
        ]
    }

    private static let properties: Document = [
        "version": ["description": "The version of the manifest's format, not of your API: 1.", "const": 1],
        "namespace": SchemaText.scalar.adding("pattern", "^[A-Za-z0-9_.-]+$").described(
            "The first part of every key in Redis: letters, digits, `_`, `.` and `-`."
        ),
        "access": SettingShape.choice(Manifest.Access.allCases.map(\.rawValue)).schema.described(
            "The access level of the generated type. Default: `internal`."
        ),
        "imports": [
            "description": "Modules that the generated file imports besides those it needs itself.",
            "type": "array",
            "items": .object(identifier),
            "uniqueItems": true,
        ],
        "base-path": SchemaText.matching(RouteSchema.pathPattern(hasInputs: false)).described(
            "The beginning of all paths, such as `/api/v1`."
        ),
        "defaults": [
            "description": "Settings of all routes, which a route may replace.",
            "type": "object",
            "properties": .object(RouteSettings.table.filter(\.canHaveDefault).map(RouteSchema.reference)),
            "additionalProperties": false,
        ],
        "routes": [
            "description": "The routes by their names, which are identifiers of Swift.",
            "type": "object",
            "minProperties": 1,
            "propertyNames": .object(identifier),
            "additionalProperties": ["$ref": "#/definitions/route"],
        ],
    ]

    /// The members of the schema of an identifier that is no keyword.
    static let identifier: [Document.Member] = [
        .init("type", "string"),
        .init("pattern", .string("^\(SchemaText.identifierPattern)$")),
        .init("not", ["enum": .array(SwiftIdentifierRules.keywords.sorted().map { .string($0) })]),
    ]

    private static var definitions: [Document.Member] {
        [Document.Member("route", RouteSchema.route)]
            + RouteInput.Group.allCases.map { .init("\($0.rawValue)-inputs", InputSchema.inputs(of: $0)) }
            + RouteSettings.table.map { .init("setting-\($0.name)", $0.shape.schema.described($0.documentation)) }
    }
}
