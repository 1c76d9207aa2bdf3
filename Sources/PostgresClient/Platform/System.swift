#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The services of the operating system and of the C library that this module uses, apart from pipes and `poll`.
enum System {
    /// The number of processor cores that are online.
    static var coreCount: Int { Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

    /// Runs `body` on a new detached thread.
    ///
    /// - Returns: `false` if no thread could be started; `body` is not called then.
    static func detachThread(_ body: @escaping @Sendable () -> Void) -> Bool {
        let argument = Unmanaged.passRetained(ThreadBody(body)).toOpaque()
        let status = startThread(argument)
        if status != 0 { Unmanaged<ThreadBody>.fromOpaque(argument).release() }
        return status == 0
    }

    #if canImport(Darwin)
        private static func startThread(_ argument: UnsafeMutableRawPointer) -> Int32 {
            var thread: pthread_t?
            let status = pthread_create(
                &thread,
                nil,
                {
                    Unmanaged<ThreadBody>.fromOpaque($0).takeRetainedValue().run()
                    return nil
                },
                argument
            )
            if status == 0, let thread { pthread_detach(thread) }
            return status
        }
    #else
        private static func startThread(_ argument: UnsafeMutableRawPointer) -> Int32 {
            var thread = pthread_t()
            let status = pthread_create(
                &thread,
                nil,
                {
                    if let argument = $0 { Unmanaged<ThreadBody>.fromOpaque(argument).takeRetainedValue().run() }
                    return nil
                },
                argument
            )
            if status == 0 { pthread_detach(thread) }
            return status
        }
    #endif

    /// The value of an environment variable; `nil` if it is not set.
    static func environmentVariable(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }

    /// Calls `body` with null-terminated copies of strings, and with `nil` behind the last one.
    static func withCStrings<Result>(
        _ strings: [String],
        _ body: ([UnsafePointer<CChar>?]) throws -> Result
    ) rethrows -> Result {
        let copies = strings.map { strdup($0) }
        defer { copies.forEach { free($0) } }
        return try body(copies.map { UnsafePointer($0) } + [nil])
    }

    /// Indicates that a null-terminated C string has the bytes of `string`.
    static func isEqual(_ text: UnsafePointer<CChar>, _ string: String) -> Bool {
        string.withCString { strcmp(text, $0) == 0 }
    }

    /// Indicates that a null-terminated C string has the bytes of `string`.
    static func isEqual(_ text: UnsafePointer<CChar>, _ string: StaticString) -> Bool {
        strcmp(text, pointer(to: string)) == 0
    }

    /// The null-terminated C string of a literal, which is never freed.
    static func pointer(to string: StaticString) -> UnsafePointer<CChar> {
        UnsafeRawPointer(string.utf8Start).assumingMemoryBound(to: CChar.self)
    }

    /// Copies bytes from a socket's receive buffer without consuming them and without waiting.
    ///
    /// - Returns: the number of bytes that were copied; 0 at the end of input, -1 if there are none.
    static func peek(_ socket: Int32, into bytes: UnsafeMutableRawBufferPointer) -> Int {
        recv(socket, bytes.baseAddress, bytes.count, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT))
    }
}

/// The body of a new thread, boxed so that it can be passed through a C pointer.
private final class ThreadBody: Sendable {
    private let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) {
        self.body = body
    }

    func run() {
        body()
    }
}
