/// A place in a manifest or in a `.sql` file.
public struct Location: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The file, as it was named to the parser.
    public var file: String
    /// The line, from 1.
    public var line: Int
    /// The column, from 1, counted in Unicode scalars: a tab and an `é` in its composed form are one column each. A byte order mark
    /// at the start of a file is not counted.
    public var column: Int

    /// A location from its parts.
    public init(file: String, line: Int, column: Int) {
        self.file = file
        self.line = line
        self.column = column
    }

    /// `file:line:column`, as editors link it.
    public var description: String { "\(file):\(line):\(column)" }

    /// The order of files, then lines, then columns.
    public static func < (left: Location, right: Location) -> Bool {
        (left.file, left.line, left.column) < (right.file, right.line, right.column)
    }
}
