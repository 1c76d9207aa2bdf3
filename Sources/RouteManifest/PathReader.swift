import RouteModel

/// A path of a manifest.
struct ParsedPath {
    var segments: [PathTemplate.Segment] = []
    /// The names in braces, with the places of their braces.
    var names: [(name: String, location: Location)] = []
}

/// Reads paths.
struct PathReader {
    let reader: NodeReader

    /// Reads `/users/{id}`; `nil` after reporting what is wrong with it.
    func read(_ node: YAMLNode, _ what: String, allowsInputs: Bool) -> ParsedPath? {
        guard let scalar = reader.scalar(node, what, "a path such as '/users'") else { return nil }
        let text = Array(scalar.text.unicodeScalars)
        let places = scalar.places
        guard text.first == "/" else {
            reader.diagnostics.error("\(what): a path begins with '/'", at: scalar.location)
            return nil
        }
        var path = ParsedPath()
        var isValid = true
        var start = 1
        while start < text.count {
            let end = text[start...].firstIndex(of: "/") ?? text.count
            do throws(Problem) {
                try add(text[start..<end], allowsInputs, places, to: &path)
            } catch {
                reader.diagnostics.error("\(what): \(error.message)", at: places.location(ofScalar: error.offset))
                isValid = false
            }
            start = end + 1
        }
        return isValid ? path : nil
    }

    private struct Problem: Error {
        var message: String
        var offset: Int
    }

    private func add(
        _ segment: ArraySlice<Unicode.Scalar>,
        _ allowsInputs: Bool,
        _ places: TextPlaces,
        to path: inout ParsedPath
    ) throws(Problem) {
        let start = segment.startIndex
        if segment.isEmpty { throw Problem(message: "the path has an empty segment", offset: start) }
        let text = SourceText.string(segment)
        if text == "." || text == ".." { throw Problem(message: "'\(text)' cannot be a segment", offset: start) }
        if let brace = segment.firstIndex(where: { $0 == "{" || $0 == "}" }) {
            guard segment.first == "{", segment.last == "}" else {
                throw Problem(message: "an input is a whole segment, such as '/{id}'", offset: brace)
            }
            guard allowsInputs else { throw Problem(message: "inputs are not allowed here", offset: start) }
            let name = String(text.dropFirst().dropLast())
            guard SwiftName.isIdentifier(name) else {
                throw Problem(message: "'{\(name)}' needs the name of a path input in its braces", offset: start)
            }
            if path.names.contains(where: { $0.name == name }) {
                throw Problem(message: "'{\(name)}' stands in the path twice", offset: start)
            }
            path.names.append((name, places.location(ofScalar: start)))
            path.segments.append(.input(name))
            return
        }
        for index in segment.indices where !Self.isUnreserved(segment[index]) {
            let hint = segment[index] == "?" ? "; query names are declared under 'query'" : ""
            throw Problem(
                message: "'\(segment[index])' is not allowed in a path (only A-Z a-z 0-9 - . _ ~)\(hint)",
                offset: index
            )
        }
        path.segments.append(.literal(text))
    }

    /// RFC 3986, 2.3: what needs no percent-encoding, so that a path has one spelling.
    private static func isUnreserved(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "0"..."9", "A"..."Z", "a"..."z", "-", ".", "_", "~": true
        default: false
        }
    }
}
