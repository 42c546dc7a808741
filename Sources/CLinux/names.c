#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/// A socket and the abstract address of `name`: the socket, or -errno.
static int prepare(const char *name, struct sockaddr_un *address, socklen_t *size) {
    size_t length = strlen(name);
    // An abstract name begins with a NUL, and is as long as the address says.
    if (length + 1 > sizeof address->sun_path) return -ENAMETOOLONG;
    *address = (struct sockaddr_un){.sun_family = AF_UNIX};
    memcpy(address->sun_path + 1, name, length);
    *size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + length);
    int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    return descriptor < 0 ? -errno : descriptor;
}

static int closed_with(int error, int descriptor) {
    close(descriptor);
    return -error;
}

int sb_claim_name(const char *name) {
    struct sockaddr_un address;
    socklen_t size;
    int descriptor = prepare(name, &address, &size);
    if (descriptor < 0) return descriptor;
    if (bind(descriptor, (const struct sockaddr *)&address, size) < 0) return closed_with(errno, descriptor);
    if (listen(descriptor, SOMAXCONN) < 0) return closed_with(errno, descriptor);
    return descriptor;
}

int sb_watch_name(const char *name) {
    struct sockaddr_un address;
    socklen_t size;
    int descriptor = prepare(name, &address, &size);
    if (descriptor < 0) return descriptor;
    if (connect(descriptor, (const struct sockaddr *)&address, size) < 0) return closed_with(errno, descriptor);
    return descriptor;
}

int sb_wait_readable(const int *descriptors, int count, int timeout_ms, unsigned char *ready) {
    struct pollfd polled[SB_MAXIMUM_WAITS];
    if (count < 0 || count > SB_MAXIMUM_WAITS) return -EINVAL;
    for (int i = 0; i < count; i++) polled[i] = (struct pollfd){.fd = descriptors[i], .events = POLLIN};
    int status = poll(polled, (nfds_t)count, timeout_ms);
    if (status < 0 && errno != EINTR) return -errno;
    for (int i = 0; i < count; i++) ready[i] = status > 0 && polled[i].revents != 0;
    return status < 0 ? 0 : status;
}
