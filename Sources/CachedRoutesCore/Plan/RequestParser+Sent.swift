import HTTPTypes
import RouteModel

/// The texts that a request gives for inputs, before they become canonical.
struct SentInputs: Sendable {
    /// For each input, the percent-decoded texts; empty if there is none, and for members of a body.
    var texts: [[String]]
    /// The names in the query that no input reads, each once.
    var ignoredQuery: [String] = []
}

extension RequestParser {
    /// Returns the texts that a request gives for the inputs. Requests are served without them: they are for explanations.
    ///
    /// - Parameters:
    ///   - request: a request that is not refused.
    ///   - context: the values of context inputs.
    func sent(in request: RouteRequest, context: some RouteContext) -> SentInputs {
        let (path, query) = Self.split(request.targetBytes)
        var sent = SentInputs(texts: signature.inputs.map { _ in [] })
        let segments = path.split(separator: UInt8(ascii: "/"))
        for (index, fromEnd) in pathInputs where segments.count >= fromEnd {
            sent.texts[index] = [Self.text(segments[segments.count - fromEnd], plusAsSpace: false)]
        }
        var pairs = QueryPairs(query)
        while let (name, value) = pairs.next(in: query) {
            let index = queryInputs.first { Self.isName(query, at: name, signature.inputs[$0].wireNameBytes) }
            if let index {
                sent.texts[index].append(Self.text(query[value], plusAsSpace: true))
            } else if !otherQueryNames.contains(where: { Self.isName(query, at: name, $0) }) {
                sent.ignoredQuery.append(Self.text(query[name], plusAsSpace: true))
            }
        }
        sent.ignoredQuery = sent.ignoredQuery.withoutRepetitions
        for (index, name, _) in headerInputs {
            if let value = request.headerFields[name] { sent.texts[index] = [value] }
        }
        for index in contextInputs {
            if let text = context.text(of: signature.inputs[index].name) { sent.texts[index] = [text] }
        }
        return sent
    }

    private static func text(_ raw: ArraySlice<UInt8>, plusAsSpace: Bool) -> String {
        var decoded: [UInt8] = []
        let isDecoded = PercentEncoding.decode(raw, into: &decoded, plusAsSpace: plusAsSpace)
        return String(decoding: isDecoded ? decoded[...] : raw, as: UTF8.self)
    }
}
