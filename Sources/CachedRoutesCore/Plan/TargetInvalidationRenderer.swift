import RouteModel

/// A compiled target of a write.
struct TargetInvalidationRenderer: Sendable {
    private enum Names: Sendable {
        case tagged(TagRenderer)
        case constant(TagVersionKey)
    }

    private let names: Names
    private let conditions: [(index: Int, text: [UInt8])]

    init(_ target: TargetInvalidation, of signature: RouteSignature) {
        switch target.answers {
        case .tagged(let path): names = .tagged(TagRenderer(path, of: signature, in: target.namespace))
        case .all(let route): names = .constant(.route(route, in: target.namespace))
        }
        conditions = target.values.map { name, text in
            guard let index = signature.inputs.firstIndex(where: { $0.name == name }) else {
                preconditionFailure("a target names '\(name)', which is no input")
            }
            return (index, Array(text.utf8))
        }
    }

    /// The keys of the tag versions that a write with `values` purges.
    func names(for values: InputValues) -> [TagVersionKey] {
        guard conditions.allSatisfy({ values.bytes(at: $0.index)?.elementsEqual($0.text) ?? false }) else { return [] }
        switch names {
        case .tagged(let tag): return tag.names(for: values)
        case .constant(let name): return [name]
        }
    }
}
