/// Settings that take effect when the manifest is read, and that the runtime doesn't have.
struct BuildTimeSettings {
    /// A text that changes the fingerprint.
    var revision: String?
    /// Indicates that a write purges the responses at its own path.
    var invalidatesTarget = true
}
