/// The part of a route that makes its keys.
public struct RouteSignature: Hashable, Sendable {
    /// The methods a manifest can name.
    public enum Method: String, Hashable, Sendable, CaseIterable {
        /// Safe and cacheable; also answers HEAD.
        case get
        /// Unsafe: never cached.
        case post
        /// Unsafe: never cached.
        case put
        /// Unsafe: never cached.
        case patch
        /// Unsafe: never cached.
        case delete
    }

    /// The manifest's namespace, the first part of every key.
    public let namespace: String
    /// Eight hexadecimal digits over everything that shapes an answer, so that a deploy never serves the shape of the last one.
    public let fingerprint: String
    /// The method.
    public let method: Method
    /// The path.
    public let path: PathTemplate
    /// The inputs in declaration order, which is the order of ``InputValues``.
    public let inputs: [RouteInput]

    /// Indices of `inputs` for each `{name}` segment of the path, in order.
    let pathOrder: [Int]
    /// Indices of the query inputs, by the bytes of their names.
    let queryOrder: [Int]
    /// Indices of the header and context inputs, by the bytes of their names.
    let extraOrder: [Int]
    private let prefix: [UInt8]

    /// A signature from its parts. Every `{name}` of the path needs a path input.
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

    /// The key of the answer for `values`: `{namespace}:{fingerprint}:{method}:{path}:{query}`, and one more section for header
    /// and context inputs where the route declares some.
    public func key(for values: InputValues) -> CacheKey {
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
public struct CacheKey: Hashable, Sendable, CustomStringConvertible {
    /// The forms of one answer that are kept side by side.
    public enum Variant: String, Hashable, Sendable {
        /// The body as it was made.
        case identity = ""
        /// The body for clients that accept gzip.
        case gzip = ";gzip"
    }

    /// The longest key the store sees, in bytes, without the name of a variant.
    public static let longestStored = 512

    /// All of the key, without the name of a variant. It holds no `;`.
    public let whole: [UInt8]
    /// Which form of the answer it is the key of.
    public let variant: Variant

    /// A key from its bytes.
    public init(whole: [UInt8], variant: Variant = .identity) {
        self.whole = whole
        self.variant = variant
    }

    /// A key from what the store sees, where it is not cut.
    package init(stored key: some Collection<UInt8>) {
        let name = Array(Variant.gzip.rawValue.utf8)
        if key.suffix(name.count).elementsEqual(name) {
            self.init(whole: Array(key.dropLast(name.count)), variant: .gzip)
        } else {
            self.init(whole: Array(key))
        }
    }

    /// All bytes at once: an array on its own gives them one after the other.
    public func hash(into hasher: inout Hasher) {
        whole.withUnsafeBytes { hasher.combine(bytes: $0) }
        hasher.combine(variant == .gzip)
    }

    /// The key of another form of the same answer.
    public func variant(_ variant: Variant) -> CacheKey { CacheKey(whole: whole, variant: variant) }

    /// Whether the store sees a cut form, so that an entry has to carry the whole key.
    public var isCut: Bool { whole.count > Self.longestStored }

    /// The key as the store sees it: the whole key, or its shortened form where it is cut; then the name of the variant.
    public var stored: [UInt8] {
        let key = Self.shortened(whole)
        return variant == .identity ? key : key + Array(variant.rawValue.utf8)
    }

    /// A key of at most 512 bytes as it is, and the first 400 bytes, `#` and the hash of all of it in place of a longer one.
    static func shortened(_ key: [UInt8]) -> [UInt8] {
        key.count > longestStored ? key[..<400] + [UInt8(ascii: "#")] + Array(Hash128(key).hexadecimal.utf8) : key
    }

    /// The whole key as text; keys are ASCII.
    public var description: String { String(decoding: whole, as: UTF8.self) + variant.rawValue }
}
