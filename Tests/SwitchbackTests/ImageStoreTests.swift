import Foundation
import Switchback
import Tensors
import TestSupport
import Testing

/// Images that are kept.
struct ImageStoreTests {
    private func chelsea() throws -> [UInt8] {
        [UInt8](try Data(contentsOf: Fixtures.root.appendingPathComponent("Documentation/Pictures/chelsea.png")))
    }

    @Test func keepAPictureJustAsItWasSent() throws {
        let store = ImageStore()
        let bytes = try chelsea()
        let (image, isNew) = try store.store(.encoded(bytes))
        #expect(isNew)
        #expect(image.format == .png && image.byteCount == bytes.count)
        #expect((image.width, image.height) == (451, 300))
        #expect(try store.image(image.sha256) == .encoded(bytes))
        #expect(try store.contains(image.sha256))
        #expect(try !store.store(.encoded(bytes)).isNew)
        #expect(store.byteCount == bytes.count)
    }

    @Test func keepAnArray() throws {
        let bytes = NPY.encode(Tensor(shape: [1, 3, 5, 7]))
        let store = ImageStore()
        let image = try store.store(.npy(bytes)).image
        #expect(image.format == .npy && (image.width, image.height) == (7, 5))
        #expect(try store.image(image.sha256) == .npy(bytes))
    }

    @Test(arguments: [[3, 5], [2, 3, 5, 7], [1, 1, 3, 5, 7]]) func refuseArraysOfOtherShapes(shape: [Int]) throws {
        let bytes = NPY.encode(Tensor(shape: Shape(shape)))
        #expect(throws: SwitchbackError.self) { try ImageStore().store(.npy(bytes)) }
    }

    @Test func refuseWhatIsNoWholeImage() throws {
        let store = ImageStore()
        var values = Tensor(shape: [3, 2, 2])
        values[flat: 3] = .nan
        for image in [
            ImageInput.encoded(Array(try chelsea().dropLast(1000))), .encoded([1, 2, 3]), .npy([1]),
            .npy(NPY.encode(values)),
        ] {
            #expect(throws: SwitchbackError.self) { try store.store(image) }
        }
        #expect(store.byteCount == 0)
    }

    @Test func sayWhatIsNotKept() throws {
        let store = ImageStore()
        for name in [String(repeating: "0", count: 64), "nosuch", ""] {
            #expect(try !store.contains(name))
            #expect(throws: SwitchbackError.noImage(sha256: name)) { try store.image(name) }
            #expect(throws: SwitchbackError.noImage(sha256: name)) { try store.remove(name) }
        }
    }

    @Test func haveNoRoomForMoreThanTheQuota() throws {
        let store = ImageStore(limits: ImageStoreLimits(maximumBytes: 1000))
        let bytes = try chelsea()
        #expect {
            try store.store(.encoded(bytes))
        } throws: { error in
            guard case .noRoom(let reason)? = error as? SwitchbackError else { return false }
            return reason.contains("1000")
        }
    }

    @Test func areThereAfterARestart() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let bytes = try chelsea()
        let sha256 = try ImageStore(directory: path).store(.encoded(bytes)).image.sha256
        #expect(try ImageStore(directory: path).image(sha256) == .encoded(bytes))
        try ImageStore(directory: path).remove(sha256)
        #expect(try !ImageStore(directory: path).contains(sha256))
    }

    @Test func sayWhenTheirDirectoryCannotBeUsed() throws {
        let file = Fixtures.root.appendingPathComponent("README.md").path
        #expect {
            try ImageStore(directory: file)
        } throws: { error in
            if case .brokenStore(let reason)? = error as? SwitchbackError { reason.contains(file) } else { false }
        }
    }
}
