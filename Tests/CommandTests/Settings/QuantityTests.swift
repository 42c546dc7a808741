import Concurrency
import Testing

@testable import SwitchbackCommand

@Suite struct QuantityTests {
    @Test(arguments: [
        ("0", 0), ("4096", 4096), ("1 KiB", 1024), ("64KiB", 64 << 10), ("32 MiB", 32 << 20), ("1 GiB", 1 << 30),
    ])
    func readsBytes(text: String, bytes: Int) {
        #expect(Quantity.bytes(text) == bytes)
    }

    @Test(arguments: [
        "", " ", "-1", "+1", "1.5 MiB", "1e6", "32 mib", "32 MB", "1  KiB", " 1", "1 ", "KiB", "٣",
        "9999999999999999999",
        "9999999 TiB", "0x10",
    ])
    func refusesWhatAreNoBytes(text: String) {
        #expect(Quantity.bytes(text) == nil)
    }

    @Test(arguments: [
        ("10", 10.0), ("0.5", 0.5), ("10 s", 10), ("500 ms", 0.5), ("2 min", 120), ("1h", 3600), ("7 d", 604_800),
    ])
    func readsTimes(text: String, seconds: Double) {
        #expect(Quantity.time(text) == .seconds(seconds))
    }

    @Test(arguments: ["", "s", "-1 s", "1e3", "nan", "inf", "1 sec", "1.2.3", "10 S"])
    func refusesWhatAreNoTimes(text: String) {
        #expect(Quantity.time(text) == nil)
    }

    @Test func writesWhatItReads() {
        for bytes in [0, 1, 1000, 1024, 1536, 32 << 20, (32 << 20) + 1, 3 << 40] {
            #expect(Quantity.bytes(Quantity.text(bytes: bytes)) == bytes)
        }
        for seconds in [0, 0.001, 0.5, 1, 1.5, 59, 60, 90, 3600, 86_400] {
            let time = Timeout.seconds(seconds)
            #expect(Quantity.time(Quantity.text(time: time)) == time)
        }
        for number in [0, 1, 4e12, 1e18, 123_456, 0.5, 1.5e10] as [Double] {
            #expect(Double(Quantity.text(number: number)) == number)
        }
    }

    @Test func writesTheShortestForm() {
        #expect(Quantity.text(bytes: 32 << 20) == "32 MiB")
        #expect(Quantity.text(bytes: 1000) == "1000")
        #expect(Quantity.text(time: .seconds(120)) == "2 min")
        #expect(Quantity.text(time: .seconds(0.5)) == "500 ms")
        #expect(Quantity.text(number: 4e12) == "4e12")
        #expect(Quantity.rounded(bytes: 1_288_490_188) == "1.2 GiB")
    }
}
