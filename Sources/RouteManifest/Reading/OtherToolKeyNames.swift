/// Names of the keys of a kind of mapping in other tools.
struct OtherToolKeyNames {
    /// The keys that a name may mean, and their spelling in messages.
    private struct Meaning {
        var keys: [String]
        var spelling: String
    }

    private var meanings: [String: Meaning] = [:]
    private var explanations: [String: String] = [:]

    /// Creates an empty set of names.
    init() {}

    /// Creates names.
    ///
    /// - Parameters:
    ///   - names: the names, separated by blanks, by the key to write instead. The key may include its value, such as
    ///     `version: 1`, and there may be several keys, separated by commas.
    ///   - explained: names without a corresponding key, separated by blanks, by the explanation.
    init(_ names: [String: String], explained: [String: String] = [:]) {
        for (spelling, words) in names {
            let spellings = spelling.split(separator: ",").map(String.init)
            let keys = spellings.map { String($0.prefix { $0 != ":" }) }
            let last = "'\(spellings[spellings.count - 1])'"
            let others = spellings.dropLast().map { "'\($0)'" }.joined(separator: ", ")
            let meaning = Meaning(keys: keys, spelling: others.isEmpty ? last : "\(others) or \(last)")
            for word in words.split(separator: " ") { meanings[String(word)] = meaning }
        }
        for (explanation, words) in explained {
            for word in words.split(separator: " ") { explanations[String(word)] = explanation }
        }
    }

    /// The name in lowercase letters without separators: `maxAge`, `max_age` and `max-age` become equal.
    static func folded(_ name: String) -> String {
        name.lowercased().filter { !"-_. ".contains($0) }
    }

    /// The keys that a name may mean.
    func keys(for name: String) -> [String] { meanings[Self.folded(name)]?.keys ?? [] }

    /// The end of a message about a name, such as ` (write 'ttl')`.
    ///
    /// - Parameter supported: the keys that there are.
    func hint(for name: String, supported: [String]) -> String? {
        let folded = Self.folded(name)
        if let explanation = explanations[folded] { return "; \(explanation)" }
        guard let meaning = meanings[folded], meaning.keys.allSatisfy(supported.contains) else { return nil }
        return " (write \(meaning.spelling))"
    }
}

extension OtherToolKeyNames {
    static let topLevel = OtherToolKeyNames(
        [
            "routes": "endpoints paths apis queries operations resources urls requests",
            "namespace": "name service app application project title module",
            "base-path": "prefix baseurl root rootpath pathprefix routeprefix mount",
            "version: 1": "openapi swagger apiversion schemaversion formatversion",
            "defaults": "settings config common shared global globals options",
            "access": "visibility accesslevel",
            "imports": "modules uses",
        ],
        explained: [
            "a manifest names no servers; the service reads DATABASE_URL and REDIS_URL from its environment":
                "database databaseurl db redis redisurl postgres postgresql server servers connection datasource host port"
        ]
    )

    static let authentication = [
        "auth", "authentication", "authenticated", "authorization", "authorize", "authenticate", "security", "login",
        "requiresauth", "requireauth", "authrequired", "roles", "role", "permissions", "guard", "guards", "middleware",
        "jwt", "session", "user",
    ]

    /// Tells whether a name is about authentication.
    static func isAuthentication(_ name: String) -> Bool { authentication.contains(folded(name)) }

    static let warm = OtherToolKeyNames([
        "every": "interval period cron schedule frequency each refresh",
        "with": "inputs values params parameters arguments args sets",
        "at-start": "onstart onstartup atstartup startup immediately",
    ])

    static let precondition = OtherToolKeyNames([
        "route": "get name of resource read",
        "required": "require mandatory always isrequired",
    ])

    static let tables = OtherToolKeyNames([
        "names": "tables table list",
        "min-interval": "interval every debounce throttle",
    ])

    static let constraint = OtherToolKeyNames([
        "status": "code statuscode httpstatus",
        "message": "text detail title error reason description body",
    ])

    static let input = OtherToolKeyNames(
        [
            "one-of": "enum values choices options allowed allowedvalues anyof",
            "min": "minimum ge gte atleast",
            "max": "maximum le lte atmost",
            "min-length": "minlen minsize",
            "max-length": "maxlen length maxsize size",
            "default": "defaultvalue initial fallback",
            "from": "name alias field fieldname jsonname key",
            "type": "kind datatype schema",
            "optional": "isoptional",
        ],
        explained: [
            "an input is required unless it has 'default' or 'optional: true'; leave 'required' out":
                "required isrequired",
            "inputs have no pattern; bound the text with 'max-length' or 'one-of', or test it in SQL":
                "pattern regex regexp match matches",
            "the type says it, such as 'int', 'date' or 'uuid'": "format",
            "a list is written with its elements' type, such as \"[int]\"": "items elements",
            "an input is where the key above it says: under 'path', 'query', 'header', 'context' or 'body'":
                "in location place",
            "inputs have no description; write it as a comment behind '#'": "description summary title comment doc",
        ]
    )
}
