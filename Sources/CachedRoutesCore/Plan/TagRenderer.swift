import RouteModel

/// A compiled tag of a route.
struct TagRenderer: Sendable {
    private enum Part: Sendable {
        case text([UInt8])
        /// A decimal in a body keeps the scale that the client gave it. Those of paths, queries, headers and contexts
        /// have none, and a write must purge the responses to them.
        case value(Int, hasScale: Bool)
    }

    private let parts: [Part]
    private let namespace: String
    /// The index of the list input with a tag for each of its elements.
    private let list: Int?

    /// Compiles a tag.
    ///
    /// - Parameters:
    ///   - template: the tag.
    ///   - signature: the inputs of the route whose values are filled in.
    ///   - namespace: the namespace of the tag; `nil` for that of the route.
    init(_ template: TagTemplate, of signature: RouteSignature, in namespace: String? = nil) {
        var list: Int?
        parts = template.parts.map { part in
            switch part {
            case .text(let text): return .text(Array(text.utf8))
            case .input(let name):
                guard let index = signature.inputs.firstIndex(where: { $0.name == name }) else {
                    preconditionFailure("the tag '\(template)' names '\(name)', which is no input")
                }
                if signature.inputs[index].type.isList {
                    precondition(list == nil || list == index, "the tag '\(template)' has two lists")
                    list = index
                }
                let input = signature.inputs[index]
                return .value(index, hasScale: input.type.scalar == .decimal && input.group == .body)
            }
        }
        self.list = list
        self.namespace = namespace ?? signature.namespace
    }

    /// Indicates that the tag is the same for all values.
    var isConstant: Bool { parts.allSatisfy { if case .text = $0 { true } else { false } } }

    /// The keys of the tag versions for `values`: one for each element of a list, and none if an input is absent.
    func names(for values: InputValues) -> [TagVersionKey] {
        guard let list else { return name(for: values, element: nil).map { [$0] } ?? [] }
        return values.allBytes(at: list).compactMap { name(for: values, element: $0) }
    }

    private func name(for values: InputValues, element: ArraySlice<UInt8>?) -> TagVersionKey? {
        var tag: [UInt8] = []
        for part in parts {
            switch part {
            case .text(let text): tag.append(contentsOf: text)
            case .value(let index, let hasScale):
                guard let value = index == list ? element : values.bytes(at: index) else { return nil }
                PercentEncoding.append(hasScale ? value.withoutScale : value, to: &tag, spaceAsPlus: false)
            }
        }
        return .tag(tag, in: namespace)
    }
}
