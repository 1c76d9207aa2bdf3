// Written by the literal tests.

enum Literals {
    static let text0 = ""
    static let text1 = "plain"
    static let text2 = "\"quoted\" and \\back\\slash\\ and \\(interpolated)"
    static let text3 = "\t tab, \r return, \u{0} NUL, \u{7F} DEL, \u{85} NEL, \u{2028} LS, \u{202E} RLO, \u{FEFF} BOM"
    static let text4 = "emoji 👩‍👩‍👧 and é and é and \"́"
    static let text5 = """


        """
    static let text6 = """
        two
        lines
        """
    static let text7 = """
        ends with a line

        """
    static let text8 = """
        CR LF\r
        and CR\rand LF

        """
    static let text9 = """
          indented
        	tab
           

            deep 
        """
    static let text10 = """
        "
        ""
        ""\"
        ""\""
        ""\"""\"""
        """
    static let text11 = """
        \\
        \\(x)
        \\""\"
        end\\
        """
    static let text12 = """
        #"raw"#
        ́starts with an accent
        """
    static let texts = [text0, text1, text2, text3, text4, text5, text6, text7, text8, text9, text10, text11, text12]
}
