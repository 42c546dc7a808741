internal import Concurrency
internal import Switchback

/// What was not computed because it was there already.
enum CacheMetrics {
    /// The metrics of the caches, read when they are written.
    static func register(in registry: PrometheusRegistry, engine: ExplanationEngine, answers: AnswerCache) {
        registry.sample("switchback_cache_bytes", .gauge, "Bytes kept of answers, and of images seen before.") {
            [sample(answers.statistics.bytes, "answers"), sample(engine.seenImages.bytes, "images")]
        }
        registry.sample("switchback_cache_lookups_total", .counter, "Look-ups of answers, and of images seen before.") {
            let (answers, images) = (answers.statistics, engine.seenImages)
            return [
                sample(answers.hits, "answers", "hit"), sample(answers.misses, "answers", "miss"),
                sample(images.hits, "images", "hit"), sample(images.misses, "images", "miss"),
            ]
        }
        registry.sample(
            "switchback_answers_shared_total", .counter, "Requests that had the answer another one was waiting for."
        ) { [MetricSample(Double(answers.sharedCount))] }
    }

    private static func sample(_ value: Int, _ cache: String, _ result: String? = nil) -> MetricSample {
        MetricSample(
            Double(value),
            labels: [(name: "cache", value: cache)] + (result.map { [(name: "result", value: $0)] } ?? []))
    }
}
