import Foundation

/// Answers as they came on a connection, one after the other.
public struct WireAnswers: Equatable, CustomStringConvertible {
    /// An answer.
    public struct Answer: Equatable {
        /// The status line.
        public var statusLine: String
        /// `name: value` with the name in lowercase, sorted.
        public var fields: [String]
        /// The body.
        public var body: String

        /// The value of the first field of a name.
        public subscript(name: String) -> String? {
            fields.first { $0.hasPrefix(name.lowercased() + ": ") }.map { String($0.dropFirst(name.count + 2)) }
        }
    }

    /// The answers in the order in which they came.
    public var answers: [Answer] = []
    /// What is no whole answer.
    public var rest = ""

    /// Reads answers, each byte a character, whose requests had these methods.
    ///
    /// - Parameter heads: the numbers of the answers to HEAD, which have no body.
    public init(_ text: String, heads: Set<Int> = []) {
        var rest = text[...]
        while let end = rest.range(of: "\r\n\r\n") {
            let lines = rest[..<end.lowerBound].split(separator: "\r\n")
            guard let statusLine = lines.first else { break }
            let fields = lines.dropFirst().map { line in
                let colon = line.firstIndex(of: ":") ?? line.endIndex
                return line[..<colon].lowercased() + line[colon...]
            }
            let length =
                heads.contains(answers.count) || statusLine.contains(" 304 ")
                ? 0 : fields.first { $0.hasPrefix("content-length: ") }.flatMap { Int($0.dropFirst(16)) } ?? 0
            let body = rest[end.upperBound...].unicodeScalars.prefix(length)
            answers.append(
                Answer(statusLine: String(statusLine), fields: fields.sorted(), body: String(body))
            )
            rest = rest[body.endIndex...]
        }
        self.rest = String(rest)
    }

    /// What does not depend on when it was asked: without interim answers to a client that waits, and without the time at which
    /// answers that are no route's were sent.
    public var timeless: WireAnswers {
        var copy = self
        copy.answers.removeAll { $0.statusLine.contains(" 102 ") }
        for index in copy.answers.indices where copy.answers[index]["cache-status"] == nil {
            copy.answers[index].fields.removeAll { $0.hasPrefix("date: ") }
        }
        return copy
    }

    /// The answers as text.
    public var description: String {
        answers.map { ([$0.statusLine] + $0.fields + [$0.body]).joined(separator: "\n") }.joined(separator: "\n\n")
            + (rest.isEmpty ? "" : "\n\nrest: \(rest)")
    }
}
