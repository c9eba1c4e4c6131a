// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "aim.h"

#include "base/buf.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <unistd.h>

static bool loopback_v4(struct aim *aim, const char *host, uint16_t port)
{
    struct sockaddr_in *in = (struct sockaddr_in *)&aim->addr;
    *in = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(port)};
    aim->addr_n = sizeof *in;
    return inet_pton(AF_INET, host, &in->sin_addr) == 1 &&
           ntohl(in->sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
}

static bool loopback_v6(struct aim *aim, uint16_t port)
{
    struct sockaddr_in6 *in = (struct sockaddr_in6 *)&aim->addr;
    *in = (struct sockaddr_in6){
        .sin6_family = AF_INET6, .sin6_port = htons(port), .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    aim->addr_n = sizeof *in;
    return true;
}

static err authority(struct arena *a, str where, struct aim *ret)
{
    size_t colon = where.n;
    while (colon > 0 && where.p[colon - 1] != ':')
        colon--;
    str host = str_slice(where, 0, colon ? colon - 1 : 0);
    int64_t port;
    if (!str_to_i64(str_slice(where, colon, where.n), &port) || port < 1 || port > 65535)
        return err_new(a, ERR_INVALID, "%" PRIstr " has no port.", ARGstr(where));
    bool ok = str_eq(host, STR("[::1]"))       ? loopback_v6(ret, (uint16_t)port)
              : str_eq(host, STR("localhost")) ? loopback_v4(ret, "127.0.0.1", (uint16_t)port)
                                               : loopback_v4(ret, str_z(a, host), (uint16_t)port);
    if (!ok)
        return err_new(a, ERR_DENIED, "%" PRIstr " is not this machine: only loopback is measured.",
                       ARGstr(host));
    return NULL;
}

static str request_for(struct arena *a, str where, str path, const str *headers, size_t n)
{
    struct buf b;
    buf_init(&b, a, 1 << 16);
    buf_fmt(&b, "GET %" PRIstr " HTTP/1.1\r\nHost: %" PRIstr "\r\n",
            ARGstr(path.n ? path : STR("/")), ARGstr(where));
    for (size_t i = 0; i < n; i++)
        buf_fmt(&b, "%" PRIstr "\r\n", ARGstr(headers[i]));
    buf_c(&b, "\r\n");
    ASSERT(!b.full);
    return buf_text(&b);
}

static size_t count_lines(str text)
{
    size_t n = 1;
    for (size_t i = 0; i < text.n; i++)
        n += text.p[i] == '\n';
    return n;
}

err aim_read(struct arena *a, str urls, const str *headers, size_t n_headers, struct aim *ret)
{
    const str scheme = STR("http://");
    *ret = (struct aim){.request = arena_new_array(a, count_lines(urls), str)};
    str server = STR_NONE, line;
    for (int row = 1; str_next(&urls, '\n', &line); row++) {
        line = str_trim(line);
        if (line.n == 0 || line.p[0] == '#')
            continue;
        if (!str_starts(line, scheme))
            return err_new(a, ERR_INVALID, "Line %d does not start with http://.", row);
        line = str_slice(line, scheme.n, line.n);
        size_t slash = str_find_byte(line, '/');
        str where = str_slice(line, 0, slash);
        if (!str_is_none(server) && !str_eq(server, where))
            return err_new(a, ERR_INVALID, "Line %d names a second server, %" PRIstr ".", row,
                           ARGstr(where));
        if (str_is_none(server))
            TRY(authority(a, where, ret));
        server = where;
        ret->request[ret->n++] =
            request_for(a, where, str_slice(line, slash, line.n), headers, n_headers);
    }
    return ret->n ? NULL : err_new(a, ERR_INVALID, "The list of addresses is empty.");
}

int aim_connect(const struct aim *aim, int flags)
{
    int fd = socket(aim->addr.ss_family, SOCK_STREAM | SOCK_CLOEXEC | flags, 0);
    if (fd < 0)
        return -1;
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(fd, (const struct sockaddr *)&aim->addr, aim->addr_n) == 0 || errno == EINPROGRESS)
        return fd;
    int why = errno;
    close(fd);
    errno = why;
    return -1;
}
