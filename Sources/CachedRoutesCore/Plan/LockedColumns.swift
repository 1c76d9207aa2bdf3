/// The types of a statement's parameters and columns as the manifest's lock has them.
///
/// They are what the database said when the lock was made. At run time they are compared with what the database says then;
/// a difference is logged, and changes no response.
public struct LockedColumns: Hashable, Sendable {
    /// A column of the result.
    public struct Column: Hashable, Sendable {
        /// The name.
        public let name: String
        /// The name of the type, such as `bigint`, `integer[]` or, of a type of the user's, `public.order_state`.
        public let type: String

        /// Makes a column.
        ///
        /// - Parameters:
        ///   - name: the name.
        ///   - type: the name of the type.
        package init(_ name: String, _ type: String) {
            self.name = name
            self.type = type
        }
    }

    /// The names of the types of the parameters as they were chosen, those of a parameter with several types each on its own.
    public let parameters: [String]
    /// The columns in their order.
    public let columns: [Column]

    /// Makes the types of a statement.
    ///
    /// - Parameters:
    ///   - parameters: the names of the types of the parameters.
    ///   - columns: the names of the columns, each with the name of its type, in their order.
    public init(parameters: [String] = [], columns: KeyValuePairs<String, String> = [:]) {
        self.init(parameters: parameters, columns: columns.map { Column($0.key, $0.value) })
    }

    /// Makes the types of a statement whose columns are not written in code.
    ///
    /// - Parameters:
    ///   - parameters: the names of the types of the parameters.
    ///   - columns: the columns in their order.
    package init(parameters: [String], columns: [Column]) {
        self.parameters = parameters
        self.columns = columns
    }
}
