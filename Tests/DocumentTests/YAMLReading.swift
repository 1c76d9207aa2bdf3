import RouteDocuments
import Testing

@testable import RouteManifest

extension Document {
    /// Reads YAML by the library's parser, with the types of YAML 1.2's core schema; `nil` for what is not YAML.
    init?(yaml text: String) {
        let diagnostics = Diagnostics()
        let source = SourceText(text, file: "f")
        let node = YAMLDocument.compose(source, keys: MappingKeys.known, reportingTo: diagnostics)
        // There is no node for a document that is null alone, which is an error of manifests.
        if node == nil, text == "null\n" {
            self = .null
            return
        }
        guard let node, !diagnostics.hasErrors else { return nil }
        self.init(node)
    }

    /// The value of a node.
    init(_ node: YAMLNode) {
        switch node.kind {
        case .scalar(let scalar): self = Self.typed(scalar)
        case .sequence(let elements): self = .array(elements.map { Document($0) })
        case .mapping(let entries): self = .object(entries.map { Member($0.key, Document($0.value)) })
        }
    }

    private static func typed(_ scalar: YAMLScalar) -> Document {
        guard scalar.isPlain else { return .string(scalar.text) }
        if scalar.isNull { return .null }
        switch scalar.text {
        case "true", "True", "TRUE": return true
        case "false", "False", "FALSE": return false
        default: break
        }
        let isNumber =
            scalar.text.wholeMatch(of: #/[-+]?[0-9]+/#) != nil
            || scalar.text.wholeMatch(of: #/[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?/#) != nil
        return isNumber ? .number(scalar.text) : .string(scalar.text)
    }
}
