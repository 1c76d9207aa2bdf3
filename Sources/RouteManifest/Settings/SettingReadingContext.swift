/// The context in which a setting is read.
struct SettingReadingContext {
    let reader: NodeReader
    /// Tables for messages: those that the route's SQL reads.
    var tables: [String] = []
    /// The names of the settings of the table that is read.
    var siblings: [String] = []
}
