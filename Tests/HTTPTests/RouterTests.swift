import HTTP
import HTTPTypes
import Testing

struct RouterTests {
    private let router = {
        var router = Router<String>()
        router.on(.get, "/", "page")
        router.on(.get, "/models", "models")
        router.on(.get, "/models/{name}", "model")
        router.on(.delete, "/models/{name}", "remove")
        router.on(.get, "/models/default", "default")
        router.on(.get, "/models/{name}/layers/{layer}", "layer")
        router.on(.post, "/deconv", "deconv")
        router.on(.options, "/cors", "preflight")
        router.on(.head, "/head", "head")
        return router
    }()

    @Test func listsItsPatternsOnce() {
        #expect(
            router.patterns == [
                "/", "/models", "/models/{name}", "/models/default", "/models/{name}/layers/{layer}", "/deconv",
                "/cors",
                "/head",
            ])
    }

    private func match(_ method: HTTPRequest.Method, _ target: String) throws -> String {
        switch router.match(method, try RequestTarget(target, method: method)) {
        case .found(let handler, let pattern, let parameters):
            ([handler, pattern] + parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" })
                .joined(separator: " ")
        case .options(let allow): "options " + allow.map(\.rawValue).joined(separator: ", ")
        case .methodNotAllowed(let allow): "405 " + allow.map(\.rawValue).joined(separator: ", ")
        case .notFound: "404"
        }
    }

    @Test func findsLiteralPaths() throws {
        #expect(try match(.get, "/") == "page /")
        #expect(try match(.get, "/models?x=1") == "models /models")
        #expect(try match(.post, "/deconv") == "deconv /deconv")
    }

    @Test func namesSegments() throws {
        #expect(try match(.get, "/models/zfnet") == "model /models/{name} name=zfnet")
        #expect(
            try match(.get, "/models/a/layers/b") == "layer /models/{name}/layers/{layer} layer=b name=a")
    }

    @Test func decodesSegmentsOneByOne() throws {
        #expect(try match(.get, "/models/a%2Fb%20c") == "model /models/{name} name=a/b c")
        #expect(try match(.get, "/%6Dodels") == "models /models")
    }

    @Test func literalSegmentsGoFirst() throws {
        #expect(try match(.get, "/models/default") == "default /models/default")
        #expect(
            try match(.get, "/models/default/layers/x") == "layer /models/{name}/layers/{layer} layer=x name=default")
    }

    @Test(arguments: ["/models/", "/model", "/models/a/layers", "/models//layers/x", "//", "/Models", "/models/a/"])
    func findsNothingElse(_ path: String) throws {
        #expect(try match(.get, path) == "404")
    }

    @Test func answersHeadByGet() throws {
        #expect(try match(.head, "/models") == "models /models")
        #expect(try match(.head, "/head") == "head /head")
        #expect(try match(.head, "/deconv") == "405 POST, OPTIONS")
    }

    @Test func namesWhatIsAllowed() throws {
        #expect(try match(.post, "/models/a") == "405 GET, HEAD, DELETE, OPTIONS")
        #expect(try match(.get, "/head") == "405 HEAD, OPTIONS")
        #expect(try match(.options, "/models/a") == "options GET, HEAD, DELETE, OPTIONS")
        #expect(try match(.options, "/nothing") == "404")
        #expect(try match(.options, "/cors") == "preflight /cors")
        #expect(try match(.options, "*") == "options GET, HEAD, DELETE, POST, OPTIONS")
    }
}
