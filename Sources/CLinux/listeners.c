#define _GNU_SOURCE
#include "CLinux.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define SB_FIRST_INHERITED 3
#define SB_MAXIMUM_INHERITED 1000

static int closed_after(int descriptor, int error) {
    close(descriptor);
    return -error;
}

// 0 when the socket at the address may be removed: it is one, and the kernel says that nobody listens.
static int check_stale(const struct sockaddr_un *address) {
    struct stat status;
    if (lstat(address->sun_path, &status) < 0) return errno == ENOENT ? 0 : -errno;
    if (!S_ISSOCK(status.st_mode)) return -ENOTSOCK;
    int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (probe < 0) return -errno;
    int result = connect(probe, (const struct sockaddr *)address, sizeof *address);
    int error = result < 0 ? errno : 0;
    close(probe);
    // Anything else, a full backlog (EAGAIN) and a lack of permission among it, leaves the socket to its owner.
    return error == ECONNREFUSED ? 0 : -EADDRINUSE;
}

int sb_listen_unix(const char *path, unsigned mode, int backlog) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path) return -ENAMETOOLONG;
    strcpy(address.sun_path, path);
    int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return -errno;
    // Before bind it says which permissions the file begins with (less the umask), so that it is never wider open.
    if (fchmod(descriptor, (mode_t)mode) < 0) return closed_after(descriptor, errno);
    if (bind(descriptor, (struct sockaddr *)&address, sizeof address) < 0) {
        if (errno != EADDRINUSE) return closed_after(descriptor, errno);
        int status = check_stale(&address);
        if (status < 0) return closed_after(descriptor, -status);
        if (unlink(path) < 0 && errno != ENOENT) return closed_after(descriptor, errno);
        if (bind(descriptor, (struct sockaddr *)&address, sizeof address) < 0) return closed_after(descriptor, errno);
    }
    // What the umask took away.
    if (chmod(path, (mode_t)mode) < 0 || listen(descriptor, backlog) < 0) {
        int error = errno;
        unlink(path);
        return closed_after(descriptor, error);
    }
    return descriptor;
}

int sb_unlink(const char *path) { return unlink(path) < 0 ? -errno : 0; }

// A decimal number, or -1.
static long number(const char *text) {
    if (text == NULL || *text < '0' || *text > '9') return -1;
    char *end;
    errno = 0;
    long value = strtol(text, &end, 10);
    return errno == 0 && *end == 0 ? value : -1;
}

int sb_inherited_sockets(void) {
    const char *count = getenv("LISTEN_FDS");
    // Another process's, left in the environment.
    if (count == NULL || number(getenv("LISTEN_PID")) != getpid()) return 0;
    long value = number(count);
    return value < 0 || value > SB_MAXIMUM_INHERITED ? -EINVAL : (int)value;
}

static int option(int descriptor, int name) {
    int value = -1;
    socklen_t length = sizeof value;
    return getsockopt(descriptor, SOL_SOCKET, name, &value, &length) < 0 ? -1 : value;
}

static int write_address(int descriptor, char *text, size_t capacity) {
    struct sockaddr_storage address = {0};
    socklen_t length = sizeof address;
    char host[INET6_ADDRSTRLEN] = "";
    if (getsockname(descriptor, (struct sockaddr *)&address, &length) < 0) return -errno;
    if (address.ss_family == AF_INET6) {
        const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)&address;
        inet_ntop(AF_INET6, &v6->sin6_addr, host, sizeof host);
        snprintf(text, capacity, "[%s]:%u", host, ntohs(v6->sin6_port));
    } else if (address.ss_family == AF_INET) {
        const struct sockaddr_in *v4 = (const struct sockaddr_in *)&address;
        inet_ntop(AF_INET, &v4->sin_addr, host, sizeof host);
        snprintf(text, capacity, "%s:%u", host, ntohs(v4->sin_port));
    } else if (address.ss_family == AF_UNIX) {
        const struct sockaddr_un *local = (const struct sockaddr_un *)&address;
        size_t room = length - offsetof(struct sockaddr_un, sun_path);
        if (room > sizeof local->sun_path) room = sizeof local->sun_path;
        snprintf(text, capacity, "unix:%.*s", (int)room, local->sun_path);
    } else {
        return -EAFNOSUPPORT;
    }
    return 0;
}

int sb_adopt(int descriptor, char *address, size_t capacity) {
    if (option(descriptor, SO_ACCEPTCONN) != 1 || option(descriptor, SO_TYPE) != SOCK_STREAM) return -ENOTSOCK;
    int flags = fcntl(descriptor, F_GETFL);
    if (flags < 0 || fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) < 0) return -errno;
    if (fcntl(descriptor, F_SETFD, FD_CLOEXEC) < 0) return -errno;
    return write_address(descriptor, address, capacity);
}

static long clamped(rlim_t limit) { return limit > LONG_MAX ? LONG_MAX : (long)limit; }

long sb_descriptor_limit(void) {
    struct rlimit limit;
    return getrlimit(RLIMIT_NOFILE, &limit) < 0 ? -errno : clamped(limit.rlim_cur);
}

long sb_raise_descriptor_limit(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0) return -errno;
    if (limit.rlim_cur == limit.rlim_max) return clamped(limit.rlim_cur);
    struct rlimit raised = {.rlim_cur = limit.rlim_max, .rlim_max = limit.rlim_max};
    // Refused (a sandbox may), what was in force stays in force.
    return clamped(setrlimit(RLIMIT_NOFILE, &raised) < 0 ? limit.rlim_cur : limit.rlim_max);
}
