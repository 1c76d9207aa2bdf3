import ArgumentParser
import CachedRoutesCore

/// The command that says what a service makes of requests, without asking Redis or a database.
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Explains which route a URL has, and its key; why two URLs share a response, or don't.",
        discussion: """
            Nothing is asked and nothing is sent: routes are found, inputs read and keys made by the code of a service. Quote URLs, \
            because of '&' and '?':

              cached-routes explain '/users?limit=01&utm_source=x' '/users?limit=1'

            The status is 1 if a URL has no route, its request is refused, or a manifest has an error.
            """
    )

    @OptionGroup var options: RequestOptions

    func run() throws {
        let (text, status) = try outcome()
        print(text, terminator: "")
        if status != 0 { throw ExitCode(status) }
    }

    /// Returns the explanations, and the status.
    func outcome() throws -> (text: String, status: Int32) {
        let requests = try options.requests()
        var text = requests.map { ExplanationText.block($0) }.joined()
        text += SharingText.lines(requests.map(\.explanation)).map { $0 + "\n" }.joined()
        return (text, requests.allSatisfy { $0.explanation != nil } ? 0 : 1)
    }
}
