/// Decides when files that people edit are read, and which of their contents are new.
///
/// Files are polled: stamps of some 30 files ten times a second cost next to nothing, and say the same for all ways in which
/// editors save. Contents and not stamps decide in the end, so touching a file changes nothing.
///
/// A value type: its owner sleeps, asks for stamps, reads files, and passes on what is delivered.
package struct WatchStateMachine: Sendable {
    /// The times of a watch, all but the last in milliseconds.
    package enum Times {
        /// The time between two polls while nothing changes.
        package static let poll: Int64 = 100
        /// The time between two polls after a change. Files that are the same in both are read.
        package static let settling: Int64 = 50
        /// The time after which files that still change are read nevertheless. They are passed on if they didn't change
        /// while they were read.
        package static let longestSettling: Int64 = 400
        /// The time for which a required file may be missing: some editors remove a file and write another one.
        package static let missing: Int64 = 300
        /// The time between two searches for manifests.
        package static let search: Int64 = 400
        /// The age, in nanoseconds, below which a file may change again without another stamp: the ticks of file systems are
        /// up to a second long.
        package static let racy: Int64 = 2_000_000_000
    }

    /// The result of an action.
    package enum Event: Sendable {
        /// The stamps of ``WatchStateMachine/paths`` at a time of a clock that never goes back, in milliseconds.
        case polled(FileStamps, now: Int64)
        /// The contents of ``WatchStateMachine/paths``, with the stamps before and after they were read, at a time of that
        /// clock and at a time of day in nanoseconds since 1970.
        case read(FileContents, before: FileStamps, after: FileStamps, now: Int64, timeOfDay: Int64)
    }

    /// The next action of the owner.
    package enum Action: Hashable, Sendable {
        /// Ask for stamps after so many milliseconds.
        case poll(after: Int64)
        /// Read all files.
        case read
        /// Pass the contents on, then tell ``WatchStateMachine/watch(_:)`` what to watch from now on.
        case deliver(FileContents)
    }

    private enum State: Sendable {
        /// The stamps are those of the last reading.
        case quiet
        /// They differ since a time, and were these at the last poll.
        case settling(FileStamps, since: Int64)
        /// The files are being read. The change was seen at a time; `nil` if there was none to see.
        case reading(since: Int64?)
    }

    /// The files that are watched.
    package private(set) var paths: Set<String>
    private var required: Set<String>
    private var state = State.reading(since: nil)
    /// The stamps of the last reading, for the paths that were watched then.
    private var stamps: FileStamps = [:]
    /// Indicates that a file may have changed since the last reading without another stamp.
    private var isRacy = false
    /// The contents that were passed on last.
    private var delivered: FileContents?

    /// Creates a watch. The first action is to read all files.
    ///
    /// - Parameters:
    ///   - paths: the files.
    ///   - required: those of them that are not expected to go, such as manifests.
    package init(_ paths: Set<String>, required: Set<String>) {
        self.paths = paths.union(required)
        self.required = required
    }

    /// Takes the result of an action.
    ///
    /// - Returns: the next action.
    package mutating func handle(_ event: Event) -> Action {
        switch event {
        case .polled(let found, let now): polled(found, now)
        case .read(let contents, let before, let after, let now, let timeOfDay):
            read(contents, before, after, now, timeOfDay)
        }
    }

    /// Sets the files to watch, after contents were delivered.
    ///
    /// - Parameter others: the files besides those that are required.
    /// - Returns: the next action: a reading, if one of the files was not read yet.
    package mutating func watch(_ others: Set<String>) -> Action {
        paths = others.union(required)
        stamps = stamps.filter { paths.contains($0.key) }
        let known = Set((delivered ?? [:]).keys)
        delivered = delivered?.filter { paths.contains($0.key) }
        guard paths.isSubset(of: known) else {
            state = .reading(since: nil)
            return .read
        }
        return .poll(after: Times.poll)
    }

    /// Sets the files that are not expected to go, between two polls.
    ///
    /// - Parameters:
    ///   - files: the files.
    ///   - others: files to watch besides those that are watched, until the next ``watch(_:)``.
    ///   - now: the time, as in events.
    /// - Returns: the next action.
    package mutating func require(_ files: Set<String>, with others: Set<String>, now: Int64) -> Action {
        paths = paths.subtracting(required).union(files).union(others)
        required = files
        // A new file may be found before its content is written.
        state = .settling([:], since: now)
        return .poll(after: Times.settling)
    }

    private mutating func polled(_ found: FileStamps, _ now: Int64) -> Action {
        switch state {
        case .quiet:
            guard found != stamps else {
                guard isRacy else { return .poll(after: Times.poll) }
                state = .reading(since: nil)
                return .read
            }
            state = .settling(found, since: now)
            return .poll(after: Times.settling)
        case .settling(let last, let since):
            let age = now - since
            let isSettled = found == last && (age >= Times.missing || !isMissing(in: found))
            guard isSettled || age >= Times.longestSettling else {
                state = .settling(found, since: since)
                return .poll(after: Times.settling)
            }
            state = .reading(since: since)
            return .read
        case .reading: return .read
        }
    }

    /// Indicates that a required file is gone, of which nobody knows yet: it may have another name now.
    package var isMissing: Bool {
        if case .settling(let found, _) = state { isMissing(in: found) } else { false }
    }

    /// Tells whether a required file is gone that was there when contents were delivered.
    private func isMissing(in found: FileStamps) -> Bool {
        required.contains { path in
            guard found[path] == nil, let content = delivered?[path] else { return false }
            return content != .absent
        }
    }

    private mutating func read(
        _ contents: FileContents,
        _ before: FileStamps,
        _ after: FileStamps,
        _ now: Int64,
        _ timeOfDay: Int64
    ) -> Action {
        guard case .reading(let since) = state else { return .poll(after: Times.poll) }
        let age = now - (since ?? now)
        guard before == after, age >= Times.missing || !isMissing(in: after) else {
            // The files have changed meanwhile, so their contents may be of different times.
            state = .settling(after, since: since ?? now)
            return .poll(after: Times.settling)
        }
        state = .quiet
        stamps = after
        isRacy = after.values.contains { abs(timeOfDay - max($0.modified, $0.changed)) < Times.racy }
        guard contents != delivered else { return .poll(after: Times.poll) }
        delivered = contents
        return .deliver(contents)
    }
}
