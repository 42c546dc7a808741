import HTTP
import Testing

struct EntityTagTests {
    private let tag = EntityTag("abc")

    @Test func isWrittenWithQuotes() {
        #expect(tag.description == "\"abc\"" && EntityTag("x", isWeak: true).description == "W/\"x\"")
    }

    @Test(arguments: [
        "\"abc\"", "W/\"abc\"", "*", " * ", "\"x\", \"abc\"", "\"x\",,W/\"abc\" ", "\"a,b\",\"abc\"", "\"\\\",\"abc\"",
    ])
    func isNamed(_ field: String) {
        #expect(tag.matches(ifNoneMatch: field))
    }

    @Test(arguments: [
        nil, "", "\"ab\"", "abc", "\"ABC\"", "w/\"abc\"", "W/ \"abc\"", "\"x,abc\"", "\"abc\", x", "\"abc",
        "*, \"abc\"",
    ])
    func isNotNamed(_ field: String?) {
        #expect(!tag.matches(ifNoneMatch: field))
        #expect(!tag.matches(ifMatch: field))
    }

    @Test func strongComparisonTakesNoWeakTag() {
        #expect(tag.matches(ifMatch: "\"abc\"") && tag.matches(ifMatch: "*"))
        #expect(!tag.matches(ifMatch: "W/\"abc\""))
        #expect(!EntityTag("abc", isWeak: true).matches(ifMatch: "\"abc\""))
        #expect(EntityTag("abc", isWeak: true).matches(ifNoneMatch: "\"abc\""))
    }

    @Test func isReadBack() {
        #expect(EntityTag(parsing: "\"abc\"") == tag)
        #expect(EntityTag(parsing: "W/\"é\"") == EntityTag("é", isWeak: true))
        for text in ["", "abc", "\"", "\"a\"b\"", "\"a b\"", "W/abc", "\"a\u{7F}\""] {
            #expect(EntityTag(parsing: text) == nil, "\(text)")
        }
    }
}
