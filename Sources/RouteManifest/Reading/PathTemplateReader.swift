import RouteModel

/// Reads paths.
struct PathTemplateReader {
    let reader: NodeReader

    /// Reads a path such as `/users/{id}`; `nil` after reporting an error.
    func read(_ node: YAMLNode, named what: String, allowsInputs: Bool) -> DraftPath? {
        guard let scalar = reader.scalar(node, named: what, expected: "a path such as '/users'") else { return nil }
        let text = Array(scalar.text.unicodeScalars)
        let places = scalar.places
        guard text.first == "/" else {
            reader.diagnostics.error(
                "\(what): a path begins with '/'\(Self.cure(forText: scalar.text))",
                at: scalar.location
            )
            return nil
        }
        if let query = text.firstIndex(of: "?") {
            reader.diagnostics.error(
                "\(what): the query does not stand in the path; leave out '\(SourceText.string(text[query...]))', and "
                    + "declare its inputs under 'query'",
                at: places.location(ofScalar: query)
            )
            return nil
        }
        var path = DraftPath()
        var isValid = true
        var start = 1
        while start < text.count {
            let end = text[start...].firstIndex(of: "/") ?? text.count
            do throws(SegmentError) {
                try add(text[start..<end], allowsInputs: allowsInputs, places: places, to: &path)
            } catch {
                reader.diagnostics.error("\(what): \(error.message)", at: places.location(ofScalar: error.offset))
                isValid = false
            }
            start = end + 1
        }
        return isValid ? path : nil
    }

    /// The suggestion at the end of the message about a text that is not a path: the path of a URL, or the text with a
    /// slash.
    private static func cure(forText text: String) -> String {
        var path = text
        if let scheme = text.firstRange(of: "://") {
            let rest = text[scheme.upperBound...]
            path = rest.firstIndex(of: "/").map { String(rest[$0...]) } ?? "/"
        } else {
            let words = text.split(separator: " ")
            path = words.count > 1 ? String(words.first { $0.hasPrefix("/") } ?? "") : "/\(text)"
        }
        path = String(path.prefix { $0 != "?" && $0 != "#" })
        let isPath = path.hasPrefix("/") && !path.contains { $0.isWhitespace }
        guard isPath else { return "; write it as in '/users'" }
        return "; write '\(path)'\(text.contains("://") ? ", without scheme and host" : "")"
    }

    private struct SegmentError: Error {
        var message: String
        var offset: Int
    }

    private func add(
        _ segment: ArraySlice<Unicode.Scalar>,
        allowsInputs: Bool,
        places: SourceMap,
        to path: inout DraftPath
    ) throws(SegmentError) {
        let start = segment.startIndex
        if segment.isEmpty {
            throw SegmentError(message: "the path has an empty segment; write one '/'", offset: start)
        }
        let text = SourceText.string(segment)
        if text == "." || text == ".." {
            throw SegmentError(message: "'\(text)' cannot be a segment; write the path without it", offset: start)
        }
        if let brace = segment.firstIndex(where: { $0 == "{" || $0 == "}" }) {
            guard segment.first == "{", segment.last == "}" else {
                throw SegmentError(message: "an input is a whole segment, such as '/{id}'", offset: brace)
            }
            guard allowsInputs else {
                throw SegmentError(
                    message: "inputs are not allowed here; write '/\(text)' in the paths of the routes",
                    offset: start
                )
            }
            let name = String(text.dropFirst().dropLast())
            guard SwiftIdentifierRules.isIdentifier(name) else {
                throw SegmentError(message: Self.message(forName: name), offset: start)
            }
            if path.names.contains(where: { $0.name == name }) {
                throw SegmentError(
                    message: "'{\(name)}' stands in the path twice; give one of them another name",
                    offset: start
                )
            }
            path.names.append((name, places.location(ofScalar: start)))
            path.segments.append(.input(name))
            return
        }
        for index in segment.indices where !Self.isUnreserved(segment[index]) {
            if allowsInputs, let message = Self.message(forStyle: text) {
                throw SegmentError(message: message, offset: start)
            }
            throw SegmentError(
                message:
                    "'\(segment[index])' is not allowed in a path (only A-Z a-z 0-9 - . _ ~)\(Self.hint(forSegment: text))",
                offset: index
            )
        }
        path.segments.append(.literal(text))
    }

    /// The message about braces without an input's name.
    private static func message(forName name: String) -> String {
        if let colon = name.firstIndex(of: ":") {
            let (name, type) = (name[..<colon], name[name.index(after: colon)...].drop { $0 == " " })
            if SwiftIdentifierRules.isIdentifier(String(name)) {
                return "write '{\(name)}'; its type stands under 'path': { \(name): \(type) }"
            }
        }
        if name.contains("-") {
            let words = name.split(separator: "-")
            let joined =
                (words.first.map(String.init) ?? "")
                + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
            let example = SwiftIdentifierRules.isIdentifier(joined) ? joined : "userID"
            return "an input's name has letters, digits and underscores, such as '{\(example)}', not '{\(name)}'"
        }
        let last = name.split { !SwiftIdentifierRules.isIdentifier("_\($0)") }.last.map(String.init) ?? ""
        let example = SwiftIdentifierRules.isIdentifier(last) ? last : "id"
        return "'{\(name)}' needs the name of a path input in its braces, such as '{\(example)}'"
    }

    /// The suggestion at the end of the message about a character that is not allowed in paths.
    private static func hint(forSegment text: String) -> String {
        let other = YAMLSuggestions.hyphenated(text) { isUnreserved(Unicode.Scalar($0)) && $0 < 0x80 }
        return other.isEmpty ? "" : "; write '\(other)'"
    }

    /// The message about a segment that is an input or a wildcard in other tools, such as `:id`, `<int:id>` and `*`.
    private static func message(forStyle segment: String) -> String? {
        if segment.contains("*") { return "paths have no wildcards; an input is one segment, such as '/{name}'" }
        guard segment.hasPrefix(":") || (segment.hasPrefix("<") && segment.hasSuffix(">")) else { return nil }
        let name = segment.split { ":<>".contains($0) }.last.map(String.init) ?? ""
        let example = SwiftIdentifierRules.isIdentifier(name) ? name : "id"
        return "an input of a path is written '{\(example)}', not '\(segment)'"
    }

    /// Tells whether a character is unreserved (RFC 3986, 2.3). It needs no percent-encoding, so a path has one
    /// spelling.
    private static func isUnreserved(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "0"..."9", "A"..."Z", "a"..."z", "-", ".", "_", "~": true
        default: false
        }
    }
}
