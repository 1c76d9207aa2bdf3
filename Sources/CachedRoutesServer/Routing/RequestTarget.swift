/// The target of a request (RFC 9112, 3.2).
struct RequestTarget: Sendable, Equatable {
    /// Path and query in origin form; `*` for a request about the server as a whole.
    let originForm: String

    /// Removes scheme and authority of a target in absolute form.
    ///
    /// - Parameter text: the target as it was received.
    init(_ text: String) {
        let bytes = text.utf8
        guard bytes.first != UInt8(ascii: "/"), let scheme = text.firstRange(of: "://") else {
            originForm = text
            return
        }
        let end = text.firstIndex { $0 == "?" || $0 == "#" } ?? text.endIndex
        guard scheme.upperBound <= end else {
            originForm = text
            return
        }
        let rest = text[scheme.upperBound...].drop { $0 != "/" && $0 != "?" && $0 != "#" }
        originForm = rest.first == "/" ? String(rest) : "/" + rest
    }

    /// Calls `body` with the bytes of the path. A fragment, which no target may have, is part of it, so that it leads nowhere.
    func withPath<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        var text = originForm
        return text.withUTF8 { bytes in
            let end = bytes.firstIndex(of: UInt8(ascii: "?")) ?? bytes.endIndex
            return body(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[..<end]))
        }
    }
}
