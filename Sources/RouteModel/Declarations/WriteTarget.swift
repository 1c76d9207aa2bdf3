/// Stored answers that a write purges because they are those of the path it changes (RFC 9111, 4.4).
public struct WriteTarget: Hashable, Sendable {
    /// The answers of a GET route that are purged.
    public enum Answers: Hashable, Sendable {
        /// Those with a tag: the path as their keys print it, filled in with the write's inputs.
        case tagged(TagTemplate)
        /// All answers of the route of that name, whose path has no inputs.
        case all(ofRoute: String)
    }

    /// The answers that are purged.
    public let answers: Answers
    /// The namespace of the GET route.
    public let namespace: String
    /// The canonical texts that inputs of the write have where its path is that of the answers; others are changed otherwise.
    public let values: [String: String]

    private init(_ answers: Answers, in namespace: String, where values: [String: String]) {
        self.answers = answers
        self.namespace = namespace
        self.values = values
    }

    /// The answers at one path.
    ///
    /// - Parameters:
    ///   - path: the path as their keys print it, with inputs of the write in braces.
    ///   - namespace: the namespace of their route.
    ///   - values: what inputs of the write have to be.
    public static func path(
        _ path: TagTemplate,
        in namespace: String,
        where values: [String: String] = [:]
    ) -> WriteTarget {
        WriteTarget(.tagged(path), in: namespace, where: values)
    }

    /// All answers of a route whose path has no inputs.
    ///
    /// - Parameters:
    ///   - name: the name of the route.
    ///   - namespace: its namespace.
    ///   - values: what inputs of the write have to be.
    public static func route(
        _ name: String,
        in namespace: String,
        where values: [String: String] = [:]
    ) -> WriteTarget {
        WriteTarget(.all(ofRoute: name), in: namespace, where: values)
    }
}
