/// A socket that clients connect to.
struct Listener: Sendable {
    let descriptor: Int32
    /// Where it is bound.
    let address: ListenAddress
    /// The file to remove in the end; nil unless the server made it.
    var path: String?

    /// Listens at all of the configuration's addresses or at none.
    static func open(
        _ configuration: ServerConfiguration, with syscalls: Syscalls
    ) throws(HTTPServerError) -> [Listener] {
        guard configuration.addresses.count(where: { $0.place == .systemd }) <= 1 else { throw .inheritedTwice }
        let options = ListenOptions(backlog: configuration.backlog, mode: configuration.unixSocketMode)
        var listeners: [Listener] = []
        do {
            for address in configuration.addresses {
                if address.place == .systemd {
                    try adoptAll(into: &listeners, isTLS: address.isTLS, with: syscalls)
                } else {
                    listeners.append(try Listener(address, options, with: syscalls))
                }
            }
        } catch {
            for listener in listeners { listener.close(with: syscalls) }
            throw error
        }
        return listeners
    }

    /// Removes its file, so that nobody finds the socket any more; before it is closed, as a successor may then have
    /// put its own there.
    mutating func withdraw(with syscalls: Syscalls) {
        if let path { _ = syscalls.unlink(path) }
        path = nil
    }

    /// Closes the socket, withdrawn or not.
    func close(with syscalls: Syscalls) {
        var listener = self
        listener.withdraw(with: syscalls)
        _ = syscalls.close(descriptor)
    }

    private init(_ address: ListenAddress, _ options: ListenOptions, with syscalls: Syscalls) throws(HTTPServerError) {
        let result = syscalls.listen(address, options)
        guard result >= 0 else { throw .cannotListen(address: "\(address)", errno: Int32(-result)) }
        descriptor = Int32(result)
        if case .unix(let path) = address.place {
            (self.address, self.path) = (address, path)
            return
        }
        let port = syscalls.boundPort(descriptor)
        guard port >= 0 else {
            _ = syscalls.close(descriptor)
            throw .cannotListen(address: "\(address)", errno: Int32(-port))
        }
        (self.address, path) = (address.with(port: UInt16(clamping: port)), nil)
    }

    private init(descriptor: Int32, address: ListenAddress) {
        (self.descriptor, self.address, path) = (descriptor, address, nil)
    }

    /// Takes over what systemd has opened (sd_listen_fds(3)): its files, if any, are systemd's to remove.
    private static func adoptAll(
        into listeners: inout [Listener], isTLS: Bool, with syscalls: Syscalls
    ) throws(HTTPServerError) {
        let count = syscalls.countInherited()
        guard count > 0 else { throw .nothingInherited }
        for descriptor in 3..<Int32(3 + count) {
            let adopted = syscalls.adopt(descriptor)
            guard adopted.result >= 0 else {
                throw .cannotListen(address: "systemd: (descriptor \(descriptor))", errno: Int32(-adopted.result))
            }
            // A name of its own kind (an abstract one, say) is not written as an address.
            let place = (try? ListenAddress(adopted.address))?.place ?? .systemd
            let address = ListenAddress(place, isTLS: isTLS)
            listeners.append(Listener(descriptor: descriptor, address: address))
        }
    }
}
