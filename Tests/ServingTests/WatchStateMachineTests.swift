import RouteServing
import Testing

/// Files whose stamps and contents a test sets, and a watch of them.
private struct Watch {
    private(set) var now: Int64 = 0
    private var machine: WatchStateMachine
    private var files: [String: (stamp: FileStamp, text: String)] = [:]
    private var inode: UInt64 = 1
    private(set) var action = WatchStateMachine.Action.read
    private(set) var delivered: [[String: String]] = []
    /// The files that the receiver of contents wants to have watched.
    var wanted: Set<String> = []
    /// The times of the deliveries.
    private(set) var times: [Int64] = []
    private(set) var readings = 0
    /// Is done once between the stamps before a reading and those after it.
    var interruption: ((inout Watch) -> Void)?

    private static let start: Int64 = 1_700_000_000_000_000_000

    init(_ texts: [String: String], required: Set<String> = ["routes.yaml"]) {
        machine = WatchStateMachine([], required: required)
        for (path, text) in texts { replace(path, text) }
        // The files are old.
        now = 60_000
    }

    /// The time of day in nanoseconds, in ticks of one second where `isCoarse`.
    private func timeOfDay(isCoarse: Bool = false) -> Int64 {
        let time = Self.start + now * 1_000_000
        return isCoarse ? time / 1_000_000_000 * 1_000_000_000 : time
    }

    /// Writes a file in place.
    mutating func write(_ path: String, _ text: String, isCoarse: Bool = false) {
        let inode = files[path]?.stamp.inode ?? newInode()
        files[path] = (
            FileStamp(
                device: 1,
                inode: inode,
                size: Int64(text.utf8.count),
                modified: timeOfDay(isCoarse: isCoarse),
                changed: timeOfDay(isCoarse: isCoarse)
            ), text
        )
    }

    /// Writes another file and renames it.
    mutating func replace(_ path: String, _ text: String) {
        files[path] = nil
        write(path, text)
    }

    mutating func remove(_ path: String) { files[path] = nil }

    private mutating func newInode() -> UInt64 {
        inode += 1
        return inode
    }

    private var stamps: FileStamps { files.mapValues(\.stamp).filter { machine.paths.contains($0.key) } }

    var isMissing: Bool { machine.isMissing }

    /// Requires other files.
    mutating func require(_ paths: Set<String>) { action = machine.require(paths, with: [], now: now) }

    /// Does what the machine says for a time, and whatever takes no time after it.
    mutating func run(for milliseconds: Int64) {
        let end = now + milliseconds
        while true {
            switch action {
            case .poll(let pause):
                guard now + pause <= end else {
                    // The rest of the pause.
                    action = .poll(after: now + pause - end)
                    now = end
                    return
                }
                now += pause
                action = machine.handle(.polled(stamps, now: now))
            case .read:
                readings += 1
                let before = stamps
                let contents = FileContents(
                    uniqueKeysWithValues: machine.paths.map { path in
                        (path, files[path].map { FileContent.bytes(Array($0.text.utf8)) } ?? .absent)
                    }
                )
                if let interruption {
                    self.interruption = nil
                    interruption(&self)
                }
                action = machine.handle(
                    .read(contents, before: before, after: stamps, now: now, timeOfDay: timeOfDay())
                )
            case .deliver(let contents):
                times.append(now)
                delivered.append(
                    contents.compactMapValues {
                        if case .bytes(let bytes) = $0 { String(decoding: bytes, as: UTF8.self) } else { nil }
                    }
                )
                action = machine.watch(wanted)
            }
        }
    }
}

@Suite struct WatchStateMachineTests {
    private func watch(_ texts: [String: String] = ["routes.yaml": "1"]) -> Watch {
        var watch = Watch(texts)
        watch.run(for: 1000)
        return watch
    }

    @Test("Files are read at the start and not again while nothing changes")
    func quiet() {
        var watch = watch()
        #expect(watch.delivered == [["routes.yaml": "1"]])
        watch.run(for: 100_000)
        #expect(watch.readings == 1 && watch.delivered.count == 1)
    }

    @Test("A save is delivered within 150 milliseconds, however the editor writes it", arguments: [false, true])
    func save(renames: Bool) {
        for offset in stride(from: Int64(0), to: 200, by: 7) {
            var watch = watch()
            watch.run(for: offset)
            let saved = watch.now
            if renames { watch.replace("routes.yaml", "2") } else { watch.write("routes.yaml", "2") }
            watch.run(for: 1000)
            #expect(watch.delivered.last == ["routes.yaml": "2"])
            #expect(watch.times.last.map { $0 - saved <= 150 } ?? false)
        }
    }

    @Test("A file that is truncated and then written is read when it is complete")
    func truncated() {
        var watch = watch()
        watch.write("routes.yaml", "")
        watch.run(for: 120)
        watch.write("routes.yaml", "ro")
        watch.run(for: 40)
        watch.write("routes.yaml", "routes")
        watch.run(for: 1000)
        #expect(watch.delivered.map { $0["routes.yaml"] } == ["1", "routes"])
    }

    @Test("A manifest that is removed and written anew within 300 milliseconds was never gone")
    func unlinked() {
        var watch = watch()
        watch.remove("routes.yaml")
        watch.run(for: 290)
        #expect(watch.delivered.count == 1)
        watch.replace("routes.yaml", "2")
        watch.run(for: 1000)
        #expect(watch.delivered == [["routes.yaml": "1"], ["routes.yaml": "2"]])
        watch.remove("routes.yaml")
        watch.run(for: 1000)
        #expect(watch.delivered.last == [:])
        #expect(watch.delivered.count == 3)
    }

    @Test("Another file may go at once, and one that a manifest names and that is missing is watched")
    func others() {
        var watch = Watch(["routes.yaml": "1"])
        watch.wanted = ["a.sql"]
        watch.run(for: 1000)
        #expect(watch.delivered == [["routes.yaml": "1"], ["routes.yaml": "1"]], "absent files are delivered as such")
        let created = watch.now
        watch.replace("a.sql", "SELECT 1")
        watch.run(for: 150)
        #expect(watch.delivered.last == ["routes.yaml": "1", "a.sql": "SELECT 1"])
        #expect(watch.times.last.map { $0 - created <= 150 } ?? false)
        watch.run(for: 5000)
        watch.remove("a.sql")
        watch.run(for: 160)
        #expect(watch.delivered.last == ["routes.yaml": "1"])
    }

    @Test("A file that is no longer wanted is not watched, and its changes are nobody's")
    func unwanted() {
        var watch = Watch(["routes.yaml": "1", "a.sql": "a"])
        watch.wanted = ["a.sql"]
        watch.run(for: 1000)
        watch.wanted = []
        watch.write("routes.yaml", "2")
        watch.run(for: 5000)
        let count = watch.delivered.count
        watch.write("a.sql", "b")
        watch.run(for: 5000)
        #expect(watch.delivered.count == count)
        #expect(watch.delivered.last?["routes.yaml"] == "2")
    }

    @Test("Two saves of one size in one tick of the file system are both seen")
    func sameStamp() {
        var watch = watch()
        watch.run(for: 60_000)
        watch.write("routes.yaml", "a", isCoarse: true)
        watch.run(for: 200)
        #expect(watch.delivered.last == ["routes.yaml": "a"])
        watch.write("routes.yaml", "b", isCoarse: true)
        watch.run(for: 200)
        #expect(watch.delivered.last == ["routes.yaml": "b"])
        watch.run(for: 3000)
        let readings = watch.readings
        watch.run(for: 10_000)
        #expect(watch.readings == readings, "it is too old to change without another stamp")
    }

    @Test("A touched file is read, and delivers nothing")
    func touched() {
        var watch = watch()
        watch.write("routes.yaml", "1")
        watch.run(for: 1000)
        #expect(watch.delivered.count == 1 && watch.readings > 1)
    }

    @Test("A file that is written without end is read after 400 milliseconds all the same")
    func endless() {
        var watch = watch()
        let began = watch.now
        for number in 0..<100 {
            watch.write("routes.yaml", String(repeating: "x", count: number + 2))
            watch.run(for: 20)
        }
        #expect(watch.times.count > 3)
        #expect(watch.times.dropFirst().first.map { $0 - began <= 600 } ?? false)
        watch.run(for: 1000)
        #expect(watch.delivered.last?["routes.yaml"]?.utf8.count == 101)
    }

    @Test("Contents that change while they are read are not delivered")
    func torn() {
        var watch = Watch(["routes.yaml": "1", "a.sql": "1"])
        watch.wanted = ["a.sql"]
        watch.run(for: 5000)
        watch.write("routes.yaml", "2")
        watch.interruption = { watch in
            watch.write("routes.yaml", "three")
            watch.write("a.sql", "three")
        }
        watch.run(for: 5000)
        #expect(watch.delivered.last == ["routes.yaml": "three", "a.sql": "three"])
        #expect(!watch.delivered.contains { $0["routes.yaml"] == "2" })
    }

    @Test("A file that is required later is read when it is complete, and one that is required no longer may go")
    func required() {
        var watch = watch()
        watch.write("admin.routes.yaml", "")
        watch.require(["routes.yaml", "admin.routes.yaml"])
        watch.run(for: 60)
        watch.write("admin.routes.yaml", "2")
        watch.run(for: 160)
        #expect(watch.delivered.last == ["routes.yaml": "1", "admin.routes.yaml": "2"])
        #expect(watch.delivered.count == 2)
        watch.remove("routes.yaml")
        watch.require(["admin.routes.yaml"])
        watch.run(for: 160)
        #expect(watch.delivered.last == ["admin.routes.yaml": "2"])
    }

    @Test("New manifests count at once, missing ones when they are missing twice, and the last ones never")
    func search() {
        var search = ManifestSearch(["a"])
        var changes: [[String]] = []
        for found in [
            ["a"], ["a", "b"], ["b"], ["a", "b"], ["b"], ["b"], [], [], ["c"], ["c"],
        ] where search.found(found) {
            changes.append(search.files)
        }
        #expect(changes == [["a", "b"], ["b"], ["c"]])
    }

    @Test("A manifest that has another name counts at once, and an early search makes none missing")
    func rename() {
        var search = ManifestSearch(["a", "b"])
        var changes: [Bool] = []
        for (found, isEarly) in [
            (["a"], true), (["a"], true), (["a"], false), (["a", "c"], true), ([], true), ([], false), ([], false),
        ] {
            changes.append(search.found(found, isEarly: isEarly))
        }
        #expect(changes == [false, false, false, true, false, false, false])
        #expect(search.files == ["a", "c"])
    }

    @Test("A manifest with another name is known before the old one is missed")
    func renamedManifest() {
        var watch = watch()
        watch.remove("routes.yaml")
        watch.write("new.routes.yaml", "1")
        var time: Int64 = 0
        while !watch.isMissing, time < 1000 {
            watch.run(for: 10)
            time += 10
        }
        #expect(time <= 2 * WatchStateMachine.Times.poll)
        watch.require(["new.routes.yaml"])
        watch.run(for: 1000)
        #expect(watch.delivered == [["routes.yaml": "1"], ["new.routes.yaml": "1"]])
        watch.remove("new.routes.yaml")
        watch.run(for: 5000)
        #expect(watch.delivered.count == 3 && watch.delivered.last == [:] && !watch.isMissing)
    }
}
