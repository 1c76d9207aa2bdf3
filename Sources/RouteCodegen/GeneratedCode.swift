/// The generated code as a whole.
public enum GeneratedCode {
    /// The version of the code that this generator writes, for the plugin to compare with the one that its library is for: the
    /// digest of the golden files. It is written together with them.
    public static let version = "ccb4cc392cb91682"
}
