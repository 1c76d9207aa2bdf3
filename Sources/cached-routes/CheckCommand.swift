import ArgumentParser
import Foundation
import PostgresClient
import RouteCheck
import RouteCheckPostgres
import RouteManifest
import RouteServing

/// The command that checks the statements of manifests on a database, and keeps what the database says in locks.
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Checks the SQL of manifests on a database, and writes locks.",
        discussion: """
            Prepares each statement as a service does, executes none, and reports all that is wrong with file, line and \
            column. Warnings have names, which a route's 'allow' silences. With --write it writes routes.lock.json beside each \
            manifest, from which builds know the types of columns without a database. A private server, for instance for CI:

              cached-routes check --temporary --schema database/schema.sql --locked

            The status is 0 without errors, 1 with one, 69 if there is no database, its schema can't be loaded, or the role \
            can't know what locks need.
            """
    )

    /// A form of the findings.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json, sarif
    }

    @Argument(help: "The manifests. Default: those of --manifest.")
    var manifests: [String] = []

    @OptionGroup var databaseOptions: DatabaseOptions

    @Flag(help: "Write the locks if there is no error.")
    var write = false

    @Flag(help: "Fail where the locks say something else than the database.")
    var locked = false

    @Option(
        help: ArgumentHelp(
            "Ask a database with a coming schema if the deployed statements, those of the locks, survive it.",
            valueName: "url"
        )
    )
    var next: String?

    @Option(help: "The form of the findings: text, json or sarif.")
    var format = Format.text

    @OptionGroup var manifestOptions: ManifestFileOptions

    func validate() throws {
        guard [write, locked, next != nil].filter({ $0 }).count <= 1 else {
            throw ValidationError("--write, --locked and --next exclude each other")
        }
        guard !temporary || database == nil && next == nil else {
            throw ValidationError("--temporary has a database of its own; leave out --database and --next")
        }
        guard next == nil || database == nil else {
            throw ValidationError("--next names the database; leave out --database")
        }
        try databaseOptions.checkSchema()
    }

    private var temporary: Bool { databaseOptions.temporary }
    private var database: String? { databaseOptions.database }

    /// What the command prints, and its status.
    struct Outcome {
        var output = ""
        var errors = ""
        var status: Int32 = 0
    }

    /// The status if there is no database to ask (EX_UNAVAILABLE of sysexits.h).
    static let unavailable: Int32 = 69

    func run() throws {
        let outcome = try outcome()
        FileHandle.standardError.write(Data(outcome.errors.utf8))
        FileHandle.standardOutput.write(Data(outcome.output.utf8))
        guard outcome.status == 0 else { throw ExitCode(outcome.status) }
    }

    /// Checks the manifests, and writes locks where they are asked for.
    func outcome() throws -> Outcome {
        let targets = try manifestOptions.adding(manifests).targets(lockUse: .ignored)
        do {
            guard temporary else { return try outcome(targets, at: url) }
            let server = try TemporaryPostgres()
            defer { server.stop() }
            return try outcome(targets, at: databaseOptions.load(into: server))
        } catch let error as PostgresError {
            return failure("the database can't be asked: \(DatabaseOptions.reason(error))", targets)
        } catch let error as TemporaryPostgresError {
            return failure("\(error)", targets)
        }
    }

    /// The outcome without a database: the reason, and what the build finds.
    private func failure(_ reason: String, _ targets: [TargetReading]) -> Outcome {
        let findings = targets.flatMap { target in
            let purpose = purpose(target)
            return RouteCheck.check(
                diagnostics: target.diagnostics + purpose.faults,
                statements: [],
                manifests: target.sources.map(\.file),
                facts: [],
                schema: SchemaFacts(serverVersion: ""),
                purpose: next == nil ? .check : purpose.purpose
            ).findings
        }
        var outcome = Outcome(errors: "error: \(reason)\n", status: Self.unavailable)
        switch format {
        case .json: outcome.output = JSONReport.text(findings, server: nil, failure: reason)
        case .sarif: outcome.output = SARIFReport.text(findings, failure: reason)
        case .text: outcome.errors = TextReport.text(findings) + outcome.errors
        }
        return outcome
    }

    /// The connection string; `nil` for libpq's environment.
    private var url: String? { DatabaseOptions.url(next ?? database) }

    private func outcome(_ targets: [TargetReading], at url: String?) throws -> Outcome {
        let session = try InspectionSession(url: url)
        let database = DatabaseFacts(session, isComplete: next == nil)
        if write || locked, targets.contains(where: { $0.set.statements.contains(where: \.isRead) }),
            let obstacle = try database.dependencyObstacle()
        {
            // A lock would say that tables are unknown which another role knows.
            let reason =
                "\(write ? "--write" : "--locked") needs to know which tables a statement reads, and can't: \(obstacle)"
            return failure(reason, targets)
        }
        var findings: [Finding] = []
        var results: [RouteCheck.Result] = []
        for target in targets {
            let (facts, schema) = try database.facts(
                of: target.set.statements,
                handlerTables: target.set.handlerTables
            )
            let (purpose, faults) = purpose(target)
            let result = RouteCheck.check(
                diagnostics: target.diagnostics + faults,
                statements: target.set.statements,
                handlerTables: target.set.handlerTables,
                manifests: target.sources.map(\.file),
                facts: facts,
                schema: schema,
                purpose: purpose,
                hasData: !temporary
            )
            findings += result.findings
            results.append(result)
        }
        var outcome = Outcome()
        let hasErrors = findings.contains { $0.diagnostic.severity == .error }
        outcome.status = hasErrors ? 1 : 0
        let server = session.serverVersionText
        switch format {
        case .json: outcome.output = JSONReport.text(findings, server: server)
        case .sarif: outcome.output = SARIFReport.text(findings)
        case .text:
            let count = targets.map(\.set.statements.count).reduce(0, +)
            outcome.errors = TextReport.text(findings)
            outcome.output = TextReport.summary(findings, statements: count, server: server) + "\n"
        }
        guard write else { return outcome }
        if hasErrors {
            outcome.errors += "No lock was written, because there are errors\n"
        } else {
            for (target, result) in zip(targets, results) {
                for (source, lock) in zip(target.sources, result.locks) {
                    do {
                        outcome.errors += try Self.write(lock, of: source).map { "\($0)\n" } ?? ""
                    } catch {
                        outcome.errors +=
                            "error: \(LockText.file(of: source.file)) can't be written: \(error.localizedDescription)\n"
                        outcome.status = 1
                    }
                }
            }
        }
        return outcome
    }

    /// The question about a target, and the diagnostics of its locks.
    private func purpose(
        _ target: TargetReading
    ) -> (purpose: RouteCheck.Purpose, faults: [Diagnostic]) {
        guard locked || next != nil else { return (.check, []) }
        var faults: [Diagnostic] = []
        let locks = target.sources.map { source -> StoredLock in
            let text: LockText?
            do throws(TargetReading.LockFileError) {
                text = try TargetReading.lock(beside: source.file, content: Files.content(of:))
            } catch {
                faults.append(error.diagnostic)
                return .unreadable
            }
            let (lock, diagnostics) = StoredLock.reading(text)
            faults += diagnostics
            return lock
        }
        return (next == nil ? .locked(locks) : .next(locks), faults)
    }

    /// Writes the lock of a manifest if it changes, or removes that of a manifest without statements.
    ///
    /// - Returns: words about what was done; `nil` if nothing was.
    private static func write(_ lock: RouteLock?, of source: ManifestSet.Source) throws -> String? {
        let file = LockText.file(of: source.file)
        let old = try? String(contentsOf: URL(filePath: file), encoding: .utf8)
        guard var lock else {
            guard old != nil else { return nil }
            try FileManager.default.removeItem(atPath: file)
            return "Removed \(file), because the manifest has no SQL"
        }
        // The server is kept if all else is, so that people with different servers do not overwrite each other's locks.
        if let before = old.flatMap({ RouteLockReader.read(LockText(file: file, text: $0)).document?.lock }) {
            var other = lock
            other.server = before.server
            if other == before { lock = other }
        }
        let text = RouteLockWriter.text(lock)
        guard text != old else { return nil }
        try Data(text.utf8).write(to: destination(of: URL(filePath: file)), options: .atomic)
        return "Wrote \(file)"
    }

    /// The file that links lead to, even if it does not exist, so that a link stays one.
    private static func destination(of file: URL) -> URL {
        var file = file
        // No system follows more links.
        for _ in 0..<40 {
            let path = file.path(percentEncoded: false)
            guard let next = try? FileManager.default.destinationOfSymbolicLink(atPath: path) else { break }
            file = next.hasPrefix("/") ? URL(filePath: next) : file.deletingLastPathComponent().appending(path: next)
        }
        return file
    }
}
