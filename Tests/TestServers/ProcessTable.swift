#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What `ps` says about processes.
enum ProcessTable {
    static func children(of pid: pid_t) -> [pid_t] {
        all().filter { $0.parent == pid }.map(\.pid)
    }

    /// The processes that have not ended.
    static func living() -> Set<pid_t> {
        Set(all().filter { !$0.isZombie }.map(\.pid))
    }

    static func send(_ signal: Int32, to pid: pid_t) {
        kill(pid, signal)
    }

    private static func all() -> [(pid: pid_t, parent: pid_t, isZombie: Bool)] {
        let table = (try? ServerCommand("ps", ["-A", "-o", "pid=,ppid=,stat="]).run()) ?? ""
        return table.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            guard words.count == 3, let pid = pid_t(words[0]), let parent = pid_t(words[1]) else { return nil }
            return (pid, parent, words[2].hasPrefix("Z"))
        }
    }
}
