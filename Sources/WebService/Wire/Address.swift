internal import Switchback

/// Addresses of this service, relative to its root.
enum Address {
    /// Where images are.
    static let images = "/images"

    /// Where data sets are.
    static let datasets = "/datasets"

    /// Where a data set is.
    static func dataset(_ name: String) -> String { "\(datasets)/\(encoded(name))" }

    /// Where jobs are.
    static let jobs = "/jobs"

    /// Where a job is.
    static func job(_ id: String) -> String { "\(jobs)/\(id)" }

    /// Where an image is.
    static func image(_ sha256: String) -> String { "\(images)/\(sha256)" }

    /// Where the explanation of a stored image is; without options, with the defaults of the day.
    static func explanation(_ kind: ExplanationKind, of sha256: String, options: [GivenOption] = []) -> String {
        "/\(kind.rawValue)?image=\(sha256)"
            + options.map { "&\($0.name)=\(encoded($0.value))" }.joined()
    }

    /// `text` as it stands in the value of a query pair: percent-encoded but for letters, digits and what no reader of
    /// queries takes for something else (RFC 3986 section 3.4).
    static func encoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF")
        return text.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"), UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "/"):
                String(Unicode.Scalar(byte))
            default: "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
            }
        }.joined()
    }
}
