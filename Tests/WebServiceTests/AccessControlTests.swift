import Concurrency
import HTTP
import HTTPTypes
import Testing

@testable import WebService

/// Who may, decided from the head alone.
struct AccessControlTests {
    static let reader = "reader-0123456789"
    static let keeper = "keeper-0123456789"
    static let tokens = "reader read \(reader)\nkeeper read,manage \(keeper)\nsweeper manage sweeper-0123456789\n"

    private let file: TemporaryFile
    private let access: AccessControl

    init() throws {
        file = try TemporaryFile(Self.tokens)
        var configuration = AccessConfiguration()
        configuration.tokenFile = file.path
        access = try AccessControl(configuration, unixTime: { 1_000_000 })
    }

    private func head(
        _ method: HTTPRequest.Method, _ target: String, token: String? = nil
    ) throws -> RequestHead {
        var fields: HTTPFields = [:]
        fields[.authorization] = token.map { "Bearer \($0)" }
        return try Request(method: method, target: target, fields: fields).head
    }

    @Test(arguments: ["/", "/healthz", "/readyz", "/openapi.yaml"])
    func someAnswersAreForEverybody(path: String) throws {
        #expect(try access.client(of: try head(.get, path)) == nil)
        #expect(try access.client(of: try head(.head, path, token: "wrong")) == nil)
        #expect(throws: AccessRefusal.noCredentials) { try access.client(of: try head(.post, path)) }
    }

    @Test(arguments: [
        "/predict", "/models", "/models/a", "/metrics", "/signatures", "/nosuch", "/images/ab", "/healthz/",
    ])
    func everythingElseNeedsAToken(path: String) throws {
        #expect(throws: AccessRefusal.noCredentials) { try access.client(of: try head(.get, path)) }
        #expect(throws: AccessRefusal.unknownToken) { try access.client(of: try head(.get, path, token: "reader")) }
        #expect(throws: AccessRefusal.insufficientScope(needed: .read)) {
            try access.client(of: try head(.get, path, token: "sweeper-0123456789"))
        }
        #expect(try access.client(of: try head(.get, path, token: Self.reader)) == "reader")
        #expect(try access.client(of: try head(.post, path, token: Self.keeper)) == "keeper")
    }

    @Test func deletingNeedsAnotherScope() throws {
        #expect(throws: AccessRefusal.insufficientScope(needed: .manage)) {
            try access.client(of: try head(.delete, "/images/ab", token: Self.reader))
        }
        #expect(try access.client(of: try head(.delete, "/images/ab", token: Self.keeper)) == "keeper")
    }

    @Test func preflightsNeedNone() throws {
        #expect(try access.client(of: try head(.options, "/predict")) == nil)
    }

    @Test func metricsCanBeOpened() throws {
        var configuration = access.configuration
        configuration.metricsAreOpen = true
        let open = try AccessControl(configuration)
        #expect(try open.client(of: try head(.get, "/metrics")) == nil)
        #expect(throws: AccessRefusal.noCredentials) { try open.client(of: try head(.get, "/models")) }
    }

    @Test func withoutTokensEverythingIsOpen() throws {
        let open = AccessControl()
        #expect(!open.requiresTokens && access.requiresTokens)
        #expect(try open.client(of: try head(.delete, "/images/ab")) == nil)
        #expect(try open.client(of: try head(.get, "/deconv?expires=1&signature=AAAA")) == nil)
    }

    @Test func aSignedLinkStandsForAToken() throws {
        let target = try RequestTarget("/occlusion?image=ab&format=png")
        let (link, expires) = access.signed(target, for: .seconds(60))
        #expect(expires == 1_000_060)
        #expect(try access.client(of: try head(.get, link)) == nil)
        #expect(try access.client(of: try head(.head, link)) == nil)
        #expect(throws: AccessRefusal.unsignable) { try access.client(of: try head(.post, link)) }
        #expect(throws: AccessRefusal.unsignable) { try access.client(of: try head(.delete, link)) }
        #expect(throws: AccessRefusal.unknownToken) { try access.client(of: try head(.get, link, token: "wrong")) }
        let models = access.signed(try RequestTarget("/models"), for: .seconds(60)).link
        #expect(throws: AccessRefusal.unsignable) { try access.client(of: try head(.get, models)) }
        let dataset = access.signed(try RequestTarget("/ablation?dataset=photos"), for: .seconds(60)).link
        #expect(throws: AccessRefusal.unsignable) { try access.client(of: try head(.get, dataset)) }
    }

    @Test func aSignedLinkStartsNoJobs() throws {
        let link = access.signed(try RequestTarget("/occlusion?image=ab&format=png"), for: .seconds(60)).link
        #expect(!access.asker(of: try head(.get, link)).mayStartJobs)
        #expect(access.asker(of: try head(.get, link, token: Self.reader)).mayStartJobs)
        #expect(AccessControl().asker(of: try head(.get, link)).mayStartJobs)
    }

    @Test func readsItsFilesAgain() throws {
        try file.write("other read other-0123456789\n")
        #expect(try access.client(of: try head(.get, "/models", token: Self.reader)) == "reader")
        try access.reload()
        #expect(throws: AccessRefusal.unknownToken) {
            try access.client(of: try head(.get, "/models", token: Self.reader))
        }
        #expect(try access.client(of: try head(.get, "/models", token: "other-0123456789")) == "other")
    }

    @Test func keepsWhatItHasWhereAFileIsBroken() throws {
        let target = try RequestTarget("/images/ab")
        let link = access.signed(target, for: .seconds(60)).link
        try file.write("other read short\n")
        #expect(throws: AccessError.self) { try access.reload() }
        #expect(try access.client(of: try head(.get, "/models", token: Self.reader)) == "reader")
        try file.write(Self.tokens, mode: 0o644)
        #expect(throws: AccessError.self) { try access.reload() }
        try file.write(Self.tokens)
        try access.reload()
        // A key of this run outlives the reading.
        #expect(try access.client(of: try head(.get, link)) == nil)
    }

    @Test func takesItsKeyFromAFile() throws {
        let key = try TemporaryFile("0123456789abcdef0123456789abcdef\n")
        var configuration = access.configuration
        configuration.signingKeyFile = key.path
        let (one, other) = (try AccessControl(configuration), try AccessControl(configuration))
        let link = one.signed(try RequestTarget("/images/ab"), for: .seconds(60)).link
        #expect(try other.client(of: try head(.get, link)) == nil)
        try key.write("another key of thirty-two bytes!")
        try other.reload()
        #expect(throws: AccessRefusal.wrongSignature) { try other.client(of: try head(.get, link)) }
        try key.write("too short")
        #expect(throws: AccessError.shortKey(path: key.path, bytes: 9)) { try other.reload() }
    }

    @Test func saysWhatIsInForce() throws {
        #expect(access.summary == "3 tokens, links signed with a key of this run")
        #expect(AccessControl().summary == "open to everybody who can connect")
    }
}
