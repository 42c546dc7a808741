import HTTP
import HTTPTypes
import Testing

@testable import WebService

struct BearerTokenTests {
    private func token(_ values: String...) -> BearerToken {
        var fields: HTTPFields = [:]
        for value in values { fields.append(HTTPField(name: .authorization, value: value)) }
        return BearerToken(in: fields)
    }

    @Test(arguments: ["Bearer abc.D-1_~+/==", "bearer abc.D-1_~+/==", "BEARER   abc.D-1_~+/=="])
    func isReadWhateverTheCaseOfTheScheme(value: String) {
        #expect(token(value) == .present("abc.D-1_~+/=="))
    }

    @Test(arguments: ["Basic dXNlcjpwYXNz", "Digest username=\"a\"", "Bearerabc"])
    func isAbsentInOtherSchemes(value: String) {
        #expect(token(value) == .absent)
        #expect(token() == .absent)
    }

    @Test(arguments: ["Bearer", "Bearer a b", "Bearer a,b", "Bearer é", "Bearer ==", "Bearer \"a\""])
    func isMalformedWhereItIsNoToken(value: String) {
        #expect(token(value) == .malformed)
    }

    @Test func isMalformedTwice() {
        #expect(token("Bearer abc", "Bearer abc") == .malformed)
    }
}
