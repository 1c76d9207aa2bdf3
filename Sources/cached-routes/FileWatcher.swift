import Foundation
import NIOPosix
import RouteServing
import ServiceLifecycle
import Synchronization

/// Reads the files of manifests, and again whenever they change.
final class FileWatcher: Service {
    private let reloader: Reloader
    private let start = ContinuousClock.now
    /// The machine between the first reading and the watch.
    private let machine: Mutex<WatchStateMachine>
    /// The manifests that were found at the start; `nil` if they were named.
    private let found: [String]?

    /// - Parameter isSearching: true if manifests are those that are found below `Sources`.
    init(_ manifests: ServedManifests, isSearching: Bool = false, reloader: Reloader) {
        machine = Mutex(WatchStateMachine(manifests.locks, required: Set(manifests.paths)))
        found = isSearching ? manifests.paths.sorted() : nil
        self.reloader = reloader
    }

    /// Reads the files for the first time.
    func read() async throws {
        var machine = machine.withLock { $0 }
        var pause = try await act(.read, &machine)
        // While a file is being written.
        while pause < WatchStateMachine.Times.poll { pause = try await poll(after: pause, &machine) }
        self.machine.withLock { [machine] in $0 = machine }
    }

    /// Watches the files until the server is shut down.
    func run() async throws {
        await cancelWhenGracefulShutdown { [self] in
            var machine = machine.withLock { $0 }
            var search = found.map { ManifestSearch($0) }
            var searched = now
            var pause = WatchStateMachine.Times.poll
            // Ends when the task is cancelled.
            while let next = try? await poll(after: pause, &machine) {
                pause = next
                let isEarly = now - searched < WatchStateMachine.Times.search
                guard search != nil, !isEarly || machine.isMissing else { continue }
                if !isEarly { searched = now }
                let files = try? await NIOThreadPool.singleton.runIfActive {
                    ManifestFileOptions.found(under: "Sources")
                }
                guard let files, search?.found(files, isEarly: isEarly) ?? false,
                    let targets = try? ManifestFileOptions.grouped(files)
                else { continue }
                let manifests = ServedManifests(targets: targets)
                await reloader.found(manifests)
                if case .poll(let next) = machine.require(Set(manifests.paths), with: manifests.locks, now: now) {
                    pause = next
                }
            }
        }
    }

    /// Asks for stamps, and does what the machine says then.
    ///
    /// - Returns: the time to wait, in milliseconds.
    private func poll(after pause: Int64, _ machine: inout WatchStateMachine) async throws -> Int64 {
        try await Task.sleep(for: .milliseconds(pause))
        let paths = machine.paths
        let stamps = try await NIOThreadPool.singleton.runIfActive { Files.stamps(of: paths) }
        return try await act(machine.handle(.polled(stamps, now: now)), &machine)
    }

    /// Does what the machine says until it says to wait.
    ///
    /// - Returns: the time to wait, in milliseconds.
    private func act(_ first: WatchStateMachine.Action, _ machine: inout WatchStateMachine) async throws -> Int64 {
        var action = first
        while true {
            switch action {
            case .poll(let pause): return pause
            case .read:
                let paths = machine.paths
                let (before, contents, after) = try await NIOThreadPool.singleton.runIfActive {
                    (Files.stamps(of: paths), Files.contents(of: paths), Files.stamps(of: paths))
                }
                let timeOfDay = Int64(Date().timeIntervalSince1970 * 1_000_000_000)
                action = machine.handle(
                    .read(contents, before: before, after: after, now: now, timeOfDay: timeOfDay)
                )
            case .deliver(let contents): action = machine.watch(await reloader.changed(contents))
            }
        }
    }

    /// The milliseconds since the beginning.
    private var now: Int64 {
        let elapsed = (ContinuousClock.now - start).components
        return elapsed.seconds * 1000 + elapsed.attoseconds / 1_000_000_000_000_000
    }
}
