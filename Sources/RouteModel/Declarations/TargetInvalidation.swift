/// Stored responses that a write purges because they belong to the path that it changes (RFC 9111, 4.4).
public struct TargetInvalidation: Hashable, Sendable {
    /// A set of stored responses of a GET route.
    package enum Answers: Hashable, Sendable {
        /// The responses with a tag: the path as their keys spell it, filled in with the inputs of the write.
        case tagged(TagTemplate)
        /// All responses of the route with this name, whose path has no inputs.
        case all(ofRoute: String)
    }

    /// The responses to purge.
    package let answers: Answers
    /// The namespace of the GET route.
    package let namespace: String
    /// The canonical texts that inputs of the write must have for its path to be that of the responses; with other
    /// values, nothing is purged.
    package let values: [String: String]

    private init(_ answers: Answers, in namespace: String, where values: [String: String]) {
        self.answers = answers
        self.namespace = namespace
        self.values = values
    }

    /// The responses for one path.
    ///
    /// - Parameters:
    ///   - path: the path as the responses' keys spell it, with inputs of the write in braces.
    ///   - namespace: the namespace of their route.
    ///   - values: the canonical texts that inputs of the write must have.
    public static func path(
        _ path: TagTemplate,
        in namespace: String,
        where values: [String: String] = [:]
    ) -> TargetInvalidation {
        TargetInvalidation(.tagged(path), in: namespace, where: values)
    }

    /// All responses of a route whose path has no inputs.
    ///
    /// - Parameters:
    ///   - name: the name of the route.
    ///   - namespace: the namespace of the route.
    ///   - values: the canonical texts that inputs of the write must have.
    public static func route(
        _ name: String,
        in namespace: String,
        where values: [String: String] = [:]
    ) -> TargetInvalidation {
        TargetInvalidation(.all(ofRoute: name), in: namespace, where: values)
    }
}
