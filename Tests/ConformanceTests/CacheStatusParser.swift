import TestApp

/// What `Cache-Status` says about one answer, read as a structured field (RFC 8941) with the parameters of RFC 9211.
struct CacheStatusField: Equatable, CustomStringConvertible {
    var isHit = false
    var forward: String?
    var ttl: Int?
    var isStored = false
    var isCollapsed = false
    var detail: String?

    /// A field that breaks a rule, and which.
    struct Invalid: Error, CustomStringConvertible {
        let description: String
    }

    static func hit(ttl: Int, detail: String? = nil) -> CacheStatusField {
        CacheStatusField(isHit: true, ttl: ttl, detail: detail)
    }

    static func forwarded(
        _ reason: String,
        stored isStored: Bool = false,
        collapsed isCollapsed: Bool = false,
        detail: String? = nil
    ) -> CacheStatusField {
        CacheStatusField(forward: reason, isStored: isStored, isCollapsed: isCollapsed, detail: detail)
    }

    /// What the only member of an answer's field says.
    init(of response: HTTPClient.Response) throws {
        let lines = response.fields.filter { $0.name.lowercased() == "cache-status" }.map(\.value)
        try self.init(lines.joined(separator: ", "))
    }

    private init(
        isHit: Bool = false,
        forward: String? = nil,
        ttl: Int? = nil,
        isStored: Bool = false,
        isCollapsed: Bool = false,
        detail: String? = nil
    ) {
        self.isHit = isHit
        self.forward = forward
        self.ttl = ttl
        self.isStored = isStored
        self.isCollapsed = isCollapsed
        self.detail = detail
    }

    /// What a field with one member says.
    init(_ value: String) throws {
        var parser = StructuredListParser(value)
        let members = try parser.list()
        guard members.count == 1 else { throw Invalid(description: "\(members.count) members in '\(value)'") }
        guard members[0].item == .token("CachedRoutes") else {
            throw Invalid(description: "'\(value)' is not of CachedRoutes")
        }
        for (name, item) in members[0].parameters {
            switch (name, item) {
            case ("hit", .boolean(let isHit)): self.isHit = isHit
            case ("fwd", .token(let reason)): forward = reason
            case ("ttl", .integer(let ttl)): self.ttl = ttl
            case ("stored", .boolean(let isStored)): self.isStored = isStored
            case ("collapsed", .boolean(let isCollapsed)): self.isCollapsed = isCollapsed
            case ("detail", .token(let text)), ("detail", .string(let text)): detail = text
            default: throw Invalid(description: "'\(name)' in '\(value)'")
            }
        }
        let reasons = ["bypass", "method", "uri-miss", "vary-miss", "miss", "request", "stale", "partial"]
        if let forward, !reasons.contains(forward) { throw Invalid(description: "fwd=\(forward)") }
        // RFC 9211, 2.2, 2.5 and 2.6.
        if isHit && forward != nil { throw Invalid(description: "both hit and fwd in '\(value)'") }
        if forward == nil && (isStored || isCollapsed) {
            throw Invalid(description: "stored or collapsed without fwd in '\(value)'")
        }
    }

    var description: String {
        let parts = [
            isHit ? "hit" : nil, forward.map { "fwd=\($0)" }, ttl.map { "ttl=\($0)" }, isStored ? "stored" : nil,
            isCollapsed ? "collapsed" : nil, detail.map { "detail=\($0)" },
        ]
        return parts.compactMap { $0 }.joined(separator: "; ")
    }
}

/// Reads lists of items with parameters (RFC 8941, 4.2); of bare items those that `Cache-Status` uses.
struct StructuredListParser {
    enum Item: Equatable {
        case integer(Int)
        case string(String)
        case token(String)
        case boolean(Bool)
    }

    struct Member {
        var item: Item
        var parameters: [(name: String, item: Item)] = []
    }

    private let text: String
    private var rest: Substring.UTF8View

    init(_ text: String) {
        self.text = text
        rest = text[...].utf8
    }

    mutating func list() throws -> [Member] {
        var members: [Member] = []
        skip(" ")
        while !rest.isEmpty {
            members.append(try member())
            skip(" \t")
            guard let comma = rest.popFirst() else { return members }
            guard comma == UInt8(ascii: ",") else { throw invalid("no comma between members") }
            skip(" \t")
            if rest.isEmpty { throw invalid("a comma at the end") }
        }
        return members
    }

    private mutating func member() throws -> Member {
        var member = Member(item: try item())
        while rest.first == UInt8(ascii: ";") {
            rest.removeFirst()
            skip(" ")
            let name = take { $0 == "*" || ("a"..."z").contains($0) || ("0"..."9").contains($0) || "_-.".contains($0) }
            guard let first = name.first, first == "*" || ("a"..."z").contains(first) else {
                throw invalid("a parameter without a name")
            }
            if member.parameters.contains(where: { $0.name == name }) { throw invalid("'\(name)' twice") }
            var value = Item.boolean(true)
            if rest.first == UInt8(ascii: "=") {
                rest.removeFirst()
                value = try item()
            }
            member.parameters.append((name, value))
        }
        return member
    }

    private mutating func item() throws -> Item {
        guard let first = rest.first.map({ Character(UnicodeScalar($0)) }) else { throw invalid("no item") }
        switch first {
        case "-", "0"..."9":
            let digits = take { $0 == "-" || ("0"..."9").contains($0) }
            guard let number = Int(digits), digits.count <= 15 + (number < 0 ? 1 : 0) else {
                throw invalid("'\(digits)' is no integer")
            }
            return .integer(number)
        case "\"":
            rest.removeFirst()
            var string = ""
            while let byte = rest.popFirst() {
                var character = Character(UnicodeScalar(byte))
                if character == "\"" { return .string(string) }
                if character == "\\" {
                    character = rest.popFirst().map { Character(UnicodeScalar($0)) } ?? " "
                    guard "\"\\".contains(character) else { throw invalid("a wrong escape") }
                }
                guard (" "..."~").contains(character) else { throw invalid("a string that is not ASCII") }
                string.append(character)
            }
            throw invalid("a string without an end")
        case "?":
            rest.removeFirst()
            switch rest.popFirst() {
            case UInt8(ascii: "0"): return .boolean(false)
            case UInt8(ascii: "1"): return .boolean(true)
            default: throw invalid("no boolean")
            }
        case "*", "a"..."z", "A"..."Z":
            return .token(
                take { character in
                    character.isASCII && (character.isLetter || character.isNumber)
                        || "!#$%&'*+-.^_`|~:/".contains(character)
                }
            )
        default: throw invalid("no item")
        }
    }

    private mutating func take(while isTaken: (Character) -> Bool) -> String {
        let part = rest.prefix { isTaken(Character(UnicodeScalar($0))) }
        rest = rest[part.endIndex...]
        return String(Substring(part))
    }

    private mutating func skip(_ characters: String) {
        rest = rest.drop { characters.utf8.contains($0) }
    }

    private func invalid(_ reason: String) -> CacheStatusField.Invalid {
        CacheStatusField.Invalid(description: "\(reason) in '\(text)'")
    }
}
