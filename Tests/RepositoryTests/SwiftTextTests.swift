import Testing

@Suite struct SwiftTextTests {
    private func code(_ text: String) -> String {
        SwiftText(text).code.joined(separator: "\n")
    }

    @Test func blanksCommentsAndStrings() {
        #expect(code("let a = 1 // unsafe") == "let a = 1          ")
        #expect(code("a /* b /* c */ d */ e") == "a                   e")
        #expect(code(#"f("unsafe", x)"#) == #"f("      ", x)"#)
        #expect(code(#"f("a\"b", x)"#) == #"f("    ", x)"#)
        #expect(code("f(\"\"\"\n  a \"b\" }\n  \"\"\", x)") == "f(\"\"\"\n         \n  \"\"\", x)")
        #expect(code(##"f(#"a"b\n"#, x)"##) == ##"f(#"     "#, x)"##)
    }

    @Test func keepsInterpolatedCode() {
        #expect(code(#"f("a \(g(1, "b")) c", x)"#) == #"f("   (g(1, " "))  ", x)"#)
        #expect(code(##"f(#"a \(b) \#(c)"#)"##) == ##"f(#"         (c)"#)"##)
    }

    @Test func keepsHashesThatAreNoStrings() {
        #expect(code("#if DEBUG\n#expect(a)\n#endif") == "#if DEBUG\n#expect(a)\n#endif")
    }

    @Test func keepsTheNumberOfLines() {
        #expect(SwiftText("a\n\"\"\"\nb\n\"\"\"\n/*\n*/\n").code.count == 7)
    }

    @Test func findsFunctions() {
        let text = SwiftText(
            """
            struct A {
                var stored = { 1 }()
                let x: Int
                var computed: Int { stored }
                public init(
                    x: Int, body: () -> Void = {}
                ) throws {
                    self.x = x
                }
                static func == (a: A, b: A) -> Bool {
                    func inner() {}
                    return a.map { $0 }
                }
                private mutating func generic<T>(_ t: T) -> T
                where T: Equatable {
                    t
                }
                subscript(i: Int) -> Int {
                    get { i }
                }
            }
            protocol P {
                func required(_ x: Int) -> Int
                func other()
            }
            """)
        let found = text.functions.map { "\($0.name) \($0.lines.lowerBound)-\($0.lines.upperBound)" }
        #expect(
            found == [
                "computed 3-3", "init 4-8", "== 9-12", "inner 10-10", "generic 13-16", "subscript 17-19",
            ])
    }
}
