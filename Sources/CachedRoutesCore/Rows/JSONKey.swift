/// A place inside JSON where there is no key of the type that is coded.
struct JSONKey: CodingKey {
    let stringValue: String
    let intValue: Int?

    /// The member for a superclass.
    static let `super` = JSONKey(stringValue: "super")

    init(stringValue: String) {
        self.stringValue = stringValue
        intValue = nil
    }

    init(intValue: Int) { self.init(index: intValue) }

    /// The place of an element.
    init(index: Int) {
        stringValue = "Index \(index)"
        intValue = index
    }
}
