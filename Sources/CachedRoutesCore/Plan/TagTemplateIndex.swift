import RouteModel

/// The tags of a process's routes by their literal text, independent of the names of their inputs.
///
/// A tag that is named with values, as SQL does, becomes the tag of a request with these values.
struct TagTemplateIndex {
    private struct Shape: Hashable {
        let namespace: String
        /// The literal texts; `nil` marks an input.
        let parts: [String?]

        init(_ template: TagTemplate, in namespace: String) {
            self.namespace = namespace
            parts = template.parts.map { if case .text(let text) = $0 { text } else { nil } }
        }
    }

    private var inputs: [Shape: [[RouteInput]]] = [:]

    /// Adds the tags of a route.
    mutating func add(_ templates: [TagTemplate], of signature: RouteSignature) {
        for template in templates {
            let filling = template.inputNames.compactMap { name in signature.inputs.first { $0.name == name } }
            let shape = Shape(template, in: signature.namespace)
            if !(inputs[shape]?.contains(filling) ?? false) { inputs[shape, default: []].append(filling) }
        }
    }

    /// The tags of requests with these values, one for each set of inputs with which routes read them.
    ///
    /// - Parameters:
    ///   - template: the tag.
    ///   - values: the values of the template's inputs in order.
    ///   - namespace: the namespace of the tag.
    /// - Returns: the tags, and the reason if this template or these values have none. A tag that no route of this
    ///   process has is returned unchanged, because other processes may have it.
    func tags(_ template: TagTemplate, _ values: [[UInt8]], in namespace: String) -> (tags: [[UInt8]], fault: String?) {
        guard !values.isEmpty else { return ([Self.tag(template, values)], nil) }
        guard let fillings = inputs[Shape(template, in: namespace)] else {
            return ([Self.tag(template, values)], "no route in '\(namespace)' has a tag such as '\(template)'")
        }
        var tags: [[UInt8]] = []
        var fault: String?
        for filling in fillings {
            do throws(InputError) {
                let canonical = try zip(filling, values).map { input, value throws(InputError) in
                    var bytes: [UInt8] = []
                    try input.appendCanonical(value[...], to: &bytes)
                    return bytes
                }
                tags.append(Self.tag(template, canonical))
            } catch {
                fault = "no request has these values for the tag '\(template)': one \(error)"
            }
        }
        return tags.isEmpty ? ([], fault) : (tags.withoutRepetitions, nil)
    }

    private static func tag(_ template: TagTemplate, _ values: [[UInt8]]) -> [UInt8] {
        var tag: [UInt8] = []
        var values = values[...]
        for part in template.parts {
            switch part {
            case .text(let text): tag.append(contentsOf: text.utf8)
            case .input:
                if let value = values.popFirst() { PercentEncoding.append(value, to: &tag, spaceAsPlus: false) }
            }
        }
        return tag
    }
}
