#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The few things asked of the operating system.
enum System {
    /// The processor cores that are online.
    static var coreCount: Int { Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

    /// Runs `body` on a thread of its own, which nobody joins. False when there is no thread to be had.
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

    /// The message of an `errno`.
    static func message(of error: Int32) -> String { String(cString: strerror(error)) }
}

/// What a new thread runs, in a form that goes through a pointer.
private final class ThreadBody: Sendable {
    private let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) {
        self.body = body
    }

    func run() {
        body()
    }
}
