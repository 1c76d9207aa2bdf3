/// A place in a manifest or in a `.sql` file.
public struct Location: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The file, as the parser's caller named it.
    public var file: String
    /// The line, from 1.
    public var line: Int
    /// The column, from 1, counted in Unicode scalars. A tab and a composed `é` are one column each. A byte order mark
    /// at the start of a file is not counted.
    public var column: Int

    /// Creates a location.
    public init(file: String, line: Int, column: Int) {
        self.file = file
        self.line = line
        self.column = column
    }

    /// The location as `file:line:column`, which editors turn into a link.
    public var description: String { "\(file):\(line):\(column)" }

    /// Orders locations by file, line and column.
    public static func < (left: Location, right: Location) -> Bool {
        (left.file, left.line, left.column) < (right.file, right.line, right.column)
    }
}
