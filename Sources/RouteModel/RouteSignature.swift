/// The part of a route that determines its keys.
public struct RouteSignature: Hashable, Sendable {
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
    private let prefix: [UInt8]

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
        prefix = Array("\(namespace):\(fingerprint):\(method.rawValue):".utf8)
    }

    /// The signature of the same route with another fingerprint.
    package func with(fingerprint: String) -> RouteSignature {
        RouteSignature(namespace: namespace, fingerprint: fingerprint, method: method, path: path, inputs: inputs)
    }

    /// The key of the response for `values`: `{namespace}:{fingerprint}:{method}:{path}:{query}`, followed by another
    /// section if the route declares header or context inputs.
    package func key(for values: InputValues) -> CacheKey {
        var key: [UInt8] = []
        key.reserveCapacity(prefix.count + 96)
        key.append(contentsOf: prefix)
        appendPath(values, to: &key)
        key.append(UInt8(ascii: ":"))
        appendSection(queryOrder, of: values, to: &key)
        if !extraOrder.isEmpty {
            key.append(UInt8(ascii: ":"))
            appendSection(extraOrder, of: values, to: &key)
        }
        return CacheKey(whole: key)
    }

    private func appendPath(_ values: InputValues, to key: inout [UInt8]) {
        var next = 0
        for segment in path.segments {
            key.append(UInt8(ascii: "/"))
            switch segment {
            case .literal(let text):
                key.append(contentsOf: text.utf8)
            case .input:
                PercentEncoding.append(values.bytes(at: pathOrder[next]) ?? [], to: &key, spaceAsPlus: false)
                next += 1
            }
        }
        if path.segments.isEmpty { key.append(UInt8(ascii: "/")) }
    }

    private func appendSection(_ order: [Int], of values: InputValues, to key: inout [UInt8]) {
        var isFirst = true
        for index in order {
            for value in values.allBytes(at: index) {
                if !isFirst { key.append(UInt8(ascii: "&")) }
                isFirst = false
                PercentEncoding.append(inputs[index].nameBytes, to: &key, spaceAsPlus: true)
                key.append(UInt8(ascii: "="))
                PercentEncoding.append(value, to: &key, spaceAsPlus: true)
            }
        }
    }
}

/// The key of an entry.
package struct CacheKey: Hashable, Sendable, CustomStringConvertible {
    /// One of the forms of a response that are stored side by side.
    package enum Variant: String, Hashable, Sendable {
        /// The body without a content coding.
        case identity = ""
        /// The body in gzip coding.
        case gzip = ";gzip"
    }

    /// The length in bytes of the longest key in the store, without the variant's suffix.
    package static let longestStored = 512

    /// The whole key without the variant's suffix. It has no `;`.
    package let whole: [UInt8]
    /// The form of the response.
    package let variant: Variant

    /// Makes a key from its bytes.
    ///
    /// - Parameters:
    ///   - whole: the whole key without the variant's suffix.
    ///   - variant: the form of the response.
    package init(whole: [UInt8], variant: Variant = .identity) {
        self.whole = whole
        self.variant = variant
    }

    /// Makes a key from a key of the store that is not shortened.
    package init(stored key: some Collection<UInt8>) {
        let name = Array(Variant.gzip.rawValue.utf8)
        if key.suffix(name.count).elementsEqual(name) {
            self.init(whole: Array(key.dropLast(name.count)), variant: .gzip)
        } else {
            self.init(whole: Array(key))
        }
    }

    /// Hashes all bytes at once; an array's own implementation hashes them one by one.
    package func hash(into hasher: inout Hasher) {
        whole.withUnsafeBytes { hasher.combine(bytes: $0) }
        hasher.combine(variant == .gzip)
    }

    /// The key of the other form of the same response.
    package var other: CacheKey { variant(variant == .identity ? .gzip : .identity) }

    /// The key of a form of the same response.
    package func variant(_ variant: Variant) -> CacheKey { CacheKey(whole: whole, variant: variant) }

    /// Indicates that the key in the store is shortened, so that the entry has to carry the whole key.
    package var isCut: Bool { whole.count > Self.longestStored }

    /// The key in the store: the whole key, or its shortened form if it is too long, followed by the variant's suffix.
    package var stored: [UInt8] {
        let key = Self.shortened(whole)
        return variant == .identity ? key : key + Array(variant.rawValue.utf8)
    }

    /// Shortens a key of more than 512 bytes to its first 400 bytes, `#` and the hash of all of it.
    static func shortened(_ key: [UInt8]) -> [UInt8] {
        key.count > longestStored ? key[..<400] + [UInt8(ascii: "#")] + Array(Hash128(key).hexadecimal.utf8) : key
    }

    /// The whole key as text. Keys are ASCII.
    package var description: String { String(decoding: whole, as: UTF8.self) + variant.rawValue }
}
