import Concurrency
import HTTPServer
import Switchback
import WebService

extension Setting {
    static let access = SettingGroup(
        title: "Access",
        settings: [
            Setting(
                "token-file", SettingType.file.optional, \.access.tokenFile,
                "Bearer tokens, one a line (name, scopes, token), of mode 0600; without it nobody is asked."),
            Setting(
                "signing-key-file", SettingType.file.optional, \.access.signingKeyFile,
                "At least 32 bytes that sign links to pictures.", default: "a random key, links end with the process"),
            Setting(
                "max-link-lifetime", .time(.seconds(1)...(.seconds(3650 * 86_400))), \.access.maximumLinkLifetime,
                "How long a signed link may be good for at most."),
            Setting(
                "allow-origin", SettingType.text("origin", allowed: "https://app.example, or * without tokens").list,
                \.access.allowedOrigins,
                "Pages of this origin may read answers and show pictures; may be repeated."),
            Setting(
                "open-metrics", .switch, \.access.metricsAreOpen, "Answer /metrics without a token."),
        ])

    static let images = SettingGroup(
        title: "Images",
        settings: [
            Setting(
                "data", SettingType.text("dir", allowed: "the path of a folder").optional, \.dataFolder,
                "Where posted images and jobs are kept, in 'images' and 'jobs' below it.",
                default: "images in memory, gone with the process; no jobs"),
            Setting(
                "image-store-bytes", .bytes(0...(1 << 50)), \.imageStore.maximumBytes,
                "How much the posted images may take; those used least recently make room."),
            Setting(
                "image-store-age", .time(.seconds(0)...(.seconds(36_500 * 86_400))), \.imageStoreAge,
                "How long after it was last posted an image is kept; 0 is for ever."),
            Setting(
                "max-image-bytes", .bytes(1...(1 << 32)), \.engine.maximumImageBytes, "The largest image file."),
            Setting(
                "max-image-pixels", .count(1...(1 << 32)), \.engine.maximumImagePixels,
                "The largest image in pixels, checked before it is decoded."),
        ])
}
