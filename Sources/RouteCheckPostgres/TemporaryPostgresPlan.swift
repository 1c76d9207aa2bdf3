/// The commands of a private PostgreSQL server, as texts for a shell.
struct TemporaryPostgresPlan: Hashable {
    /// The name of the superuser, and of the database that schemas are loaded into.
    static let user = "check"
    /// The port, which is a part of the socket's name.
    static let port = 5432

    /// A user of the system.
    struct User: Hashable {
        /// The name.
        var name: String
        /// The number.
        var id: UInt32
        /// The number of the user's group, which may have another name than the user.
        var group: UInt32
    }

    /// The folder with the programs `initdb` and `postgres`.
    var programs: String
    /// The private folder.
    var folder: String
    /// The user that the programs run as; `nil` for that of this process.
    var serverUser: User?
    /// Indicates Linux, whose `setpriv` changes users without a shell of theirs.
    var hasSetpriv: Bool

    /// The folder of the data.
    var data: String { "\(folder)/data" }
    /// The messages of both programs.
    var log: String { "\(folder)/log" }

    /// The arguments that run a program as the server's user.
    func asServerUser(_ command: [String]) -> [String] {
        guard let serverUser else { return command }
        guard hasSetpriv else {
            return ["su", "-m", serverUser.name, "-c", "exec " + command.map(Self.quoted).joined(separator: " ")]
        }
        return ["setpriv", "--reuid=\(serverUser.id)", "--regid=\(serverUser.group)", "--init-groups"] + command
    }

    /// The command that makes the data's folder.
    var creation: [String] {
        asServerUser([
            "\(programs)/initdb", "--pgdata=\(data)", "--username=\(Self.user)", "--auth=trust", "--encoding=UTF8",
            "--locale=C", "--no-sync",
        ])
    }

    /// The command that is the server: it listens on a socket in the private folder alone.
    var server: [String] {
        let settings = [
            "listen_addresses=", "unix_socket_directories=\(folder)", "port=\(Self.port)", "fsync=off",
            "full_page_writes=off", "synchronous_commit=off", "lc_messages=C", "timezone=UTC", "max_connections=20",
        ]
        return asServerUser(["\(programs)/postgres", "-D", data] + settings.flatMap { ["-c", $0] })
    }

    /// The script of a guardian that makes the data, runs the server until its standard input ends, and removes the folder.
    ///
    /// However the process that holds the other end of that pipe ends, the pipe ends with it, even after SIGKILL. The guardian
    /// ignores the signals of a terminal, which go to it too. The server handles them itself. QUIT is sent again until the
    /// server is gone, because it is ignored until the server has begun. The programs alone keep the standard output open, so
    /// that it ends with them.
    var guardian: String {
        let (folder, log) = (Self.quoted(folder), Self.quoted(log))
        func words(_ command: [String]) -> String { command.map(Self.quoted).joined(separator: " ") }
        return """
            trap '' HUP INT TERM PIPE
            cd /
            exec 3>&1 >/dev/null
            (\(words(creation)) && [ ! -e \(folder)/stopped ] && exec \(words(server))) </dev/null >\(log) 2>&1 &
            server=$!
            exec 3>&-
            cat >/dev/null
            : >\(folder)/stopped
            (while kill -QUIT $server 2>/dev/null; do sleep 0.2; done) &
            killer=$!
            wait $server
            kill -KILL $killer 2>/dev/null
            rm -rf \(folder)
            """
    }

    /// The connection string of one of the server's databases.
    func url(database: String) -> String {
        "postgresql://\(Self.user)@/\(Self.escaped(database))?host=\(Self.escaped(folder))&port=\(Self.port)"
    }

    private static func escaped(_ text: String) -> String {
        text.utf8.map { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                ? String(UnicodeScalar(byte))
                : "%" + (byte < 0x10 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }.joined()
    }

    /// A word of a shell.
    static func quoted(_ word: String) -> String { "'\(word.replacing("'", with: "'\\''"))'" }

    /// The folders that have had PostgreSQL's programs, the newest version first.
    ///
    /// - Parameters:
    ///   - path: the folders of `PATH`.
    ///   - installed: the folders of installations, such as `/usr/lib/postgresql/15/bin`.
    static func candidates(path: [String], installed: [String]) -> [String] {
        func version(_ folder: String) -> Int {
            folder.split { !("0"..."9").contains($0) }.compactMap { Int($0) }.last ?? 0
        }
        return path + installed.sorted { (version($1), $0) < (version($0), $1) }
    }
}
