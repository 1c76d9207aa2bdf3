/// The bytes of commands as they are sent.
enum CommandSize {
    /// A command whose arguments, its name among them, have these lengths.
    static func of(_ lengths: Int...) -> Int { of(lengths) }

    static func of(_ lengths: [Int]) -> Int {
        lengths.reduce(3 + digits(lengths.count)) { $0 + 5 + digits($1) + $1 }
    }

    /// A message that a key has changed: `message`, the channel, and an array of the key.
    static func invalidation(of key: Int) -> Int {
        of(7, "__redis__:invalidate".utf8.count) + of(key)
    }

    private static func digits(_ number: Int) -> Int { String(number).utf8.count }
}
