import HTTPTypes
import Testing

@testable import CachedRoutes
@testable import CachedRoutesCore

@Suite("The conditions of a write")
struct WritePreconditionsTests {
    @Test(
        "lists of entity tags are read, and what is none is malformed",
        arguments: [
            ("*", .any), (" *\t", .any), (#""a""#, .tags([.init(opaque: "a", isWeak: false)])),
            (#"W/"a""#, .tags([.init(opaque: "a", isWeak: true)])), (#""""#, .tags([.init(opaque: "", isWeak: false)])),
            (
                #" , "a" ,, W/"b c", "d,e","#,
                .tags([
                    .init(opaque: "a", isWeak: false), .init(opaque: "b c", isWeak: true),
                    .init(opaque: "d,e", isWeak: false),
                ])
            ),
            ("", nil), (" , ,", nil), ("a", nil), (#""a"#, nil), (#"a""#, nil), (#""a" "b""#, nil), (#""a", b"#, nil),
            (#"*, "a""#, nil), (#""a", *"#, nil), (#"w/"a""#, nil), (#"W/ "a""#, nil), ("**", nil), ("W/", nil),
        ] as [(String, EntityTagPrecondition?)]
    )
    func fields(value: String, expected: EntityTagPrecondition?) {
        #expect(EntityTagPrecondition(value) == expected)
    }

    /// A condition, and whether it holds where the tag is `a`, where there is another tag, none, and nothing at all.
    static let cases: [(fields: HTTPFields, current: Bool, other: Bool, untagged: Bool, none: Bool)] = [
        ([.ifMatch: #""a""#], true, false, false, false),
        ([.ifMatch: #""x", "a""#], true, false, false, false),
        ([.ifMatch: #""a-gzip""#], true, false, false, false),
        // Strong comparison (RFC 9110, 8.8.3.2).
        ([.ifMatch: #"W/"a""#], false, false, false, false),
        ([.ifMatch: #"W/"a", "a""#], true, false, false, false),
        ([.ifMatch: #""a-br""#], false, false, false, false),
        ([.ifMatch: #""A""#], false, false, false, false),
        ([.ifMatch: "*"], true, true, true, false),
        ([.ifNoneMatch: "*"], false, false, false, true),
        ([.ifNoneMatch: #""a""#], false, true, true, true),
        ([.ifNoneMatch: #"W/"a""#], false, true, true, true),
        ([.ifNoneMatch: #""a-gzip""#], false, true, true, true),
        ([.ifMatch: #""a""#, .ifNoneMatch: #""a""#], false, false, false, false),
        ([.ifMatch: #""a""#, .ifNoneMatch: #""b""#], true, false, false, false),
        ([.ifMatch: "*", .ifNoneMatch: "*"], false, false, false, false),
        // A date says nothing beside If-Match, and nothing that can hold alone or beside If-None-Match (13.2.2).
        ([.ifMatch: #""a""#, .ifUnmodifiedSince: "Thu, 01 Jan 1970 00:00:00 GMT"], true, false, false, false),
        ([.ifUnmodifiedSince: "Thu, 01 Jan 2099 00:00:00 GMT"], false, false, false, false),
        ([.ifUnmodifiedSince: "yesterday"], false, false, false, false),
        ([.ifNoneMatch: "*", .ifUnmodifiedSince: "Thu, 01 Jan 2099 00:00:00 GMT"], false, false, false, false),
        // What can't be read holds for nothing.
        ([.ifMatch: "a"], false, false, false, false), ([.ifMatch: ""], false, false, false, false),
        ([.ifNoneMatch: "a"], false, false, false, false), ([.ifNoneMatch: ""], false, false, false, false),
        ([.ifMatch: "*", .ifNoneMatch: "a"], false, false, false, false),
        // No condition of a write (13.1.3).
        ([.ifMatch: #""a""#, .ifModifiedSince: "Thu, 01 Jan 2099 00:00:00 GMT"], true, false, false, false),
    ]

    @Test("hold in the order of RFC 9110, or not", arguments: cases)
    func hold(fields: HTTPFields, current: Bool, other: Bool, untagged: Bool, none: Bool) throws {
        let conditions = try #require(WritePreconditions(fields))
        #expect(conditions.hold(for: .current(tag: "a")) == current)
        #expect(conditions.hold(for: .current(tag: "b")) == other)
        #expect(conditions.hold(for: .current(tag: nil)) == untagged)
        #expect(conditions.hold(for: .none) == none)
        if conditions.refusal != nil { #expect(!current && !other && !untagged && !none) }
    }

    @Test("are none where a request has no field of theirs")
    func absent() {
        #expect(WritePreconditions([:]) == nil)
        #expect(WritePreconditions([.ifModifiedSince: "Thu, 01 Jan 2099 00:00:00 GMT"]) == nil)
        #expect(WritePreconditions([.ifRange: #""a""#]) == nil)
        var lines = HTTPFields()
        lines.append(HTTPField(name: .ifMatch, value: #""x""#))
        lines.append(HTTPField(name: .ifMatch, value: #""a""#))
        #expect(WritePreconditions(lines)?.hold(for: .current(tag: "a")) == true)
    }
}
