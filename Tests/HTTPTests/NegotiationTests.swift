import HTTP
import Testing

struct NegotiationTests {
    private static let offered = ["application/json", "image/png", "application/x-npy"]

    @Test(
        arguments: [
            (nil, "application/json"), ("", "application/json"), ("*/*", "application/json"),
            ("image/png", "image/png"), ("IMAGE/PNG", "image/png"), ("image/*", "image/png"),
            ("image/avif,image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5", "image/png"),
            ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "application/json"),
            ("application/json;q=0.5, image/png;q=0.6", "image/png"),
            ("application/json;q=0.500, image/png;q=0.5", "application/json"),
            ("*/*, application/json;q=0.1", "image/png"),
            ("*/*;q=0.1, application/*;q=0, application/x-npy", "application/x-npy"),
            ("image/*;q=1, image/png;q=0, */*;q=0.001", "application/json"),
            ("text/html", nil), ("*/*;q=0", nil), ("application/json;q=0", nil),
            ("image/png;version=2", nil), ("text/plain;x=\"a,image/png\"", nil),
            ("nonsense", "application/json"), ("*/png", "application/json"),
            ("image/png;q=2, application/x-npy", "application/x-npy"),
            ("image/png;q=0.1234, application/x-npy;q=.5", "application/json"),
            ("image/png;q=-1, */*", "application/json"), ("image/png ; q=0.3 , application/json;q=0.2", "image/png"),
        ] as [(String?, String?)])
    func choosesTheMediaType(_ accept: String?, _ chosen: String?) {
        #expect(Negotiation.mediaType(accept: accept, offered: Self.offered) == chosen)
    }

    @Test func parametersMustBeOffered() {
        let offered = ["text/plain;charset=utf-8", "text/plain;version=0.0.4"]
        #expect(Negotiation.mediaType(accept: "text/plain;version=0.0.4", offered: offered) == offered[1])
        #expect(
            Negotiation.mediaType(accept: "text/plain;q=0.1,text/plain;version=0.0.4", offered: offered) == offered[1])
        #expect(Negotiation.mediaType(accept: "text/plain", offered: offered) == offered[0])
    }

    @Test(
        arguments: [
            (nil, "identity"), ("", "identity"), ("gzip", "gzip"), ("GZIP", "gzip"), ("x-gzip", "gzip"), ("*", "gzip"),
            ("gzip, deflate, br, zstd", "gzip"), ("br", "identity"), ("gzip;q=0", "identity"),
            ("gzip;q=0.001", "gzip"), ("identity", "identity"), ("identity;q=0.5, gzip;q=1.0", "gzip"),
            ("identity, gzip;q=0.5", "identity"), ("gzip;q=0.5, *;q=0.1", "gzip"), ("br, *;q=0", nil),
            ("identity;q=0", nil), ("identity;q=0, gzip", "gzip"), ("*;q=0", nil), ("*;q=0, identity", "identity"),
            ("gzip;q=nonsense", "identity"), ("gzip;level=9", "gzip"),
        ] as [(String?, String?)])
    func choosesTheContentCoding(_ field: String?, _ chosen: String?) {
        #expect(Negotiation.contentCoding(acceptEncoding: field, offered: ["gzip"]) == chosen)
    }

    @Test func readsMediaTypes() {
        let type = MediaType(#"Text/HTML ; Charset="utf\-8";v=1; "#)
        #expect(type?.essence == "text/html" && type?.parameters == ["charset": "utf-8", "v": "1"])
        for text in [
            "", "text", "text/", "/html", "te xt/html", "text/html;a", "text/html;a=", "text/html;a=b;A=c",
            "text/html;a=\"b", "text/html;a=\"b\"c", "text/html;a=\"b\\\"", "text/html; a =b",
        ] {
            #expect(MediaType(text) == nil, "\(text)")
        }
    }
}
