import RouteDocuments
import Testing

struct JSONPrinterTests {
    @Test("Members keep their order, and strings are ASCII")
    func prints() {
        let document: Document = [
            "b": [1, true, .null], "a": ["é\u{1F600}\"\\\u{7}\n": "x"], "none": [:], "empty": [],
        ]
        #expect(
            JSONPrinter.text(of: document) == #"""
                {
                  "b": [
                    1,
                    true,
                    null
                  ],
                  "a": {
                    "\u00e9\ud83d\ude00\"\\\u0007\n": "x"
                  },
                  "none": {},
                  "empty": []
                }

                """#
        )
    }
}
