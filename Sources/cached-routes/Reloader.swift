import CachedRoutes
import CachedRoutesServer
import Foundation
import RouteManifest
import RouteModel
import RouteServing

/// Serves what manifests say now: does what a ``ReloadStateMachine`` decides.
actor Reloader {
    private var machine: ReloadStateMachine
    private let service: CachedRoutesService
    private let routes: ReplaceableRoutes
    private let handlers: CannedHandlers
    private let inspector: ServeInspector
    private let context: Context
    private let say: @Sendable (String) -> Void

    /// Returns the values of context inputs for a request, given all such inputs.
    typealias Context = @Sendable (ServerRequest, _ inputs: [RouteInput]) throws -> (any RouteContext)?

    /// The files besides manifests that matter.
    private var files: Set<String> = []
    private var began = ContinuousClock.now
    /// The table that is served; `nil` before the first one.
    private(set) var table: ServedTable?
    /// The errors for which nothing is served; `nil` without any, and before the first decision.
    private(set) var errors: [Diagnostic]?
    /// The names of the routes with canned responses.
    nonisolated var cannedNames: Set<String> { handlers.names }
    /// The questions to the database that wait. A newer one takes the place of an older one, whose answer nobody needs.
    private var questions = Questions()
    private var isAsking = false
    /// The generation of contents that the last question for descriptions was about.
    private var asked = 0
    /// The reason why the database could not be asked the last time.
    private var failure: String?
    private var isDecided = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    private struct Questions {
        typealias Question = @Sendable (Reloader) async -> Void

        var description: Question?
        var check: Question?

        mutating func next() -> Question? {
            defer { if description != nil { description = nil } else { check = nil } }
            return description ?? check
        }
    }

    /// The time for which requests wait for what the database says.
    private static let patience = Duration.milliseconds(500)

    init(
        _ manifests: ServedManifests,
        on service: CachedRoutesService,
        _ routes: ReplaceableRoutes,
        cannedFrom folder: String? = nil,
        inspector: ServeInspector,
        context: @escaping Context,
        say: @escaping @Sendable (String) -> Void
    ) {
        let handlers = CannedHandlers()
        self.handlers = handlers
        machine = ReloadStateMachine(manifests, cannedFrom: folder) { handlers.handler(of: $0) }
        self.service = service
        self.routes = routes
        self.inspector = inspector
        self.context = context
        self.say = say
    }

    /// Takes the contents of files.
    ///
    /// - Returns: the files besides manifests that matter from now on.
    func changed(_ contents: FileContents) -> Set<String> {
        began = .now
        handle(.changed(contents))
        return files
    }

    /// Takes other manifests, whose contents follow.
    func found(_ manifests: ServedManifests) { handle(.found(manifests)) }

    /// Waits until it is decided what is served first.
    func decided() async {
        guard !isDecided else { return }
        await withCheckedContinuation { waiting.append($0) }
    }

    private func handle(_ event: ReloadStateMachine.Event) {
        for action in machine.handle(event) { perform(action) }
    }

    private func perform(_ action: ReloadStateMachine.Action) {
        switch action {
        case .watch(let files): self.files = files
        case .ask(let statements, let generation):
            ask(statements, generation: generation)
            Task {
                try? await Task.sleep(for: Self.patience)
                handle(.late(generation: generation))
            }
        case .check(let statements, let generation):
            questions.check = { [inspector] reloader in
                let answer = await Blocking.run { inspector.check(statements) }
                await reloader.answered(.checked(answer.value, generation: generation), failure: answer.failure)
            }
            askNext()
        case .use(let canned): handlers.use(canned)
        case .exchange(let table, let generation):
            table.locate()
            // The engine first: a server must not have a route whose tags nobody purges.
            let (taken, refused) = service.replaceRoutes(table.routes)
            let inputs = taken.flatMap(\.route.signature.inputs).filter { $0.group == .context }
            let context = context
            let problems = refused + (refused.isEmpty ? routes.replace(taken) { try context($0, inputs) } : [])
            if problems.isEmpty { self.table = table }
            handle(.exchanged(problems: problems, generation: generation))
        case .refuse(let broken):
            errors = broken.diagnostics
            routes.refuse(with: broken.response, readiness: broken.readiness)
        case .report(let report):
            self.report(report)
        }
    }

    private func report(_ report: ReloadStateMachine.Report) {
        switch report {
        case .broken(let diagnostics):
            for diagnostic in diagnostics { say("\(diagnostic)") }
            let count = "\(diagnostics.count) error\(diagnostics.count == 1 ? "" : "s")"
            if isDecided { say("not reloaded: \(count); requests get \(diagnostics.count == 1 ? "it" : "them")") }
            decide()
        case .warnings(let diagnostics), .findings(let diagnostics):
            for diagnostic in diagnostics { say("\(diagnostic)") }
        case .served(let changes, let endsErrors):
            errors = nil
            var words = [changes.words].filter { !$0.isEmpty }
            if endsErrors {
                words.insert("the manifest's errors are gone", at: 0)
                if words.count == 1 { words.append("nothing else changed") }
            }
            if isDecided, !words.isEmpty {
                let milliseconds = (ContinuousClock.now - began) / Duration.milliseconds(1)
                say("reloaded in \(Int(milliseconds.rounded())) ms: \(words.joined(separator: "; "))")
            }
            decide()
        case .canned: say("reloaded: canned responses")
        case .unchanged: break
        case .outdatedLock(let file, let routes):
            say(
                "\(file) is out of date for \(routes.joined(separator: ", ")): "
                    + "the build needs 'cached-routes check --write'"
            )
        }
    }

    /// Asks the database about statements, and again every second as long as it can't be asked.
    private func ask(_ statements: [ManifestReading.Statement], generation: Int) {
        asked = generation
        questions.description = { [inspector] reloader in
            let answer = await Blocking.run { inspector.describe(statements) }
            await reloader.answered(.described(answer.value, generation: generation), failure: answer.failure)
            if answer.failure != nil { await reloader.askLater(statements, generation: generation) }
        }
        askNext()
    }

    private func askLater(_ statements: [ManifestReading.Statement], generation: Int) {
        Task {
            try? await Task.sleep(for: .seconds(1))
            // Another question is about newer contents.
            if asked == generation, questions.description == nil { ask(statements, generation: generation) }
        }
    }

    /// Asks the database the next question, if it is not being asked one: a database that hangs is not asked more with each save.
    private func askNext() {
        guard !isAsking, let question = questions.next() else { return }
        isAsking = true
        Task {
            await question(self)
            isAsking = false
            askNext()
        }
    }

    private func answered(_ event: ReloadStateMachine.Event, failure reason: String?) {
        if reason != failure {
            failure = reason
            say(
                reason.map {
                    "the database can't be asked: \($0); statements are not checked, and routes with 'tables: auto' that it has not "
                        + "described are not cached"
                } ?? "the database can be asked again"
            )
        }
        handle(event)
    }

    private func decide() {
        isDecided = true
        for continuation in waiting { continuation.resume() }
        waiting = []
    }
}
