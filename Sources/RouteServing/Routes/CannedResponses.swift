package import CachedRoutesCore
import NIOCore
package import RouteManifest
import RouteModel
import Synchronization

/// Responses from files, in place of methods of the app.
package struct CannedFiles: Hashable, Sendable {
    /// A response.
    package struct Response: Hashable, Sendable {
        /// The body.
        package var bytes: [UInt8]
        /// The value of `Content-Type`.
        package var contentType: String
        /// The status; `nil` for that of the route.
        package var status: Int?
    }

    /// The responses by the names of their routes.
    package private(set) var responses: [String: Response] = [:]
    /// Files that can't be used, with the reasons.
    package private(set) var diagnostics: [Diagnostic] = []
    /// The files of responses, whether their contents are known or not.
    package private(set) var files: Set<String> = []

    /// The media types of the endings that mean one.
    private static let types = [
        "json": "application/json", "txt": "text/plain; charset=utf-8", "html": "text/html; charset=utf-8",
        "csv": "text/csv; charset=utf-8", "xml": "application/xml", "svg": "image/svg+xml",
    ]

    /// No responses.
    package init() {}

    /// The status of three digits that a response with a body may have; `nil` for another text.
    private static func status(_ text: String) -> Int? {
        guard text.utf8.count == 3, text.utf8.allSatisfy({ UInt8(ascii: "0") <= $0 && $0 <= UInt8(ascii: "9") }) else {
            return nil
        }
        return Int(text).flatMap { (200...599).contains($0) ? $0 : nil }
    }

    /// Tells whether a text is the ending of a file's name: letters and digits.
    private static func isEnding(_ text: String) -> Bool {
        !text.isEmpty && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
    }

    /// Finds the responses of a folder. Its files are called `usage.json`, or `importOrders.202.json` with a status.
    ///
    /// - Parameters:
    ///   - folder: the path of the folder.
    ///   - contents: the contents of files, with those of the folder.
    ///   - handlers: the names of the routes that a method of the app answers.
    package init(in folder: String, _ contents: FileContents, handlers: Set<String>) {
        func report(_ message: String, in file: String, _ severity: Diagnostic.Severity = .error) {
            diagnostics.append(Diagnostic(severity, message, at: Location(file: file, line: 1, column: 1)))
        }
        guard case .folder(let names)? = contents[folder] else {
            if contents[folder] != nil { report("there is no such folder of canned responses", in: folder) }
            return
        }
        for name in names where !name.hasPrefix(".") {
            let file = "\(folder)/\(name)"
            let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
            guard handlers.contains(parts[0]) else {
                report("no route 'handler: swift' is called '\(parts[0])'; the file is not used", in: file, .warning)
                continue
            }
            let status = parts.count == 3 ? Self.status(parts[1]) : nil
            // Editors leave copies beside files.
            guard parts.count == 2 || status != nil, let ending = parts.last, Self.isEnding(ending) else {
                report(
                    "a canned response is called '\(parts[0]).json', or '\(parts[0]).202.json' with a status; the file is not used",
                    in: file,
                    .warning
                )
                continue
            }
            files.insert(file)
            var response = Response(
                bytes: [],
                contentType: Self.types[ending.lowercased()] ?? "application/octet-stream"
            )
            response.status = status
            switch contents[file] {
            case .bytes(let bytes):
                response.bytes = bytes
                if let status, status == 206 || [204, 205, 304].contains(status) && !bytes.isEmpty {
                    report(
                        "a response with status \(status) can't have this body; the file is not used",
                        in: file,
                        .warning
                    )
                    continue
                }
            case .unreadable(let reason): report("the canned response cannot be read: \(reason)", in: file)
            case .folder: report("a canned response is a file, and this is a folder", in: file)
            // It was removed a moment ago, or its content is not known yet.
            case .absent, nil: continue
            }
            guard responses[parts[0]] == nil else {
                report("'\(parts[0])' has another canned response; remove one of the two", in: file)
                continue
            }
            responses[parts[0]] = response
        }
    }
}

/// The handlers of routes that methods of the app answer, with the canned responses of the moment.
package final class CannedHandlers: Sendable {
    private let files = Mutex(CannedFiles())

    /// Handlers without responses.
    package init() {}

    /// Sets the responses from now on.
    package func use(_ new: CannedFiles) { files.withLock { $0 = new } }

    /// The names of the routes that have responses.
    package var names: Set<String> { Set(files.withLock { $0.responses.keys }) }

    /// Returns the handler of a route: its canned response, or a 501 that names the method of the app.
    package func handler(of route: RouteDescription) -> RouteDefinition.Handler {
        { [self] values in
            guard let response = files.withLock({ $0.responses[route.name] }) else {
                return try await route.stub(values)
            }
            return HandlerResponse(
                bytes: ByteBuffer(bytes: response.bytes),
                contentType: response.contentType,
                status: response.status
            )
        }
    }
}
