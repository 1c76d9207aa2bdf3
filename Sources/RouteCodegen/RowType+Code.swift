import RouteManifest

extension RowType {
    /// The names of the library's types that the type needs.
    var libraryTypes: Set<String> {
        switch self {
        case .int16, .int32, .int, .bool, .text, .enumeration: []
        case .exactDecimal: ["ExactDecimal"]
        case .float, .double: ["JSONFloat"]
        case .uuid: ["LowercaseUUID"]
        case .timestamp: ["TimestampText"]
        case .bytes: ["HexBytes"]
        case .array(let element): element.libraryTypes.union(["JSONArray"])
        case .json: ["JSONFragment"]
        }
    }
}
