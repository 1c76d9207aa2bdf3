import RouteModel

/// Prints documents as JSON (RFC 8259) in ASCII, indented by two blanks.
package struct JSONPrinter {
    private var text = ""

    private init() {}

    /// The text of a document, with a line feed at its end.
    package static func text(of document: Document) -> String {
        var printer = JSONPrinter()
        printer.append(document, indentation: 0)
        return printer.text + "\n"
    }

    private mutating func append(_ document: Document, indentation: Int) {
        switch document {
        case .object(let members):
            append(members, brackets: ("{", "}"), indentation: indentation) { printer, member in
                printer.append(quoted: member.name)
                printer.text += ": "
                printer.append(member.value, indentation: indentation + 2)
            }
        case .array(let elements):
            append(elements, brackets: ("[", "]"), indentation: indentation) { printer, element in
                printer.append(element, indentation: indentation + 2)
            }
        case .string(let string): append(quoted: string)
        case .number(let number): text += number
        case .bool(let bool): text += bool ? "true" : "false"
        case .null: text += "null"
        }
    }

    private mutating func append<Element>(
        _ elements: [Element],
        brackets: (opening: String, closing: String),
        indentation: Int,
        _ body: (inout JSONPrinter, Element) -> Void
    ) {
        text += brackets.opening
        for (index, element) in elements.enumerated() {
            text += (index == 0 ? "\n" : ",\n") + String(repeating: " ", count: indentation + 2)
            body(&self, element)
        }
        if !elements.isEmpty { text += "\n" + String(repeating: " ", count: indentation) }
        text += brackets.closing
    }

    private mutating func append(quoted string: String) {
        text += JSONStringEscaper.quoted(string, isASCII: true)
    }
}
