/// Settings that decide what is built, and that the runtime doesn't know.
struct BuildSettings {
    /// A text that changes the fingerprint.
    var revision: String?
    /// True where a write purges the answers of its own path.
    var invalidatesTarget = true
}
