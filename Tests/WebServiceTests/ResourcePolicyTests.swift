import HTTP
import HTTPTypes
import TestSupport
import Testing

@testable import WebService

/// A 304 says of `Cross-Origin-Resource-Policy` what its 200 said.
struct ResourcePolicyTests {
    @Test func isThatOfTheAnswerThatStays() throws {
        let service = try GuardedService().service
        let photo = try service.post(TestService.chelsea())
        let array = try service.post(
            try Fixtures.bytes("reference/cases/zfnet/input.npy"), type: "application/x-npy")
        for (target, policy) in [
            ("/images/\(photo)", "cross-origin"), ("/images/\(array)", "same-origin"),
            ("/predict?image=\(photo)&format=png", "cross-origin"),
            ("/predict?image=\(photo)&format=npy", "same-origin"), ("/predict?image=\(photo)", "same-origin"),
        ] {
            let whole = try service.get(target)
            #expect(whole.status == .ok && whole.fields[.crossOriginResourcePolicy] == policy, "\(target)")
            let known = try service.get(target, [.ifNoneMatch: try #require(whole.fields[.eTag])])
            #expect(known.status == .notModified && known.fields[.crossOriginResourcePolicy] == policy, "\(target)")
            #expect(known.fields[.contentType] == nil)
        }
    }
}
