import RouteModel

/// A JSON value that is being encoded. Containers write to it in any order.
final class JSONNode {
    private enum Contents {
        /// The JSON text of a value that is neither an object nor an array.
        case scalar(String)
        case string(String)
        case array([JSONNode])
        case object([(name: String, value: JSONNode)])
    }

    private var contents: Contents?
    /// The index of each member of an object, by the bytes of its name.
    private var indices: [[UInt8]: Int] = [:]

    /// The number of elements.
    var count: Int {
        if case .array(let elements) = contents { elements.count } else { 0 }
    }

    /// Makes the value a number, `true`, `false` or `null`.
    func setScalar(_ text: String) { contents = .scalar(text) }

    /// Makes the value a string.
    func setString(_ text: String) { contents = .string(text) }

    /// Makes the value an array, unless it is one.
    func becomeArray() {
        if case .array = contents { return }
        contents = .array([])
    }

    /// Makes the value an object, unless it is one.
    func becomeObject() {
        if case .object = contents { return }
        contents = .object([])
    }

    /// Adds an element.
    func appendElement() -> JSONNode {
        let node = JSONNode()
        if case .array(var elements) = contents {
            // Only this reference is left, so that the elements are not copied.
            contents = nil
            elements.append(node)
            contents = .array(elements)
        }
        return node
    }

    /// Adds a member, or returns the one of this name.
    func member(_ name: String) -> JSONNode {
        guard case .object(var members) = contents else { return JSONNode() }
        let key = Array(name.utf8)
        if let index = indices[key] { return members[index].value }
        let node = JSONNode()
        contents = nil
        indices[key] = members.count
        members.append((name, node))
        contents = .object(members)
        return node
    }

    /// Appends the JSON text.
    func append(to output: inout [UInt8]) {
        switch contents {
        // As Foundation does for a value that encodes nothing.
        case nil: output += "{}".utf8
        case .scalar(let text): output += text.utf8
        case .string(let text): JSONStringEscaper.append(text, to: &output)
        case .array(let elements):
            output.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                element.append(to: &output)
            }
            output.append(UInt8(ascii: "]"))
        case .object(let members):
            output.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                JSONStringEscaper.append(member.name, to: &output)
                output.append(UInt8(ascii: ":"))
                member.value.append(to: &output)
            }
            output.append(UInt8(ascii: "}"))
        }
    }
}
