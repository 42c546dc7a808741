import Blobs
import Models
import Networks

/// Models around networks made by hand; they take arrays.
enum TestModels {
    static func model(_ network: Network, labels: [String]? = nil, preprocessing: Preprocessing? = nil) -> Model {
        Model(
            name: "test", network: network, labels: labels, preprocessing: preprocessing,
            digest: Digest.sha256(of: []))
    }
}
