internal import Concurrency
internal import Foundation
internal import HTTP
internal import HTTPTypes

/// Decides who may; what it goes by can be read again while requests run.
public final class AccessControl: Sendable {
    /// What is in force.
    struct Rules: Sendable {
        /// Nil: nobody is asked.
        var tokens: AccessTokens?
        var signer: LinkSigner
    }

    let configuration: AccessConfiguration
    let crossOrigin: CrossOrigin
    private let rules: Guarded<Rules>
    private let unixTime: @Sendable () -> Int64

    /// The control that the configuration describes, its files read.
    ///
    /// - Throws: ``AccessError``, in words for the operator.
    public convenience init(_ configuration: AccessConfiguration = AccessConfiguration()) throws(AccessError) {
        try self.init(configuration, unixTime: { Int64(Date().timeIntervalSince1970) })
    }

    /// The same with a clock of the caller's, in seconds since 1970.
    package init(
        _ configuration: AccessConfiguration, unixTime: @escaping @Sendable () -> Int64
    ) throws(AccessError) {
        self.configuration = configuration
        self.unixTime = unixTime
        crossOrigin = try CrossOrigin(
            allowing: configuration.allowedOrigins, requiresTokens: configuration.tokenFile != nil)
        rules = Guarded(try Self.rules(of: configuration, keeping: nil))
    }

    /// A control that asks nobody for anything.
    public init() {
        configuration = AccessConfiguration()
        crossOrigin = CrossOrigin()
        unixTime = { Int64(Date().timeIntervalSince1970) }
        rules = Guarded(Rules(tokens: nil, signer: LinkSigner(key: LinkSigner.randomKey())))
    }

    /// Reads the files again, for SIGHUP; requests that run are not touched.
    ///
    /// - Throws: ``AccessError``; what was in force then stays.
    public func reload() throws(AccessError) {
        let signer = rules.withLock(\.signer)
        let read = try Self.rules(of: configuration, keeping: signer)
        rules.withLock { $0 = read }
    }

    /// Whether requests need tokens: a service that does not ask for them should be reachable from this machine alone.
    public var requiresTokens: Bool { configuration.tokenFile != nil }

    /// What is in force, in a few words for the log.
    public var summary: String {
        guard let tokens = rules.withLock(\.tokens) else { return "open to everybody who can connect" }
        let key = configuration.signingKeyFile == nil ? "a key of this run" : "a key from a file"
        return "\(tokens.tokens.count) tokens, links signed with \(key)"
    }

    private static func rules(
        of configuration: AccessConfiguration, keeping signer: LinkSigner?
    ) throws(AccessError) -> Rules {
        var rules = Rules(tokens: nil, signer: signer ?? LinkSigner(key: LinkSigner.randomKey()))
        if let path = configuration.tokenFile {
            let text = String(decoding: try SecretFile.read(path), as: UTF8.self)
            rules.tokens = try TokenFile.parse(text, path: path)
        }
        if let path = configuration.signingKeyFile {
            // A line end is an editor's, and no part of the secret.
            let key = try SecretFile.read(path).reversed().drop { $0 == 0x0A || $0 == 0x0D }.reversed()
            guard key.count >= LinkSigner.minimumKeyBytes else { throw .shortKey(path: path, bytes: key.count) }
            rules.signer = LinkSigner(key: Array(key))
        }
        return rules
    }
}

extension AccessControl {
    /// Who asks, by the name of the token; nil where nobody is asked for one, or a signature or nothing was needed.
    ///
    /// Throws ``AccessRefusal`` where the request may not be answered. Cheap: it runs on the I/O thread.
    func client(of head: RequestHead) throws(AccessRefusal) -> String? {
        let rules = rules.withLock { $0 }
        guard let tokens = rules.tokens else { return nil }
        let requirement = AccessRequirement(head, metricsAreOpen: configuration.metricsAreOpen)
        guard case .scope(let scope) = requirement else { return nil }
        switch BearerToken(in: head.fields) {
        case .malformed: throw .unknownToken
        case .present(let text):
            guard let token = tokens.find(text) else { throw .unknownToken }
            guard token.scopes.contains(scope) else { throw .insufficientScope(needed: scope) }
            return token.name
        case .absent:
            guard LinkSigner.isSigned(head.target) else { throw .noCredentials }
            guard AccessRequirement.isSignable(head.method, head.target) else { throw .unsignable }
            try rules.signer.check(head.target, at: unixTime())
            return nil
        }
    }

    /// Who asks, of a request that may be answered.
    func asker(of head: RequestHead) -> Asker {
        guard let tokens = rules.withLock(\.tokens) else {
            return Asker(name: "", managesAll: true, mayStartJobs: true)
        }
        guard case .present(let text) = BearerToken(in: head.fields), let token = tokens.find(text) else {
            return Asker(name: "", managesAll: false, mayStartJobs: false)
        }
        return Asker(name: token.name, managesAll: token.scopes.contains(.manage), mayStartJobs: true)
    }

    /// Whether the answer to a request that may be answered may tell which paths there are: where tokens are asked for,
    /// not to those who needed none.
    func mayListPaths(_ head: RequestHead) -> Bool {
        !requiresTokens || AccessRequirement(head, metricsAreOpen: configuration.metricsAreOpen) != .nothing
    }

    /// `target` with a signature that is good for `lifetime`, and when it ends, in seconds since 1970.
    func signed(_ target: RequestTarget, for lifetime: Timeout) -> (link: String, expires: Int64) {
        let instant = unixTime() + Int64(lifetime.seconds.rounded(.up))
        return (rules.withLock { $0.signer }.signed(target, until: instant), instant)
    }
}
