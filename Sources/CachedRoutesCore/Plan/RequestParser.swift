import HTTPTypes
import RouteModel

/// The reason for which a route refuses a request.
enum RequestError: Error {
    /// Values from the client are invalid.
    case refused(RefusedInputs)
    /// A context input has no value.
    case unauthenticated
    /// The app's value has the context input's type, but the declaration does not allow it.
    case forbidden(name: String, InputError)
    /// The app's value does not have the context input's type.
    case malformedContext(name: String, InputError)
}

/// Parses a route's declared inputs from a request, and nothing else.
struct RequestParser: Sendable {
    let signature: RouteSignature
    let pathInputs: [(index: Int, segmentFromEnd: Int)]
    let queryInputs: [Int]
    let headerInputs: [(index: Int, name: HTTPField.Name, languages: LanguageNegotiation?)]
    let contextInputs: [Int]
    private let body: BodyParser?
    private let rejectsUnknownQuery: Bool
    /// The bytes of further names that are accepted in queries.
    let otherQueryNames: [[UInt8]]

    /// Makes a parser.
    ///
    /// - Parameters:
    ///   - signature: the route's inputs.
    ///   - rejectsUnknownQuery: refuses undeclared query parameters.
    ///   - otherQueryNames: further names that are accepted in queries although no input of the route reads them.
    init(_ signature: RouteSignature, rejectsUnknownQuery: Bool, otherQueryNames: [String] = []) {
        self.signature = signature
        self.rejectsUnknownQuery = rejectsUnknownQuery
        self.otherQueryNames = otherQueryNames.map { Array($0.utf8) }
        let inputs = signature.inputs
        let segments = signature.path.segments
        let positions: [(index: Int, segmentFromEnd: Int)] = segments.indices.compactMap { position in
            guard case .input(let name) = segments[position],
                let index = inputs.firstIndex(where: { $0.group == .path && $0.name == name })
            else { return nil }
            return (index, segments.count - position)
        }
        pathInputs = positions.sorted { $0.index < $1.index }
        queryInputs = inputs.indices.filter { inputs[$0].group == .query }
        headerInputs = inputs.indices.compactMap { index in
            guard inputs[index].group == .header else { return nil }
            guard let name = inputs[index].field.flatMap({ HTTPField.Name($0) }) else {
                preconditionFailure("header input '\(inputs[index].name)' names no header field")
            }
            let isNegotiated = name == .acceptLanguage && !inputs[index].oneOf.isEmpty
            return (index, name, isNegotiated ? LanguageNegotiation(offered: inputs[index].oneOf) : nil)
        }
        contextInputs = inputs.indices.filter { inputs[$0].group == .context }
        body = BodyParser(signature)
    }

    /// Parses the canonical values of all inputs. The body is ignored if the route has no body inputs.
    ///
    /// The path is matched from its end, because a router may have mounted the route below a prefix.
    ///
    /// - Parameters:
    ///   - request: the request.
    ///   - context: the values of context inputs.
    /// - Throws: ``RequestError`` if the route refuses the request.
    func values(of request: RouteRequest, context: some RouteContext) throws(RequestError) -> InputValues {
        var values = InputValues(count: signature.inputs.count)
        var refused = RefusedInputs()
        let (path, query) = Self.split(request.targetBytes)
        if !pathInputs.isEmpty { readPath(path, into: &values, refused: &refused) }
        if !queryInputs.isEmpty || rejectsUnknownQuery { readQuery(query, into: &values, refused: &refused) }
        for (index, name, languages) in headerInputs {
            readHeader(request.headerFields[name], languages: languages, at: index, into: &values)
        }
        // Checked before any other error is reported, so that an unauthenticated client learns nothing about bodies.
        for index in contextInputs { try readContext(context, at: index, into: &values) }
        body?.read(request.body, into: &values, refused: &refused)
        guard refused.isEmpty else { throw .refused(refused) }
        return values
    }

    /// An input whose value is taken from the request of another route.
    struct SharedInput: Sendable {
        /// The input of this route.
        let index: Int
        /// The input of the other route.
        let source: Int
    }

    /// Parses the canonical values of all inputs from the request of another route, which provides some of them.
    ///
    /// - Parameters:
    ///   - request: the request of the other route.
    ///   - shared: this route's path and context inputs.
    ///   - others: the values of the other route's inputs.
    /// - Returns: `nil` if the other route accepts a value that this one refuses, so that this one has no response for
    ///   it.
    /// - Throws: ``RequestError`` if a query parameter is invalid.
    func values(
        of request: RouteRequest,
        sharing shared: [SharedInput],
        of others: InputValues
    ) throws(RequestError) -> InputValues? {
        var values = InputValues(count: signature.inputs.count)
        for pair in shared {
            let input = signature.inputs[pair.index]
            do throws(InputError) {
                for value in others.allBytes(at: pair.source) { try values.add(value, to: input, at: pair.index) }
                try values.complete(input, at: pair.index)
            } catch {
                return nil
            }
        }
        var refused = RefusedInputs()
        if !queryInputs.isEmpty { readQuery(Self.split(request.targetBytes).query, into: &values, refused: &refused) }
        for (index, name, languages) in headerInputs {
            readHeader(request.headerFields[name], languages: languages, at: index, into: &values)
        }
        guard refused.isEmpty else { throw .refused(refused) }
        return values
    }

    /// Splits a request target, which may be in absolute form (RFC 9112, 3.2), into path and query.
    static func split(_ target: [UInt8]) -> (path: ArraySlice<UInt8>, query: ArraySlice<UInt8>) {
        let end = target.firstIndex(of: UInt8(ascii: "#")) ?? target.endIndex
        let mark = target[..<end].firstIndex(of: UInt8(ascii: "?")) ?? end
        var path = target[..<mark]
        if path.first != UInt8(ascii: "/"),
            let scheme = path.indices.first(where: { path[$0...].starts(with: "://".utf8) })
        {
            path = path[(scheme + 3)...].drop { $0 != UInt8(ascii: "/") }
        }
        return (path, mark < end ? target[(mark + 1)..<end] : target[end..<end])
    }

    private func readPath(_ path: ArraySlice<UInt8>, into values: inout InputValues, refused: inout RefusedInputs) {
        let segments = path.split(separator: UInt8(ascii: "/"))
        for (index, fromEnd) in pathInputs {
            let input = signature.inputs[index]
            do throws(InputError) {
                guard segments.count >= fromEnd else { throw .missing }
                try add(segments[segments.count - fromEnd], to: input, at: index, plusAsSpace: false, in: &values)
            } catch {
                refused.add(input, error)
            }
        }
    }

    private func readQuery(_ query: ArraySlice<UInt8>, into values: inout InputValues, refused: inout RefusedInputs) {
        // One pass for each input rather than one over the query, so that a list's elements are added together and
        // nothing is collected first.
        for index in queryInputs {
            let input = signature.inputs[index]
            var pairs = QueryPairs(query)
            do throws(InputError) {
                while let (name, value) = pairs.next(in: query) {
                    if Self.isName(query, at: name, input.wireNameBytes) {
                        try add(query[value], to: input, at: index, plusAsSpace: true, in: &values)
                    }
                }
                try values.complete(input, at: index)
            } catch {
                refused.add(input, error)
            }
        }
        guard rejectsUnknownQuery else { return }
        var pairs = QueryPairs(query)
        while let (name, _) = pairs.next(in: query), !refused.isTruncated {
            if !queryInputs.contains(where: { Self.isName(query, at: name, signature.inputs[$0].wireNameBytes) }),
                !otherQueryNames.contains(where: { Self.isName(query, at: name, $0) })
            {
                var decoded: [UInt8] = []
                let isDecoded = PercentEncoding.decode(query[name], into: &decoded, plusAsSpace: true)
                refused.addUndeclared(isDecoded ? decoded[...] : query[name], in: .query)
            }
        }
    }

    /// The places of the `name=value` pairs of a query.
    struct QueryPairs {
        private var position: Int
        private let end: Int

        init(_ query: ArraySlice<UInt8>) {
            position = query.startIndex
            end = query.endIndex
        }

        /// Returns the places of the next pair's name and value; `nil` at the end.
        mutating func next(in query: ArraySlice<UInt8>) -> (name: Range<Int>, value: Range<Int>)? {
            while position < end, query[position] == UInt8(ascii: "&") { position += 1 }
            guard position < end else { return nil }
            let start = position
            var nameEnd: Int?
            while position < end, query[position] != UInt8(ascii: "&") {
                if nameEnd == nil, query[position] == UInt8(ascii: "=") { nameEnd = position }
                position += 1
            }
            return (start..<(nameEnd ?? position), (nameEnd.map { $0 + 1 } ?? position)..<position)
        }
    }

    static func isName(_ query: ArraySlice<UInt8>, at place: Range<Int>, _ name: [UInt8]) -> Bool {
        var isEncoded = false
        var isEqual = place.count == name.count
        for (offset, index) in place.enumerated() {
            let byte = query[index]
            if byte == UInt8(ascii: "%") || byte == UInt8(ascii: "+") { isEncoded = true }
            if isEqual, byte != name[offset] { isEqual = false }
        }
        if isEqual || !isEncoded { return isEqual }
        var decoded: [UInt8] = []
        return PercentEncoding.decode(query[place], into: &decoded, plusAsSpace: true) && decoded == name
    }

    private func add(
        _ raw: ArraySlice<UInt8>,
        to input: RouteInput,
        at index: Int,
        plusAsSpace: Bool,
        in values: inout InputValues
    ) throws(InputError) {
        var value = raw
        if raw.contains(UInt8(ascii: "%")) || (plusAsSpace && raw.contains(UInt8(ascii: "+"))) {
            var decoded: [UInt8] = []
            decoded.reserveCapacity(raw.count)
            guard PercentEncoding.decode(raw, into: &decoded, plusAsSpace: plusAsSpace) else {
                throw .malformedPercentEncoding
            }
            value = decoded[...]
        }
        try values.add(value, to: input, at: index)
    }

    /// Reads a header input. A header never causes a 400: an invalid one is replaced by the default, or counts as
    /// absent.
    private func readHeader(
        _ value: String?,
        languages: LanguageNegotiation?,
        at index: Int,
        into values: inout InputValues
    ) {
        let input = signature.inputs[index]
        let text = if let value, let languages { languages.choose(for: value) } else { value }
        if let text { try? values.add(Array(text.utf8)[...], to: input, at: index) }
        try? values.complete(input, at: index)
    }

    private func readContext(
        _ context: some RouteContext,
        at index: Int,
        into values: inout InputValues
    ) throws(RequestError) {
        let input = signature.inputs[index]
        if let text = context.text(of: input.name) {
            do {
                try values.add(Array(text.utf8)[...], to: input, at: index)
            } catch {
                throw error.isOfType ? .forbidden(name: input.name, error) : .malformedContext(name: input.name, error)
            }
        }
        do {
            try values.complete(input, at: index)
        } catch {
            throw .unauthenticated
        }
    }
}
