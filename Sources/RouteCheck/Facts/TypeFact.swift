/// A type of a database.
package struct TypeFact: Hashable, Sendable {
    /// The name as `format_type` has it, with its schema if it is a user's. Of a domain it is the name of its base type.
    package var name: String
    /// The type's OID.
    package var oid: UInt32
    /// The OID of the type below all domains.
    package var baseOID: UInt32
    /// The labels of an enum, or of the elements of an array of one.
    package var labels: [String]?
    /// Indicates that some value of the input behind a parameter can be read as this type; `nil` for other types than those
    /// of parameters.
    package var mayBeRead: Bool?

    /// Creates a type.
    package init(name: String, oid: UInt32, baseOID: UInt32, labels: [String]? = nil, mayBeRead: Bool? = nil) {
        self.name = name
        self.oid = oid
        self.baseOID = baseOID
        self.labels = labels
        self.mayBeRead = mayBeRead
    }
}
