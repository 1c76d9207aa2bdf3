package import HTTPTypes
import NIOCore
import RouteModel

/// The error about inputs that no request can have.
package struct UnsendableInputError: Error, CustomStringConvertible {
    /// The reason in a sentence.
    package let description: String
}

/// Builds the request of a route with given inputs, as a client sends it and the app authenticates it.
package struct RequestBuilder: Sendable {
    /// The values of context inputs.
    package struct Context: RouteContext {
        let texts: [String: String]

        package func text(of name: String) -> String? { texts[name] }
    }

    private let signature: RouteSignature
    /// The inputs with their texts, in the order of the declaration.
    private let inputs: [(input: RouteInput, text: InputText)]

    /// Makes the builder of a route's request.
    ///
    /// - Parameter inputs: the inputs.
    package init<Inputs: RouteInputs>(_ inputs: Inputs) {
        self.init(Inputs.Route.declaration, texts: Inputs.Route.texts(of: inputs))
    }

    /// Makes the builder of a route's request.
    ///
    /// - Parameters:
    ///   - declaration: the route.
    ///   - texts: the texts of its inputs, in the order of the declaration.
    package init(_ declaration: RouteDeclaration, texts: [InputText]) {
        signature = declaration.signature
        precondition(texts.count == signature.inputs.count, "each input has a text")
        self.inputs = Array(zip(signature.inputs, texts))
    }

    /// The path and the query, percent-encoded.
    package var target: String {
        var target: [UInt8] = []
        for segment in signature.path.segments {
            target.append(UInt8(ascii: "/"))
            switch segment {
            case .literal(let text): PercentEncoding.append(text.utf8, to: &target, spaceAsPlus: false)
            case .input(let name):
                for text in texts(ofPathInput: name) {
                    PercentEncoding.append(text.utf8, to: &target, spaceAsPlus: false)
                }
            }
        }
        if target.isEmpty { target.append(UInt8(ascii: "/")) }
        var separator = UInt8(ascii: "?")
        for (input, text) in inputs where input.group == .query {
            for value in text.texts {
                target.append(separator)
                separator = UInt8(ascii: "&")
                PercentEncoding.append(input.wireNameBytes, to: &target, spaceAsPlus: false)
                target.append(UInt8(ascii: "="))
                PercentEncoding.append(value.utf8, to: &target, spaceAsPlus: false)
            }
        }
        return String(decoding: target, as: UTF8.self)
    }

    /// The values of context inputs, as the app takes them from the authenticated request.
    package var context: Context {
        var texts: [String: String] = [:]
        for (input, text) in inputs where input.group == .context { texts[input.name] = text.texts.first }
        return Context(texts: texts)
    }

    /// Returns the request.
    ///
    /// - Parameters:
    ///   - method: the method; `nil` for the route's.
    ///   - fields: further header fields, which replace those of inputs.
    /// - Throws: ``UnsendableInputError`` if an input has a value that no request has, or the route another method.
    package func request(
        method: HTTPRequest.Method? = nil,
        adding fields: HTTPFields = [:]
    ) throws(UnsendableInputError) -> RouteRequest {
        for name in signature.path.inputNames where texts(ofPathInput: name) == [""] {
            throw UnsendableInputError(
                description: "The path of a request can't have an empty text for '\(name)': it would be another path."
            )
        }
        let body = try body()
        var headerFields = try headerFields()
        if body != nil { headerFields[.contentType] = "application/json" }
        for name in Set(fields.map(\.name)) { headerFields[fields: name] = fields[fields: name] }
        return RouteRequest(
            method: try checked(method),
            target: target,
            headerFields: headerFields,
            body: body.map { ByteBuffer(bytes: $0) }
        )
    }

    private func checked(_ method: HTTPRequest.Method?) throws(UnsendableInputError) -> HTTPRequest.Method {
        let own = signature.method
        let declared = HTTPRequest.Method(rawValue: own.rawValue.uppercased()) ?? .get
        guard let method, method != declared else { return declared }
        guard method == .head, own == .get else {
            throw UnsendableInputError(
                description: "The route is for \(declared.rawValue), and a server answers \(method.rawValue) with 405."
            )
        }
        return method
    }

    private func texts(ofPathInput name: String) -> [String] {
        inputs.first { $0.input.group == .path && $0.input.name == name }?.text.texts ?? []
    }

    private func headerFields() throws(UnsendableInputError) -> HTTPFields {
        var fields: HTTPFields = [:]
        for (input, text) in inputs where input.group == .header {
            guard let name = input.field.flatMap({ HTTPField.Name($0) }), let value = text.texts.first else { continue }
            guard HTTPField.isValidValue(value) else {
                throw UnsendableInputError(
                    description:
                        "The field \(name) can't have the value of '\(input.name)': it has control characters, or white "
                        + "space at its ends."
                )
            }
            fields[name] = value
        }
        return fields
    }

    /// Returns the JSON of the body; `nil` if the route reads none.
    private func body() throws(UnsendableInputError) -> [UInt8]? {
        guard signature.inputs.contains(where: { $0.group == .body }) else { return nil }
        var body = [UInt8(ascii: "{")]
        for (input, text) in inputs where input.group == .body && text.kind != .absent {
            if body.count > 1 { body.append(UInt8(ascii: ",")) }
            JSONStringEscaper.append(input.wireName, to: &body)
            body.append(UInt8(ascii: ":"))
            switch text.kind {
            case .absent: break
            case .null: body.append(contentsOf: "null".utf8)
            case .single(let text): try append(text, of: input, to: &body)
            case .list(let texts):
                body.append(UInt8(ascii: "["))
                for (index, text) in texts.enumerated() {
                    if index > 0 { body.append(UInt8(ascii: ",")) }
                    try append(text, of: input, to: &body)
                }
                body.append(UInt8(ascii: "]"))
            }
        }
        body.append(UInt8(ascii: "}"))
        return body
    }

    /// Appends the JSON of a single value.
    private func append(_ text: String, of input: RouteInput, to body: inout [UInt8]) throws(UnsendableInputError) {
        switch input.type.scalar.kind {
        case .string, .uuid, .date, .timestamp, .decimal: JSONStringEscaper.append(text, to: &body)
        case .int, .int32, .double, .bool:
            // What JSON has no number for, such as an infinity, is sent as a string, which the route refuses.
            guard (try? JSONValue(Array(text.utf8))) != nil else { return JSONStringEscaper.append(text, to: &body) }
            body.append(contentsOf: text.utf8)
        case .json:
            // A text that is not one value would change what the body says of other inputs.
            do {
                body.append(contentsOf: try JSONValue(Array(text.utf8)).bytes)
            } catch {
                throw UnsendableInputError(description: "The value of '\(input.name)' is not JSON: it \(error).")
            }
        }
    }
}
