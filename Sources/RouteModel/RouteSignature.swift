/// The part of a route that determines its keys.
///
/// It is an object, because every request uses it.
public final class RouteSignature: Hashable, Sendable {
    /// A method that a manifest can name.
    public struct Method: Hashable, Sendable, CustomStringConvertible, ExtensibleEnum {
        /// Safe and cacheable; also responds to HEAD.
        public static let get = Method(.get)
        /// Unsafe; never cached.
        public static let post = Method(.post)
        /// Unsafe; never cached.
        public static let put = Method(.put)
        /// Unsafe; never cached.
        public static let patch = Method(.patch)
        /// Unsafe; never cached.
        public static let delete = Method(.delete)

        /// The values of this version.
        package enum Kind: String, Hashable, Sendable, CaseIterable {
            case get, post, put, patch, delete
        }

        /// The value.
        package let kind: Kind

        /// Makes a choice.
        package init(_ kind: Kind) { self.kind = kind }

        /// The spelling in a manifest, in lowercase letters.
        public var description: String { rawValue }
    }

    /// The manifest's namespace, the first part of every key.
    public let namespace: String
    /// Eight hexadecimal digits, a hash of everything that determines the form of a response, so that a new deployment
    /// never serves responses in the form of an earlier one.
    public let fingerprint: String
    /// The method.
    public let method: Method
    /// The path.
    public let path: PathTemplate
    /// The inputs in the order of their declaration, which is the order of ``InputValues``.
    public let inputs: [RouteInput]

    /// The indices of `inputs` for the `{name}` segments of the path, in order.
    let pathOrder: [Int]
    /// The indices of the query inputs, sorted by the bytes of their names.
    let queryOrder: [Int]
    /// The indices of the header and context inputs, sorted by the bytes of their names.
    let extraOrder: [Int]
    /// The bytes of a key before each `{name}` segment's value: first everything before the first one.
    private let pathPieces: [[UInt8]]
    /// The name of each input as a key has it: percent-encoded and followed by `=`.
    private let encodedNames: [[UInt8]]

    /// Makes a signature.
    ///
    /// - Parameters:
    ///   - namespace: the manifest's namespace.
    ///   - fingerprint: eight hexadecimal digits.
    ///   - method: the method.
    ///   - path: the path, each of whose `{name}` segments needs a path input.
    ///   - inputs: the inputs in the order of their declaration.
    public init(namespace: String, fingerprint: String, method: Method, path: PathTemplate, inputs: [RouteInput]) {
        self.namespace = namespace
        self.fingerprint = fingerprint
        self.method = method
        self.path = path
        self.inputs = inputs
        pathOrder = path.inputNames.map { name in
            guard let index = inputs.firstIndex(where: { $0.group == .path && $0.name == name }) else {
                preconditionFailure("{\(name)} has no path input")
            }
            return index
        }
        func sorted(_ isIncluded: (RouteInput.Group) -> Bool) -> [Int] {
            inputs.indices.filter { isIncluded(inputs[$0].group) }
                .sorted { inputs[$0].nameBytes.lexicographicallyPrecedes(inputs[$1].nameBytes) }
        }
        queryOrder = sorted { $0 == .query }
        extraOrder = sorted { $0 == .header || $0 == .context }
        var pieces = [Array("\(namespace):\(fingerprint):\(method.rawValue):".utf8)]
        for segment in path.segments {
            pieces[pieces.count - 1].append(UInt8(ascii: "/"))
            switch segment {
            case .literal(let text): pieces[pieces.count - 1].append(contentsOf: text.utf8)
            case .input: pieces.append([])
            }
        }
        if path.segments.isEmpty { pieces[0].append(UInt8(ascii: "/")) }
        pathPieces = pieces
        encodedNames = inputs.map { input in
            var name: [UInt8] = []
            PercentEncoding.append(input.nameBytes, to: &name, spaceAsPlus: true)
            return name + [UInt8(ascii: "=")]
        }
    }

    /// Indicates that two signatures are the same.
    public static func == (left: RouteSignature, right: RouteSignature) -> Bool {
        left === right
            || left.namespace == right.namespace && left.fingerprint == right.fingerprint
                && left.method == right.method && left.path == right.path && left.inputs == right.inputs
    }

    /// Hashes the parts in which most signatures differ.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(fingerprint)
        hasher.combine(method)
        hasher.combine(path)
    }

    /// The signature of the same route with another fingerprint.
    package func with(fingerprint: String) -> RouteSignature {
        RouteSignature(namespace: namespace, fingerprint: fingerprint, method: method, path: path, inputs: inputs)
    }

    /// The key of the response for `values`: `{namespace}:{fingerprint}:{method}:{path}:{query}`, followed by another
    /// section if the route declares header or context inputs.
    package func key(for values: InputValues) -> CacheKey {
        var key: [UInt8] = []
        key.reserveCapacity(pathPieces[0].count + 128)
        appendPath(values, to: &key)
        key.append(UInt8(ascii: ":"))
        appendSection(queryOrder, of: values, to: &key)
        if !extraOrder.isEmpty {
            key.append(UInt8(ascii: ":"))
            appendSection(extraOrder, of: values, to: &key)
        }
        return CacheKey(whole: key)
    }

    /// The key with the names of inputs in place of their values, such as `shop:0badcafe:get:/users/{id}:limit={limit}`. An
    /// input of query, header or context without a value is left out of a key.
    package var keyPattern: String {
        func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
        func section(_ order: [Int]) -> String {
            ":" + order.map { text(encodedNames[$0]) + "{\(inputs[$0].name)}" }.joined(separator: "&")
        }
        var pattern = text(pathPieces[0])
        for (number, index) in pathOrder.enumerated() {
            pattern += "{\(inputs[index].name)}" + text(pathPieces[number + 1])
        }
        return pattern + section(queryOrder) + (extraOrder.isEmpty ? "" : section(extraOrder))
    }

    private func appendPath(_ values: InputValues, to key: inout [UInt8]) {
        key.append(contentsOf: pathPieces[0])
        for (number, index) in pathOrder.enumerated() {
            values.forEachElement(at: index) { PercentEncoding.append($0, to: &key, spaceAsPlus: false) }
            key.append(contentsOf: pathPieces[number + 1])
        }
    }

    private func appendSection(_ order: [Int], of values: InputValues, to key: inout [UInt8]) {
        var isFirst = true
        for index in order {
            values.forEachElement(at: index) { value in
                if !isFirst { key.append(UInt8(ascii: "&")) }
                isFirst = false
                key.append(contentsOf: encodedNames[index])
                PercentEncoding.append(value, to: &key, spaceAsPlus: true)
            }
        }
    }
}
