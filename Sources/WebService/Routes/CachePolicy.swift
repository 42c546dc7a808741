/// What `Cache-Control` says of answers that have an address.
struct CachePolicy: Equatable, Sendable {
    /// Whether caches between here and the client may keep answers; not where a token decides who may see them.
    var isShared = true

    private var audience: String { isShared ? "public" : "private" }

    /// Of an image: its address names its bytes, so what a cache holds is right for ever.
    var image: String { "\(audience), max-age=31536000, immutable" }

    /// Of an explanation: a minute without a question, then one that costs a 304 and no computing.
    ///
    /// The same address gives the same bytes until the model or this program changes, or the image goes.
    var explanation: String { "\(audience), max-age=60, must-revalidate" }
}
